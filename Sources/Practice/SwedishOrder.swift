import Foundation

/// Swedish alphabetical order as a stored key, so that a database compares plain bytes.
package enum SwedishOrder {
  /// Bytewise order of keys is Swedish order: punctuation, digits, a–z, å, ä, ö, other scripts.
  ///
  /// Case does not count; é is e, ü is y, æ is ä, ø is ö. å, ä and ö become the three ASCII
  /// characters after z.
  package static func sortKey(_ text: String) -> String {
    if let key = plainKey(text) { return key }
    var key = ""
    for character in text.precomposedStringWithCanonicalMapping.lowercased() {
      switch character {
      case "å": key += "{"
      case "ä", "æ": key += "|"
      case "ö", "ø": key += "}"
      case "ü", "ű": key += "y"
      default:
        let base = stripped(character)
        if base.utf8.allSatisfy(isASCIIWord) || base.allSatisfy({ $0.isLetter || $0.isNumber }) {
          key += base
        } else if !key.hasSuffix(" ") {
          key += " "
        }
      }
    }
    return key.trimmingCharacters(in: [" "])
  }

  /// The same for a text of ASCII and å, ä, ö alone, as most are; nil for any other.
  private static func plainKey(_ text: String) -> String? {
    var key: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": key.append(UInt8(scalar.value))
      case "A"..."Z": key.append(UInt8(scalar.value) | 0x20)
      case "å", "Å": key.append(UInt8(ascii: "{"))
      case "ä", "Ä": key.append(UInt8(ascii: "|"))
      case "ö", "Ö": key.append(UInt8(ascii: "}"))
      default:
        guard scalar.isASCII else { return nil }
        if !key.isEmpty, key.last != UInt8(ascii: " ") { key.append(UInt8(ascii: " ")) }
      }
    }
    if key.last == UInt8(ascii: " ") { key.removeLast() }
    return String(decoding: key, as: UTF8.self)
  }

  /// Lower-case letters and digits, without the tables that tell of all scripts.
  private static func isASCIIWord(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// The search form: lower case without diacritics, so that `malardalsradet` finds Mälardalsrådet.
  ///
  /// With `keepingLetters`, å, ä and ö stay what they are: letters.
  package static func folded(_ text: String, keepingLetters: Bool = false) -> String {
    text.lowercased().map { character in
      switch character {
      case "å" where keepingLetters: "å"
      case "ä" where keepingLetters: "ä"
      case "ö" where keepingLetters: "ö"
      case "æ": "ae"
      case "ø": "o"
      default: stripped(character)
      }
    }.joined()
  }

  /// The base letters of `character`, which is lower case.
  private static func stripped(_ character: Character) -> String {
    if character.isASCII { return String(character) }
    switch character {
    case "ß": return "ss"
    case "đ", "ð": return "d"
    case "ł": return "l"
    case "þ": return "th"
    default:
      let scalars = String(character).decomposedStringWithCanonicalMapping.unicodeScalars
      let base = scalars.filter { $0.properties.generalCategory != .nonspacingMark }
      return String(String.UnicodeScalarView(base))
    }
  }
}
