import Practice

/// How it went for those who adopted, and what was missing.
enum OutcomesReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let used = facts.adoptions.filter { $0.isByOther && !$0.values(.outcome).isEmpty }
    return [
      Report.Table(
        "outcomes", "Utfall", "Outcomes",
        [
          .words("outcome", "Utfall", "Outcome"),
          .adoptions, .share,
        ],
        ReportFacts.byCode(used, "adoption_outcome") { $0.values(.outcome) }.map {
          [
            .code($0.code, vocabulary: "adoption_outcome"), .count($0.facts),
            .share($0.facts, of: used.count),
          ]
        }),
      Report.Table(
        "missing", "Det som saknades", "What was missing",
        [
          .words("condition", "Förutsättning", "Condition"),
          .adoptions,
          .figure("worse", "Varav sämre utfall", "Of these, worse"),
        ],
        ReportFacts.byCode(facts.adoptions.filter { !$0.values(.missing).isEmpty }, "condition") {
          $0.values(.missing)
        }.map { row in
          [
            .code(row.code, vocabulary: "condition"), .count(row.facts),
            .count(
              row.facts.filter { $0.isByOther && $0.value(.outcome) == "WORSE" }),
          ]
        }),
    ]
  }
}
