import Simulation
import Testing

/// A bug that every node has is found within a few seeds.
@Suite struct RecallTests {
  private static let seedsMax: UInt64 = 10

  /// The first seed of a stretch in which what the bug needs happens, such as a removal.
  private static func first(_ bug: PlantedBug) -> UInt64 {
    switch bug {
    case .dropsOperations: 11
    case .showsRestoredBodies: 45
    case .servesRemovedNodes: 88
    default: 0
    }
  }

  @Test(arguments: PlantedBug.allCases)
  func `a planted bug is found`(bug: PlantedBug) {
    let first = Self.first(bug)
    let found = (first..<first + Self.seedsMax).first { seed in
      // A run that cannot go on has found it as well.
      guard let outcome = try? World(seed: seed, bug: bug).run() else { return true }
      return !outcome.problems.isEmpty
    }
    #expect(found != nil, "\(bug) is not seen in \(Self.seedsMax) seeds")
  }
}
