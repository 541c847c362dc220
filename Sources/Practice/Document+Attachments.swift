import Operations
import Signatures
import WireFormat

extension Document {
  private static let attachmentsField = "attachments"

  /// Whether records of the family name files.
  package var takesAttachments: Bool { family[Self.attachmentsField]?.type == .table }

  /// A row of the document that names a file.
  package struct NamedFile: Sendable, Equatable {
    /// As the publisher called it, which may be anything.
    package let name: String
    package let mediaType: String
    /// Nil when the row does not name one as `Protocol/attachments.md#name` says.
    package let attachment: Attachment?
  }

  /// In the order of the rows.
  package var files: [NamedFile] {
    rows.map { row in
      NamedFile(
        name: row.text("name"), mediaType: row.text("media_type"), attachment: row.attachment)
    }
  }

  /// A file's name as it stands in a row.
  package static func fileName(_ name: String) -> String { EnteredText.short(name) }

  /// Names a file in one more row.
  package mutating func attach(_ attachment: Attachment, name: String, mediaType: String) {
    let cells: [String: CBOR] = [
      "name": .text(Self.fileName(name)), "media_type": .text(mediaType),
      "size": .unsigned(UInt64(attachment.size)), "digest": .text("\(attachment.digest)"),
      "salt": .text(Hex.encode(attachment.salt)),
    ]
    set(rows + [TableRow(id: nil, cells: cells.mapValues(FieldValue.value))])
  }

  /// Leaves out the one row of that name, or whose digest begins so; otherwise returns how many there
  /// are, and leaves all.
  package mutating func detach(_ name: String) -> Int {
    func isMeant(_ row: TableRow) -> Bool {
      row.text("name") == name || name.count >= 8 && row.text("digest").hasPrefix(name)
    }
    let count = rows.count(where: isMeant)
    if count == 1 { set(rows.filter { !isMeant($0) }) }
    return count
  }

  private var rows: [TableRow] {
    if case .table(let rows) = contents[Self.attachmentsField] { rows } else { [] }
  }

  private mutating func set(_ rows: [TableRow]) {
    contents[Self.attachmentsField] = rows.isEmpty ? nil : .table(rows)
  }
}

extension TableRow {
  fileprivate func text(_ column: String) -> String {
    if case .value(.text(let text)) = cells[column] { text } else { "" }
  }

  fileprivate var attachment: Attachment? {
    guard let digest = Digest(hex: text("digest")), let salt = Hex.decode(text("salt")),
      case .value(.unsigned(let size)) = cells["size"]
    else { return nil }
    return Attachment(digest: digest, salt: salt, size: Int(clamping: size))
  }
}
