import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// A signature made for one purpose in one region holds nowhere else: the whole matrix.
struct DomainMatrixTests {
  /// A purpose and a region; what is signed for it, and how the product reads it.
  private struct Cell: CustomStringConvertible {
    let domain: Domain
    let region: (name: String, id: Digest)
    var description: String { "\(domain) \(region.name)" }
  }

  private static let regions: [(name: String, id: Digest)] = [
    ("zero", .zero), ("A", SHA256.hash([1])), ("B", SHA256.hash([2])),
  ]

  private static let cells = Domain.allCases.flatMap { domain in
    regions.map { Cell(domain: domain, region: $0) }
  }

  /// A row for what it was made for, a column for what it is tried as, `x` where it holds.
  private func matrix(_ cells: [Cell], _ holds: (Cell, Cell) -> Bool) -> String {
    cells.map { made in
      cells.map { holds(made, $0) ? "x" : "." }.joined() + "  \(made)"
    }.joined(separator: "\n")
  }

  private func diagonal(_ cells: [Cell]) -> String {
    matrix(cells) { $0.description == $1.description }
  }

  @Test func `an envelope holds in its own domain and region alone`() {
    let key = SampleRegion.key("matrix", seed: 1)
    #expect(Self.cells.count == Domain.allCases.count * 3)
    let found = matrix(Self.cells) { made, tried in
      Envelope(signing: [0x80], with: key, domain: made.domain, region: made.region.id)
        .isSigned(by: key.publicKey, domain: tried.domain, region: tried.region.id)
    }
    #expect(found == diagonal(Self.cells), "\n\(found)")
  }

  /// One payload cannot be operation and request at once, so each reader gets its own, signed for
  /// every cell.
  @Test func `an operation, a join request and a device request are read in their own cell alone`()
    throws
  {
    for reader in [Domain.operation, .joinRequest, .deviceRequest] {
      let own = Self.cells.filter { $0.domain == reader }
      let found = try matrix(Self.cells, own) { made, tried in
        try read(reader, for: tried.region.id, signedAs: made)
      }
      let expected = try matrix(Self.cells, own) { $0.description == $1.description }
      #expect(found == expected, "\(reader)\n\(found)")
    }
  }

  private func matrix(
    _ rows: [Cell], _ columns: [Cell], _ holds: (Cell, Cell) throws -> Bool
  ) throws -> String {
    try rows.map { made in
      try columns.map { try holds(made, $0) ? "x" : "." }.joined() + "  \(made)"
    }.joined(separator: "\n")
  }

  /// Whether the product reads what is meant for `region` and signed as `made`.
  private func read(_ reader: Domain, for region: Digest, signedAs made: Cell) throws -> Bool {
    let key = SampleRegion.key("matrix", seed: 1)
    let (own, node) = (
      key.publicKey.bytes, SampleRegion.key("matrix/node", seed: 1).publicKey.bytes
    )
    func envelope(_ items: [CBOR]) -> [UInt8] {
      Envelope(
        signing: CBOR.array(items).encoded, with: key, domain: made.domain, region: made.region.id
      ).bytes
    }
    switch reader {
    case .operation:
      var raw = try RejectVectors.sample()
      (raw.author, raw.key) = (.bytes(own), key)
      (raw.domain, raw.region) = (made.domain, made.region.id)
      return holds { _ = try Operation(envelope: raw.envelope, body: raw.body, region: region) }
    case .joinRequest:
      let bytes = envelope([
        .unsigned(1), .bytes(region.bytes), .bytes(own), .bytes(node), .bytes(node), .text(""),
        .text("kommun:1441"), .text("Provköping"),
      ])
      let line = ShareableText.encode(bytes, prefix: JoinRequest.prefix)
      return holds { _ = try JoinRequest(text: line) }
    default:
      let bytes = envelope([.unsigned(1), .bytes(region.bytes), .bytes(own), .bytes(node)])
      let line = ShareableText.encode(bytes, prefix: DeviceRequest.prefix)
      return holds { _ = try DeviceRequest(text: line) }
    }
  }

  /// False only for a signature that does not hold; anything else is a fault of this test.
  private func holds(_ read: () throws -> Void) -> Bool {
    do {
      try read()
      return true
    } catch OperationError.signature {
      return false
    } catch InvitationError.signature {
      return false
    } catch {
      Issue.record(error)
      return false
    }
  }
}
