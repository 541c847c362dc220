/// Which entries nobody has confirmed for long.
enum StalenessReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let stale = facts.entries.filter(\.freshness.isStale)
    let byOwner = Dictionary(grouping: facts.entries, by: \.owner)
    return [
      Report.Table(
        "entries", "Inaktuella exempel", "Stale entries",
        [
          .entry, .owner,
          .stage, .confirmed,
          .words("due", "Skulle bekräftas", "Was due"), .review,
        ],
        Report.Rows(of: stale.sorted { $0.freshness.due < $1.freshness.due }) {
          [
            $0.cell, .organisation($0.owner), $0.stageCell,
            $0.confirmedCell, .stated($0.freshness.due), $0.reviewCell,
          ]
        }),
      Report.Table(
        "organisations", "Hos organisationer", "By organisation",
        [
          .organisation,
          .entries, .figure("stale", "Inaktuella", "Stale"),
          .share,
        ],
        facts.inOrder(byOwner.keys).map { owner in
          let own = byOwner[owner] ?? []
          let stale = own.filter(\.freshness.isStale)
          return [
            .organisation(owner), .count(own), .count(stale),
            .share(stale, of: own.count),
          ]
        }),
    ]
  }
}
