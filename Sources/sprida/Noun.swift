import Practice

/// A thing that is counted, one and several of it, in both languages.
struct Noun {
  private typealias Forms = (one: String, several: String)
  private let swedishForms: Forms
  private let englishForms: Forms

  private init(_ swedish: Forms, _ english: Forms) {
    (swedishForms, englishForms) = (swedish, english)
  }

  static let attachment = Self(("bilaga", "bilagor"), ("attachment", "attachments"))
  static let conflict = Self(("konflikt", "konflikter"), ("conflict", "conflicts"))
  static let contact = Self(
    ("kontaktuppgift", "kontaktuppgifter"), ("contact record", "contact records"))
  static let content = Self(("innehåll", "innehåll"), ("content", "contents"))
  static let entry = Self(("exempel", "exempel"), ("entry", "entries"))
  static let erasure = Self(("radering", "raderingar"), ("erasure", "erasures"))
  static let key = Self(("nyckel", "nycklar"), ("key", "keys"))
  static let openKey = Self(("öppen nyckel", "öppna nycklar"), ("open key", "open keys"))
  static let link = Self(("länk", "länkar"), ("link", "links"))
  static let member = Self(("medlem", "medlemmar"), ("member", "members"))
  static let operation = Self(("operation", "operationer"), ("operation", "operations"))
  static let organisation = Self(
    ("organisation", "organisationer"), ("organisation", "organisations"))
  static let part = Self(("del", "delar"), ("part", "parts"))
  static let record = Self(("post", "poster"), ("record", "records"))
  static let remark = Self(("anmärkning", "anmärkningar"), ("remark", "remarks"))
  static let roundTrip = Self(("varv", "varv"), ("round trip", "round trips"))
  static let seat = Self(("röst", "röster"), ("seat", "seats"))
  static let session = Self(("synkning", "synkningar"), ("session", "sessions"))
  static let step = Self(("led", "led"), ("step", "steps"))
  static let value = Self(("värde", "värden"), ("value", "values"))

  /// `1 post`, `12 000 poster`.
  func counted(_ count: some BinaryInteger, _ language: Language) -> String {
    let (one, several) = language == .swedish ? swedishForms : englishForms
    return language.number(count) + " " + (count == 1 ? one : several)
  }

  func swedish(_ count: some BinaryInteger) -> String { counted(count, .swedish) }
  func english(_ count: some BinaryInteger) -> String { counted(count, .english) }
}

extension Language {
  /// `12 000` in Swedish, with spaces that do not break, and `12,000` in English.
  ///
  /// For amounts; what names something, such as a port or a year, stands without marks.
  func number(_ value: some BinaryInteger) -> String {
    let digits = String(value.magnitude)
    let mark = self == .swedish ? "\u{a0}" : ","
    let grouped = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index).isMultiple(of: 3) ? mark + String(digit) : String(digit)
    }
    return (value < 0 ? "-" : "") + grouped.joined()
  }

  /// What stands before the decimals.
  var decimalMark: String { self == .swedish ? "," : "." }
}

extension Console {
  /// A number of things, as `1 post`.
  func count(_ count: some BinaryInteger, _ noun: Noun) -> String { noun.counted(count, language) }

  func number(_ value: some BinaryInteger) -> String { language.number(value) }
}
