import Node
import OperationStore
import Operations
import Signatures
import SyncSession

extension Behaviour {
  /// Claims that no node can check, and that must cost it no more than a reconciliation.
  static let lies = [
    Behaviour("a member claims the target's own digest", .session(isEqual: true)) {
      try await $0.claimEquality { _ in }
    },
    Behaviour("a member claims equality for its neighbour's store", .session(isEqual: true)) {
      let neighbour = $0.target.neighbour
      try await $0.claimEquality { hello in
        hello.last = StoreCursor(store: neighbour, number: .max, operation: SHA256.hash([5]))
      }
    },
    Behaviour("a member claims another digest each time", .session(isEqual: false)) { scene in
      _ = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(.unknown(), .wrongDigest())
      try await peer.insist()
    },
    Behaviour("a member asks for ids that nobody holds", .session(isEqual: false)) { scene in
      _ = try scene.admit()
      let (peer, _) = try await scene.meet()
      await peer.send(.unknown(), .wrongDigest())
      try await peer.insist(need: [SHA256.hash([6])])
    },
    Behaviour("a member remembers what the target never had", .session(isEqual: true)) {
      let store = try $0.target.store.id()
      try await $0.claimEquality { hello in
        hello.cursor = StoreCursor(store: store, number: 1, operation: SHA256.hash([7]))
      }
    },
    Behaviour("a member's cursor is of another store", .session(isEqual: true)) {
      try await $0.claimEquality { hello in
        hello.cursor = StoreCursor(store: hello.store, number: 9, operation: SHA256.hash([8]))
      }
    },
    Behaviour("a member pauses every organisation", .session(isEqual: false)) { scene in
      _ = try scene.admit()
      let organisations = try scene.target.store.charter().organisations.map(\.id).sorted()
      let (peer, _) = try await scene.meet { $0.paused = organisations }
      await peer.send(.unknown())
      try await peer.agree(in: .records)
    },
    Behaviour("a member's clock stands at the end of time", .session(isEqual: true)) {
      try await $0.claimEquality { $0.clock = .max }
    },
    Behaviour("a refusal has a code that none has", .refused("refused-by-peer")) {
      try await $0.refuse("Anna Andersson", reason: String(repeating: "skälla ", count: 120))
    },
    Behaviour("a refusal's reason is longer than a page", .refused("message-malformed")) {
      try await $0.refuse("removed", reason: String(repeating: "a", count: 1025))
    },
    Behaviour("a refusal's reason acts on a terminal", .refused("message-malformed")) {
      try await $0.refuse("removed", reason: "\u{1b}]0;rot\u{07}\u{1b}[2J")
    },
  ]
}

extension Scene {
  /// As a member, with the digests that the target has just shown.
  fileprivate func claimEquality(_ change: (inout Hello) throws -> Void) async throws {
    _ = try admit()
    let (peer, _) = try await meet(change)
    await peer.send(.unknown())
    try await peer.agree(in: .records)
  }

  fileprivate func refuse(_ code: String, reason: String) async throws {
    try await misbehave(.refuse(code: code, reason: reason, proof: []))
  }
}

extension HostilePeer {
  /// Goes through both reconciliations without a difference, and claims a wrong digest after each.
  fileprivate func insist(need ids: [Digest] = []) async throws {
    for pass in 0...1 as ClosedRange<UInt64> {
      try await untilDigest()
      await send(
        .reconcile(.records, pass: pass, isLast: true, [0x61]),
        .need(.records, isLast: true, ids),
        .operations(.records, .init(parcels: [], through: nil, isLast: true)), .wrongDigest())
      if !ids.isEmpty { break }
    }
    try await untilTheEnd()
    await close()
  }

  private func untilDigest() async throws {
    while let message = try await receive() {
      if case .digest = message { return }
    }
  }
}
