import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport
import Testing
import WireFormat

/// Operations sent as what differs from others that the receiver holds.
@Suite struct DeltaTests {
  private let a: Member
  private let b: Member
  private let entry: Digest
  /// What gave the entry its present title.
  private let latest: Digest

  /// Two nodes that hold the same, and an entry with a title that does not compress by itself.
  init() throws {
    a = try Member(0)
    b = try Member(1)
    entry = try a.write(3)[0]
    latest = try a.edit(entry, after: entry, title: Self.title)
    try meet(a, b)
  }

  private static let title: String = {
    var generator = SeededGenerator(seed: 1)
    return Hex.encode(generator.bytes(1500))
  }()

  private func deltas(_ meeting: Meeting) throws -> [Delta] {
    try meeting.messages.compactMap { message in
      if case .delta(_, let delta) = message { delta } else { nil }
    }
  }

  private func isTheSame() throws -> Bool { try Set(a.records) == Set(b.records) }

  @Test func `an edit that repeats what it edits takes a fraction of its bytes`() throws {
    try a.edit(entry, after: latest, title: Self.title + " och mer")
    let night = try meet(a, b, usesDeltas: true)
    #expect(night.isEqual && !night.caller.usedReconciliation)
    #expect(night.caller.sent == 1)
    let delta = try #require(try deltas(night).first)
    #expect(delta.bases.contains(OperationMark(latest)))
    #expect(delta.packed.count < 500, "\(delta.packed.count) bytes for a title of 3,000")
    #expect(try isTheSame())
  }

  @Test func `both sides send deltas in one session`() throws {
    try a.edit(entry, after: latest, title: Self.title + " från a")
    try b.edit(entry, after: latest, title: Self.title + " från b")
    let night = try meet(a, b, usesDeltas: true)
    #expect(night.isEqual && !night.caller.usedReconciliation)
    #expect(try deltas(night).count == 2)
    #expect(try isTheSame())
  }

  @Test func `without an agreement operations go as they are`() throws {
    try a.edit(entry, after: latest, title: Self.title)
    let night = try meet(a, b)
    #expect(night.isEqual)
    #expect(try deltas(night).isEmpty)
  }

  @Test func `a first meeting knows of no bases`() throws {
    let newcomer = try Member(2, isNewcomer: true)
    let meeting = try meet(newcomer, a, usesDeltas: true)
    #expect(meeting.isEqual)
    #expect(try deltas(meeting).isEmpty)
  }

  @Test func `what comes in the same session is no base`() throws {
    let second = try a.edit(entry, after: latest, title: Self.title + " 2")
    let third = try a.edit(entry, after: second, title: Self.title + " 3")
    let night = try meet(a, b, usesDeltas: true)
    #expect(night.isEqual)
    let bases = try deltas(night).flatMap(\.bases)
    #expect(bases.contains(OperationMark(latest)))
    #expect(!bases.contains(OperationMark(second)) && !bases.contains(OperationMark(third)))
  }

  @Test func `no more bases are named than fit their limit`() throws {
    let large = try a.write(6, bytes: 60_000)
    try meet(a, b)
    for one in large { try a.edit(one, after: one, title: Self.title) }
    let night = try meet(a, b, usesDeltas: true)
    #expect(night.isEqual && !night.caller.usedReconciliation)
    let delta = try #require(try deltas(night).first)
    #expect((1...4).contains(delta.bases.count), "\(delta.bases.count) of 60 kB each")
  }

  @Test(arguments: [0, 1], BaseFault.allCases)
  func `what cannot be read for its bases comes by reconciliation`(
    receiver: Int, fault: BaseFault
  ) throws {
    let (sender, other) = receiver == 1 ? (a, b) : (b, a)
    // More than one frame, of which the later ones follow what the first had.
    var last = try sender.edit(entry, after: latest, title: Self.title + " och mer")
    for number in 0..<60 {
      last = try sender.edit(entry, after: last, title: Self.title + " \(number)")
    }
    try sender.write(2)
    var stores: [(any SyncStore)?] = [nil, nil]
    stores[receiver] = FaultyBases(wrapped: other.store, fault: fault)
    let night = try meet(a, b, stores: stores, usesDeltas: true)
    #expect(try !deltas(night).isEmpty)
    #expect(night.isEqual && night.caller.usedReconciliation && !night.caller.alarm)
    #expect(night.caller.refusals.isEmpty && night.callee.refusals.isEmpty)
    #expect(try isTheSame())
  }

