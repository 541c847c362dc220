import ArgumentParser
import FoundationEssentials
import Node
import Practice

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: words(
      "Visa vad som har hänt på den här noden.", "Show what has happened on this node."),
    discussion: words(
      """
      sprida audit --since 2026-11-01 --until 2026-11-30 --kind charter
      sprida audit --since 2026-11-22T21:00Z --json   raderna i audit.jsonl
      sprida audit --verify                           slutar med 1 om en är ändrad

      Tider är UTC, och en dag är hel. Loggen säger vem och när, aldrig vad ett
      exempel säger.
      """,
      """
      sprida audit --since 2026-11-01 --until 2026-11-30 --kind charter
      sprida audit --since 2026-11-22T21:00Z --json   the lines of audit.jsonl
      sprida audit --verify                           ends with 1 if one was changed

      Times are UTC, and a day is whole. The log says who and when, never what an
      entry says.
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words("Första dagen, eller från vilken tidpunkt.", "The first day or moment."),
      valueName: words("datum", "date")))
  var since: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Sista dagen, eller före vilken tidpunkt.", "The last day, or the moment before which."),
      valueName: words("datum", "date")))
  var until: String?

  @Option(
    help: ArgumentHelp(
      words("Bara det här slaget.", "Only this kind."),
      valueName: words("slag", "kind")))
  var kind: AuditEntry.Kind?

  @Flag(
    help: ArgumentHelp(words("Kontrollera hela loggens kedja.", "Walk the chain of the whole log."))
  )
  var verify = false

  func validate() throws {
    for (name, text) in [("since", since), ("until", until)] {
      guard let text, Moment(text) == nil else { continue }
      throw ValidationError(
        words(
          "--\(name): hittade ”\(text)”, väntade ÅÅÅÅ-MM-DD eller ÅÅÅÅ-MM-DDTHH:MM[:SS]Z.",
          "--\(name): found “\(text)”, expected YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS]Z."))
    }
    guard !verify || (since == nil && until == nil && kind == nil) else {
      throw ValidationError(
        words(
          "--verify gäller hela loggen; utelämna --since, --until och --kind.",
          "--verify is about the whole log; leave --since, --until, --kind out."))
    }
  }

  func run() throws {
    let directory = try NodeDirectory.open(options.folder)
    let log = options.auditLog(directory.path)
    if verify { return try verify(log) }
    let console = options.console
    if !options.json { console.show(console.dim(AuditText.heading(console))) }
    try log.read(since: since.flatMap(Moment.init)?.start, until: until.flatMap(Moment.init)?.end) {
      guard kind == nil || $0.kind == kind?.rawValue else { return }
      guard options.json else { return console.show(AuditText.line($0, console)) }
      StandardStreams.write(Array(($0.text + "\n").utf8))
    }
  }

  private func verify(_ log: AuditLog) throws {
    let found = try log.verify()
    let console = options.console
    if options.json {
      try console.json(
        .object([
          "lines": .number(Int64(clamping: found.lines)), "chain": .string("\(found.chain)"),
          "torn": .number(found.torn), "torn_at_end": .bool(found.isTornAtEnd),
          "broken_line": found.broken.map { .number($0.line) } ?? .null,
          "problem": .optional(found.broken?.problem.rawValue),
        ]))
    }
    if let broken = found.broken {
      throw Failure.failed(AuditText.told(broken, path: log.path, console))
    }
    guard !options.json else { return }
    console.say(
      "Kedjan håller; rader: \(found.lines).", "The chain holds; lines: \(found.lines).")
    if found.torn > 0 || found.isTornAtEnd {
      console.say(
        "Avbrutna rader efter en krasch: \(found.torn + (found.isTornAtEnd ? 1 : 0)).",
        "Lines torn by a crash: \(found.torn + (found.isTornAtEnd ? 1 : 0)).")
    }
    console.say(
      "Kedjans slut, att spara på annan plats: \(found.chain)",
      "The end of the chain, to be kept elsewhere: \(found.chain)")
  }
}

extension AuditEntry.Kind: ExpressibleByArgument {}

/// A day or a moment in UTC, as people give it: `2026-11-22`, `2026-11-22T21:15Z`.
private struct Moment {
  let start: UInt64
  /// The first millisecond after it.
  let end: UInt64

  init?(_ text: String) {
    let isDay = text.utf8.count == 10
    var full = text.replacing(" ", with: "T")
    if isDay { full += "T00:00:00Z" }
    if full.hasSuffix("Z") { full.removeLast() }
    if full.utf8.count == 16 { full += ":00" }
    guard full.utf8.count == 19, let date = try? Date(full + "Z", strategy: .iso8601),
      date.timeIntervalSince1970 >= 0
    else { return nil }
    start = UInt64(date.timeIntervalSince1970 * 1000)
    end = start + (isDay ? 86_400_000 : 0)
  }
}

extension GlobalOptions {
  /// A command does its work whether or not it can be logged.
  func auditLog(_ folder: String) -> AuditLog {
    let console = console
    return AuditLog(folder: folder) { console.warnUnaudited($0) }
  }

  var auditLog: AuditLog { auditLog(folder) }
}

extension Context {
  var audit: AuditLog {
    AuditLog(folder: directory.path) { [console] in console.warnUnaudited($0) }
  }
}

extension Console {
  fileprivate func warnUnaudited(_ error: any Error) {
    let why = Wording(language: language).of(error)
    warn(
      "Granskningsloggen kunde inte skrivas: \(why). Kommandot gick vidare.",
      "The audit log could not be written: \(why). The command went on.")
  }
}
