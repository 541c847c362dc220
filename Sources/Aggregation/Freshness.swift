import Practice

/// When an entry was last confirmed, and when that has to be done again.
///
/// A class, for many were confirmed on one day.
package final class Freshness: Sendable {
  private static let dueMonths = 12
  private static let staleMonths = 18

  /// As much of the date as was given; nil when it never was, and its creation counts.
  package let confirmed: String?
  /// A whole day.
  package let due: String
  /// Not confirmed for so long that it may no longer be true.
  package let isStale: Bool

  /// `created` and `today` are whole days.
  package init(confirmed: String?, created: String, today: String) {
    let known = confirmed.flatMap { PartialDate($0) == nil ? nil : $0 }
    self.confirmed = known
    due = PartialDate.lastDay(of: known ?? created, after: Self.dueMonths)
    isStale = PartialDate.lastDay(of: known ?? created, after: Self.staleMonths) < today
  }
}
