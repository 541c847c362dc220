import Operations
import Practice
import Signatures

/// How the cells of a report read in one language: plain numbers, and nothing for nothing.
package struct CellWords: Sendable {
  package let language: Language
  private let name: @Sendable (Digest) -> String

  /// `name` is how an organisation is shown.
  package init(_ language: Language, name: @escaping @Sendable (Digest) -> String) {
    (self.language, self.name) = (language, name)
  }

  package func text(_ cell: Report.Cell) -> String {
    switch cell {
    case .stated(let text): text
    case .words(let words): words[language]
    case .code(let code, let vocabulary): label(code, vocabulary)
    case .organisation(let id): name(id)
    case .entry(_, let title): title
    case .review(let level, let isOfEarlierVersion):
      level.label(language, isOfEarlierVersion: isOfEarlierVersion)
    case .count(let count, _): "\(count)"
    case .number(let number, _): "\(number)"
    case .percent(let percent, _): "\(percent) %"
    case .few:
      Localised(
        sv: "färre än \(Report.leastShown)", en: "fewer than \(Report.leastShown)")[language]
    case .none: ""
    }
  }

  package func label(_ code: String, _ vocabulary: String) -> String {
    code.isEmpty
      ? Localised(sv: "ej angivet", en: "not stated")[language]
      : Schema.bundled.vocabularies[vocabulary]?.label(of: code, language) ?? code
  }
}
