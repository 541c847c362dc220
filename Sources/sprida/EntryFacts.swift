import Aggregation
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

    /// Whether they have begun, and not stopped.
    var isInUse: Bool { ["TRIAL", "ADAPTED", "COPIED"].contains(state) }
  }

  /// From so many others that use it on, an entry has spread.
  private static let spreadMin = 2

  /// How many others use it, where it has spread.
  var spread: Int? {
    let count = adopters.filter(\.isInUse).reduce(0) { $0 + $1.organisations.count }
    return count >= Self.spreadMin ? count : nil
  }

  /// What another record says of it, such as a comment.
  struct Remark {
    let family: Family
    let organisation: String
    let day: String
    let text: String
  }

  /// Another entry that points here.
  struct Pointer {
    /// How it does, such as *Part of*.
    let field: FieldDefinition
    let title: String
    let organisation: String
  }

  let review: ReviewStatus
  /// Nil for families that nobody confirms.
  let freshness: Freshness?
  let stages: [Step]
  /// By state, in the order of the vocabulary.
  let adopters: [Adopters]
  let remarks: [Remark]
  /// By field, in the order of the schema; withdrawn entries are left out.
  let pointers: [Pointer]
  /// What this node has seen of the links.
  let links: [LinkCheck]

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
    pointers = try Self.pointers(to: state, family, context, charter)
    links = try context.store.linkChecks(of: state.key)
  }

  private static func pointers(
    to state: RecordState, _ family: Family?, _ context: Context, _ charter: Charter
  ) throws -> [Pointer] {
    let fields = family?.fields.filter { $0.target == state.family } ?? []
    return try fields.flatMap { field in
      try context.store.records(family: state.family, path: field.name, value: state.key.text)
        .filter { !$0.isWithdrawn }
        .map {
          Pointer(
            field: field, title: $0.printableTitle,
            organisation: context.organisationName(try context.store.owner(of: $0.key), charter))
        }
    }
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
        organisations: names.inSwedishOrder)
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
