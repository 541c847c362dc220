import OperationStore
import Operations
import Signatures
import Simulation
import SyncSession
import TestSupport
import WireFormat

/// A whole session as text (`Protocol/session.md#transcripts`): what both sides bring and hold, then
/// every frame.
struct Transcript: Equatable {
  struct Side: Equatable {
    var node: PublicKey
    var store: StoreID
    var nonce: [UInt8]
    var clock: UInt64
    /// What this side keeps about the other's store.
    var cursor: PeerCursor?
    /// Indices of operations and the store each came from, in arrival order after the founding one.
    var holds: [(index: Int, source: StoreID)] = []
    /// Files that are here in full.
    var files: [File] = []

    static func == (lhs: Side, rhs: Side) -> Bool {
      lhs.node == rhs.node && lhs.store == rhs.store && lhs.nonce == rhs.nonce
        && lhs.clock == rhs.clock && lhs.cursor == rhs.cursor
        && lhs.holds.elementsEqual(rhs.holds) { $0 == $1 } && lhs.files == rhs.files
    }
  }

  struct File: Equatable {
    let salt: [UInt8]
    let bytes: [UInt8]
  }

  var section: String
  var comment: String
  var operations: [Parcel]
  var region: Digest
  var initiator: Side
  var responder: Side
  var isPinned: Bool
  var end = ""
  var alarm = false
  var digests: [Digest] = []
  /// `>` from the initiator, `<` from the responder.
  var frames: [(direction: Character, bytes: [UInt8])] = []

  static func == (lhs: Transcript, rhs: Transcript) -> Bool { lhs.text == rhs.text }

  // MARK: - Running

  /// The same transcript with what a run of the product gives.
  func run() throws -> Transcript {
    var result = self
    result.frames = []
    let stores = [try open(initiator), try open(responder)]
    var sessions = [
      SyncSession(
        .initiator, store: stores[0], ownNode: initiator.node, peerNode: responder.node,
        isPinned: isPinned, nonce: initiator.nonce, usesDeltas: false),
      SyncSession(
        .responder, store: stores[1], ownNode: responder.node, peerNode: initiator.node,
        isPinned: false, nonce: responder.nonce, usesDeltas: false),
    ]
    var inbound: [[[UInt8]]] = [[], []]
    func send(_ from: Int) throws {
      while let frame = try sessions[from].nextFrame() {
        result.frames.append((direction: from == 0 ? ">" : "<", bytes: frame))
        inbound[1 - from].append(frame)
      }
    }
    try sessions[0].start(now: initiator.clock)
    try send(0)
    do {
      while let turn = [1, 0].first(where: { !inbound[$0].isEmpty }) {
        let waiting = inbound[turn]
        inbound[turn] = []
        for frame in waiting {
          try sessions[turn].receive(frame, now: turn == 0 ? initiator.clock : responder.clock)
          try send(turn)
        }
      }
      result.end = sessions[0].report.isEqual ? "equal" : "not-equal"
    } catch let error as SessionError {
      result.frames.append((direction: "<", bytes: sessions[1].refusal(of: error)))
      result.end = error.code
    }
    result.alarm = sessions[0].report.alarm
    result.digests = try stores.map { try $0.snapshot().total.summary(region: region) }
    return result
  }

  private func open(_ side: Side) throws -> OperationStore {
    let founding = try Operation(
      envelope: operations[0].envelope, body: operations[0].body, region: .zero)
    let store = try OperationStore.create(path: nil, founding: founding, id: side.store)
    for (index, source) in side.holds {
      for scope in Scope.allCases {
        _ = try store.ingest(
          [operations[index]], in: scope, from: source, cursor: nil, now: side.clock)
      }
    }
    for file in side.files {
      let chunks = Attachment.chunks(of: file.bytes)
      guard let attachment = Attachment(of: file.bytes, salt: file.salt) else { continue }
      try store.keep(
        chunks: chunks, from: 0, of: attachment,
        chunkDigests: chunks.map(Attachment.digest(ofChunk:)))
    }
    if let cursor = side.cursor { try store.remember(cursor, now: side.clock) }
    return store
  }
}

// MARK: - Text

