import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// What is known of an entry beside what its owner wrote in it.
struct EntryFacts {
  struct Step {
    let code: String
    /// `2026-11-22`, as claimed.
    let day: String
  }

  struct Adopters {
    let state: String
    let organisations: [String]
  }

  /// What another record says of it, such as a comment.
  struct Remark {
    let family: Family
    let organisation: String
    let day: String
    let text: String
  }

  let review: ReviewStatus
  /// Nil for families that nobody confirms.
  let freshness: Freshness?
  let stages: [Step]
  /// By state, in the order of the vocabulary.
  let adopters: [Adopters]
  let remarks: [Remark]

  init(of state: RecordState, _ context: Context, _ charter: Charter) throws {
    let console = context.console
    let family = Schema.bundled.family(state.family)
    review = try ReviewStatus(of: state, context, charter)
    freshness =
      family?["confirmed_at"] == nil
      ? nil
      : Freshness(
        confirmed: state.displayedText("confirmed_at"),
        created: console.date(Int64(clamping: state.created.milliseconds)),
        today: SystemClock.today)
    stages = try Self.stages(of: state, family, context)
    adopters = try Self.adopters(of: state, context, charter)
    remarks = try Self.remarks(on: state, context, charter)
  }

  /// Each stage that it came to, once it stays there.
  private static func stages(
    of state: RecordState, _ family: Family?, _ context: Context
  ) throws -> [Step] {
    guard family?["stage"] != nil else { return [] }
    let steps = try context.store.history(of: "stage", in: state.key).compactMap { past -> Step? in
      guard case .text(let code) = past.value else { return nil }
      return Step(code: code, day: context.console.date(past.time))
    }
    return steps.enumerated().filter { index, step in
      index == 0 || steps[index - 1].code != step.code
    }.map(\.element)
  }

  private static func adopters(
    of state: RecordState, _ context: Context, _ charter: Charter
  ) throws -> [Adopters] {
    let adoptions = try context.store.records(
      family: "adoption", path: "entry", value: state.key.text
    ).filter { !$0.isWithdrawn }
    let byState = Dictionary(grouping: adoptions) { $0.facets["state"]?.first ?? "" }
    let known = Schema.bundled.vocabularies["adoption_state"]?.codes.map(\.code) ?? []
    let others = byState.keys.filter { !known.contains($0) }.sorted()
    return try (known + others).compactMap { code in
      guard let own = byState[code] else { return nil }
      let names = try own.map {
        context.organisationName(try context.store.owner(of: $0.key), charter)
      }
      return Adopters(
        state: code,
        organisations: names.sorted { SwedishOrder.sortKey($0) < SwedishOrder.sortKey($1) })
    }
  }

  /// Of every family that refers to entries and says something in words.
  private static func remarks(
    on state: RecordState, _ context: Context, _ charter: Charter
  ) throws -> [Remark] {
    try News.referring.filter { !["adoption", ReviewStatus.family].contains($0.family.name) }
      .flatMap { family, path in
        try context.store.records(family: family.name, path: path, value: state.key.text)
          .filter { !$0.isWithdrawn }
          .sorted { ($0.created, $0.key) < ($1.created, $1.key) }
          .map { record in
            Remark(
              family: family,
              organisation: context.organisationName(
                try context.store.owner(of: record.key), charter),
              day: context.console.date(record.created),
              text: try text(of: record.key, family, context))
          }
      }
  }

  private static func text(
    of key: RecordKey, _ family: Family, _ context: Context
  ) throws -> String {
    guard let state = try context.store.record(key) else { return "" }
    let preamble = family.preambleField.map { [$0] } ?? []
    let words = family.fields.filter { [.longText, .text].contains($0.type) && $0.pattern == nil }
    return (preamble + words.map(\.name)).lazy.map { state.displayedText($0) }
      .first { !$0.isEmpty } ?? ""
  }
}

/// The strongest approving review of an entry, by others than its owner.
struct ReviewStatus {
  static let family = "review"

  enum Level { case none, peer, council }

  let level: Level
  /// Whether the entry has been edited since.
  let isOfEarlierVersion: Bool
  /// `2026-11-22`; empty without a review.
  let day: String

  init(of state: RecordState, _ context: Context, _ charter: Charter) throws {
    let path = News.referring.first { $0.family.name == Self.family }?.path ?? ""
    let owner = try context.store.owner(of: state.key)
    let approving = try context.store.records(
      family: Self.family, path: path, value: state.key.text
    ).filter { review in
      try !review.isWithdrawn && context.store.owner(of: review.key) != owner
        && review.facets["decision"]?.first == "APPROVED"
    }
    let version = "\(state.version)"
    let best = approving.max { a, b in
      Self.rank(a, charter, version) < Self.rank(b, charter, version)
    }
    level = best.map { $0.key.organisation == charter.region ? .council : .peer } ?? .none
    isOfEarlierVersion = best.map { !Self.isOf(version, $0) } ?? false
    day = best.map { context.console.date($0.updated) } ?? ""
  }

  private static func isOf(_ version: String, _ review: RecordSummary) -> Bool {
    review.facets["version"]?.contains(version) ?? false
  }

  private static func rank(
    _ review: RecordSummary, _ charter: Charter, _ version: String
  ) -> (Int, Int, Int64) {
    (
      isOf(version, review) ? 1 : 0, review.key.organisation == charter.region ? 1 : 0,
      review.updated
    )
  }

  func text(_ console: Console) -> String {
    let status =
      switch level {
      case .none: console.text("egendeklarerad, inte granskad", "self-declared, not reviewed")
      case .peer: console.text("kollegialt läst \(day)", "read by peers \(day)")
      case .council: console.text("granskad av rådet \(day)", "reviewed by the council \(day)")
      }
    return isOfEarlierVersion
      ? status + console.text(", i en tidigare version", ", in an earlier version") : status
  }
}
