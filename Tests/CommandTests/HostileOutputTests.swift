import CRDT
import Foundation
import Node
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport
import Testing
import WireFormat

/// Every text of the corpus that the wire lets through, published by a member and shown by every
/// command: nothing acts on a terminal, poses as a line of ours, or is lost for a machine.
@Suite(.timeLimit(.minutes(10))) struct HostileOutputTests {
  private static let texts = HostileTexts.all.filter(\.arrives)

  /// A region in which a member has published each text in every place that a person can type in.
  private struct Stage {
    let region: TestRegion
    /// By the text's name.
    let records: [String: String]

    init() throws {
      region = try TestRegion()
      try region.join("lerum", "kommun:1441")
      let directory = try NodeDirectory.open(region.node("lerum").path)
      let (store, officer) = (try directory.openStore(), try directory.key(.officer))
      func publish(
        _ changes: [ChangeDraft], _ family: String, _ record: Digest? = nil
      ) throws -> Digest {
        let id = try store.sign(
          [.record(changes, family: family, record: record)], with: officer, as: [.author])[0].id
        return record ?? id
      }
      var records: [String: String] = [:]
      for text in HostileOutputTests.texts {
        let value = CBOR.text(text.text)
        let places = ["title", "summary", "need", "unit", "withdrawn", "okant"]
        // A table's row, a set, and a field that no schema has, beside the ordinary ones.
        var changes = places.filter { $0 != "withdrawn" || text.name.hasPrefix("csi") }.map {
          ChangeDraft(type: .set, path: $0, value: value)
        }
        changes += [
          ChangeDraft(type: .add, path: "keywords", value: value),
          ChangeDraft(type: .set, path: "kind", value: .text("practice")),
          ChangeDraft(type: .set, path: "costs/00000001/what", value: value),
        ]
        let record = try publish(changes, "entry")
        records[text.name] = "\(record)"
        // A second title that did not see the first: a conflict.
        _ = try publish([ChangeDraft(type: .set, path: "title", value: value)], "entry", record)
        _ = try publish([ChangeDraft(type: .set, path: "mailbox", value: value)], "contact")
      }
      self.records = records
      try nameOrganisations()
      try region.run("lerum", "sync")
    }

    /// Names come from the council; a careless one may have signed anything.
    private func nameOrganisations() throws {
      let directory = try NodeDirectory.open(region.node("council").path)
      let (store, council) = (try directory.openStore(), try directory.key(.council))
      let names = HostileOutputTests.texts.filter { $0.text.utf8.count <= 255 }
      let drafts = try names.enumerated().map { index, text in
        let key = try #require(SigningKey(seed: SHA256.hash(Array("\(index)".utf8)).bytes))
        return OperationStore.Draft.act(
          .admit(
            Act.Admission(
              root: key.publicKey, successor: Act.successorHash(of: key.publicKey),
              node: key.publicKey, address: "", code: "org:\(index)")), name: text.text)
      }
      _ = try store.sign(drafts, with: council, as: [.council])
    }
  }

  @Test func `no command lets a hostile text act, in either language, on a terminal or in a file`()
    throws
  {
    #expect(Self.texts.count >= 120)
    let stage = try Stage()
    let everywhere: [[String]] = [
      ["list"], ["list", "--withdrawn"], ["list", "--family", "contact"], ["conflicts"], ["report"],
      ["roster"], ["roster", "--keys"], ["status"], ["erasures"], ["quota"], ["audit"],
      ["search", "a"], ["list", "--facets"], ["digest", "--since", "2020-01-01"],
      ["digest", "--monthly"], ["lint", "--all"], ["inbox"], ["questions", "--all"], ["sync"],
    ]
    for arguments in everywhere {
      for (locale, isTerminal) in [("sv_SE.UTF-8", true), ("en_US.UTF-8", false)] {
        let output = try Self.output(
          arguments, stage.region.node("lerum"), locale, isTerminal: isTerminal)
        Self.expectInert(output, "\(arguments) \(locale)", isTerminal: isTerminal)
      }
    }
    for (name, record) in stage.records.sorted(by: { $0.key < $1.key }) {
      // A command more for one text of each kind; they print by the same ways.
      let isFirst = Self.texts.first { $0.category == Self.category(of: name) }?.name == name
      let further = [
        ["why", record], ["show", record, "--history"], ["show", record, "--html"],
        ["attachments", record],
      ]
      for arguments in [["show", record]] + (isFirst ? further : []) {
        let output = try Self.output(
          arguments, stage.region.node("lerum"), "sv_SE.UTF-8", isTerminal: true)
        Self.expectInert(output, "\(arguments[0]) \(name)", isTerminal: true)
      }
      guard isFirst else { continue }
      // The editable form is read back exactly: what joins letters, and heaps of marks, stay in it.
      let editable = try stage.region.run("lerum", "show", record, "--markdown").output
      #expect(!editable.unicodeScalars.contains(where: Self.acts), "show --markdown \(name)")
    }
    for log in ["lerum/audit.jsonl", "council/audit.jsonl", "council/serve.log"] {
      let text = try String(
        contentsOf: stage.region.folder.appendingPathComponent(log), encoding: .utf8)
      Self.expectInert(text, log, isTerminal: false)
    }
  }

  @Test func `a machine reads each text as it was written`() throws {
    let stage = try Stage()
    let list = try #require(
      try stage.region.run("lerum", "list", "--withdrawn", "--json").json as? [[String: Any]])
    let titles = Dictionary(
      list.compactMap { row in
        (row["record"] as? String).map { ($0, Array((row["title"] as? String ?? "").utf8)) }
      }, uniquingKeysWith: { first, _ in first })
    for text in Self.texts {
      let record = try #require(stage.records[text.name])
      #expect(titles[record] == Array(text.text.utf8), "\(text.name)")
    }
    for arguments in [
      ["export"], ["conflicts"], ["report"], ["roster"], ["status"], ["erasures"], ["quota"],
    ] {
      let result = try stage.region.attempt("lerum", arguments + ["--json"])
      #expect(result.json != nil, "\(arguments)")
      Self.expectNothingHidden(result.output, "\(arguments) --json")
    }
  }

  private static func category(of name: String) -> String? {
    texts.first { $0.name == name }?.category
  }

  /// A control character, or one that turns the direction of reading.
  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0a: false
    case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e...0x200f, 0x202a...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  private static func expectNothingHidden(_ output: String, _ name: String) {
    let hidden = output.unicodeScalars.first { $0 != "\n" && VisibleText.isHidden($0) }
    #expect(hidden == nil, "\(name)")
  }

  private static func output(
    _ arguments: [String], _ folder: URL, _ locale: String, isTerminal: Bool
  ) throws -> String {
    guard isTerminal else {
      let result = try Program.run(arguments + ["-d", folder.path], locale: locale)
      return result.output + result.errors
    }
    return try Terminal.run(arguments + ["-d", folder.path], locale: locale)
  }

  /// Our own styles aside, no control character, nothing that turns the direction of reading or is
  /// not seen.
  private static func expectInert(_ output: String, _ name: String, isTerminal: Bool) {
    var text = output
    if isTerminal {
      for style in ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[31m"] {
        text = text.replacingOccurrences(of: style, with: "")
      }
      text = text.replacingOccurrences(of: "\r\n", with: "\n")
      // The line that shows progress is taken back before anything else is printed.
      text = text.replacingOccurrences(of: "\r\u{1b}[K", with: "")
    }
    #expect(!text.isEmpty, "\(name) printed nothing")
    // Spelling out once more changes nothing: there is nothing left to spell out.
    let spelled = VisibleText.block(text)
    if Array(spelled.utf8) != Array(text.utf8) {
      let at = zip(spelled.unicodeScalars, text.unicodeScalars).first { $0 != $1 }
      Issue.record("\(name): \(at.map { "U+\(String($0.1.value, radix: 16))" } ?? "length")")
    }
  }
}

/// A command on a pseudo-terminal, as a person sees it.
enum Terminal {
  static func run(_ arguments: [String], locale: String = "sv_SE.UTF-8") throws -> String {
    let command = ([Program.url.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let process = Program.process([], locale: locale)
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["-qec", command, "/dev/null"]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
