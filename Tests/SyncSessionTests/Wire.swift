import Operations
import Signatures
import WireFormat

/// Frames put together by hand, as `Protocol/session.md` describes them; also those that the
/// product would never send.
enum Wire {
  static func frame(_ fields: CBOR...) -> [UInt8] { CBOR.array(fields).encoded }

  static func chain(_ parcels: [Parcel]) -> [UInt8] { frame(.unsigned(2), .parcels(parcels)) }

  /// `mode`: 0 listed, 1 everything, 2 unknown.
  static func inventory(
    _ scope: Scope, mode: UInt64 = 2, isLast: Bool = true, _ shortIDs: [UInt64] = []
  ) -> [UInt8] {
    let bytes = shortIDs.flatMap { id in (0..<8).reversed().map { UInt8(id >> ($0 * 8) & 0xff) } }
    return frame(
      .unsigned(4), .unsigned(scope.rawValue), .unsigned(mode), .bool(isLast), .bytes(bytes))
  }

  static func want(_ scope: Scope, _ bitmap: [UInt8]) -> [UInt8] {
    frame(.unsigned(5), .unsigned(scope.rawValue), .bytes(bitmap))
  }

  static func operations(
    _ scope: Scope, _ parcels: [Parcel], through: Arrival? = nil, isLast: Bool = true
  ) -> [UInt8] {
    frame(
      .unsigned(6), .unsigned(scope.rawValue), .parcels(parcels), .unsigned(through?.number ?? 0),
      .optional(through?.id), .bool(isLast))
  }

  static func digest(_ scope: Scope, charter: Digest, records: Digest) -> [UInt8] {
    frame(.unsigned(7), .unsigned(scope.rawValue), .bytes(charter.bytes), .bytes(records.bytes))
  }

  static func reconcile(
    _ scope: Scope, pass: UInt64 = 0, isLast: Bool = true, _ part: [UInt8]
  ) -> [UInt8] {
    frame(
      .unsigned(8), .unsigned(scope.rawValue), .unsigned(pass), .bool(isLast), .bytes(part))
  }

  static func need(_ scope: Scope, isLast: Bool = true, _ ids: [Digest]) -> [UInt8] {
    frame(
      .unsigned(9), .unsigned(scope.rawValue), .bool(isLast), .bytes(ids.flatMap(\.bytes)))
  }

  static func wanted(_ files: [(Attachment, UInt64)]) -> [UInt8] {
    frame(
      .unsigned(10),
      .array(
        files.map { file, chunk in
          .array([
            .bytes(file.digest.bytes), .bytes(file.salt), .unsigned(UInt64(file.size)),
            .unsigned(chunk),
          ])
        }))
  }

  static func delta(
    _ scope: Scope, _ bases: [OperationMark], _ packed: [UInt8], through: Arrival? = nil,
    isLast: Bool = true
  ) -> [UInt8] {
    frame(
      .unsigned(12), .unsigned(scope.rawValue), .bytes(bases.flatMap(\.bytes)), .bytes(packed),
      .unsigned(through?.number ?? 0), .optional(through?.id), .bool(isLast))
  }

  static func attachment(
    _ file: UInt64, _ chunk: UInt64, _ chunkDigests: [Digest], _ bytes: [UInt8]
  ) -> [UInt8] {
    frame(
      .unsigned(11), .unsigned(file), .unsigned(chunk), .bytes(chunkDigests.flatMap(\.bytes)),
      .bytes(bytes))
  }
}

extension CBOR {
  static func parcels(_ parcels: [Parcel]) -> CBOR {
    .array(parcels.map { .array([.bytes($0.envelope), .bytes($0.body)]) })
  }
}
