import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct InboxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inbox",
    abstract: words("Visa vad som väntar på er organisation.", "Show what waits for you."),
    discussion: words(
      """
      sprida inbox                  frågor, svar, kommentarer, övertaganden,
                                    granskningar, konflikter och det som ska
                                    bekräftas
      sprida inbox --done 77ab02    klart med ett; det kommer åter om det ändras
      sprida inbox --done all       klart med allt som inte behöver ett svar

      En fråga väntar tills den får svar, en konflikt tills den är avgjord.
      """,
      """
      sprida inbox                  questions, replies, comments, adoptions, reviews,
                                    conflicts and what is to be confirmed
      sprida inbox --done 77ab02    done with one; it comes back when it is edited
      sprida inbox --done all       done with all that needs no answer

      A question waits until it is answered, a conflict until it is resolved.
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    help: ArgumentHelp(
      words("Posten som är klar, eller all.", "The record that is done, or all."), valueName: "id"))
  var done: [String] = []

  func run() throws {
    let context = try options.context()
    let console = context.console
    let charter = try context.store.charter()
    guard let own = try context.ownOrganisation(charter) else { throw NodeError.notAdmitted }
    let inbox = try Inbox(of: own, context, charter)
    guard done.isEmpty else { return try mark(inbox, context) }
    let text = InboxText(inbox: inbox, context: context, charter: charter)
    if options.json { return try console.json(try text.json()) }
    try text.lines().forEach { console.show($0) }
  }

  private func mark(_ inbox: Inbox, _ context: Context) throws {
    let console = context.console
    var marks = try context.directory.inboxMarks()
    var count = 0
    for id in done {
      let chosen = inbox.items.filter { id == "all" || $0.record.key.isMeant(by: id) }
      if id != "all", Set(chosen.map(\.record.key)).count > 1 { _ = try context.record(id) }
      guard !chosen.isEmpty || id == "all" else {
        throw Failure.invalid(
          console.text(
            "\(id) väntar inte, eller behöver ett svar.",
            "\(id) does not wait, or needs an answer."))
      }
      for item in chosen { marks.add(item.record.key.text, updated: item.record.updated) }
      count += chosen.count
    }
    try context.directory.remember(marks)
    if options.json { return try console.json(.object(["done": .number(count)])) }
    console.say("Klart: \(count)", "Done: \(count)")
  }
}
