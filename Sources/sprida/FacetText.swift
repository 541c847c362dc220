import OperationStore
import Operations
import Practice
import Signatures

/// How the records that were found are distributed, each facet in Swedish order.
struct FacetText {
  static let paths = ["themes", "stage", "evidence"]

  private struct Facet {
    let name: String
    let title: String
    let counts: [(code: String, label: String, count: Int)]
  }

  private let facets: [Facet]
  private let console: Console

  init(_ counts: FacetCounts, _ context: Context, _ charter: Charter) {
    let console = context.console
    self.console = console
    let coded = Self.paths.map { path -> Facet in
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
    let counties = Dictionary(grouping: counts.organisations) { row in
      charter.organisation(row.organisation).flatMap(County.of)?.code ?? ""
    }.map { code, rows in
      (
        code: code, label: MunicipalityCodes.bundled.region(code)?.countyName ?? "",
        count: rows.reduce(0) { $0 + $1.count }
      )
    }
    facets =
      coded + [
        Facet(name: "organisation", title: "Organisation", counts: organisations),
        Facet(name: "county", title: console.text("Län", "County"), counts: counties),
      ]
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
  private func sorted(
    _ counts: [(code: String, label: String, count: Int)]
  ) -> [(code: String, label: String, count: Int)] {
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
