import Foundation
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// What a store promises about its file.
@Suite struct DurabilityTests {
  private let folder: Folder
  private var office: Office

  init() throws {
    folder = try Folder()
    office = try Office()
  }

  @Test func `a writer reads back synchronous FULL and a write-ahead log`() throws {
    let store = try office.store(path: folder.store)
    let durability = try store.durability()
    #expect(durability.synchronous == 2)
    #expect(durability.journal == "wal")
  }

  @Test func `every file of a store can be read by its owner alone`() throws {
    let store = try office.store(path: folder.store)
    _ = try store.status()
    try store.write(.set("title", "Titel"), by: office.officer)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.contains("store.sqlite"))
    #expect(names.contains("store.sqlite-wal"), "a reader keeps the log in place")
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
  }

  @Test func `a log that processes leave behind does not grow from one to the next`() throws {
    _ = try office.store(path: folder.store)
    for round in 0..<60 {
      // Each as a process of its own would: it opens the file, writes, and does not close its reader.
      let store = try OperationStore.open(path: folder.store)
      let text = (UInt8(0)..<150).map { "\(SHA256.hash([UInt8(round), $0]))" }.joined()
      try store.write(.set("title", text), by: office.officer, random: UInt8(round))
    }
    let log = try FileManager.default.attributesOfItem(atPath: folder.store + "-wal")[.size] as? Int
    #expect(try #require(log) < 2 << 20)
  }

  @Test mutating func `what was published and taken in is there after opening again`() throws {
    var expected: [String] = []
    do {
      let store = try office.store(path: folder.store)
      try store.write(.set("title", "Egen"), by: office.officer)
      try store.take([try office.entry("Annans", by: office.organisation.officers[1])])
      expected = try store.content()
    }
    let reopened = try OperationStore.open(path: folder.store)
    #expect(try reopened.content() == expected)
    #expect(reopened.region == office.region.id)
    #expect(try reopened.id() == Office.storeID(1))
    #expect(reopened.foundingOperation == office.region.founding)
    #expect(try reopened.charter().organisations == office.region.charter.organisations)
    #expect(try reopened.integrityCheck() == "ok")
  }

  @Test func `creating a store where a file is leaves the file alone`() throws {
    let bytes = Array("something else".utf8)
    try folder.write(bytes, to: folder.store)
    #expect(throws: StoreError.self) { try office.store(path: folder.store) }
    #expect(FileManager.default.contents(atPath: folder.store).map { Array($0) } == bytes)
  }

  @Test func `a store is founded by a founding operation only`() throws {
    let other = office.region.charterOperations[0]
    #expect(throws: AuthorityError.notAFoundingOperation) {
      try OperationStore.create(path: folder.store, founding: other, id: Office.storeID(1))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.store))
  }
}
