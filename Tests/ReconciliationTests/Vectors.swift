import Foundation
import Reconciliation
import Signatures
import Testing

/// `Protocol/vectors/reconciliation/`, as emitted by the reference implementation.
enum Vectors {
  static func conformance() throws -> Conformance { try parsed.get() }

  private static let parsed = Result {
    try load(Conformance.self, "vectors/reconciliation/negentropy-v1.json")
  }

  static func load<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: file(path)))
  }

  /// A file below the nearest `Protocol` folder above this source file.
  static func file(_ path: String) throws -> URL {
    var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      let candidate = folder.appendingPathComponent("Protocol/\(path)")
      if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
    }
    throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Protocol/\(path)"])
  }
}

struct Conformance: Decodable {
  let primitives: Primitives
  let probes: [Probe]
  let sessions: [Session]
}

struct Primitives: Decodable {
  struct VarintCase: Decodable, Sendable {
    let hex: String
    let value: String?
    let bytesLeft: Int?
    let error: String?

    enum CodingKeys: String, CodingKey {
      case hex, value, error
      case bytesLeft = "bytes_left"
    }
  }

  struct FingerprintCase: Decodable, Sendable {
    struct Generated: Decodable, Sendable {
      let label: String
      let count: Int
    }

    let count: Int
    let ids: [String]?
    let generated: Generated?
    let sum: String
    let fingerprint: String

    enum CodingKeys: String, CodingKey {
      case count, ids, sum, fingerprint
      case generated = "ids_generated"
    }
  }

  struct NegateCase: Decodable, Sendable {
    let `in`: String
    let out: String
  }

  struct MinimalBound: Decodable, Sendable {
    let prev: VectorItem
    let curr: VectorItem
    let timestamp: String
    let prefix: String

    enum CodingKeys: String, CodingKey {
      case prev, curr, prefix
      case timestamp = "bound_timestamp"
    }
  }

  struct BoundSequence: Decodable, Sendable {
    let bounds: [[String]]
    let hex: String
  }

  let varint: [VarintCase]
  let varintDecode: [VarintCase]
  let fingerprint: [FingerprintCase]
  let negate: [NegateCase]
  let minimalBound: [MinimalBound]
  let boundSequence: [BoundSequence]

  enum CodingKeys: String, CodingKey {
    case varint, fingerprint, negate
    case varintDecode = "varint_decode"
    case minimalBound = "minimal_bound"
    case boundSequence = "bound_sequence"
  }
}

/// A pair of decimal seconds and hexadecimal id.
struct VectorItem: Decodable, Sendable {
  let item: ReconcilableItem

  init(from decoder: any Decoder) throws {
    let pair = try [String](from: decoder)
    guard pair.count == 2, let seconds = UInt64(pair[0]), let id = Digest(hex: pair[1]) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not an item"))
    }
    item = ReconcilableItem(seconds: seconds, id: id)
  }
}

struct Probe: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let category: String
  let items: [VectorItem]
  let message: String
  let limit: Int
  let result: String
  let initiate: String?
  let response: String?
  let have: [String]?
  let need: [String]?

  var testDescription: String { name }

  enum CodingKeys: String, CodingKey {
    case name, category, items, message, result, initiate, response, have, need
    case limit = "frame_size_limit"
  }
}

struct Session: Decodable, Sendable, CustomTestStringConvertible {
  struct Limits: Decodable, Sendable {
    let client: Int
    let server: Int
  }

  struct Round: Decodable, Sendable {
    let clientToServer: String
    let serverToClient: String
    let have: [String]?
    let need: [String]?
    let haveCount: Int?
    let needCount: Int?
    let haveSHA256: String?
    let needSHA256: String?

    enum CodingKeys: String, CodingKey {
      case have, need
      case clientToServer = "client_to_server"
      case serverToClient = "server_to_client"
      case haveCount = "have_count"
      case needCount = "need_count"
      case haveSHA256 = "have_sha256"
      case needSHA256 = "need_sha256"
    }
  }

  let name: String
  let category: String
  let limits: Limits
  let items: SessionItems
  let rounds: [Round]
  let outcome: String
  let foundAll: Bool

  var testDescription: String { name }

  enum CodingKeys: String, CodingKey {
    case name, category, items, rounds, outcome
    case limits = "frame_size_limit"
    case foundAll = "reference_found_all_differences"
  }
}

/// The two sets of a session, listed or described.
struct SessionItems: Decodable, Sendable {
  let client: [ReconcilableItem]
  let server: [ReconcilableItem]
  /// Hashes of the two sets, where they are described.
  let hashes: [String]

  private enum CodingKeys: String, CodingKey {
    case both, generated
    case clientOnly = "client_only"
    case serverOnly = "server_only"
    case clientSHA256 = "client_sha256"
    case serverSHA256 = "server_sha256"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    if let generated = try values.decodeIfPresent(Generated.self, forKey: .generated) {
      client = generated.items(without: generated.clientMissing)
      server = generated.items(without: generated.serverMissing)
      hashes = [
        try values.decode(String.self, forKey: .clientSHA256),
        try values.decode(String.self, forKey: .serverSHA256),
      ]
    } else {
      func items(_ key: CodingKeys) throws -> [ReconcilableItem] {
        try values.decode([VectorItem].self, forKey: key).map(\.item)
      }
      client = try items(.both) + items(.clientOnly)
      server = try items(.both) + items(.serverOnly)
      hashes = []
    }
  }
}

/// Item i has the id SHA-256(label "/" i); times advance by steps of [count, seconds].
private struct Generated: Decodable {
  let label: String
  let start: UInt64
  let steps: [[UInt64]]
  let clientMissing: [Int]
  let serverMissing: [Int]

  enum CodingKeys: String, CodingKey {
    case label, steps
    case start = "t0"
    case clientMissing = "client_missing"
    case serverMissing = "server_missing"
  }

  func items(without missing: [Int]) -> [ReconcilableItem] {
    let missing = Set(missing)
    let seconds = steps.flatMap { Array(repeating: $0[1], count: Int($0[0])) }
    var time = start
    return seconds.enumerated().compactMap { index, step in
      time += step
      guard !missing.contains(index) else { return nil }
      return ReconcilableItem(seconds: time, id: SHA256.hash(Array("\(label)/\(index)".utf8)))
    }
  }
}
