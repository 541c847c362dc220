import Practice
import TestSupport
import Testing
import WireFormat

@Suite struct VisibleTextTests {
  @Test(arguments: [
    ("\u{1b}[31mröd", "␛[31mröd"), ("a\rb", "a␍b"), ("a\nb", "a␊b"), ("a\u{7f}", "a␡"),
    ("\u{9b}2J", "⟨U+009B⟩2J"), ("\u{202e}murel", "⟨U+202E⟩murel"),
    ("Le\u{200b}rum", "Le⟨U+200B⟩rum"),
    ("a\u{200d}b", "a⟨U+200D⟩b"), ("a\u{fe0f}", "a⟨U+FE0F⟩"), ("\u{e0041}", "⟨U+E0041⟩"),
    ("\u{2028}", "⟨U+2028⟩"), ("\u{e000}", "⟨U+E000⟩"), ("\u{338}a", "◌\u{338}a"),
    ("e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\u{301}⟨+2⟩"),
  ])
  func `what would act or not be seen is spelled out`(text: String, visible: String) {
    #expect(bytes(VisibleText.line(text)) == bytes(visible))
  }

  @Test(arguments: [
    "Åsa Öberg: 10\u{a0}000 kr – “bra”", "معلومات", "می\u{200c}خواهم", "क\u{94d}\u{200d}ष", "שָׁלוֹם",
    "👩🏽‍💻 🏳️‍🌈 ❤️‍🔥 1️⃣ 🇸🇪 👍🏽", "Ra\u{30a}det", "α-test", "漢字",
  ])
  func `honest writing stays as it is`(text: String) {
    #expect(bytes(VisibleText.line(text)) == bytes(text))
  }

  @Test func `a block keeps its line breaks and nothing else that moves the cursor`() {
    #expect(VisibleText.block("rad ett\nrad\ttvå\r\n\u{336}x") == "rad ett\nrad␉två␍\n◌\u{336}x")
  }

  @Test(arguments: HostileTexts.all)
  func `spelling out twice changes nothing`(text: HostileTexts.Item) {
    let line = VisibleText.line(text.text)
    #expect(bytes(VisibleText.line(line)) == bytes(line))
    #expect(!line.unicodeScalars.contains("\n"))
    let block = VisibleText.block(text.text)
    #expect(bytes(VisibleText.block(block)) == bytes(block))
  }

  @Test(arguments: HostileTexts.all)
  func `the profile of the wire refuses what the vectors say`(text: HostileTexts.Item) {
    #expect((TextProfile.violation(in: text.text) == nil) == (text.profile == "accept"))
    #expect(TextProfile.violation(in: TextProfile.cleaned(text.text)) == nil)
  }

  @Test(arguments: [
    "Lerums kommun", "Region Skåne", "Övertorneå", "Malmö–Köpenhamn", "RISE AB", "α-rådet",
    "Информация", "Πληροφορίες", "Sámi giella", "Ra\u{30a}det",
  ])
  func `an honest name is not doubted`(name: String) {
    #expect(!DoubtfulName.isDoubtful(name))
  }

  @Test(arguments: [
    "L\u{435}rum", "G\u{3bf}tland", "R\u{3ac}det", "Kir\u{578}na", "\u{13de}erum", "st\u{251}d",
    "\u{421}\u{43e}\u{440}\u{435}", "\u{ff2c}\u{ff45}\u{ff52}\u{ff55}\u{ff4d}", "𝐋𝐞𝐫𝐮𝐦",
    "Le\u{200b}rum", "Lerum\nKrets: Rådet",
  ])
  func `a name that may pose as another's is doubted`(name: String) {
    #expect(DoubtfulName.isDoubtful(name))
  }

  /// Text as its bytes: to Swift, å as one code point and as two are equal.
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}
