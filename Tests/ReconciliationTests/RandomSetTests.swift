import Reconciliation
import Signatures
import Testing

struct RandomSetTests {
  @Test(arguments: UInt64(0)..<100)
  func `random sets are reconciled as a naive comparison does`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let sets = RandomSets(using: &generator)
    let limits = [0, 0, 4096, 4096, 4097, 6000, 20_000]
    let clientLimit = limits.randomElement(using: &generator) ?? 0
    let serverLimit = limits.randomElement(using: &generator) ?? 0
    let exchange = try Exchange(
      client: sets.client, server: sets.server, clientLimit: clientLimit, serverLimit: serverLimit)

    #expect(exchange.isDone, "seed \(seed)")
    #expect(exchange.have == sets.ids(of: sets.client, butNot: sets.server), "seed \(seed)")
    #expect(exchange.need == sets.ids(of: sets.server, butNot: sets.client), "seed \(seed)")
    if clientLimit == 0, serverLimit == 0 {
      #expect(exchange.rounds.flatMap(\.have).count == exchange.have.count, "seed \(seed)")
      #expect(exchange.rounds.flatMap(\.need).count == exchange.need.count, "seed \(seed)")
    }
    for round in exchange.rounds {
      #expect(clientLimit == 0 || round.toServer.count <= clientLimit, "seed \(seed)")
      #expect(serverLimit == 0 || round.toClient.count <= serverLimit, "seed \(seed)")
    }
  }

  @Test func `all ways to share four items give the exact difference`() throws {
    var generator = SeededGenerator(seed: 7)
    let items = (0..<4).map { index in
      ReconcilableItem(seconds: UInt64(index / 2), id: generator.digest())
    }
    for client in 0..<16 {
      for server in 0..<16 {
        func subset(_ mask: Int) -> [ReconcilableItem] {
          items.indices.filter { mask >> $0 & 1 == 1 }.map { items[$0] }
        }
        let exchange = try Exchange(client: subset(client), server: subset(server))
        #expect(exchange.isDone)
        #expect(exchange.have == Set(subset(client & ~server).map(\.id)))
        #expect(exchange.need == Set(subset(server & ~client).map(\.id)))
      }
    }
  }

  /// What the reference's closing fingerprint can lose: the responder holds nothing in the last
  /// parts, and its answer and the one to it fill their frames just before them.
  @Test(arguments: UInt64(0)..<40)
  func `a tail that one side lacks is found under frame limits`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let part = Int.random(in: 120...140, using: &generator)
    let cut = 12 * part
    let sparse = Int.random(in: 2 * part...5 * part / 2, using: &generator)
    var time: UInt64 = 0
    let items = (0..<16 * part).map { index in
      time += index < sparse ? 2500 : 20
      return ReconcilableItem(seconds: time, id: generator.digest())
    }
    let extra = (0..<2).map { _ in Int.random(in: 0..<cut, using: &generator) }
    let holes = Set(extra + stride(from: part - 2, to: cut, by: part))
    let short = (0..<cut).filter { !holes.contains($0) }.map { items[$0] }
    let missing = Set(items.map(\.id)).subtracting(short.map(\.id))

    let exchange = try Exchange(client: items, server: short, clientLimit: 4096, serverLimit: 4096)
    #expect(exchange.isDone && exchange.need.isEmpty, "seed \(seed)")
    #expect(exchange.have.count == missing.count, "seed \(seed)")
    #expect(exchange.have == missing, "seed \(seed)")
  }
}

/// Two sets with a random overlap, tied or spread times, and random or similar ids.
private struct RandomSets {
  private(set) var client: [ReconcilableItem] = []
  private(set) var server: [ReconcilableItem] = []

  init(using generator: inout SeededGenerator) {
    let count = [0, 1, 31, 32, 33, 200, 600, 2000].randomElement(using: &generator) ?? 0
    let spans: [UInt64] = [0, 3, UInt64(count), 1 << 40]
    let span = spans.randomElement(using: &generator) ?? 0
    let hasSimilarIDs = Bool.random(using: &generator)
    let clusterSize = [1, 1, 50].randomElement(using: &generator) ?? 1
    let shared = [0, 50, 95, 99].randomElement(using: &generator) ?? 0
    var owner = 0
    for index in 0..<count {
      if index % clusterSize == 0 {
        let isShared = Int.random(in: 0..<100, using: &generator) < shared
        owner = isShared ? 0 : Int.random(in: 1...2, using: &generator)
      }
      let time =
        clusterSize > 1
        ? UInt64(index) : UInt64.random(in: 0...span, using: &generator)
      let item = ReconcilableItem(
        seconds: time, id: Self.id(isSimilar: hasSimilarIDs, using: &generator))
      if owner != 2 { client.append(item) }
      if owner != 1 { server.append(item) }
    }
    client.shuffle(using: &generator)
    server.shuffle(using: &generator)
  }

  func ids(of held: [ReconcilableItem], butNot other: [ReconcilableItem]) -> Set<Digest> {
    Set(held.map(\.id)).subtracting(other.map(\.id))
  }

  private static func id(isSimilar: Bool, using generator: inout SeededGenerator) -> Digest {
    let id = generator.digest()
    guard isSimilar else { return id }
    return Digest([UInt8](repeating: 0xab, count: 20) + id.bytes.prefix(12)) ?? id
  }
}
