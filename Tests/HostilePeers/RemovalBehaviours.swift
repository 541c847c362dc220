import Node
import Operations
import Signatures
import SyncSession

extension Behaviour {
  /// The council removes the organisation at one moment or another; the others sync afterwards, for
  /// a removal in the middle of their own session makes it end unequal, as it should.
  static let removals = [
    Behaviour("a removed member says hello", .refused("removed"), isHeld: true) { scene in
      let acts = try scene.admit().remove(from: scene.target)
      await scene.hold()
      let peer = try await scene.greet()
      try await peer.expectRemoval(by: acts)
    },
    Behaviour(
      "a member is removed while its session is open", .refused("removed"), isHeld: true
    ) { scene in
      let member = try scene.admit()
      let (peer, _) = try await scene.meet()
      let acts = try member.remove(from: scene.target)
      await scene.hold()
      await peer.send(.unknown())
      try await peer.expectRemoval(by: acts)
    },
    Behaviour(
      "a removed member resumes its TLS session", .refused("removed"), isHeld: true
    ) { scene in
      let member = try scene.admit()
      let client = try ResumingClient(scene)
      defer { client.removeFiles() }
      // The first connection brings the ticket, and ends at once by a refusal of the member's own.
      _ = try await client.exchange([
        .hello(try scene.hello()), .refuse(code: "own-fault", reason: "", proof: []),
      ])
      try member.remove(from: scene.target)
      await scene.hold()
      let answer = try await client.exchange([.hello(try scene.hello())])
      guard answer.contains("Reused, TLSv1.3"), answer.contains("removed") else {
        throw HostilePeer.Failure.unexpected("no resumed session")
      }
    },
    Behaviour(
      "a removed member delivers an entry all the same", .refused("removed"), isHeld: true
    ) { scene in
      let member = try scene.admit()
      try member.remove(from: scene.target)
      await scene.hold()
      let peer = try await scene.greet()
      let parcels = try member.entries(3).map { Parcel($0) }
      await peer.send(
        .inventory(.records, .init(mode: .everything, isLast: true, shortIDs: [])),
        .operations(.records, scene.delivery(parcels)))
      try await peer.untilTheEnd()
    },
    Behaviour(
      "another delivers what a removed member has signed", .refused("outside-cut"), isHeld: true
    ) { scene in
      let removed = try scene.removedNeighbour()
      _ = try scene.admit()
      await scene.hold()
      try await scene.deliver([try removed.entry()])
    },
  ]
}

extension Member {
  /// Signs the removal as the council, with a cut that vouches for nothing.
  @discardableResult
  func remove(from target: Target) throws -> [Digest] {
    let cuts = [root, officer].map { Act.Cut(key: $0.publicKey, heads: []) }
      .sorted { $0.key < $1.key }
    return try target.publish(
      [.remove(organisation: organisation, cuts: cuts)], with: target.council, as: .council
    ).map(\.id)
  }
}

extension Scene {
  /// Another organisation, admitted and removed again.
  fileprivate func removedNeighbour() throws -> Member {
    let neighbour = Scene(target, number: 250)
    let member = try neighbour.admit()
    try member.remove(from: target)
    return member
  }
}

extension HostilePeer {
  /// Whoever is removed gets the acts that did it, and then what these follow.
  fileprivate func expectRemoval(by acts: [Digest]) async throws {
    let last = try await untilTheEnd().last
    await close()
    guard case .refuse("removed", _, let proof)? = last, proof.prefix(acts.count).map(\.id) == acts
    else {
      throw Failure.unexpected("a refusal without its proof")
    }
  }
}
