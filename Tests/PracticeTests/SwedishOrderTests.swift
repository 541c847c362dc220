import Practice
import Testing

@Suite struct SwedishOrderTests {
  @Test func `keys compared as bytes sort as a Swede expects`() {
    let sorted = [
      "1177", "Ale", "Alingsås", "Andersson Åke", "Anderssonskolan", "Borås", "Müller", "Mölndal",
      "Vara", "W", "Yxa", "Zinkgruvan", "Åmål", "Åre", "Älmhult", "Ängelholm", "Öckerö", "Örebro",
    ]
    let shuffled = sorted.enumerated().sorted { ($0.offset * 7) % 18 < ($1.offset * 7) % 18 }
    let resorted = shuffled.map(\.element).sorted {
      Array(SwedishOrder.sortKey($0).utf8).lexicographicallyPrecedes(
        Array(SwedishOrder.sortKey($1).utf8))
    }
    #expect(resorted == sorted)
  }

  @Test(arguments: [
    ("É", "e"), ("Müller", "myller"), ("ÅMÅL", "åmål"), ("Å", "A\u{30a}"), ("æ", "ä"), ("Ø", "ö"),
    ("à la", "a la"), ("a-b", "a b"), (" a  b ", "a b"), ("ß", "ss"),
  ])
  func `spellings that sort alike have one key`(a: String, b: String) {
    #expect(SwedishOrder.sortKey(a) == SwedishOrder.sortKey(b))
  }

  @Test(arguments: [
    "Förmåga att pröva nytt", "ÅÄÖ åäö", " (a)  b–c", "24/7: e-post", "", "-", "a\r\nb", "x\u{308}",
  ])
  func `a text of plain letters has the key that it has among others`(text: String) {
    // A letter of another kind is looked up in the tables of all scripts, and with it all before it.
    let among = SwedishOrder.sortKey(text + " é")
    let key = SwedishOrder.sortKey(text)
    #expect(among == (key.isEmpty ? "e" : key + " e"))
  }

  @Test(arguments: [
    ("1", "a"), ("z", "å"), ("å", "ä"), ("ä", "ö"), ("v", "w"), ("ö", "я"), ("", "1"),
  ])
  func `the first sorts before the second`(a: String, b: String) {
    let keys = [a, b].map { Array(SwedishOrder.sortKey($0).utf8) }
    #expect(keys[0].lexicographicallyPrecedes(keys[1]))
  }

  @Test(arguments: [
    ("Mälardalsrådet", "malardalsradet"), ("FÖRMÅGA", "formaga"), ("Idé", "ide"), ("A\u{30a}", "a"),
    ("Ü", "u"), ("Ærø", "aero"), ("e-post 24/7", "e-post 24/7"),
  ])
  func `the search form has no diacritics`(text: String, folded: String) {
    #expect(SwedishOrder.folded(text) == folded)
  }
}
