import Signatures
import TestSupport
import Testing

struct PaperKeyTests {
  private static func key(_ seed: UInt64 = 1) throws -> SigningKey {
    var generator = SeededGenerator(seed: seed)
    return try #require(SigningKey(seed: generator.bytes(SigningKey.seedByteCount)))
  }

  private static let alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

  @Test func `lines give back the key that they were written from`() throws {
    for seed in 0..<200 as Range<UInt64> {
      let key = try Self.key(seed)
      let lines = PaperKey.lines(of: key)
      #expect(try PaperKey.key(from: lines.joined(separator: "\n")).publicKey == key.publicKey)
      #expect(lines.count == 4)
      for line in lines {
        #expect(line.wholeMatch(of: /[0-9A-HJKMNP-TV-Z]{4}( [0-9A-HJKMNP-TV-Z]{4}){4}/) != nil)
      }
    }
  }

  @Test func `every single wrong character is located to its line`() throws {
    let lines = PaperKey.lines(of: try Self.key())
    for (index, line) in lines.enumerated() {
      for position in line.indices where line[position] != " " {
        for typo in Self.alphabet where typo != line[position] {
          var typed = lines
          typed[index].replaceSubrange(position...position, with: String(typo))
          Self.expect(wrong: index, typed)
        }
      }
    }
  }

  @Test func `every exchange of two characters of a line is located to it`() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let lines = PaperKey.lines(of: try Self.key(seed))
      for (index, line) in lines.enumerated() {
        let symbols = Array(line.filter { $0 != " " })
        for first in symbols.indices {
          for second in symbols.indices.dropFirst(first + 1)
          where symbols[first] != symbols[second] {
            var exchanged = symbols
            exchanged.swapAt(first, second)
            var typed = lines
            typed[index] = String(exchanged)
            Self.expect(wrong: index, typed)
          }
        }
      }
    }
  }

  @Test func `every missing, repeated or foreign character is located to its line`() throws {
    let lines = PaperKey.lines(of: try Self.key())
    for (index, line) in lines.enumerated() {
      for position in line.indices where line[position] != " " {
        for text in ["", "\(line[position])\(line[position])", "å", "?", "*"] {
          var typed = lines
          typed[index].replaceSubrange(position...position, with: text)
          Self.expect(wrong: index, typed)
        }
      }
    }
  }

  @Test func `several wrong lines are all named`() throws {
    var lines = PaperKey.lines(of: try Self.key())
    lines[1].removeLast()
    lines[3] = lines[0]
    #expect(
      throws: PaperKey.Failure.lines([
        .init(number: 2, problem: .length(19)), .init(number: 4, problem: .check),
      ])
    ) { try PaperKey.key(from: lines.joined(separator: "\n")) }
  }

  @Test func `lines in another order are wrong where they stand`() throws {
    var lines = PaperKey.lines(of: try Self.key())
    lines.swapAt(1, 2)
    #expect(
      throws: PaperKey.Failure.lines([
        .init(number: 2, problem: .check), .init(number: 3, problem: .check),
      ])
    ) { try PaperKey.key(from: lines.joined(separator: "\n")) }
  }

  @Test func `right lines of different sheets are no key`() throws {
    let (one, other) = (PaperKey.lines(of: try Self.key(1)), PaperKey.lines(of: try Self.key(2)))
    #expect(throws: PaperKey.Failure.mixed) {
      try PaperKey.key(from: [one[0], one[1], other[2], one[3]].joined(separator: "\n"))
    }
  }

  @Test func `too few or too many lines are counted`() throws {
    let lines = PaperKey.lines(of: try Self.key())
    for typed in [[], Array(lines.prefix(3)), lines + [lines[0]]] {
      #expect(throws: PaperKey.Failure.lineCount(typed.count)) {
        try PaperKey.key(from: typed.joined(separator: "\n"))
      }
    }
  }

  @Test(arguments: ["%d: ", "%d. ", "%d) ", "%d ", "  %d:  ", ""])
  func `numbers, case, spaces, hyphens and look-alikes do not matter`(prefix: String) throws {
    for seed in 0..<50 as Range<UInt64> {
      let key = try Self.key(seed)
      let typed = PaperKey.lines(of: key).enumerated().map { index, line in
        let alike = line.lowercased().replacing("0", with: "O").replacing("1", with: "l")
          .replacing("v", with: "u").replacing(" ", with: seed.isMultiple(of: 2) ? "-" : "  ")
        return prefix.replacing("%d", with: "\(index + 1)") + alike
      }
      let read = try PaperKey.key(from: typed.joined(separator: "\r\n\r\n") + "\n")
      #expect(read.publicKey == key.publicKey)
    }
  }

  @Test func `of a whole sheet only the numbered lines are read`() throws {
    let key = try Self.key()
    let sheet =
      "Nyckel: root\n\n"
      + PaperKey.lines(of: key).enumerated().map { "   \($0 + 1):  \($1)\n" }.joined()
      + "\nSkriv raderna.\n"
    #expect(try PaperKey.key(from: sheet).publicKey == key.publicKey)
  }

  private static func expect(wrong index: Int, _ typed: [String]) {
    do throws(PaperKey.Failure) {
      _ = try PaperKey.key(from: typed.joined(separator: "\n"))
      Issue.record("read as right: \(typed[index])")
    } catch {
      guard case .lines(let lines) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(lines.map(\.number) == [index + 1], "\(typed[index])")
    }
  }
}
