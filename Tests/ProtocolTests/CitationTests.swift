import Foundation
import TestSupport
import Testing

struct CitationTests {
  @Test func `every place in Protocol that the sources cite exists`() throws {
    let missing = try SourceFiles.all().flatMap { file in
      file.text.matches(of: /Protocol\/([A-Za-z0-9_.\/#-]+)/).compactMap { match -> String? in
        let place = match.1.trimmingCharacters(in: CharacterSet(charactersIn: "./"))
        return exists(place) ? nil : "\(place), cited in \(file.path)"
      }
    }
    #expect(missing == [])
  }

  @Test func `every link between the pages leads somewhere`() throws {
    var missing: [String] = []
    for page in try pages() {
      let folder = page.split(separator: "/").dropLast().map(String.init)
      for link in try MarkdownPage(page).links where !link.contains("://") {
        let place = link.hasPrefix("#") ? page + link : (folder + [link]).joined(separator: "/")
        if !exists(place) { missing.append("\(link), linked in \(page)") }
      }
    }
    #expect(missing == [])
  }

  @Test func `every section that a vector names exists`() throws {
    var missing: [String] = []
    let folders = [
      "operation/accept", "operation/reject", "link/accept", "link/reject", "fold", "session",
    ]
    for folder in folders {
      for name in ProtocolFiles.names(in: "vectors/\(folder)") {
        let text = try ProtocolFiles.text("vectors/\(folder)/\(name)")
        for match in text.matches(of: /\nsection: (\S+)/) where !exists(String(match.1)) {
          missing.append("\(match.1), named in \(folder)/\(name)")
        }
      }
    }
    #expect(missing == [])
  }

  /// Whether a file under `Protocol` exists, and has the heading that may follow after `#`.
  private func exists(_ place: String) -> Bool {
    let parts = place.split(separator: "#", maxSplits: 1).map(String.init)
    guard FileManager.default.fileExists(atPath: ProtocolFiles.url(parts[0]).path) else {
      return false
    }
    guard parts.count == 2 else { return true }
    return (try? MarkdownPage(parts[0]).anchors.contains(parts[1])) ?? false
  }

  private func pages() throws -> [String] {
    let root = ProtocolFiles.url(".").resolvingSymlinksInPath()
    let paths = try #require(FileManager.default.enumerator(atPath: root.path))
    return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.sorted()
  }
}
