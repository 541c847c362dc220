import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// Two rotations of one key contest each other, so a store signs one only.
struct RotateTests {
  private let office: Office
  private let store: OperationStore

  init() throws {
    office = try Office()
    store = try office.store()
  }

  private func rotate(to successor: String) throws -> Operations.Operation {
    try store.rotate(
      to: office.organisation.nextRoot, from: office.organisation.root.key.publicKey,
      successor: Act.successorHash(of: office.region.key(successor).publicKey),
      clock: Office.clock, random: { [UInt8](repeating: 1, count: 16) })
  }

  @Test func `the same rotation again is the one that is held`() throws {
    #expect(try rotate(to: "third root").id == rotate(to: "third root").id)
  }

  @Test func `another rotation by the same key is not signed`() throws {
    let first = try rotate(to: "third root")
    #expect {
      _ = try rotate(to: "another third root")
    } throws: {
      if case StoreError.rotated(_, first.id) = $0 { true } else { false }
    }
    #expect(try store.rotation(by: office.organisation.nextRoot.publicKey)?.id == first.id)
    #expect(try store.charter().isAccepted(first.id))
  }
}
