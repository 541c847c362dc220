import Foundation
import Testing

/// `Protocol/vectors/hostile-text.json`.
enum HostileTexts {
  struct Item: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let category: String
    let profile: String
    let text: String

    var testDescription: String { name }
  }

  static let all: [Item] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Protocol/vectors/hostile-text.json").standardized
    let items = try? JSONDecoder().decode([Item].self, from: Data(contentsOf: file))
    return items ?? []
  }()
}
