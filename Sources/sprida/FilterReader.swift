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
    return try text.commaList.map { part in
      if let code = vocabulary.code(meaning: part) { return code.code }
      throw unknown(
        option, part, nearest: vocabulary.nearest(to: part),
        known: vocabulary.enterable.map(\.code))
    }
  }

  /// A code that nobody here has defined may still stand in entries.
  func tag(_ text: String) throws -> RecordQuery.Facet {
    let (tags, used) = (try Tags(context, charter), try context.store.facetValues(of: "tags"))
    let values = try text.commaList.map { part in
      if let code = tags.code(meaning: part) ?? used.first(where: { $0 == part }) { return code }
      let known = Set(tags.codes + used).sorted()
      throw unknown("tag", part, nearest: nearest(to: part, known), known: known)
    }
    return RecordQuery.Facet(path: "tags", values: values)
  }

  func method(_ text: String) throws -> RecordQuery.Facet {
    var query = RecordQuery(family: Document.defaultFamily)
    query.facets = [.init(path: "kind", values: ["method"])]
    let known = try context.store.find(query).records
    let values = text.commaList.flatMap { part in
      known.filter {
        SwedishOrder.folded($0.title).contains(SwedishOrder.folded(part))
          || part.count >= 4 && $0.key.isMeant(by: part)
      }
    }
    guard !values.isEmpty else {
      let titles = known.map(\.title)
      throw unknown("method", text, nearest: nearest(to: text, titles), known: [])
    }
    return RecordQuery.Facet(path: "methods", values: values.map(\.key.text))
  }

  func partner(_ text: String) throws -> RecordQuery.Facet {
    let known = try context.store.facetValues(of: "partners")
    let values = text.commaList.flatMap { part in
      known.filter { SwedishOrder.folded($0).contains(SwedishOrder.folded(part)) }
    }
    if values.isEmpty {
      throw unknown("partner", text, nearest: nearest(to: text, known), known: [])
    }
    return RecordQuery.Facet(path: "partners", values: values)
  }

  // MARK: - Organisations

  /// Those that a code or a name means, or a part of a name, their companies, and whom they have
  /// succeeded.
  func publishers(named text: String) throws -> [Digest] {
    let found = try text.commaList.flatMap { part in
      let named = organisations(named: part)
      if named.isEmpty {
        let names = charter.organisations.flatMap { [$0.name] + $0.codes.own }
        throw unknown("organisation", part, nearest: nearest(to: part, names), known: [])
      }
      let companies = charter.organisations.filter { company in
        charter.owner(of: company).map(named.contains) ?? false
      }
      return (named + companies).flatMap { [$0.id] + charter.predecessors(of: $0.id) }
    }
    return Set(found).sorted()
  }

  private func organisations(named text: String) -> [Organisation] {
    let all = charter.organisations
    let exact = all.filter {
      $0.codes.own.contains(text) || SwedishOrder.folded($0.name) == SwedishOrder.folded(text)
        || text.count >= 8 && $0.id.description.hasPrefix(text.lowercased())
    }
    return exact.isEmpty
      ? all.filter { SwedishOrder.folded($0.name).contains(SwedishOrder.folded(text)) } : exact
  }

  /// Those of a county, by its code or its name, or that of its region.
  func publishers(inCounty text: String) throws -> [Digest] {
    let regions = MunicipalityCodes.bundled.regions
    let codes = try text.commaList.map { part in
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

  /// Municipalities by how many live there: `10000-50000`, `200000-`.
  func publishers(ofSize text: String) throws -> [Digest] {
    let ranges = try text.commaList.map { part -> ClosedRange<Int> in
      let ends = part.filter { !$0.isWhitespace }.replacing("–", with: "-")
        .split(separator: "-", omittingEmptySubsequences: false)
      let low = ends.first.flatMap { $0.isEmpty ? 0 : Int($0) }
      let high = ends.last.flatMap { $0.isEmpty ? Int.max : Int($0) }
      guard ends.count == 2, let low, let high, low <= high else {
        throw unknown("size", part, nearest: nil, known: ["0-10000", "10000-50000", "200000-"])
      }
      return low...high
    }
    return charter.organisations.filter { organisation in
      Population.of(organisation).map { size in ranges.contains { $0.contains(size) } } ?? false
    }.map(\.id)
  }

  // MARK: -

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
