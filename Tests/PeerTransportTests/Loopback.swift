import PeerTransport
import Signatures
import Testing

/// A node of a test; the same number is the same key.
func node(_ number: UInt8) throws -> NodeCertificate {
  NodeCertificate(key: try #require(SigningKey(seed: [UInt8](repeating: number, count: 32))))
}

let serverNumber: UInt8 = 1
let clientNumber: UInt8 = 2

/// Short enough for a test, long enough for a busy machine.
func deadlines(
  hello: Duration = .seconds(20), idle: Duration = .seconds(20), stall: Duration = .seconds(20),
  closing: Duration = .seconds(5)
) -> PeerDeadlines {
  var deadlines = PeerDeadlines()
  (deadlines.hello, deadlines.idle, deadlines.stall) = (hello, idle, stall)
  deadlines.closing = closing
  return deadlines
}

/// What a listener under test saw.
struct Loopback: Sendable {
  let listener: PeerListener
  fileprivate let accepted: AsyncStream<PeerConnection>
  fileprivate let refused: AsyncStream<(PeerTransportError, String)>

  func nextAccepted() async throws -> PeerConnection {
    try #require(await accepted.first { _ in true })
  }

  func nextRefused() async throws -> (error: PeerTransportError, address: String) {
    try #require(await refused.first { _ in true })
  }

  func dial(
    host: String = "127.0.0.1", deadlines: PeerDeadlines = deadlines()
  ) async throws -> PeerConnection {
    try await PeerConnection.connect(
      host: host, port: listener.port, identity: try node(clientNumber),
      expecting: try node(serverNumber).publicKey, deadlines: deadlines)
  }

  /// The proof that the listener lives: a frame goes there and back.
  func expectService() async throws {
    let client = try await dial()
    let server = try await nextAccepted()
    try await client.send([1])
    #expect(try await server.receive() == [1])
    try await server.send([2])
    #expect(try await client.receive() == [2])
    await client.close()
  }
}

/// Runs a listener; accepted connections stay open until the body ends.
func withLoopback(
  host: String = "127.0.0.1", deadlines: PeerDeadlines = deadlines(), connectionsMax: Int = 64,
  _ body: (Loopback) async throws -> Void
) async throws {
  let listener = try await PeerListener.bind(
    host: host, port: 0, identity: try node(serverNumber), deadlines: deadlines,
    connectionsMax: connectionsMax)
  let (accepted, accept) = AsyncStream.makeStream(of: PeerConnection.self)
  let (refused, refuse) = AsyncStream.makeStream(of: (PeerTransportError, String).self)
  try await withThrowingTaskGroup { group in
    group.addTask {
      await listener.run { connection in
        accept.yield(connection)
        try? await Task.sleep(for: .seconds(300))
      } onRefused: {
        refuse.yield(($0, $1))
      }
    }
    defer { group.cancelAll() }
    try await body(Loopback(listener: listener, accepted: accepted, refused: refused))
  }
}

/// Both ends of one connection.
func withPair(
  server serverDeadlines: PeerDeadlines = deadlines(),
  client clientDeadlines: PeerDeadlines = deadlines(),
  _ body: (_ client: PeerConnection, _ server: PeerConnection) async throws -> Void
) async throws {
  try await withLoopback(deadlines: serverDeadlines) { loopback in
    let client = try await loopback.dial(deadlines: clientDeadlines)
    try await body(client, try await loopback.nextAccepted())
    await client.close()
  }
}

/// The code of the error `body` throws; nil if it throws none of ours.
func code(of body: () async throws -> some Sendable) async -> String? {
  do {
    _ = try await body()
    return nil
  } catch {
    return (error as? PeerTransportError)?.code
  }
}

/// A length as it goes over the wire, and a whole frame.
func prefix(_ length: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
}

func framed(_ frame: [UInt8]) -> [UInt8] {
  prefix(frame.count) + frame
}
