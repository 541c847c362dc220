import Operations
import Signatures
import TestSupport
import Testing

/// The class decides which role may sign, and an act its stratum: the whole matrix.
struct RoleMatrixTests {
  struct Subject: Sendable, CustomTestStringConvertible {
    let name: String
    let operationClass: OperationClass
    let content: Header.Content
    let roles: Set<Role>
    var testDescription: String { name }

    init(
      _ name: String, _ operationClass: OperationClass, _ content: Header.Content,
      _ roles: Set<Role>
    ) {
      self.name = name
      self.operationClass = operationClass
      self.content = content
      self.roles = roles
    }

    init(_ name: String, _ act: Act, _ roles: Set<Role>) {
      self.init(name, .charter, .act(act), roles)
    }
  }

  private static let key = SampleRegion.key("subject", seed: 1).publicKey
  private static let id = SHA256.hash([1])
  private static let strata: Set<Role> = [.council, .root, .admin]
  private static let changes = Header.Content.changes(family: "entry", record: nil, [])

  static let subjects: [Subject] = [
    Subject("record", .record, changes, [.author]),
    Subject("review", .review, changes, [.reviewer]),
    Subject(
      "erase", .order, .order(Order(kind: .erase, basis: 1, operations: [id])), strata),
    Subject(
      "cancel", .order, .order(Order(kind: .cancel, basis: 0, operations: [id])), strata),
    Subject("receipt", .receipt, .receipt(Receipt(orders: [id])), [.service]),
    Subject(
      "admit",
      .admit(Act.Admission(root: key, successor: id, node: key, address: "", code: "x")),
      [.council]),
    Subject("approve", .approve(operation: id), [.council]),
    Subject("remove", .remove(organisation: id, cuts: []), [.council]),
    Subject("succeed", .succeed(from: id, to: .zero, records: []), [.council]),
    Subject(
      "delegate admin", .delegate(key: key, role: .admin, from: 0, to: 0), [.council, .root]),
    Subject("delegate council", .delegate(key: key, role: .council, from: 0, to: 0), [.council]),
    Subject("delegate author", .delegate(key: key, role: .author, from: 0, to: 0), strata),
    Subject("delegate reviewer", .delegate(key: key, role: .reviewer, from: 0, to: 0), strata),
    Subject("delegate service", .delegate(key: key, role: .service, from: 0, to: 0), strata),
    Subject("revoke", .revoke(key: key, heads: [], disowned: []), strata),
    Subject("vouch", .vouch(operations: [id]), strata),
    Subject("node", .node(key: key, address: "x:1"), strata),
    Subject(
      "found", .found(council: [Act.CouncilKey(key: key, successor: id)], threshold: 1), []),
    // Held of whoever may sign charter operations at all.
    Subject("unknown act", .charter, .unknown, strata),
    Subject("unknown record content", .record, .unknown, [.author]),
    Subject("unknown receipt content", .receipt, .unknown, [.service]),
  ]

  @Test(arguments: subjects)
  func `only the roles of the table may sign`(subject: Subject) throws {
    let region = try Sample.region()
    let organisation = region.organisations[0]
    let delegates = [
      region.council, organisation.root, organisation.admin, organisation.officers[0],
      organisation.reviewer, organisation.service,
    ]
    #expect(Set(delegates.map(\.role)) == Set(Role.allCases))
    var generator = SeededGenerator(seed: 1)
    let template = try region.author(
      [], by: organisation.officers[0], at: SampleRegion.time(800), using: &generator)
    for delegate in delegates {
      var header = template.header
      header.operationClass = subject.operationClass
      header.content = subject.content
      header.author = delegate.key.publicKey
      header.delegation = delegate.delegation
      if subject.roles.contains(delegate.role) {
        let standing = try region.charter.standing(of: header)
        #expect(standing.role == delegate.role)
        #expect(standing.isAuthorised)
        #expect(
          standing.organisation == (delegate.role == .council ? region.id : organisation.id))
      } else {
        #expect(throws: AuthorityError.roleMayNot(delegate.role)) {
          try region.charter.standing(of: header)
        }
      }
    }
  }

  @Test func `only the revealed successor may rotate, under what fixed its hash`() throws {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 2)
    let organisation = region.organisations[0]
    let act = Act.rotate(oldHeads: [], successor: SHA256.hash([2]))
    let next = SampleRegion.Delegate(
      key: organisation.nextRoot, delegation: organisation.id, role: .root)
    let rotation = try region.act(act, by: next, at: SampleRegion.time(900), using: &generator)
    let standing = try region.charter.standing(of: rotation.header)
    #expect(standing.grant.operation == organisation.id)
    #expect(standing.grant.key == organisation.nextRoot.publicKey)
    #expect(standing.role == .root)
    #expect(standing.organisation == organisation.id)
    #expect(standing.isAuthorised)
    let usurped = try region.act(
      act, by: organisation.root, at: SampleRegion.time(900), using: &generator)
    #expect(throws: AuthorityError.keyNotDelegated(organisation.root.key.publicKey)) {
      try region.charter.standing(of: usurped.header)
    }
    let underAdmin = SampleRegion.Delegate(
      key: organisation.nextRoot, delegation: organisation.admin.delegation, role: .root)
    let misplaced = try region.act(
      act, by: underAdmin, at: SampleRegion.time(900), using: &generator)
    #expect(throws: AuthorityError.delegationNotHeld(organisation.admin.delegation)) {
      try region.charter.standing(of: misplaced.header)
    }
  }
}
