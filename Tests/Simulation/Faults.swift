import TestSupport

/// What goes wrong in a run.
///
/// Drawn as a swarm: each fault is off in some runs altogether.
struct Faults {
  var hasCuts = false
  var hasRestarts = false
  var hasReplacedStores = false
  var hasWrongClocks = false
  /// Members that lie; up to all nodes but one.
  var hasLiars = false
  /// Stores that go back to an earlier copy of themselves.
  var hasRestores = false
  /// Two nodes from one copy, alive at once.
  var hasClones = false
  /// Delegations, revocations, rotations, removals, also in the middle of sessions.
  var hasAuthority = false
  var hasErasures = false
  private var lossPercent: UInt64 = 0
  private var duplicationPercent: UInt64 = 0
  private var damagePercent: UInt64 = 0
  private var reorderPercent: UInt64 = 0

  /// Calm.
  static let none = Faults()

  private init() {}

  init(using generator: inout SeededGenerator) {
    hasCuts = generator.chance(60)
    hasRestarts = generator.chance(60)
    hasReplacedStores = generator.chance(40)
    hasWrongClocks = generator.chance(50)
    hasLiars = generator.chance(40)
    hasRestores = generator.chance(20)
    hasClones = generator.chance(15)
    hasAuthority = generator.chance(60)
    hasErasures = generator.chance(40)
    lossPercent = generator.chance(50) ? generator.next() % 20 : 0
    duplicationPercent = generator.chance(30) ? generator.next() % 10 : 0
    damagePercent = generator.chance(30) ? generator.next() % 10 : 0
    reorderPercent = generator.chance(30) ? generator.next() % 10 : 0
  }

  var needsFiles: Bool { hasRestores || hasClones }
  var damagesFrames: Bool { damagePercent > 0 }

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
    return [frame.flippingBit(&generator)]
  }
}

extension [UInt8] {
  /// One bit is other than it was.
  func flippingBit(_ generator: inout SeededGenerator) -> [UInt8] {
    guard !isEmpty else { return self }
    var damaged = self
    let index = Int(generator.next() % UInt64(count))
    damaged[index] ^= 1 << UInt8(generator.next() % 8)
    return damaged
  }
}

extension SeededGenerator {
  /// True in `percent` of a hundred draws.
  mutating func chance(_ percent: UInt64) -> Bool { next() % 100 < percent }
}
