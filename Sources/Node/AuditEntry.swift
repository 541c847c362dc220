import OperationStore
import Operations
import PeerTransport
import Signatures
import SyncSession

/// One event of the audit log: who, what and when, without content, without names of persons and
/// without any text that a peer has chosen.
package struct AuditEntry: Sendable, Equatable {
  package enum Kind: String, CaseIterable, Sendable {
    case session
    case refusal
    case key
    case charter
    case order
    case node

    /// Rare, and what an investigation asks for first: on the disk before the command goes on.
    var isDurable: Bool { self != .session && self != .refusal }
  }

  package enum Value: Sendable, Equatable {
    case text(String)
    case number(Int64)
    case bool(Bool)
  }

  /// Fields have a fixed order, so that equal events are equal bytes.
  package struct Field: Sendable, Equatable {
    package let name: String
    package let value: Value

    init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }

    init(_ name: String, _ text: some CustomStringConvertible) {
      self.init(name, .text(text.description))
    }

    init(_ name: String, _ number: some BinaryInteger) {
      self.init(name, .number(Int64(clamping: number)))
    }
  }

  package let kind: Kind
  package let fields: [Field]

  /// Fields that are nil are left out.
  fileprivate init(_ kind: Kind, _ fields: [Field?]) {
    self.kind = kind
    self.fields = fields.compactMap(\.self)
  }
}

// MARK: - What is recorded

extension AuditEntry {
  package enum Direction: String, Sendable {
    /// This node called.
    case out
    case `in`
  }

  /// A session that ended as it should, and what it refused, by code.
  fileprivate static func session(
    _ outcome: SyncOutcome, _ direction: Direction, organisation: Digest?
  ) -> [AuditEntry] {
    let report = outcome.report
    let session = AuditEntry(
      .session,
      [
        Field("peer", outcome.peer), organisation.map { Field("organisation", $0) },
        Field("direction", direction.rawValue),
        Field("received", report.received), Field("sent", report.sent),
        Field("refused", report.refusals.count),
        Field("bytes_in", outcome.bytesReceived), Field("bytes_out", outcome.bytesSent),
        Field("round_trips", report.roundTrips), Field("equal", .bool(report.isEqual)),
        Field("alarm", .bool(report.alarm)), Field("clock_skew_ms", report.clockSkew),
      ])
    return [session] + refusals(of: report, peer: outcome.peer)
  }

  /// The operations that a session has refused, by code.
  fileprivate static func refusals(of report: SessionReport, peer: PublicKey) -> [AuditEntry] {
    var groups: [(cause: RefusalCause, count: Int)] = []
    for refusal in report.refusals {
      if let index = groups.firstIndex(where: { $0.cause.code == refusal.code }) {
        groups[index].count += 1
      } else {
        groups.append((RefusalCause(code: refusal.code, reason: refusal.reason), 1))
      }
    }
    return groups.map { .refusal($0.cause, peer: peer, address: nil, count: $0.count) }
  }

  /// Something refused or not begun; `count` alike are one line.
  package static func refusal(
    _ cause: RefusalCause, peer: PublicKey?, address: String?, count: Int = 1
  ) -> AuditEntry {
    AuditEntry(
      .refusal,
      [
        Field("code", cause.code), Field("blame", Blame(code: cause.code).rawValue),
        peer.map { Field("peer", $0) }, address.map { Field("address", $0) },
        Field("count", count), Field("reason", cause.reason),
      ])
  }

  /// Refusals beyond those that get lines of their own.
  static func refusals(_ count: Int) -> AuditEntry {
    AuditEntry(
      .refusal, [Field("count", count), Field("reason", "more of the minute before")])
  }

  package enum KeyEvent: String, Sendable {
    case created
    case protected
    case unprotected
    case rotated
    case recovered
    /// What another device signed with it is taken for this one's.
    case adopted
  }

  /// `name` is the file's: `officer`, or `org-2021003054/officer` for a guest.
  package static func key(_ event: KeyEvent, name: String, key: PublicKey) -> AuditEntry {
    AuditEntry(.key, [Field("event", event.rawValue), Field("name", name), Field("key", key)])
  }

  package static func charter(_ news: AuditLog.CharterNews) -> AuditEntry {
    AuditEntry(
      .charter,
      [
        Field("act", news.act), Field("operation", news.operation),
        Field("organisation", news.organisation), Field("signer", news.signer),
        news.key.map { Field("key", $0) },
      ])
  }

  package enum OrderEvent: String, Sendable {
    case received
    case erased
    case cancelled
    case done
  }

