import OperationStore
import Operations
import Reconciliation
import Signatures
import Simulation
import SyncSession
import TestSupport
import Testing
import WireFormat

/// A peer that breaks the protocol ends the session with a code, and harms nothing.
@Suite struct ViolationTests {
  private let real: Member
  private let peer: Member

  init() throws {
    real = try Member(0)
    peer = try Member(1)
    try real.write(3)
    try peer.write(2)
  }

  private func responder() throws -> Puppet { try Puppet(.responder, real, peer) }

  /// What `violate` ends with; the store must be as before.
  private func ends(_ puppet: Puppet, _ violate: (inout Puppet) throws -> Void) throws -> String? {
    let before = try real.store.status()
    let cursors = try real.store.cursor(node: peer.node)
    var puppet = puppet
    let code = code { try violate(&puppet) }
    #expect(try real.store.status() == before)
    #expect(try real.store.cursor(node: peer.node) == cursors)
    #expect(!puppet.session.isFinished)
    return code
  }

  @Test func `anything but a hello, first, is unexpected`() throws {
    let frames = [
      Wire.want(.records, []), Wire.inventory(.records), Wire.operations(.records, []),
      Wire.digest(.records, charter: .zero, records: .zero), Wire.reconcile(.records, []),
      Wire.need(.records, []), Wire.chain([]), Message.chainRequest.encoded,
    ]
    for frame in frames {
      #expect(try ends(responder()) { try $0.say(frame) } == "message-unexpected")
    }
  }

  @Test func `a second hello is unexpected on both sides`() throws {
    for side in [SyncSession.Side.responder, .initiator] {
      let ending = try ends(try Puppet(side, real, peer)) {
        try $0.sayHello()
        try $0.sayHello()
      }
      #expect(ending == "message-unexpected")
    }
  }

  @Test func `a hello from another region is refused`() throws {
    let ending = try ends(responder()) { try $0.sayHello { $0.region = .zero } }
    #expect(ending == "other-region")
  }

  @Test func `a hello of another version is malformed`() throws {
    let hello = try CBOR(decoding: Message.hello(try responder().hello()).encoded)
    guard case .array(var fields) = hello else { return }
    fields[1] = .unsigned(2)
    let frame = CBOR.array(fields).encoded
    #expect(try ends(responder()) { try $0.say(frame) } == "message-malformed")
  }

  @Test func `frames that are no message are malformed at every moment`() throws {
    let frames: [[UInt8]] = [
      [], [0], [0x80], [0xff], Wire.frame(.unsigned(10)), Wire.frame(.text("hello")),
      Wire.frame(.unsigned(1), .unsigned(0)), Wire.want(.records, []) + [0],
    ]
    for frame in frames {
      #expect(try ends(responder()) { try $0.say(frame) } == "message-malformed")
      let later = try ends(responder()) {
        try $0.sayHello()
        try $0.say(frame)
      }
      #expect(later == "message-malformed")
    }
  }

