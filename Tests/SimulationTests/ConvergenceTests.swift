import Foundation
import Simulation
import Testing

/// Storms of edits, faults, liars, restores and acts; `SPRIDA_SEEDS=20000 SPRIDA_FIRST=5000` for a
/// longer night, `SPRIDA_SEED` for one run.
@Suite struct ConvergenceTests {
  private static let batchSize: UInt64 = 25

  private static func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment["SPRIDA_\(name)"].flatMap { UInt64($0) }
  }

  /// The seeds of this run, in batches: those that once found something first.
  private static var batches: [[UInt64]] {
    if let one = setting("SEED") { return [[one]] }
    let first = setting("FIRST") ?? 0
    let end = first + (setting("SEEDS") ?? 1400)
    let rest = stride(from: first, to: end, by: Int(batchSize)).map {
      Array($0..<min($0 + batchSize, end))
    }
    return [Set(KeptSeeds.all.map(\.seed)).sorted()] + rest
  }

  @Test(arguments: batches)
  func `after any storm, calm makes all honest nodes byte-equal and nothing is lost`(
    seeds: [UInt64]
  ) throws {
    var records = 0
    for seed in seeds {
      let again = "SPRIDA_SEED=\(seed) swift test --filter ConvergenceTests"
      do {
        let outcome = try World(seed: seed).run()
        #expect(outcome.problems == [], "seed \(seed); repeat with: \(again)")
        records += outcome.records
      } catch {
        Issue.record("seed \(seed): \(error); repeat with: \(again)")
      }
    }
    #expect(records > 0 || seeds.count == 1, "runs without records show nothing")
  }

  @Test(arguments: [7, 8] as [UInt64])
  func `one seed gives one run`(seed: UInt64) throws {
    let first = try World(seed: seed).run()
    let second = try World(seed: seed).run()
    #expect(first.frames == second.frames)
    #expect(first.bytes == second.bytes)
    #expect(first.operations == second.operations)
    #expect(first.events == second.events)
  }

  @Test func `every kind of event happens in some run`() throws {
    var events: Set<String> = []
    for seed in 45..<100 as Range<UInt64> {
      events.formUnion(try World(seed: seed).run().events.keys)
    }
    #expect(
      events.isSuperset(of: [
        "clone", "erased", "forgery", "removed node", "restore", "revocation", "rotation",
      ]))
  }
}
