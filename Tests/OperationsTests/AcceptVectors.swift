import Operations
import Signatures
import TestSupport
import WireFormat

/// The scenarios of `Protocol/vectors/operation/accept`.
enum AcceptVectors {
  static func all() throws -> [(name: String, file: VectorFile)] {
    .numbered(try founding() + acts() + records() + orders() + later() + limits())
  }

  private typealias Scenario = (title: String, file: VectorFile)

  private static func scenario(
    _ title: String, _ section: String, _ operation: Operation, region: Digest
  ) -> Scenario {
    let content = operation.header.content == .unknown ? "unknown" : "known"
    return (
      title,
      VectorFile(
        head: [
          "expect": "accept", "section": section, "region": "\(region)", "id": "\(operation.id)",
          "content": content, "comment": title,
        ],
        content: [
          "envelope": Hex.encode(operation.envelope.bytes),
          "body": Hex.encode(operation.body?.bytes ?? []),
        ])
    )
  }

  private static func founding() throws -> [Scenario] {
    let region = try Sample.region()
    return [
      scenario(
        "charter, found: signed for the zero region", "charter.md#acts", region.founding,
        region: .zero)
    ]
  }

  private static func acts() throws -> [Scenario] {
    let region = try Sample.region()
    return try ContentRoundTripTests.signedActs().map { name, operation in
      scenario("charter, \(name)", "charter.md#acts", operation, region: region.id)
    }
  }

  private static func records() throws -> [Scenario] {
    var desk = try Desk(seed: 77)
    let region = desk.region
    let first = try desk.sign(.set("title", "Sopsortering i skolan"))
    var scenarios: [(String, Operation)] = [("record, set: creates a record", first)]
    scenarios.append(
      ("record, clear", try desk.sign(.clear("title", over: first.change()), record: first.id)))
    let tagged = try desk.sign(.add("tags", "klimat"), record: first.id)
    scenarios.append(("record, add", tagged))
    scenarios.append(
      ("record, remove", try desk.sign(.remove("tags", over: tagged.change()), record: first.id)))
    scenarios.append(
      (
        "record, all change types and a cell of a table",
        try desk.sign(
          .set("costs/r1/amount", "100"), .clear("title", over: first.change()),
          .add("tags", "å"), .remove("tags", over: tagged.change()), record: first.id,
          after: [first.id, tagged.id])
      ))
    scenarios.append(("record, no change", try desk.sign(record: first.id)))
    var generator = SeededGenerator(seed: 78)
    scenarios.append(
      (
        "review",
        try region.author(
          [.set("verdict", "godkänd")], family: "review",
          by: region.organisations[0].reviewer, at: SampleRegion.time(4000), using: &generator)
      ))
    return scenarios.map {
      scenario($0.0, "operation.md#changes", $0.1, region: region.id)
    }
  }

  private static func orders() throws -> [Scenario] {
    let region = try Sample.region()
    var generator = SeededGenerator(seed: 79)
    let names = ["order, erase", "order, cancel", "order, erase records", "receipt"]
    return try zip(names, ContentRoundTripTests.orders).map { name, order in
      let organisation = region.organisations[0]
      let operation = try region.sign(
        order.0, order.1, by: order.0 == .order ? organisation.admin : organisation.service,
        at: SampleRegion.time(5000), using: &generator)
      return scenario(name, "charter.md#orders", operation, region: region.id)
    }
  }

  private static func later() throws -> [Scenario] {
    let region = try Sample.region()
    let organisation = region.organisations[0]
    let record = RawOperation(recordBy: organisation.officers[0], in: region)
    var version = record
    version.version = .unsigned(2)
    version.content = [.bool(true)]
    var change = record
    change.content[2] = .array([RawOperation.change(), .array([.unsigned(4), .text("title")])])
    var trailing = record
    trailing.content.append(.unsigned(0))
    var scenarios = [
      ("unknown version", version), ("unknown change type", change),
      ("unknown trailing header field", trailing),
    ]
    for (name, act) in LaterVersionTests.charterActs {
      scenarios.append((name, RawOperation(.charter, [act], by: organisation.root, in: region)))
    }
    return try scenarios.map {
      scenario($0.0, "operation.md#later-versions", try $0.1.read(in: region), region: region.id)
    }
  }

  private static func limits() throws -> [Scenario] {
    let region = try Sample.region()
    let record = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    var prev = record
    prev.prev = .array((0..<16).map { .bytes([UInt8](repeating: $0, count: 32)) })
    var targets = record
    targets.content[2] = .array([
      RawOperation.change(targets: (0..<64).map { RawOperation.target($0, index: 512) })
    ])
    let scenarios = [
      ("limit: 16 prev", prev), ("limit: 64 targets", targets),
      ("limit: header of 16 KiB", try Sized.header(bytes: Limits.headerBytesMax)),
      ("limit: operation of 64 KiB", try Sized.operation(bytes: Limits.operationBytesMax)),
    ]
    return try scenarios.map {
      scenario($0.0, "limits.md", try $0.1.read(in: region), region: region.id)
    }
  }
}
