import Reconciliation
import Signatures

/// A whole exchange between two sets in memory, with every message kept.
struct Exchange {
  struct Round {
    let toServer: [UInt8]
    let toClient: [UInt8]
    let have: [Digest]
    let need: [Digest]
  }

  private(set) var rounds: [Round] = []
  private(set) var isDone = false

  var have: Set<Digest> { Set(rounds.flatMap(\.have)) }
  var need: Set<Digest> { Set(rounds.flatMap(\.need)) }
  var messages: [[UInt8]] { rounds.flatMap { [$0.toServer, $0.toClient] } }

  init(
    client: [ReconcilableItem], server: [ReconcilableItem], clientLimit: Int = 0,
    serverLimit: Int = 0, roundsMax: Int = 1000, checkpoint: Bound? = nil
  ) throws {
    let (client, server) = (try SortedItems(client), try SortedItems(server))
    var initiator = try Reconciler(frameSizeLimit: clientLimit)
    var responder = try Reconciler(frameSizeLimit: serverLimit)
    var toServer = try initiator.initiate(over: client, checkpoint: checkpoint)
    while !isDone, rounds.count < roundsMax {
      guard case .message(let toClient) = try responder.reconcile(toServer, over: server).next
      else { return }
      let step = try initiator.reconcile(toClient, over: client)
      rounds.append(
        Round(toServer: toServer, toClient: toClient, have: step.have, need: step.need))
      switch step.next {
      case .message(let next): toServer = next
      case .done: isDone = true
      }
    }
  }
}

/// SplitMix64: the same seed gives the same test on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func digest() -> Digest {
    SHA256.hash((0..<8).map { UInt8(truncatingIfNeeded: next() >> UInt64($0 * 8)) })
  }
}
