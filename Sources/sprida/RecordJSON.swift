import Aggregation
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// A record as JSON: the fold and the charter, nothing local, so equal nodes print equal bytes.
enum RecordJSON {
  static func of(_ state: RecordState, _ context: Context) throws -> JSON {
    let charter = try context.store.charter()
    let review = try ReviewStatus(of: state, context, charter)
    return .object([
      "organisation": organisation(state.key.organisation, charter),
      "owner": organisation(try context.store.owner(of: state.key), charter),
      "record": .string("\(state.key.record)"), "withdrawn": .bool(state.isWithdrawn),
      "expired": .bool(state.isExpired(today: SystemClock.today)),
      "family": .string(state.family),
      "created": .number(Int64(clamping: state.created.milliseconds)),
      "updated": .number(Int64(clamping: state.updated.milliseconds)),
      "version": .string("\(state.version)"),
      "review_status": .string(review.level.rawValue),
      "review_of_earlier_version": .bool(review.isOfEarlierVersion),
      "fields": .object(fields(of: state)),
    ])
  }

  private static func fields(of state: RecordState) -> [String: JSON] {
    if state.isExpired(today: SystemClock.today) { return [:] }
    return Dictionary(
      state.fields.map { ($0.path, field($0.state)) }, uniquingKeysWith: { first, _ in first })
  }

  static func of(_ record: RecordSummary, _ context: Context) throws -> JSON {
    let charter = try context.store.charter()
    let review = try ReviewStatus(of: record, context, charter)
    return .object([
      "organisation": organisation(record.key.organisation, charter),
      "owner": organisation(try context.store.owner(of: record.key), charter),
      "withdrawn": .bool(record.isWithdrawn),
      "record": .string("\(record.key.record)"), "family": .string(record.family),
      "title": .string(record.title), "created": .number(record.created),
      "updated": .number(record.updated), "conflicts": .number(record.conflicts),
      "review_status": .string(review.level.rawValue),
      "review_of_earlier_version": .bool(review.isOfEarlierVersion),
      "facets": .object(
        record.isExpired(today: SystemClock.today)
          ? [:] : record.facets.mapValues { .array($0.map(JSON.string)) }),
    ])
  }

  static func organisation(_ id: Digest, _ charter: Charter) -> JSON {
    let organisation = charter.organisation(id)
    var members: [String: JSON] = [
      "id": .string("\(id)"), "code": .string(organisation?.code ?? ""),
      "name": .string(organisation?.name ?? ""),
    ]
    if let own = organisation?.codes.own, own.count > 1 {
      members["codes"] = .array(own.map(JSON.string))
    }
    if let owner = organisation?.codes.owner { members["owned_by"] = .string(owner) }
    return .object(members)
  }

  private static func field(_ field: FieldState) -> JSON {
    var members: [String: JSON] = [:]
    if !field.values.isEmpty {
      members["values"] = .array(field.values.map(live))
      members["conflict"] = .bool(field.isConflict)
    }
    if !field.elements.isEmpty { members["elements"] = .array(field.elements.map(live)) }
    if !field.hiddenThroughUnaccepted.isEmpty {
      members["hidden"] = .array(
        field.hiddenThroughUnaccepted.map { .string("\($0.operation)/\($0.index)") })
    }
    return .object(members)
  }

  private static func live(_ live: LiveValue) -> JSON {
    .object([
      "value": live.value.map(value) ?? .null,
      "erased": .bool(live.value == nil),
      "timestamp": .number(Int64(clamping: live.timestamp.milliseconds)),
      "author": .string("\(live.author)"),
      "assignments": .array(
        live.assignments.map { .string("\($0.operation)/\($0.index)") }),
    ])
  }

  private static func value(_ item: CBOR) -> JSON {
    switch item {
    case .unsigned(let value): Int64(exactly: value).map(JSON.number) ?? .string("\(value)")
    case .negative(let value):
      Int64(exactly: value).map { .number(-1 - $0) } ?? .string(CBOR.decimal(negative: value))
    case .bytes(let bytes): .string(Hex.encode(bytes))
    case .text(let text): .string(text)
    case .array(let items):
      RecordKey(reference: item).map { .string($0.text) } ?? .array(items.map(value))
    case .bool(let value): .bool(value)
    }
  }
}
