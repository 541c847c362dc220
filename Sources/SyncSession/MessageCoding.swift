import Operations
import Signatures
import WireFormat

extension Message {
  package var encoded: [UInt8] { CBOR.array(fields).encoded }

  private var fields: [CBOR] {
    switch self {
    case .hello(let hello): [.unsigned(0)] + hello.fields
    case .chainRequest: [.unsigned(1)]
    case .chain(let parcels): [.unsigned(2), .parcels(parcels)]
    case .refuse(let code, let reason, let proof):
      [.unsigned(3), .text(code), .text(reason), .parcels(proof)]
    case .inventory(let scope, let inventory):
      [
        .unsigned(4), .unsigned(scope.rawValue), .unsigned(inventory.mode.rawValue),
        .bool(inventory.isLast), .bytes(inventory.shortIDs.flatMap(\.bigEndianBytes)),
      ]
    case .want(let scope, let bitmap): [.unsigned(5), .unsigned(scope.rawValue), .bytes(bitmap)]
    case .operations(let scope, let delivery):
      [
        .unsigned(6), .unsigned(scope.rawValue), .parcels(delivery.parcels),
        .unsigned(delivery.through?.number ?? 0), .optional(delivery.through?.id),
        .bool(delivery.isLast),
      ]
    case .digest(let scope, let pair):
      [
        .unsigned(7), .unsigned(scope.rawValue), .bytes(pair.charter.bytes),
        .bytes(pair.records.bytes),
      ]
    case .reconcile(let scope, let pass, let isLast, let bytes):
      [
        .unsigned(8), .unsigned(scope.rawValue), .unsigned(pass), .bool(isLast), .bytes(bytes),
      ]
    case .need(let scope, let isLast, let ids):
      [.unsigned(9), .unsigned(scope.rawValue), .bool(isLast), .bytes(ids.flatMap(\.bytes))]
    case .attachmentWant(let wanted):
      [
        .unsigned(10),
        .array(
          wanted.map { request in
            .array([
              .bytes(request.attachment.digest.bytes), .bytes(request.attachment.salt),
              .unsigned(UInt64(request.attachment.size)), .unsigned(UInt64(request.firstChunk)),
            ])
          }),
      ]
    case .attachment(let part):
      [
        .unsigned(11), .unsigned(part.file), .unsigned(part.number),
        .bytes(part.chunkDigests.flatMap(\.bytes)), .bytes(part.bytes),
      ]
    case .delta(let scope, let delta):
      [
        .unsigned(12), .unsigned(scope.rawValue), .bytes(delta.bases.flatMap(\.bytes)),
        .bytes(delta.packed), .unsigned(delta.through?.number ?? 0), .optional(delta.through?.id),
        .bool(delta.isLast),
      ]
    }
  }

  /// Reads one frame; every count is bounded by the frame's own length.
  package init(decoding frame: [UInt8]) throws(WireError) {
    var r = try ArrayReader(try CBOR(decoding: frame), "message")
    switch try r.unsigned("type") {
    case 0: self = .hello(try Hello(&r))
    case 1: self = .chainRequest
    case 2: self = .chain(try r.parcels("chain"))
    case 3:
      self = .refuse(
        code: try r.text("code", max: 64), reason: try r.text("reason", max: 1024),
        proof: try r.parcels("proof"))
    case 4: self = .inventory(try r.scope(), try Inventory(&r))
    case 5:
      self = .want(try r.scope(), bitmap: try r.bytes("bitmap", max: Limits.frameBytesMax))
    case 6: self = .operations(try r.scope(), try Delivery(&r))
    case 7:
      self = .digest(
        try r.scope(),
        DigestPair(charter: try r.digest("charter"), records: try r.digest("records")))
    case 8:
      self = .reconcile(
        try r.scope(), pass: try r.unsigned("pass", max: 1), isLast: try r.bool("last"),
        try r.bytes("part", max: Limits.frameBytesMax))
    case 9: self = .need(try r.scope(), isLast: try r.bool("last"), try r.packedDigests("ids"))
    case 10: self = .attachmentWant(try r.wanted())
    case 11: self = .attachment(try AttachmentPart(&r))
    case 12: self = .delta(try r.scope(), try Delta(&r))
    case let type:
      throw .shape(field: "message.type", expected: "0 to 12", found: "\(type)")
    }
    try r.end()
  }
}

extension Hello {
  fileprivate var fields: [CBOR] {
    [
      .unsigned(Self.version), .bytes(region.bytes), .optional(nodeAct), .bytes(store.bytes),
      .bytes(nonce), .unsigned(last.number), .bytes(last.operation.bytes), .unsigned(charterCount),
      .unsigned(recordsCount), .bytes(digests.charter.bytes), .bytes(digests.records.bytes),
      .array(
        cursor.map {
          [.bytes($0.store.bytes), .unsigned($0.number), .bytes($0.operation.bytes)]
        } ?? []),
      .unsigned(clock), .digests(paused), .unsigned(attachmentsMissing),
    ]
  }

  fileprivate init(_ r: inout ArrayReader) throws(WireError) {
    let version = try r.unsigned("version")
    guard version == Self.version else {
      throw .shape(field: "hello.version", expected: "\(Self.version)", found: "\(version)")
    }
    region = try r.digest("region")
    nodeAct = try r.optionalDigest("node act")
    let store = try r.storeID("store")
    nonce = try r.bytes("nonce", count: Self.nonceByteCount)
    last = StoreCursor(
      store: store, number: try r.unsigned("last"), operation: try r.mark("last operation"))
    charterCount = try r.unsigned("charter count")
    recordsCount = try r.unsigned("records count")
    digests = Message.DigestPair(
      charter: try r.digest("charter digest"), records: try r.digest("records digest"))
    let fields = try r.array("cursor", max: 3)
    if fields.isEmpty {
      cursor = nil
    } else {
      var c = try ArrayReader(.array(fields), "cursor")
      cursor = StoreCursor(
        store: try c.storeID("store"), number: try c.unsigned("number"),
        operation: try c.mark("operation"))
    }
    clock = try r.unsigned("clock")
    paused = try r.digests("paused", max: Limits.pausedMax)
    attachmentsMissing = try r.unsigned("attachments missing")
  }
}

