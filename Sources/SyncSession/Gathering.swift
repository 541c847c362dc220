import Operations

/// Operations that have come and are not stored yet: a durable transaction has a price, so it takes
/// several frames.
struct Gathering {
  private static let countMax = 4000
  /// What a connection may hold in memory beside a frame.
  private static let bytesMax = 1 << 21

  private(set) var parcels: [Parcel] = []
  private(set) var through: Arrival?
  private var byteCount = 0
  private var isLast = false

  /// Whether what is here is to be stored now.
  var isDue: Bool { isLast || parcels.count >= Self.countMax || byteCount >= Self.bytesMax }

  mutating func add(_ delivery: Message.Delivery) {
    parcels += delivery.parcels
    byteCount += delivery.parcels.reduce(0) { $0 + $1.byteCount }
    through = delivery.through
    isLast = delivery.isLast
  }
}
