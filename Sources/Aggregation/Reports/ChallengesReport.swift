import Operations
import Practice
import Signatures

/// Which challenges are open, and who wants to join.
enum ChallengesReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let byEntry = Dictionary(grouping: facts.adoptions.filter(\.isByOther), by: \.entry)
    let open = facts.entries.filter {
      $0.value(.kind) == "challenge" && $0.value(.stage) != "STOP"
    }
    return [
      Report.Table(
        "open", "Öppna utmaningar", "Open challenges",
        [
          .words("entry", "Utmaning", "Challenge"), .owner,
          .figure("interested", "Intresserade", "Interested"),
          .figure("solving", "Prövar eller använder", "Try or use"),
          .review, .confirmed,
        ],
        Report.Rows(of: open) { entry in
          let adoptions = byEntry[entry.key] ?? []
          return [
            entry.cell, .organisation(entry.owner),
            .count(adoptions.filter { $0.state == "INTERESTED" }),
            .count(adoptions.filter(\.isInUse)), entry.reviewCell,
            entry.confirmedCell,
          ]
        }),
      Report.Table(
        "interested", "Vilka som är intresserade", "Who is interested",
        [
          .words("entry", "Utmaning", "Challenge"),
          .organisation, .words("state", "Läge", "State"),
        ],
        Report.Rows(
          of: open.flatMap { entry in
            (byEntry[entry.key] ?? []).sorted { $0.key < $1.key }.map { (entry, $0) }
          }
        ) { entry, adoption in
          [
            entry.cell, .organisation(adoption.owner),
            .code(adoption.state, vocabulary: "adoption_state"),
          ]
        }),
    ]
  }
}
