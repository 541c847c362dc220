import ArgumentParser
import FoundationEssentials
import Node
import Operations
import Practice

struct New: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: words(
      "Skriv något nytt: ett tips, en praktik, en kommentar …",
      "Write something new: a tip, a practice, a comment …"),
    discussion: words(
      """
      sprida new tip               skriv i din textredigerare, se det, publicera
      sprida new praktik fil.md    bara mallen, för sprida publish fil.md
      sprida new                   vad man kan skriva, och utkast som ligger kvar
      sprida new --continue tip-1  fortsätt med ett utkast

      Utkast lämnar aldrig noden. EDITOR väljer textredigerare.
      """,
      """
      sprida new tip               write in your editor, see it, publish it
      sprida new practice file.md  only the template, for sprida publish file.md
      sprida new                   what can be written, and drafts that are left
      sprida new --continue tip-1  go on with a draft

      Drafts never leave the node. EDITOR chooses the editor.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Flag(
    name: .customLong("continue"),
    help: ArgumentHelp(words("Fortsätt med ett utkast.", "Go on with a draft.")))
  var isContinuing = false

  @Argument(
    help: ArgumentHelp(
      words(
        "Vad: tip, practice, comment … eller deras svenska namn; med --continue ett utkast.",
        "What: tip, practice, comment …; with --continue, a draft."),
      valueName: words("slag", "kind")))
  var kind: String?

  @Argument(
    help: ArgumentHelp(
      words("Filen som mallen skrivs i.", "The file to write the template to."),
      valueName: words("fil", "file")))
  var file: String?

  func run() throws {
    let context = try options.context()
    if isContinuing { return try goOn(context) }
    guard let kind else { return try list(context) }
    let subject = try Subject(meaning: kind, context.console)
    let blank = try blank(of: subject, context)
    if let file { return try write(blank.form, to: file, context.console) }
    guard let dialogue = Dialogue(context.console) else {
      // Into a pipe or a file, without the line break that `show` adds.
      return context.console.show(String(blank.form.dropLast()))
    }
    let author = try Author(context, guest: author.guest)
    let draft = try context.directory.createDraft(subject.code, Array(blank.form.utf8))
    try write(in: draft, untouched: blank.form, dialogue, author, context)
  }

  /// What a kind leaves to fill in, with the contact that most entries here have.
  private func blank(of subject: Subject, _ context: Context) throws -> Document {
    // Whoever may not publish may still have a template.
    let usual = try? Author(context, guest: author.guest).usual()
    do {
      return try Document(
        new: subject.family, kind: subject.kind, usual: usual ?? [], schema: .bundled,
        language: context.console.language)
    } catch {
      throw error.failure(context.console, file: "new")
    }
  }

  private func write(_ form: String, to file: String, _ console: Console) throws {
    do {
      try Data(form.utf8).write(to: URL(fileURLWithPath: file), options: .withoutOverwriting)
    } catch {
      throw Failure.invalid(
        console.text(
          "\(file) finns redan eller kan inte skrivas; välj en annan fil.",
          "\(file) exists already or cannot be written; choose another file."))
    }
    console.say(
      "Mallen ligger i \(file). Fyll i den och kör: sprida publish \(file)",
      "The template is in \(file). Fill it in and run: sprida publish \(file)")
  }

  private func goOn(_ context: Context) throws {
    let console = context.console
    let drafts = context.directory.drafts
    guard let draft = kind ?? (drafts.count == 1 ? drafts[0] : nil), drafts.contains(draft) else {
      throw Failure.invalid(
        drafts.isEmpty
          ? console.text("Det finns inga utkast.", "There are no drafts.")
          : console.text(
            "Vilket utkast? Här finns: \(drafts.joined(separator: ", "))",
            "Which draft? Here are: \(drafts.joined(separator: ", "))"))
    }
    guard let dialogue = Dialogue(console) else {
      throw Failure.failed(
        console.text(
          "Utan terminal: kör sprida publish \(context.directory.draftPath(draft))",
          "Without a terminal: run sprida publish \(context.directory.draftPath(draft))"))
    }
    let author = try Author(context, guest: author.guest)
    try write(in: draft, untouched: "", dialogue, author, context)
  }

  private func write(
    in draft: String, untouched: String, _ dialogue: Dialogue, _ author: Author, _ context: Context
  ) throws {
    let writing = Writing(context: context, author: author, dialogue: dialogue)
    let command = "sprida new --continue \(draft)" + (self.author.guest.map { " --as \($0)" } ?? "")
    let outcome = try writing.write(in: draft, untouched: untouched, goOnWith: command) { text in
      let document = try Document(
        parsing: text, family: try Subject.entry(), schema: .bundled, usual: try author.usual())
      return (document, try author.prepare(document, editing: nil))
    }
    switch outcome {
    case .published(let key):
      context.console.say("Publicerat: \(key.record)", "Published: \(key.record)")
    case .nothing: context.console.say("Inget skrevs.", "Nothing was written.")
    }
  }

  private func list(_ context: Context) throws {
    let console = context.console
    let subjects = Subject.all
    let drafts = context.directory.drafts
    if console.isJSON {
      return try console.json(
        .object([
          "kinds": .array(subjects.map { .string($0.code) }),
          "drafts": .array(drafts.map(JSON.string)),
        ]))
    }
    var table = Table([
      (console.text("Skriv", "Write"), .left), (console.text("Vad", "What"), .left),
    ])
    for subject in subjects {
      table.add(["sprida new \(subject.code)", subject.label(console.language)])
    }
    for draft in drafts {
      table.add(["sprida new --continue \(draft)", console.text("utkast", "draft")])
    }
    table.lines(console).forEach { console.show($0) }
  }
}

/// What can be written: a kind of entry, or a record of another family.
private struct Subject {
  let family: Family
  let kind: String?

  var code: String { kind ?? family.name }

  func label(_ language: Language) -> String {
    kind.flatMap { Self.kinds?.label(of: $0, language) } ?? family.label[language]
  }

  static func entry() throws -> Family {
    guard let family = Schema.bundled.family(Document.defaultFamily) else {
      throw Failure.failed(
        words("schemat har inget postslag för exempel", "the schema has no entry family"))
    }
    return family
  }

  private static var kinds: Vocabulary? { Schema.bundled.vocabularies["kind"] }

  /// Of what an author's key signs.
  static var all: [Subject] {
    Schema.bundled.families.filter { $0.operationClass == .record }.flatMap { family in
      family.templateField == nil
        ? [Subject(family: family, kind: nil)]
        : (kinds?.enterable ?? []).map { Subject(family: family, kind: $0.code) }
    }
  }

  private init(family: Family, kind: String?) {
    self.family = family
    self.kind = kind
  }

  /// By code or label in any language and case.
  init(meaning text: String, _ console: Console) throws {
    if let code = Self.kinds?.code(meaning: text) {
      self.init(family: try Self.entry(), kind: code.code)
    } else if let family = Schema.bundled.family(named: text), family.operationClass == .record {
      self.init(
        family: family, kind: family.templateField == nil ? nil : Self.kinds?.codes.first?.code)
    } else {
      let known = Self.all.map(\.code).joined(separator: ", ")
      let near = Self.kinds?.nearest(to: text)
      let hint = near.map { console.text("; menade du \($0)?", "; did you mean \($0)?") } ?? ""
      throw Failure.invalid(
        console.text(
          "hittade ”\(text)”, väntade en av \(known)", "found “\(text)”, expected one of \(known)")
          + hint)
    }
  }
}
