import Reconciliation
import Signatures
import Testing

struct SessionTests {
  /// Messages, counted from 0, that end in a closing fingerprint where the reference sums from the
  /// wrong index; ours differ in those 16 bytes and in nothing else.
  static let corrected: [String: Set<Int>] = [
    "3000-recent-300-client-4096": [2],
    "1500-scattered-200-both-8192": [2, 6, 7, 9],
    "5000-disjoint-both-60000": [2, 3],
    "reference-loses-131-ids-both-4096": [2],
  ]

  static func exchange(_ session: Session) throws -> Exchange {
    try Exchange(
      client: session.items.client, server: session.items.server,
      clientLimit: session.limits.client, serverLimit: session.limits.server)
  }

  @Test(arguments: try Vectors.conformance().sessions.filter(\.isFollowedToTheEnd))
  func `a session runs byte for byte as with the reference`(session: Session) throws {
    let exchange = try Self.exchange(session)
    #expect(exchange.isDone && session.outcome == "done")
    try #require(exchange.rounds.count == session.rounds.count)
    let expected = try session.messages()
    let corrected = Self.corrected[session.name, default: []]
    for (index, (ours, theirs)) in zip(exchange.messages, expected).enumerated() {
      Self.expectMatch(ours, theirs, isCorrected: corrected.contains(index), index)
    }
    for (ours, theirs) in zip(exchange.rounds, session.rounds) {
      #expect(theirs.reports(have: ours.have, need: ours.need))
    }
  }

  @Test(arguments: try Vectors.conformance().sessions)
  func `a session finds every difference`(session: Session) throws {
    let exchange = try Self.exchange(session)
    let client = Set(session.items.client)
    let server = Set(session.items.server)
    #expect(exchange.isDone)
    #expect(exchange.have == Set(client.subtracting(server).map(\.id)))
    #expect(exchange.need == Set(server.subtracting(client).map(\.id)))
  }

  @Test func `what the reference loses under two frame limits is found`() throws {
    let session = try #require(
      try Vectors.conformance().sessions.first { !$0.isFollowedToTheEnd })
    let exchange = try Self.exchange(session)
    let expected = try session.messages()
    let corrected = try #require(Self.corrected[session.name])
    for index in 0..<3 {
      Self.expectMatch(
        exchange.messages[index], expected[index], isCorrected: corrected.contains(index), index)
    }
    #expect(!session.foundAll)
    #expect(exchange.isDone)
    #expect(exchange.have.count == 536)
    #expect(exchange.need.isEmpty)
  }

  @Test(arguments: try Vectors.conformance().sessions.filter { !$0.items.hashes.isEmpty })
  func `the described sets of a session are the ones it was recorded with`(session: Session) {
    let sets = [session.items.client, session.items.server]
    #expect(sets.map(Self.hash) == session.items.hashes)
  }

  private static func hash(_ items: [ReconcilableItem]) -> String {
    let bytes = items.sorted().flatMap { item in
      (0..<8).reversed().map { UInt8(truncatingIfNeeded: item.seconds >> UInt64($0 * 8)) }
        + item.id.bytes
    }
    return SHA256.hash(bytes).description
  }

  private static func expectMatch(
    _ ours: [UInt8], _ theirs: [UInt8], isCorrected: Bool, _ index: Int
  ) {
    guard isCorrected else {
      #expect(Hex.encode(ours) == Hex.encode(theirs), "message \(index)")
      return
    }
    let closing = Fingerprint.byteCount
    #expect(ours.dropLast(closing) == theirs.dropLast(closing), "message \(index)")
    #expect(ours.suffix(closing) != theirs.suffix(closing), "message \(index)")
  }
}

extension Session {
  /// All but the one in which the reference loses ids.
  var isFollowedToTheEnd: Bool { category != "framelimit-defect" }

  func messages() throws -> [[UInt8]] {
    try rounds.flatMap { [$0.clientToServer, $0.serverToClient] }
      .map { try #require(Hex.decode($0)) }
  }
}

extension Session.Round {
  func reports(have: [Digest], need: [Digest]) -> Bool {
    matches(have, self.have, haveCount, haveSHA256)
      && matches(need, self.need, needCount, needSHA256)
  }

  private func matches(_ ids: [Digest], _ list: [String]?, _ count: Int?, _ hash: String?) -> Bool {
    if let list { return ids.map(\.description).sorted() == list.sorted() }
    return ids.count == count && SHA256.hash(ids.sorted().flatMap(\.bytes)).description == hash
  }
}
