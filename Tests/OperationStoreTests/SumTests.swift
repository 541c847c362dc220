import FoundationEssentials
import GRDB
import OperationStore
import Operations
import Reconciliation
import Signatures
import TestSupport
import Testing
import WireFormat

/// The trees of sums hold what is exchanged, however it came to be so.
@Suite struct SumTests {
  private let folder: Folder
  private let office: Office

  init() throws {
    folder = try Folder()
    office = try Office()
  }

  private func items(_ store: OperationStore) throws -> [ReconcilableItem] {
    try store.withItems(of: .records, .everything) { try $0.all() }
  }

  @Test(arguments: UInt64(0)..<6)
  func `after edits, a cut and a rebuild the trees are those of the operations`(
    seed: UInt64
  ) throws {
    let store = try office.store(path: folder.store)
    var history = EditHistory(seed: seed)
    for _ in 0..<30 { try history.edit(store, office) }
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty, "seed \(seed)")
    let before = try items(store)
    #expect(try Set(before.map(\.id)) == Set(store.ids(.records)))
    _ = try store.publish(
      [.act(.revoke(key: office.officer.key.publicKey, heads: [], disowned: []), name: nil)],
      with: office.organisation.admin.key, as: [.admin], clock: Office.clock,
      random: { [UInt8](repeating: 1, count: Body.randomByteCount) })
    #expect(try items(store).count < before.count)
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty, "seed \(seed)")
    let cut = try items(store)
    try store.rebuild()
    #expect(try items(store) == cut)
  }

  @Test func `an organisation that is left out, and what came later, leave the set alone`() throws {
    var office = office
    let store = try office.store()
    let first = try office.chain(5)
    try store.take(first)
    let last = try store.snapshot().last.number
    let later = try office.entry("Senare")
    try store.take([later])
    func count(_ named: Set<Digest>, without left: Set<Digest> = []) throws -> Int {
      var subject = SessionSubject(last: last, paused: left)
      subject.name(named)
      return try store.withItems(of: .records, subject) { $0.count }
    }
    #expect(try count([]) == 5)
    #expect(try count([later.id]) == 6)
    #expect(try count([later.id], without: [office.organisation.id]) == 0)
    #expect(try items(store).count == 6, "the stored tree is as it was")
  }

  @Test func `what one process writes, another that reads at once finds`() throws {
    _ = try office.store(path: folder.store)
    let handles = try (0..<2).map { _ in try OperationStore.open(path: folder.store) }
    for step in 0..<120 {
      try handles[step % 2].write(
        .set("title", "Steg \(step)"), by: office.officer, random: UInt8(step))
      #expect(try items(handles[1 - step % 2]).count == step + 1)
    }
    #expect(try handles[0].damage(isDeep: true) { _, _ in }.isEmpty)
  }

  @Test func `a page that is lost is named, nothing is taken in meanwhile, and a rebuild mends it`()
    throws
  {
    var office = office
    let store = try office.store(path: folder.store)
    try store.take(try office.chain(5))
    let queue = try DatabaseQueue(path: folder.store)
    try queue.write { try $0.execute(sql: "UPDATE sum_page SET content = x'0102'") }
    #expect(try store.damage(isDeep: true) { _, _ in }.projections.contains("sum_page"))
    let entry = try office.entry("Sedan")
    let before = try store.snapshot().last
    #expect(throws: StoreError.self) { try store.take([entry]) }
    #expect(throws: StoreError.self) { try items(store) }
    #expect(try store.snapshot().last == before)
    try store.rebuild()
    try store.take([entry])
    #expect(try items(store).count == 6)
    #expect(try store.damage(isDeep: true) { _, _ in }.isEmpty)
  }
}
