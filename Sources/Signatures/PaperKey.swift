/// A secret key as four lines that people can copy by hand (`Protocol/charter.md#paper`).
///
///     symbols = base32(seed ‖ first 8 bytes of the public key), Crockford's alphabet
///     line    = 16 symbols ‖ 4 check symbols
///     check   = line number; for each symbol: check = (check · 33 + symbol) mod 1048573
///
/// The modulus is a prime and the powers of 33 differ, so that no single wrong symbol and no
/// exchange of two of a line leaves its check as it was.
package enum PaperKey {
  package enum Failure: Error, Equatable {
    /// The numbers of the lines that are not as they were printed, with what is wrong.
    case lines([Line])
    /// Each line is right, but there are fewer or more than four.
    case lineCount(Int)
    /// Each line is right, but together they are no key: lines of different sheets.
    case mixed

    package struct Line: Equatable, Sendable {
      package let number: Int
      package let problem: Problem

      package init(number: Int, problem: Problem) {
        self.number = number
        self.problem = problem
      }
    }

    package enum Problem: Equatable, Sendable {
      case length(Int)
      case symbol(Character)
      case check
    }
  }

  package static let lineCount = 4
  private static let dataSymbols = 16
  private static let checkSymbols = 4
  private static let groupSymbols = 4
  private static let lineSymbols = dataSymbols + checkSymbols
  private static let publicByteCount = 8
  private static let modulus = 1_048_573
  private static let multiplier = 33

  /// Of each group of look-alikes (0 O, 1 I L, V U) it has one.
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  // MARK: - Writing

  /// Four lines of five groups, without numbers.
  package static func lines(of key: SigningKey) -> [String] {
    let seed = key.copySeed().withBytes { Array($0) }
    let symbols = symbols(of: seed + key.publicKey.bytes.prefix(publicByteCount))
    return (0..<lineCount).map { index in
      let data = Array(symbols[index * dataSymbols..<(index + 1) * dataSymbols])
      return grouped(data + check(of: data, line: index + 1))
    }
  }

  private static func grouped(_ symbols: [Int]) -> String {
    stride(from: 0, to: symbols.count, by: groupSymbols).map { start in
      String(decoding: symbols[start..<start + groupSymbols].map { alphabet[$0] }, as: UTF8.self)
    }.joined(separator: " ")
  }

  private static func symbols(of bytes: [UInt8]) -> [Int] {
    stride(from: 0, to: bytes.count * 8, by: 5).map { start in
      let bits = (start..<start + 5).map { bytes[$0 / 8] >> (7 - $0 % 8) & 1 }
      return bits.reduce(0) { $0 << 1 | Int($1) }
    }
  }

  private static func check(of data: [Int], line: Int) -> [Int] {
    let check = data.reduce(line) { ($0 * multiplier + $1) % modulus }
    return (0..<checkSymbols).reversed().map { check >> (5 * $0) & 31 }
  }

  // MARK: - Reading

  /// The key, from lines as people type them: in any case, with any spaces and hyphens, with or
  /// without their numbers.
  ///
  /// Of a whole sheet, only its numbered lines are read.
  package static func key(from text: String) throws(Failure) -> SigningKey {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    let numbered = lines.filter { number(of: $0) != nil }
    return try key(from: numbered.isEmpty ? lines : numbered)
  }

  private static func key(from lines: [String]) throws(Failure) -> SigningKey {
    var symbols: [Int] = []
    var wrong: [Failure.Line] = []
    for (index, line) in lines.prefix(lineCount).enumerated() {
      switch read(line, number: index + 1) {
      case .success(let data): symbols += data
      case .failure(let problem): wrong.append(Failure.Line(number: index + 1, problem: problem))
      }
    }
    guard wrong.isEmpty else { throw .lines(wrong) }
    guard lines.count == lineCount else { throw .lineCount(lines.count) }
    let bytes = bytes(of: symbols)
    guard let key = SigningKey(seed: Array(bytes.prefix(SigningKey.seedByteCount))),
      key.publicKey.bytes.starts(with: bytes.dropFirst(SigningKey.seedByteCount))
    else { throw .mixed }
    return key
  }

  /// What is wrong with one line; nil for a right one.
  package static func problem(in line: String, number: Int) -> Failure.Problem? {
    if case .failure(let problem) = read(line, number: number) { problem } else { nil }
  }

  private enum Reading {
    case success([Int])
    case failure(Failure.Problem)
  }

  private static func read(_ line: String, number: Int) -> Reading {
    var symbols: [Int] = []
    for character in unnumbered(line, number: number) where !isIgnored(character) {
      guard let symbol = symbol(character) else { return .failure(.symbol(character)) }
      symbols.append(symbol)
    }
    guard symbols.count == lineSymbols else { return .failure(.length(symbols.count)) }
    let data = Array(symbols.prefix(dataSymbols))
    guard check(of: data, line: number).elementsEqual(symbols.dropFirst(dataSymbols)) else {
      return .failure(.check)
    }
    return .success(data)
  }

  private static func isIgnored(_ character: Character) -> Bool {
    character.isWhitespace || ["-", "–", "·", ">"].contains(character)
  }

  private static func symbol(_ character: Character) -> Int? {
    let read: Character =
      switch character {
      case "o", "O": "0"
      case "i", "I", "l", "L": "1"
      case "u", "U": "V"
      default: character
      }
    guard let byte = read.uppercased().utf8.first, read.uppercased().utf8.count == 1 else {
      return nil
    }
    return alphabet.firstIndex(of: byte)
  }

  /// `2: ABCD …`, `2. ABCD …` and `2) ABCD …` are line 2.
  private static func number(of line: String) -> Int? {
    let line = line.drop(while: \.isWhitespace)
    guard let digit = line.first?.wholeNumberValue, (1...lineCount).contains(digit),
      let mark = line.dropFirst().first, [":", ".", ")"].contains(mark)
    else { return nil }
    return digit
  }

  private static func unnumbered(_ line: String, number: Int) -> Substring {
    let trimmed = line.drop { $0.isWhitespace || $0 == ">" }
    if self.number(of: line) != nil { return trimmed.dropFirst(2) }
    // A number without a mark looks like a symbol, but makes the line one too long.
    let isBare = trimmed.first?.wholeNumberValue == number && trimmed.dropFirst().first == " "
    let symbols = trimmed.count { !isIgnored($0) }
    return isBare && symbols == lineSymbols + 1 ? trimmed.dropFirst() : trimmed
  }

  private static func bytes(of symbols: [Int]) -> [UInt8] {
    (0..<symbols.count * 5 / 8).map { index in
      let bits = (index * 8..<index * 8 + 8).map { symbols[$0 / 5] >> (4 - $0 % 5) & 1 }
      return bits.reduce(0) { $0 << 1 | UInt8($1) }
    }
  }
}

extension PaperKey.Failure {
  /// The stable name (`Protocol/errors.md#own-node`).
  package var code: String {
    switch self {
    case .lines: "paper-line"
    case .lineCount: "paper-lines"
    case .mixed: "paper-mixed"
    }
  }
}

extension PaperKey.Failure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .lines(let lines):
      lines.map { "line \($0.number) \($0.problem)" }.joined(separator: "; ")
    case .lineCount(let found): "found \(found) lines, expected \(PaperKey.lineCount)"
    case .mixed: "each line is right, but they are of different sheets"
    }
  }
}

extension PaperKey.Failure.Problem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .length(let found): "has \(found) characters, expected 20"
    case .symbol(let character): "has “\(character)”, which no line has"
    case .check: "is not as it was printed: a character is wrong, or the line stands elsewhere"
    }
  }
}
