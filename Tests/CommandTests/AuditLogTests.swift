import Foundation
import Node
import Signatures
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct AuditLogTests {
  @Test func `lines are numbered, chained, in a fixed order and nobody else's to read`() throws {
    let log = try Sample()
    log.append(.node(.started))
    log.append(.key(.created, name: "officer", key: try Sample.key(7)))
    let attributes = try FileManager.default.attributesOfItem(atPath: log.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let lines = try log.lines
    #expect(
      lines.map { $0.replacing(/[0-9a-f]{64}/, with: "…") } == [
        #"{"sequence":1,"time":"2026-01-01T00:00:01.001Z","kind":"node","event":"started","chain":"…"}"#,
        #"{"sequence":2,"time":"2026-01-01T00:00:02.001Z","kind":"key","event":"created","#
          + #""name":"officer","key":"…","chain":"…"}"#,
      ])
    #expect(try log.log.verify().lines == 2)
    #expect(lines[1].contains("\(try log.log.verify().chain)"))
  }

  @Test(arguments: Tampering.all)
  func `a log that was changed afterwards is found, with the first line that does not follow`(
    tampering: Tampering
  ) throws {
    let log = try Sample()
    for _ in 0..<9 { log.append(.node(.backup)) }
    #expect(try log.log.verify().broken == nil)
    try log.rewrite(tampering.change)
    let broken = try #require(try log.log.verify().broken)
    #expect(broken.line == tampering.line && broken.problem == tampering.problem)
  }

  /// Every way in which a crash can cut the last line.
  @Test(arguments: [2, 3, 40, 100, 140])
  func `the log goes on after a line that a crash has torn, and still vouches for the rest`(
    missing: Int
  ) throws {
    let log = try Sample()
    for _ in 0..<3 { log.append(.node(.backup)) }
    let whole = try log.bytes
    try log.write(whole.dropLast(missing))
    let torn = try log.log.verify()
    #expect(torn.lines == 2 && torn.isTornAtEnd && torn.broken == nil)
    log.append(.node(.started))
    var found = try log.log.verify()
    #expect(found.broken == nil && !found.isTornAtEnd)
    #expect(found.torn == 1 && found.lines == 4)
    #expect(try log.lines.count == 5)
    // The line that accounts for the torn one is torn as well.
    let again = try log.bytes
    let keep = try #require(again.lastIndex(of: 10, before: again.count - 1))
    try log.write(again.prefix(keep - 30))
    log.append(.node(.stopped))
    found = try log.log.verify()
    #expect(found.broken == nil && found.torn == 1 && found.lines == 4)
    // What is torn is evidence too.
    try log.rewrite { $0[2] = "x" + $0[2].dropFirst() }
    #expect(try log.log.verify().broken?.line == 3)
  }

  @Test func `a last line that lacks nothing but its newline is whole`() throws {
    let log = try Sample()
    for _ in 0..<3 { log.append(.node(.backup)) }
    try log.write(try log.bytes.dropLast())
    #expect(try log.log.verify().lines == 3)
    log.append(.node(.started))
    let found = try log.log.verify()
    #expect(found.broken == nil && found.torn == 0 && found.lines == 4)
  }

  @Test func `bytes lost to a power cut, as zeros without end, are gone round`() throws {
    let log = try Sample()
    log.append(.node(.started))
    try log.write(try log.bytes + [UInt8](repeating: 0, count: 50_000))
    log.append(.node(.started))
    let found = try log.log.verify()
    #expect(found.broken == nil && found.torn == 1 && found.lines == 3)
  }

  @Test func `a time window is the lines in it, its end excluded`() throws {
    let log = try Sample()
    for _ in 0..<10 { log.append(.node(.backup)) }
    func sequences(_ since: UInt64?, _ until: UInt64?, lastBytes: Int? = nil) throws -> [UInt64] {
      var found: [UInt64] = []
      try log.log.read(
        since: since.map { Sample.start + $0 * 1000 + 1 },
        until: until.map { Sample.start + $0 * 1000 + 1 }, lastBytes: lastBytes
      ) { found.append($0.sequence) }
      return found
    }
    #expect(try sequences(3, 6) == [3, 4, 5])
    #expect(try sequences(nil, 2) == [1])
    #expect(try sequences(9, nil) == [9, 10])
    #expect(try sequences(11, nil) == [])
    // The line that the cut falls into is left out.
    let line = try #require(try log.lines.last).utf8.count + 1
    #expect(try sequences(nil, nil, lastBytes: 2 * line + 5) == [9, 10])
  }

  @Test func `no line is longer than one write, whatever goes in`() throws {
    let log = try Sample()
    for character in ["\"", "\\", "å", "\u{1b}", "\n", "🏳️‍🌈"] {
      let long = String(repeating: character, count: 20_000)
      log.append(
        .refusal(
          RefusalCause(code: long, reason: long), peer: try Sample.key(1), address: long))
      log.append(.node(.backup, detail: long))
    }
    let lines = try log.lines
    #expect(lines.count == 12)
    #expect(lines.allSatisfy { $0.utf8.count < AuditLine.bytesMax })
    for line in lines {
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
    #expect(try log.log.verify().broken == nil)
    var read = 0
    try log.log.read { _ in read += 1 }
    #expect(read == 12)
  }

  @Test func `threads that write at once lose no line and break no chain`() async throws {
    let log = try Sample()
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<50 { log.log.append(.node(.backup), now: Sample.start) }
        }
      }
    }
    #expect(log.failures.withLock { $0 } == [])
    let found = try log.log.verify()
    #expect(found.broken == nil && found.lines == 200)
  }

  @Test func `a full disk is told and stops nothing`() throws {
    let log = try Sample()
    try FileManager.default.createSymbolicLink(
      atPath: log.path, withDestinationPath: "/dev/full")
    log.append(.node(.started))
    let failures = log.failures.withLock { $0 }
    #expect(failures.count == 1)
    #expect(failures.allSatisfy { $0.contains("No space left") })
  }
}

