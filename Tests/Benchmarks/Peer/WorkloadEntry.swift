import Foundation
import Operations
import WireFormat

/// An entry of the peers' workload, which has fields of its own.
struct WorkloadEntry: Codable, Equatable {
  static let family = "workload"
  static let idPath = "id"
  static let tagsPath = "tags"

  let id: String
  let v: Int
  let title: String
  let summary: String
  let body: String
  let theme: String
  let tags: [String]
  let municipality: String
  let officer: String
  let created: String
  let updated: String
  let valid_until: String
  let status: String

  /// Every register but the tags, by path.
  var registers: [(path: String, value: CBOR)] {
    [
      (Self.idPath, .text(id)), ("v", .unsigned(UInt64(v))), ("title", .text(title)),
      ("summary", .text(summary)), ("body", .text(body)), ("theme", .text(theme)),
      ("municipality", .text(municipality)), ("officer", .text(officer)),
      ("created", .text(created)), ("updated", .text(updated)),
      ("valid_until", .text(valid_until)), ("status", .text(status)),
    ]
  }

  init(_ state: RecordState) {
    func text(_ path: String) -> String {
      guard case .text(let text)? = state[path]?.values.first?.value else { return "" }
      return text
    }
    id = text(Self.idPath)
    v = if case .unsigned(let number)? = state["v"]?.values.first?.value { Int(number) } else { 0 }
    title = text("title")
    summary = text("summary")
    body = text("body")
    theme = text("theme")
    tags = (state[Self.tagsPath]?.elements ?? []).compactMap {
      if case .text(let tag)? = $0.value { tag } else { nil }
    }.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    municipality = text("municipality")
    officer = text("officer")
    created = text("created")
    updated = text("updated")
    valid_until = text("valid_until")
    status = text("status")
  }

  /// What a new record says, or what an edit changes in `state`.
  func changes(from state: RecordState?, only changed: Set<String>?) -> [ChangeDraft] {
    let isChanged = { (path: String) in changed?.contains(path) ?? true }
    let registers = registers.filter { isChanged($0.path) }.map { path, value in
      ChangeDraft(
        type: .set, path: path, value: value,
        targets: (state?[path]?.values ?? []).flatMap(\.assignments))
    }
    guard isChanged(Self.tagsPath) else { return registers }
    let held = state?[Self.tagsPath]?.elements ?? []
    let kept = held.filter { live in tags.contains { live.value == .text($0) } }
    let added = tags.filter { tag in !held.contains { $0.value == .text(tag) } }
    return registers
      + added.map { ChangeDraft(type: .add, path: Self.tagsPath, value: .text($0)) }
      + held.filter { !kept.contains($0) }.map {
        ChangeDraft(type: .remove, path: Self.tagsPath, targets: $0.assignments)
      }
  }
}

/// A line of the workload: an entry, or what becomes of one.
struct WorkloadLine: Decodable {
  let op: String?
  let changed: [String]?
  let entry: WorkloadEntry

  private enum CodingKeys: CodingKey { case op, changed, entry }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    op = try container.decodeIfPresent(String.self, forKey: .op)
    changed = try container.decodeIfPresent([String].self, forKey: .changed)
    entry =
      op == nil
      ? try WorkloadEntry(from: decoder) : try container.decode(WorkloadEntry.self, forKey: .entry)
  }
}