extension Transcript {
  var text: String {
    let head = [
      ("section", section), ("comment", comment), ("region", "\(region)"),
      ("initiator-node", "\(initiator.node)"), ("responder-node", "\(responder.node)"),
      ("initiator-store", Hex.encode(initiator.store.bytes)),
      ("responder-store", Hex.encode(responder.store.bytes)),
      ("initiator-nonce", Hex.encode(initiator.nonce)),
      ("responder-nonce", Hex.encode(responder.nonce)),
      ("initiator-clock", "\(initiator.clock)"), ("responder-clock", "\(responder.clock)"),
      ("initiator-cursor", Self.text(initiator.cursor)),
      ("responder-cursor", Self.text(responder.cursor)), ("pinned", isPinned ? "yes" : "no"),
      ("end", end), ("alarm", alarm ? "yes" : "no"),
      ("initiator-digest", digests.first?.description ?? ""),
      ("responder-digest", digests.last?.description ?? ""),
    ].map { $1.isEmpty ? "\($0):" : "\($0): \($1)" }
    let held = operations.map { parcel in
      "operation: \(Hex.encode(parcel.envelope)) \(parcel.body.isEmpty ? "-" : Hex.encode(parcel.body))"
    }
    let sides = [("initiator", initiator), ("responder", responder)].flatMap { name, side in
      ["\(name)-holds: 0 -"]
        + side.holds.map { "\(name)-holds: \($0.index) \(Hex.encode($0.source.bytes))" }
        + side.files.map { "\(name)-file: \(Hex.encode($0.salt)) \(Hex.encode($0.bytes))" }
    }
    let sent = frames.map { "\($0.direction) \(Hex.encode($0.bytes))" }
    return (head + [""] + held + sides + sent).joined(separator: "\n") + "\n"
  }

  private static func text(_ cursor: PeerCursor?) -> String {
    guard let cursor else { return "" }
    return "\(cursor.cursor.number) \(Hex.encode(cursor.cursor.operation.bytes)) "
      + (cursor.equalAt.map { "\($0)" } ?? "-")
  }

  struct Malformed: Error {
    let line: String
  }

  /// Reads a file, so that a replay depends on nothing but what a stranger sees.
  init(text: String) throws {
    var fields: [String: String] = [:]
    var operations: [Parcel] = []
    var holds: [String: [(index: Int, source: StoreID)]] = [:]
    var files: [String: [File]] = [:]
    var frames: [(direction: Character, bytes: [UInt8])] = []
    for line in text.split(separator: "\n") {
      if let direction = line.first, direction == ">" || direction == "<" {
        frames.append((direction: direction, bytes: try Self.hex(line.dropFirst(2))))
        continue
      }
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let words = parts[1].split(separator: " ")
      switch parts[0] {
      case "operation":
        operations.append(
          Parcel(
            envelope: try Self.hex(words[0]), body: words[1] == "-" ? [] : try Self.hex(words[1])))
      case "initiator-holds", "responder-holds":
        guard let index = Int(words[0]) else { throw Malformed(line: String(line)) }
        guard words[1] != "-" else { continue }
        holds[String(parts[0]), default: []].append(
          (index: index, source: try Self.storeID(words[1])))
      case "initiator-file", "responder-file":
        files[String(parts[0]), default: []].append(
          File(salt: try Self.hex(words[0]), bytes: try Self.hex(words[1])))
      default: fields[String(parts[0])] = String(parts[1].drop { $0 == " " })
      }
    }
    func field(_ name: String) throws -> String {
      guard let value = fields[name] else { throw Malformed(line: "no \(name)") }
      return value
    }
    func digest(_ name: String) throws -> Digest {
      guard let digest = Digest(hex: try field(name)) else { throw Malformed(line: name) }
      return digest
    }
    func side(_ name: String, other: String) throws -> Side {
      guard let node = PublicKey(try Self.hex(Substring(try field("\(name)-node")))),
        let otherNode = PublicKey(try Self.hex(Substring(try field("\(other)-node")))),
        let clock = UInt64(try field("\(name)-clock"))
      else { throw Malformed(line: name) }
      let words = try field("\(name)-cursor").split(separator: " ")
      var cursor: PeerCursor?
      if words.count == 3, let number = UInt64(words[0]), let bytes = Hex.decode(String(words[1])),
        let mark = OperationMark(bytes)
      {
        cursor = PeerCursor(
          cursor: StoreCursor(
            store: try Self.storeID(Substring(try field("\(other)-store"))), number: number,
            operation: mark), node: otherNode, equalAt: UInt64(words[2]))
      }
      return Side(
        node: node, store: try Self.storeID(Substring(try field("\(name)-store"))),
        nonce: try Self.hex(Substring(try field("\(name)-nonce"))), clock: clock, cursor: cursor,
        holds: holds["\(name)-holds"] ?? [], files: files["\(name)-file"] ?? [])
    }
    section = try field("section")
    comment = try field("comment")
    self.operations = operations
    region = try digest("region")
    initiator = try side("initiator", other: "responder")
    responder = try side("responder", other: "initiator")
    isPinned = try field("pinned") == "yes"
    end = try field("end")
    alarm = try field("alarm") == "yes"
    digests = [try digest("initiator-digest"), try digest("responder-digest")]
    self.frames = frames
  }

  private static func hex(_ text: Substring) throws -> [UInt8] {
    guard let bytes = Hex.decode(text) else { throw Malformed(line: String(text)) }
    return bytes
  }

  private static func storeID(_ text: Substring) throws -> StoreID {
    guard let id = StoreID(try hex(text)) else { throw Malformed(line: String(text)) }
    return id
  }
}
