import CRDT
import TestSupport
import Testing

/// Liveness against its definition, computed by transitive closure.
struct LivenessDefinitionTests {
  @Test(arguments: [(size: 1, graphs: 2), (2, 8), (3, 64), (4, 1024)])
  func `all graphs of up to four assignments agree with the definition`(size: Int, graphs: Int) {
    var choices = Choices()
    var seen = 0
    repeat {
      let assignments = (0..<size).map { id in
        sample(
          id, .says("x"), over: (0..<id).filter { _ in choices.pick(below: 2) == 1 },
          accepted: choices.pick(below: 2) == 1)
      }
      check(assignments, "\(assignments)")
      seen += 1
    } while choices.advance()
    #expect(seen == graphs)
  }

  @Test(arguments: UInt64(0)..<200)
  func `random graphs agree with the definition`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    check(Graphs.random(25, &generator), "seed \(seed)")
  }

  private func check(_ assignments: [Sample], _ label: @autoclosure () -> String) {
    let all = closure(assignments) { _ in true }
    let plain = closure(assignments, through: \.isAccepted)
    let accepted = assignments.filter(\.isAccepted).map(\.id)
    func isReached(_ id: Int, _ reach: [Int: Set<Int>]) -> Bool {
      accepted.contains { reach[$0]?.contains(id) == true }
    }
    let liveness = Liveness(assignments)
    #expect(
      liveness.live.map(\.id) == accepted.filter { !isReached($0, all) }, "\(label())")
    #expect(
      liveness.hiddenThroughUnaccepted
        == accepted.filter { isReached($0, all) && !isReached($0, plain) }.sorted(), "\(label())")
  }

  /// What each assignment reaches; intermediate ones must satisfy `passes`.
  private func closure(
    _ assignments: [Sample], through passes: (Sample) -> Bool
  ) -> [Int: Set<Int>] {
    let held = Set(assignments.map(\.id))
    var reach = Dictionary(
      uniqueKeysWithValues: assignments.map { ($0.id, Set($0.targets).intersection(held)) })
    // Targets are earlier, so a pass in ascending order meets finished sets.
    for assignment in assignments.sorted(by: { $0.id < $1.id }) {
      for middle in assignments where reach[assignment.id]?.contains(middle.id) == true {
        guard passes(middle), assignment.targets.contains(middle.id) else { continue }
        let further = reach[middle.id] ?? []
        reach[assignment.id]?.formUnion(further)
      }
    }
    return reach
  }
}
