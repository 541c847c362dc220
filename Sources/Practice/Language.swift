/// The languages of labels, documents and messages.
package enum Language: String, Sendable, CaseIterable {
  case swedish = "sv"
  case english = "en"

  package var code: String { rawValue }
}

/// A text in every language the schema speaks.
package struct Localised: Decodable, Equatable, Sendable {
  package let sv: String
  package let en: String

  package init(sv: String, en: String) {
    (self.sv, self.en) = (sv, en)
  }

  package subscript(language: Language) -> String {
    switch language {
    case .swedish: sv
    case .english: en
    }
  }
}
