import CRDT
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

struct CharterPageTests {
  private static let id = Digest.zero
  private static let key = SampleRegion.key("anybody", seed: 1).publicKey

  /// One of each act.
  private static let acts: [Act] = [
    .found(council: [Act.CouncilKey(key: key, successor: id)], threshold: 1),
    .admit(
      Act.Admission(root: key, successor: id, node: key, address: "a.se:1", code: "kommun:1441")),
    .approve(operation: id), .rotate(oldHeads: [], successor: id), delegation(of: .author),
    .revoke(key: key, heads: [], disowned: []), .vouch(operations: []),
    .remove(organisation: id, cuts: []), .succeed(from: id, to: id, records: []),
    .node(key: key, address: ""),
  ]

  private static func delegation(of role: Role) -> Act {
    .delegate(key: key, role: role, from: 0, to: 0)
  }

  // MARK: Acts

  @Test func `the table of acts has the numbers, names and field counts of the code`() throws {
    let rows = try Self.actRows()
    let region = try Signing()
    #expect(rows.count == Self.acts.count)
    for (row, act) in zip(rows, Self.acts) {
      let fields = try region.fields(of: act)
      #expect(row[0] == fields.first.map(Self.number))
      #expect(row[1] == Mirror(reflecting: act).children.first?.label)
      #expect(row[2].quoted.count == fields.count - 1, "\(row[1])")
    }
  }

  @Test func `the number after the last row of the table of acts is not understood`() throws {
    let item = CBOR.array([.unsigned(UInt64(try Self.actRows().count))])
    let region = try Signing()
    #expect(try region.content(of: item) == .unknown)
  }

  @Test func `the roles that may sign an act are those of the table`() throws {
    let region = try Signing()
    for (row, act) in zip(try Self.actRows(), Self.acts) {
      let signers = try region.delegates.filter { try region.maySign(act, by: $0) }
      #expect(Set(signers.map { "\($0.role)" }) == Set(row[3].quoted), "\(row[1])")
    }
  }

  @Test func `the CDDL has a rule with the number of each act`() throws {
    let rules = try ProtocolFiles.text("sprida.cddl")
    for row in try Self.actRows() { #expect(rules.contains("\n\(row[1]) = [\(row[0]), ")) }
  }

  // MARK: Roles

  @Test func `the table of roles has the numbers and names of the code`() throws {
    let rows = try Self.roleRows().map { "\($0[0]) \($0[1]) \($0[2])" }
    #expect(
      rows
        == Role.allCases.map {
          "\($0.rawValue) \($0) \(Role.delegable.contains($0) ? "yes" : "no")"
        })
  }

  @Test func `each role may sign the classes of the table`() throws {
    let region = try Signing()
    for row in try Self.roleRows() {
      let delegate = try #require(region.delegates.first { "\($0.role)" == row[1] })
      let classes = try OperationClass.allCases.filter { try region.maySign($0, by: delegate) }
      #expect(classes.map { "\($0)" } == row[3].quoted, "\(row[1])")
    }
  }

  @Test func `each role may delegate the roles of the table`() throws {
    let region = try Signing()
    for row in try Self.roleRows() {
      let delegate = try #require(region.delegates.first { "\($0.role)" == row[1] })
      let roles = try Role.delegable.filter {
        try region.maySign(Self.delegation(of: $0), by: delegate)
      }
      #expect(roles.map { "\($0)" } == row[4].quoted, "\(row[1])")
    }
  }

  private static func actRows() throws -> [[String]] {
    try MarkdownPage("charter.md")
      .table(under: "Acts", columns: "number", "act", "fields", "signer")
  }

  private static func roleRows() throws -> [[String]] {
    try MarkdownPage("charter.md")
      .table(under: "Roles", columns: "number", "role", "delegable", "signs", "may delegate")
  }

  private static func number(_ item: CBOR) -> String {
    if case .unsigned(let value) = item { "\(value)" } else { item.kind }
  }
}

/// A region with one key per role, to sign whatever a table says.
private struct Signing {
  let region: SampleRegion
  let delegates: [SampleRegion.Delegate]

  init() throws {
    region = try SampleRegion(seed: 1)
    let organisation = try #require(region.organisations.first)
    delegates =
      [region.council, organisation.root, organisation.admin, organisation.reviewer]
      + [organisation.service] + organisation.officers.prefix(1)
    try #require(Set(delegates.map(\.role)) == Set(Role.allCases))
  }

  /// The act as it is encoded in a header.
  func fields(of act: Act) throws -> [CBOR] {
    let payload = try operation(act, by: region.council).envelope.payload
    guard case .array(let header) = try CBOR(decoding: payload),
      case .array(let fields)? = header.last
    else {
      Issue.record("a charter header does not end with an array")
      return []
    }
    return fields
  }

  /// How an act of any shape reads.
  func content(of act: CBOR) throws -> Header.Content {
    let payload = CBOR.array([
      .unsigned(Header.version), .unsigned(OperationClass.charter.rawValue),
      .bytes(region.council.key.publicKey.bytes), .bytes(region.id.bytes), .array([]),
      .unsigned(0), .bytes([]), .unsigned(0), act,
    ])
    let envelope = Envelope(
      signing: payload.encoded, with: region.council.key, domain: .operation, region: region.id)
    return try Operation(envelope: envelope.bytes, body: [], region: region.id).header.content
  }

  func maySign(_ act: Act, by delegate: SampleRegion.Delegate) throws -> Bool {
    // A rotation is not signed under a role, but by the key that a successor hash commits to.
    if case .rotate = act { return false }
    return mayStand(try operation(act, by: delegate))
  }

  func maySign(
    _ operationClass: OperationClass, by delegate: SampleRegion.Delegate
  ) throws -> Bool {
    var generator = SeededGenerator(seed: 1)
    let content: Header.Content =
      switch operationClass {
      case .charter: .act(.node(key: delegate.key.publicKey, address: ""))
      case .record, .review: .changes(family: "entry", record: nil, [])
      case .order: .order(Order(kind: .erase, basis: 0, operations: []))
      case .receipt: .receipt(Receipt(orders: []))
      }
    return mayStand(
      try region.sign(
        operationClass, content, by: delegate, at: SampleRegion.time(1_000), using: &generator))
  }

  private func operation(
    _ act: Act, by delegate: SampleRegion.Delegate
  ) throws -> Operations.Operation {
    var generator = SeededGenerator(seed: 1)
    let name: String? =
      switch act {
      case .found, .admit: "Provkommun"
      default: nil
      }
    return try region.act(
      act, name: name, by: delegate, at: SampleRegion.time(1_000), using: &generator)
  }

  private func mayStand(_ operation: Operations.Operation) -> Bool {
    do throws(AuthorityError) {
      return try region.charter.standing(of: operation.header).isAuthorised
    } catch {
      return false
    }
  }
}
