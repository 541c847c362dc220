import OperationStore
import Practice

/// How well entries are supported.
enum EvidenceReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    [
      Report.Table(
        "levels", "Evidensnivåer", "Levels of evidence",
        [
          .words("evidence", "Nivå", "Level"), .entries,
          .share, .figure("reviewed", "Granskade", "Reviewed"),
          .figure("evaluated", "Med oberoende utvärdering", "Independently evaluated"),
        ],
        ReportFacts.byCode(facts.entries, "evidence") { $0.values(.evidence) }.map {
          [
            .code($0.code, vocabulary: "evidence"), .count($0.facts),
            .share($0.facts, of: facts.entries.count),
            .count($0.facts.filter(\.review.isApproved)),
            .count($0.facts.filter(hasIndependentEvaluation)),
          ]
        })
    ]
  }

  private static func hasIndependentEvaluation(_ entry: ReportFacts.Entry) -> Bool {
    entry.listed.rows(of: "evaluations").contains { $0["independent"] == "true" }
  }
}
