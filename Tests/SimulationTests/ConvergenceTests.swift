import Foundation
import Simulation
import Testing

@Suite struct ConvergenceTests {
  private static let count: UInt64 = 2000
  private static let batch: UInt64 = 50

  /// The seeds of this run, in batches: all of them, or the one that `SPRIDA_SEED` names.
  private static var batches: [[UInt64]] {
    if let one = ProcessInfo.processInfo.environment["SPRIDA_SEED"].flatMap({ UInt64($0) }) {
      return [[one]]
    }
    return stride(from: 0, to: count, by: Int(batch)).map { Array($0..<min($0 + batch, count)) }
  }

  @Test(arguments: batches)
  func `after any storm of edits and faults, calm makes all nodes byte-equal`(
    seeds: [UInt64]
  ) throws {
    var records = 0
    for seed in seeds {
      let outcome = try World(seed: seed).run()
      let repeatCommand = "SPRIDA_SEED=\(seed) swift test --filter ConvergenceTests"
      #expect(outcome.problems.isEmpty, "seed \(seed); repeat with: \(repeatCommand)")
      records += outcome.records
    }
    #expect(records >= seeds.count, "runs without records show nothing")
  }

  @Test func `one seed gives one run`() throws {
    let first = try World(seed: 7).run()
    let second = try World(seed: 7).run()
    #expect(first.frames == second.frames)
    #expect(first.bytes == second.bytes)
    #expect(first.operations == second.operations)
  }
}
