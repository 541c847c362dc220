import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// One signed operation, whatever it does: also an act or a class that takes effect in later versions.
struct OperationText {
  private let context: Context
  private let operation: Operations.Operation
  private var header: Header { operation.header }

  init(_ operation: Operations.Operation, _ context: Context) {
    self.operation = operation
    self.context = context
  }

  /// Whether it counts, and for whom; nil when its authority is not held, which the store excludes.
  private func standing() throws -> Standing? {
    operation.id == context.store.region ? nil : try? context.store.charter().standing(of: header)
  }

  private func isAccepted() throws -> Bool {
    try context.store.place(of: operation.id)?.verdict == .accepted
  }

  func lines() throws -> [String] {
    let console = context.console
    let charter = try context.store.charter()
    let standing = try standing()
    let organisation = context.organisationName(standing?.organisation ?? charter.region, charter)
    let accepted = try isAccepted()
    return [
      console.bold("\(console.text("Operation", "Operation")) \(operation.id)"),
      "\(console.text("Klass", "Class")): \(header.operationClass)",
      "\(console.text("Organisation", "Organisation")): \(organisation)",
      "\(console.text("Nyckel", "Key")): \(header.author)",
      "\(console.text("Delegering", "Delegation")): \(header.delegation.map { "\($0)" } ?? "–")",
      "\(console.text("Följer", "Follows")): "
        + (header.prev.isEmpty ? "–" : header.prev.map { "\($0)" }.joined(separator: ", ")),
      "\(console.text("Tid", "Time")): \(console.moment(Int64(header.timestamp.milliseconds)))",
      "\(console.text("Godkänd", "Accepted")): "
        + (accepted ? console.text("ja", "yes") : console.text("nej", "no")),
      "\(console.text("Innehåll", "Content")): \(content)",
    ]
  }

  func json() throws -> JSON {
    .object([
      "operation": .string("\(operation.id)"), "class": .string("\(header.operationClass)"),
      "organisation": .optional(try standing().map { "\($0.organisation)" }),
      "author": .string("\(header.author)"),
      "delegation": .optional(header.delegation.map { "\($0)" }),
      "prev": .array(header.prev.map { .string("\($0)") }),
      "timestamp": .number(Int64(clamping: header.timestamp.milliseconds)),
      "accepted": .bool(try isAccepted()), "content": .string(content),
    ])
  }

  private var content: String {
    switch header.content {
    case .act(let act): "\(act)".split(separator: "(").first.map(String.init) ?? ""
    case .changes(let family, _, let changes):
      family + ": " + changes.map { "\($0.type) \($0.path)" }.joined(separator: ", ")
    case .order(let order): "\(order.kind) × \(order.operations.count)"
    case .receipt(let receipt): "× \(receipt.orders.count)"
    case .unknown:
      context.console.text("av en senare version", "of a later version")
    }
  }
}
