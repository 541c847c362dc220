import FoundationEssentials
import Operations

/// What a node keeps in `node.json`.
package struct NodeSettings: Codable, Sendable {
  /// The region link it was made with; pins the founding operation and one node to call.
  package var region: String
  /// The address that others call, as it stands in the charter; empty when nobody can.
  package var address: String
  /// `kommun:1441` and so on; nil for the council and for a device.
  package var code: String?

  package init(region: String, address: String, code: String?) {
    self.region = region
    self.address = address
    self.code = code
  }

  package var regionLink: RegionLink {
    get throws { try RegionLink(text: region) }
  }

  init(json: String) throws {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    } catch {
      throw NodeError.file(path: "node.json", problem: "\(error)")
    }
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}
