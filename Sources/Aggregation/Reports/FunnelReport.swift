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
    let now = Dictionary(grouping: facts.entries) { $0.value(.stage) }
    let stopped = now["STOP"] ?? []
    let farthest = facts.entries.map { entry in
      (entry: entry, index: entry.stages.compactMap { order.firstIndex(of: $0.code) }.max() ?? -1)
    }
    let years = years(facts.entries)
    let rows = order.enumerated().map { index, stage -> [Report.Cell] in
      let reached = farthest.filter { $0.index >= index }.map(\.entry)
      return [
        .code(stage, vocabulary: "stage"), .count(reached),
        .count(now[stage] ?? []),
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
            .code("SPREAD", vocabulary: "stage"), .count(spread),
            .count(spread), .none,
          ],
          [
            .code("STOP", vocabulary: "stage"), .count(stopped), .count(stopped), .none,
          ],
        ]),
      byOrganisation(facts, farthest, spread),
      Report.Table(
        "years", "Kom till skedet under året", "Came to the stage in the year",
        [.words("year", "År", "Year")] + stageColumns,
        years.map { year in
          [.stated(year.year)] + order.map { .count(year.entries[$0] ?? []) }
        }),
    ]
  }

  private static var stageColumns: [Report.Column] {
    order.compactMap { Schema.bundled.vocabularies["stage"]?[$0] }.map(Report.Column.figure)
  }

  /// As the first table, of the entries of each owner.
  private static func byOrganisation(
    _ facts: ReportFacts, _ farthest: [(entry: ReportFacts.Entry, index: Int)],
    _ spread: [ReportFacts.Entry]
  ) -> Report.Table {
    let byOwner = Dictionary(grouping: farthest, by: \.entry.owner)
    let spread = Dictionary(grouping: spread, by: \.owner)
    return Report.Table(
      "organisations", "Har nått skedet, per organisation",
      "Have come to the stage, by organisation",
      [.organisation, .entries] + stageColumns + [
        .figure("spread", "Spritt", "Spread"), .figure("stopped", "Stoppat", "Stopped"),
      ],
      facts.inOrder(byOwner.keys).map { owner in
        let own = byOwner[owner] ?? []
        let reached = order.indices.map { index in
          Report.Cell.count(own.filter { $0.index >= index }.map(\.entry))
        }
        return [.organisation(owner), .count(own.map(\.entry))] + reached + [
          .count(spread[owner] ?? []),
          .count(own.filter { $0.entry.value(.stage) == "STOP" }.map(\.entry)),
        ]
      })
  }

  /// Which entries came to a stage for the first time in a year, the latest year first.
  private static func years(
    _ entries: [ReportFacts.Entry]
  ) -> [(year: String, entries: [String: [ListedRecord]])] {
    var years: [String: [String: [ListedRecord]]] = [:]
    // Of few days, for each is written out to find it.
    var yearOfDay: [Int64: String] = [:]
    for entry in entries {
      for stage in order {
        guard let first = entry.stages.first(where: { $0.code == stage }) else { continue }
        let day = first.time / 86_400_000
        let year = yearOfDay[day] ?? String(PartialDate.day(first.time).prefix(4))
        yearOfDay[day] = year
        years[year, default: [:]][stage, default: []].append(entry.listed)
      }
    }
    return years.sorted { $0.key > $1.key }.map { (year: $0.key, entries: $0.value) }
  }

  /// Days from the first time at a stage to the first time at another after it.
  private static func days(
    in stage: String, _ entry: ReportFacts.Entry
  ) -> (value: Int, record: ListedRecord)? {
    guard let index = entry.stages.firstIndex(where: { $0.code == stage }),
      index + 1 < entry.stages.count
    else { return nil }
    let days = (entry.stages[index + 1].time - entry.stages[index].time) / 86_400_000
    return (value: Int(days), record: entry.listed)
  }
}
