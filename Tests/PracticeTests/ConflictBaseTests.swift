import Operations
import Practice
import Testing
import WireFormat

@Suite struct ConflictBaseTests {
  private func set(_ text: String, over operations: [Operation] = []) -> ChangeDraft {
    ChangeDraft(
      type: .set, path: "summary", value: .text(text),
      targets: operations.map { AssignmentID(operation: $0.id, index: 0) })
  }

  private func base(_ record: SignedRecord) throws -> CBOR? {
    let values = try #require(record.state()["summary"]?.values)
    #expect(values.count == 2)
    return ConflictBase.value(
      at: "summary", under: values,
      in: record.operations.map { HeldOperation($0, isAccepted: true) })
  }

  /// Two edits of a text, the second of which was edited once more.
  private func conflict() throws -> SignedRecord {
    var record = try SignedRecord().publishing([set("först")])
    record = try record.publishing([set("sedan", over: [record.operations[0]])])
    let seen = record.operations[1]
    record = try record.publishing([set("ena", over: [seen])])
    record = try record.publishing([set("andra", over: [seen])])
    return try record.publishing([set("andra igen", over: [record.operations[3]])])
  }

  @Test func `the base is the newest value that every side has superseded`() throws {
    #expect(try base(try conflict()) == .text("sedan"))
  }

  @Test func `values that saw nothing of each other have no base`() throws {
    let record = try SignedRecord().publishing([set("ena")]).publishing([set("andra")])
    #expect(try base(record) == nil)
  }

  @Test func `an erased base gives way to an older one`() throws {
    let record = try conflict()
    let held = record.operations.enumerated().map { index, operation in
      HeldOperation(operation, isAccepted: true, isErased: index == 1)
    }
    let values = try #require(record.state()["summary"]?.values)
    #expect(ConflictBase.value(at: "summary", under: values, in: held) == .text("först"))
  }
}