  package static func order(
    _ event: OrderEvent, kind: Order.Kind, id: Digest, named: Int
  ) -> AuditEntry {
    AuditEntry(
      .order,
      [
        Field("event", event.rawValue), Field("order_kind", "\(kind)"), Field("order", id),
        Field("named", named),
      ])
  }

  package enum NodeEvent: String, Sendable {
    case started
    case stopped
    case backup
    case restore
    case rollback
    case quota
    case storeChanged = "store-changed"
    /// A crash has left bytes behind that are no line.
    case torn
  }

  /// `detail` is an address, a store id or a path; nothing that a person has written.
  package static func node(_ event: NodeEvent, detail: String? = nil) -> AuditEntry {
    AuditEntry(.node, [Field("event", event.rawValue), detail.map { Field("detail", $0) }])
  }

  /// Accounts for what lies between the last line and this one, so that it can change no more.
  static func torn(_ digest: Digest) -> AuditEntry {
    AuditEntry(.node, [Field("event", NodeEvent.torn.rawValue), Field("sha256", digest)])
  }
}

extension AuditLog {
  /// A session that ended as it should.
  package func append(
    _ outcome: SyncOutcome, _ direction: AuditEntry.Direction, charter: Charter
  ) {
    let organisation = charter.node(outcome.peer)?.organisation
    if outcome.report.isCopy { append(.node(.rollback, detail: "\(outcome.peer)")) }
    append(AuditEntry.session(outcome, direction, organisation: organisation))
  }

  /// Of a session that did not end as it should: whoever delivers forgeries and hangs up is named.
  package func append(refusedBy report: SessionReport, peer: PublicKey) {
    append(AuditEntry.refusals(of: report, peer: peer))
  }

  /// Keys drawn on this node; `guest` is the code of an organisation that is hosted here.
  package func append(
    created keys: [(name: NodeDirectory.KeyName, key: SigningKey)], guest code: String? = nil
  ) {
    append(.created, keys: keys.map { ($0.name, $0.key.publicKey) }, guest: code)
  }

  /// What was done with keys on this node.
  package func append(
    _ event: AuditEntry.KeyEvent, keys: [(name: NodeDirectory.KeyName, key: PublicKey)],
    guest code: String? = nil
  ) {
    append(
      keys.map {
        .key(event, name: NodeDirectory.title($0.name, guest: code), key: $0.key)
      })
  }

  /// Charter operations signed on this node.
  package func append(acts: [Operation], organisation: Digest) {
    append(charterNews: acts.compactMap { CharterNews($0, organisation: organisation) })
  }

  /// Acts and orders that a person has signed here.
  package func append(signedHere operations: [Operation], organisation: Digest) {
    append(acts: operations, organisation: organisation)
    append(orders: operations)
  }

  /// Orders that are new here, signed or received.
  package func append(orders operations: [Operation]) {
    append(
      operations.compactMap { operation in
        guard case .order(let order) = operation.header.content else { return nil }
        return .order(
          .received, kind: order.kind, id: operation.id, named: order.operations.count)
      })
  }

  /// A charter operation that is new here.
  package struct CharterNews: Sendable, Equatable {
    package let operation: Digest
    /// The act's name, such as `delegate`.
    package let act: String
    package let organisation: Digest
    package let signer: PublicKey
    /// The key that the act is about.
    package let key: PublicKey?

    package init(
      operation: Digest, act: String, organisation: Digest, signer: PublicKey, key: PublicKey?
    ) {
      self.operation = operation
      self.act = act
      self.organisation = organisation
      self.signer = signer
      self.key = key
    }

    /// Nil when the operation does not belong to the charter.
    package init?(_ operation: Operation, organisation: Digest) {
      guard case .act(let act) = operation.header.content else { return nil }
      self.init(
        operation: operation.id, act: act.name, organisation: organisation,
        signer: operation.header.author,
        key: act.affectedKey(signer: operation.header.author))
    }
  }
}

extension Act {
  /// As in the table of `Protocol/charter.md#acts`.
  var name: String {
    switch self {
    case .found: "found"
    case .admit: "admit"
    case .approve: "approve"
    case .rotate: "rotate"
    case .delegate: "delegate"
    case .revoke: "revoke"
    case .vouch: "vouch"
    case .remove: "remove"
    case .succeed: "succeed"
    case .node: "node"
    }
  }

  /// A rotation is signed by the key that it brings in.
  fileprivate func affectedKey(signer: PublicKey) -> PublicKey? {
    switch self {
    case .admit(let admission): admission.root
    case .rotate: signer
    case .delegate(let key, _, _, _), .revoke(let key, _, _), .node(let key, _): key
    case .found, .approve, .vouch, .remove, .succeed: nil
    }
  }
}
