import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures

struct VouchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vouch",
    abstract: words(
      "Låt operationer utanför ett snitt gälla igen, under sina egna id.",
      "Let operations outside a cut count again, under their own ids."),
    discussion: "sprida key vouch 77b0e4 9c1d20")

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Operationerna, eller början på deras id.",
        "The operations, or the beginnings of their ids."), valueName: "id"))
  var ids: [String]

  func run() throws {
    let context = try options.context()
    let console = context.console
    let operations = try ids.map { try context.operation($0) }
    let obstacles = try operations.map { try self.obstacles(to: $0, context) }
    let signatory = try context.signatory(signing) { signatory in
      obstacles.allSatisfy { grant, power in
        signatory.isCouncil
          || signatory.power >= power && grant.organisation == signatory.grant.organisation
      }
    }
    if !options.json {
      let words = ActText(context, try context.store.charter())
      console.say("Ska gälla igen:", "To count again:")
      for operation in operations {
        console.show("  \(short(operation.id))  " + words.line(operation))
      }
    }
    let act = Act.vouch(operations: Array(Set(operations.map(\.id))).sorted())
    let signed = try context.sign([.act(act, name: nil)], with: signatory, signing)
    try context.report(signed, "Underskrivet.", "Signed.")
    for operation in operations
    where try context.store.place(of: operation.id)?.verdict != .accepted {
      console.warn(
        "\(short(operation.id)) gäller ändå inte; sprida why \(short(operation.id)) säger varför.",
        "\(short(operation.id)) still does not count; sprida why \(short(operation.id)) says why.")
    }
  }

  /// The grant of an operation, and the greatest power that speaks against it.
  private func obstacles(
    to operation: Operations.Operation, _ context: Context
  ) throws -> (grant: Grant, power: Power) {
    let charter = try context.store.charter()
    let history = try context.store.history(of: operation.header.author)
    guard let grant = charter.grant(of: operation) else {
      throw Failure.invalid(
        context.console.text(
          "\(short(operation.id)) står inte under någon delegering.",
          "\(short(operation.id)) stands under no delegation."))
    }
    let cuts = charter.cuts(against: operation.id, under: grant, in: history)
    guard !cuts.isEmpty else {
      throw Failure.invalid(
        context.console.text(
          "Inget snitt talar emot \(short(operation.id)); sprida why säger hur det står till.",
          "No cut speaks against \(short(operation.id)); sprida why says how it stands."))
    }
    return (grant, cuts.map(\.power).max() ?? .device)
  }
}
