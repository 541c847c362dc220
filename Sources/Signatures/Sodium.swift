import CSodium

/// libsodium, initialised and tested once before its first use.
package enum Sodium {
  /// Why the libsodium of this machine must not be used; nil when it may.
  ///
  /// `sodium_init` chooses the fastest code for this processor; 0 and 1 are its two good answers.
  private static let problem: String? =
    sodium_init() < 0
    ? """
    sprida: libsodium kan inte startas på den här datorn; installera om paketet libsodium23.
    sprida: libsodium cannot be initialised on this machine; reinstall the package libsodium23.

    """ : problem { crypto_core_ed25519_is_valid_point($0) == 1 }

  static func initialise() {
    if let problem { sprida_refuse_to_run(problem) }
  }

  /// −B, the base point's (−x, −y): of order 2L, so outside the prime-order subgroup.
  ///
  /// Before CVE-2025-69277 was fixed, libsodium looked at x alone after multiplying by L, and so
  /// took each sum of a good point and the point of order 2 for a good one.
  package static let mixedOrderPoint: [UInt8] = [0x95] + [UInt8](repeating: 0x99, count: 31)
  package static let basePoint: [UInt8] = [0x58] + [UInt8](repeating: 0x66, count: 31)

  /// What to tell people when `isValidPoint` does not tell a mixed-order point from a good one.
  ///
  /// Keys of mixed order are void (`Protocol/charter.md#keys`); a node that grants them a right
  /// would hold another charter than all others.
  package static func problem(isValidPoint: ([UInt8]) -> Bool) -> String? {
    if isValidPoint(basePoint) && !isValidPoint(mixedOrderPoint) { return nil }
    let version = String(cString: sodium_version_string())
    return """
      sprida: libsodium \(version) på den här datorn prövar inte nycklar rätt (CVE-2025-69277) och \
      används inte.
        Uppgradera paketet libsodium23: Debian 12 har rättningen i 1.0.18-1+deb12u1; annars \
      krävs 1.0.21 eller senare.
        Kör: sudo apt-get update && sudo apt-get install --only-upgrade libsodium23
      sprida: the libsodium \(version) of this machine does not judge keys rightly \
      (CVE-2025-69277) and is not used.
        Upgrade the package libsodium23: Debian 12 has the fix in 1.0.18-1+deb12u1; elsewhere \
      1.0.21 or later is needed.
        Run: sudo apt-get update && sudo apt-get install --only-upgrade libsodium23

      """
  }
}
