import Operations
import Practice
import Signatures

/// The name of an entry's page: the first half of a hash of the organisation and the record, for others
/// may publish under the same record id.
struct PageName: Hashable, CustomStringConvertible {
  private let high: UInt64
  private let low: UInt64

  init(of key: RecordKey) {
    let words = Self.digest(of: key).words
    (high, low) = (words.0, words.1)
  }

  /// Nil for a text that no page has for its name.
  init?(_ text: String) {
    guard let digest = Digest(hex: text + String(repeating: "0", count: 32)) else { return nil }
    (high, low) = (digest.words.0, digest.words.1)
    guard description == text else { return nil }
  }

  static func digest(of key: RecordKey) -> Digest { SHA256.hash(Array(key.text.utf8)) }

  /// 32 hexadecimal digits.
  var description: String { String("\(Digest(words: (high, low, 0, 0)))".prefix(32)) }
}
