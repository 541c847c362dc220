import ArgumentParser
import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: words(
      "Säg vad en noggrann kollega skulle anmärka på.",
      "Say what a careful colleague would remark on."),
    discussion: words(
      """
      sprida lint                   era egna publicerade exempel
      sprida lint --all             allt som finns här
      sprida lint 3f2a91            ett exempel
      sprida lint praktik.md        en fil, innan den publiceras

      Inaktuella uppgifter, påståenden och siffror utan källa, väntade effekter som
      resultat, personuppgifter. Slutar med 6 när något finns att se över.
      """,
      """
      sprida lint                   your own published entries
      sprida lint --all             everything here
      sprida lint 3f2a91            one entry
      sprida lint praktik.md        a file, before it is published

      What is out of date, claims and figures without source, expected effects as
      results, personal data. Ends with 6 when there is something to look at.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(
    help: ArgumentHelp(
      words("Alla organisationers exempel.", "The entries of every organisation.")))
  var all = false

  @Argument(
    help: ArgumentHelp(
      words(
        "Poster, eller början på deras id, eller filer; - för standard in.",
        "Records, or the beginnings of their ids, or files; - for standard input."),
      valueName: words("id eller fil", "id or file")))
  var subjects: [String] = []

  func validate() throws {
    guard !all || subjects.isEmpty else {
      throw ValidationError(words("Ange --all eller poster.", "Give --all or records."))
    }
  }

  func run() throws {
    let console = options.console
    let found = try subjects.isEmpty ? published() : subjects.map(read)
    let remarked = found.filter { !$0.findings.isEmpty }
    let count = remarked.reduce(0) { $0 + $1.findings.count }
    if options.json {
      try console.json(.array(remarked.flatMap { $0.json(console.language) }))
    } else {
      for one in remarked { one.lines(console).forEach { console.show($0) } }
    }
    guard count > 0 else {
      return options.json
        ? () : console.say("Inget att anmärka på.", "Nothing to remark on.")
    }
    let remarks = console.count(count, .remark)
    throw Failure.attention(
      console.text(
        "\(remarks) på \(remarked.count) av \(found.count).",
        "\(remarks) on \(remarked.count) of \(found.count)."))
  }

  /// Own entries, or everybody's, that are not withdrawn.
  private func published() throws -> [Linted] {
    let context = try options.context()
    let own = try all ? nil : organisation(context)
    return try context.store.records(family: Document.defaultFamily)
      .filter { record in
        try !record.isWithdrawn && (own == nil || context.store.owner(of: record.key) == own)
      }
      .compactMap { try context.store.record($0.key) }
      .compactMap { try Linted($0, context) }
  }

  /// A server may be without an officer's key.
  private func organisation(_ context: Context) throws -> Digest {
    let code = author.guest ?? context.directory.settings.code
    return try code.flatMap { try context.store.charter().organisation(code: $0)?.id }
      ?? Author(context, guest: author.guest).organisation
  }

  private func read(_ subject: String) throws -> Linted {
    let isFile = subject == "-" || FileManager.default.fileExists(atPath: subject)
    guard !isFile, !subject.contains(".") else { return try file(subject) }
    let context = try options.context()
    guard let state = try context.store.record(context.record(subject)),
      let linted = try Linted(state, context)
    else {
      throw Failure.invalid(
        context.console.text(
          "\(subject) är inget som reglerna gäller.",
          "\(subject) is nothing that the rules are for."))
    }
    return linted
  }

  private func file(_ path: String) throws -> Linted {
    guard let family = Schema.bundled.family(Document.defaultFamily) else {
      throw Failure.failed(
        words("schemat har inget postslag för exempel", "the schema has no entry family"))
    }
    do {
      let document = try Document(
        parsing: try Given.file(path), family: family, schema: .bundled, byHand: false)
      return Linted(
        name: path, file: path, record: nil, family: document.family,
        findings: Linter.findings(in: document, today: SystemClock.today))
    } catch let error as DocumentError {
      throw error.failure(options.console, file: path)
    }
  }
}

/// What is remarked on in one document.
private struct Linted {
  let name: String
  let file: String?
  let record: RecordKey?
  let family: Family
  let findings: [LintFinding]

  init(
    name: String, file: String?, record: RecordKey?, family: Family, findings: [LintFinding]
  ) {
    self.family = family
    self.name = name
    self.file = file
    self.record = record
    self.findings = findings
  }

  /// Nil for a family that no schema here knows.
  init?(_ state: RecordState, _ context: Context) throws {
    guard let family = Schema.bundled.family(state.family) else { return nil }
    let document = Document(state: state, family: family, schema: .bundled)
    self.init(
      name: state.displayedText(family.titleField ?? "title"), file: nil, record: state.key,
      family: family,
      findings: Linter.findings(
        in: document, today: SystemClock.today,
        created: context.console.date(Int64(clamping: state.created.milliseconds))))
  }

  func lines(_ console: Console) -> [String] {
    let id = record.map { "  \(short($0.record))" } ?? ""
    let heading = console.lines(Console.line(name), after: "# ").map(console.bold).marked(id)
    return heading
      + findings.flatMap { finding in
        console.lines(finding.message(console.language, file: file, family: family), after: "  ")
          + console.lines(finding.advice(console.language), after: "    → ").map(console.dim)
      } + [""]
  }

  func json(_ language: Language) -> [JSON] {
    findings.map { finding in
      .object([
        "record": .optional(record?.record.description),
        "organisation": .optional(record?.organisation.description), "file": .optional(file),
        "title": .string(name), "rule": .string(finding.rule.rawValue),
        "field": .string(finding.field),
        "line": finding.line.map { JSON.number($0) } ?? .null, "found": .string(finding.found),
        "reason": .string(finding.rule.reason(language)),
        "advice": .string(finding.advice(language)),
      ])
    }
  }
}
