import Practice

/// What a person typed to find something, taken apart.
///
/// Nothing in it is syntax but quotation marks, so that nothing that is typed can be wrong.
struct SearchQuery {
  /// One word, or several that follow each other.
  struct Term: Hashable {
    let words: [String]
    /// Between quotation marks: the words as they are, not as parts of others.
    let isQuoted: Bool
  }

  static let termsMax = 24
  private static let wordsPerTermMax = 12
  private static let quotationMarks: Set<Unicode.Scalar> = ["\"", "”", "“", "„", "»", "«"]
  /// They join the parts of a number or a compound, such as 2015-04564 or e-tjänst.
  private static let joiners: Set<Unicode.Scalar> = ["-", "/", ".", ":", "_", "&"]

  /// Each once, in the order in which they were typed; at most `termsMax`.
  let terms: [Term]

  init(_ text: String) {
    var terms: [Term] = []
    let parts = text.unicodeScalars.split(omittingEmptySubsequences: false) {
      Self.quotationMarks.contains($0)
    }
    for (index, part) in parts.enumerated() {
      // A last mark without its counterpart quotes nothing.
      if index % 2 == 1, index + 1 < parts.count {
        terms.append(Term(words: Search.words(in: String(part)), isQuoted: true))
      } else {
        terms += part.split { !Self.isPartOfTerm($0) }.map {
          Term(words: Search.words(in: String($0)), isQuoted: false)
        }
      }
    }
    var seen: Set<Term> = []
    self.terms = Array(
      terms.filter { !$0.words.isEmpty && seen.insert($0).inserted }.prefix(Self.termsMax)
    ).map { Term(words: Array($0.words.prefix(Self.wordsPerTermMax)), isQuoted: $0.isQuoted) }
  }

  /// The number that was typed and nothing else, such as 2015-04564; nil for anything else.
  var number: String? {
    guard terms.count == 1, terms[0].words.count > 1, !terms[0].isQuoted,
      terms[0].words.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    return terms[0].words.joined(separator: "-")
  }

  private static func isPartOfTerm(_ scalar: Unicode.Scalar) -> Bool {
    joiners.contains(scalar) || Search.isPartOfWord(scalar)
  }
}
