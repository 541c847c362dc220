import Practice

/// When an entry was last confirmed, and when that has to be done again.
package struct Freshness: Sendable {
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
    due = Self.day(known ?? created, after: Self.dueMonths)
    isStale = Self.day(known ?? created, after: Self.staleMonths) < today
  }

  /// The last day of what a date says, some months later, or the last day of that month.
  private static func day(_ date: String, after months: Int) -> String {
    guard let date = PartialDate(date) else { return date }
    let count = date.year * 12 + (date.month ?? 12) - 1 + months
    let month = "\(count / 12)-" + twoDigits(count % 12 + 1)
    let days = ((1...31).reversed()).lazy.filter { $0 <= date.day ?? 31 }
    let day = days.map { month + "-" + twoDigits($0) }.first { PartialDate($0) != nil }
    return day ?? month + "-28"
  }

  private static func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
