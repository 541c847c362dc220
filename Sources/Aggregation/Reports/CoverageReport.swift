import Practice

/// Which members publish, and which are silent since when.
enum CoverageReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    let entries = Dictionary(grouping: facts.entries, by: \.owner)
    let adoptions = Dictionary(grouping: facts.adoptions, by: \.owner)
    let yearAgo = PartialDate.adding(months: -12, to: facts.asOf) ?? facts.asOf
    let rows = facts.membersInOrder.map { member -> [Report.Cell] in
      let own = member.organisation.flatMap { entries[$0] } ?? []
      let latest = member.organisation.flatMap { facts.latestSigned[$0] }
      return [
        member.cell, .stated(member.code),
        member.isAssociate ? .code("ASSOCIATE", vocabulary: "membership") : .none,
        .count(own),
        .count(member.organisation.flatMap { adoptions[$0] } ?? []),
        latest.map(Report.Cell.stated) ?? .none,
        silent(member, latest, since: yearAgo, facts),
      ]
    }
    let publishing = facts.members.filter { member in
      member.organisation.map { entries[$0] != nil } ?? false
    }
    return [
      Report.Table(
        "members", "Medlemmar", "Members",
        [
          .organisation, .words("code", "Kod", "Code"),
          .words("sort", "Slag", "Sort"), .entries,
          .adoptions,
          .words("latest", "Senast", "Latest"), .words("silent", "Tyst", "Silent"),
        ], rows),
      Report.Table(
        "total", "Sammanlagt", "Altogether",
        [
          .figure("members", "Medlemmar", "Members"),
          .figure("publishing", "Publicerar", "Publish"), .share,
          .entries,
        ],
        [
          [
            .number(facts.members.count, of: .none),
            .number(publishing.count, of: Counted(facts.entries)),
            share(publishing.count, facts), .count(facts.entries),
          ]
        ]),
    ]
  }

  /// Of the members; the records behind it are what they have published.
  private static func share(_ publishing: Int, _ facts: ReportFacts) -> Report.Cell {
    let members = facts.members.count
    guard members >= Report.leastShown else { return .few }
    return .percent(
      (200 * publishing + members) / (2 * members), of: Counted(facts.entries))
  }

  /// A member is silent when it has signed nothing accepted in a year.
  private static func silent(
    _ member: ReportFacts.Member, _ latest: String?, since yearAgo: String, _ facts: ReportFacts
  ) -> Report.Cell {
    guard let organisation = member.organisation else {
      return .words(Localised(sv: "inte ansluten", en: "not connected"))
    }
    guard let latest else {
      let admitted = facts.admitted[organisation] ?? ""
      return .words(
        Localised(sv: "alltid, ansluten \(admitted)", en: "always, joined \(admitted)"))
    }
    return latest < yearAgo
      ? .words(Localised(sv: "sedan \(latest)", en: "since \(latest)")) : .none
  }
}
