import Operations
import Signatures
import TestSupport
import Testing

/// Paths and record ids.
struct NamesTests {
  @Test(arguments: ["a", "title", "costs/r1/amount", "a_b/0", "0/1/2"])
  func `a path of one to three segments is one`(path: String) {
    #expect(Change.isPath(path))
  }

  @Test(arguments: ["", "/", "a/", "/a", "a//b", "a/b/c/d", "A", "å", "a b", "a-b", "a.b", "a\n"])
  func `anything else is no path`(path: String) {
    #expect(!Change.isPath(path))
  }

  @Test func `a derived record id depends on family, target and period`() throws {
    let one = RecordKey(organisation: SHA256.hash([1]), record: SHA256.hash([2]))
    let two = RecordKey(organisation: SHA256.hash([2]), record: SHA256.hash([1]))
    let ids = [
      RecordState.derivedID(family: "adoption", target: one),
      RecordState.derivedID(family: "endorsement", target: one),
      RecordState.derivedID(family: "adoption", target: two),
      RecordState.derivedID(family: "adoption", target: one, period: "2025"),
    ]
    #expect(Set(ids).count == ids.count)
    #expect(ids[0] == RecordState.derivedID(family: "adoption", target: one))
    let bytes = Array("sprida/1/record".utf8) + [0] + Array("adoption".utf8) + [0]
    #expect(ids[0] == SHA256.hash(bytes + one.organisation.bytes + one.record.bytes))
  }

  @Test func `record keys order by organisation, then by record`() throws {
    let (low, high) = (Digest.zero, SHA256.hash([1]))
    let keys = [
      RecordKey(organisation: low, record: low), RecordKey(organisation: low, record: high),
      RecordKey(organisation: high, record: low), RecordKey(organisation: high, record: high),
    ]
    #expect(keys.reversed().sorted() == keys)
  }
}
