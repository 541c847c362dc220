import Reconciliation
import Signatures
import Testing

/// Two sets, the messages they exchange, and both roles to try broken ones on.
struct MessageSource {
  private let client: SortedItems
  private let server: SortedItems
  private let exchange: Exchange
  private let limit: Int

  init(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    limit = seed.isMultiple(of: 2) ? 0 : Negentropy.frameSizeLimitMin
    let items = (0..<120).map { index in
      ReconcilableItem(seconds: UInt64(index / 4), id: generator.digest())
    }
    let held = items.filter { _ in Int.random(in: 0..<20, using: &generator) > 0 }
    client = try SortedItems(items)
    server = try SortedItems(held)
    exchange = try Exchange(client: items, server: held, clientLimit: limit, serverLimit: limit)
  }

  var messages: [[UInt8]] { exchange.messages }

  /// Whether a responder takes the message.
  func accepts(_ message: [UInt8]) throws -> Bool {
    var responder = try Reconciler()
    do {
      _ = try responder.reconcile(message, over: server)
      return true
    } catch is ReconciliationError {
      return false
    }
  }

  /// Fails on any error that is not ours; a trap ends the whole run.
  func expectAnswerOrRefusal(_ message: [UInt8], _ seed: UInt64) throws {
    let responder = try Reconciler(frameSizeLimit: limit)
    var initiator = try Reconciler(frameSizeLimit: limit)
    _ = try initiator.initiate(over: client)
    for (side, items) in [(responder, server), (initiator, client)] {
      var side = side
      do {
        _ = try side.reconcile(message, over: items)
      } catch let error as ReconciliationError {
        #expect(!error.description.isEmpty, "seed \(seed)")
      }
    }
  }
}
