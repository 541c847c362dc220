import CRDT
import Operations
import Signatures
import WireFormat

/// Organisations, nodes and successions, from the accepted acts.
extension NaiveCharter {
  package struct Organisation: Equatable {
    package let id: Digest
    package let code: String
    package let name: String
    package let isRemoved: Bool
  }

  package struct Node: Equatable {
    package let organisation: Digest
    package let key: PublicKey
    package let address: String
  }

  /// In an order that is the same everywhere.
  private var acceptedActs: [(operation: Operation, act: Act, organisation: Digest)] {
    accepted.compactMap { held[$0] }.sorted { $0.id < $1.id }.compactMap { operation in
      guard let act = operation.act, let grant = grant(operation) else { return nil }
      return (operation, act, grant.organisation)
    }
  }

  /// Ascending by id.
  package var organisations: [Organisation] {
    acceptedActs.compactMap { operation, act, _ -> Organisation? in
      guard case .admit(let admission) = act else { return nil }
      var name = ""
      if case .text(let text) = operation.body?.values.first { name = text }
      return Organisation(
        id: operation.id, code: admission.code, name: name, isRemoved: isRemoved(operation.id))
    }
  }

  /// Ascending by organisation, then by key.
  package var nodes: [Node] {
    var latest: [String: (stamp: (Timestamp, Digest), node: Node)] = [:]
    for (operation, act, organisation) in acceptedActs {
      let node: Node
      switch act {
      case .admit(let a): node = Node(organisation: operation.id, key: a.node, address: a.address)
      case .node(let key, let address):
        node = Node(organisation: organisation, key: key, address: address)
      default: continue
      }
      let (name, stamp) = (
        "\(node.organisation)/\(node.key)", (operation.header.timestamp, operation.id)
      )
      if let other = latest[name], other.stamp > stamp { continue }
      latest[name] = (stamp, node)
    }
    return latest.values.map(\.node).filter(isListed)
      .sorted { ($0.organisation, $0.key) < ($1.organisation, $1.key) }
  }

  private func isListed(_ node: Node) -> Bool {
    guard node.key.isValidPoint, !isRemoved(node.organisation) else { return false }
    return !cuts.contains {
      $0.key == node.key && ($0.organisation == nil || $0.organisation == node.organisation)
    }
  }

  /// The ids of the accepted acts by which records pass on.
  package var successions: Set<Digest> {
    Set(
      acceptedActs.compactMap { operation, act, _ -> Digest? in
        guard case .succeed = act else { return nil }
        return operation.id
      })
  }
}
