import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Signed headers that do not fit the shape: refused, with the field named.
struct HeaderShapeTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let edit: @Sendable (inout RawOperation) -> Void
    var testDescription: String { name }

    init(
      _ name: String, _ code: String = "shape",
      _ edit: @escaping @Sendable (inout RawOperation) -> Void
    ) {
      self.name = name
      self.code = code
      self.edit = edit
    }
  }

  private static let id = [UInt8](repeating: 1, count: 32)

  private static func setChange(_ raw: inout RawOperation, _ change: CBOR) {
    raw.content[2] = .array([change])
  }

  static let faults: [Fault] = [
    Fault("version 0") { $0.version = .unsigned(0) },
    Fault("a version that is no integer") { $0.version = .text("1") },
    Fault("a sixth class") { $0.operationClass = .unsigned(5) },
    Fault("an author of 31 bytes") { $0.author = .bytes(Array(id.dropLast())) },
    Fault("a delegation of 31 bytes") { $0.delegation = .bytes(Array(id.dropLast())) },
    Fault("prev out of order") {
      $0.prev = .array([.bytes([UInt8](repeating: 2, count: 32)), .bytes(id)])
    },
    Fault("prev named twice") { $0.prev = .array([.bytes(id), .bytes(id)]) },
    Fault("seventeen prev", "too-long") {
      $0.prev = .array((0..<17).map { .bytes([UInt8](repeating: $0, count: 32)) })
    },
    Fault("a negative timestamp") { $0.timestamp = .negative(0) },
    Fault("a body digest without a size") { $0.bodySize = .unsigned(0) },
    Fault("a body size without a digest") { $0.bodyDigest = .bytes([]) },
    Fault("a body size that is no multiple of 256") { $0.bodySize = .unsigned(255) },
    Fault("a body size over 64 KiB") { $0.bodySize = .unsigned(65_792) },
    Fault("a header of seven fields") {
      $0.payloadOverride =
        CBOR.array([
          $0.version, $0.operationClass, $0.author, $0.delegation, $0.prev, $0.timestamp,
          $0.bodyDigest,
        ]).encoded
    },
    Fault("no content") { $0.content = [] },
    Fault("a family in capitals") { $0.content[0] = .text("Entry") },
    Fault("an empty family") { $0.content[0] = .text("") },
    Fault("a family with a slash") { $0.content[0] = .text("a/b") },
    Fault("a family of 33 bytes", "too-long") {
      $0.content[0] = .text(String(repeating: "a", count: 33))
    },
    Fault("a record of 31 bytes") { $0.content[1] = .bytes(Array(id.dropLast())) },
    Fault("changes that are no array") { $0.content[2] = .unsigned(0) },
    Fault("513 changes", "too-long") {
      $0.content[2] = .array(.init(repeating: RawOperation.change(type: 1, path: "a"), count: 513))
    },
    Fault("a change that is no array") { setChange(&$0, .bool(true)) },
    Fault("a change without targets") { setChange(&$0, .array([.unsigned(0), .text("title")])) },
    Fault("a change of four fields") {
      setChange(&$0, .array([.unsigned(0), .text("title"), .array([]), .bool(true)]))
    },
    Fault("an empty path") { setChange(&$0, RawOperation.change(path: "")) },
    Fault("a path with an empty segment") { setChange(&$0, RawOperation.change(path: "a//b")) },
    Fault("a path of four segments") { setChange(&$0, RawOperation.change(path: "a/b/c/d")) },
    Fault("a path with entered text") { setChange(&$0, RawOperation.change(path: "Anna")) },
    Fault("a path segment of 33 bytes") {
      setChange(&$0, RawOperation.change(path: String(repeating: "a", count: 33)))
    },
    Fault("a path of 97 bytes", "too-long") {
      setChange(&$0, RawOperation.change(path: String(repeating: "a", count: 97)))
    },
    Fault("targets out of order") {
      setChange(
        &$0, RawOperation.change(targets: [RawOperation.target(2), RawOperation.target(1)]))
    },
    Fault("a target named twice") {
      setChange(
        &$0, RawOperation.change(targets: [RawOperation.target(1), RawOperation.target(1)]))
    },
    Fault("a target with an index past the last") {
      setChange(&$0, RawOperation.change(targets: [RawOperation.target(1, index: 513)]))
    },
    Fault("65 targets", "too-long") {
      setChange(&$0, RawOperation.change(targets: (0..<65).map { RawOperation.target($0) }))
    },
    Fault("a target of three fields") {
      setChange(
        &$0, RawOperation.change(targets: [.array([.bytes(id), .unsigned(0), .unsigned(0)])]))
    },
    Fault("nine levels", "cbor-depth") {
      $0.payloadOverride = [UInt8](repeating: 0x81, count: 8) + [0x80]
    },
    Fault("4097 items", "cbor-items") {
      $0.payloadOverride = CBOR.array(.init(repeating: .bool(true), count: 4096)).encoded
    },
  ]

  @Test(arguments: faults)
  func `a header that does not fit is refused`(fault: Fault) throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    fault.edit(&raw)
    let code = #expect(throws: OperationError.self) { try raw.read(in: region) }?.code
    #expect(code == fault.code)
  }

  @Test func `each list is accepted at its limit`() throws {
    let region = try Sample.region()
    var raw = RawOperation(recordBy: region.organisations[0].officers[0], in: region)
    raw.prev = .array((0..<16).map { .bytes([UInt8](repeating: $0, count: 32)) })
    Self.setChange(
      &raw,
      RawOperation.change(
        path: "\(String(repeating: "a", count: 32))/\(String(repeating: "b", count: 32))/c",
        targets: (0..<64).map { RawOperation.target($0, index: 512) }))
    raw.content[0] = .text(String(repeating: "f", count: 32))
    #expect(try raw.read(in: region).header.prev.count == 16)
    raw.prev = .array([])
    raw.content[2] = .array(
      [RawOperation.change()]
        + .init(repeating: RawOperation.change(type: 1, path: "a"), count: 511))
    #expect(try raw.read(in: region).header.content != .unknown)
  }

  @Test func `a header of 16 KiB is read and one byte more is refused`() throws {
    let region = try Sample.region()
    #expect(try Sized.header(bytes: 16_384).read(in: region).header.content == .unknown)
    let over = try Sized.header(bytes: 16_385)
    #expect(
      throws: OperationError.wire(
        .tooLong(what: "envelope.payload", limit: 16_384, found: 16_385))
    ) { try over.read(in: region) }
  }
}
