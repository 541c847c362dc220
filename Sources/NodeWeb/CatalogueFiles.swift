import Aggregation
import FoundationEssentials
import Synchronization

/// The forms of a catalogue as files of a folder, each made when it is first asked for and kept until
/// the catalogue is another.
final class CatalogueFiles: Sendable {
  private let folder: String
  /// The version of the catalogue that the files are of, held while one is made.
  private let version = Mutex("")

  init(_ folder: String) { self.folder = folder }

  /// The path of a form of the catalogue of a version.
  func path(of form: ExportForm, _ writer: CatalogueWriter, _ current: String) throws -> String {
    try version.withLock { version in
      if version != current {
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        version = current
      }
      let path = folder + "/" + form.fileName
      guard !FileManager.default.fileExists(atPath: path) else { return path }
      let draft = path + ".part"
      defer { try? FileManager.default.removeItem(atPath: draft) }
      try? FileManager.default.removeItem(atPath: draft)
      try writer.writeFile(form, to: draft)
      try FileManager.default.moveItem(atPath: draft, toPath: path)
      return path
    }
  }
}
