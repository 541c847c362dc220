import Foundation
import GRDB
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// How a store keeps bodies and the texts of its index.
@Suite struct PackingTests {
  private let folder: Folder
  private var office: Office
  private let store: OperationStore

  init() throws {
    folder = try Folder()
    office = try Office()
    store = try office.store(path: folder.store)
  }

  private func change(_ sql: String, _ arguments: StatementArguments = []) throws {
    let queue = try DatabaseQueue(path: folder.store)
    try queue.write { try $0.execute(sql: sql, arguments: arguments) }
    try queue.close()
  }

  private func bodies() throws -> [Data] {
    try DatabaseQueue(path: folder.store).read {
      try Data.fetchAll(
        $0, sql: "SELECT body FROM operation WHERE record IS NOT NULL ORDER BY arrival")
    }
  }

  private func parcels() throws -> [Parcel] {
    try store.parcels(of: store.ids(.records))
  }

  @Test mutating func `a body is kept shorter than it was signed, and given as it was signed`()
    throws
  {
    let words = String(repeating: "en gång till ", count: 300)
    let operation = try office.entry(words)
    try store.take([operation])
    let signed = try #require(operation.body?.bytes)
    #expect(try bodies().map(\.count).allSatisfy { $0 < signed.count / 4 })
    #expect(try parcels().map(\.body) == [signed])
  }

  @Test mutating func `a body that an earlier version kept as it was signed is read as it is`()
    throws
  {
    let operation = try office.entry("Som förr")
    try store.take([operation])
    let signed = try #require(operation.body?.bytes)
    try change("UPDATE operation SET body = ? WHERE record IS NOT NULL", [Data(signed)])
    #expect(try parcels().map(\.body) == [signed])
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty)
  }

  @Test(arguments: 0..<32 as Range<Int>)
  mutating func `a packed body that is damaged is found, and takes nothing down`(place: Int) throws
  {
    try store.take([try office.entry(String(repeating: "Skadad text ", count: 40))])
    var body = try #require(try bodies().first)
    if place < 24 {
      body[body.startIndex + place * body.count / 24] ^= 0x24
    } else {
      body = body.prefix(body.count * (place - 23) / 10)
    }
    try change("UPDATE operation SET body = ? WHERE record IS NOT NULL", [body])
    #expect(try store.damage(isDeep: false) { _, _ in }.operationCount == 1)
    #expect(try parcels().count == 1, "a peer is given what there is, and refuses it")
  }

  @Test mutating func `a damaged text of the index is found, and a rebuild makes it again`() throws
  {
    try store.take([try office.entry("Bibliotek på hjul")])
    try store.completeSearchIndex()
    try change("UPDATE searched_text SET text = ?", [Data([0x28, 0xb5, 0x2f, 0xfd, 1])])
    #expect(try store.damage(isDeep: true) { _, _ in }.projections.contains("searched_text"))
    try store.rebuild()
    #expect(try store.search("hjul", family: "entry").count == 1)
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty)
  }

  @Test mutating func `a damaged text of the index stops no edit, and is made again`() throws {
    let first = try store.write(.set("title", "Vattenlås"), by: office.officer)
    try store.completeSearchIndex()
    try change("UPDATE searched_text SET text = ?", [Data([0x28, 0xb5, 0x2f, 0xfd, 1])])
    let former = AssignmentID(operation: first.id, index: 0)
    try store.write(
      ChangeDraft(type: .set, path: "title", value: .text("Brandgul"), targets: [former]),
      to: first.id, by: office.officer, random: 2)
    let again = try OperationStore.open(path: folder.store)
    #expect(try again.search("brandgul", family: "entry").count == 1)
    #expect(try again.search("vattenlås", family: "entry").isEmpty)
    #expect(try again.damage(isDeep: true) { _, _ in }.isEmpty)
  }

  @Test mutating func `a damaged body keeps no other record from being found`() throws {
    try store.take([try office.entry("Skadad")])
    try change("UPDATE operation SET body = zeroblob(256) WHERE record IS NOT NULL")
    try store.take([try office.entry("Bibliotek på hjul", at: 2000)])
    #expect(try store.search("hjul", family: "entry").count == 1)
  }

  @Test mutating func `an edit leaves nothing of the former text in the index`() throws {
    let first = try store.write(.set("title", "Vattenlås"), by: office.officer)
    #expect(try store.search("vattenlås", family: "entry").count == 1)
    let former = AssignmentID(operation: first.id, index: 0)
    try store.write(
      ChangeDraft(type: .set, path: "title", value: .text("Brandgul"), targets: [former]),
      to: first.id, by: office.officer, random: 2)
    #expect(try store.search("brandgul", family: "entry").count == 1)
    let words = try DatabaseQueue(path: folder.store).read {
      try String.fetchAll($0, sql: "SELECT word FROM word")
    }
    #expect(words.contains("brandgul") && !words.contains("vattenlås"))
  }
}
