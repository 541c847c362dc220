/// Counts flights: a message stands one flight after the last of ours that it answers.
///
/// What a message answers follows from its type, so the count does not depend on how frames happen
/// to be delivered.
struct FlightCounter {
  private var sent: [Message.Kind: Int] = [:]
  private var latestReceived = 0

  /// Times the initiator waited for an answer.
  var roundTrips: Int { (latestReceived + 1) / 2 }

  mutating func send(_ message: Message) {
    sent[message.kind] = max(sent[message.kind] ?? 0, latestReceived + 1)
  }

  mutating func receive(_ message: Message) {
    let answered = message.kind.answers.compactMap { sent[$0] }.max() ?? 0
    latestReceived = max(latestReceived, answered + 1)
  }
}

extension Message {
  enum Kind {
    case hello, chainRequest, chain, refuse, inventory, want, operations, digest, reconcile, need
    case attachmentWant, attachment

    /// What the other side must have said before it says this.
    fileprivate var answers: [Kind] {
      switch self {
      case .hello: [.hello, .chain]
      case .chainRequest: [.hello]
      case .chain: [.chainRequest]
      case .refuse: []
      case .inventory: [.hello, .chain, .digest]
      case .want: [.inventory]
      case .operations: [.hello, .want, .need, .reconcile]
      case .digest: [.inventory, .want, .operations, .need]
      case .reconcile: [.digest, .reconcile]
      case .need: [.reconcile]
      case .attachmentWant: [.hello, .chain, .digest]
      case .attachment: [.attachmentWant]
      }
    }
  }

  var kind: Kind {
    switch self {
    case .hello: .hello
    case .chainRequest: .chainRequest
    case .chain: .chain
    case .refuse: .refuse
    case .inventory: .inventory
    case .want: .want
    case .operations: .operations
    case .digest: .digest
    case .reconcile: .reconcile
    case .need: .need
    case .attachmentWant: .attachmentWant
    case .attachment: .attachment
    case .delta: .operations
    }
  }
}
