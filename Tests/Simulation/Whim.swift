import Synchronization
import TestSupport

/// The random draws of a liar.
///
/// A reference, for a store is asked through values that do not change.
final class Whim: Sendable {
  private let generator: Mutex<SeededGenerator>

  init(seed: UInt64) {
    generator = Mutex(SeededGenerator(seed: seed))
  }

  func draw<T: Sendable>(_ body: (inout SeededGenerator) -> sending T) -> sending T {
    generator.withLock { body(&$0) }
  }

  func chance(_ percent: UInt64) -> Bool { draw { $0.chance(percent) } }
}
