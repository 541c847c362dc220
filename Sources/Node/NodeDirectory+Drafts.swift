import FoundationEssentials

// What an officer has begun to write: files in `drafts`, which nothing sends anywhere.
extension NodeDirectory {
  private static let suffix = ".md"
  private var draftsPath: String { path + "/drafts" }

  /// The names of the drafts here, ascending.
  package var drafts: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: draftsPath)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) && !$0.hasPrefix(".") }
      .map { String($0.dropLast(Self.suffix.count)) }.sorted()
  }

  package func draftPath(_ name: String) -> String { "\(draftsPath)/\(name)\(Self.suffix)" }

  /// Writes a draft under the first free name of the form `tip-1`, and returns the name.
  package func createDraft(_ kind: String, _ bytes: [UInt8]) throws -> String {
    try PrivateFile.createDirectory(draftsPath)
    var number = 1
    while true {
      let name = "\(kind)-\(number)"
      do {
        try PrivateFile.create(draftPath(name), bytes)
        return name
      } catch NodeError.fileExists {
        number += 1
      }
    }
  }

  /// What a person has saved, perhaps by an editor that makes a new file, which others must not
  /// read either.
  package func readDraft(_ name: String) throws -> [UInt8] {
    let path = draftPath(name)
    PrivateFile.closeToOthers(path)
    return try PrivateFile.read(path)
  }

  package func removeDraft(_ name: String) throws {
    try PrivateFile.remove(draftPath(name))
  }
}
