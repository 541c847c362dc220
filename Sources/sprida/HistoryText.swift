import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// What was signed about a record, in the order of the claimed times.
struct HistoryText {
  private struct Step {
    let operation: Operations.Operation
    let isAccepted: Bool
    let organisation: Digest?
    /// Names of the fields that it changes, each once, in its order.
    let fields: [String]
  }

  private let steps: [Step]
  private let family: Family?
  private let context: Context
  private let charter: Charter
  private var console: Console { context.console }

  init(of state: RecordState, _ context: Context) throws {
    self.context = context
    charter = try context.store.charter()
    family = Schema.bundled.family(state.family)
    steps = try context.store.operations(of: state.key).sorted {
      ($0.operation.header.timestamp, $0.operation.id)
        < ($1.operation.header.timestamp, $1.operation.id)
    }.map { held in
      Step(
        operation: held.operation, isAccepted: held.isAccepted,
        organisation: try context.store.place(of: held.operation.id)?.organisation,
        fields: Self.fields(of: held.operation))
    }
  }

  private static func fields(of operation: Operations.Operation) -> [String] {
    guard case .changes(_, _, let changes) = operation.header.content else { return [] }
    return changes.map { $0.path.split(separator: "/").first.map(String.init) ?? $0.path }
      .reduce(into: []) { names, name in if !names.contains(name) { names.append(name) } }
  }

  func lines() -> [String] {
    var table = Table([
      (console.text("När", "When"), .left), (console.text("Organisation", "Organisation"), .left),
      (console.text("Nyckel", "Key"), .left), (console.text("Gäller", "Counts"), .left),
      (console.text("Vad", "What"), .left),
    ])
    for step in steps {
      let names = step.fields.map { family?[$0]?.label[console.language] ?? $0 }
      table.add([
        console.time(Int64(clamping: step.operation.header.timestamp.milliseconds)),
        step.organisation.map { context.organisationName($0, charter) } ?? "–",
        short(step.operation.header.author),
        step.isAccepted ? console.text("ja", "yes") : console.text("nej", "no"),
        (step.operation.isBare ? console.text("(raderat) ", "(erased) ") : "")
          + Console.line(names.joined(separator: ", ")),
      ])
    }
    return table.lines(console)
  }

  func json() -> JSON {
    .array(
      steps.map { step in
        .object([
          "operation": .string("\(step.operation.id)"),
          "timestamp": .number(Int64(clamping: step.operation.header.timestamp.milliseconds)),
          "organisation": .optional(step.organisation?.description),
          "author": .string("\(step.operation.header.author)"),
          "accepted": .bool(step.isAccepted), "erased": .bool(step.operation.isBare),
          "fields": .array(step.fields.map(JSON.string)),
        ])
      })
  }
}
