import CRDT
import Operations
import Signatures
import TestSupport

/// What a node does with operations as they come: holds those that it can judge, keeps the others
/// back, and evaluates.
struct Bench {
  let founding: Operation
  private(set) var charter: Charter
  private(set) var held: [Digest: (operation: Operation, grant: Grant)] = [:]
  private var waiting: [Operation] = []
  private var byKey: [PublicKey: [KeyHistory.Entry]] = [:]

  init(founding: Operation) throws {
    self.founding = founding
    charter = try Charter(founding: founding)
    byKey[founding.header.author] = [
      KeyHistory.Entry(
        id: founding.id, delegation: founding.id, timestamp: founding.header.timestamp, prev: [])
    ]
    charter.evaluate(history: history)
  }

  init(founding: Operation, delivering operations: [Operation]) throws {
    try self.init(founding: founding)
    deliver(operations)
  }

  mutating func deliver(_ operations: [Operation]) {
    waiting += operations
    var progress = true
    while progress {
      progress = false
      for operation in waiting where held[operation.id] == nil && hold(operation) {
        progress = true
      }
      waiting.removeAll { held[$0.id] != nil }
    }
    charter.evaluate(history: history)
  }

  private mutating func hold(_ operation: Operation) -> Bool {
    let header = operation.header
    guard let standing = try? charter.standing(of: header), follows(operation, standing.grant)
    else { return false }
    charter.add(operation, standing)
    held[operation.id] = (operation, standing.grant)
    byKey[header.author, default: []].append(
      KeyHistory.Entry(
        id: operation.id, delegation: standing.grant.operation, timestamp: header.timestamp,
        prev: header.prev))
    return true
  }

  private func follows(_ operation: Operation, _ grant: Grant) -> Bool {
    operation.header.prev.allSatisfy { id in
      if id == founding.id {
        return charter.allGrants.contains {
          $0.operation == id && operation.mayFollow($0, under: grant)
            && $0.key == founding.header.author
        }
      }
      return held[id].map { operation.mayFollow($0.grant, under: grant) } ?? false
    }
  }

  func history(_ key: PublicKey) -> KeyHistory { KeyHistory(of: key, byKey[key] ?? []) }

  // MARK: - What follows

  var verdicts: [Digest: Verdict] {
    var judges: [PublicKey: Charter.Judge] = [:]
    for key in byKey.keys {
      judges[key] = charter.judge(charter.needsHistory(key) ? history(key) : nil)
    }
    return held.compactMapValues { operation, grant in
      judges[operation.header.author]?.verdict(
        of: operation.id, under: grant, at: operation.header.timestamp)
    }
  }

  /// Of an operation that gives a right; nil when it is not held.
  func verdictOfGrant(_ id: Digest) -> Verdict? { charter.verdict(of: id) }

  func exchanged(_ verdicts: [Digest: Verdict]) -> Set<Digest> {
    Set(
      held.values.filter { operation, grant in
        charter.isExchanged(
          operation.id, verdicts[operation.id] ?? .outsideCut, signedAs: grant.role,
          operation.header.operationClass)
      }.map(\.operation.id))
  }

  /// Organisations, nodes and successions, as text.
  var roster: [String] {
    charter.organisations.dropFirst().map {
      "organisation \($0.id) \($0.code) \($0.name) \($0.isRemoved)"
    }.sorted()
      + charter.nodes.map { "node \($0.organisation) \($0.key) \($0.address)" }.sorted()
      + charter.successions.map { "succession \($0.act)" }.sorted()
  }
}

extension NaiveCharter {
  /// The same text.
  var roster: [String] {
    organisations.map { "organisation \($0.id) \($0.code) \($0.name) \($0.isRemoved)" }.sorted()
      + nodes.map { "node \($0.organisation) \($0.key) \($0.address)" }.sorted()
      + successions.map { "succession \($0)" }.sorted()
  }
}

extension NaiveCharter.Verdict {
  /// The same word of the product.
  var verdict: Verdict {
    switch self {
    case .accepted: .accepted
    case .outsideCut: .outsideCut
    case .disowned: .disowned
    case .notAuthorised: .notAuthorised
    case .outsideDates: .outsideDates
    case .contested: .contested
    case .needsApproval: .needsApproval
    case .withoutEffect: .withoutEffect
    }
  }
}
