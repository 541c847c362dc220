/// Patterns of personal data in text: an address of a person, a phone number, a personal number.
///
/// Names need a human.
enum PersonalData {
  /// An address that reads like a person's, `anna.berg@lerum.se`, and not like a function's.
  static func mailbox(in text: String) -> String? {
    let candidates = text.split { $0.isWhitespace || "<>()[],;:\"”“".contains($0) }
    return candidates.first { candidate in
      let parts = candidate.split(separator: "@", omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1].contains(".") else { return false }
      let names = parts[0].split { ".-_".contains($0) }
      return names.count >= 2
        && names.allSatisfy { name in
          name.count >= 2 && name.allSatisfy(\.isLetter)
            && !functions.contains { name.lowercased().hasPrefix($0) }
        }
    }.map(String.init)
  }

  /// What the local part of a function's address begins a word with.
  private static let functions = [
    "info", "kontakt", "contact", "registrator", "diari", "kommun", "region", "stad", "innovation",
    "utveckling", "support", "service", "stab", "kansli", "social", "skol", "utbildning", "kultur",
    "miljö", "miljo", "bygg", "samhäll", "samhall", "projekt", "project", "team", "digital",
    "office",
    "webb", "press", "vård", "vard", "omsorg", "förvaltning", "forvaltning", "enhet",
  ]

  /// A Swedish phone number: a zero or +46, and eight to eleven digits in groups.
  static func phoneNumber(in text: String) -> String? {
    DigitRun.all(in: text).first { run in
      let digits = run.digits
      let isNational = digits.first == "0" && digits.dropFirst().first != "0"
      let isInternational = run.text.hasPrefix("+46") || digits.hasPrefix("0046")
      let national = isInternational ? digits.drop { $0 == "0" }.dropFirst(2) : digits.dropFirst()
      return (isNational || isInternational) && (7...10).contains(national.count)
        && !run.text.dropFirst().contains("+")
    }?.text
  }

  /// A Swedish personal or coordination number, which its last digit confirms.
  static func personalNumber(in text: String) -> String? {
    DigitRun.all(in: text).first { run in
      let digits = run.digits
      let marks = run.text.filter { !$0.isNumber }
      guard ["", "-", "+"].contains(marks), [10, 12].contains(digits.count),
        marks.isEmpty || run.text.dropLast(4).last == marks.last
      else { return false }
      let short = Array(digits.suffix(10).utf8).map { Int($0) - 48 }
      let (month, day) = (short[2] * 10 + short[3], short[4] * 10 + short[5])
      let isDate = (1...12).contains(month) && ((1...31).contains(day) || (61...91).contains(day))
      return isDate && (digits.count == 10 || ["18", "19", "20"].contains(digits.prefix(2)))
        && isConfirmed(short)
    }?.text
  }

  /// The check of Luhn.
  private static func isConfirmed(_ digits: [Int]) -> Bool {
    digits.enumerated().reduce(0) { sum, digit in
      let value = digit.element * (digit.offset.isMultiple(of: 2) ? 2 : 1)
      return sum + value / 10 + value % 10
    }.isMultiple(of: 10)
  }
}

/// Digits that stand together, with single spaces and hyphens between them.
private struct DigitRun {
  let text: String

  /// ASCII digits only.
  var digits: String { text.filter { ("0"..."9").contains($0) } }

  static func all(in text: String) -> [DigitRun] {
    var runs: [DigitRun] = []
    var run = ""
    func close() {
      let trimmed = run.reversed().drop { !("0"..."9").contains($0) }
      if !trimmed.isEmpty { runs.append(DigitRun(text: String(trimmed.reversed()))) }
      run = ""
    }
    for character in text {
      switch character {
      case "0"..."9": run.append(character)
      case "+": run.append(character)
      case "-", " ", "\u{a0}", "(", ")":
        if let last = run.last,
          ("0"..."9").contains(last) || "()".contains(last) || "()".contains(character)
        {
          run.append(character)
        } else {
          close()
        }
      default:
        close()
      }
    }
    close()
    return runs
  }
}
