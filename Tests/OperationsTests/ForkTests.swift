import Operations
import Signatures
import TestSupport
import Testing

@Suite struct ForkTests {
  private static func id(_ number: Int) -> Digest { SHA256.hash([UInt8(number)]) }
  private static let organisation = id(200)

  private static func entry(
    _ number: Int, after prev: [Int], as role: Role = .author,
    of organisation: Digest = organisation
  ) -> Fork.Entry {
    Fork.Entry(id: id(number), organisation: organisation, role: role, prev: prev.map(id))
  }

  private static func branches(_ entries: [Fork.Entry]) -> [[Digest]] {
    Fork.all(in: entries).map(\.branches)
  }

  @Test func `a chain, and branches that are joined at once, are no fork`() {
    #expect(Self.branches([]) == [])
    #expect(Self.branches([Self.entry(1, after: []), Self.entry(2, after: [1])]) == [])
  }

  @Test func `two over one prev, and two that begin a graph, are a fork each`() {
    let over = [Self.entry(1, after: []), Self.entry(2, after: [1]), Self.entry(3, after: [1])]
    let fork = Fork.all(in: over)
    #expect(fork.map(\.prev) == [Self.id(1)])
    #expect(fork.map(\.branches) == [[Self.id(2), Self.id(3)].sorted()])
    let beginnings = [Self.entry(1, after: []), Self.entry(2, after: []), Self.entry(3, after: [])]
    #expect(Fork.all(in: beginnings).map(\.prev) == [nil])
    #expect(Self.branches(beginnings) == [[1, 2, 3].map(Self.id).sorted()])
  }

  @Test func `each role and each organisation has a graph of its own`() {
    #expect(
      Self.branches([
        Self.entry(1, after: []), Self.entry(2, after: [], as: .reviewer),
        Self.entry(3, after: [], of: Self.id(201)),
      ]) == [])
  }

  /// The definition, pair by pair.
  private static func naive(_ entries: [Fork.Entry]) -> Set<Set<Digest>> {
    var pairs: Set<Set<Digest>> = []
    for first in entries {
      for second in entries where first.id != second.id {
        let isOneGraph = first.organisation == second.organisation && first.role == second.role
        let isOverOne =
          first.prev.isEmpty && second.prev.isEmpty
          || !Set(first.prev).isDisjoint(with: second.prev)
        if isOneGraph, isOverOne { pairs.insert([first.id, second.id]) }
      }
    }
    return pairs
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `forks are the pairs of the definition, in any order and however often told`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = 2 + Int(generator.next() % 14)
    let roles: [Role] = [.author, .reviewer]
    let entries = (0..<count).map { number in
      let prev = (0..<number).filter { _ in generator.oneIn(4) }
      return Self.entry(
        number, after: prev, as: roles[Int(generator.next() % 2)],
        of: Self.id(200 + Int(generator.next() % 2)))
    }
    let forks = Fork.all(in: entries)
    let pairs = forks.flatMap { fork in
      fork.branches.flatMap { first in
        fork.branches.filter { $0 != first }.map { Set([first, $0]) }
      }
    }
    #expect(Set(pairs) == Self.naive(entries), "seed \(seed)")
    #expect(Fork.all(in: (entries + entries).shuffled(using: &generator)) == forks)
    // Monotone: what more is known never makes a fork go.
    let fewer = Fork.all(in: entries.dropLast())
    for fork in fewer {
      #expect(
        forks.contains {
          $0.prev == fork.prev && $0.role == fork.role && $0.organisation == fork.organisation
            && Set($0.branches).isSuperset(of: fork.branches)
        })
    }
  }
}
