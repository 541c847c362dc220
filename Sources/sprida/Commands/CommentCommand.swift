import ArgumentParser
import OperationStore
import Operations
import Practice
import Signatures

struct CommentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "comment",
    abstract: words(
      "Kommentera ett exempel, ställ en fråga eller svara.",
      "Comment on an entry, ask a question, or answer."),
    discussion: words(
      """
      sprida comment 3f2a91 "Vi har gjort något liknande."
      sprida comment 3f2a91 --question "Vad kostade det första året?"
      sprida comment 77ab02 "Ungefär 40 000 kronor."   svar på frågan 77ab02
      sprida comment 3f2a91 -                          texten från standard in
      """,
      """
      sprida comment 3f2a91 "Vi har gjort något liknande."
      sprida comment 3f2a91 --question "Vad kostade det första året?"
      sprida comment 77ab02 "Ungefär 40 000 kronor."   answers the question 77ab02
      sprida comment 3f2a91 -                          the text from standard input
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words(
        "Exemplet eller kommentaren, eller början på dess id.",
        "The entry or comment, or the beginning of its id."), valueName: "id"))
  var id: String

  @Argument(
    help: ArgumentHelp(
      words("Texten, eller - för standard in.", "The text, or - for standard input."),
      valueName: "text"))
  var text: String

  @Flag(
    help: ArgumentHelp(
      words("En fråga, som väntar tills den får svar.", "A question, which waits for an answer.")))
  var question = false

  @Flag(help: ArgumentHelp(words("Publicera utan att fråga.", "Publish without asking.")))
  var yes = false

  func run() throws {
    let context = try options.context()
    let author = try Author(context, guest: author.guest)
    let target = try context.record(id)
    let parent = try context.store.record(target).flatMap { $0.family == "comment" ? $0 : nil }
    let entry = parent.map { $0["entry"]?.values.first?.value.flatMap { RecordKey(reference: $0) } }
    let statement = try Statement("comment", about: entry??.text ?? id, author, context)
    let fields = [Practice.Input.Entry](given: [
      "parent": parent?.key.text, "question": question ? "true" : nil,
      "text": try Given.text(text),
    ])
    let key = try statement.publish(fields, asking: !yes)
    let isAnswer = parent != nil
    try statement.report(
      key, isAnswer ? "Svar publicerat" : question ? "Fråga publicerad" : "Kommentar publicerad",
      isAnswer ? "Answer published" : question ? "Question published" : "Comment published")
  }
}

struct Questions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "questions",
    abstract: words("Lista frågor som ingen har svarat på.", "List questions without an answer."),
    discussion: words(
      """
      sprida questions          till er organisation, den äldsta först
      sprida questions --all    till alla
      """,
      """
      sprida questions          to your organisation, the oldest first
      sprida questions --all    to everybody
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(help: ArgumentHelp(words("Till alla organisationer.", "To all organisations.")))
  var all = false

  func run() throws {
    let context = try options.context()
    let console = context.console
    let charter = try context.store.charter()
    let own = try context.ownOrganisation(charter)
    if !all, own == nil { throw Failure.invalid(Self.homeless(console)) }
    let open = try Question.unanswered(to: all ? nil : own?.id, context, charter)
    if options.json {
      return try console.json(.array(try open.map { try $0.json(context, charter) }))
    }
    guard !open.isEmpty else {
      return console.say("Inga obesvarade frågor.", "No unanswered questions.")
    }
    for question in open { try question.lines(context, charter).forEach { console.show($0) } }
    console.show(
      console.dim(
        console.text("Svara: sprida comment ID \"svaret\"", "Answer: sprida comment ID \"text\"")))
  }

  static func homeless(_ console: Console) -> String {
    console.text(
      "Noden hör inte till någon organisation än; välj --all.",
      "The node belongs to no organisation yet; choose --all.")
  }
}
