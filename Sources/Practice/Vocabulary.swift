/// A code list.
///
/// Codes are stable ASCII; labels may change (`Protocol/schema/README.md#vocabularies`).
package struct Vocabulary: Equatable, Sendable {
  package struct Code: Decodable, Equatable, Sendable {
    package let code: String
    package let sv: String
    package let en: String
    /// Other spellings that are read as this code, never written.
    package let aliases: [String]?
    /// Computed by readers, never entered.
    package let derived: Bool?
    /// How the code stands where an operation has a number for it.
    package let number: UInt64?
    /// The EU data theme that DCAT exports name.
    package let eu: String?

    package func label(_ language: Language) -> String {
      Localised(sv: sv, en: en)[language]
    }
  }

  package let name: String
  package let label: Localised
  package let codes: [Code]

  /// The codes a person may enter.
  package var enterable: [Code] { codes.filter { $0.derived != true } }

  package subscript(code: String) -> Code? {
    codes.first { $0.code == code }
  }

  /// The label of `code`, or the code itself: codes of a newer schema are shown raw.
  package func label(of code: String, _ language: Language) -> String {
    self[code]?.label(language) ?? code
  }

  /// The enterable code that `text` means, by code, label or alias in any case.
  package func code(meaning text: String) -> Code? {
    let wanted = text.caseFolded
    return enterable.first { $0.code.caseFolded == wanted }
      ?? enterable.first { code in
        ([code.sv, code.en] + (code.aliases ?? [])).contains { $0.caseFolded == wanted }
      }
  }

  /// The enterable code whose spelling is nearest to a mistyped `text`.
  package func nearest(to text: String) -> String? {
    let spellings = enterable.flatMap { code in
      [code.code, code.sv, code.en].map { (spelling: $0, code: code.code) }
    }
    return Spelling.nearest(to: text, among: spellings.map(\.spelling))
      .map { spellings[$0].code }
  }
}
