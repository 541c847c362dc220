import FoundationEssentials

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as much of a date as is known, never a made-up day.
package struct PartialDate: Equatable, Sendable {
  package let year: Int
  package let month: Int?
  package let day: Int?

  /// Nil unless `text` is such a date of the years 1600 to 2999.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let widths = [4, 2, 2]
    guard parts.count <= 3,
      zip(parts, widths).allSatisfy({ $0.utf8.count == $1 }),
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 45 })
    else { return nil }
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1600...2999).contains(numbers[0]) else { return nil }
    year = numbers[0]
    month = numbers.count > 1 ? numbers[1] : nil
    day = numbers.count > 2 ? numbers[2] : nil
    guard (1...12).contains(month ?? 1), (1...Self.days(month ?? 1, year)).contains(day ?? 1)
    else { return nil }
  }

  /// Whether the last day of what `text` says lies before `today`, a whole date; false for no date.
  package static func isOver(_ text: String?, today: String) -> Bool {
    guard let text, PartialDate(text) != nil else { return false }
    return text + "-12-31".suffix(10 - text.utf8.count) < today
  }

  /// A whole date some months later; the last day of a month that has no such day.
  package static func adding(months: Int, to day: String) -> String? {
    guard let date = PartialDate(day), let month = date.month, let dayOfMonth = date.day else {
      return nil
    }
    let total = date.year * 12 + month - 1 + months
    let (year, later) = (total / 12, total % 12 + 1)
    func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return "\(year)-\(padded(later))-\(padded(min(dayOfMonth, days(later, year))))"
  }

  /// The day, in UTC, of a moment given in milliseconds since 1970.
  package static func day(_ milliseconds: Int64) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    return Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(style)
  }

  /// The last day of what a date says, some months later, or the last day of that month; what is no
  /// date comes back as it is.
  package static func lastDay(of date: String, after months: Int) -> String {
    guard let date = PartialDate(date) else { return date }
    let count = date.year * 12 + (date.month ?? 12) - 1 + months
    let (year, month) = (count / 12, count % 12 + 1)
    let day = min(date.day ?? 31, days(month, year))
    func padded(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
    return "\(year)-\(padded(month))-\(padded(day))"
  }

  /// Whether all of what `text` says lies before all of what `other` says; false for no date.
  package static func isBefore(_ text: String?, _ other: String?) -> Bool {
    guard let other, PartialDate(other) != nil else { return false }
    return isOver(text, today: other + "-01-01".suffix(10 - other.utf8.count))
  }

  private static func days(_ month: Int, _ year: Int) -> Int {
    switch month {
    case 2:
      year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
