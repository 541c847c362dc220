import ArgumentParser

/// Hidden, for it is run by whoever installs the program.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: words("Skriv ut manualsidan, för man.", "Print the manual page, for man."),
    discussion: "sprida manual | man -l -",
    shouldDisplay: false)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let parser = ParserText(language: options.console.language)
    let dump = Sprida._dumpHelp()
    let page = try ManualPage(parser.told(dump, about: dump))
    options.console.show(page.text)
  }
}
