import Foundation
import Testing

/// Learning from others, as officers type it: adopting, asking, answering, reviewing.
@Suite(.timeLimit(.minutes(5))) struct LearningTests {
  private static func region(_ names: [String] = ["lerum", "kiruna"]) throws -> TestRegion {
    let codes = [
      "lerum": "kommun:1441", "kiruna": "kommun:2584", "lund": "kommun:1281", "ale": "kommun:1440",
    ]
    let region = try TestRegion()
    for name in names { try region.join(name, try #require(codes[name])) }
    return region
  }

  private static func sync(_ region: TestRegion, _ names: String...) throws {
    for name in names { try region.run(name, "sync") }
  }

  private static func object(_ result: Program.Result) throws -> [String: Any] {
    try #require(result.json as? [String: Any], "\(result.output)\(result.errors)")
  }

  private static func inbox(_ name: String, _ region: TestRegion) throws -> [String: Any] {
    try object(try region.run(name, "inbox", "--json"))
  }

  @Test func `one adoption per adopter and entry moves through its states and keeps what was said`()
    throws
  {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna")
    func adopt(_ arguments: String...) throws -> String? {
      let result = try region.attempt("kiruna", ["adopt", entry, "--json"] + arguments)
      try #require(result.status == 0, "\(result.errors)")
      return try Self.object(result)["record"] as? String
    }
    let first = try #require(try adopt("--state", "intresserad"))
    #expect(try adopt("--state", "VISITED", "--capacity", "en halv tjänst") == first)
    let changed = "Vi började med två skolor."
    #expect(try adopt("--state", "TRIAL", "--changed", changed, "--hours", "120") == first)
    let worse = try region.run(
      "kiruna", "adopt", entry, "--state", "ADAPTED", "--outcome", "WORSE", "--cost", "40 000",
      "--missing", "KAPA, KOMP")
    #expect(worse.output.contains(first))
    #expect(try adopt("--state", "ADAPTED") == nil, "nothing differs")
    try Self.sync(region, "kiruna", "lerum")
    let shown = try region.run("lerum", "show", first).output
    for text in [changed, "120", "40000", "en halv tjänst", "Mottagarkapacitet"] {
      #expect(shown.contains(text), "\(text): \(shown)")
    }
    let fields = try #require(
      try Self.object(try region.run("lerum", "show", first, "--json"))["fields"] as? [String: Any])
    #expect(fields["missing"] != nil && fields["outcome"] != nil)
    #expect(try region.run("lerum", "show", entry).output.contains("Kiruna"))
  }

  @Test func `an adoption that says too little, or of one's own entry, says what is expected`()
    throws
  {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna")
    let silent = try region.attempt("kiruna", ["adopt", entry])
    #expect(silent.status == 3 && silent.errors.contains("INTERESTED"))
    let wrong = try region.attempt("kiruna", ["adopt", entry, "--state", "INTRESERAD"])
    #expect(wrong.status == 3 && wrong.errors.contains("INTERESTED"), "\(wrong.errors)")
    let own = try region.attempt("lerum", ["adopt", entry, "--state", "TRIAL"])
    #expect(own.status == 3 && own.errors.contains("eget exempel"))
    let nothing = try region.attempt("kiruna", ["adopt", "ffff", "--state", "TRIAL"])
    #expect(nothing.status == 3)
    let english = try Program.run(
      ["adopt", entry, "-d", region.node("kiruna").path], locale: "en_GB.UTF-8")
    #expect(english.errors.contains("Give --state"))
  }

  @Test func `from two others that use it on an entry has spread, which nobody can set`() throws {
    let region = try Self.region(["lerum", "kiruna", "lund"])
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum")
    for (name, state) in [("kiruna", "TRIAL"), ("lund", "PLANNED")] {
      try Self.sync(region, name)
      try region.run(name, "adopt", entry, "--state", state)
      try Self.sync(region, name)
    }
    #expect(try !region.run("council", "show", entry).output.contains("Spritt"))
    try region.run("lund", "adopt", entry, "--state", "COPIED")
    try Self.sync(region, "lund")
    #expect(try region.run("council", "show", entry).output.contains("Spritt: 2 organisationer"))
    let set = try region.attempt("lerum", ["edit", entry, "--set", "stage=SPREAD"])
    #expect(set.status == 3)
  }

  @Test func `adoptions of one entry by several are told apart by the ids that are listed`() throws
  {
    let region = try Self.region(["lerum", "kiruna", "lund"])
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna", "lund")
    for (name, state) in [("kiruna", "TRIAL"), ("lund", "DECLINED")] {
      try region.run(name, "adopt", entry, "--state", state)
    }
    try Self.sync(region, "kiruna", "lund", "lerum")
    let rows = try region.run("lerum", "inbox").output.split(separator: "\n")
    let id = try #require(
      rows.first { $0.contains("Kiruna") }?.split(separator: " ").first.map(String.init))
    #expect(try region.run("lerum", "show", id).output.contains("Kiruna kommun"))
    let shared = String(id.split(separator: "/")[1])
    for command in [["show", shared], ["inbox", "--done", shared]] {
      let vague = try region.attempt("lerum", command)
      #expect(vague.status == 3 && vague.errors.contains(id), "\(vague.errors)")
    }
    try region.run("lerum", "inbox", "--done", id)
    let left = try region.run("lerum", "inbox").output
    #expect(!left.contains("Kiruna") && left.contains("Lunds kommun"))
  }

  @Test func `three who are interested are shown to one another`() throws {
    let region = try Self.region(["lerum", "kiruna", "lund", "ale"])
    let need = try region.publish("lerum", TestRegion.document("Gemensamt behov"))
    try Self.sync(region, "lerum")
    for name in ["kiruna", "lund", "ale"] {
      try Self.sync(region, name)
      let said = try region.run(name, "adopt", need, "--state", "INTERESTED").output
      #expect(said.contains("3 organisationer är intresserade") == (name == "ale"), "\(said)")
      try Self.sync(region, name)
    }
    try Self.sync(region, "kiruna")
    let shown = try region.run("kiruna", "inbox").output
    #expect(shown.contains("Ale") && shown.contains("Lund"), "\(shown)")
    let groups = try #require(try Self.inbox("kiruna", region)["groups"] as? [[String: Any]])
    #expect((groups.first?["interested"] as? [Any])?.count == 3)
  }

  @Test func `a question waits for its owner until it is answered, and the answer for the asker`()
    throws
  {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna")
    let asked = try region.run(
      "kiruna", "comment", entry, "--question", "Vad kostade det?", "--json")
    let question = try #require(try Self.object(asked)["record"] as? String)
    #expect(try region.run("kiruna", "questions").output.contains("Inga obesvarade"))
    #expect(try region.run("kiruna", "questions", "--all").output.contains("Vad kostade det?"))
    try Self.sync(region, "kiruna", "lerum")
    let waiting = try region.run("lerum", "questions").output
    #expect(waiting.contains("Vad kostade det?") && waiting.contains("Kiruna"))
    #expect(waiting.contains("i dag"))
    #expect(try region.run("lerum", "inbox").output.contains("Obesvarade frågor: 1"))
    let undone = try region.attempt("lerum", ["inbox", "--done", question])
    #expect(undone.status == 3 && undone.errors.contains("behöver ett svar"))
    try region.run("lerum", "comment", String(question.prefix(12)), "40 000 kronor.")
    #expect(try region.run("lerum", "questions").output.contains("Inga obesvarade"))
    #expect(try region.run("lerum", "inbox").output.contains("Inget väntar"))
    try Self.sync(region, "lerum", "kiruna")
    let reply = try region.run("kiruna", "inbox").output
    #expect(reply.contains("Svar till er: 1") && reply.contains("40 000 kronor."))
    try region.run("kiruna", "inbox", "--done", "all")
    #expect(try region.run("kiruna", "inbox").output.contains("Inget väntar"))
    #expect(try region.run("kiruna", "show", entry).output.contains("40 000 kronor."))
  }

  @Test
  func `what others say waits in the inbox until it is dealt with, and again once it is edited`()
    throws
  {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna")
    try region.run("kiruna", "comment", entry, "Vi har gjort något liknande.")
    try region.run("kiruna", "adopt", entry, "--state", "VISITED")
    try region.run("kiruna", "endorse", entry, "--role", "förvaltningschef", "Det hjälpte oss.")
    try Self.sync(region, "kiruna", "lerum")
    let said = try #require(try Self.inbox("lerum", region)["said"] as? [[String: Any]])
    #expect(
      Set(said.compactMap { $0["family"] as? String }) == ["comment", "adoption", "endorsement"])
    let text = try region.run("lerum", "inbox").output
    for word in ["Kiruna", "Besökt", "Vi har gjort något liknande.", "Sluss"] {
      #expect(text.contains(word), "\(word): \(text)")
    }
    try region.run("lerum", "inbox", "--done", "all")
    #expect(try region.run("lerum", "inbox").output.contains("Inget väntar"))
    try region.run("kiruna", "adopt", entry, "--state", "TRIAL")
    try region.run("kiruna", "endorse", entry, "--withdraw", "Vi har slutat")
    try Self.sync(region, "kiruna", "lerum")
    let again = try #require(try Self.inbox("lerum", region)["said"] as? [[String: Any]])
    #expect(again.compactMap { $0["what"] as? String } == ["Prövar"], "\(again)")
    #expect(try !region.run("lerum", "show", entry).output.contains("Det hjälpte oss."))
  }

  @Test func `conflicts and entries to confirm wait in the inbox too`() throws {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum")
    try region.enrol("lerum2", of: "lerum")
    try region.run("lerum", "edit", entry, "--set", "title=Sluss ett")
    try region.run("lerum2", "edit", entry, "--set", "title=Sluss två")
    try region.run("lerum", "edit", entry, "--set", "confirmed_at=2020-01-01")
    try Self.sync(region, "lerum2", "lerum")
    let inbox = try Self.inbox("lerum", region)
    #expect((inbox["conflicts"] as? [String])?.count == 1)
    #expect((inbox["due"] as? [[String: Any]])?.count == 1)
    let text = try region.run("lerum", "inbox").output
    #expect(text.contains("sprida conflicts") && text.contains("sprida confirm"))
    #expect(try (Self.inbox("kiruna", region)["conflicts"] as? [String])?.isEmpty == true)
  }

  @Test func `a review is of one version, and of an earlier one once the entry is edited`() throws {
    let region = try Self.region()
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum", "kiruna")
    try region.enrol("granskare", of: "kiruna", as: "reviewer")
    #expect(try region.run("council", "show", entry).output.contains("inte granskad"))
    let unfounded = try region.attempt("granskare", ["review", entry, "--decision", "CHANGES"])
    #expect(unfounded.status == 3 && unfounded.errors.contains("Omdöme"), "\(unfounded.errors)")
    try region.run("granskare", "review", entry, "--decision", "APPROVED", "--check", "FACTS,PLAIN")
    try Self.sync(region, "granskare", "lerum")
    for name in ["council", "lerum"] {
      let shown = try region.run(name, "show", entry).output
      #expect(shown.contains("kollegialt läst"), "\(shown)")
    }
    #expect(try region.run("lerum", "inbox").output.contains("Godkänd"))
    try region.run("lerum", "edit", entry, "--set", "summary=En annan sammanfattning")
    let edited = try region.run("lerum", "show", entry).output
    #expect(edited.contains("i en tidigare version"), "\(edited)")
    let author = try region.attempt("kiruna", ["review", entry, "--decision", "APPROVED"])
    #expect(author.status == 1 && author.errors.contains("reviewer"), "\(author.errors)")
  }

  @Test func `the council's review counts as the council's`() throws {
    let region = try Self.region(["lerum"])
    let entry = try region.publish("lerum", TestRegion.document("Sluss"))
    try Self.sync(region, "lerum")
    try region.enrol("handläggare", of: "council", as: "reviewer")
    try region.run("handläggare", "review", entry, "--decision", "APPROVED")
    try Self.sync(region, "handläggare", "lerum")
    #expect(try region.run("lerum", "show", entry).output.contains("granskad av rådet"))
  }

  @Test func `a tip that grows into a practice keeps its id, comments and adoptions`() throws {
    let region = try Self.region()
    let tip = try region.publish(
      "lerum",
      TestRegion.document("Brevlåda").replacingOccurrences(of: "practice", with: "tip"))
    try Self.sync(region, "lerum", "kiruna")
    try region.run("kiruna", "comment", tip, "Bra tips!")
    try region.run("kiruna", "adopt", tip, "--state", "PLANNED")
    try Self.sync(region, "kiruna", "lerum")
    try region.run("lerum", "edit", tip, "--set", "kind=practice", "--set", "stage=PILOT")
    try Self.sync(region, "lerum", "kiruna")
    for name in ["lerum", "kiruna", "council"] {
      let shown = try region.run(name, "show", tip).output
      for text in ["Praktik", "Bra tips!", "Planerat"] {
        #expect(shown.contains(text), "\(name): \(text): \(shown)")
      }
    }
  }
}
