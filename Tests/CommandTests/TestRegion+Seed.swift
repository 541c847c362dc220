import Foundation
import TestSupport
import Testing

extension TestRegion {
  /// Publishes the sixty sample entries, as `Examples/run` does, but all by the organisation `lerum`.
  ///
  /// Returns their ids by the names of their files.
  @discardableResult
  func publishSeed() throws -> [String: String] {
    let seed = ProtocolFiles.projectRoot.appending(path: "Examples/seed")
    let names = try FileManager.default.subpathsOfDirectory(atPath: seed.path)
      .filter { $0.hasSuffix(".md") }.sorted {
        $0.split(separator: "/")[1] < $1.split(separator: "/")[1]
      }
    var rest = names
    var ids: [String: String] = [:]
    while !rest.isEmpty {
      // One call for all whose references are published.
      let texts = try rest.map { name in
        (name: name, text: try String(contentsOf: seed.appending(path: name), encoding: .utf8))
      }
      let ready = texts.filter { file in
        rest.allSatisfy { !file.text.contains("[\($0)]") }
      }
      let files = try ready.map { file -> String in
        var text = file.text
        for (name, id) in ids { text = text.replacingOccurrences(of: "[\(name)]", with: "[\(id)]") }
        let copy = folder.appendingPathComponent(
          file.name.replacingOccurrences(of: "/", with: "-"))
        try text.write(to: copy, atomically: true, encoding: .utf8)
        return copy.path
      }
      let published = try attempt("lerum", ["publish", "--imported", "--json"] + files)
      let answer = try #require(published.json as? [String: Any], "\(published.errors)")
      let records = answer["records"] as? [String] ?? [answer["record"] as? String ?? ""]
      for (file, id) in zip(ready, records) { ids[file.name] = id }
      rest.removeAll { name in ready.contains { $0.name == name } }
    }
    return ids
  }
}
