import Practice

/// What stands in the way, and what is needed.
enum ObstaclesReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    [
      table("obstacles", "Hinder", "Obstacles", "obstacle", .obstacles, facts),
      table(
        "prerequisites", "Förutsättningar", "Prerequisites", "condition", .prerequisites, facts),
      table(
        "success_factors", "Framgångsfaktorer", "Success factors", "condition", .successFactors,
        facts),
    ]
  }

  private static func table(
    _ name: String, _ swedish: String, _ english: String, _ vocabulary: String,
    _ path: ListedRecord.Path,
    _ facts: ReportFacts
  ) -> Report.Table {
    let stating = facts.entries.filter { $0.listed.isStated(path) }
    return Report.Table(
      name, swedish, english,
      [
        .words("code", swedish, english), .entries,
        .figure("share", "Andel av dem som anger", "Share of those stating"),
      ],
      ReportFacts.byCode(stating, vocabulary) { $0.values(path) }.map {
        [
          .code($0.code, vocabulary: vocabulary), .count($0.facts),
          .share($0.facts, of: stating.count),
        ]
      })
  }
}
