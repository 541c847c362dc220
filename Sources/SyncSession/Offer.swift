import Operations
import Signatures
import WireFormat

/// What this side has for the peer in one scope, judged by the peer's hello.
struct Offer {
  private static let idsPerFrame = 12_000

  private let mode: Message.Inventory.Mode
  /// What is listed.
  private let arrivals: [Arrival]
  /// What is sent unasked.
  private let everything: DeliveryStream?
  private let end: Arrival

  init(
    to peer: Hello, scope: Scope, snapshot: StoreSnapshot, store: any SyncStore,
    paused: Set<Digest>
  ) throws {
    end = snapshot.last
    if peer.hasNothing(in: scope) {
      let stream = try DeliveryStream(
        everythingIn: scope, for: peer.store, without: paused, end: end, store)
      everything = stream.isEmpty ? nil : stream
      mode = stream.isEmpty ? .listed : .everything
      arrivals = []
    } else if let cursor = peer.cursor, try store.matches(cursor) {
      let news = try store.arrivals(
        in: scope, after: cursor.number, through: end.number, notFrom: peer.store, without: paused)
      mode = news.count <= Limits.inventoryEntriesMax ? .listed : .unknown
      arrivals = mode == .listed ? news : []
      everything = nil
    } else {
      mode = .unknown
      arrivals = []
      everything = nil
    }
  }

  var outgoing: Pass.Outgoing {
    if let everything { return .streaming(everything) }
    return arrivals.isEmpty ? .done : .awaitingWant(arrivals, end: end)
  }

  func messages(scope: Scope, key: ShortIDKey) -> [Message] {
    guard mode == .listed, !arrivals.isEmpty else {
      return [.inventory(scope, .init(mode: mode, isLast: true, shortIDs: []))]
    }
    return stride(from: 0, to: arrivals.count, by: Self.idsPerFrame).map { start in
      let end = min(start + Self.idsPerFrame, arrivals.count)
      return .inventory(
        scope,
        .init(
          mode: mode, isLast: end == arrivals.count,
          shortIDs: arrivals[start..<end].map { key.shortID(of: $0.id) }))
    }
  }
}

extension Hello {
  /// How many operations of a scope the sender says it holds.
  func count(in scope: Scope) -> UInt64 {
    scope == .charter ? charterCount : recordsCount
  }

  /// Every node holds the founding operation.
  fileprivate func hasNothing(in scope: Scope) -> Bool {
    switch scope {
    case .charter: charterCount <= 1
    case .records: recordsCount == 0
    }
  }
}

/// Operations on their way out, read from the store one frame at a time.
struct DeliveryStream {
  private static let bytesPerFrame = Limits.frameBytesMax - Limits.operationBytesMax

  /// Where more is read from when `arrivals` have gone: a store may hold any number.
  private struct Source {
    static let span: UInt64 = 5000

    let scope: Scope
    let peer: StoreID
    let paused: Set<Digest>
    /// All up to here has been read.
    var number: UInt64 = 0
  }

  private var arrivals: ArraySlice<Arrival>
  private var source: Source?
  private let end: Arrival
  /// In arrival order and complete from the peer's cursor on, so that it moves the cursor.
  private let isOrdered: Bool
  /// Who receives deltas, and how far it holds what stands here.
  private let deltas: (receiver: StoreID, holdingThrough: UInt64)?

  init(
    _ arrivals: [Arrival], end: Arrival, isOrdered: Bool,
    deltas: (receiver: StoreID, holdingThrough: UInt64)? = nil
  ) {
    self.arrivals = arrivals[...]
    self.end = end
    self.isOrdered = isOrdered
    self.deltas = deltas
  }

  /// Everything up to `end` that has not come from the peer, the founding operation left out.
  init(
    everythingIn scope: Scope, for peer: StoreID, without paused: Set<Digest>, end: Arrival,
    _ store: any SyncStore
  ) throws {
    self.init([], end: end, isOrdered: true)
    source = Source(scope: scope, peer: peer, paused: paused)
    try refill(store)
  }

  var isEmpty: Bool { arrivals.isEmpty }

  /// A delivery as it is sent.
  func message(
    _ delivery: Message.Delivery, _ scope: Scope, _ store: any SyncStore
  ) throws -> Message {
    let delta = try deltas.flatMap {
      try delivery.delta(for: $0.receiver, holdingThrough: $0.holdingThrough, store)
    }
    return delta.map { .delta(scope, $0) } ?? .operations(scope, delivery)
  }

  mutating func next(_ store: any SyncStore) throws -> Message.Delivery {
    var parcels: [Parcel] = []
    var bytes = 0
    var last: Arrival?
    // A frame ends when one more operation of the greatest size might not fit.
    while bytes < Self.bytesPerFrame - 4096, let arrival = arrivals.popFirst() {
      last = arrival
      try refill(store)
      guard let parcel = try store.parcel(arrival: arrival.number) else { continue }
      parcels.append(parcel)
      bytes += parcel.byteCount + 16
    }
    let through = arrivals.isEmpty ? end : last
    return Message.Delivery(
      parcels: parcels, through: isOrdered ? through : nil, isLast: arrivals.isEmpty)
  }

  /// Reads on until something is there or everything has been read.
  private mutating func refill(_ store: any SyncStore) throws {
    while arrivals.isEmpty, var source, source.number < end.number {
      let next = min(end.number, source.number + Source.span)
      arrivals = try store.arrivals(
        in: source.scope, after: source.number, through: next, notFrom: source.peer,
        without: source.paused
      ).filter { $0.id != store.region }[...]
      source.number = next
      self.source = source
    }
  }
}
