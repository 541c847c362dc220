import Operations
import Practice
import WireFormat

extension RecordState {
  private static let subjects = ["themes", "challenges", "procurement"]

  /// What people wrote in the record, and in both languages what its subject codes mean.
  ///
  /// Other codes are left out: a search for *idé* does not mean all that is at the stage IDEA.
  var searchedText: String {
    let family = Schema.bundled.family(family)
    let texts = fields.flatMap { field -> [String] in
      let vocabulary = family?.definition(at: field.path).flatMap(Schema.bundled.vocabulary(of:))
      let texts = (field.state.values + field.state.elements).flatMap { $0.value?.texts ?? [] }
      let codes = texts.compactMap { vocabulary?[$0] }
      return texts.filter { vocabulary?[$0] == nil && !Self.isDigest($0) }
        + (Self.subjects.contains(field.path) ? codes.flatMap { [$0.sv, $0.en] } : [])
    }
    return texts.joined(separator: "\n")
  }

  /// Nobody looks for a checksum by parts of it, as one does for a word.
  private static func isDigest(_ text: String) -> Bool {
    text.utf8.count >= 32 && text.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
  }
}

extension CBOR {
  fileprivate var texts: [String] {
    switch self {
    case .text(let text): [text]
    case .array(let items): items.flatMap(\.texts)
    default: []
    }
  }
}
