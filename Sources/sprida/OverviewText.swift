import Aggregation
import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// The council's report as tables and as JSON.
struct OverviewText {
  private let report: CouncilReport
  private let context: Context
  private var console: Console { context.console }

  init(_ report: CouncilReport, _ context: Context) {
    self.report = report
    self.context = context
  }

  var lines: [String] {
    heading + organisations + [""]
      + figures(console.text("Område", "Theme"), report.themes, "theme") + [""]
      + figures(console.text("Skede", "Stage"), report.stages, "stage") + [""]
      + adopted + footer
  }

  private var heading: [String] {
    let members = console.count(report.organisations.count, .organisation)
    let entries = console.count(report.entries, .entry)
    let conflicts = console.count(report.conflicts, .conflict)
    return [
      console.bold(
        console.text("Läget i kretsen: ", "The region: ")
          + OrganisationName.shown(report.region)),
      console.text(
        "\(entries) från \(report.published) av \(members); \(conflicts)",
        "\(entries) from \(report.published) of \(members); \(conflicts)"),
      "",
    ]
  }

  private var organisations: [String] {
    var table = Table([
      (console.text("Organisation", "Organisation"), .left),
      (console.text("Exempel", "Entries"), .right),
      (console.text("Övertaganden", "Adoptions"), .right),
      (console.text("Hörd (UTC)", "Heard from (UTC)"), .left),
    ])
    for row in report.organisations.inSwedishOrder(of: { $0.organisation.name }) {
      table.add([
        name(row.organisation), console.number(row.entries), console.number(row.adoptions),
        heard(row),
      ])
    }
    return table.lines(console)
  }

  /// With what has become of it, for a figure must not move from one name to another unseen.
  private func name(_ organisation: Organisation) -> String {
    let name =
      OrganisationName.shown(organisation)
      + (organisation.isRemoved ? console.text(" (utesluten)", " (removed)") : "")
    guard let charter = try? context.store.charter() else { return name }
    let heirs = charter.successions.filter { $0.from == organisation.id }.map { succession in
      OrganisationName.shown(charter.organisation(succession.to))
    }
    guard !heirs.isEmpty else { return name }
    let list = Set(heirs).sorted().inSwedishOrder.joined(separator: ", ")
    return name + console.text(" (poster till \(list))", " (records to \(list))")
  }

  private func heard(_ row: CouncilReport.OrganisationRow) -> String {
    if row.isHostedHere { return console.text("finns på den här noden", "kept on this node") }
    return row.heard.map(console.time)
      ?? console.text(
        "aldrig, sedan \(console.date(Int64(row.organisation.admitted.milliseconds)))",
        "never, since \(console.date(Int64(row.organisation.admitted.milliseconds)))")
  }

  private func figures(
    _ title: String, _ counts: [CouncilReport.Count], _ vocabulary: String
  ) -> [String] {
    var table = Table([(title, .left), (console.text("Exempel", "Entries"), .right)])
    for count in counts { table.add([label(count.code, vocabulary), console.number(count.count)]) }
    return table.lines(console)
  }

  private var adopted: [String] {
    var table = Table([
      (console.text("Övertaget", "Adopted"), .left), (console.text("Av", "By"), .left),
    ])
    let charter = try? context.store.charter()
    for row in report.adopted {
      let adopters = row.adopters.map { adopter in
        let name = OrganisationName.shown(charter?.organisation(adopter.organisation))
        return "\(name) (\(label(adopter.state, "adoption_state")))"
      }
      table.add([row.entry.title, adopters.joined(separator: ", ")])
    }
    return table.isEmpty ? [] : table.lines(console) + [""]
  }

  private var footer: [String] {
    let invented = console.count(report.invented, .record)
    let operations = console.count(report.operations, .operation)
    let mark =
      report.invented == 0
      ? []
      : [
        console.text(
          "Påhittat, och märkt \(CouncilReport.inventedMark): \(invented).",
          "Invented, and marked \(CouncilReport.inventedMark): \(invented).")
      ]
    return mark + [
      console.reviewed(report.reviewed) + "." + console.confirmed(report.latestConfirmed),
      console.text(
        "Beräknat ur \(operations) med mängdsumman \(report.digest)",
        "Computed from \(operations) with the set digest \(report.digest)"),
    ]
  }

  private func label(_ code: String, _ vocabulary: String) -> String {
    CellWords(console.language) { "\($0)" }.label(code, vocabulary)
  }

  var json: JSON {
    .object([
      "region": .optional(report.region?.name), "entries": .number(report.entries),
      "organisations_published": .number(report.published),
      "conflicts": .number(report.conflicts), "invented": .number(report.invented),
      "operations": .number(Int64(clamping: report.operations)),
      "set_digest": .string("\(report.digest)"), "review_status": .reviewed(report.reviewed),
      "latest_confirmed": .optional(report.latestConfirmed),
      "organisations": .array(
        report.organisations.map {
          .object([
            "id": .string("\($0.organisation.id)"), "code": .string($0.organisation.code),
            "name": .string($0.organisation.name), "entries": .number($0.entries),
            "adoptions": .number($0.adoptions), "heard": $0.heard.map(JSON.number) ?? .null,
            "here": .bool($0.isHostedHere),
          ])
        }),
      "themes": counts(report.themes), "stages": counts(report.stages),
      "kinds": counts(report.kinds),
      "adopted": .array(
        report.adopted.map { row in
          .object([
            "record": .string("\(row.entry.key.record)"), "title": .string(row.entry.title),
            "adopters": .array(
              row.adopters.map {
                .object([
                  "organisation": .string("\($0.organisation)"), "state": .string($0.state),
                ])
              }),
          ])
        }),
    ])
  }

  private func counts(_ counts: [CouncilReport.Count]) -> JSON {
    .array(counts.map { .object(["code": .string($0.code), "count": .number($0.count)]) })
  }
}
