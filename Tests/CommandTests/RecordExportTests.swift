import Foundation
import Node
import OperationStore
import Operations
import Testing
import WireFormat

/// Everything out as JSON, and in again elsewhere.
@Suite(.ownThread, .timeLimit(.minutes(5)))
struct RecordExportTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
  }

  private func export(_ region: TestRegion, _ arguments: String...) throws -> Program.Result {
    let result = try region.attempt("lerum", ["export"] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result
  }

  /// Family and values of each record, by title, with other records by their titles and nothing that
  /// differs between regions.
  private func content(_ result: Program.Result) throws -> [String: [String]] {
    let records = try #require(result.json as? [[String: Any]])
    func value(_ live: Any) -> Any? { (live as? [String: Any])?["value"] }
    func live(_ record: [String: Any], _ path: String) -> [Any] {
      let field = (record["fields"] as? [String: Any])?[path] as? [String: Any]
      let all = (field?["values"] as? [Any] ?? []) + (field?["elements"] as? [Any] ?? [])
      return all.compactMap(value)
    }
    var titles: [String: String] = [:]
    for record in records {
      let owner = try #require((record["organisation"] as? [String: Any])?["id"] as? String)
      let id = try #require(record["record"] as? String)
      titles["\(owner)/\(id)"] = live(record, "title").first as? String
    }
    var content: [String: [String]] = [:]
    for record in records {
      let paths = (record["fields"] as? [String: Any])?.keys.sorted() ?? []
      let name = live(record, "title").first as? String ?? "\(record["family"] ?? "")"
      content[name] = paths.map { path in
        "\(path): " + live(record, path).map { titles["\($0)"] ?? "\($0)" }.joined(separator: ", ")
      }
    }
    return content
  }

  @Test func `sixty entries exported and published in an empty region are the same entries`() throws
  {
    try region.publishSeed()
    let exported = try export(region)
    let content = try content(exported)
    #expect(content.count == 60)
    #expect(content.values.joined().count { $0.hasPrefix("part_of: ") } == 45)

    let other = try TestRegion()
    try other.join("lerum", "kommun:1441")
    let file = other.folder.appendingPathComponent("allt.json")
    try exported.output.write(to: file, atomically: true, encoding: .utf8)
    let published = try other.run("lerum", "publish", file.path, "--json")
    #expect(((published.json as? [String: Any])?["records"] as? [String])?.count == 60)
    #expect(try self.content(export(other)) == content)
  }

  @Test func `references in a circle, an adoption and a comment find each other again`() throws {
    let first = try region.publish("lerum", TestRegion.document("Först"))
    let second = try region.publish("lerum", TestRegion.document("Sedan"))
    try region.run("lerum", "edit", first, "--set", "continued_by=\(second)")
    try region.run("lerum", "edit", second, "--set", "continues=\(first)")
    try region.run(
      "lerum", "edit", first, "--set", "success_factors=LEDN", "--set", "unit=Kultur, Skola")
    _ = try region.publish(
      "lerum", "---\nfamily: comment\nentry: \(first)\nquestion: ja\n---\nHur gick det?\n")
    let exported = try export(region, "--lines").output
    #expect(exported.split(separator: "\n").count == 3)
    #expect(!exported.contains("innovation@kommun.example"))

    let other = try TestRegion()
    try other.join("lerum", "kommun:1441")
    try other.run("lerum", "publish", "-", input: exported)
    let content = try content(export(other))
    #expect(content["Först"]?.contains("continued_by: Sedan") == true)
    #expect(content["Sedan"]?.contains("continues: Först") == true)
    #expect(content["comment"]?.contains("entry: Först") == true)
    #expect(content["Först"]?.contains("unit: Skola, Kultur") == true)
  }

  @Test(arguments: [
    ("[{}]", "[1]: väntade family och fields"), ("{\"family\": 1", "ingen JSON"),
    (#"{"family": "entri", "fields": {}}"#, "hittade familjen ”entri”"),
    (#"{"family": "entry", "fields": {"title": {"values": [{"value": "T"}]}}}"#, "themes"),
    (#"{"family": "entry", "fields": {"titl": {"values": [{"value": "T"}]}}}"#, "menade du"),
  ])
  func `what is no export is refused with its place, and nothing is signed`(
    text: String, words: String
  ) throws {
    let result = try region.attempt("lerum", ["publish", "-"], input: text)
    #expect(result.status == 3 && result.errors.contains(words), "\(result.errors)")
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
  }

  @Test func `personal families are not exported`() throws {
    _ = try region.publish("lerum", TestRegion.document("Titel"))
    #expect(!(try export(region).output.contains("mailbox")))
    #expect(try region.attempt("lerum", ["export", "--family", "contact"]).status == 3)
  }

  @Test func `a family that this program does not know is held, passed on, shown raw and exported`()
    throws
  {
    let directory = try NodeDirectory.open(region.node("lerum").path)
    let changes = [
      ChangeDraft(type: .set, path: "level", value: .text("CENTRAL")),
      ChangeDraft(type: .add, path: "answers", value: .array([.text("q1"), .unsigned(3)])),
    ]
    let record = try directory.openStore().sign(
      [.record(changes, family: "survey_answer", record: nil)], with: try directory.key(.officer),
      as: [.author])[0].id
    try region.join("kiruna", "kommun:2584")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    for name in ["kiruna", "council"] {
      let shown = try region.run(name, "show", "\(record)").output
      #expect(shown.contains("# survey_answer"))
      #expect(shown.contains("level: CENTRAL") && shown.contains("answers: q1 · 3"))
      let exported = try region.run(name, "export", "--lines").output
      #expect(exported.contains("\"survey_answer\"") && exported.contains("[\"q1\",3]"))
    }
  }
}
