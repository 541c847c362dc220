import CRDT
import Signatures
import WireFormat

/// What a change does to its path (`Protocol/operation.md#changes`).
package enum ChangeType: UInt64, Sendable {
  case set = 0
  case clear = 1
  case add = 2
  case remove = 3

  /// Whether the body holds a value for the change.
  package var carriesValue: Bool { self == .set || self == .add }
}

/// One change of one operation: the unit that is superseded.
package struct AssignmentID: Hashable, Comparable, Sendable {
  package let operation: Digest
  package let index: Int

  package init(operation: Digest, index: Int) {
    self.operation = operation
    self.index = index
  }

  package static func < (lhs: AssignmentID, rhs: AssignmentID) -> Bool {
    (lhs.operation, lhs.index) < (rhs.operation, rhs.index)
  }
}

/// A change as it stands in a header; its value, if any, is in the body.
package struct Change: Equatable, Sendable {
  package let type: ChangeType
  package let path: String
  package let targets: [AssignmentID]
}

/// A change about to be signed.
package struct ChangeDraft: Equatable, Sendable {
  package var type: ChangeType
  package var path: String
  /// Nil for `clear` and `remove`.
  package var value: CBOR?
  package var targets: [AssignmentID]

  package init(
    type: ChangeType, path: String, value: CBOR? = nil, targets: [AssignmentID] = []
  ) {
    self.type = type
    self.path = path
    self.value = value
    self.targets = targets
  }
}

extension Change {
  var item: CBOR {
    .array([
      .unsigned(type.rawValue), .text(path),
      .array(targets.map { .array([.bytes($0.operation.bytes), .unsigned(UInt64($0.index))]) }),
    ])
  }

  /// Nil for a change type of a later version.
  static func decode(_ item: CBOR) throws(WireError) -> Change? {
    var reader = try ArrayReader(item, "change")
    let code = try reader.unsigned("type")
    guard let type = ChangeType(rawValue: code) else { return nil }
    let path = try reader.text("path", max: Limits.pathBytesMax)
    guard isPath(path) else {
      throw .shape(field: "change.path", expected: "segments of a-z, 0-9 and _", found: "other")
    }
    var targets: [AssignmentID] = []
    for target in try reader.array("targets", max: Limits.targetsMax) {
      var pair = try ArrayReader(target, "target")
      let operation = try pair.digest("operation")
      let index = try pair.unsigned("index", max: UInt64(Limits.changesMax))
      try pair.end()
      targets.append(AssignmentID(operation: operation, index: Int(index)))
    }
    try reader.end()
    guard targets.isStrictlyAscending else {
      throw .shape(field: "change.targets", expected: "ascending, each once", found: "other")
    }
    return Change(type: type, path: path, targets: targets)
  }

  /// One to three segments of 1 to 32 characters from a–z, 0–9 and _: never entered text.
  package static func isPath(_ path: String) -> Bool {
    let segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return (1...3).contains(segments.count)
      && segments.allSatisfy { (1...32).contains($0.count) && $0.allSatisfy(isPathByte) }
  }

  private static func isPathByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension Collection where Element: Comparable {
  package var isStrictlyAscending: Bool { zip(self, dropFirst()).allSatisfy(<) }
}

extension ArrayReader {
  package mutating func digest(_ field: String) throws(WireError) -> Digest {
    Digest(try bytes(field, count: Digest.byteCount)) ?? .zero
  }

  package mutating func optionalDigest(_ field: String) throws(WireError) -> Digest? {
    try optionalBytes(field, count: Digest.byteCount).flatMap { Digest($0) }
  }

  package mutating func publicKey(_ field: String) throws(WireError) -> PublicKey {
    let bytes = try bytes(field, count: PublicKey.byteCount)
    guard let key = PublicKey(bytes) else {
      throw .shape(field: field, expected: "a key", found: "other")
    }
    return key
  }

  /// An ascending list of ids.
  package mutating func digests(_ field: String, max limit: Int) throws(WireError) -> [Digest] {
    var ids: [Digest] = []
    for item in try array(field, max: limit) {
      guard case .bytes(let bytes) = item, let id = Digest(bytes) else {
        throw .shape(field: field, expected: "an id of 32 bytes", found: item.kind)
      }
      ids.append(id)
    }
    guard ids.isStrictlyAscending else {
      throw .shape(field: field, expected: "ascending, each once", found: "other")
    }
    return ids
  }
}

extension CBOR {
  package static func digests(_ ids: [Digest]) -> CBOR { .array(ids.map { .bytes($0.bytes) }) }
  package static func optional(_ id: Digest?) -> CBOR { .bytes(id?.bytes ?? []) }
}
