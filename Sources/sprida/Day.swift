import FoundationEssentials

/// A day as people give it, `2026-11-22`, in UTC.
struct Day {
  /// Milliseconds since 1970 at its beginning.
  let start: UInt64

  /// Milliseconds since 1970 at the beginning of the next day.
  var end: UInt64 { start + 86_400_000 }

  init(_ text: String, option: String, _ console: Console) throws {
    guard text.utf8.count == 10,
      let day = try? Date(text, strategy: .iso8601.year().month().day()),
      day.timeIntervalSince1970 >= 0
    else {
      throw Failure.invalid(
        console.text(
          "\(option): hittade ”\(text)”, väntade ÅÅÅÅ-MM-DD",
          "\(option): found “\(text)”, expected YYYY-MM-DD"))
    }
    start = UInt64(day.timeIntervalSince1970 * 1000)
  }
}
