import OperationStore
import Operations
import PeerTransport
import Signatures

/// A node that can be called.
package struct Peer: Sendable, Equatable {
  package let key: PublicKey
  package let address: String
  /// The organisation's name, or the address while the charter does not name it.
  package let name: String
  package let organisation: Digest?
  package let isPinned: Bool

  package init(
    key: PublicKey, address: String, name: String, organisation: Digest?, isPinned: Bool
  ) {
    self.key = key
    self.address = address
    self.name = name
    self.organisation = organisation
    self.isPinned = isPinned
  }
}

/// Whom to call: the nodes of the charter, and the one of the region link.
///
/// Nobody edits a list.
package struct Peers {
  package let all: [Peer]

  package init(charter: Charter, link: RegionLink, own: PublicKey) {
    var peers = charter.nodes.filter {
      $0.key != own && PeerAddress($0.address) != nil
    }.map { node in
      Peer(
        key: node.key, address: node.address,
        name: charter.organisation(node.organisation)?.name ?? node.address,
        organisation: node.organisation, isPinned: node.key == link.node)
    }
    if link.node != own, PeerAddress(link.address) != nil,
      !peers.contains(where: { $0.key == link.node })
    {
      peers.append(
        Peer(
          key: link.node, address: link.address, name: link.address, organisation: nil,
          isPinned: true))
    }
    all = peers.sorted { ($0.name, $0.address) < ($1.name, $1.address) }
  }

  /// The peer that a code, a name or an address means.
  package func named(_ text: String, charter: Charter) throws -> [Peer] {
    let organisation = charter.organisation(code: text)?.id
    let found = all.filter {
      $0.address == text || $0.name.lowercased() == text.lowercased()
        || (organisation != nil && $0.organisation == organisation)
    }
    guard !found.isEmpty else { throw NodeError.noPeer(name: text) }
    return found
  }

  /// Tonight's: everybody in a small region; else the council and others in turn, so that no
  /// single node can withhold and nobody is called by all.
  package func tonight(
    council: Digest, using generator: inout some RandomNumberGenerator
  ) -> [Peer] {
    guard all.count > Self.nightlyMax else { return all }
    let first = all.filter { $0.organisation == council }.prefix(2)
    // Organisations are drawn, then a node of each: many nodes make no organisation likelier.
    let others = Dictionary(grouping: all.filter { $0.organisation != council }) {
      $0.organisation ?? .zero
    }.sorted { $0.key < $1.key }.map(\.value).shuffled(using: &generator)
    return Array(first)
      + others.prefix(Self.nightlyMax - first.count).compactMap {
        $0.randomElement(using: &generator)
      }
  }

  /// Whom a node of `organisation` meets often enough for their silence to mean something:
  /// everybody in a small region and for the council, which all call; else the council.
  package func expected(by organisation: Digest?, council: Digest) -> [Peer] {
    guard all.count > Self.nightlyMax, organisation != council else { return all }
    return all.filter { $0.organisation == council }
  }

  private static let nightlyMax = 8
}
