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
    let key = try context.record(id)
    guard let state = try context.store.record(key),
      let family = Schema.bundled.family(state.family)
    else {
      throw Failure.invalid(context.console.text("Posten finns inte.", "There is no such record."))
    }
    let files = Document(state: state, family: family, schema: .bundled).files
    let held = try context.store.attachments(of: key)
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
      (console.text("Namn", "Name"), .left), (console.text("Filtyp", "Media type"), .left),
      ("KiB", .right), (console.text("Här", "Here"), .left),
    ])
    for (file, held) in files {
      table.add([
        Console.line(file.name), Console.line(file.mediaType), "\(kibibytes(file.attachment))",
        presence(held, console),
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }

  private func presence(_ held: HeldAttachment?, _ console: Console) -> String {
    guard let held, held.heldBytes > 0 else {
      return console.text("saknas, efterfrågas", "missing, asked for")
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
    for file in files {
      guard let attachment = file.attachment, let bytes = try context.store.bytes(of: attachment)
      else {
        missing += 1
        continue
      }
      let path = folder + "/" + SafeFileName.of(file.name)
      guard !FileManager.default.fileExists(atPath: path) else {
        throw Failure.invalid(
          console.text(
            "\(path) finns redan; välj en annan mapp", "\(path) exists; choose another folder"))
      }
      do {
        try Data(bytes).write(to: URL(filePath: path), options: .withoutOverwriting)
      } catch {
        throw Failure.failed(
          console.text("\(path) kan inte skrivas", "\(path) cannot be written"))
      }
      saved.append(path)
      if !options.json { console.say("\(path)", "\(path)") }
    }
    if options.json {
      try console.json(
        .object(["saved": .array(saved.map(JSON.string)), "missing": .number(missing)]))
    }
    guard missing == 0 else {
      throw Failure.failed(
        console.text(
          "Inte här än: \(console.count(missing, .attachment)); kör sprida sync",
          "Not here yet: \(console.count(missing, .attachment)); run sprida sync"))
    }
  }
}

/// A name under which a foreign file can be saved: it leads into no other folder, hides nothing and
/// begins no option.
enum SafeFileName {
  static func of(_ name: String) -> String {
    let plain = VisibleText.line(name).map { $0 == "/" || $0 == "\\" || $0 == "\0" ? "_" : $0 }
    let text = String(String(plain).trimmedStart)
    return text.isEmpty ? "bilaga" : String(text.prefix(150))
  }
}

extension String {
  fileprivate var trimmedStart: Substring { drop { $0 == "." || $0 == "-" || $0 == " " } }
}
