import CSodium

/// libsodium, initialised once before its first use.
enum Sodium {
  /// `sodium_init` chooses the fastest code for this processor; 0 and 1 are its two good answers.
  private static let ready: Bool = sodium_init() >= 0

  static func initialise() {
    precondition(ready, "libsodium could not be initialised")
  }
}
