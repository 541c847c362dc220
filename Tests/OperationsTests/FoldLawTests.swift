import Operations
import TestSupport
import Testing

/// Merge is set union, and state is a pure function of the set: same set, same bytes.
struct FoldLawTests {
  @Test(arguments: UInt64(0)..<16)
  func `every order of up to six operations gives the same bytes`(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, operations: 2 + Int(seed % 5))
    let expected = history.dump(history.held)
    var differing = 0
    forEachPermutation(of: history.held) { order in
      if history.dump(order) != expected { differing += 1 }
    }
    #expect(differing == 0, "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<150)
  func `any order with duplicates gives the same bytes`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let history = try RandomHistory(
      seed: seed, operations: Int.random(in: 7...40, using: &generator))
    let repeated = history.held + history.held.filter { _ in generator.oneIn(3) }
    let expected = history.dump(history.held)
    for _ in 0..<3 {
      #expect(history.dump(repeated.shuffled(using: &generator)) == expected, "seed \(seed)")
    }
  }

  @Test(arguments: UInt64(0)..<300)
  func `the product and the naive fold agree`(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, operations: 1 + Int(seed % 30))
    #expect(history.dump(history.held) == history.naiveDump(history.held), "seed \(seed)")
  }

  @Test(arguments: UInt64(0)..<50)
  func `nodes that each hold a part agree once they hold everything`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let history = try RandomHistory(seed: seed, operations: 24)
    var nodes = [[HeldOperation]](repeating: [], count: 3)
    for held in history.held { nodes[Int.random(in: 0..<3, using: &generator)].append(held) }
    for part in nodes {
      #expect(history.dump(part) == history.naiveDump(part), "seed \(seed)")
    }
    let merged = nodes.indices.map { first in
      nodes[first] + nodes.indices.filter { $0 != first }.flatMap { nodes[$0] }
    }
    #expect(Set(merged.map(history.dump)).count == 1, "seed \(seed)")
  }

  @Test func `the random histories reach every line of a dump`() throws {
    var kinds: Set<Substring> = []
    var conflicts = 0
    for seed in UInt64(0)..<60 {
      let history = try RandomHistory(seed: seed, operations: 20)
      let lines = history.dump(history.held)
      kinds.formUnion(lines.compactMap { $0.split(separator: " ").first })
      conflicts += lines.contains { $0.contains(" erased ") } ? 1 : 0
    }
    #expect(kinds.isSuperset(of: ["record", "value", "element", "hidden"]))
    #expect(conflicts > 5)
  }
}
