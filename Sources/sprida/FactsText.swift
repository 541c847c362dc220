import Aggregation
import OperationStore
import Practice

/// What is known of an entry beside its own words, as lines.
struct FactsText {
  private let facts: EntryFacts
  private let console: Console

  init(_ facts: EntryFacts, _ console: Console) {
    self.facts = facts
    self.console = console
  }

  /// Review and confirmation.
  var status: String {
    guard let freshness = facts.freshness else { return facts.review.text(console) }
    let confirmed =
      freshness.confirmed.map { console.text("bekräftad \($0)", "confirmed \($0)") }
      ?? console.text("aldrig bekräftad", "never confirmed")
    let due = console.text(
      "bekräftas senast \(freshness.due)", "to be confirmed by \(freshness.due)")
    return "\(facts.review.text(console)) · \(confirmed) · \(due)"
  }

  static func warning(_ console: Console) -> String {
    console.text(
      "Inte bekräftad på 18 månader: uppgifterna kan vara inaktuella.",
      "Not confirmed for 18 months: what it says may be out of date.")
  }

  var banner: [String] {
    facts.freshness?.isStale == true
      ? [console.dim("▒ " + Self.warning(console)), ""] : []
  }

  var lines: [String] { links + stages + spread + pointers + adopters + remarks }

  private var links: [String] {
    guard !facts.links.isEmpty else { return [] }
    let text = LinkText(console)
    return ["", console.bold(text.title)]
      + facts.links.flatMap { console.lines("\($0.address): \(text.state(of: $0))", after: "  ") }
  }

  private var stages: [String] {
    guard facts.stages.count > 1 else { return [] }
    let steps = facts.stages.map { "\(stage($0.code)) \($0.day)" }
    return [""]
      + console.lines(
        steps.joined(separator: " → "), after: console.text("Skedeshistorik: ", "Stages: "))
  }

  /// A stage that nobody sets.
  private var spread: [String] {
    guard let count = facts.spread else { return [] }
    let organisations = console.count(count, .organisation)
    return [
      console.text(
        "\(stage("SPREAD")): \(organisations) använder det",
        "\(stage("SPREAD")): \(organisations) use it")
    ]
  }

  private var pointers: [String] {
    guard !facts.pointers.isEmpty else { return [] }
    return ["", console.bold(console.text("Exempel som pekar hit", "Entries that point here"))]
      + facts.pointers.flatMap { pointer in
        console.lines(
          "\(pointer.title), \(pointer.organisation)",
          after: "  \(pointer.field.label[console.language]): ")
      }
  }

  func stage(_ code: String) -> String { label(code, "stage") }

  func state(_ code: String) -> String { label(code, "adoption_state") }

  private func label(_ code: String, _ vocabulary: String) -> String {
    Console.line(
      Schema.bundled.vocabularies[vocabulary]?.label(of: code, console.language) ?? code)
  }

  private var adopters: [String] {
    guard !facts.adopters.isEmpty else { return [] }
    return ["", console.bold(console.text("Övertaganden", "Adoptions"))]
      + facts.adopters.flatMap { adopters in
        console.lines(
          adopters.organisations.joined(separator: ", "),
          after: "  \(state(adopters.state)) (\(adopters.organisations.count)): ")
      }
  }

  private var remarks: [String] {
    facts.remarks.enumerated().flatMap { index, remark in
      let label = remark.family.label[console.language]
      let isFirst = index == 0 || facts.remarks[index - 1].family.name != remark.family.name
      return (isFirst ? ["", console.bold(label)] : [])
        + console.lines(remark.text, after: "  \(remark.organisation), \(remark.day): ")
    }
  }
}
