import WireFormat

/// How long a connection waits for its peer.
package struct PeerDeadlines: Sendable {
  /// From accepted or connected until TLS is finished and the first frame is here.
  package var hello: Duration = .seconds(Limits.helloSeconds)

  /// Without a byte while `receive` waits.
  ///
  /// Time spent elsewhere, say in the database, is not
  /// counted: only a reader that wants something can miss it.
  package var idle: Duration = .seconds(Limits.idleSeconds)

  /// Without a frame taken while `send` waits.
  ///
  /// A peer busy in its database takes nothing and is
  /// well, so this is as long as a whole session.
  package var stall: Duration = .seconds(Limits.sessionSeconds)

  /// For the peer to take our last bytes and hang up after `close`.
  package var closing: Duration = .seconds(Limits.helloSeconds)

  /// From accepted until `keepPlace`, while others wait for the place.
  package var crowded: Duration = .seconds(Limits.crowdedSeconds)

  package init() {}
}
