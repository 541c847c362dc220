import FoundationEssentials
import GRDB
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// A store that an earlier version made goes on where it was.
@Suite struct MigrationTests {
  private let folder: Folder
  private let office: Office

  init() throws {
    folder = try Folder()
    office = try Office()
  }

  /// A file of the oldest version that regions have used, with the charter, a cursor and an entry
  /// that names a file.
  private func makeOldest(_ path: String) throws {
    let model = try office.store(path: folder.path + "/model.sqlite")
    var office = office
    let cells: [(String, CBOR)] = [
      ("digest", .text("\(SHA256.hash([1]))")), ("salt", .text(String(repeating: "0a", count: 16))),
      ("size", .unsigned(5)),
    ]
    try model.take([
      try office.region.author(
        cells.map { ChangeDraft(type: .set, path: "attachments/00000001/\($0.0)", value: $0.1) }
          + [.set("title", "Äldre")], by: office.officer, after: [], at: SampleRegion.time(900),
        using: &office.generator)
    ])
    let queue = try DatabaseQueue(path: path)
    try queue.inDatabase { db in
      try db.execute(
        sql: "ATTACH DATABASE ? AS model", arguments: [folder.path + "/model.sqlite"])
      try db.inTransaction {
        try Migrations.migrate(db, to: Migrations.oldest)
        for table in ["setting", "operation", "usage", "set_digest"] {
          let columns = try db.columns(in: table).map(\.name).joined(separator: ", ")
          try db.execute(
            sql: "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM model.\(table)")
        }
        try db.execute(
          sql: "INSERT INTO peer VALUES (?, ?, 5, ?, 3, 100, 90)",
          arguments: [
            Data(Office.storeID(9).bytes), Data(node.bytes), Data(SHA256.hash([5]).bytes),
          ])
        return .commit
      }
    }
    try queue.close()
  }

  private var node: PublicKey { office.organisation.node.publicKey }

  private func expectUpToDate(_ store: OperationStore, _ title: String = "Ny") throws {
    #expect(try store.cursor(node: node)?.number == 5)
    #expect(try store.equalNumber(with: Office.storeID(9), node: node) == 3)
    #expect(try store.status().peers.map(\.latestEqual) == [90])
    #expect(try store.charter().nodes.map(\.key).contains(node))
    #expect(try store.attachmentsMissing() == 1)
    var office = office
    #expect(try store.take([try office.entry(title)]).held.count == 1)
    #expect(try store.integrityCheck() == "ok")
  }

  @Test func `a store of the oldest version is brought up to date when it is opened`() throws {
    try makeOldest(folder.store)
    try expectUpToDate(try OperationStore.open(path: folder.store))
    try expectUpToDate(try OperationStore.open(path: folder.store), "Nyare")
  }

  @Test func `a store of before the oldest version is refused, with what to do`() throws {
    try makeOldest(folder.store)
    let queue = try DatabaseQueue(path: folder.store)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = \(Migrations.oldest - 1)") }
    try queue.close()
    do {
      _ = try OperationStore.open(path: folder.store)
      Issue.record("it was opened")
    } catch StoreError.olderSchema(let path) {
      #expect(path == folder.store)
    }
  }

  @Test func `a backup of the oldest version is restored up to date`() throws {
    try makeOldest(folder.path + "/copy.sqlite")
    let queue = try DatabaseQueue(path: folder.path + "/copy.sqlite")
    try queue.write { db in
      try db.execute(sql: "CREATE TABLE node_file (name TEXT, content BLOB)")
      try db.execute(sql: "INSERT INTO setting VALUES ('backup', ?)", arguments: [Data("7".utf8)])
    }
    try queue.close()
    try Backup(verifying: folder.path + "/copy.sqlite") { _ in }.restore(
      to: folder.store, id: Office.storeID(2), progress: { _ in }, prepare: {})
    try expectUpToDate(try OperationStore.open(path: folder.store))
  }
}
