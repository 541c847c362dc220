import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// What a later version may add is held with content unknown; what was promised never to change
/// is not.
struct LaterVersionTests {
  private static let key = [UInt8](repeating: 1, count: 32)

  static let charterActs: [(name: String, act: CBOR)] = [
    ("an act of an unknown number", .array([.unsigned(10), .text("ny")])),
    (
      "a known act with a field more",
      .array([.unsigned(9), .bytes(key), .text("x:1"), .unsigned(1)])
    ),
    (
      "a delegation to an unknown role",
      .array([.unsigned(4), .bytes(key), .unsigned(6), .unsigned(0), .unsigned(0)])
    ),
    (
      "a delegation to the root role, which is not delegated",
      .array([.unsigned(4), .bytes(key), .unsigned(4), .unsigned(0), .unsigned(0)])
    ),
  ]

  @Test(arguments: charterActs)
  func `an act of a later version is held as unknown`(name: String, act: CBOR) throws {
    let region = try Sample.region()
    let operation = try RawOperation(.charter, [act], by: region.organisations[0].root, in: region)
      .read(in: region)
    #expect(operation.header.content == .unknown)
    #expect(try region.charter.standing(of: operation.header).isAuthorised)
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + [operation])
    #expect(charter.summary == region.charter.summary)
  }

  @Test func `a higher version is held as unknown, whatever follows the first eight`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.version = .unsigned(2)
    raw.content = [.bool(true), .array([])]
    #expect(try raw.read(in: region).header.content == .unknown)
    raw.content = []
    #expect(try raw.read(in: region).header.content == .unknown)
  }

  @Test func `a higher version still has a class that fixes who may sign`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].reviewer, in: region)
    raw.version = .unsigned(.max)
    let operation = try raw.read(in: region)
    #expect(throws: AuthorityError.roleMayNot(.reviewer)) {
      try region.charter.standing(of: operation.header)
    }
  }

  @Test func `an unknown change type makes the whole content unknown`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.content[2] = .array([
      RawOperation.change(), .array([.unsigned(4), .text("Whatever follows"), .bool(true)]),
    ])
    let operation = try raw.read(in: region)
    #expect(operation.header.content == .unknown)
    #expect(HeldOperation.record(of: operation) == nil)
    #expect(
      RecordState(
        folding: [HeldOperation(operation, isAccepted: true)],
        of: RecordKey(organisation: region.organisations[0].id, record: operation.id)) == nil)
  }

  @Test func `a trailing header field makes the content of each class unknown`() throws {
    let region = try Sample.region()
    let organisation = region.organisations[0]
    let node = CBOR.array([.unsigned(9), .bytes(Self.key), .text("x:1")])
    let known: [(OperationClass, [CBOR], SampleRegion.Delegate)] = [
      (.charter, [node], organisation.root),
      (.record, [.text("entry"), .bytes([]), .array([])], organisation.officers[0]),
      (.review, [.text("review"), .bytes([]), .array([])], organisation.reviewer),
      (.order, [.unsigned(0), .unsigned(0), .array([])], organisation.admin),
      (.receipt, [.array([])], organisation.service),
    ]
    for (operationClass, content, signer) in known {
      var raw = RawOperation(operationClass, content, by: signer, in: region)
      #expect(try raw.read(in: region).header.content != .unknown, "\(operationClass)")
      raw.content.append(.unsigned(0))
      #expect(try raw.read(in: region).header.content == .unknown, "\(operationClass)")
    }
  }

  @Test func `an order of an unknown kind is held as unknown`() throws {
    let region = try Sample.region()
    let raw = RawOperation(
      .order, [.unsigned(3), .unsigned(0), .array([])], by: region.organisations[0].admin,
      in: region)
    #expect(try raw.read(in: region).header.content == .unknown)
  }

  @Test func `an unknown family is folded like any other`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.content[0] = .text("later_family")
    let operation = try raw.read(in: region)
    let key = RecordKey(organisation: region.organisations[0].id, record: operation.id)
    let state = try #require(
      RecordState(folding: [HeldOperation(operation, isAccepted: true)], of: key))
    #expect(state.family == "later_family")
  }
}
