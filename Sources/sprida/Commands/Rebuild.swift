import ArgumentParser
import OperationStore
import Practice

struct Rebuild: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: words(
      "Gör om allt som är härlett ur operationerna, som listor och sökregister.",
      "Remake everything derived from the operations, such as lists and the search index."),
    discussion: words(
      """
      sprida rebuild

      Operationerna själva ändras inte. sprida doctor säger när det behövs.
      """,
      """
      sprida rebuild

      The operations themselves do not change. sprida doctor says when it is needed.
      """))

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    try context.store.rebuild()
    let integrity = try context.store.integrityCheck()
    if options.json { return try context.console.json(.object(["integrity": .string(integrity)])) }
    context.console.say("Klart; filen: \(integrity).", "Done; the file: \(integrity).")
  }
}
