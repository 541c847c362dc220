/// All wording of problems, Swedish and English.
extension DocumentError {
  /// One line per problem: `praktik.md:7: stage: hittade "PILTO", väntade …`.
  package func message(language: Language, file: String) -> String {
    problems.map { $0.message(language: language, file: file, family: family) }
      .joined(separator: "\n")
  }
}

extension Problem {
  /// Place and sentence on one line; what they quote from a file cannot act on a terminal.
  ///
  /// Given the family, a field is called by its label too, as forms do.
  package func message(
    language: Language, file: String? = nil, family: Family? = nil
  ) -> String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }
      .joined(separator: ":")
    let name = field.map { family?.name(ofPath: $0, language) ?? $0 } ?? ""
    return VisibleText.line(
      [place, name, sentence(language)].filter { !$0.isEmpty }.joined(separator: ": "))
  }

  /// What is wrong, without the place.
  package func sentence(_ language: Language) -> String {
    let text = language == .swedish ? swedish : english
    guard let suggestion else { return text }
    return text + (language == .swedish ? "; menade du " : "; did you mean ") + suggestion + "?"
  }

  private var swedish: String {
    switch code {
    case .unknownField: "fältet \(quoted) finns inte"
    case .derivedField: "räknas fram och skrivs inte in; ta bort det"
    case .duplicateField: "står två gånger; behåll en"
    case .unknownFamily: "hittade \(quoted), väntade en av \(list)"
    case .notASection: "hör hemma i huvudet mellan ---, inte som rubrik"
    case .strayText: "text före första rubriken hör inte till något fält"
    case .missing: "saknas och måste finnas"
    case .missingNow: "saknas men behövs när \(condition(or: "eller", set: "är ifyllt"))"
    case .advised: "saknas; fyll gärna i det när \(condition(or: "eller", set: "är ifyllt"))"
    case .unknownCode: "hittade \(quoted), väntade en av \(list)"
    case .tooLong: "hittade \(found) byte, väntade högst \(list)"
    case .tooMany: "hittade \(found) värden, väntade högst \(list)"
    case .badDate: "hittade \(quoted), väntade ett datum som 2015, 2015-11 eller 2015-11-30"
    case .badInteger: "hittade \(quoted), väntade ett heltal"
    case .outOfRange: "hittade \(found), väntade \(range("minst", "högst"))"
    case .badBoolean: "hittade \(quoted), väntade true eller false"
    case .notAllowed: "hittade \(quoted), väntade \(list)"
    case .badAddress: "hittade \(quoted), väntade en adress som börjar med https://"
    case .badPattern: "hittade \(quoted), väntade något som \(list)"
    case .badOrganisation: "hittade \(quoted), väntade en kod som \(list)"
    case .badReference: "hittade \(quoted), väntade \(list)"
    case .unresolvedReference: "hittade \(quoted), som inte pekar på en enda känd post"
    case .badRow: "hittade \(quoted), väntade åtta tecken 0–9 a–f, olika för varje rad"
    case .wrongShape: "hittade \(shape(.swedish)), väntade \(expectedShapes(.swedish))"
    case .controlCharacter: "tecknet \(found) får inte finnas i text"
    case .headNotClosed: "huvudet börjar med --- men slutar inte med ---"
    case .yamlSyntax: "huvudet går inte att läsa: \(found)"
    case .tooLarge: "filen är \(found) byte, väntade högst \(list)"
    }
  }

  private var english: String {
    switch code {
    case .unknownField: "there is no field \(quoted)"
    case .derivedField: "is computed, not entered; leave it out"
    case .duplicateField: "is given twice; keep one"
    case .unknownFamily: "found \(quoted), expected one of \(list)"
    case .notASection: "belongs in the head between ---, not under a heading"
    case .strayText: "text before the first heading belongs to no field"
    case .missing: "is missing and is required"
    case .missingNow: "is missing but needed when \(condition(or: "or", set: "is given"))"
    case .advised: "is missing; please fill it in when \(condition(or: "or", set: "is given"))"
    case .unknownCode: "found \(quoted), expected one of \(list)"
    case .tooLong: "found \(found) bytes, expected at most \(list)"
    case .tooMany: "found \(found) values, expected at most \(list)"
    case .badDate: "found \(quoted), expected a date such as 2015, 2015-11 or 2015-11-30"
    case .badInteger: "found \(quoted), expected an integer"
    case .outOfRange: "found \(found), expected \(range("at least", "at most"))"
    case .badBoolean: "found \(quoted), expected true or false"
    case .notAllowed: "found \(quoted), expected \(list)"
    case .badAddress: "found \(quoted), expected an address that begins with https://"
    case .badPattern: "found \(quoted), expected something like \(list)"
    case .badOrganisation: "found \(quoted), expected a code like \(list)"
    case .badReference: "found \(quoted), expected \(list)"
    case .unresolvedReference: "found \(quoted), which names no single known record"
    case .badRow: "found \(quoted), expected eight characters 0–9 a–f, different for each row"
    case .wrongShape: "found \(shape(.english)), expected \(expectedShapes(.english))"
    case .controlCharacter: "the character \(found) is not allowed in text"
    case .headNotClosed: "the head begins with --- but does not end with ---"
    case .yamlSyntax: "the head cannot be read: \(found)"
    case .tooLarge: "the file is \(found) bytes, expected at most \(list)"
    }
  }
}

