import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// What is to be erased, and what has to be published anew so that nothing else goes with it.
struct Erasure {
  /// Whether orders name records or operations.
  let kind: Order.Kind
  /// What they name; empty when there is nothing to order.
  let named: [Digest]
  /// The held operations whose bodies go.
  let operations: [Digest]
  /// Whose they are.
  let owners: Set<Digest>
  /// Of these organisations, and of a later version: whether they are about what is to be erased
  /// cannot be known here.
  private(set) var notJudged: [Digest] = []
  private(set) var record: RecordKey?
  private(set) var family: String?
  private(set) var republished: [ChangeDraft] = []

  static var basis: Vocabulary? { Schema.bundled.vocabularies["erasure_basis"] }

  /// The number that an order carries for a basis.
  static func number(_ text: String, _ console: Console) throws -> UInt64 {
    if let number = basis?.code(meaning: text)?.number { return number }
    let known = (basis?.codes ?? []).map(\.code).joined(separator: ", ")
    throw Failure.invalid(
      console.text(
        "--basis: hittade ”\(text)”, väntade en av \(known)",
        "--basis: found “\(text)”, expected one of \(known)"))
  }

  /// The words for a number; the number itself where a later schema has more.
  static func words(_ number: UInt64, _ console: Console) -> String {
    basis?.codes.first { $0.number == number }?.label(console.language) ?? "\(number)"
  }

  init(operations: [Digest], _ context: Context) throws {
    (kind, named) = (.erase, operations)
    self.operations = operations
    owners = try Self.owners(of: operations, context)
  }

  /// All that is said of records, here and elsewhere, now and later.
  init(records keys: [RecordKey], _ context: Context) throws {
    let charter = try context.store.charter()
    let open = keys.filter {
      charter.erasures(ofRecord: $0.record, ownedBy: $0.organisation).isEmpty
    }
    let held = try open.flatMap { try context.store.operations(ofRecord: $0) }
    kind = .eraseRecord
    named = Set(open.map(\.record)).sorted()
    operations = try held.filter { try context.store.operation($0)?.body != nil }
    owners = try Self.owners(of: held, context)
    notJudged = try owners.sorted().flatMap { try context.store.recordsNotUnderstood(of: $0) }
  }

  /// All that was ever said at one field of a record, be it superseded or not accepted.
  init(record key: RecordKey, field: String, _ context: Context) throws {
    let all = try context.store.operations(ofRecord: key).compactMap {
      try context.store.operation($0)
    }.filter { $0.body != nil }
    let ids = Set(all.filter { Self.says($0, at: field) }.map(\.id))
    try self.init(operations: ids.sorted(), context)
    record = key
    guard let state = try context.store.record(key) else { return }
    family = state.family
    republished = state.fields.filter { !Self.isWithin($0.path, field) }.flatMap { field in
      Self.anew(field.path, field.state.values, .set, ids)
        + Self.anew(field.path, field.state.elements, .add, ids)
    }
  }

  /// Contact records of an organisation whose day has passed.
  init(expiredContactsOf guest: String?, _ context: Context) throws {
    guard let own = try context.signatories(of: guest).first?.grant.organisation else {
      throw NodeError.notAdmitted
    }
    let contacts = try context.store.records(family: "contact").filter {
      $0.key.organisation == own && $0.isExpired(today: SystemClock.today)
    }
    try self.init(records: contacts.map(\.key), context)
  }

  private static func owners(of operations: [Digest], _ context: Context) throws -> Set<Digest> {
    Set(try operations.compactMap { try context.store.place(of: $0)?.organisation })
  }

  private static func says(_ operation: Operations.Operation, at field: String) -> Bool {
    guard case .changes(_, _, let changes) = operation.header.content else { return false }
    return changes.contains { $0.type.carriesValue && isWithin($0.path, field) }
  }

  /// A table's field holds all of its cells.
  private static func isWithin(_ path: String, _ field: String) -> Bool {
    path == field || path.hasPrefix(field + "/")
  }

  private static func anew(
    _ path: String, _ values: [LiveValue], _ type: ChangeType, _ erased: Set<Digest>
  ) -> [ChangeDraft] {
    values.compactMap { live in
      guard let value = live.value,
        live.assignments.contains(where: { erased.contains($0.operation) })
      else { return nil }
      return ChangeDraft(
        type: type, path: path, value: value,
        targets: Array(live.assignments.prefix(Limits.targetsMax)))
    }
  }
}
