import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// Organisations that are like one's own, and why each of them is.
///
/// Alike are those of the same kind that lie in the same county, are of the same size, or have themes
/// or challenges in common.
struct LikeUs {
  struct Alike {
    let id: Digest
    let isInCounty: Bool
    let isOfSize: Bool
    /// Codes that both have published about.
    let themes: [String]
    let challenges: [String]
  }

  let own: Organisation
  /// The most alike first, then in Swedish order.
  let organisations: [Alike]

  init(_ context: Context, _ charter: Charter) throws {
    guard let own = try context.ownOrganisation(charter) else {
      throw Failure.invalid(
        context.console.text(
          "Noden hör inte till någon organisation.", "The node is no organisation's."))
    }
    let subjects = try Dictionary(
      grouping: context.store.publishedValues(of: ["themes", "challenges"], family: "entry"),
      by: \.organisation)
    func codes(_ id: Digest, _ path: String) -> [String] {
      (subjects[id] ?? []).filter { $0.path == path }.map(\.value)
    }
    let (themes, challenges) = (codes(own.id, "themes"), codes(own.id, "challenges"))
    self.own = own
    organisations = charter.organisations.filter { other in
      other.id != own.id && !other.isRemoved && Self.isSameKind(other, own)
    }.map { other in
      Alike(
        id: other.id,
        isInCounty: County.of(own).map { $0.code == County.of(other)?.code } ?? false,
        isOfSize: Population.sizeClass(of: own).map { $0 == Population.sizeClass(of: other) }
          ?? false,
        themes: codes(other.id, "themes").filter(themes.contains),
        challenges: codes(other.id, "challenges").filter(challenges.contains))
    }.filter { $0.weight > 0 }
      .sorted { ($1.weight, Self.key($0, charter)) < ($0.weight, Self.key($1, charter)) }
  }

  /// Gotland is a municipality and a region.
  private static func isSameKind(_ one: Organisation, _ other: Organisation) -> Bool {
    func kinds(_ organisation: Organisation) -> Set<OrganisationCode.Scheme> {
      Set(organisation.codes.own.compactMap { try? OrganisationCode(parsing: $0).scheme })
    }
    return !kinds(one).isDisjoint(with: kinds(other))
  }

  private static func key(_ alike: Alike, _ charter: Charter) -> String {
    SwedishOrder.sortKey(charter.organisation(alike.id)?.name ?? "")
  }

  func lines(_ context: Context, _ charter: Charter) -> [String] {
    let console = context.console
    var table = Table([
      (console.text("Liknar oss", "Like us"), .left), (console.text("Varför", "Why"), .left),
    ])
    for alike in organisations {
      table.add([
        context.organisationName(alike.id, charter),
        reasons(alike, console).joined(separator: "; "),
      ])
    }
    return table.isEmpty
      ? [console.text("Ingen organisation liknar vår.", "No organisation is like ours.")]
      : table.lines(console)
  }

  func reasons(_ alike: Alike, _ console: Console) -> [String] {
    let county = County.of(own)?.countyName ?? ""
    let size = Population.sizeClass(of: own)
      .flatMap { Population.classes?.label(of: $0, console.language) }
    func labels(_ codes: [String], _ vocabulary: String) -> String {
      codes.map {
        Schema.bundled.vocabularies[vocabulary]?.label(of: $0, console.language) ?? $0
      }.joined(separator: ", ")
    }
    return [
      alike.isInCounty ? console.text("också i \(county)", "in \(county) too") : nil,
      alike.isOfSize ? size : nil,
      alike.themes.isEmpty
        ? nil
        : console.text(
          "områden: \(labels(alike.themes, "theme"))", "themes: \(labels(alike.themes, "theme"))"),
      alike.challenges.isEmpty
        ? nil
        : console.text(
          "utmaningar: \(labels(alike.challenges, "challenge"))",
          "challenges: \(labels(alike.challenges, "challenge"))"),
    ].compactMap(\.self)
  }

  func json(_ charter: Charter, _ console: Console) -> JSON {
    .array(
      organisations.map { alike in
        .object([
          "organisation": RecordJSON.organisation(alike.id, charter),
          "same_county": .bool(alike.isInCounty), "same_size": .bool(alike.isOfSize),
          "themes": .array(alike.themes.map(JSON.string)),
          "challenges": .array(alike.challenges.map(JSON.string)),
        ])
      })
  }
}

extension LikeUs.Alike {
  fileprivate var weight: Int {
    (isInCounty ? 1 : 0) + (isOfSize ? 1 : 0) + themes.count + challenges.count
  }
}

extension Context {
  /// The organisation whose node or device this is: by its officer's key, else by its code, else by
  /// the node's.
  func ownOrganisation(_ charter: Charter) throws -> Organisation? {
    let now = Timestamp(milliseconds: SystemClock.now)
    if let officer = try? directory.publicKey(.officer),
      let grant = charter.grant(to: officer, as: .author, at: now)
    {
      return charter.organisation(grant.organisation)
    }
    if let code = directory.settings.code { return charter.organisation(code: code) }
    guard let node = try? directory.publicKey(.node) else { return nil }
    return charter.node(node).flatMap { charter.organisation($0.organisation) }
  }
}