  @Test(arguments: [[], [0, 0], [0xff, 0xff, 0xff]] as [[UInt8]])
  func `a want of another length than the inventory is unexpected`(bitmap: [UInt8]) throws {
    try meet(real, peer)
    try real.write(5)
    let ending = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.want(.records, bitmap))
    }
    #expect(ending == "message-unexpected")
  }

  @Test func `a want that nothing was offered for, or a second one, is unexpected`() throws {
    let unasked = try ends(responder()) {
      try $0.sayHello { $0.cursor = nil }
      try $0.say(Wire.want(.records, []))
    }
    #expect(unasked == "message-unexpected")
    try meet(real, peer)
    try real.write(5)
    let second = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.want(.records, [0xf8]))
      try $0.say(Wire.want(.records, [0xf8]))
    }
    #expect(second == "message-unexpected")
  }

  @Test func `operations that were not asked for are not taken in`() throws {
    let parcel = try #require(try peer.parcel(peer.records[0]))
    let ending = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.operations(.records, [parcel]))
    }
    #expect(ending == "message-unexpected")
  }

  @Test func `more operations than were asked for are not taken in`() throws {
    let parcels = try peer.records.compactMap { try peer.parcel($0) }
    let ending = try ends(responder()) { puppet in
      try puppet.sayHello()
      try puppet.say(
        Wire.inventory(.records, mode: 0, [puppet.shortID(parcels[0].id)]))
      #expect(puppet.answers.last == .want(.records, bitmap: [0x80]))
      try puppet.say(Wire.operations(.records, parcels))
    }
    #expect(ending == "too-much")
  }

  @Test func `a newcomer's everything is bounded by what the hello announced`() throws {
    let parcels = try peer.records.compactMap { try peer.parcel($0) }
    let ending = try ends(responder()) { puppet in
      try puppet.sayHello { $0.recordsCount = 1 }
      try puppet.say(Wire.inventory(.records, mode: 1))
      try puppet.say(Wire.operations(.records, parcels))
    }
    #expect(ending == "too-much")
  }

  @Test func `a second inventory and one over the limit end the session`() throws {
    let second = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.inventory(.records))
      try $0.say(Wire.inventory(.records))
    }
    #expect(second == "message-unexpected")
    let part = [UInt64](repeating: 5, count: 12_000)
    let endless = try ends(responder()) { puppet in
      try puppet.sayHello()
      for _ in 0...Limits.inventoryEntriesMax / part.count {
        try puppet.say(Wire.inventory(.records, mode: 0, isLast: false, part))
      }
    }
    #expect(endless == "too-much")
  }

  @Test func `only a list comes in parts, and no part of it is empty`() throws {
    let frames = [
      Wire.inventory(.records, mode: 0, isLast: false),
      Wire.inventory(.records, mode: 1, isLast: false),
      Wire.inventory(.records, mode: 2, isLast: false),
    ]
    for frame in frames {
      let ending = try ends(responder()) {
        try $0.sayHello()
        try $0.say(frame)
      }
      #expect(ending == "message-unexpected")
    }
    let mixed = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.inventory(.records, mode: 0, isLast: false, [1]))
      try $0.say(Wire.inventory(.records, mode: 1))
    }
    #expect(mixed == "message-unexpected")
  }

  @Test func `a second digest is unexpected`() throws {
    let ending = try ends(responder()) {
      try $0.sayHello()
      try $0.say(Wire.digest(.records, charter: .zero, records: .zero))
      try $0.say(Wire.digest(.records, charter: .zero, records: .zero))
    }
    #expect(ending == "message-unexpected")
  }

  @Test func `a message of the other scope is unexpected`() throws {
    let frames = [
      Wire.want(.charter, []), Wire.inventory(.charter), Wire.operations(.charter, []),
      Wire.digest(.charter, charter: .zero, records: .zero), Wire.reconcile(.charter, []),
      Wire.need(.charter, []),
    ]
    for frame in frames {
      let ending = try ends(responder()) {
        try $0.sayHello()
        try $0.say(frame)
      }
      #expect(ending == "message-unexpected")
    }
  }

  @Test func `a message after the end is unexpected`() throws {
    try meet(real, peer)
    var puppet = try responder()
    try puppet.sayHello()
    #expect(puppet.session.isFinished)
    #expect(code { try puppet.say(Wire.inventory(.records)) } == "message-unexpected")
  }

  @Test func `a refusal by the peer is reported with its code and reason`() throws {
    var puppet = try responder()
    let error = #expect(throws: SessionError.self) {
      try puppet.say(Message.refuse(code: "unknown-node", reason: "skäl", proof: []).encoded)
    }
    #expect(error == .refusedByPeer(code: "unknown-node", reason: "skäl"))
  }

  @Test(arguments: [
    SessionError.unexpected("x"), .otherRegion, .unknownNode, .tooMuch(what: "x", limit: 1),
    .frameTooLarge(limit: 1, found: 2), .reconciliation(String(repeating: "å", count: 9000)),
    .malformed(.truncated(offset: 3)),
  ])
  func `a refusal can be read by the peer, however long its reason`(error: SessionError) throws {
    guard
      case .refuse(let code, let reason, let proof) = try Message(
        decoding: try responder().session.refusal(of: error))
    else {
      Issue.record("not a refusal")
      return
    }
    #expect(code == error.code)
    #expect(error.description.hasPrefix(reason) && !reason.isEmpty)
    #expect(proof.isEmpty)
  }
}

