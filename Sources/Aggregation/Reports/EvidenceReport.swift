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
            .code($0.code, vocabulary: "evidence"), .count($0.facts.map(\.listed)),
            .share($0.facts.map(\.listed), of: facts.entries.count),
            .count($0.facts.filter(\.review.isApproved).map(\.listed)),
            .count($0.facts.filter(hasIndependentEvaluation).map(\.listed)),
          ]
        })
    ]
  }

  private static func hasIndependentEvaluation(_ entry: ReportFacts.Entry) -> Bool {
    entry.listed.rows(of: "evaluations").contains { $0["independent"] == "true" }
  }
}
