import OperationStore
import Operations
import Practice
import Signatures

/// How the records that were found are distributed, each facet in Swedish order.
struct FacetText {
  static let paths = ["themes", "stage", "evidence", tags, year]
  private static let tags = "tags"
  private static let year = "period_start"

  private struct Facet {
    let name: String
    let title: String
    let counts: Counts
  }

  private typealias Counts = [(code: String, label: String, count: Int)]

  private let facets: [Facet]
  private let console: Console

  init(_ counts: FacetCounts, _ context: Context, _ charter: Charter) throws {
    let console = context.console
    self.console = console
    let coded = Self.paths.filter { ![Self.tags, Self.year].contains($0) }.map { path -> Facet in
      let field = Schema.bundled.family(Document.defaultFamily)?[path]
      let vocabulary = field.flatMap(Schema.bundled.vocabulary(of:))
      return Facet(
        name: path, title: vocabulary?.label[console.language] ?? path,
        counts: (counts.byPath[path] ?? []).map {
          ($0.value, vocabulary?.label(of: $0.value, console.language) ?? $0.value, $0.count)
        })
    }
    let organisations = counts.organisations.map { row in
      (
        code: charter.organisation(row.organisation)?.code ?? "\(row.organisation)",
        label: context.organisationName(row.organisation, charter), count: row.count
      )
    }
    func byOrganisation(_ code: (Organisation) -> String?, label: (String) -> String) -> Counts {
      Dictionary(grouping: counts.organisations) { row in
        charter.organisation(row.organisation).flatMap(code) ?? ""
      }.map { ($0, label($0), $1.reduce(0) { $0 + $1.count }) }
    }
    facets =
      coded + [
        Facet(name: "organisation", title: "Organisation", counts: organisations),
        Facet(
          name: "county", title: console.text("Län", "County"),
          counts: byOrganisation({ County.of($0)?.code }) {
            MunicipalityCodes.bundled.region($0)?.countyName ?? ""
          }),
        Facet(
          name: "size", title: Population.classes?.label[console.language] ?? "",
          counts: byOrganisation(Population.sizeClass) {
            Population.classes?.label(of: $0, console.language) ?? $0
          }),
      ] + (try Self.ownWords(counts, context, charter))
  }

  /// Tags and years, where something states them.
  private static func ownWords(
    _ counts: FacetCounts, _ context: Context, _ charter: Charter
  ) throws -> [Facet] {
    let console = context.console
    let names = try Tags(context, charter)
    let tagged = (counts.byPath[tags] ?? []).map {
      (code: $0.value, label: names.label(of: $0.value, console.language), count: $0.count)
    }
    let years = Dictionary(grouping: counts.byPath[year] ?? []) { String($0.value.prefix(4)) }
      .map { (code: $0, label: $0, count: $1.reduce(0) { $0 + $1.count }) }
    return [
      Facet(name: tags, title: console.text("Taggar", "Tags"), counts: tagged),
      Facet(name: "year", title: console.text("Startår", "Start year"), counts: years),
    ].filter { $0.counts.contains { !$0.code.isEmpty } }
  }

  var lines: [String] {
    var table = Table([
      (console.text("Fördelning", "Facet"), .left), (console.text("Värde", "Value"), .left),
      (console.text("Poster", "Records"), .right),
    ])
    for facet in facets {
      for (index, count) in sorted(facet.counts).enumerated() {
        table.add([
          index == 0 ? facet.title : "",
          count.label.isEmpty ? console.text("ej angivet", "not stated") : count.label,
          console.number(count.count),
        ])
      }
    }
    return table.lines(console)
  }

  /// What states nothing stands last.
  private func sorted(_ counts: Counts) -> Counts {
    counts.sorted { a, b in
      (a.label.isEmpty ? 1 : 0, SwedishOrder.sortKey(a.label), a.code)
        < (b.label.isEmpty ? 1 : 0, SwedishOrder.sortKey(b.label), b.code)
    }
  }

  var json: JSON {
    .object(
      Dictionary(
        uniqueKeysWithValues: facets.map { facet in
          (
            facet.name,
            .array(
              sorted(facet.counts).map { count in
                .object([
                  "code": .string(count.code), "label": .string(count.label),
                  "count": .number(count.count),
                ])
              })
          )
        }))
  }
}
