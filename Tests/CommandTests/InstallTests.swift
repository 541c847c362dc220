import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct InstallTests {
  private static let units = [
    "sprida-check.service", "sprida-check.timer", "sprida-sync.service", "sprida-sync.timer",
    "sprida.service",
  ]

  private static let texts = [
    "bash-completion/completions/sprida", "fish/vendor_completions.d/sprida.fish",
    "man/man1/sprida.1", "man/sv/man1/sprida.1", "zsh/site-functions/_sprida",
  ]
  private static let program =
    ["755 opt/sprida/bin/sprida"] + texts.map { "644 opt/sprida/share/\($0)" }

  @Test func `an installation is a program and its units, again the same, and gone when removed`()
    throws
  {
    let root = try Root()
    let folder = root.url("var/lib/sprida")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("{}".utf8).write(to: folder.appendingPathComponent("node.json"))
    let before = try root.files()
    let installed = try root.install()
    try #require(installed.status == 0, "\(installed.errors)")
    #expect(installed.output.contains("systemctl enable --now sprida.service"))
    #expect(!installed.output.contains("sprida init"))
    let after = try root.files()
    #expect(
      after.filter { !before.contains($0) }
        == Self.units.map { "644 etc/systemd/system/\($0)" } + Self.program)
    #expect(before.allSatisfy(after.contains))
    #expect(
      FileManager.default.contentsEqual(
        atPath: root.url("opt/sprida/bin/sprida").path, andPath: Program.url.path))
    let units = try Self.units.map(root.unit)
    #expect(try root.install().status == 0)
    #expect(try root.files() == after)
    #expect(try Self.units.map(root.unit) == units)
    #expect(try root.install("--uninstall").status == 0)
    #expect(try root.files() == before)
    #expect(try root.install("--uninstall").status == 0)
  }

  @Test func `a unit runs as its user, in its folder, and may do nothing else`() throws {
    let root = try Root()
    try #require(try root.install("--user", "noden", "--directory", "/srv/sprida/node").status == 0)
    for (name, command) in [
      ("sprida", "serve"), ("sprida-sync", "sync"), ("sprida-check", "status"),
    ] {
      let unit = try UnitFile(root.unit("\(name).service"))
      #expect(unit["Service", "ExecStart"] == ["/opt/sprida/bin/sprida \(command)"])
      #expect(unit["Service", "User"] == ["noden"])
      #expect(unit["Service", "Environment"] == ["SPRIDA_DIRECTORY=/srv/sprida/node"])
      #expect(unit["Service", "ReadWritePaths"] == ["/srv/sprida/node"])
      #expect(unit["Service", "StateDirectory"] == [])
      #expect(unit["Unit", "ConditionPathExists"] == ["/srv/sprida/node/node.json"])
      #expect(unit["Service", "CapabilityBoundingSet"] == [""])
      #expect(unit["Service", "RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"])
      #expect(
        unit["Service", "SystemCallFilter"] == ["@system-service", "~@privileged @resources"])
      for (key, value) in [
        ("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("NoNewPrivileges", "yes"),
        ("PrivateTmp", "yes"), ("PrivateDevices", "yes"), ("MemoryDenyWriteExecute", "yes"),
        ("UMask", "0077"), ("LimitCORE", "0"), ("MemoryMax", "1G"),
      ] {
        #expect(unit["Service", key] == [value], "\(name): \(key)")
      }
    }
    let service = try UnitFile(root.unit("sprida.service"))
    #expect(service["Install", "WantedBy"] == ["multi-user.target"])
    for name in ["sprida-sync", "sprida-check"] {
      let timer = try UnitFile(root.unit("\(name).timer"))
      #expect(timer["Timer", "Persistent"] == ["true"])
      #expect(timer["Timer", "OnCalendar"].count == 1)
      #expect(timer["Timer", "RandomizedDelaySec"].count == 1)
      #expect(timer["Install", "WantedBy"] == ["timers.target"])
    }
    #expect(try UnitFile(root.unit("sprida-sync.timer"))["Timer", "RandomizedDelaySec"] == ["1h"])
    try #require(try root.install().status == 0)
    let usual = try UnitFile(root.unit("sprida.service"))
    #expect(usual["Service", "StateDirectory"] == ["sprida"])
    #expect(usual["Service", "StateDirectoryMode"] == ["0700"])
  }

  @Test func `systemd finds the units valid and little exposed`() throws {
    let root = try Root()
    try #require(try root.install().status == 0)
    for name in Self.units {
      let text = try root.unit(name)
      // What every machine can check: sections, keys, and no placeholder left.
      #expect(throws: Never.self) { try UnitFile(text) }
      #expect(!text.contains(/@[A-Z]+@/), "\(name)")
    }
    let analyze = "/usr/bin/systemd-analyze"
    guard FileManager.default.isExecutableFile(atPath: analyze) else { return }
    // The program must be where the units say.
    let prefix = root.folder.appendingPathComponent("prefix").path
    try #require(try root.install("--prefix", prefix).status == 0)
    try FileManager.default.createSymbolicLink(
      atPath: prefix, withDestinationPath: root.url(String(prefix.dropFirst())).path)
    for name in Self.units {
      let path = root.url("etc/systemd/system/\(name)").path
      let verified = try Shell.run(analyze, ["verify", path])
      #expect(verified.status == 0 && verified.errors == "", "\(name): \(verified.errors)")
      guard name.hasSuffix(".service") else { continue }
      // In tenths: at most 2.5 of 10.
      let exposure = try Shell.run(
        analyze, ["security", "--offline=true", "--threshold=25", "--no-pager", path])
      #expect(exposure.status == 0, "\(name): \(exposure.output.suffix(200))")
    }
  }

  @Test(arguments: [
    ["--prefix", "relative"], ["--user", "root; rm -rf /"], ["--directory", "/var/lib/a b"],
    ["--directory", "/var/lib/%h"], ["--directory", "/home/anna/sprida"], ["--frobnicate"],
    ["--prefix"],
  ])
  func `an argument that could not stand in a unit is refused`(arguments: [String]) throws {
    let root = try Root()
    let result = try root.install(arguments)
    #expect(result.status == 64)
    #expect(!result.errors.isEmpty)
    #expect(try root.files() == [])
  }

  @Test func `without systemd there is the program alone, and what to do next`() throws {
    let root = try Root()
    let result = try root.install("--no-systemd")
    #expect(try root.files() == Self.program)
    #expect(result.output.contains("Next: /opt/sprida/bin/sprida init"))
    let fresh = try root.install()
    #expect(fresh.output.contains("sudo -u sprida /opt/sprida/bin/sprida init"))
  }
}

