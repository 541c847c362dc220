import Aggregation
import FoundationEssentials
import Synchronization

/// The forms of a catalogue as files, each made when it is first asked for.
///
/// A version of the catalogue has a folder of its own, which stays until there are two later ones: who
/// has asked for a file may still be reading it.
final class CatalogueFiles: Sendable {
  private let folder: String
  /// The latest two, held while a file is made.
  private let versions = Mutex<[String]>([])

  init(_ folder: String) { self.folder = folder }

  /// The path of a form of the catalogue of a version.
  func path(of form: ExportForm, _ writer: CatalogueWriter, _ version: String) throws -> String {
    try versions.withLock { versions in
      let own = folder + "/" + version
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      if !versions.contains(version) {
        versions.append(version)
        while versions.count > 2 {
          try? FileManager.default.removeItem(atPath: folder + "/" + versions.removeFirst())
        }
      }
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
}
