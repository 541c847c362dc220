import Foundation
import GRDB
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// A store in one file, and a store from one.
@Suite struct BackupTests {
  private var office: Office
  private let folder: Folder
  private let store: OperationStore
  private static let files = [
    PackedFile(name: "node.json", bytes: Array("{}".utf8)),
    PackedFile(name: "keys/root.key", bytes: Array("hemlig nyckel".utf8)),
  ]

  init() throws {
    office = try Office()
    folder = try Folder()
    store = try office.store(path: folder.store)
    try store.take(try office.chain(8))
  }

  private var target: String { folder.path + "/copy.sprida" }
  private var entries: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path) }
  }

  @discardableResult
  private func backUp(isReplacing: Bool = false, now: UInt64 = 500) throws -> Backup {
    try store.backUp(to: target, with: Self.files, isReplacing: isReplacing, now: now) { _ in }
  }

  private func restore(_ backup: Backup, to name: String = "restored.sqlite") throws
    -> OperationStore
  {
    let path = "\(folder.path)/\(name)"
    try backup.restore(to: path, id: Office.storeID(7), progress: { _ in }, prepare: {})
    return try OperationStore.open(path: path)
  }

  @Test func `a backup is one private file that holds the store and the files of the node`() throws
  {
    let made = try backUp()
    let read = try Backup(verifying: target) { _ in }
    #expect(read.files == Self.files.sorted { $0.name < $1.name })
    #expect(read.made == 500 && read.region == office.region.id)
    #expect(read.operations == (try store.status().held) && made.operations == read.operations)
    let mode = try FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try entries.filter { $0.hasPrefix("copy") } == ["copy.sprida"])
  }

  @Test func `a restored store shows the same, under a new id, and no bodies before a sync`() throws
  {
    let restored = try restore(try backUp())
    #expect(try restored.id() == Office.storeID(7))
    #expect(try restored.isUnsynced())
    #expect(throws: StoreError.self) { try restored.records(family: "entry") }
    #expect(try restored.ids(.records) == store.ids(.records))
    #expect(try restored.snapshot().last == store.snapshot().last, "numbers go on where they were")
    try restored.endUnsynced()
    #expect(try restored.projectionDump() == store.projectionDump())
    #expect(try restored.durability().journal == "wal")
    #expect(try restored.durability().synchronous == 2)
    let before = try restored.snapshot().last.number
    try restored.write(.set("title", "Efteråt"), by: office.officer)
    #expect(try restored.snapshot().last.number > before)
  }

  @Test func `the keys of a backup stay out of the restored store`() throws {
    _ = try restore(try backUp())
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/restored.sqlite"))
    #expect(bytes.range(of: Data("hemlig nyckel".utf8)) == nil)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: target)).range(of: Data("hemlig nyckel".utf8))
        != nil)
  }

  @Test func `a file that exists is replaced only when that is asked for`() throws {
    try folder.write([1, 2, 3], to: target)
    #expect(throws: StoreError.self) { try backUp() }
    #expect(FileManager.default.contents(atPath: target) == Data([1, 2, 3]))
    try backUp(isReplacing: true)
    #expect(try Backup(verifying: target) { _ in }.operations == store.status().held)
  }

  @Test func `a folder that cannot be written is named and nothing is left`() throws {
    let path = folder.path + "/nowhere/copy.sprida"
    #expect {
      _ = try store.backUp(to: path, with: [], isReplacing: false, now: 1) { _ in }
    } throws: { "\($0)".contains(path) }
    #expect(try store.erasureStates().isEmpty)
  }

  @Test func `what a killed backup has left goes with the next`() throws {
    let abandoned = target + ".part-999999999"
    let running = target + ".part-1"
    for path in [abandoned, abandoned + "-journal", running] { try folder.write([0], to: path) }
    try backUp()
    #expect(
      Set(try entries.filter { $0.hasPrefix("copy") }) == ["copy.sprida", "copy.sprida.part-1"])
  }

  @Test(arguments: 0..<24 as Range<Int>)
  func `a damaged backup is refused and makes no store`(place: Int) throws {
    try backUp()
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: target)))
    let row = try #require(
      try DatabaseQueue(path: target).read {
        try Row.fetchOne($0, sql: "SELECT envelope, body FROM operation ORDER BY arrival DESC")
      })
    if place < 12 {
      // A bit of a signed header or of a body, which no check of SQLite's can know.
      let needle =
        place < 6 ? (row["envelope"] as Data).suffix(40) : (row["body"] as Data).prefix(40)
      let start = try #require(Data(bytes).range(of: needle)?.lowerBound)
      bytes[start + place % 6 * 5] ^= 0x10
    } else {
      bytes = Array(bytes.prefix(bytes.count * (place - 11) / 13))
    }
    try folder.write(bytes, to: target)
    #expect(throws: StoreError.self) { try Backup(verifying: target) { _ in } }
  }

  @Test func `a set digest that is not that of the operations is found`() throws {
    try backUp()
    let queue = try DatabaseQueue(path: target)
    try queue.write { try $0.execute(sql: "UPDATE set_digest SET count = count + 1") }
    try queue.close()
    #expect { try Backup(verifying: target) { _ in } } throws: { "\($0)".contains("set digests") }
  }

  @Test func `a plain copy of a store is no backup, and one of a later version is refused`() throws
  {
    try FileManager.default.copyItem(atPath: folder.store, toPath: folder.path + "/plain")
    #expect { try Backup(verifying: folder.path + "/plain") { _ in } } throws: {
      "\($0)".contains("sprida backup")
    }
    try backUp()
    let queue = try DatabaseQueue(path: target)
    try queue.inDatabase { try $0.execute(sql: "PRAGMA user_version = 1000") }
    try queue.close()
    #expect { try Backup(verifying: target) { _ in } } throws: {
      if case StoreError.newerSchema = $0 { true } else { false }
    }
  }

  @Test func `a store that is there, or the log that one has left, stops a restore`() throws {
    let backup = try backUp()
    _ = try restore(backup)
    #expect(throws: StoreError.self) { try restore(backup) }
    try folder.write([9], to: folder.path + "/other.sqlite-wal")
    #expect { try restore(backup, to: "other.sqlite") } throws: {
      if case StoreError.leftover = $0 { true } else { false }
    }
    #expect(
      try entries.filter { $0.hasPrefix("other") }.sorted() == [
        "other.sqlite-wal", "other.sqlite.lock",
      ])
  }

  @Test mutating func `backups older than an order are listed, also on a node made of one`() throws
  {
    let backup = try backUp(now: 500)
    let restored = try restore(backup)
    let entry = try #require(try store.ids(.records).first)
    for store in [store, restored] {
      let admin = office.organisation.admin
      _ = try store.publish(
        [.order(Order(kind: .erase, basis: 1, operations: [entry]))], with: admin.key, as: [.admin],
        clock: Office.clock, random: { [UInt8](repeating: 5, count: Body.randomByteCount) })
      #expect(try store.erasureStates().map(\.olderBackups) == [[target]])
    }
    // One made before the bytes are overwritten has them still.
    try backUp(isReplacing: true, now: Office.clock + 1)
    #expect(try store.erasureStates().map(\.olderBackups) == [[target]])
    let over = Office.clock + UInt64(Limits.erasureGraceMilliseconds)
    #expect(try store.carryOutErasures(now: over).count == 1)
    try backUp(isReplacing: true, now: over + 1)
    #expect(try store.erasureStates().map(\.olderBackups) == [[]])
  }

  @Test func `a writer goes on while a backup is made`() async throws {
    let (store, office, target) = (store, office, target)
    let writing = Task {
      for round in 0..<60 {
        try store.write(.set("title", "Nr \(round)"), by: office.officer, random: UInt8(round))
      }
    }
    for round in 0..<10 {
      _ = try store.backUp(
        to: "\(target)-\(round)", with: [], isReplacing: false, now: 1
      ) { _ in }
      _ = try Backup(verifying: "\(target)-\(round)") { _ in }
    }
    try await writing.value
    #expect(try store.ids(.records).count == 68)
  }
}
