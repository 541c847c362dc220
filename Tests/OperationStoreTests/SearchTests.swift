import CRDT
import OperationStore
import Operations
import TestSupport
import Testing
import WireFormat

/// Searching as a Swede expects.
@Suite struct SearchTests {
  private let store: OperationStore
  private let office: Office

  init() throws {
    office = try Office()
    store = try office.store()
    let titles = [
      "Mälardalsrådet möts", "Så stärker vi vår innovationsförmåga", "De far till sjöss",
      "Vi får hjälp", "Hår och hud", "Här och nu", "Hör av dig", "Idé om café", "Ål 2025",
    ]
    for (index, title) in titles.enumerated() {
      try store.write(.set("title", title), by: office.officer, random: UInt8(index))
    }
  }

  @Test(arguments: [
    ("malardalsradet", ["Mälardalsrådet möts"]),
    ("Mälardalsrådet", ["Mälardalsrådet möts"]),
    ("MÄLARDALSRÅDET", ["Mälardalsrådet möts"]),
    ("förmåga", ["Så stärker vi vår innovationsförmåga"]),
    ("formaga", ["Så stärker vi vår innovationsförmåga"]),
    ("får", ["Vi får hjälp"]),
    ("här", ["Här och nu"]),
    ("hår", ["Hår och hud"]),
    ("hör", ["Hör av dig"]),
    ("cafe", ["Idé om café"]),
    ("idé", ["Idé om café"]),
    ("ål", ["Ål 2025"]),
    ("2025", ["Ål 2025"]),
    ("vi hjälp", ["Vi får hjälp"]),
    ("hjälp saknas", []),
    ("finnsinte", []),
  ])
  func `a query finds what it means and nothing else`(query: String, titles: [String]) throws {
    #expect(try store.titles(matching: query) == titles)
  }

  @Test func `a word typed without diacritics may mean any of its spellings`() throws {
    #expect(Set(try store.titles(matching: "far")) == ["De far till sjöss", "Vi får hjälp"])
    #expect(Set(try store.titles(matching: "har")) == ["Hår och hud", "Här och nu"])
  }

  @Test func `å, ä and ö are three letters`() throws {
    let found = try ["hår", "här", "hör"].map { try store.titles(matching: $0) }
    #expect(found == [["Hår och hud"], ["Här och nu"], ["Hör av dig"]])
  }

  @Test func `only å, ä and ö are letters of their own among the marked ones`() throws {
    for (index, title) in ["Müller bygger", "Muller river"].enumerated() {
      try store.write(.set("title", title), by: office.officer, random: UInt8(40 + index))
    }
    #expect(Set(try store.titles(matching: "müller")) == ["Müller bygger", "Muller river"])
    #expect(Set(try store.titles(matching: "muller")) == ["Müller bygger", "Muller river"])
    #expect(try store.titles(matching: "ide") == ["Idé om café"])
    #expect(try store.titles(matching: "A\u{30a}l") == ["Ål 2025"])
  }

