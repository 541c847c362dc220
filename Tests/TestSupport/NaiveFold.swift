import CRDT
import Operations
import Signatures
import WireFormat

/// The fold a second time, written from the text of `design.md` §2 with no regard for speed and
/// nothing in common with `Sources/CRDT`.
///
/// > Live = accepted, and no accepted assignment reaches it over target edges.
/// > One live value: the value; byte-equal live values are one; several: a conflict, the greatest
/// > (timestamp, id, index) displayed. Sets are add-wins by the same rule.
package enum NaiveFold {
  /// The canonical dump (see `RecordState.dump`) of the operations of one record.
  package static func dump(_ operations: [HeldOperation], of key: RecordKey) -> [String] {
    var facts: [Fact] = []
    var accepted: [Operation] = []
    for (place, held) in operations.enumerated() {
      let isRepeated = operations[..<place].contains { $0.operation.id == held.operation.id }
      guard !isRepeated, case .changes(_, _, let changes) = held.operation.header.content
      else { continue }
      if held.isAccepted { accepted.append(held.operation) }
      for index in changes.indices { facts.append(Fact(held, changes, index)) }
    }
    guard let first = accepted.min(by: isOlder), let last = accepted.max(by: isOlder),
      case .changes(let family, _, _) = first.header.content
    else { return ["absent"] }
    let live = facts.filter { isLive($0, facts) }
    let head = [
      "record", "\(key.organisation)", "\(key.record)", family,
      "\(first.header.timestamp.rawValue)", "\(last.header.timestamp.rawValue)",
      version(live.filter { $0.says != .nothing }),
    ]
    let paths = Set(facts.map(\.path)).sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
    return [head.joined(separator: " ")] + paths.flatMap { lines($0, live, facts) }
  }
}

/// One change of one operation, flat.
private struct Fact {
  enum Says: Equatable { case value, element, nothing }

  let operation: [UInt8]
  let index: Int
  let time: UInt64
  let author: [UInt8]
  let isAccepted: Bool
  let path: String
  let says: Says
  /// Hexadecimal, or "erased".
  let content: String
  let targets: [AssignmentID]

  init(_ held: HeldOperation, _ changes: [Change], _ index: Int) {
    operation = held.operation.id.bytes
    self.index = index
    time = held.operation.header.timestamp.rawValue
    author = held.operation.header.author.bytes
    isAccepted = held.isAccepted
    path = changes[index].path
    targets = changes[index].targets
    switch changes[index].type {
    case .set: says = .value
    case .add: says = .element
    case .clear, .remove: says = .nothing
    }
    let place = changes[..<index].filter { $0.type == .set || $0.type == .add }.count
    let values = held.operation.body?.values
    content = says == .nothing ? "" : values.map { Hex.encode($0[place].encoded) } ?? "erased"
  }

  var name: String { "\(Hex.encode(operation)).\(index)" }

  func isTarget(of other: Fact) -> Bool {
    path == other.path
      && other.targets.contains { $0.operation.bytes == operation && $0.index == index }
  }

  /// Greater (timestamp, id, index).
  func outranks(_ other: Fact) -> Bool {
    if time != other.time { return time > other.time }
    return other.precedes(self)
  }

  func precedes(_ other: Fact) -> Bool {
    if operation != other.operation {
      return operation.lexicographicallyPrecedes(other.operation)
    }
    return index < other.index
  }
}

extension NaiveFold {
  /// Whether an accepted fact reaches `fact`; intermediate ones must satisfy `passable`.
  private static func isReached(
    _ fact: Fact, _ facts: [Fact], _ passable: (Fact) -> Bool
  ) -> Bool {
    facts.contains { other in
      guard fact.isTarget(of: other) else { return false }
      return other.isAccepted || passable(other) && isReached(other, facts, passable)
    }
  }

  private static func isLive(_ fact: Fact, _ facts: [Fact]) -> Bool {
    fact.isAccepted && !isReached(fact, facts) { _ in true }
  }

  private static func isHiddenThroughUnaccepted(_ fact: Fact, _ facts: [Fact]) -> Bool {
    fact.isAccepted && isReached(fact, facts) { _ in true }
      && !isReached(fact, facts) { $0.isAccepted }
  }

  private static func isOlder(_ lhs: Operation, _ rhs: Operation) -> Bool {
    let times = (lhs.header.timestamp.rawValue, rhs.header.timestamp.rawValue)
    return times.0 == times.1
      ? lhs.id.bytes.lexicographicallyPrecedes(rhs.id.bytes) : times.0 < times.1
  }

  private static func lines(_ path: String, _ live: [Fact], _ facts: [Fact]) -> [String] {
    let values = distinct(live.filter { $0.path == path && $0.says == .value })
      .sorted { $0[0].outranks($1[0]) }
    let elements = distinct(live.filter { $0.path == path && $0.says == .element })
      .sorted { sortKey($0[0].content).lexicographicallyPrecedes(sortKey($1[0].content)) }
    let hidden = facts.filter { $0.path == path && isHiddenThroughUnaccepted($0, facts) }
    return values.map { line("value", path, $0) } + elements.map { line("element", path, $0) }
      + hidden.sorted { $0.precedes($1) }.map { "hidden \(path) \($0.name)" }
  }

  /// Facts of the same content together, the newest of each group first.
  private static func distinct(_ facts: [Fact]) -> [[Fact]] {
    var groups: [[Fact]] = []
    for fact in facts.sorted(by: { $0.outranks($1) }) {
      if let index = groups.firstIndex(where: { $0[0].content == fact.content }) {
        groups[index].append(fact)
      } else {
        groups.append([fact])
      }
    }
    return groups
  }

  private static func sortKey(_ content: String) -> [UInt8] {
    content == "erased" ? [] : Array(content.utf8)
  }

  private static func line(_ kind: String, _ path: String, _ group: [Fact]) -> String {
    let newest = group[0]
    let names = group.sorted { $0.precedes($1) }.map(\.name)
    return ([kind, path, newest.content, "\(newest.time)", Hex.encode(newest.author)] + names)
      .joined(separator: " ")
  }

  private static func version(_ live: [Fact]) -> String {
    let ids = live.sorted { $0.precedes($1) }.flatMap {
      $0.operation + [UInt8($0.index / 256), UInt8($0.index % 256)]
    }
    return "\(SHA256.hash(Array("sprida/1/version".utf8) + [0] + ids))"
  }
}
