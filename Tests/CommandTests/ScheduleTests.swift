import CRDT
import Node
import Operations
import Signatures
import TestSupport
import Testing

@Suite struct ScheduleTests {
  private static let midnight: UInt64 = 1_767_225_600_000

  @Test(arguments: [(0, 0, 3600), (0, 1800, 5400), (3599, 0, 1), (3600, 0, 86_400)])
  func `the next call is due at the hour and the jitter`(
    second: UInt64, jitter: Int, expected: Int
  ) {
    let now = Self.midnight + second * 1000
    #expect(NightlySchedule.wait(now: now, hour: 1, jitter: jitter) == expected)
  }

  @Test func `a node that has called waits for the next night`() {
    let now = Self.midnight + 3_660_000
    #expect(NightlySchedule.wait(now: now, hour: 1, jitter: 0) == 86_400 - 60)
  }

  @Test func `an address that nobody can call is no peer, and stops nobody`() throws {
    let region = try SampleRegion(seed: 1, organisations: 3)
    var generator = SeededGenerator(seed: 1)
    let organisation = region.organisations[0]
    let act = try region.act(
      .node(key: organisation.node.publicKey, address: "not an address"), by: organisation.root,
      at: SampleRegion.time(1_000_000), using: &generator)
    let charter = try Charter(
      founding: region.founding, operations: region.charterOperations + [act])
    let link = RegionLink(
      founding: region.founding, address: "", node: region.key("council node").publicKey)
    let peers = Peers(charter: charter, link: link, own: region.organisations[1].node.publicKey)
    #expect(peers.all.map(\.address) == [region.organisations[2].address])
  }

  @Test func `in a large region a night calls a few, each once`() throws {
    let region = try SampleRegion(seed: 2, organisations: 12, officersPerOrganisation: 0)
    var generator = SeededGenerator(seed: 2)
    let link = RegionLink(
      founding: region.founding, address: "council.example:7441",
      node: region.key("council node").publicKey)
    let own = region.organisations[0].node.publicKey
    let peers = Peers(charter: region.charter, link: link, own: own)
    let tonight = peers.tonight(council: region.id, using: &generator)
    #expect(tonight.count == 8)
    #expect(Set(tonight.map(\.key)).count == 8)
    #expect(!tonight.contains { $0.key == own })
  }
}