  @Test func `whole words come before parts of words, and titles before texts`() throws {
    for (index, (title, summary)) in [
      ("Annat", "Om cykelvägar"), ("Två", "En cykelväg till"), ("Supercykelväg", "Bred"),
      ("Cykelväg", "Smal"),
    ].reversed().enumerated() {
      try store.write(
        .set("title", title), .set("summary", summary), by: office.officer,
        random: UInt8(50 + index))
    }
    #expect(
      try store.titles(matching: "cykelväg") == ["Cykelväg", "Supercykelväg", "Två", "Annat"])
  }

  @Test func `a number of several parts is found exactly, and a compound also by its beginning`()
    throws
  {
    for (index, summary) in [
      "Dnr 2015-04564", "Dnr 2015-04565 och 2014-04564", "En e-tjänsten", "Tjänst e",
    ].enumerated() {
      try store.write(
        .set("title", "Nr \(index)"), .set("summary", summary), by: office.officer,
        random: UInt8(60 + index))
    }
    #expect(try store.titles(matching: "2015-04564") == ["Nr 0"])
    #expect(try store.titles(matching: "e-tjänst") == ["Nr 2"])
    #expect(try store.titles(matching: "e-tjanst") == ["Nr 2"])
    #expect(Set(try store.titles(matching: "04564")) == ["Nr 0", "Nr 1"])
  }

  @Test func `a number finds the project that has it, and between quotation marks who mentions it`()
    throws
  {
    try store.write(
      .set("title", "Projektet"), .set("funding/00000001/diarienummer", "2015-04564"),
      by: office.officer, random: 60)
    try store.write(
      .set("title", "Delen"), .set("summary", "Ur 2015-04564"), by: office.officer, random: 61)
    #expect(try store.titles(matching: "2015-04564") == ["Projektet"])
    #expect(Set(try store.titles(matching: "\"2015-04564\"")) == ["Projektet", "Delen"])
    #expect(try store.titles(matching: "2015-04564 ur") == ["Delen"])
  }

  @Test(arguments: [
    ("\"vi får\"", ["Vi får hjälp"]), ("”får hjälp”", ["Vi får hjälp"]), ("\"hjälp får\"", []),
    ("\"för\"", []), ("\"får", ["Vi får hjälp"]), ("\"vi får\" hjälp", ["Vi får hjälp"]),
  ])
  func `between quotation marks words are as they are and follow each other`(
    query: String, titles: [String]
  ) throws {
    #expect(try store.titles(matching: query) == titles)
  }

  @Test func `an entry is found by its publisher's name and code`() throws {
    let other = office.region.organisations[1].officers[0]
    try store.write(.set("title", "Grannens"), by: other, random: 70)
    #expect(try store.titles(matching: "provkommun grannens") == ["Grannens"])
    #expect(try store.titles(matching: "kommun:1001") == ["Grannens"])
    #expect(try store.titles(matching: "1001") == ["Grannens"])
    #expect(try store.titles(matching: "\"provkommun 1\"") == ["Grannens"])
    #expect(try store.titles(matching: "provkommun får") == ["Vi får hjälp"])
  }

  @Test func `an entry is found by what its codes mean, and by its links and attachments`() throws {
    try store.write(
      .set("title", "Trygg hemma"),
      ChangeDraft(type: .add, path: "themes", value: .text("ELDR")),
      ChangeDraft(
        type: .add, path: "links",
        value: .array([.text("https://example.se"), .text("PAGE"), .text("Webbplatsens namn")])),
      .set("attachments/01020304/name", "Slutrapport.pdf"),
      .set("attachments/01020304/digest", String(repeating: "abcd", count: 16)),
      by: office.officer, random: 71)
    for query in ["äldreomsorg", "elderly", "webbplats", "slutrapport"] {
      #expect(try store.titles(matching: query) == ["Trygg hemma"], "\(query)")
    }
    #expect(try store.titles(matching: "abcdabcd").isEmpty, "no part of a checksum is a word")
  }

  @Test func `what was published or edited a moment ago is found at once`() throws {
    let first = try store.write(.set("title", "Nyhet"), by: office.officer, random: 60)
    #expect(try store.titles(matching: "nyhet") == ["Nyhet"])
    try store.write(
      .set("title", "Ändrad", over: first.change()), to: first.id, by: office.officer, random: 61)
    #expect(try store.titles(matching: "nyhet").isEmpty)
    #expect(try store.titles(matching: "ändrad") == ["Ändrad"])
  }

  @Test func `only the family asked for is found`() throws {
    try store.write(.set("title", "Avtal"), family: "adoption", by: office.officer, random: 70)
    #expect(try store.titles(matching: "avtal").isEmpty)
    #expect(try store.search("avtal", family: "adoption").count == 1)
  }

  @Test(arguments: [
    "", " ", "\"", "\"\"", "'", "får\"", "\"får", "får OR", "AND", "NOT får", "får NEAR/3 hjälp",
    "title:får", "{title} : får", "(", ")", "får)", "*", "fär*", "^får", "-får", "+", "får + hjälp",
    "; DROP TABLE record; --", "%", "_", "\\", "\u{0}", "får\u{0}hjälp", "👍", "👩‍👩‍👧‍👦", "1️⃣", "🇸🇪",
    "e\u{301}", "\u{301}", "\u{0d4e}\"", "\u{200d}", "ﬁ", "ẞ", "İstanbul", "中文", "٣", "½", "Ⅷ",
    String(repeating: "får ", count: 3000), String(repeating: "å", count: 100_000),
    String(repeating: "(", count: 5000), String(repeating: "\"", count: 5001),
  ])
  func `no query makes a search fail`(query: String) throws {
    _ = try store.search(query, family: "entry")
  }

  @Test(arguments: [
    "\u{0d4e}\" OR title", "a\"b", "\"", "får\"; --", "İi̇", "x\u{301}\u{301}", "\u{0d4e}\"får",
  ])
  func `no text that somebody published makes a search fail`(title: String) throws {
    try store.write(.set("title", title), by: office.officer, random: 80)
    #expect(try store.titles(matching: "får").contains("Vi får hjälp"))
    for word in ["title", "b", "or", "x", title] { _ = try store.titles(matching: word) }
  }

  @Test func `two entries with one text are both found`() throws {
    for index in 0..<2 {
      try store.write(.set("title", "Tvilling"), by: office.officer, random: UInt8(90 + index))
    }
    #expect(try store.titles(matching: "tvilling") == ["Tvilling", "Tvilling"])
  }
}
