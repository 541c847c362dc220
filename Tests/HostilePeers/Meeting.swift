import Node
import OperationStore
import Operations
import Signatures
import SyncSession

extension Scene {
  /// An honest hello of somebody who has met the target: the charters are equal, the records not.
  func hello(_ change: (inout Hello) throws -> Void = { _ in }) throws -> Hello {
    let snapshot = try target.store.snapshot()
    guard let store = StoreID(Randomness.bytes(StoreID.byteCount)) else {
      throw HostilePeer.Failure.unexpected("a store id that is none")
    }
    var hello = Hello(
      region: target.region, nodeAct: nil, nonce: Randomness.bytes(Hello.nonceByteCount),
      last: StoreCursor(store: store, number: 1, operation: target.region),
      charterCount: snapshot.charter.count,
      recordsCount: 10,
      digests: .init(charter: snapshot.charter.summary(region: target.region), records: .zero),
      cursor: nil, clock: SystemClock.now, paused: [])
    try change(&hello)
    return hello
  }

  /// Connects and says hello, whatever the answer.
  func greet(_ change: (inout Hello) throws -> Void = { _ in }) async throws -> HostilePeer {
    let peer = try await HostilePeer.secured(self)
    await peer.send(.hello(try hello(change)))
    return peer
  }

  /// Connects as a member and exchanges hellos.
  ///
  /// Once more if others have been admitted in between, for the charters are to be equal where
  /// `change` does not say otherwise.
  func meet(
    _ change: (inout Hello) throws -> Void = { _ in }
  ) async throws -> (peer: HostilePeer, hello: Hello) {
    while true {
      let known = try target.store.snapshot().charter
      let peer = try await greet(change)
      guard case .hello(let hello)? = try await peer.receive() else {
        throw HostilePeer.Failure.unexpected("no hello")
      }
      if hello.digests.charter == known.summary(region: target.region) { return (peer, hello) }
      await peer.close()
    }
  }

  /// As a newly admitted member: exchanges hellos, sends these messages, and waits for the end.
  func misbehave(
    greeting change: (inout Hello) throws -> Void = { _ in }, _ messages: Message...
  ) async throws {
    _ = try admit()
    let (peer, _) = try await meet(change)
    for message in messages { await peer.send(message) }
    try await peer.untilTheEnd()
    await peer.close()
  }

  /// Delivers operations unlisted, some a frame, then claims to hold just what the target does, so
  /// that the session ends.
  func deliver(
    _ parcels: [Parcel], in scope: Scope = .records, perFrame count: Int = 100
  ) async throws {
    let (peer, _) = try await meet {
      $0.recordsCount = UInt64(max(parcels.count, 1))
      $0.charterCount = UInt64(max(parcels.count, 2))
      if scope == .charter { $0.digests.charter = .zero }
    }
    await peer.send(.inventory(scope, .init(mode: .everything, isLast: true, shortIDs: [])))
    for start in stride(from: 0, to: parcels.count, by: count) {
      let end = min(start + count, parcels.count)
      await peer.send(
        .operations(scope, delivery(parcels[start..<end], isLast: end == parcels.count)))
    }
    try await peer.agree(in: scope)
  }

  func deliver(_ operations: [Operation], in scope: Scope = .records) async throws {
    try await deliver(operations.map { Parcel($0) }, in: scope)
  }

  func delivery(_ parcels: some Sequence<Parcel>, isLast: Bool = true) -> Message.Delivery {
    Message.Delivery(parcels: Array(parcels), through: nil, isLast: isLast)
  }
}

extension HostilePeer {
  /// Says after the target what it says of its set, and waits for the end.
  func agree(in scope: Scope) async throws {
    _ = try await agreeUntilFiles(in: scope)
    await send(.attachmentWant([]))
    try await untilTheEnd()
    await close()
  }

  /// Says what the target says of its set, until the sets are settled and files follow; returns
  /// those that the target wants.
  func agreeUntilFiles(in scope: Scope) async throws -> [AttachmentRequest] {
    while let message = try await receive() {
      switch message {
      case .digest(_, let digests): await send(.digest(scope, digests))
      case .attachmentWant(let wanted): return wanted
      default: continue
      }
    }
    return []
  }
}

extension Message {
  /// Nothing is listed, and only reconciliation can tell.
  static func unknown(_ scope: Scope = .records) -> Message {
    .inventory(scope, .init(mode: .unknown, isLast: true, shortIDs: []))
  }

  static func listed(
    _ ids: [UInt64], isLast: Bool = true, _ scope: Scope = .records
  ) -> Message {
    .inventory(scope, .init(mode: .listed, isLast: isLast, shortIDs: ids))
  }

  /// Without bases.
  static func delta(packed: [UInt8]) -> Message {
    .delta(.records, Delta(bases: [], packed: packed, through: nil, isLast: true))
  }

  /// A digest of no set.
  static func wrongDigest(_ scope: Scope = .records) -> Message {
    .digest(scope, .init(charter: .zero, records: .zero))
  }
}