/// The same for reconciliation.
@Suite struct ReconciliationViolationTests {
  private let real: Member
  private let peer: Member

  init() throws {
    real = try Member(0)
    peer = try Member(1)
    try real.write(3)
    try peer.write(2)
  }

  private func reconciling(_ side: SyncSession.Side) throws -> Puppet {
    var puppet = try Puppet(side, real, peer)
    try puppet.goToReconciliation()
    return puppet
  }

  /// A message over all items whose fingerprint fits nothing.
  private func never(_ byte: UInt8) throws -> [UInt8] {
    var writer = MessageWriter()
    writer.fingerprint(
      try #require(Fingerprint([UInt8](repeating: byte, count: 16))), to: .infinity)
    return writer.bytes
  }

  @Test func `a part before reconciliation, or of the other pass, is unexpected`() throws {
    var early = try Puppet(.responder, real, peer)
    try early.sayHello()
    #expect(code { try early.say(Wire.reconcile(.records, [0x61])) } == "message-unexpected")
    var later = try reconciling(.responder)
    #expect(
      code { try later.say(Wire.reconcile(.records, pass: 1, [0x61])) } == "message-unexpected")
  }

  @Test func `bytes that are not Negentropy V1 end the session`() throws {
    for side in [SyncSession.Side.initiator, .responder] {
      for bytes in [[], [0x00], [0x61, 0x00, 0x00, 0x07], [0x61, 0xff]] as [[UInt8]] {
        var puppet = try reconciling(side)
        #expect(code { try puppet.say(Wire.reconcile(.records, bytes)) } == "reconciliation")
      }
    }
  }

  @Test func `a message over 4 MiB in all its parts is too much`() throws {
    var puppet = try reconciling(.responder)
    let part = [UInt8](repeating: 0x61, count: 120 * 1024)
    var parts = 0
    let ending = code {
      while parts < 100 {
        try puppet.say(Wire.reconcile(.records, isLast: false, part))
        parts += 1
      }
    }
    #expect(ending == "too-much")
    #expect(parts == Limits.reconcileMessageBytesMax / part.count)
  }

  @Test(arguments: [true, false])
  func `a reconciliation that never ends is cut off after 64 rounds`(isInitiator: Bool) throws {
    var puppet = try reconciling(isInitiator ? .initiator : .responder)
    var rounds = 0
    let ending = code {
      while rounds < 200 {
        try puppet.say(Wire.reconcile(.records, try never(UInt8(rounds))))
        rounds += 1
      }
    }
    #expect(ending == "too-much")
    #expect(rounds == Limits.reconcileRoundsMax)
  }

  @Test func `only the caller says what it needs, and only while reconciling`() throws {
    var initiator = try reconciling(.initiator)
    #expect(code { try initiator.say(Wire.need(.records, [])) } == "message-unexpected")
    var early = try Puppet(.responder, real, peer)
    try early.sayHello()
    #expect(code { try early.say(Wire.need(.records, [])) } == "message-unexpected")
    var twice = try reconciling(.responder)
    let needed = [try real.records[0]]
    try twice.say(Wire.need(.records, needed))
    #expect(code { try twice.say(Wire.need(.records, needed)) } == "message-unexpected")
  }

  @Test func `needed ids that are not held are passed over`() throws {
    var puppet = try reconciling(.responder)
    let held = try real.records[0]
    try puppet.say(Wire.need(.records, [.zero, held]))
    guard case .operations(_, let delivery) = puppet.answers.last else {
      Issue.record("answered \(String(describing: puppet.answers.last))")
      return
    }
    #expect(delivery.parcels.map(\.id) == [held])
    #expect(delivery.through == nil, "what reconciliation sends moves no cursor")
  }

  @Test func `an id needed many times is sent once`() throws {
    var puppet = try reconciling(.responder)
    let held = try real.records[0]
    try puppet.say(Wire.need(.records, isLast: false, [Digest](repeating: held, count: 500)))
    try puppet.say(Wire.need(.records, [Digest](repeating: held, count: 500)))
    let sent = puppet.answers.map { message in
      if case .operations(_, let delivery) = message { delivery.parcels.count } else { 0 }
    }
    #expect(sent.reduce(0, +) == 1)
  }
}
