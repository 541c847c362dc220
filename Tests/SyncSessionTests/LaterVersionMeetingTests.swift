import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// What a later version signs goes from node to node unread, and loses no byte.
@Suite struct LaterVersionMeetingTests {
  private let region: SampleRegion
  /// What this version does not understand, and that its author may sign.
  private let unknown: [RawOperation]
  /// A family and a path that no schema has.
  private let unheardOf: RawOperation

  init() throws {
    region = try Fixture.region()
    let (root, officer) = (region.organisations[0].root, region.organisations[0].officers[0])
    var version = RawOperation(recordBy: officer, in: region)
    version.version = .unsigned(2)
    version.content = [.bool(true), .array([.text("ny")])]
    let change = RawOperation(
      .record, [.text("entry"), .bytes([]), .array([RawOperation.change(type: 9)])], by: officer,
      in: region)
    var trailing = RawOperation(recordBy: officer, in: region)
    trailing.content.append(.text("mera"))
    let act = RawOperation(.charter, [.array([.unsigned(77), .text("ny")])], by: root, in: region)
    let order = RawOperation(
      .order, [.unsigned(9), .unsigned(0), .array([])], by: root, in: region)
    unknown = [version, change, trailing, act, order]
    unheardOf = RawOperation(
      .record,
      [.text("podd"), .bytes([]), .array([RawOperation.change(type: 1, path: "avsnitt")])],
      by: officer, in: region)
  }

  @Test func `it is held, counted, passed on and kept byte for byte, also by a rebuild`() throws {
    let (a, b, c) = (try Member(0), try Member(1), try Member(2))
    let operations = try (unknown + [unheardOf]).map { try $0.read(in: region) }
    for scope in Scope.allCases {
      let parcels = operations.filter { Scope($0.header.operationClass) == scope }
        .map(Parcel.init)
      let report = try a.store.ingest(
        parcels, in: scope, from: try #require(StoreID([UInt8](repeating: 9, count: 16))),
        cursor: nil, now: Fixture.clock)
      #expect(report.refusals.isEmpty && report.held.count == parcels.count)
    }
    #expect(try meet(a, b).isEqual)
    #expect(try meet(b, c).isEqual)
    for member in [a, b, c] {
      for operation in operations {
        #expect(try member.store.parcels(of: [operation.id]) == [Parcel(operation)])
      }
      #expect(try member.store.status().notUnderstood == unknown.count)
      #expect(try member.store.records(family: "podd").count == 1)
    }
    let before = try c.store.projectionDump()
    try c.store.rebuild()
    #expect(try c.store.projectionDump() == before)
    #expect(try meet(c, a).isEqual)
  }
}
