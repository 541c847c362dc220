import Aggregation
import FoundationEssentials
import Synchronization

/// The forms of a catalogue as files, each made when it is first asked for.
///
/// A version of the catalogue has a folder of its own, so that nobody reads half of one and half of
/// another.
final class CatalogueFiles: Sendable {
  private let folder: String
  /// Held while files come and go.
  private let lock = Mutex(())

  init(_ folder: String) { self.folder = folder }

  /// The path of a form of the catalogue of a version.
  func path(of form: ExportForm, _ writer: CatalogueWriter, _ version: String) throws -> String {
    try lock.withLock { _ in
      let own = folder + "/" + version
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      let path = own + "/" + form.fileName
      guard !FileManager.default.fileExists(atPath: path) else { return path }
      let draft = path + ".part"
      defer { try? FileManager.default.removeItem(atPath: draft) }
      try? FileManager.default.removeItem(atPath: draft)
      try writer.writeFile(form, to: draft)
      try FileManager.default.moveItem(atPath: draft, toPath: path)
      return path
    }
  }

  /// Removes the files of all other versions, in which may stand what has been erased since; whoever
  /// has one open reads it to its end.
  func keepOnly(_ version: String) {
    lock.withLock { _ in
      let versions = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for other in versions where other != version {
        try? FileManager.default.removeItem(atPath: folder + "/" + other)
      }
    }
  }
}
