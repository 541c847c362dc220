import CRDT
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// One test for each reason not to hold an operation, and what an erroneous founding looks like.
struct AuthorityErrorTests {
  private func standing(of operation: Operation) throws -> Standing {
    try Sample.region().charter.standing(of: operation.header)
  }

  @Test func `an operation without a delegation is refused`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.delegation = .bytes([])
    let operation = try raw.read(in: region)
    #expect(throws: AuthorityError.noDelegation) { try standing(of: operation) }
  }

  @Test func `a delegation that is not held is named`() throws {
    let region = try Sample.region()
    let unknown = SHA256.hash([9])
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.delegation = .bytes(unknown.bytes)
    let operation = try raw.read(in: region)
    #expect(throws: AuthorityError.delegationNotHeld(unknown)) { try standing(of: operation) }
  }

  @Test func `a delegation of another key is refused`() throws {
    let region = try Sample.region()
    let officers = region.organisations[0].officers
    var raw = RawOperation(recordBy: officers[0], in: region)
    raw.delegation = .bytes(officers[1].delegation.bytes)
    let operation = try raw.read(in: region)
    #expect(throws: AuthorityError.keyNotDelegated(officers[0].key.publicKey)) {
      try standing(of: operation)
    }
  }

  @Test func `a role that may not sign is named`() throws {
    let region = try Sample.region()
    let operation = try RawOperation(recordBy: region.organisations[0].admin, in: region)
      .read(in: region)
    #expect(throws: AuthorityError.roleMayNot(.admin)) { try standing(of: operation) }
  }

  @Test func `only a founding act of a council key without delegation and prev founds`() throws {
    let region = try Sample.region()
    let notFounding = region.charterOperations[0]
    #expect(throws: AuthorityError.notAFoundingOperation) {
      try Charter(founding: notFounding)
    }
    let stranger = try founding(council: "somebody", signer: "council")
    #expect(throws: AuthorityError.notAFoundingOperation) { try Charter(founding: stranger) }
    let following = try founding(council: "council", signer: "council", prev: [SHA256.hash([1])])
    #expect(throws: AuthorityError.notAFoundingOperation) { try Charter(founding: following) }
    let delegated = try founding(
      council: "council", signer: "council", delegation: SHA256.hash([1]))
    #expect(throws: AuthorityError.notAFoundingOperation) { try Charter(founding: delegated) }
    #expect(try Charter(founding: founding(council: "council", signer: "council")).threshold == 1)
  }

  private func founding(
    council: String, signer: String, prev: [Digest] = [], delegation: Digest? = nil
  ) throws -> Operation {
    let key = SampleRegion.key(council, seed: 3).publicKey
    return try Operation.charter(
      .found(council: [Act.CouncilKey(key: key, successor: .zero)], threshold: 1), name: "Krets",
      by: Operation.Signer(
        key: SampleRegion.key(signer, seed: 3), delegation: delegation, region: .zero, prev: prev,
        timestamp: SampleRegion.start, random: [UInt8](repeating: 1, count: 16)))
  }
}
