import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct DigestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: words("Visa vad som är nytt sedan sist.", "Show what is new since last time."),
    discussion: words(
      """
      sprida digest                          nytt i våra områden, och om våra exempel
      sprida digest --peek                   läs utan att räkna det som läst
      sprida digest --since 2026-11-01       eller weekly, monthly
      sprida digest --monthly                en månad på en skärm, för chefer

      Nytt är det som har kommit till den här noden sedan kommandot senast visade det.
      """,
      """
      sprida digest                          new in our themes, and about our entries
      sprida digest --peek                   read without counting it as read
      sprida digest --since 2026-11-01       or weekly, monthly
      sprida digest --monthly                a month on one screen, for managers

      New is what has come to this node since the command last showed it.
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words("En dag, weekly eller monthly.", "A day, weekly or monthly."), valueName: "day"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Områden i stället för dem som våra egna exempel har.",
        "Themes instead of those that our own entries have."), valueName: "codes"))
  var theme: String?

  @Flag(help: ArgumentHelp(words("En sida för chefer.", "A page for managers.")))
  var monthly = false

  @Flag(
    help: ArgumentHelp(words("Räkna inte det visade som läst.", "Do not count it as read.")))
  var peek = false

  private static let dayMilliseconds: UInt64 = 86_400_000
  private static let dayCounts = ["weekly": UInt64(7), "monthly": 30]

  func validate() throws {
    guard !monthly || theme == nil else {
      throw ValidationError(
        words("--theme gäller inte --monthly.", "--theme does not go with --monthly."))
    }
  }

  /// Since when, and after which arrival that is.
  private struct Start {
    let moment: UInt64
    let arrival: Int64
    let isSinceLastTime: Bool
  }

  func run() throws {
    let context = try options.context()
    let charter = try context.store.charter()
    let now = SystemClock.now
    // Read first: what arrives meanwhile is news the next time.
    let mark = DigestMark(
      store: Hex.encode(try context.store.id().bytes), arrival: try context.store.latestArrival(),
      shown: now)
    let start = try start(context, mark, now)
    if monthly {
      try show(ManagersPage(context, charter, after: start.arrival), since: start, context)
    } else {
      let themes = try theme.map {
        try FilterReader(context: context, charter: charter)
          .codes($0, option: "theme", path: "themes")
      }
      let news = try News(
        context, charter, after: start.arrival, themes: themes, limit: NewsText.shownMax)
      try show(news, since: start, context, charter)
    }
    if start.isSinceLastTime, !peek { try context.directory.remember(mark) }
  }

  private func start(_ context: Context, _ now: DigestMark, _ clock: UInt64) throws -> Start {
    let mark = try context.directory.digestMark()
    let name = since ?? (monthly ? "monthly" : nil)
    if name == nil, let mark, mark.store == now.store, mark.arrival <= now.arrival {
      return Start(moment: mark.shown, arrival: mark.arrival, isSinceLastTime: true)
    }
    let moment: UInt64
    if let days = Self.dayCounts[name ?? "weekly"] {
      moment = clock - min(clock, days * Self.dayMilliseconds)
    } else {
      moment = try Day(name ?? "", option: "--since", context.console).start
    }
    // A restored store counts its arrivals anew, but the clock goes on.
    let start = name == nil ? mark?.shown ?? moment : moment
    return Start(
      moment: start, arrival: try context.store.latestArrival(before: start),
      isSinceLastTime: name == nil)
  }

  // MARK: - Showing

  private func show(_ page: ManagersPage, since start: Start, _ context: Context) throws {
    let console = context.console
    if console.isJSON {
      return try console.json(
        .object(try page.json().merging(["since": .number(Int64(start.moment))]) { $1 }))
    }
    let day = console.date(Int64(clamping: start.moment))
    console.show(
      console.bold(
        console.text("Månaden i kretsen, sedan \(day)", "The month in the region, since \(day)")))
    try page.lines().forEach { console.show($0) }
  }

  private func show(
    _ news: News, since start: Start, _ context: Context, _ charter: Charter
  ) throws {
    let console = context.console
    if console.isJSON {
      return try console.json(
        .object(
          try NewsJSON.of(news, context, charter).merging(
            ["since": .number(Int64(start.moment))]) { $1 }))
    }
    let time = console.time(Int64(clamping: start.moment))
    console.show(console.bold(console.text("Nytt sedan \(time)", "New since \(time)")))
    let about =
      news.themes.isEmpty
      ? console.text("alla områden", "all themes") : NewsText.themes(news.themes, console)
    let name = news.own.map { context.organisationName($0.id, charter) + " · " } ?? ""
    console.lines(Console.line(name + about)).map(console.dim).forEach { console.show($0) }
    console.show("")
    try NewsText(news: news, context: context, charter: charter).lines().forEach {
      console.show($0)
    }
  }
}