extension Message.Inventory {
  fileprivate init(_ r: inout ArrayReader) throws(WireError) {
    let code = try r.unsigned("mode", max: 2)
    mode = Mode(rawValue: code) ?? .unknown
    isLast = try r.bool("last")
    let bytes = try r.bytes("short ids", max: Limits.frameBytesMax)
    guard bytes.count.isMultiple(of: 8), mode == .listed || bytes.isEmpty else {
      throw .shape(
        field: "inventory.short ids", expected: "8 bytes for each, only when listed",
        found: "\(bytes.count)")
    }
    shortIDs = stride(from: 0, to: bytes.count, by: 8).map {
      bytes[$0..<$0 + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}

extension Message.Delivery {
  fileprivate init(_ r: inout ArrayReader) throws(WireError) {
    parcels = try r.parcels("operations")
    through = try r.through()
    isLast = try r.bool("last")
  }
}

extension Delta {
  fileprivate init(_ r: inout ArrayReader) throws(WireError) {
    let marks = try r.bytes("bases", max: Limits.deltaBasesMax * OperationMark.byteCount)
    bases = stride(from: 0, to: marks.count, by: OperationMark.byteCount).compactMap {
      OperationMark(Array(marks[$0...].prefix(OperationMark.byteCount)))
    }
    guard bases.count * OperationMark.byteCount == marks.count else {
      throw .shape(field: "delta.bases", expected: "16 bytes for each", found: "\(marks.count)")
    }
    packed = try r.bytes("packed", max: Limits.frameBytesMax)
    through = try r.through()
    isLast = try r.bool("last")
  }
}

extension Message.AttachmentPart {
  fileprivate init(_ r: inout ArrayReader) throws(WireError) {
    file = try r.unsigned("file")
    number = try r.unsigned("number")
    chunkDigests = try r.packedDigests("chunk digests")
    bytes = try r.bytes("bytes", max: Attachment.chunkByteCount)
    guard !bytes.isEmpty || (number == 0 && chunkDigests.isEmpty) else {
      throw .shape(
        field: "attachment.bytes", expected: "a chunk, or nothing at the end", found: "no bytes")
    }
  }
}

extension ArrayReader {
  fileprivate mutating func wanted() throws(WireError) -> [AttachmentRequest] {
    var wanted: [AttachmentRequest] = []
    for item in try array("wanted", max: Limits.attachmentsPerSessionMax) {
      var r = try ArrayReader(item, "wanted")
      let digest = try r.digest("digest")
      let salt = try r.bytes("salt", count: Attachment.saltByteCount)
      let size = try r.unsigned("size", max: UInt64(Limits.attachmentBytesMax))
      let first = try r.unsigned("chunk", max: UInt64(Limits.attachmentBytesMax))
      try r.end()
      guard let attachment = Attachment(digest: digest, salt: salt, size: Int(size)) else {
        throw .shape(field: "wanted.size", expected: "1 or more", found: "\(size)")
      }
      wanted.append(AttachmentRequest(attachment, firstChunk: Int(first)))
    }
    return wanted
  }

  fileprivate mutating func scope() throws(WireError) -> Scope {
    Scope(rawValue: try unsigned("scope", max: 1)) ?? .records
  }

  fileprivate mutating func through() throws(WireError) -> Arrival? {
    let number = try unsigned("through")
    return try optionalDigest("through id").map { Arrival(number: number, id: $0) }
  }

  fileprivate mutating func storeID(_ field: String) throws(WireError) -> StoreID {
    guard let id = StoreID(try bytes(field, count: StoreID.byteCount)) else {
      throw .shape(field: field, expected: "16 bytes", found: "other")
    }
    return id
  }

  fileprivate mutating func mark(_ field: String) throws(WireError) -> OperationMark {
    guard let mark = OperationMark(try bytes(field, count: OperationMark.byteCount)) else {
      throw .shape(field: field, expected: "16 bytes", found: "other")
    }
    return mark
  }

  fileprivate mutating func packedDigests(_ field: String) throws(WireError) -> [Digest] {
    let bytes = try bytes(field, max: Limits.frameBytesMax)
    guard bytes.count.isMultiple(of: Digest.byteCount) else {
      throw .shape(field: field, expected: "32 bytes for each", found: "\(bytes.count)")
    }
    return stride(from: 0, to: bytes.count, by: Digest.byteCount).compactMap {
      Digest(bytes[$0..<$0 + Digest.byteCount])
    }
  }

  mutating func parcels(_ field: String) throws(WireError) -> [Parcel] {
    var parcels: [Parcel] = []
    for item in try array(field, max: Limits.cborItemsMax) {
      var pair = try ArrayReader(item, "operation")
      parcels.append(
        Parcel(
          envelope: try pair.bytes("envelope", max: Limits.operationBytesMax),
          body: try pair.bytes("body", max: Limits.operationBytesMax)))
      try pair.end()
    }
    return parcels
  }
}

extension CBOR {
  static func parcels(_ parcels: [Parcel]) -> CBOR {
    .array(parcels.map { .array([.bytes($0.envelope), .bytes($0.body)]) })
  }
}

extension UInt64 {
  fileprivate var bigEndianBytes: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64(56 - 8 * $0)) }
  }
}
