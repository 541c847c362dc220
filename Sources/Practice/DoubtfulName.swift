/// Names that may pose as another's: what looks like `Lerum` and is not.
///
/// Shown, never a rule of validity: it depends on the Unicode tables of the build.
package enum DoubtfulName {
  /// Whether a word mixes Latin with letters of another script, is made of such letters that look
  /// Latin, or holds something that cannot be seen.
  package static func isDoubtful(_ name: String) -> Bool {
    VisibleText.line(name) != name || words(of: name).contains(where: isDoubtful)
  }

  private static func words(of name: String) -> [Substring.UnicodeScalarView] {
    name.unicodeScalars.split { !$0.properties.isAlphabetic }
  }

  private static func isDoubtful(_ word: Substring.UnicodeScalarView) -> Bool {
    let latin = word.count(where: isLatin)
    return latin > 0 && latin < word.count || word.allSatisfy(looksLatin)
  }

  private static func isLatin(_ letter: Unicode.Scalar) -> Bool {
    switch letter.value {
    case 0x41...0x5a, 0x61...0x7a, 0xaa, 0xba, 0xc0...0x24f, 0x1e00...0x1eff: true
    // A mark belongs to the letter before it.
    case 0x300...0x36f: true
    default: false
    }
  }

  private static func looksLatin(_ letter: Unicode.Scalar) -> Bool {
    switch letter.value {
    // Fullwidth, mathematical and letter-like copies of the Latin letters.
    case 0xff21...0xff5a, 0x1d400...0x1d6a3, 0x2100...0x214f: true
    default: lookalikes.contains(letter)
    }
  }

  private static let lookalikes = Set(
    "АВЕЅІЈКМНОРСТУХҮԌԚԜаеѕіјорсухһԁԛԝ".unicodeScalars + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ".unicodeScalars)
}
