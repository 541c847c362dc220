import ArgumentParser
import FoundationEssentials
import Glibc
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Attach: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: words("Lägg filer till en post.", "Add files to a record."),
    discussion: words(
      """
      sprida attach 3f2a91 ritning.pdf budget.xlsx
      sprida attach 3f2a91 --remove ritning.pdf

      Högst \(Limits.recordAttachmentsMax) filer på högst \(mebibytes(Limits.attachmentBytesMax)) var, \
      tillsammans högst \(mebibytes(Limits.recordAttachmentBytesMax)).
      """,
      """
      sprida attach 3f2a91 ritning.pdf budget.xlsx
      sprida attach 3f2a91 --remove ritning.pdf

      At most \(Limits.recordAttachmentsMax) files of at most \(mebibytes(Limits.attachmentBytesMax)) \
      each, together at most \(mebibytes(Limits.recordAttachmentBytesMax)).
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var author: GuestOption

  @Argument(
    help: ArgumentHelp(
      words("Posten, eller början på dess id.", "The record, or the beginning of its id."),
      valueName: "id"))
  var id: String

  @Argument(
    help: ArgumentHelp(
      words("Filerna som läggs till.", "The files to add."), valueName: words("fil", "file")))
  var files: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        "Namnet på en fil som tas bort, eller dess id.",
        "The name of a file to leave out, or its id."),
      valueName: words("namn", "name")))
  var remove: [String] = []

  func validate() throws {
    guard !files.isEmpty || !remove.isEmpty else {
      throw ValidationError(words("Ange en fil, eller --remove.", "Give a file, or --remove."))
    }
  }

  func run() throws {
    let context = try options.context()
    let console = context.console
    let (state, family) = try context.state(of: id)
    let author = try Author(context, guest: author.guest)
    try author.demandOwner(of: state.key)
    var document = Document(
      state: state, family: family, schema: .bundled, language: console.language)
    guard document.takesAttachments else {
      throw Failure.invalid(
        console.text("En sådan post har inga bilagor.", "Such a record has no attachments."))
    }
    for name in remove {
      let count = document.detach(name)
      guard count == 1 else {
        throw Failure.invalid(
          count == 0
            ? console.text(
              "Posten har ingen bilaga \(name).", "The record has no attachment \(name).")
            : console.text(
              "Flera bilagor heter \(name); ange i stället det id som sprida attachments visar.",
              "Several attachments are called \(name); give the id that sprida attachments shows."))
      }
    }
    var new: [OperationStore.NewFile] = []
    for path in files { new.append(try add(path, to: &document, console)) }
    try demandLimits(document, console)
    let changed =
      try author.publish(document, editing: state.key, isAdvised: false, naming: new) != nil
    if options.json {
      return try console.json(
        .object(["changed": .bool(changed), "attachments": .number(document.files.count)]))
    }
    console.say(
      "Posten har nu \(console.count(document.files.count, .attachment)).",
      "The record now has \(console.count(document.files.count, .attachment)).")
  }

  private func add(
    _ path: String, to document: inout Document, _ console: Console
  ) throws -> OperationStore.NewFile {
    var info = stat()
    let size = stat(path, &info) == 0 ? Int(info.st_size) : 0
    let most = mebibytes(Limits.attachmentBytesMax)
    func wrongSize(_ found: Int) -> Failure {
      .invalid(
        console.text(
          "\(path): \(console.number(found)) byte, väntade 1 byte till \(most)",
          "\(path): found \(console.number(found)) bytes, expected 1 byte to \(most)"))
    }
    // Before a disk image is read that was meant to be something else.
    guard size <= Limits.attachmentBytesMax else { throw wrongSize(size) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.invalid(console.text("\(path): går inte att läsa", "\(path): cannot be read"))
    }
    let name = Document.fileName(path.split(separator: "/").last.map(String.init) ?? path)
    guard !document.files.contains(where: { $0.name == name }) else {
      throw Failure.invalid(
        console.text(
          "\(path): posten har redan en bilaga med det namnet; ta bort den med --remove \(name)",
          "\(path): the record has an attachment of that name; leave it out with --remove \(name)"))
    }
    guard
      let file = OperationStore.NewFile(
        Array(data), salt: Randomness.bytes(Attachment.saltByteCount))
    else { throw wrongSize(data.count) }
    document.attach(file.attachment, name: name, mediaType: MediaType.of(name))
    return file
  }

  private func demandLimits(_ document: Document, _ console: Console) throws {
    let bytes = document.files.reduce(0) { $0 + ($1.attachment?.size ?? 0) }
    guard document.files.count <= Limits.recordAttachmentsMax,
      bytes <= Limits.recordAttachmentBytesMax
    else {
      let most = mebibytes(Limits.recordAttachmentBytesMax)
      throw Failure.invalid(
        console.text(
          "Det blir \(document.files.count) bilagor och \(mebibytes(bytes)), väntade högst "
            + "\(Limits.recordAttachmentsMax) och \(most). Länka hellre till det som är stort.",
          "That makes \(document.files.count) attachments and \(mebibytes(bytes)), expected at most "
            + "\(Limits.recordAttachmentsMax) and \(most). Rather link to what is large."))
    }
  }
}

/// `4.5 MiB`, in Swedish `4,5 MiB`, rounded up.
func mebibytes(_ bytes: Int) -> String {
  let tenths = (bytes * 10 + (1 << 20) - 1) >> 20
  return tenths.isMultiple(of: 10)
    ? "\(tenths / 10) MiB"
    : "\(tenths / 10)\(GlobalOptions.chosenBeforeParsing.decimalMark)\(tenths % 10) MiB"
}

/// What kind of file a name says it is (RFC 6838), for whoever opens it.
enum MediaType {
  private static let byExtension = [
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html", "jpeg": "image/jpeg", "jpg": "image/jpeg", "json": "application/json",
    "md": "text/markdown", "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml", "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml", "zip": "application/zip",
  ]

  static func of(_ name: String) -> String {
    let end = name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    return byExtension[end.lowercased()] ?? "application/octet-stream"
  }
}
