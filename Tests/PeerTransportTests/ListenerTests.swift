import PeerTransport
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
  @Test func `a port in use cannot be listened on`() async throws {
    try await withLoopback { loopback in
      let port = loopback.listener.port
      let result = await code {
        try await PeerListener.bind(host: "127.0.0.1", port: port, identity: try node(1))
      }
      #expect(result == "cannot-listen")
    }
  }

  @Test func `connections over the maximum wait, and are all served`() async throws {
    let listener = try await PeerListener.bind(
      host: "127.0.0.1", port: 0, identity: try node(serverNumber), connectionsMax: 2)
    let served = Served()
    try await withThrowingTaskGroup { group in
      group.addTask {
        await listener.run { connection in
          served.begin()
          connection.keepPlace()
          while let frame = try? await connection.receive() { try? await connection.send(frame) }
          served.end()
        } onRefused: { _, _ in
        }
      }
      for _ in 0..<6 {
        group.addTask {
          let client = try await echo(listener)
          try await Task.sleep(for: .milliseconds(100))
          await client.close()
        }
      }
      for _ in 0..<6 { try await group.next() }
      group.cancelAll()
    }
    #expect(served.atOnceMax == 2)
  }

  @Test func `slow strangers give way to those who wait, and are dropped at the hello deadline`()
    async throws
  {
    try await withLoopback(deadlines: deadlines(hello: .seconds(3)), connectionsMax: 4) {
      loopback in
      var strangers: [RawClient] = []
      for _ in 0..<8 { strangers.append(try await RawClient(port: loopback.listener.port)) }
      try await loopback.expectService()
      var codes: Set<String> = []
      for _ in 0..<8 { codes.insert(try await loopback.nextRefused().error.code) }
      #expect(codes == ["too-much", "handshake-timeout"])
      for stranger in strangers { _ = try await stranger.answered() }
    }
  }

  @Test func `a connection that is known keeps its place in a crowd`() async throws {
    try await withLoopback(deadlines: deadlines(hello: .seconds(3)), connectionsMax: 2) {
      loopback in
      let client = try await loopback.dial()
      let server = try await loopback.nextAccepted()
      try await client.send([0])
      #expect(try await server.receive() == [0])
      server.keepPlace()
      var strangers: [RawClient] = []
      for _ in 0..<6 { strangers.append(try await RawClient(port: loopback.listener.port)) }
      for _ in 0..<6 { _ = try await loopback.nextRefused() }
      try await client.send([1])
      #expect(try await server.receive() == [1])
      await client.close()
      for stranger in strangers { _ = try await stranger.answered() }
    }
  }

  @Test func `closing the listener ends run when the connections are done`() async throws {
    let listener = try await PeerListener.bind(
      host: "127.0.0.1", port: 0, identity: try node(serverNumber))
    let running = Task {
      await listener.run { connection in
        while let frame = try? await connection.receive() { try? await connection.send(frame) }
      } onRefused: { _, _ in
      }
    }
    let client = try await echo(listener)
    await listener.close()
    try await client.send([2])
    #expect(try await client.receive() == [2])
    await client.close()
    await running.value
  }

  @Test func `cancelling run ends it and its connections`() async throws {
    let listener = try await PeerListener.bind(
      host: "127.0.0.1", port: 0, identity: try node(serverNumber))
    let running = Task {
      await listener.run { connection in
        while let frame = try? await connection.receive() { try? await connection.send(frame) }
      } onRefused: { _, _ in
      }
    }
    let client = try await echo(listener)
    running.cancel()
    await running.value
    #expect(try await client.receive() == nil)
    await client.close()
  }

  /// Dials, and has a byte sent back.
  private func echo(_ listener: PeerListener) async throws -> PeerConnection {
    let client = try await PeerConnection.connect(
      host: "127.0.0.1", port: listener.port, identity: try node(clientNumber),
      expecting: try node(serverNumber).publicKey)
    try await client.send([1])
    #expect(try await client.receive() == [1])
    return client
  }
}

/// Counts connections served at once.
private final class Served: Sendable {
  private let count = Mutex((now: 0, most: 0))

  var atOnceMax: Int { count.withLock { $0.most } }

  func begin() {
    count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
  }

  func end() {
    count.withLock { $0.now -= 1 }
  }
}