// MARK: - Parts of sentences

extension Problem {
  private static let foundCharactersMax = 60
  private static let listItemsMax = 8

  private var quoted: String {
    let short = found.prefix(Self.foundCharactersMax)
    return "\"\(short)\(short.endIndex < found.endIndex ? "…" : "")\""
  }

  private var list: String {
    let shown = expected.prefix(Self.listItemsMax)
    return shown.joined(separator: ", ") + (shown.count < expected.count ? ", …" : "")
  }

  /// `stage är PILOT eller IMPL`; the field's name stands first in `expected`.
  private func condition(or: String, set: String) -> String {
    let values = expected.dropFirst()
    guard let field = expected.first, let last = values.last else {
      return "\(expected.first ?? "") \(set)"
    }
    let verb = or == "or" ? "is" : "är"
    let others = values.dropLast().joined(separator: ", ")
    return "\(field) \(verb) " + (others.isEmpty ? last : "\(others) \(or) \(last)")
  }

  /// `expected` holds the least and the greatest value; either may be empty.
  private func range(_ least: String, _ greatest: String) -> String {
    zip([least, greatest], expected).filter { !$1.isEmpty }.map { "\($0) \($1)" }
      .joined(separator: ", ")
  }

  private func shape(_ language: Language) -> String {
    Input.Shape(rawValue: found)?.name(language) ?? found
  }

  private func expectedShapes(_ language: Language) -> String {
    expected.map { Input.Shape(rawValue: $0)?.name(language) ?? $0 }
      .joined(separator: language == .swedish ? " eller " : " or ")
  }
}

extension Input.Shape {
  fileprivate func name(_ language: Language) -> String {
    switch (self, language) {
    case (.empty, .swedish): "inget"
    case (.empty, .english): "nothing"
    case (.text, .swedish): "en text"
    case (.text, .english): "a text"
    case (.list, .swedish): "en lista"
    case (.list, .english): "a list"
    case (.map, .swedish): "en grupp av nycklar"
    case (.map, .english): "a group of keys"
    }
  }
}

extension OrganisationCodeError {
  package func message(language: Language) -> String {
    let swedish = language == .swedish
    switch self {
    case .unknownScheme(let found):
      let examples = OrganisationCode.Scheme.allCases.map(\.example).joined(separator: ", ")
      return swedish
        ? "hittade \"\(found)\", väntade en kod som \(examples)"
        : "found \"\(found)\", expected a code like \(examples)"
    case .badDigits(let found, let scheme):
      return swedish
        ? "hittade \"\(found)\", väntade \(scheme.digits) siffror som i \(scheme.example)"
        : "found \"\(found)\", expected \(scheme.digits) digits as in \(scheme.example)"
    case .unassigned(let found, let scheme):
      let what =
        switch scheme {
        case .municipality: swedish ? "en av de 290 kommunerna" : "one of the 290 municipalities"
        case .region: swedish ? "en av de 21 regionerna" : "one of the 21 regions"
        case .organisationNumber: scheme.example
        }
      return swedish
        ? "hittade \"\(found)\", väntade koden för \(what)"
        : "found \"\(found)\", expected the code of \(what)"
    }
  }
}
