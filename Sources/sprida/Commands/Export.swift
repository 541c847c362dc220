import ArgumentParser
import OperationStore
import Operations
import Practice

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: words(
      "Skriv ut alla poster som JSON, för andra program.",
      "Print every record as JSON, for other programs."),
    discussion: words(
      """
      sprida export > allt.json
      sprida export --family entry --lines | wc -l

      Kontakter och annat med personuppgifter är inte med. sprida publish allt.json
      publicerar dem i en annan krets.
      """,
      """
      sprida export > all.json
      sprida export --family entry --lines | wc -l

      Contacts and whatever else holds personal data are left out. sprida publish
      all.json publishes them in another region.
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words(
        "Bara den familjen, som entry; kan upprepas.",
        "Only this family, such as entry; repeatable."),
      valueName: "name"))
  var family: [String] = []

  @Flag(help: ArgumentHelp(words("En post per rad.", "One record a line.")))
  var lines = false

  @Flag(help: ArgumentHelp(words("Även återkallade.", "Withdrawn ones too.")))
  var withdrawn = false

  func run() throws {
    let context = try options.context()
    let console = context.console
    for name in family where Self.isPersonal(name) {
      throw Failure.invalid(
        console.text(
          "\(name) innehåller personuppgifter och lämnas inte ut.",
          "\(name) holds personal data and is not exported."))
    }
    // Also families that no schema here knows.
    let families = try context.store.families().filter {
      !Self.isPersonal($0) && (family.isEmpty || family.contains($0))
    }
    let records = try families.flatMap { try context.store.records(family: $0) }
      .filter { withdrawn || !$0.isWithdrawn }
      .compactMap { try context.store.record($0.key) }
      .map { try RecordJSON.of($0, context) }
    guard lines else { return try console.json(.array(records)) }
    for record in records { console.show(try record.line) }
  }

  private static func isPersonal(_ family: String) -> Bool {
    Schema.bundled.family(family)?.isPersonal == true
  }
}
