import Practice

/// What there is, at which stage and with whom.
enum ThemesReport {
  static func tables(_ facts: ReportFacts) -> [Report.Table] {
    [byStage(facts), byOrganisation(facts)]
  }

  /// An entry with several themes stands in the row of each, so the last row is no sum of the others.
  private static func byStage(_ facts: ReportFacts) -> Report.Table {
    let stages = ReportFacts.byCode(facts.entries, "stage") { $0.values(.stage) }.map(\.code)
    func row(_ title: Report.Cell, _ entries: [ReportFacts.Entry]) -> [Report.Cell] {
      let byStage = Dictionary(grouping: entries) { $0.value(.stage) }
      return [title] + stages.map { .count(byStage[$0] ?? []) }
        + [.count(entries)]
    }
    let vocabulary = Schema.bundled.vocabularies["stage"]
    let columns = stages.map { code in
      vocabulary?[code].map(Report.Column.figure)
        ?? .figure(
          "stage_" + code, code.isEmpty ? "Ej angivet" : code,
          code.isEmpty ? "Not stated" : code)
    }
    let themes = ReportFacts.byCode(facts.entries, "theme") { $0.values(.themes) }
    return Report.Table(
      "stages", "Områden och skeden", "Themes and stages",
      [.words("theme", "Område", "Theme")] + columns + [.figure("all", "Alla", "All")],
      themes.map { row(.code($0.code, vocabulary: "theme"), $0.facts) } + [
        row(.words(Localised(sv: "Olika exempel", en: "Distinct entries")), facts.entries)
      ])
  }

  private static func byOrganisation(_ facts: ReportFacts) -> Report.Table {
    let themes = ReportFacts.byCode(facts.entries, "theme") { $0.values(.themes) }
    return Report.Table(
      "organisations", "Områden hos organisationer", "Themes by organisation",
      [
        .words("theme", "Område", "Theme"), .organisation,
        .stage, .entries,
      ],
      themes.flatMap { theme -> [[Report.Cell]] in
        let byOwner = Dictionary(grouping: theme.facts, by: \.owner)
        return facts.inOrder(byOwner.keys).flatMap { owner -> [[Report.Cell]] in
          ReportFacts.byCode(byOwner[owner] ?? [], "stage") { $0.values(.stage) }.map {
            [
              .code(theme.code, vocabulary: "theme"), .organisation(owner),
              .code($0.code, vocabulary: "stage"), .count($0.facts),
            ]
          }
        }
      })
  }
}
