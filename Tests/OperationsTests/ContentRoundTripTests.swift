import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Every content survives signing and reading; later acts are held though nothing follows yet.
struct ContentRoundTripTests {
  private static let key = SampleRegion.key("content", seed: 1).publicKey
  private static let ids = (UInt8(1)...3).map { SHA256.hash([$0]) }.sorted()

  static let acts: [(name: String, act: Act)] = [
    (
      "admit",
      .admit(
        Act.Admission(
          root: key, successor: ids[0], node: key, address: "nod.example:7441", code: "kommun:1"))
    ),
    ("approve", .approve(operation: ids[0])),
    ("rotate with a cut", .rotate(oldHeads: ids, successor: ids[1])),
    ("rotate without heads", .rotate(oldHeads: [], successor: ids[1])),
    ("delegate admin", .delegate(key: key, role: .admin, from: 1, to: .max)),
    ("delegate author", .delegate(key: key, role: .author, from: 0, to: 0)),
    ("delegate reviewer", .delegate(key: key, role: .reviewer, from: 0, to: 0)),
    ("delegate service", .delegate(key: key, role: .service, from: 0, to: 0)),
    ("revoke", .revoke(key: key, heads: ids, disowned: [ids[2]])),
    ("vouch", .vouch(operations: ids)),
    ("remove with cuts", .remove(organisation: ids[0], cuts: [Act.Cut(key: key, heads: ids)])),
    ("remove without cuts", .remove(organisation: ids[0], cuts: [])),
    ("succeed", .succeed(from: ids[0], to: ids[1], records: ids)),
    ("node", .node(key: key, address: "")),
  ]

  /// Each act signed by whom it may be.
  static func signedActs() throws -> [(name: String, operation: Operation)] {
    let region = try Sample.region()
    let organisation = region.organisations[0]
    var generator = SeededGenerator(seed: 1)
    return try acts.map { name, act in
      let signer =
        switch act {
        case .admit, .approve, .remove, .succeed: region.council
        case .rotate:
          SampleRegion.Delegate(
            key: organisation.nextRoot, delegation: organisation.id, role: .root)
        default: organisation.root
        }
      let typed: String? = if case .admit = act { "Provstad" } else { nil }
      return (
        name,
        try region.act(
          act, name: typed, by: signer, after: [ids[0]], at: SampleRegion.time(900),
          using: &generator)
      )
    }
  }

  @Test func `every act reads as it was signed and is held`() throws {
    let region = try Sample.region()
    for ((name, act), (_, signed)) in zip(Self.acts, try Self.signedActs()) {
      let read = try Operation(
        envelope: signed.envelope.bytes, body: signed.body?.bytes ?? [], region: region.id)
      #expect(read == signed, "\(name)")
      #expect(read.header.content == .act(act), "\(name)")
      #expect(read.header.prev == [Self.ids[0]], "\(name)")
      #expect(throws: Never.self, "\(name)") { try region.charter.standing(of: read.header) }
    }
  }

  static let orders: [(OperationClass, Header.Content)] = [
    (.order, .order(Order(kind: .erase, basis: 3, operations: ids))),
    (.order, .order(Order(kind: .cancel, basis: 0, operations: []))),
    (.order, .order(Order(kind: .eraseRecord, basis: 1, operations: ids))),
    (.receipt, .receipt(Receipt(orders: ids))),
  ]

  @Test(arguments: orders)
  func `an order or receipt reads as it was signed`(
    operationClass: OperationClass, content: Header.Content
  ) throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 2)
    let organisation = region.organisations[0]
    let signed = try region.sign(
      operationClass, content,
      by: operationClass == .order ? organisation.admin : organisation.service,
      at: SampleRegion.time(900), using: &generator)
    let read = try Operation(envelope: signed.envelope.bytes, body: [], region: region.id)
    #expect(read.header.operationClass == operationClass)
    #expect(read.header.content == content)
    #expect(read.body == nil)
  }

  @Test func `changes of every type read as they were signed`() throws {
    var desk = try Desk()
    let signed = try desk.sign(
      .set("title", "A"), .add("tags", "x"),
      .clear("costs/r1/amount", over: AssignmentID(operation: Self.ids[1], index: 512)),
      .remove("tags", over: AssignmentID(operation: Self.ids[2], index: 0)))
    guard case .changes(let family, let record, let changes) = signed.header.content else {
      Issue.record("not changes")
      return
    }
    #expect(family == "entry")
    #expect(record == nil)
    #expect(changes.map(\.type) == [.set, .add, .clear, .remove])
    #expect(changes.map(\.path) == ["title", "tags", "costs/r1/amount", "tags"])
    #expect(changes[2].targets == [AssignmentID(operation: Self.ids[1], index: 512)])
    #expect(signed.body?.values == [.text("A"), .text("x")])
  }

  @Test func `a stored operation reads without its signature being checked again`() throws {
    var desk = try Desk()
    let signed = try desk.sign(.set("title", "A"))
    let body = try #require(signed.body)
    #expect(try Operation(stored: signed.envelope.bytes, body: body.bytes) == signed)
    #expect(try signed.erased().header == signed.header)
    #expect(try signed.erased().body == nil)
  }
}