/// An empty root to install into.
final class Root {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("sprida-install-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url(""), withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ path: String) -> URL { folder.appendingPathComponent("root/\(path)") }

  func unit(_ name: String) throws -> String {
    try String(contentsOf: url("etc/systemd/system/\(name)"), encoding: .utf8)
  }

  /// Every file below the root with its mode, sorted by path.
  func files() throws -> [String] {
    let paths = try #require(FileManager.default.enumerator(atPath: url("").path))
    return try paths.compactMap { $0 as? String }.sorted().compactMap { path in
      let attributes = try FileManager.default.attributesOfItem(atPath: url(path).path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { return nil }
      return String(try #require(attributes[.posixPermissions] as? Int), radix: 8) + " " + path
    }
  }

  func install(_ arguments: String...) throws -> Program.Result { try install(arguments) }

  func install(_ arguments: [String]) throws -> Program.Result {
    try Shell.run(
      ProtocolFiles.projectRoot.appending(path: "Examples/install").path,
      ["--binary", Program.url.path, "--prefix", "/opt/sprida"] + arguments,
      environment: ["DESTDIR": url("").path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"])
  }
}

/// A systemd unit: sections of keys, each with its values in order.
private struct UnitFile {
  private var values: [String: [String]] = [:]

  struct Malformed: Error { let line: String }

  init(_ text: String) throws {
    var section: String?
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if let name = line.wholeMatch(of: /\[([A-Z][a-z]+)\]/)?.1 {
        section = String(name)
      } else if let section, let pair = line.wholeMatch(of: /([A-Z][A-Za-z]+)=(.*)/) {
        values["\(section).\(pair.1)", default: []].append(String(pair.2))
      } else {
        throw Malformed(line: String(line))
      }
    }
  }

  subscript(_ section: String, _ key: String) -> [String] { values["\(section).\(key)"] ?? [] }
}

enum Shell {
  static func run(
    _ path: String, _ arguments: [String], environment: [String: String]? = nil
  ) throws -> Program.Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    if let environment { process.environment = environment }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problems = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Program.Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: problems, as: UTF8.self))
  }
}
