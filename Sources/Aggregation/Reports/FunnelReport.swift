import OperationStore
import Operations
import Practice

/// How far entries come, and how long each stage takes.
enum FunnelReport {
  /// Two others that use it make an entry spread (`Protocol/schema/README.md#vocabularies`).
  private static let spreadAt = 2
  private static let order = ["IDEA", "PREST", "PILOT", "IMPL", "ORD"]

  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let adopters = Dictionary(grouping: facts.adoptions.filter { $0.isByOther && $0.isInUse }) {
      $0.entry
    }
    let spread = facts.entries.filter { entry in
      Set((adopters[entry.key] ?? []).map(\.owner)).count >= spreadAt
    }
    let now = Dictionary(grouping: facts.entries) { $0.value("stage") }
    let stopped = (now["STOP"] ?? []).map(\.key)
    let farthest = facts.entries.map { entry in
      (entry: entry, index: entry.stages.compactMap { order.firstIndex(of: $0.code) }.max() ?? -1)
    }
    let rows = order.enumerated().map { index, stage -> [Report.Cell] in
      let reached = farthest.filter { $0.index >= index }.map(\.entry)
      return [
        .code(stage, vocabulary: "stage"), .count(reached.map(\.key)),
        .count((now[stage] ?? []).map(\.key)),
        .median(facts.entries.compactMap { days(in: stage, $0) }),
      ]
    }
    return [
      Report.Table(
        "stages", "Skeden", "Stages",
        [
          .stage, .figure("reached", "Har nått hit", "Have come here"),
          .figure("now", "Är här nu", "Are here now"),
          .figure("days", "Dagar, median", "Days, median"),
        ],
        rows + [
          [
            .code("SPREAD", vocabulary: "stage"), .count(spread.map(\.key)),
            .count(spread.map(\.key)), .none,
          ],
          [
            .code("STOP", vocabulary: "stage"), .count(stopped), .count(stopped), .none,
          ],
        ])
    ]
  }

  /// Days from the first time at a stage to the first time at another after it.
  private static func days(
    in stage: String, _ entry: ReportFacts.Entry
  ) -> (value: Int, record: RecordKey)? {
    guard let index = entry.stages.firstIndex(where: { $0.code == stage }),
      index + 1 < entry.stages.count
    else { return nil }
    let days = (entry.stages[index + 1].time - entry.stages[index].time) / 86_400_000
    return (value: Int(days), record: entry.key)
  }
}
