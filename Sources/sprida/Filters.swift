import ArgumentParser
import OperationStore
import Operations
import Practice
import Signatures

extension RecordQuery.Order: ExpressibleByArgument {}

/// Which records to list, in words as people type them: codes or labels in any case, several by
/// comma.
struct Filters: ParsableArguments {
  @Option(help: ArgumentHelp(words("Postslag.", "Kind of record."), valueName: "family"))
  var family = Document.defaultFamily

  @Option(help: ArgumentHelp(words("Utgivare, kod eller namn.", "Publisher, code or name.")))
  var organisation: String?

  @Option(help: ArgumentHelp(words("Utgivarens län.", "The publisher's county.")))
  var county: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Kommunens folkmängd, som 10000-50000.", "The municipality's population, as 10000-50000."),
      valueName: words("från-till", "from-to")))
  var size: String?

  @Option(help: ArgumentHelp(words("Område, som INNO eller skola.", "Theme, such as INNO.")))
  var theme: String?

  @Option(help: ArgumentHelp(words("Skede, som PILOT.", "Stage, such as PILOT.")))
  var stage: String?

  @Option(help: ArgumentHelp(words("Typ, som practice.", "Kind, such as practice.")))
  var kind: String?

  @Option(help: ArgumentHelp(words("Evidens, som E2.", "Evidence, such as E2.")))
  var evidence: String?

  @Option(help: ArgumentHelp(words("Status, som ENDED.", "Status, such as ENDED.")))
  var status: String?

  @Option(help: ArgumentHelp(words("Utmaning, som BEST.", "Challenge, such as BEST.")))
  var challenge: String?

  @Option(help: ArgumentHelp(words("Fokus, som LED.", "Focus, such as LED.")))
  var focus: String?

  @Option(help: ArgumentHelp(words("Roll i innovation.", "Role in innovation.")))
  var role: String?

  @Option(help: ArgumentHelp(words("Målgrupp, som PUPI.", "Target group, such as PUPI.")))
  var targetGroup: String?

  @Option(
    help: ArgumentHelp(
      words("Rådets eller någon annans tagg.", "A tag of the council's or of somebody else's.")))
  var tag: String?

  @Option(
    help: ArgumentHelp(
      words("Metod, id eller del av titeln.", "Method, an id or a part of its title.")))
  var method: String?

  @Option(help: ArgumentHelp(words("Samverkanspart, eller del av namnet.", "A partner's name.")))
  var partner: String?

  @Flag(
    help: ArgumentHelp(
      words("Bara organisationer som liknar vår.", "Only organisations like ours.")))
  var likeUs = false

  @Flag(help: ArgumentHelp(words("Även återkallade.", "Withdrawn ones too.")))
  var withdrawn = false

  @Option(
    help: ArgumentHelp(
      words("best, title, updated, adoptions eller confirmed.", "How to order them."),
      valueName: "order"))
  var sort = RecordQuery.Order.best

  @Flag(
    help: ArgumentHelp(
      words(
        "Räkna hur de fördelar sig på område, skede, evidens, organisation, län och mer.",
        "Count them by theme, stage, evidence, organisation, county and more.")))
  var facets = false

  /// What was chosen, and whom `--like-us` has found.
  struct Choice {
    var query: RecordQuery
    var likeUs: LikeUs?
  }

  func choice(_ context: Context) throws -> Choice {
    let reader = FilterReader(context: context, charter: try context.store.charter())
    var query = RecordQuery(family: try reader.family(family))
    query.isWithdrawnShown = withdrawn
    query.order = sort
    query.facets = try [
      ("theme", theme, "themes"), ("stage", stage, "stage"), ("kind", kind, "kind"),
      ("evidence", evidence, "evidence"), ("status", status, "status"),
      ("challenge", challenge, "challenges"), ("focus", focus, "focus"), ("role", role, "role"),
      ("target-group", targetGroup, "target_groups"),
    ].compactMap { option, text, path in
      try text.map { .init(path: path, values: try reader.codes($0, option: option, path: path)) }
    }
    if let tag { query.facets.append(try reader.tag(tag)) }
    if let method { query.facets.append(try reader.method(method)) }
    if let partner { query.facets.append(try reader.partner(partner)) }
    let likeUs = likeUs ? try LikeUs(context, reader.charter) : nil
    let chosen = try [
      organisation.map(reader.publishers(named:)), county.map(reader.publishers(inCounty:)),
      size.map(reader.publishers(ofSize:)),
      likeUs.map { $0.organisations.map(\.id) },
    ].compactMap(\.self)
    if let first = chosen.first {
      query.organisations = first.filter { id in chosen.allSatisfy { $0.contains(id) } }
    }
    return Choice(query: query, likeUs: likeUs)
  }
}
