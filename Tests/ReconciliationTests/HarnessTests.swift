import Foundation
import Reconciliation
import Signatures
import Testing

/// The executable that other implementations' test suites drive, as they drive it.
struct HarnessTests {
  /// A process, and what is said to it.
  private final class Harness {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let errors = Pipe()
    private var unread = Data()

    init(limit: Int) throws {
      // A process may have ended before it is spoken to: that is an error here, not the end.
      signal(SIGPIPE, SIG_IGN)
      process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
        .deletingLastPathComponent().appendingPathComponent("negentropy-harness")
      process.environment = limit == 0 ? [:] : ["FRAMESIZELIMIT": "\(limit)"]
      process.standardInput = input
      process.standardOutput = output
      process.standardError = errors
      try process.run()
    }

    func say(_ line: String) {
      try? input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
    }

    /// The next line; nil when the process has ended.
    func line() -> String? {
      while true {
        if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
          let line = String(decoding: unread[..<end], as: UTF8.self)
          unread = Data(unread[(end + 1)...])
          return line
        }
        let more = output.fileHandleForReading.availableData
        guard !more.isEmpty else { return nil }
        unread += more
      }
    }

    func end() throws -> (status: Int32, errors: String) {
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      let told = errors.fileHandleForReading.readDataToEndOfFile()
      return (process.terminationStatus, String(decoding: told, as: UTF8.self))
    }

    func hold(_ items: [ReconcilableItem]) {
      for item in items { say("item,\(item.seconds),\(item.id)") }
      say("seal")
    }
  }

  @Test(arguments: try Vectors.conformance().sessions.filter { $0.items.client.count < 3000 })
  func `two processes find what the vectors say over lines of text`(session: Session) throws {
    let client = try Harness(limit: session.limits.client)
    let server = try Harness(limit: session.limits.server)
    client.hold(session.items.client)
    server.hold(session.items.server)
    client.say("")
    client.say("initiate")
    var (have, need): (Set<String>, Set<String>) = ([], [])
    while let line = client.line(), line != "done" {
      let parts = line.split(separator: ",").map(String.init)
      switch parts.first {
      case "have": have.insert(parts[1])
      case "need": need.insert(parts[1])
      default:
        server.say(line)
        client.say(try #require(server.line()))
      }
    }
    let (ours, theirs) = (Set(session.items.client), Set(session.items.server))
    #expect(have == Set(ours.subtracting(theirs).map(\.id.description)))
    #expect(need == Set(theirs.subtracting(ours).map(\.id.description)))
    #expect(try client.end().status == 0 && server.end().status == 0)
  }

  @Test func `another version is answered with ours, as the protocol's own test asks`() throws {
    let harness = try Harness(limit: 0)
    harness.hold([])
    harness.say("msg,62aabb")
    #expect(harness.line() == "msg,61")
    harness.say("msg,61")
    #expect(harness.line() == "msg,61")
  }

  @Test(
    arguments: [
      ("initiate", "seal comes first"), ("msg,61", "seal comes first"), ("item,x,00", "found item"),
      ("item,1,00", "found item"), ("msg,6", "not hexadecimal"), ("nonsense", "found nonsense"),
      ("seal\nmsg,61ff", "ends early"),
    ])
  func `a fault ends the process with its reason`(said: String, reason: String) throws {
    let harness = try Harness(limit: 0)
    harness.say(said)
    #expect(harness.line() == nil)
    let end = try harness.end()
    #expect(end.status == 1 && end.errors.contains(reason), "\(end.errors)")
  }

  @Test func `a frame size limit below the least is refused`() throws {
    let harness = try Harness(limit: 100)
    harness.say("seal")
    #expect(harness.line() == nil)
    #expect(try harness.end().errors.contains("frame size limit 100"))
  }
}
