import OperationStore
import Operations
import Practice
import Signatures

/// Reads what people write for a filter; what means nothing gets the nearest that does.
struct FilterReader {
  let context: Context
  let charter: Charter
  private var console: Console { context.console }

  func family(_ text: String) throws -> String {
    if let family = Schema.bundled.family(named: text) { return family.name }
    let names = Schema.bundled.families.map(\.name)
    throw unknown("family", text, nearest: nearest(to: text, names), known: names)
  }

  /// The codes of a field's vocabulary that are meant.
  func codes(_ text: String, option: String, path: String) throws -> [String] {
    guard let field = Schema.bundled.family(Document.defaultFamily)?[path],
      let vocabulary = Schema.bundled.vocabulary(of: field)
    else {
      throw Failure.failed(
        words("schemat har inga koder för \(path)", "the schema has no vocabulary for \(path)"))
    }
    return try parts(text).map { part in
      if let code = vocabulary.code(meaning: part) { return code.code }
      throw unknown(
        option, part, nearest: vocabulary.nearest(to: part),
        known: vocabulary.enterable.map(\.code))
    }
  }

  func partner(_ text: String) throws -> RecordQuery.Facet {
    let known = try context.store.facetValues(of: "partners")
    let values = parts(text).flatMap { part in
      known.filter { SwedishOrder.folded($0).contains(SwedishOrder.folded(part)) }
    }
    if values.isEmpty {
      throw unknown("partner", text, nearest: nearest(to: text, known), known: [])
    }
    return RecordQuery.Facet(path: "partners", values: values)
  }

  // MARK: - Organisations

  /// Those that a code or a name means, or a part of a name, and whom they have succeeded.
  func publishers(named text: String) throws -> [Digest] {
    let found = try parts(text).flatMap { part in
      let named = organisations(named: part)
      if named.isEmpty {
        let names = charter.organisations.flatMap { [$0.name, $0.code] }.filter { !$0.isEmpty }
        throw unknown("organisation", part, nearest: nearest(to: part, names), known: [])
      }
      return named.flatMap { [$0.id] + charter.predecessors(of: $0.id) }
    }
    return Set(found).sorted()
  }

  private func organisations(named text: String) -> [Organisation] {
    let all = charter.organisations
    let exact = all.filter {
      $0.code == text || SwedishOrder.folded($0.name) == SwedishOrder.folded(text)
        || text.count >= 8 && $0.id.description.hasPrefix(text.lowercased())
    }
    return exact.isEmpty
      ? all.filter { SwedishOrder.folded($0.name).contains(SwedishOrder.folded(text)) } : exact
  }

  /// Those of a county, by its code or its name, or that of its region.
  func publishers(inCounty text: String) throws -> [Digest] {
    let regions = MunicipalityCodes.bundled.regions
    let codes = try parts(text).map { part in
      let folded = SwedishOrder.folded(part)
      let region = regions.first { region in
        [region.code, region.name, region.countyName, region.shortName]
          .contains { SwedishOrder.folded($0) == folded }
      }
      if let region { return region.code }
      let names = regions.map(\.shortName)
      throw unknown("county", part, nearest: nearest(to: part, names), known: names)
    }
    return charter.organisations.filter { organisation in
      County.of(organisation).map { codes.contains($0.code) } ?? false
    }.map(\.id)
  }

  // MARK: -

  private func parts(_ text: String) -> [String] {
    text.split(separator: ",").map { part in
      let trimmed = part.drop { $0 == " " }.reversed().drop { $0 == " " }
      return String(trimmed.reversed())
    }.filter { !$0.isEmpty }
  }

  private func nearest(to text: String, _ candidates: [String]) -> String? {
    Spelling.nearest(to: text, among: candidates).map { candidates[$0] }
  }

  private func unknown(
    _ option: String, _ text: String, nearest: String?, known: [String]
  ) -> Failure {
    let meant: Told = console.language == .swedish ? "; menade du " : "; did you mean "
    let list = known.isEmpty ? "" : known.joined(separator: ", ")
    let expected: Told =
      known.isEmpty
      ? "" : console.language == .swedish ? ", väntade en av \(list)" : ", expected one of \(list)"
    let found: Told = console.language == .swedish ? "hittade" : "found"
    let quoted: Told = console.language == .swedish ? "”\(text)”" : "“\(text)”"
    let hint: Told = nearest.map { meant + "\($0)?" } ?? ""
    return .invalid((("--\(option): " as Told) + found + " " + quoted + expected + hint).text)
  }
}

/// The county in which an organisation's code lies.
enum County {
  static func of(_ organisation: Organisation) -> MunicipalityCodes.Region? {
    (try? OrganisationCode(parsing: organisation.code))?.region
  }
}
