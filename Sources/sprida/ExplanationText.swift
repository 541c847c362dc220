import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// An explanation as people read it, and as JSON.
struct ExplanationText {
  private let explanation: Explanation
  private let context: Context
  private let charter: Charter
  private let words: ActText
  private var console: Console { context.console }

  init(_ explanation: Explanation, _ context: Context) throws {
    self.explanation = explanation
    self.context = context
    charter = try context.store.charter()
    words = ActText(context, charter)
  }

  var lines: [String] {
    [console.bold("\(console.text("Operation", "Operation")) \(explanation.id)")]
      + chain.lines(console) + [""] + verdict + explanation.reasons.map { "  " + $0 }
      + remedies + [held, verified]
  }

  private var chain: Table {
    var table = Table([
      ("", .right), (console.text("Operation", "Operation"), .left),
      (console.text("Tid (UTC)", "Time (UTC)"), .left),
      (console.text("Organisation", "Organisation"), .left),
      (console.text("Roll", "Role"), .left), (console.text("Nyckel", "Key"), .left),
      (console.text("Vad", "What"), .left), (console.text("Gäller", "Accepted"), .left),
    ])
    for (index, step) in explanation.chain.enumerated() {
      let header = step.operation.header
      table.add([
        "\(index + 1)", short(step.operation.id),
        console.time(Int64(clamping: header.timestamp.milliseconds)),
        Console.line(context.organisationName(step.organisation, charter)),
        step.role?.word(console) ?? "–", short(header.author), words.line(step.operation),
        step.verdict == .accepted
          ? console.text("ja", "yes") : step.verdict.words(console),
      ])
    }
    return table
  }

  private var verdict: [String] {
    guard let last = explanation.chain.last else { return [] }
    if last.verdict == .accepted, explanation.isAccepted {
      return [
        explanation.reasons.isEmpty
          ? console.text("Gäller: varje led gäller.", "Accepted: every step is.")
          : console.text("Gäller, men:", "Accepted, but:")
      ]
    }
    return [
      console.text(
        "Gäller inte: \(last.verdict.words(console)).",
        "Not accepted: \(last.verdict.words(console)).")
    ]
  }

  private var remedies: [String] {
    guard !explanation.remedies.isEmpty else { return [] }
    return [console.text("Det som skulle ändra det:", "What would change that:")]
      + explanation.remedies.map { "  " + $0 }
  }

  private var held: String {
    guard let place = explanation.place else { return "" }
    let since = console.moment(place.received)
    if place.isExchanged {
      return console.text(
        "Finns här sedan \(since) och utbyts med andra.",
        "Held here since \(since), and exchanged with others.")
    }
    return place.verdict == .outsideCut
      ? console.text(
        "Finns här sedan \(since) som bevis; utbyts inte.",
        "Held here since \(since) as evidence; not exchanged.")
      : console.text(
        "Finns här sedan \(since) utan sitt innehåll; utbyts inte.",
        "Held here since \(since) without its body; not exchanged.")
  }

  private var verified: String {
    let steps = console.count(explanation.chain.count, .step)
    let bad = explanation.chain.filter { !$0.isVerified }.map { short($0.operation.id) }
    guard bad.isEmpty, explanation.chain.first?.operation.id == charter.region else {
      return console.red(
        console.text(
          "Signaturen håller inte, eller kedjan når inte kretsens grund: \(bad.joined(separator: ", "))",
          "A signature does not hold, or the chain does not reach the founding operation: \(bad.joined(separator: ", "))"
        ))
    }
    return console.text(
      "Kedjans signaturer (\(steps)) är kontrollerade nu, utan nät, upp till kretsens grund.",
      "The chain's signatures (\(steps)) were verified now, offline, up to the founding operation."
    )
  }

  var json: JSON {
    .object([
      "operation": .string("\(explanation.id)"), "accepted": .bool(explanation.isAccepted),
      "verdict": .string(explanation.chain.last?.verdict.label ?? ""),
      "exchanged": .bool(explanation.place?.isExchanged ?? false),
      "held_since": explanation.place.map { .number($0.received) } ?? .null,
      "reasons": .array(explanation.reasons.map(JSON.string)),
      "remedies": .array(explanation.remedies.map(JSON.string)),
      "chain": .array(explanation.chain.map(step)),
    ])
  }

  private func step(_ step: Explanation.Step) -> JSON {
    let header = step.operation.header
    return .object([
      "operation": .string("\(step.operation.id)"), "what": .string(words.line(step.operation)),
      "key": .string("\(header.author)"), "role": .optional(step.role.map { "\($0)" }),
      "organisation": RecordJSON.organisation(step.organisation, charter),
      "timestamp": .number(Int64(clamping: header.timestamp.milliseconds)),
      "verdict": .string(step.verdict.label), "verified": .bool(step.isVerified),
    ])
  }
}
