import Foundation
import Node
import Signatures
import Testing

/// A council and organisations, each a folder with a node, set up by the commands alone.
final class TestRegion {
  let folder: URL
  let link: String
  private(set) var council: Server

  /// As many others as `seats` says sit in the council, in the nodes `seat0`, `seat1` and so on.
  init(seats: Int = 0, threshold: Int = 1) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-\(UUID().uuidString)")
    self.folder = folder
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // The address is in the charter, so the port must be known before the node is made.
    let port = try FreePort.draw()
    let council = folder.appendingPathComponent("council")
    let others = try (0..<seats).flatMap { index in
      let seat = folder.appendingPathComponent("seat\(index)").path
      let drawn = try Program.run(["init", "--member", "-d", seat, "--json"])
      let line = try #require((drawn.json as? [String: String])?["member"], "\(drawn.errors)")
      return ["--member-line", line]
    }
    let made = try Program.run(
      ["init", "--council", "Provrådet", "--address", "127.0.0.1:\(port)", "-d", council.path]
        + others + ["--threshold", "\(threshold)", "--json"])
    let answer = try #require(made.json as? [String: String], "\(made.errors)")
    link = try #require(answer["link"])
    self.council = try Server(council, port: port)
    for index in 0..<seats {
      try run("seat\(index)", "init", "--member", "--region", link)
      try run("seat\(index)", "sync")
    }
  }

  deinit {
    council.kill()
    try? FileManager.default.removeItem(at: folder)
  }

  func node(_ name: String) -> URL { folder.appendingPathComponent(name) }

  /// Runs a command on a node and demands success.
  @discardableResult
  func run(_ name: String, _ arguments: String..., input: String = "") throws -> Program.Result {
    let result = try attempt(name, arguments, input: input)
    try #require(result.status == 0, "\(arguments): \(result.errors)\(result.output)")
    return result
  }

  /// Runs a command on a node, whatever comes of it.
  func attempt(_ name: String, _ arguments: [String], input: String = "") throws -> Program.Result {
    try Program.run(arguments + ["-d", node(name).path], input: input)
  }

  /// Makes an organisation's node, has it admitted, and delegates an officer on it.
  func join(_ name: String, _ code: String, address: String? = nil) throws {
    var arguments = ["init", "--organisation", code, "--region", link, "--json"]
    if let address { arguments += ["--address", address] }
    let made = try attempt(name, arguments)
    let request = try #require((made.json as? [String: String])?["request"], "\(made.errors)")
    try run("council", "admit", request)
    try run(name, "sync")
    try run(name, "key", "delegate", "--here")
    try run(name, "sync")
  }

  /// Makes a second node of an organisation, a device for an officer or another role.
  func enrol(_ name: String, of organisation: String, as role: String = "author") throws {
    let made = try attempt(name, ["init", "--device", "--role", role, "--region", link, "--json"])
    let request = try #require((made.json as? [String: String])?["request"], "\(made.errors)")
    try run(organisation, "key", "delegate", request, "--role", role, "--yes")
    // Everybody calls the council, which calls nobody here.
    if organisation != "council" { try run(organisation, "sync") }
    try run(name, "sync")
  }

  /// Changes a node's database behind its back.
  func damage(_ name: String, _ sql: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    process.arguments = [
      "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
      node(name).appendingPathComponent("store.sqlite").path, sql,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  func publish(_ name: String, _ document: String) throws -> String {
    let result = try run(name, "publish", "-", "--json", input: document)
    return try #require((result.json as? [String: String])?["record"])
  }

  /// What `doctor` finds: the values by the code; exits as it should.
  func findings(_ name: String, _ arguments: String...) throws -> [String: [String: Any]] {
    let result = try attempt(name, ["doctor", "--json"] + arguments)
    let json = try #require(result.json as? [String: Any], "\(result.errors)")
    let found = try #require(json["findings"] as? [[String: Any]])
    #expect(found.isEmpty ? result.status == 0 : [1, 6].contains(result.status))
    return Dictionary(
      found.map { ($0["code"] as? String ?? "", $0["values"] as? [String: Any] ?? [:]) },
      uniquingKeysWith: { first, _ in first })
  }

  func restartCouncil() throws {
    let port = council.port
    council.kill()
    council = try Server(node("council"), port: port)
  }

  /// What `status` says; what it finds, such as a full disk of this computer, is no error here.
  func status(_ name: String) throws -> [String: Any] {
    let result = try attempt(name, ["status", "--json"])
    try #require([0, 6].contains(result.status), "\(result.errors)")
    return try #require(result.json as? [String: Any])
  }

  func statusOfCouncil() throws -> [String: Any] {
    try status("council")
  }

  /// How often the council has refused something for a reason, once it is at least `expected`;
  /// the daemon writes its counts about once a second.
  func refusals(_ code: String, atLeast expected: Int = 0) throws -> Int {
    var count = 0
    for _ in 0..<50 {
      let refused = try #require(try statusOfCouncil()["refused"] as? [[String: Any]])
      count = refused.first { $0["code"] as? String == code }?["count"] as? Int ?? 0
      if count >= expected { break }
      usleep(100_000)
    }
    return count
  }

  /// The public key in a key file, by way of what the roster says of it.
  func officer(_ name: String) throws -> String {
    try NodeDirectory.open(node(name).path).key(.officer).publicKey.description
  }

  static func document(_ title: String, theme: String = "INNO") -> String {
    """
    ---
    kind: practice
    title: \(title)
    themes: [\(theme)]
    stage: IDEA
    contact_ref: innovation@kommun.example
    ---
    En kort sammanfattning på svenska: åäö.
    """
  }
}

enum FreePort {
  /// A port that was free a moment ago.
  static func draw() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
      }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
