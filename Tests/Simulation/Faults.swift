import TestSupport

/// What goes wrong in a run.
///
/// Drawn as a swarm: each fault is off in some runs altogether.
struct Faults {
  let hasCuts: Bool
  let hasRestarts: Bool
  let hasReplacedStores: Bool
  let hasWrongClocks: Bool
  private let lossPercent: UInt64
  private let duplicationPercent: UInt64
  private let damagePercent: UInt64
  private let reorderPercent: UInt64

  /// Calm.
  static let none = Faults()

  private init() {
    (hasCuts, hasRestarts, hasReplacedStores, hasWrongClocks) = (false, false, false, false)
    (lossPercent, duplicationPercent, damagePercent, reorderPercent) = (0, 0, 0, 0)
  }

  init(using generator: inout SeededGenerator) {
    hasCuts = generator.chance(60)
    hasRestarts = generator.chance(60)
    hasReplacedStores = generator.chance(40)
    hasWrongClocks = generator.chance(50)
    lossPercent = generator.chance(50) ? generator.next() % 20 : 0
    duplicationPercent = generator.chance(30) ? generator.next() % 10 : 0
    damagePercent = generator.chance(30) ? generator.next() % 10 : 0
    reorderPercent = generator.chance(30) ? generator.next() % 10 : 0
  }

  /// Whether a frame overtakes the one before it, which TCP would not let happen.
  func reorders(_ generator: inout SeededGenerator) -> Bool { generator.chance(reorderPercent) }

  /// What arrives when `frame` was sent: nothing, twice, cut short or with a flipped bit.
  ///
  /// TLS would stop most of it; the session must survive all of it.
  func apply(_ frame: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
    if generator.chance(lossPercent) { return [] }
    if generator.chance(duplicationPercent) { return [frame, frame] }
    guard generator.chance(damagePercent), !frame.isEmpty else { return [frame] }
    if generator.chance(50) { return [Array(frame.prefix(Int(generator.next() % 512)))] }
    var damaged = frame
    let index = Int(generator.next() % UInt64(frame.count))
    damaged[index] ^= 1 << UInt8(generator.next() % 8)
    return [damaged]
  }
}