/// A log of its own folder, one second a line.
private final class Sample: Sendable {
  static let start: UInt64 = 1_767_225_600_000
  let log: AuditLog
  let failures: Failures
  private let folder: URL

  /// What the log could not do.
  final class Failures: Sendable {
    private let texts = Mutex<[String]>([])
    func withLock<T: Sendable>(_ body: (inout sending [String]) -> sending T) -> T {
      texts.withLock(body)
    }
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-audit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let failures = Failures()
    self.failures = failures
    log = AuditLog(folder: folder.path) { error in failures.withLock { $0.append("\(error)") } }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static func key(_ byte: UInt8) throws -> PublicKey {
    try #require(SigningKey(seed: [UInt8](repeating: byte, count: 32))).publicKey
  }

  var path: String { log.path }
  var bytes: [UInt8] { get throws { Array(try Data(contentsOf: URL(fileURLWithPath: path))) } }
  var lines: [String] {
    get throws {
      String(decoding: try bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
  }

  func append(_ entry: AuditEntry) {
    let count = (try? lines.count) ?? 0
    log.append(entry, now: Self.start + UInt64(count + 1) * 1000 + 1)
  }

  func write(_ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  func rewrite(_ change: (inout [String]) -> Void) throws {
    var lines = try lines
    change(&lines)
    try write((lines.joined(separator: "\n") + "\n").utf8)
  }
}

extension [UInt8] {
  fileprivate func lastIndex(of byte: UInt8, before end: Int) -> Int? {
    self[..<end].lastIndex(of: byte)
  }
}

/// One way to change nine lines, and what must be found.
struct Tampering: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let line: Int
  let problem: AuditLog.Break.Problem
  let change: @Sendable (inout [String]) -> Void

  static let all = [
    Tampering(testDescription: "altered", line: 4, problem: .chain) {
      $0[3] = $0[3].replacing("backup", with: "backed")
    },
    Tampering(testDescription: "its time moved", line: 4, problem: .chain) {
      $0[3] = $0[3].replacing("2026-01", with: "2026-02")
    },
    Tampering(testDescription: "removed", line: 4, problem: .sequence) {
      $0.remove(at: 3)
    },
    Tampering(testDescription: "the first removed", line: 1, problem: .sequence) {
      $0.removeFirst()
    },
    Tampering(testDescription: "reordered", line: 4, problem: .sequence) {
      $0.swapAt(3, 4)
    },
    Tampering(testDescription: "doubled", line: 5, problem: .sequence) {
      $0.insert($0[3], at: 4)
    },
    Tampering(
      testDescription: "removed and renumbered", line: 4, problem: .chain
    ) { lines in
      lines.remove(at: 3)
      for index in 3..<lines.count {
        lines[index] = lines[index].replacing(
          "\"sequence\":\(index + 2)", with: "\"sequence\":\(index + 1)")
      }
    },
    Tampering(
      testDescription: "made unreadable", line: 4, problem: .notALine
    ) { $0[3] = "{}" },
    Tampering(testDescription: "something put in", line: 4, problem: .notALine) {
      $0.insert("nothing to see here", at: 3)
    },
  ]
}
