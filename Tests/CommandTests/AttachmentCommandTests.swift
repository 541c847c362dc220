import Foundation
import Testing
import WireFormat

/// Files as an officer adds, reads and erases them, across a region.
@Suite(.timeLimit(.minutes(5))) struct AttachmentCommandTests {
  /// A file whose words can be searched for, 200,000 bytes and more.
  private static let text = String(
    repeating: "Budgetunderlag för Hemlighetsfulla Svensson. ", count: 4500)

  private static func region() throws -> TestRegion {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    return region
  }

  private static func file(_ name: String, _ region: TestRegion, _ text: String) throws -> String {
    let folder = region.folder.appendingPathComponent("officer")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  @Test func `a file added at one municipality is saved at another the next morning`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Med underlag"))
    let path = try Self.file("Underlag å ä ö.txt", region, Self.text)
    #expect(try region.run("lerum", "attach", record, path).output.contains("har nu 1 bilaga."))
    #expect(try region.run("lerum", "sync").output.contains("1 skickade"))
    #expect(try region.run("kiruna", "sync").output.contains("bilagor: 1 hämtade"))
    let list = try region.run("kiruna", "attachments", record).output
    #expect(list.contains("Underlag å ä ö.txt") && list.contains("text/plain"))
    let target = region.folder.appendingPathComponent("sparat").path
    try region.run("kiruna", "attachments", record, "--save", target)
    let saved = try String(contentsOfFile: target + "/Underlag å ä ö.txt", encoding: .utf8)
    #expect(saved == Self.text)
    let again = try region.attempt("kiruna", ["attachments", record, "--save", target])
    #expect(again.status == 3 && again.errors.contains("Finns redan"))
    // What is left out is gone everywhere for whoever looks.
    try region.run("lerum", "attach", record, "--remove", "Underlag å ä ö.txt")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try region.run("kiruna", "attachments", record).output.contains("Inga bilagor"))
  }

  @Test func `a file that has not come is listed, and counted by status`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Med underlag"))
    try region.run("kiruna", "quota", "--attachments", "0")
    try region.run("lerum", "attach", record, try Self.file("a.pdf", region, Self.text))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try region.run("kiruna", "attachments").output.contains(record.prefix(12)))
    let states = try #require(try region.status("kiruna")["states"] as? [String: Any])
    #expect(states["attachments-missing"] as? Int == 1)
    let target = region.folder.appendingPathComponent("sparat").path
    let early = try region.attempt("kiruna", ["attachments", record, "--save", target])
    #expect(early.status == 1 && early.errors.contains("sprida sync"))
    try region.run("kiruna", "quota", "--attachments", "100")
    try region.run("kiruna", "sync")
    #expect(try region.run("kiruna", "attachments").output.contains("Inga bilagor saknas"))
  }

  @Test func `after an erasure no file of any node holds the attachment, nor its name`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Försök"))
    let path = try Self.file("Svenssons-plan.txt", region, Self.text)
    try region.run("lerum", "attach", record, path)
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try Self.holders(of: "Hemlighetsfulla", region).count >= 3, "it was there")
    try FileManager.default.removeItem(atPath: path)
    try region.run("lerum", "erase", record, "--basis", "GDPR17", "--with", "root", "--yes")
    for name in ["lerum", "kiruna", "lerum"] { try region.run(name, "sync") }
    for word in ["Hemlighetsfulla", "Svenssons-plan"] {
      #expect(try Self.holders(of: word, region) == [])
    }
    for name in ["lerum", "kiruna", "council"] {
      #expect(try region.run(name, "attachments", record).output.contains("Inga bilagor"))
      #expect(try region.run(name, "doctor", "--deep").status == 0)
    }
  }

  @Test func `one field that names a file goes with the file, and the rest stays`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Bra titel"))
    try region.run(
      "lerum", "attach", record, try Self.file("plan.txt", region, Self.text))
    try region.run("lerum", "sync")
    try FileManager.default.removeItem(at: region.folder.appendingPathComponent("officer"))
    try region.run(
      "lerum", "erase", record, "--field", "attachments", "--basis", "GDPR17", "--with", "root",
      "--yes")
    try region.run("lerum", "sync")
    #expect(try Self.holders(of: "Hemlighetsfulla", region) == [])
    #expect(try region.run("council", "show", record).output.contains("Bra titel"))
  }

  @Test func `a file that is no attachment says what was expected, and changes nothing`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Bra titel"))
    let empty = try Self.file("tom.txt", region, "")
    let large = try Self.file(
      "stor.bin", region, String(repeating: "x", count: Limits.attachmentBytesMax + 1))
    let good = try Self.file("bra.txt", region, "bra")
    for (path, words) in [
      (empty, "0 byte, väntade 1 byte till 5 MiB"), (large, "5\u{a0}242\u{a0}881 byte"),
      ("/finns/inte", "går inte att läsa"),
    ] {
      let result = try region.attempt("lerum", ["attach", record, good, path])
      #expect(result.status == 3 && result.errors.contains(words), "\(result.errors)")
    }
    #expect(try region.run("lerum", "attachments", record).output.contains("Inga bilagor"))
    let many = try (1...9).map { try Self.file("\($0).txt", region, "\($0)") }
    let tooMany = try region.attempt("lerum", ["attach", record] + many)
    #expect(tooMany.status == 3 && tooMany.errors.contains("högst 8"))
    try region.run("lerum", "attach", record, good)
    let twice = try region.attempt("lerum", ["attach", record, good])
    #expect(twice.status == 3 && twice.errors.contains("--remove bra.txt"))
    let absent = try region.attempt("lerum", ["attach", record, "--remove", "annan"])
    #expect(absent.status == 3 && absent.errors.contains("annan"))
    try region.run("lerum", "sync")
    try region.run("kiruna", "sync")
    let foreign = try region.attempt("kiruna", ["attach", record, good])
    #expect(foreign.status == 3 && foreign.errors.contains("en annan organisation"))
  }

  @Test func `a name that leads elsewhere is saved in the folder all the same`() throws {
    let region = try Self.region()
    // The name is what the publisher says; an edit can say anything.
    let record = try region.publish("lerum", TestRegion.document("Illvilja"))
    try region.run("lerum", "attach", record, try Self.file("a.txt", region, "innehåll"))
    let document = try region.run("lerum", "show", record, "--markdown").output
      .replacingOccurrences(of: "a.txt", with: "../../.profile")
    try region.run("lerum", "edit", record, "-", input: document)
    let target = region.folder.appendingPathComponent("mapp/inre").path
    try region.run("lerum", "attachments", record, "--save", target)
    #expect(try FileManager.default.contentsOfDirectory(atPath: target) == ["_.._.profile"])
  }

  @Test func `two files of one name are told apart, saved both, and one is left out by its id`()
    throws
  {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Två enheter"))
    try region.run("lerum", "sync")
    try region.enrol("lerum2", of: "lerum")
    for (name, text) in [("lerum", "ett"), ("lerum2", "två")] {
      try region.run(name, "attach", record, try Self.file("budget.txt", region, text))
    }
    for name in ["lerum", "lerum2", "lerum"] { try region.run(name, "sync") }
    let target = region.folder.appendingPathComponent("sparat").path
    try region.run("lerum", "attachments", record, "--save", target)
    let names = try FileManager.default.contentsOfDirectory(atPath: target).sorted()
    #expect(names == ["budget-2.txt", "budget.txt"])
    let unclear = try region.attempt("lerum", ["attach", record, "--remove", "budget.txt"])
    #expect(unclear.status == 3 && unclear.errors.contains("ange i stället det id"))
    let list = try #require(
      try region.run("lerum", "attachments", record, "--json").json as? [[String: Any]])
    let digest = try #require(list.first?["digest"] as? String)
    try region.run("lerum", "attach", record, "--remove", String(digest.prefix(8)))
    #expect(try region.run("lerum", "attachments", record).output.contains("budget.txt"))
  }

  @Test func `a damaged attachment is found, forgotten and fetched again`() throws {
    let region = try Self.region()
    let record = try region.publish("lerum", TestRegion.document("Med underlag"))
    try region.run("lerum", "attach", record, try Self.file("a.txt", region, Self.text))
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    try region.damage(
      "kiruna", "UPDATE attachment_chunk SET bytes = zeroblob(length(bytes)) WHERE number = 1")
    #expect(try region.findings("kiruna", "--deep")["attachments-damaged"] != nil)
    #expect(try region.attempt("kiruna", ["doctor", "--deep"]).status == 1)
    try region.run("kiruna", "rebuild")
    #expect(try region.run("kiruna", "attachments", record).output.contains("saknas"))
    try region.run("kiruna", "sync")
    let target = region.folder.appendingPathComponent("sparat").path
    try region.run("kiruna", "attachments", record, "--save", target)
    #expect(try String(contentsOfFile: target + "/a.txt", encoding: .utf8) == Self.text)
    #expect(try region.findings("kiruna", "--deep").isEmpty)
  }

  /// `grep -a` over every file of every node's directory.
  private static func holders(of text: String, _ region: TestRegion) throws -> [String] {
    let files = try FileManager.default.subpathsOfDirectory(atPath: region.folder.path)
    return files.filter { file in
      guard !file.hasPrefix("officer/") else { return false }
      let url = region.folder.appendingPathComponent(file)
      return (try? Data(contentsOf: url))?.firstRange(of: Data(text.utf8)) != nil
    }
  }
}
