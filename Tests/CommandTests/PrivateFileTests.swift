import Foundation
import Glibc
import Node
import Testing

struct PrivateFileTests {
  private let folder: NodeFolder
  private static let guest = "org:2021003054"

  init() throws {
    folder = try NodeFolder()
    let directory = try folder.open()
    _ = try directory.createKey(.officer)
    _ = try directory.createKey(.officer, guest: Self.guest)
  }

  private func read() throws {
    let directory = try folder.open()
    _ = try directory.publicKey(.officer)
    _ = try directory.publicKey(.officer, guest: Self.guest)
  }

  @Test func `what the program makes is for its user alone`() throws {
    try read()
    let paths = try #require(FileManager.default.subpaths(atPath: folder.path))
    #expect(paths.count == 5)
    for path in paths + ["."] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")
      let mode = attributes[.posixPermissions] as? Int
      #expect(mode == (attributes[.type] as? FileAttributeType == .typeDirectory ? 0o700 : 0o600))
    }
  }

  @Test func `a folder is for its user alone from the moment it exists`() throws {
    let above = folder.path + "/above"
    try FileManager.default.createDirectory(atPath: above, withIntermediateDirectories: false)
    let watch = inotify_init1(Int32(IN_NONBLOCK))
    defer { close(watch) }
    #expect(inotify_add_watch(watch, above, UInt32(IN_CREATE | IN_ATTRIB)) >= 0)
    _ = try NodeDirectory.create(
      above + "/between/node", settings: NodeSettings(region: "", address: "", code: nil))
    var events = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(watch, &events, events.count)
    // One event, of the folder made: a mode set afterwards would be another.
    let header = MemoryLayout<inotify_event>.size
    #expect(count > header)
    let event = events.withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
    #expect(event.mask == UInt32(IN_CREATE | IN_ISDIR))
    #expect(count == header + Int(event.len), "the folder was changed after it was made")
    let attributes = try FileManager.default.attributesOfItem(atPath: above + "/between")
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test(
    arguments: [
      ("", 0o700), ("/keys", 0o700), ("/keys/org-2021003054", 0o700), ("/node.json", 0o600),
      ("/keys/officer.key", 0o600), ("/keys/org-2021003054/officer.key", 0o600),
    ], [0o040, 0o004, 0o020, 0o002, 0o010, 0o001])
  func `a file or folder that others may use is refused with the mode to set`(
    place: (path: String, mode: Int), more: Int
  ) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: place.mode | more], ofItemAtPath: folder.path + place.path)
    #expect {
      try read()
    } throws: {
      guard case NodeError.openMode(let path, let mode, let expected) = $0 else { return false }
      return path.hasPrefix(folder.path + place.path)
        && mode == String(place.mode | more, radix: 8)
        && expected == String(place.mode, radix: 8)
    }
  }

  @Test(arguments: ["/keys", "/keys/org-2021003054", "/keys/officer.key", "/node.json"])
  func `a link in the place of a file or folder is refused`(path: String) throws {
    let place = folder.path + path
    let other = folder.path + ".other"
    defer { try? FileManager.default.removeItem(atPath: other) }
    try FileManager.default.moveItem(atPath: place, toPath: other)
    try FileManager.default.createSymbolicLink(atPath: place, withDestinationPath: other)
    #expect {
      try read()
    } throws: {
      if case NodeError.notPlain(place, _) = $0 { true } else { false }
    }
  }

  @Test(
    .enabled(if: geteuid() == 0),
    arguments: ["", "/keys", "/keys/org-2021003054", "/keys/officer.key", "/node.json"])
  func `a file or folder of another user is refused`(path: String) throws {
    try #require(chown(folder.path + path, 1, 1) == 0)
    defer { _ = chown(folder.path + path, geteuid(), getegid()) }
    #expect {
      try read()
    } throws: {
      if case NodeError.owner(_, 1, 0) = $0 { true } else { false }
    }
  }

  @Test func `neither a pipe nor a folder is taken for a key file`() throws {
    let place = folder.path + "/keys/officer.key"
    for make in [
      { _ = mkfifo(place, 0o600) },
      {
        try FileManager.default.createDirectory(
          atPath: place, withIntermediateDirectories: false,
          attributes: [.posixPermissions: 0o600])
      },
    ] {
      try FileManager.default.removeItem(atPath: place)
      try make()
      #expect {
        try read()
      } throws: {
        if case NodeError.notPlain(place, .file) = $0 { true } else { false }
      }
    }
  }

  @Test func `a key is never written over another`() throws {
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/keys/officer.key"))
    #expect {
      try folder.open().createKey(.officer)
    } throws: {
      if case NodeError.fileExists = $0 { true } else { false }
    }
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.path + "/keys/officer.key")) == before)
  }

  @Test func `a key file in the place of another is refused`() throws {
    try FileManager.default.moveItem(
      atPath: folder.path + "/keys/officer.key", toPath: folder.path + "/keys/root.key")
    #expect {
      try folder.open().publicKey(.root)
    } throws: {
      if case NodeError.keyFile(_, "is the file of the key officer") = $0 { true } else { false }
    }
  }
}
