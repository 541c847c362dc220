import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Erasures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erasures",
    abstract: words(
      "Visa var raderingsbesluten är utförda, och vilka säkerhetskopior som är äldre.",
      "Show which orders to erase are done where, and which copies are older."),
    discussion: words(
      """
      sprida erasures

      Varje server skriver under ett kvitto när innehåll, sökregister, lediga sidor
      och logg är överskrivna. Handläggares datorer gör detsamma vid nästa synk, utan
      kvitto.
      """,
      """
      sprida erasures

      Every server signs a receipt once its bodies, index, free pages and log are
      overwritten. Officers' computers do the same at their next sync and sign
      nothing.
      """))

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let rows = try context.store.erasureStates().map { try ErasureRow($0, context) }
    if options.json { return try context.console.json(.array(rows.map(\.json))) }
    guard !rows.isEmpty else {
      return context.console.say("Inga raderingar.", "No erasures.")
    }
    for row in rows { row.lines.forEach { context.console.show($0) } }
  }
}

/// How far one order has come, across the region.
private struct ErasureRow {
  private let state: ErasureState
  private let context: Context
  private let charter: Charter
  /// Servers that are to confirm, by their service keys.
  private let servers: [Grant]
  private var console: Console { context.console }

  init(_ state: ErasureState, _ context: Context) throws {
    self.state = state
    self.context = context
    let charter = try context.store.charter()
    self.charter = charter
    // Also one whose service key has ended: it still holds what it held.
    let removed = Set(charter.organisations.filter(\.isRemoved).map(\.id))
    servers = charter.allGrants.filter {
      $0.role == .service && charter.isAccepted($0.operation) && !removed.contains($0.organisation)
    }
  }

  private var expected: [Digest] {
    let organisations = Set(servers.map(\.organisation))
    return charter.organisations.map(\.id).filter(organisations.contains)
  }

  /// An organisation is done when each of its servers is.
  private var pending: [Digest] {
    let done = Set(state.receipts.map(\.key))
    let missing = servers.filter { server in
      !done.contains(server.key) && (charter.isOpen(server) || !hasOpenServer(server.organisation))
    }
    let organisations = Set(missing.map(\.organisation))
    return expected.filter(organisations.contains)
  }

  private func hasOpenServer(_ organisation: Digest) -> Bool {
    servers.contains { $0.organisation == organisation && charter.isOpen($0) }
  }

  var lines: [String] {
    let order = state.order
    let words = ActText(context, charter)
    return [
      console.bold(
        console.text(
          "Beslut \(short(order.id)): \(named), \(Erasure.words(order.basis, console))",
          "Order \(short(order.id)): \(named), \(Erasure.words(order.basis, console))")),
      "  \(words.signer(of: order.id))", "  " + progress,
    ] + (older.map { ["  " + $0] } ?? [])
  }

  private var named: String {
    let count = state.order.operations.count
    return console.count(count, state.order.kind == .eraseRecord ? .record : .operation)
  }

  private var progress: String {
    if let cancel = state.order.cancelledBy {
      return console.text("återtaget genom \(short(cancel))", "taken back by \(short(cancel))")
    }
    let count = console.text(
      "klart hos \(expected.count - pending.count) av \(expected.count)",
      "done at \(expected.count - pending.count) of \(expected.count)")
    guard !pending.isEmpty else { return count }
    let names = pending.map { context.organisationName($0, charter) }.inSwedishOrder
      .joined(separator: ", ")
    let since = console.date(Int64(clamping: state.order.timestamp.milliseconds))
    return count
      + console.text(", väntar: \(names) sedan \(since)", ", pending: \(names) since \(since)")
      + here
  }

  /// What this node itself still waits for.
  private var here: String {
    guard state.doneHere == nil else { return "" }
    let due =
      state.received + (state.order.isImmediate ? 0 : UInt64(Limits.erasureGraceMilliseconds))
    return console.text(
      "; skrivs över här efter \(console.moment(Int64(clamping: due)))",
      "; overwritten here after \(console.moment(Int64(clamping: due)))")
  }

  private var older: String? {
    guard !state.olderBackups.isEmpty else { return nil }
    return console.text(
      "Kopior äldre än beslutet, att förstöra: \(state.olderBackups.joined(separator: ", "))",
      "Backups older than the order, to be destroyed: \(state.olderBackups.joined(separator: ", "))"
    )
  }

  private func names(of kind: Order.Kind) -> JSON {
    .array(state.order.kind == kind ? state.order.operations.map { .string("\($0)") } : [])
  }

  var json: JSON {
    .object([
      "order": .string("\(state.order.id)"), "basis": .number(Int64(clamping: state.order.basis)),
      "operations": names(of: .erase), "records": names(of: .eraseRecord),
      "received": .number(Int64(clamping: state.received)),
      "cancelled_by": .optional(state.order.cancelledBy.map { "\($0)" }),
      "done_here": state.doneHere.map { .number(Int64(clamping: $0)) } ?? .null,
      "expected": .array(expected.map { RecordJSON.organisation($0, charter) }),
      "pending": .array(pending.map { RecordJSON.organisation($0, charter) }),
      "receipts": .array(
        state.receipts.map {
          .object([
            "organisation": .string("\($0.organisation)"), "at": .number(Int64(clamping: $0.at)),
          ])
        }),
      "older_backups": .array(state.olderBackups.map(JSON.string)),
    ])
  }
}
