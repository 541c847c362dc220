import Node
import Signatures

/// Where passphrases come from: a descriptor that was named, else the terminal.
///
/// Never an argument and never the environment, which other processes can see.
struct Passphrase: Sendable {
  let console: Console
  /// Each question takes one line of it.
  let descriptor: Int32?

  /// Guessing must cost more than the key is worth; a few random words do.
  static let newCharactersMin = 12

  func ask(for key: String) throws -> Secret {
    try read(key, console.text("Lösenfras för nyckeln \(key):", "Passphrase of the key \(key):"))
  }

  /// Typed twice on a terminal, where nobody sees what is typed.
  func askForNew(_ key: String) throws -> Secret {
    let passphrase = try read(
      key, console.text("Ny lösenfras för nyckeln \(key):", "New passphrase of the key \(key):"))
    // Characters of UTF-8, counted without making a text of them.
    let characters = passphrase.withBytes { bytes in bytes.count { $0 & 0xc0 != 0x80 } }
    guard characters >= Self.newCharactersMin else {
      throw Failure.invalid(
        console.text(
          "Lösenfrasen har färre än \(Self.newCharactersMin) tecken; ta till exempel fem ord "
            + "som inte hör ihop.",
          "The passphrase has fewer than \(Self.newCharactersMin) characters; take five words, "
            + "say, that do not belong together."))
    }
    if descriptor == nil {
      let again = try read(key, console.text("En gång till:", "Once more:"))
      guard passphrase.isEqual(to: again) else {
        throw Failure.invalid(
          console.text(
            "Lösenfraserna är olika; inget är ändrat.",
            "The passphrases differ; nothing was changed."))
      }
    }
    return passphrase
  }

  private func read(_ key: String, _ prompt: String) throws -> Secret {
    let line: Secret? =
      if let descriptor {
        Terminal.readLine(descriptor)
      } else {
        Terminal.readSecret(prompt: prompt)
      }
    guard let passphrase = line else { throw NodeError.passphraseNeeded(key: key) }
    guard passphrase.byteCount <= Terminal.secretBytesMax else {
      throw Failure.invalid(
        console.text(
          "Lösenfrasen är längre än \(Terminal.secretBytesMax) byte.",
          "The passphrase is longer than \(Terminal.secretBytesMax) bytes."))
    }
    return passphrase
  }
}