  @Test func `only what came in time, and is known, is a base`() throws {
    let place = try #require(try a.store.arrivals(of: [latest]).first).number
    let marks = [latest, SHA256.hash([1])].map { OperationMark($0) }
    func found(through: UInt64, from source: StoreID? = nil, bytes: Int = 1 << 20) throws
      -> [Parcel?]
    {
      try a.store.bases(marks, through: through, from: source, bytes: bytes)
    }
    let parcel = try #require(try a.parcel(latest))
    #expect(try found(through: place) == [parcel, nil])
    #expect(try found(through: place - 1) == [nil, nil])
    #expect(try found(through: place, bytes: 1000) == [nil, nil])
    // Where it came from, it is held too.
    #expect(
      try b.store.bases(marks, through: 1, from: a.store.id(), bytes: 1 << 20) == [parcel, nil])
    #expect(try found(through: 1, from: b.store.id()) == [nil, nil])
  }

  // MARK: - A peer that breaks the rules

  /// How a session ends that has asked for one operation and is given this.
  private func ending(usesDeltas: Bool = true, _ frame: [UInt8]) throws -> String? {
    try b.write()
    var puppet = try Puppet(.responder, a, b, usesDeltas: usesDeltas)
    return code {
      try puppet.sayHello()
      try puppet.say(Wire.inventory(.records, mode: 0, [5]))
      #expect(puppet.answers.last == .want(.records, bitmap: [0x80]))
      try puppet.say(frame)
    }
  }

  @Test func `a delta that was not agreed on is unexpected`() throws {
    #expect(
      try ending(usesDeltas: false, Wire.delta(.records, [], [0x28])) == "message-unexpected")
  }

  @Test func `a delta that answers no want is unexpected`() throws {
    try b.write()
    let delta = Wire.delta(.records, [OperationMark(latest)], [])
    let openings = [
      [], [Wire.inventory(.records, mode: 0, [])], [Wire.inventory(.records, mode: 1)],
      // Into reconciliation.
      [
        Wire.inventory(.records),
        Wire.digest(
          .records, charter: try Puppet(.responder, a, b).charterDigest(), records: .zero),
      ],
    ]
    for opening in openings {
      var puppet = try Puppet(.responder, a, b, usesDeltas: true)
      let ending = code {
        try puppet.sayHello()
        for frame in opening { try puppet.say(frame) }
        try puppet.say(delta)
      }
      #expect(ending == "message-unexpected", "after \(opening.count) frames")
    }
  }

  private static let unreadable = [
    "", "28b52ffd", "00",
    // 1 MiB of zeros, with and without its length said; and a frame after the frame.
    "28b52ffda0000010005400001000000100fbff39c00202001000020010000200100002001000020010000200100003001000",
    "28b52ffd00505400001000000100fbff39c00202001000020010000200100002001000020010000200100003001000",
    "28b52ffd2000010000504d2a1800000000",
  ]

  @Test(arguments: unreadable)
  func `bytes that do not unpack, or to too much, are malformed without bases`(
    packed: String
  ) throws {
    let bytes = try #require(Hex.decode(packed))
    #expect(try ending(Wire.delta(.records, [], bytes)) == "message-malformed")
  }

  @Test(arguments: unreadable)
  func `bytes that do not unpack with their bases are lost, for a base may be damaged`(
    packed: String
  ) throws {
    let bytes = try #require(Hex.decode(packed))
    #expect(try ending(Wire.delta(.records, [OperationMark(latest)], bytes)) == nil)
  }

  @Test func `each that is lost counts against what was asked for`() throws {
    try b.write()
    var puppet = try Puppet(.responder, a, b, usesDeltas: true)
    let lost = Wire.delta(.records, [OperationMark(.zero)], [], isLast: false)
    try puppet.sayHello()
    try puppet.say(Wire.inventory(.records, mode: 0, [5, 6]))
    try puppet.say(lost)
    try puppet.say(lost)
    #expect(code { try puppet.say(lost) } == "too-much")
  }

  @Test func `more operations than were asked for are not taken in`() throws {
    let parcels = try b.records.compactMap { try b.parcel($0) }
    let content = CBOR.parcels(Array(parcels.prefix(2))).encoded
    let packed = try #require(PrefixCompression.compress(content, after: []))
    #expect(try ending(Wire.delta(.records, [], packed)) == "too-much")
  }

  @Test func `what unpacks to anything but operations is malformed`() throws {
    for content in [[], [0x01], [0x81, 0x40], [0xff]] as [[UInt8]] {
      let packed = try #require(PrefixCompression.compress(content, after: []))
      #expect(try ending(Wire.delta(.records, [], packed)) == "message-malformed")
    }
  }

  @Test func `bases of an odd length, or too many, are malformed`() throws {
    func frame(_ bases: [UInt8]) -> [UInt8] {
      Wire.frame(
        .unsigned(12), .unsigned(1), .bytes(bases), .bytes([]), .unsigned(0), .bytes([]),
        .bool(true))
    }
    let tooMany = [UInt8](repeating: 0, count: (Limits.deltaBasesMax + 1) * 16)
    #expect(try ending(frame([1, 2, 3])) == "message-malformed")
    #expect(try ending(frame(tooMany)) == "message-malformed")
  }
}

enum BaseFault: CaseIterable {
  case missing, damaged
}

/// Finds no bases, or others than there are.
private struct FaultyBases: WrappedStore {
  let wrapped: OperationStore
  let fault: BaseFault

  func bases(
    _ marks: [OperationMark], through number: UInt64, from source: StoreID?, bytes: Int
  ) throws -> [Parcel?] {
    try wrapped.bases(marks, through: number, from: source, bytes: bytes).map { parcel in
      guard fault == .damaged, let parcel else { return nil }
      return Parcel(envelope: parcel.envelope, body: parcel.body.reversed())
    }
  }
}
