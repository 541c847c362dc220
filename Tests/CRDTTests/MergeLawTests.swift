import CRDT
import TestSupport
import Testing

/// The laws of merge: any order, duplication or batching gives the same field.
struct MergeLawTests {
  @Test(arguments: UInt64(0)..<60)
  func `every order of up to six assignments gives the same field`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let assignments = Graphs.random(Int.random(in: 1...6, using: &generator), &generator)
    let expected = Field(assignments)
    var differing = 0
    forEachPermutation(of: assignments) { order in
      if Field(order) != expected { differing += 1 }
    }
    #expect(differing == 0, "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<200)
  func `random orders of many assignments give the same field`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let assignments = Graphs.random(Int.random(in: 7...60, using: &generator), &generator)
    let expected = Field(assignments)
    for _ in 0..<5 {
      #expect(Field(assignments.shuffled(using: &generator)) == expected, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<200)
  func `an assignment that is given twice counts once`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let assignments = Graphs.random(12, &generator)
    let repeated = assignments + assignments.filter { _ in generator.oneIn(2) }
    #expect(
      Field(repeated.shuffled(using: &generator)) == Field(assignments), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<200)
  func `an accepted assignment without targets only ever adds to what is live`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let assignments = Graphs.random(12, &generator)
    let before = Liveness(assignments)
    let after = Liveness(assignments + [sample(99, .says("new"))])
    #expect(Set(after.live.map(\.id)) == Set(before.live.map(\.id) + [99]), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<200)
  func `an assignment over everything live leaves only itself`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let assignments = Graphs.random(12, &generator)
    let live = Liveness(assignments).live.map(\.id)
    let field = Field(assignments + [sample(99, .says("agreed"), over: live)])
    #expect(field.texts == ["agreed"], "seed \(seed)")
    #expect(field.elements.isEmpty, "seed \(seed)")
  }
}
