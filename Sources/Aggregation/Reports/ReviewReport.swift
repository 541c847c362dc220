import OperationStore

/// What has been reviewed, and what waits.
enum ReviewReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let queue = facts.entries.filter { !$0.review.isApproved }
    return [
      Report.Table(
        "levels", "Granskningsstatus", "Review status",
        [
          .words("level", "Status", "Status"), .entries,
          .figure("earlier", "Varav i tidigare version", "Of these, of an earlier version"),
        ],
        ReviewStatus.Level.allCases.map { level in
          let entries = facts.entries.filter { $0.review.level == level }
          return [
            .code(level.rawValue, vocabulary: "review_level"), .count(entries),
            .count(entries.filter(\.review.isOfEarlierVersion)),
          ]
        }),
      Report.Table(
        "queue", "Väntar på granskning", "Waiting for review",
        [
          .entry, .owner,
          .stage, .words("evidence", "Evidens", "Evidence"),
          .review, .confirmed,
        ],
        Report.Rows(of: queue.sorted { $0.listed.created < $1.listed.created }) {
          [
            $0.cell, .organisation($0.owner), $0.stageCell,
            .code($0.value(.evidence), vocabulary: "evidence"), $0.reviewCell, $0.confirmedCell,
          ]
        }),
    ]
  }
}
