import Operations
import TestSupport
import Testing

/// Lines that survive a mail client, and say so when they did not.
struct ShareableTextTests {
  private static func text(_ count: Int) -> (bytes: [UInt8], text: String) {
    var generator = SeededGenerator(seed: UInt64(count))
    let bytes = generator.bytes(count)
    return (bytes, ShareableText.encode(bytes, prefix: "sprida-test"))
  }

  @Test func `bytes of any length come back`() throws {
    for count in 1...100 {
      let (bytes, text) = Self.text(count)
      #expect(try ShareableText.decode(text, prefix: "sprida-test") == bytes)
      #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
    }
  }

  @Test func `line breaks, indents and quoting of a reply are ignored`() throws {
    let (bytes, text) = Self.text(90)
    for width in [1, 7, 60] {
      for separator in ["\n", "\r\n", "\n> ", "\r\n>> ", " ", "\t", "\u{a0}\n"] {
        var quoted = "> "
        for (index, character) in text.enumerated() {
          if index > 0, index.isMultiple(of: width) { quoted += separator }
          quoted.append(character)
        }
        #expect(try ShareableText.decode(quoted + "\n", prefix: "sprida-test") == bytes)
      }
    }
  }

  @Test func `every single typo is detected`() {
    for count in [30, 31, 32] {
      let (_, text) = Self.text(count)
      for index in text.indices {
        for typo in "Aa0_z9-Z" where typo != text[index] {
          let changed = text.replacingCharacters(at: index, with: typo)
          #expect(throws: ShareableText.Failure.self, "\(changed)") {
            try ShareableText.decode(changed, prefix: "sprida-test")
          }
        }
      }
    }
  }

  @Test func `every missing, repeated or exchanged character is detected`() {
    for count in [30, 31, 32] {
      let (_, text) = Self.text(count)
      for index in text.indices {
        var missing = text
        let character = missing.remove(at: index)
        var repeated = text
        repeated.insert(character, at: index)
        var variants = [missing, repeated]
        let next = text.index(after: index)
        if next < text.endIndex, text[next] != character {
          var exchanged = text.replacingCharacters(at: index, with: text[next])
          exchanged = exchanged.replacingCharacters(at: next, with: character)
          variants.append(exchanged)
        }
        for variant in variants {
          #expect(throws: ShareableText.Failure.self, "\(variant)") {
            try ShareableText.decode(variant, prefix: "sprida-test")
          }
        }
      }
    }
  }

  @Test func `another prefix, a stray character and an empty line are told apart`() {
    let (_, text) = Self.text(20)
    #expect(throws: ShareableText.Failure.prefix(expected: "sprida-other")) {
      try ShareableText.decode(text, prefix: "sprida-other")
    }
    #expect(throws: ShareableText.Failure.alphabet("å")) {
      try ShareableText.decode(text + "å", prefix: "sprida-test")
    }
    #expect(throws: ShareableText.Failure.alphabet("=")) {
      try ShareableText.decode(text + "=", prefix: "sprida-test")
    }
    #expect(throws: ShareableText.Failure.checksum) {
      try ShareableText.decode("sprida-test:", prefix: "sprida-test")
    }
  }
}

extension String {
  fileprivate func replacingCharacters(at index: Index, with character: Character) -> String {
    var copy = self
    copy.replaceSubrange(index...index, with: String(character))
    return copy
  }
}
