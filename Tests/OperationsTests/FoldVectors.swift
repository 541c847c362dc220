import CRDT
import Operations
import Signatures
import TestSupport
import WireFormat

/// The scenarios of `Protocol/vectors/fold`.
enum FoldVectors {
  static func all() throws -> [(name: String, file: VectorFile)] {
    .numbered(try registers() + sets() + unaccepted() + histories())
  }

  private typealias Scenario = (title: String, file: VectorFile)

  /// The expected state is the naive fold's, so that the product cannot vouch for itself.
  private static func scenario(
    _ title: String, _ held: [HeldOperation], of key: RecordKey
  ) throws -> Scenario {
    var file = VectorFile(
      head: [
        "section": "operation.md#fold", "region": "\(try Sample.region().id)",
        "organisation": "\(key.organisation)", "record": "\(key.record)", "comment": title,
      ], content: [:])
    for operation in held {
      file.append("accepted", operation.isAccepted ? "yes" : "no")
      file.append("envelope", Hex.encode(operation.operation.envelope.bytes))
      file.append("body", Hex.encode(operation.operation.body?.bytes ?? []))
    }
    for line in NaiveFold.dump(held, of: key) { file.append("state", line) }
    return (title, file)
  }

  /// Operations of the record that the first creates; those with the given indices not accepted.
  private static func scenario(
    _ title: String, _ operations: [Operation], unaccepted: Set<Int> = []
  ) throws -> Scenario {
    let key = RecordKey(
      organisation: try Sample.region().organisations[0].id, record: operations[0].id)
    return try scenario(
      title,
      operations.enumerated().map {
        HeldOperation($0.element, isAccepted: !unaccepted.contains($0.offset))
      }, of: key)
  }

  private static func registers() throws -> [Scenario] {
    var desk = try Desk(seed: 90)
    let first = try desk.sign(.set("title", "Utkast"))
    let a = try desk.sign(.set("title", "A", over: first.change()), record: first.id, at: 2000)
    let b = try desk.sign(
      .set("title", "B", over: first.change()), record: first.id, by: 1, at: 3000)
    let same = try desk.sign(
      .set("title", "A", over: first.change()), record: first.id, by: 2, at: 1500)
    let tie = try desk.sign(
      .set("title", "T", over: first.change()), record: first.id, by: 2, at: 2000)
    let both = try desk.sign(
      .set("title", "AB", over: a.change(), b.change()), record: first.id, at: 4000)
    let clear = try desk.sign(
      .clear("title", over: first.change()), record: first.id, by: 1, at: 9000)
    let far = try desk.sign(
      .set("title", "Framtid", over: first.change()), record: first.id, by: 1, at: 1 << 47)
    let honest = try desk.sign(.set("title", "Nu", over: far.change()), record: first.id, at: 5000)
    let twice = try desk.sign(.set("title", "A"), .set("title", "B"))
    let dangling = try desk.sign(
      .set("title", "D", over: AssignmentID(operation: desk.region.id, index: 0)),
      record: first.id, at: 2000)
    let crossing = try desk.sign(
      .set("text", "T", over: first.change()), record: first.id, at: 2000)
    return [
      try scenario("one value", [first]),
      try scenario("an edit supersedes", [first, a]),
      try scenario("concurrent values conflict", [first, a, b]),
      try scenario("equal values are one", [first, a, same]),
      try scenario("a tie on the timestamp is broken by the id", [first, a, tie]),
      try scenario("two values of one operation are ranked by the index", [twice]),
      try scenario("an edit over both sides ends a conflict", [first, a, b, both]),
      try scenario("a clear concurrent with a set", [first, clear, a]),
      try scenario("a clear alone", [first, clear]),
      try scenario("a far-future timestamp is superseded", [first, far, honest]),
      try scenario("a target that is not held", [first, dangling]),
      try scenario("a target on another path", [first, crossing]),
      try scenario("an erased value", [first, try a.erased()]),
      try scenario("an erased value in conflict", [first, try a.erased(), b]),
    ]
  }

  private static func sets() throws -> [Scenario] {
    var desk = try Desk(seed: 91)
    let first = try desk.sign(.add("tags", "klimat"), .add("tags", "avfall"))
    let gone = try desk.sign(.remove("tags", over: first.change()), record: first.id, at: 9000)
    let again = try desk.sign(.add("tags", "klimat"), record: first.id, by: 1, at: 2000)
    let table = try desk.sign(
      .set("costs/a/amount", "100"), .set("costs/a/kind", "drift"), .set("costs/b/amount", "7"))
    let row = try desk.sign(
      .clear("costs/b/amount", over: table.change(2)), record: table.id, at: 2000)
    return [
      try scenario("elements ascend by bytes", [first]),
      try scenario("a removed element", [first, gone]),
      try scenario("an addition wins over a concurrent removal", [first, gone, again]),
      try scenario("an erased element", [try first.erased(), again]),
      try scenario("a table", [table]),
      try scenario("a row without a cell is gone", [table, row]),
    ]
  }

  private static func unaccepted() throws -> [Scenario] {
    var desk = try Desk(seed: 92)
    let first = try desk.sign(.set("title", "A"))
    let revoked = try desk.sign(.set("title", "X", over: first.change()), record: first.id, by: 1)
    let last = try desk.sign(.set("title", "C", over: revoked.change()), record: first.id, by: 2)
    let clear = try desk.sign(.clear("title", over: revoked.change()), record: first.id, by: 2)
    let text = try desk.sign(.set("text", "T"), record: first.id, at: 3000)
    return [
      try scenario("nothing accepted", [first], unaccepted: [0]),
      try scenario("the creating operation is not accepted", [first, text], unaccepted: [0]),
      try scenario("an unaccepted edit says nothing", [first, revoked], unaccepted: [1]),
      try scenario("hidden through an unaccepted edit", [first, revoked, last], unaccepted: [1]),
      try scenario(
        "hidden through an unaccepted edit with nothing live", [first, revoked, clear],
        unaccepted: [1]),
    ]
  }

  /// Two records of several officers, the second of which the first operation creates.
  private static func histories() throws -> [Scenario] {
    try [UInt64(1), 2, 3].map { seed in
      let history = try RandomHistory(seed: seed, operations: 14)
      let key = history.keys[1]
      let held = history.held.filter { HeldOperation.record(of: $0.operation) == key.record }
      return try scenario("a random history, number \(seed)", held, of: key)
    }
  }
}
