import Operations
import Signatures

/// One way to misbehave towards a node, and what the node must make of it.
package struct Behaviour: Sendable, CustomStringConvertible {
  package enum Outcome: Sendable, Equatable {
    /// The node's audit log has a refusal with this code of `Protocol/errors.md`.
    case refused(String)
    /// Nothing that a node could see is wrong: the log has a session, and says how it ended.
    case session(isEqual: Bool)
  }

  /// What the node can know of who it was.
  package enum Trace: Sendable {
    /// TLS was never finished.
    case address
    /// TLS has proved it.
    case key
  }

  package let description: String
  package let outcome: Outcome
  package let trace: Trace
  /// How many hostile peers it takes; each may cost the node some memory.
  package let peers: Int
  /// It is in place for as long as others need to sync beside it (`Scene.hold`).
  package let isHeld: Bool
  /// Plays it to its end; says which operations the node may hold afterwards that it did not
  /// before, for their author has the right to sign them.
  package let play: @Sendable (Scene) async throws -> [Digest]

  init(
    _ description: String, _ outcome: Outcome, by trace: Trace = .key, peers: Int = 1,
    isHeld: Bool = false, _ play: @escaping @Sendable (Scene) async throws -> Void
  ) {
    self.init(description, outcome, trace, peers, isHeld) { scene in
      try await play(scene)
      return []
    }
  }

  /// One that leaves operations behind, in its own name.
  static func adding(
    _ description: String, _ outcome: Outcome,
    _ play: @escaping @Sendable (Scene) async throws -> [Operation]
  ) -> Behaviour {
    Behaviour(description, outcome, .key, 1, false) { try await play($0).map(\.id) }
  }

  private init(
    _ description: String, _ outcome: Outcome, _ trace: Trace, _ peers: Int, _ isHeld: Bool,
    play: @escaping @Sendable (Scene) async throws -> [Digest]
  ) {
    self.description = description
    self.outcome = outcome
    self.trace = trace
    self.peers = peers
    self.isHeld = isHeld
    self.play = play
  }
}

/// Behaviours that are played against one node, on which nobody else makes trouble.
package struct BehaviourGroup: Sendable, CustomStringConvertible {
  package let description: String
  package let behaviours: [Behaviour]
  /// Those that end by a deadline of the node are played at once, for else they wait in turn.
  package let isAtOnce: Bool
  /// Entries of 40 kB that the target holds: together more than two sockets buffer, for those who
  /// ask for them and do not read.
  package let ballast: Int

  init(
    _ description: String, _ behaviours: [Behaviour], isAtOnce: Bool = false, ballast: Int = 0
  ) {
    self.description = description
    self.behaviours = behaviours
    self.isAtOnce = isAtOnce
    self.ballast = ballast
  }

  package static let all = [
    BehaviourGroup("strangers who never finish TLS", Behaviour.beforeTLS),
    BehaviourGroup("frames that are none", Behaviour.frames),
    BehaviourGroup("strangers who say hello", Behaviour.greetings),
    BehaviourGroup("members who break the order of messages", Behaviour.messages),
    BehaviourGroup("members who never come to an end", Behaviour.floods),
    BehaviourGroup("members who deliver what nobody may hold", Behaviour.forgeries),
    BehaviourGroup("members who deliver too much of what they may", Behaviour.burdens),
    BehaviourGroup("members who lie about what they hold", Behaviour.lies),
    BehaviourGroup("members whose files are not what they say", Behaviour.attachments),
    BehaviourGroup("members whose node has been removed", Behaviour.removals),
    BehaviourGroup("connections that break", Behaviour.breaks, ballast: 30),
    BehaviourGroup("crowds", Behaviour.crowds),
    BehaviourGroup("peers who take their time", Behaviour.delays, isAtOnce: true),
  ]
}
