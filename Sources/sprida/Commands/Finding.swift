import ArgumentParser
import OperationStore

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: words("Lista poster i svensk ordning.", "List records in Swedish order."),
    discussion: words(
      """
      sprida list --theme INNO,DIGI --stage pilot
      sprida list --county 14 --sort adoptions --facets
      sprida list --like-us                  från organisationer som liknar vår
      """,
      """
      sprida list --theme INNO,DIGI --stage pilot
      sprida list --county 14 --sort adoptions --facets
      sprida list --like-us                  from organisations like ours
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filters: Filters
  @OptionGroup var paging: Paging

  func run() throws {
    let context = try options.context()
    let choice = try filters.choice(context)
    try RecordList(context, paging, facets: filters.facets).show(choice)
  }
}

struct SearchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: words(
      "Hitta poster som har alla ord.", "Find records that hold every word."),
    discussion: words(
      """
      sprida search innovationsförmåga skola
      sprida search malardalsradet           å, ä och ö behövs inte
      sprida search förmåga                  hittar också innovationsförmåga
      sprida search 2015-04564               ett diarienummer
      sprida search '"lärande nätverk"'      ord som följer på varandra

      Rubriker, texter, länkar, bilagors namn och utgivarens namn och kod genomsöks.
      """,
      """
      sprida search innovationsförmåga skola
      sprida search malardalsradet           å, ä and ö may be left out
      sprida search förmåga                  finds innovationsförmåga too
      sprida search 2015-04564               a reference number
      sprida search '"lärande nätverk"'      words that follow each other

      Titles, texts, links, names of attachments, and the publisher's name and code are searched.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var filters: Filters
  @OptionGroup var paging: Paging

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp(words("Det som söks.", "What to look for."), valueName: "word"))
  var text: [String]

  /// A word may begin with a hyphen; what begins with two is an option that there is not.
  func validate() throws {
    guard let option = text.first(where: { $0.hasPrefix("--") && $0.count > 2 }) else { return }
    throw ValidationError(words("Okänt val: \(option)", "Unknown option: \(option)"))
  }

  func run() throws {
    let context = try options.context()
    var choice = try filters.choice(context)
    choice.query.words = text.joined(separator: " ")
    try RecordList(context, paging, facets: filters.facets).show(choice)
  }
}

/// Which part of a long list.
struct Paging: ParsableArguments {
  private static let pageLength = 50

  @Option(
    help: ArgumentHelp(
      words(
        "Högst så många poster; 0 för alla. Annars 50 i en terminal, och alla i en fil.",
        "At most so many records; 0 for all. Else 50 on a terminal, and all in a file."),
      valueName: "N"))
  var limit: Int?

  @Option(help: ArgumentHelp(words("Vilken sida.", "Which page."), valueName: "N"))
  var page = 1

  func validate() throws {
    guard page >= 1, limit ?? 0 >= 0 else {
      throw ValidationError(
        words("--page räknas från 1, --limit från 0.", "--page counts from 1, --limit from 0."))
    }
    guard page == 1 || limit != 0 else {
      throw ValidationError(
        words("--limit 0 ger bara en sida.", "--limit 0 gives but one page."))
    }
  }

  /// How many records a page has.
  func length(_ console: Console) -> Int {
    if let limit { return limit == 0 ? .max : limit }
    let isWhole = page == 1 && (console.isJSON || console.width == Console.unlimited)
    return isWhole ? .max : Self.pageLength
  }

  func offset(_ console: Console) -> Int {
    let (offset, isTooMuch) = (page - 1).multipliedReportingOverflow(by: length(console))
    return isTooMuch ? .max : offset
  }
}
