import Operations
import Simulation
import SyncSession
import Testing

/// What a night costs on the wire.
@Suite struct CostTests {
  private let a: Member
  private let b: Member

  init() throws {
    a = try Member(0)
    b = try Member(1)
  }

  @Test func `a quiet night takes one round trip and at most 640 bytes`() throws {
    try a.write(20)
    try meet(a, b)
    let night = try meet(b, a)
    #expect(night.isEqual)
    #expect(night.frames.count == 2)
    #expect(night.caller.roundTrips == 1)
    #expect(night.byteCount <= 640, "\(night.byteCount)")
  }

  @Test func `a quiet night costs the same whatever the store holds`() throws {
    try a.write(5)
    try meet(a, b)
    let small = try meet(b, a).byteCount
    try a.write(200)
    try meet(a, b)
    let large = try meet(b, a).byteCount
    #expect(large - small <= 16, "only the numbers grow")
  }

  @Test func `beyond its bytes a news item costs 8 bytes and one bit`() throws {
    try a.write(3)
    try meet(a, b)
    var overhead: [Int] = []
    for count in [1, 101] {
      try a.write(count)
      let night = try meet(a, b)
      #expect(night.isEqual && !night.caller.usedReconciliation)
      #expect(try night.parcels.count == count)
      let named = try night.frames.map { frame -> Int in
        switch try Message(decoding: frame.bytes) {
        case .inventory, .want: return frame.bytes.count
        default: return 0
        }
      }.reduce(0, +)
      overhead.append(named)
      // Array head, two byte string heads of at most three bytes, and the fixed part.
      let parcels = try night.parcels.map { $0.byteCount + 7 }.reduce(0, +)
      #expect(night.byteCount - parcels - named < 1100)
    }
    let growth = overhead[1] - overhead[0]
    #expect((800...820).contains(growth), "\(growth) bytes for 100 items")
  }

  @Test func `a first meeting of equal stores costs no more than a quiet night`() throws {
    let c = try Member(2)
    let meeting = try meet(b, c)
    #expect(meeting.isEqual)
    #expect(meeting.frames.count == 2)
  }

  @Test func `every frame keeps to the limit, also with the largest operations`() throws {
    try a.write(8, bytes: 65_000)
    try a.write(30, bytes: 7000)
    let newcomer = try Member(2, isNewcomer: true)
    let meeting = try meet(newcomer, a)
    #expect(meeting.isEqual)
    let longest = try #require(meeting.frames.map(\.bytes.count).max())
    #expect(longest <= 128 * 1024)
    #expect(meeting.frames[0].bytes.count <= 16 * 1024)
  }
}
