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
