import OperationStore
import Operations
import Practice
import Signatures

/// Who has adopted what of whom, how soon, and what nobody has adopted.
enum AdoptionReport {
  /// States in which an adopter uses what it has taken.
  static let inUse = ["TRIAL", "ADAPTED", "COPIED"]

  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let byEntry = Dictionary(grouping: facts.adoptions.filter(\.isByOther), by: \.entry)
    let adopted = facts.entries.compactMap { entry in
      byEntry[entry.key].map { (entry: entry, adoptions: $0) }
    }.sorted { $0.adoptions.count > $1.adoptions.count }
    return [
      states(facts), entries(adopted), pairs(adopted), never(facts, byEntry),
    ]
  }

  private static func states(_ facts: ReportFacts) -> Report.Table {
    let adoptions = facts.adoptions.filter(\.isByOther)
    return Report.Table(
      "states", "Hur långt", "How far",
      [
        .words("state", "Läge", "State"), .adoptions,
        .share,
      ],
      ReportFacts.byCode(adoptions, "adoption_state") { $0.values(.state) }.map {
        [
          .code($0.code, vocabulary: "adoption_state"), .count($0.facts),
          .share($0.facts, of: adoptions.count),
        ]
      })
  }

  private static func entries(
    _ adopted: [(entry: ReportFacts.Entry, adoptions: [ReportFacts.Adoption])]
  ) -> Report.Table {
    Report.Table(
      "entries", "Övertagna exempel", "Adopted entries",
      [
        .entry, .owner,
        .words("novelty", "Nyhetsgrad", "Novelty"),
        .adoptions, .figure("used", "I bruk", "In use"),
        .figure("days", "Dagar till det första", "Days to the first"),
        .review, .confirmed,
      ],
      Report.Rows(of: adopted) { row in
        let first = row.adoptions.min { $0.listed.created < $1.listed.created }
        let days = first.map { ($0.listed.created - row.entry.listed.created) / 86_400_000 }
        return [
          row.entry.cell, .organisation(row.entry.owner),
          .code(row.entry.value(.novelty), vocabulary: "novelty"),
          .count(row.adoptions),
          .count(row.adoptions.filter(\.isInUse)),
          first.flatMap { first in days.map { .number(Int(max(0, $0)), of: Counted([first])) } }
            ?? .none,
          row.entry.reviewCell, row.entry.confirmedCell,
        ]
      })
  }

  /// Who took from whom.
  private static func pairs(
    _ adopted: [(entry: ReportFacts.Entry, adoptions: [ReportFacts.Adoption])]
  ) -> Report.Table {
    struct Pair: Hashable { let from, to: Digest }
    var byPair: [Pair: [ListedRecord]] = [:]
    for row in adopted {
      for adoption in row.adoptions {
        byPair[Pair(from: row.entry.owner, to: adoption.owner), default: []].append(adoption.listed)
      }
    }
    return Report.Table(
      "pairs", "Från vem till vem", "From whom to whom",
      [
        .words("from", "Från", "From"), .words("to", "Till", "To"),
        .adoptions,
      ],
      Report.Rows(
        of: byPair.sorted {
          ($1.value.count, $0.key.from, $0.key.to) < ($0.value.count, $1.key.from, $1.key.to)
        }
      ) { [.organisation($0.key.from), .organisation($0.key.to), .count($0.value)] })
  }

  /// What is in use at home and could be.
  private static func never(
    _ facts: ReportFacts, _ byEntry: [RecordKey?: [ReportFacts.Adoption]]
  ) -> Report.Table {
    let entries = facts.entries.filter {
      byEntry[$0.key] == nil && ["PILOT", "IMPL", "ORD"].contains($0.value(.stage))
    }
    return Report.Table(
      "never", "Aldrig övertagna", "Never adopted",
      [
        .entry, .owner,
        .stage, .review,
        .confirmed,
      ],
      Report.Rows(of: entries) {
        [
          $0.cell, .organisation($0.owner), $0.stageCell,
          $0.reviewCell, $0.confirmedCell,
        ]
      })
  }
}
