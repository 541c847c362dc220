import Operations
import Signatures
import WireFormat

/// What this side has for the peer in one scope, judged by the peer's hello.
struct Offer {
  private static let idsPerFrame = 12_000

  private let mode: Message.Inventory.Mode
  private let arrivals: [Arrival]
  private let end: Arrival

  init(
    to peer: Hello, scope: Scope, snapshot: StoreSnapshot, store: any SyncStore,
    paused: Set<Digest>
  ) throws {
    end = snapshot.last
    func arrivals(after number: UInt64) throws -> [Arrival] {
      try store.arrivals(
        in: scope, after: number, through: snapshot.last.number, notFrom: peer.store,
        without: paused)
    }
    if peer.hasNothing(in: scope) {
      let all = try arrivals(after: 0).filter { $0.id != store.region }
      mode = all.isEmpty ? .listed : .everything
      self.arrivals = all
    } else if let cursor = peer.cursor, try store.matches(cursor) {
      let news = try arrivals(after: cursor.number)
      mode = news.count <= Limits.inventoryEntriesMax ? .listed : .unknown
      self.arrivals = mode == .listed ? news : []
    } else {
      mode = .unknown
      self.arrivals = []
    }
  }

  var outgoing: Pass.Outgoing {
    switch mode {
    case .listed: arrivals.isEmpty ? .done : .awaitingWant(arrivals, end: end)
    case .everything: .streaming(DeliveryStream(arrivals, end: end, isOrdered: true))
    case .unknown: .done
    }
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

  private var arrivals: ArraySlice<Arrival>
  private let end: Arrival
  /// In arrival order and complete from the peer's cursor on, so that it moves the cursor.
  private let isOrdered: Bool

  init(_ arrivals: [Arrival], end: Arrival, isOrdered: Bool) {
    self.arrivals = arrivals[...]
    self.end = end
    self.isOrdered = isOrdered
  }

  mutating func next(_ store: any SyncStore) throws -> Message.Delivery {
    var parcels: [Parcel] = []
    var bytes = 0
    var last: Arrival?
    // A frame ends when one more operation of the greatest size might not fit.
    while bytes < Self.bytesPerFrame - 4096, let arrival = arrivals.popFirst() {
      last = arrival
      guard let parcel = try store.parcel(arrival: arrival.number) else { continue }
      parcels.append(parcel)
      bytes += parcel.byteCount + 16
    }
    let through = arrivals.isEmpty ? end : last
    return Message.Delivery(
      parcels: parcels, through: isOrdered ? through : nil, isLast: arrivals.isEmpty)
  }
}
