import ArgumentParser
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct AttachmentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attachments",
    abstract: words(
      "Lista och spara en posts filer, eller lista dem som saknas här.",
      "List and save a record's files, or list those that are missing here."),
    discussion: words(
      """
      sprida attachments 3f2a91                    lista dem
      sprida attachments 3f2a91 --save underlag    spara dem i mappen underlag
      sprida attachments                           vad den här noden saknar
      """,
      """
      sprida attachments 3f2a91                    list them
      sprida attachments 3f2a91 --save underlag    save them in the folder underlag
      sprida attachments                           what this node lacks
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words("Posten, eller början på dess id.", "The record, or the beginning of its id."),
      valueName: "id"))
  var id: String?

  @Option(
    help: ArgumentHelp(
      words("Spara filerna i en mapp.", "Save the files in a folder."),
      valueName: words("mapp", "folder")))
  var save: String?

  func validate() throws {
    guard save == nil || id != nil else {
      throw ValidationError(words("--save behöver en post.", "--save needs a record."))
    }
  }

  func run() throws {
    let context = try options.context()
    guard let id else { return try listMissing(context) }
    let (state, family) = try context.state(of: id)
    let files = Document(state: state, family: family, schema: .bundled).files
    let held = try context.store.attachments(of: state.key)
    if let save { return try write(files, to: save, context) }
    try list(
      files.map { file in (file, held.first { $0.attachment == file.attachment }) }, context)
  }

  private func list(
    _ files: [(file: Document.NamedFile, held: HeldAttachment?)], _ context: Context
  ) throws {
    let console = context.console
    if options.json {
      return try console.json(
        .array(
          files.map { file, held in
            .object([
              "name": .string(file.name), "media_type": .string(file.mediaType),
              "size": .number(file.attachment?.size ?? 0),
              "digest": .optional(file.attachment?.digest.description),
              "held_bytes": .number(held?.heldBytes ?? 0),
            ])
          }))
    }
    guard !files.isEmpty else { return console.say("Inga bilagor.", "No attachments.") }
    var table = Table([
      ("Id", .left), (console.text("Namn", "Name"), .left),
      (console.text("Filtyp", "Media type"), .left), ("KiB", .right),
      (console.text("Här", "Here"), .left),
    ])
    for (file, held) in files {
      table.add([
        String(file.attachment?.digest.description.prefix(8) ?? "–"), Console.line(file.name),
        Console.line(file.mediaType), "\(kibibytes(file.attachment))",
        file.attachment == nil
          ? console.text("namnger ingen fil", "names no file") : presence(held, console),
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }

  private func presence(_ held: HeldAttachment?, _ console: Console) -> String {
    guard let held, held.heldBytes > 0 else {
      return console.text("saknas", "missing")
    }
    let percent = held.heldBytes * 100 / held.attachment.size
    return held.isWhole ? console.text("ja", "yes") : "\(percent) %"
  }

  private func kibibytes(_ attachment: Attachment?) -> Int {
    ((attachment?.size ?? 0) + 1023) >> 10
  }

  private func listMissing(_ context: Context) throws {
    let console = context.console
    let missing = try context.store.missingAttachments()
    if options.json {
      return try console.json(
        .array(
          missing.map { held in
            .object([
              "record": .string(held.record.text),
              "digest": .string("\(held.attachment.digest)"),
              "size": .number(held.attachment.size), "held_bytes": .number(held.heldBytes),
            ])
          }))
    }
    guard !missing.isEmpty else {
      return console.say("Inga bilagor saknas här.", "No attachments are missing here.")
    }
    let charter = try context.store.charter()
    var table = Table([
      (console.text("Post", "Record"), .left),
      (console.text("Organisation", "Organisation"), .left), ("KiB", .right),
      (console.text("Här", "Here"), .left),
    ])
    for held in missing {
      table.add([
        String(held.record.record.description.prefix(12)),
        context.organisationName(held.record.organisation, charter),
        "\(kibibytes(held.attachment))", presence(held, console),
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }

  // MARK: - Saving

  private func write(
    _ files: [Document.NamedFile], to folder: String, _ context: Context
  ) throws {
    let console = context.console
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    var saved: [String] = []
    var missing = 0
    var failed: [String] = []
    for file in files {
      guard let attachment = file.attachment, let bytes = try context.store.bytes(of: attachment)
      else {
        missing += 1
        continue
      }
      let name = SafeFileName.of(file.name, besides: saved.map(SafeFileName.last(of:)))
      let path = folder + "/" + name
      do {
        try Data(bytes).write(to: URL(filePath: path), options: .withoutOverwriting)
        saved.append(path)
        if !options.json { console.say("\(path)", "\(path)") }
      } catch {
        failed.append(path)
      }
    }
    if options.json {
      try console.json(
        .object(["saved": .array(saved.map(JSON.string)), "missing": .number(missing)]))
    }
    guard failed.isEmpty else {
      let list = failed.joined(separator: ", ")
      throw Failure.invalid(
        console.text(
          "Finns redan eller kan inte skrivas: \(list). Välj en annan mapp.",
          "Exists already or cannot be written: \(list). Choose another folder."))
    }
    guard missing == 0 else {
      let count = console.count(missing, .attachment)
      throw Failure.failed(
        console.text(
          "\(count) har inte kommit hit. Kör sprida sync; om det inte hjälper, se sprida quota.",
          "\(count) not here. Run sprida sync; if that does not help, see sprida quota."))
    }
  }
}

/// A name under which a foreign file can be saved: it leads into no other folder, hides nothing and
/// begins no option.
enum SafeFileName {
  /// Of a file system, in bytes, with room for a number.
  private static let bytesMax = 200

  /// A name that none of `taken` has.
  static func of(_ name: String, besides taken: [String] = []) -> String {
    let plain = VisibleText.line(name).map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 }
    let begun = String(String(plain).drop { $0 == "." || $0 == "-" || $0 == " " })
    let dot = begun.lastIndex(of: ".").flatMap {
      begun.distance(from: $0, to: begun.endIndex) <= 10 ? $0 : nil
    }
    let end = dot.map { String(begun[$0...]) } ?? ""
    var stem = dot.map { String(begun[..<$0]) } ?? begun
    while stem.utf8.count + end.utf8.count > bytesMax { stem.removeLast() }
    if stem.isEmpty { stem = "bilaga" }
    var result = stem + end
    var number = 2
    while taken.contains(result) {
      result = "\(stem)-\(number)\(end)"
      number += 1
    }
    return result
  }

  static func last(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
