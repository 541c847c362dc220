import Foundation

/// `Protocol/vectors/hostile-text.json`.
package enum HostileTexts {
  package struct Item: Decodable, Sendable, CustomStringConvertible {
    package let name: String
    package let category: String
    package let profile: String
    package let text: String

    package var description: String { name }
    /// Whether the wire lets it through, so that whoever shows it has to neutralise it.
    package var arrives: Bool { profile == "accept" }
  }

  package static let all: [Item] = {
    let file = ProtocolFiles.projectRoot.appending(path: "Protocol/vectors/hostile-text.json")
    let items = try? JSONDecoder().decode([Item].self, from: Data(contentsOf: file))
    return items ?? []
  }()
}
