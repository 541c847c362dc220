import OperationStore
import Operations
import Practice

/// How many held operations are in each state that is not simply accepted: nothing is passed over in
/// silence.
struct StatusCounts {
  private let status: StoreStatus

  init(_ status: StoreStatus) { self.status = status }

  private func states(_ console: Console) -> [(count: Int, label: String, words: String)] {
    status.unaccepted.map { ($0.count, $0.verdict.label, $0.verdict.words(console)) } + [
      (
        status.evidence, "evidence",
        console.text("kvar som bevis, utbyts inte", "kept as evidence, not exchanged")
      ),
      (
        status.notUnderstood, "not-understood",
        console.text("av en senare version, skickas vidare", "of a later version, passed on")
      ),
      (status.erased, "erased", console.text("raderade på beslut", "erased by order")),
      (
        status.bodyMissing, "body-missing",
        console.text("utan sitt innehåll, efterfrågas", "without their body, asked for")
      ),
      (
        status.attachmentsMissing, "attachments-missing",
        console.text(
          "bilagor som inte är här än; sprida attachments visar dem",
          "attachments not here yet; sprida attachments lists them")
      ),
    ]
  }

  func rows(_ console: Console, _ context: Context, _ charter: Charter) -> [String] {
    states(console).filter { $0.count > 0 }.map { "\(console.number($0.count)) \($0.words)" }
      + status.paused.map { id in
        let name = context.organisationName(id, charter)
        return console.text(
          "pausad, över sin kvot: \(name)", "paused, over its quota: \(name)")
      }
  }

  var json: JSON {
    let console = Console(language: .english, isJSON: true)
    return .object(
      Dictionary(
        states(console).map { ($0.label, JSON.number($0.count)) },
        uniquingKeysWith: { first, _ in first }
      ).merging(["paused": .array(status.paused.map { .string("\($0)") })]) { first, _ in first })
  }
}
