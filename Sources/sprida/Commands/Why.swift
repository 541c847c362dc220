import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures

struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: words(
      "Visa vem som har gett en operation dess behörighet, och varför den gäller eller inte.",
      "Show who gave an operation its authority, and why it counts or not."),
    discussion: words(
      """
      sprida why 3f2a91                en operation: kedjan från den grundande
      sprida why ORGANISATION/POST     alla operationer i en post

      Kedjans signaturer kontrolleras på nytt.
      """,
      """
      sprida why 3f2a91                an operation: its chain from the founding one
      sprida why ORGANISATION/RECORD   every operation of a record

      The signatures of the chain are verified anew.
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "En operation, eller början på dess id; eller en post.",
        "An operation, or the beginning of its id; or a record."), valueName: "id"))
  var id: String

  func run() throws {
    let context = try options.context()
    let texts = try operations(context).map {
      try ExplanationText(try Explanation($0, context), context)
    }
    if options.json { return try context.console.json(.array(texts.map(\.json))) }
    for (index, text) in texts.enumerated() {
      if index > 0 { context.console.show("") }
      text.lines.forEach { context.console.show($0) }
    }
  }

  /// A record's id is that of the operation that created it, so an id means the operation first.
  private func operations(_ context: Context) throws -> [Digest] {
    if let key = RecordKey(text: id) { return try operations(of: key, context) }
    let found = try context.store.operations(idPrefix: id)
    if found.count == 1, let operation = found.first { return [operation.id] }
    if found.isEmpty, let key = try context.store.records(idPrefix: id).first {
      return try operations(of: key, context)
    }
    return [try context.operation(id).id]
  }

  private func operations(of key: RecordKey, _ context: Context) throws -> [Digest] {
    let ids = try context.store.operations(ofRecord: key)
    guard !ids.isEmpty else {
      throw Failure.invalid(
        context.console.text("Posten finns inte.", "There is no such record."))
    }
    return ids
  }
}
