import Node
import Operations
import Signatures
import TestSupport
import Testing

/// Each rule just inside and just outside.
@Suite struct HealthTests {
  private static let now: UInt64 = 1_767_225_600_000
  private static let hour: UInt64 = 3_600_000
  private static let day: UInt64 = 86_400_000

  @Test func `a node with nothing to say has no findings`() {
    #expect(Health.findings(Health.Facts(now: Self.now)).isEmpty)
    #expect(Health.findings(Health.Facts(now: 0)).isEmpty)
  }

  @Test(arguments: [(50 * hour, false), (50 * hour + 1, true)])
  func `a peer is silent when more than 50 hours have passed`(
    age: UInt64, isSilent: Bool
  ) throws {
    for (known, latest) in [(0, Self.now - age), (Self.now - age, nil)] as [(UInt64, UInt64?)] {
      var facts = Health.Facts(now: Self.now)
      let key = try Self.key()
      facts.peers = [
        .init(name: "Kiruna", node: key, knownSince: known, latest: latest, latestEqual: latest)
      ]
      #expect(
        Health.findings(facts) == (isSilent ? [.peerSilent("Kiruna", key, latest: latest)] : []))
    }
  }

  @Test func `a peer met in what the own clock calls the future is not silent`() throws {
    var facts = Health.Facts(now: Self.now)
    facts.peers = [
      .init(
        name: "Kiruna", node: try Self.key(), knownSince: 0, latest: Self.now + Self.day,
        latestEqual: Self.now + Self.day)
    ]
    #expect(Health.findings(facts).isEmpty)
  }

  @Test func `a peer that is met and never equal for more than 50 hours is a finding`() throws {
    var facts = Health.Facts(now: Self.now)
    let (key, long) = (try Self.key(), Self.now - 51 * Self.hour)
    for latestEqual in [nil, long] as [UInt64?] {
      facts.peers = [
        .init(
          name: "Kiruna", node: key, knownSince: long, latest: Self.now - Self.hour,
          latestEqual: latestEqual)
      ]
      #expect(
        Health.findings(facts) == [.peerUnequal("Kiruna", key, latestEqual: latestEqual)])
    }
    facts.hasPaused = true
    #expect(Health.findings(facts).isEmpty, "a quota says so itself")
  }

  @Test(
    arguments: [
      (60 * day + 1, nil), (60 * day, Finding.Code.keyEnds), (1, .keyEnds), (0, .keyEnded),
    ] as [(UInt64, Finding.Code?)])
  func `a key that ends within 60 days, or has ended, is a finding`(
    left: UInt64, code: Finding.Code?
  ) throws {
    var facts = Health.Facts(now: Self.now)
    facts.keys = [.init(key: try Self.key(), role: .author, end: Self.now + left)]
    let findings = Health.findings(facts)
    #expect(findings.map(\.code) == (code.map { [$0] } ?? []))
    #expect(findings.allSatisfy { ($0.severity == .critical) == ($0.code == .keyEnded) })
  }

  @Test(
    arguments: [
      // Ten per cent of 100 GiB; 1 GiB; twice the store.
      (10 << 30, 100 << 30, 0, false), ((10 << 30) - 1, 100 << 30, 0, true),
      (1 << 30, 5 << 30, 0, false), ((1 << 30) - 1, 5 << 30, 0, true),
      (8 << 30, 20 << 30, 4 << 30, false), ((8 << 30) - 1, 20 << 30, 4 << 30, true),
    ] as [(Int64, Int64, Int64, Bool)])
  func `a disk needs a tenth, 1 GiB and twice the store`(
    free: Int64, total: Int64, store: Int64, isLow: Bool
  ) {
    var facts = Health.Facts(now: Self.now)
    facts.disk = .init(free: free, total: total, store: store)
    let findings = Health.findings(facts)
    #expect(findings == (isLow ? [.diskLow(free: free, needed: free + 1)] : []))
    #expect(findings.allSatisfy { ($0.severity == .critical) == (free < 1 << 30) })
  }

  @Test(
    arguments: [
      ([900_000], nil), ([900_001], 900_001), ([-900_000], nil), ([-900_001], -900_001),
      // One peer of three that lies, or is wrong itself, moves nothing.
      ([0, 10, 86_400_000], nil), ([0, 900_001, 1_000_000], 900_001),
      ([0, 1_900_000], 950_000), ([-1_900_000, 0], -950_000), ([Int64.max, Int64.max], Int64.max),
    ] as [([Int64], Int64?)])
  func `the clock is off when the median of the peers is more than 15 minutes away`(
    skews: [Int64], median: Int64?
  ) {
    var facts = Health.Facts(now: Self.now)
    facts.skews = skews
    let expected = median.map { Finding.clockOff(milliseconds: $0, peers: skews.count) }
    #expect(Health.findings(facts) == (expected.map { [$0] } ?? []))
  }

  @Test func `counts and states are findings when they are not nil, the gravest first`() throws {
    var facts = Health.Facts(now: Self.now)
    facts.keys = [
      .init(key: try Self.key(), role: .admin, end: Self.now + 1),
      .init(key: try Self.key(), role: .author, end: Self.now - 1),
    ]
    facts.alarms = 2
    facts.overdueErasures = 3
    facts.missingContents = 4
    facts.isQuarantined = true
    let findings = Health.findings(facts)
    #expect(
      findings.map(\.code) == [
        .quarantined, .alarm, .keyEnded, .erasureOverdue, .keyEnds, .contentMissing,
      ])
    #expect(findings.contains(.alarm(sessions: 2)))
    #expect(findings.contains(.erasureOverdue(orders: 3)))
    #expect(findings.contains(.contentMissing(contents: 4)))
  }

  @Test func `in a large region only the council is expected, and the council expects everybody`()
    throws
  {
    for (count, isLarge) in [(8, false), (9, true)] {
      let region = try SampleRegion(
        seed: UInt64(count), organisations: count, officersPerOrganisation: 0)
      var generator = SeededGenerator(seed: UInt64(count))
      let council = region.key("council node").publicKey
      let act = try region.act(
        .node(key: council, address: "council.example:7441"), by: region.council,
        at: SampleRegion.time(1_000_000), using: &generator)
      let charter = try Charter(
        founding: region.founding, operations: region.charterOperations + [act])
      let link = RegionLink(founding: region.founding, address: "", node: council)
      let own = region.organisations[0]
      let peers = Peers(charter: charter, link: link, own: own.node.publicKey)
      #expect(peers.all.count == count)
      let expected = peers.expected(by: own.id, council: region.id)
      #expect(expected.map(\.key) == (isLarge ? [council] : peers.all.map(\.key)))
      #expect(peers.expected(by: region.id, council: region.id) == peers.all)
    }
  }

  private static func key() throws -> PublicKey {
    try #require(SigningKey(seed: [UInt8](repeating: 3, count: 32))).publicKey
  }
}
