import OperationStore
import Operations
import Practice

/// Which projects are to be followed up one and three years after their end.
enum FollowUpReport {
  private static let months = [12, 36]

  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let due = facts.entries.flatMap {
      entry -> [(entry: ReportFacts.Entry, months: Int, due: String)] in
      let dates = months.compactMap { months in
        day(months, after: entry.value(.periodEnd)).map { (months: months, due: $0) }
      }
      // An answer after the date ends it, and a later date takes the place of an earlier one.
      guard let latest = dates.last(where: { $0.due <= facts.asOf }),
        !isAnswered(entry, since: latest.due)
      else { return [] }
      return [(entry: entry, months: latest.months, due: latest.due)]
    }.sorted { ($0.due, $0.entry.key) < ($1.due, $1.entry.key) }
    return [
      Report.Table(
        "due", "Att följa upp", "To be followed up",
        [
          .entry, .owner,
          .words("ended", "Slutade", "Ended"), .words("months", "Månader efter", "Months after"),
          .words("due", "Sedan", "Due since"), .stage,
          .review, .confirmed,
        ],
        Report.Rows(of: due) {
          [
            $0.entry.cell, .organisation($0.entry.owner), .stated($0.entry.value(.periodEnd)),
            .stated("\($0.months)"), .stated($0.due),
            $0.entry.stageCell, $0.entry.reviewCell,
            $0.entry.confirmedCell,
          ]
        })
    ]
  }

  private static func day(_ months: Int, after end: String) -> String? {
    PartialDate(end).map { _ in PartialDate.lastDay(of: end, after: months) }
  }

  /// Confirmed, or moved to another stage, on the date or later.
  private static func isAnswered(_ entry: ReportFacts.Entry, since due: String) -> Bool {
    let confirmed = entry.freshness.confirmed ?? ""
    let moved = entry.stages.last.map { PartialDate.day($0.time) } ?? ""
    return confirmed >= due || (entry.stages.count > 1 && moved >= due)
  }
}
