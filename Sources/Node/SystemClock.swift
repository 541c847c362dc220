import FoundationEssentials

/// The machine's clock; the only place where the product reads it.
package enum SystemClock {
  /// Milliseconds since 1970-01-01 UTC.
  package static var now: UInt64 {
    UInt64(max(0, Date().timeIntervalSince1970 * 1000))
  }
}
