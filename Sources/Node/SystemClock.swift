import FoundationEssentials

/// The machine's clock; the only place where the product reads it.
package enum SystemClock {
  /// Milliseconds since 1970-01-01 UTC.
  package static var now: UInt64 {
    UInt64(max(0, Date().timeIntervalSince1970 * 1000))
  }

  /// `2026-11-22`, in UTC.
  package static var today: String { String(Date().formatted(.iso8601).prefix(10)) }
}
