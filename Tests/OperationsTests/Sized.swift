import Operations
import TestSupport
import WireFormat

/// Operations of an exact size, filled up by a later version, which no rule of this one restricts.
enum Sized {
  struct Unreachable: Error { let bytes: Int }

  /// Envelope and body together have `bytes` bytes.
  static func operation(bytes: Int) throws -> RawOperation {
    let filler = CBOR.bytes([UInt8](repeating: 7, count: 64_000))
    var raw = try later()
    raw.carry(Body(values: [filler], random: [UInt8](repeating: 5, count: 16)).bytes)
    return try fill(raw, to: bytes) { $0.envelope.count + $0.body.count }
  }

  /// The payload has `bytes` bytes.
  static func header(bytes: Int) throws -> RawOperation {
    try fill(try later(), to: bytes) { $0.payload.count }
  }

  private static func later() throws -> RawOperation {
    let region = try Sample.region()
    var raw = RawOperation(
      .record, [.bytes([])], by: region.organisations[0].officers[0], in: region)
    raw.version = .unsigned(2)
    return raw
  }

  /// Lengthens the last field; the heads of byte strings grow, so the second guess may be needed.
  private static func fill(
    _ raw: RawOperation, to bytes: Int, _ size: (RawOperation) -> Int
  ) throws -> RawOperation {
    var raw = raw
    var count = 0
    for _ in 0..<4 {
      raw.content = [.bytes([UInt8](repeating: 0, count: count))]
      let missing = bytes - size(raw)
      if missing == 0 { return raw }
      count += missing
    }
    throw Unreachable(bytes: bytes)
  }
}
