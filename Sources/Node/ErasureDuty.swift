import CRDT
import OperationStore
import Operations
import Signatures

/// What a node owes to orders: carrying out those that are due, and saying so once a night.
package struct ErasureDuty: Sendable {
  /// A receipt names all orders finished since the one before, at most one a night.
  package static let receiptIntervalMilliseconds: UInt64 = 12 * 3_600_000

  private let store: OperationStore
  private let service: SigningKey?
  private let audit: AuditLog

  /// `service` is nil on a node that signs no receipts, such as an officer's device.
  package init(store: OperationStore, service: SigningKey?, audit: AuditLog) {
    self.store = store
    self.service = service
    self.audit = audit
  }

  package init(_ directory: NodeDirectory, store: OperationStore, audit: AuditLog) throws {
    self.init(
      store: store, service: directory.hasKey(.service) ? try directory.key(.service) : nil,
      audit: audit)
  }

  /// Overwrites what is due, then signs a receipt.
  ///
  /// An order whose overwriting a reader or a full disk is in the way of stays due, and nothing else
  /// waits for it: the audit log says why, and `status` when it has lasted.
  package func carryOut(now: UInt64 = SystemClock.now) {
    do {
      try carryOutDue(now)
      try sign(now)
    } catch {
      audit.append(.refusal(RefusalCause(error), peer: nil, address: nil))
    }
  }

  private func carryOutDue(_ now: UInt64) throws {
    let done = try store.carryOutErasures(now: now)
    let orders = try store.charter().erasureOrders.filter { done.contains($0.id) }
    audit.append(
      orders.map { .order(.done, kind: $0.kind, id: $0.id, named: $0.operations.count) })
  }

  private func sign(_ now: UInt64) throws {
    guard let service, let latest = try unsigned(by: service.publicKey, now) else { return }
    guard now >= latest + Self.receiptIntervalMilliseconds else { return }
    let orders = try store.unreceipted(by: service.publicKey)
    guard !orders.isEmpty else { return }
    _ = try store.publish(
      [.receipt(Receipt(orders: orders))], with: service, as: [.service], clock: now,
      random: { Randomness.bytes(Body.randomByteCount) })
  }

  /// When the key last signed a receipt, 0 for never; nil while it may sign none.
  private func unsigned(by key: PublicKey, _ now: UInt64) throws -> UInt64? {
    guard
      try store.charter().grant(to: key, as: .service, at: .init(milliseconds: now)) != nil
    else { return nil }
    return try store.operations(of: key).map(\.header.timestamp.milliseconds).max() ?? 0
  }
}
