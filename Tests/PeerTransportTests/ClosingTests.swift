import PeerTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ClosingTests {
  @Test func `a frame sent just before close arrives, then the end`() async throws {
    try await withLoopback { loopback in
      for _ in 0..<50 {
        let client = try await loopback.dial()
        let server = try await loopback.nextAccepted()
        try await client.send([1, 2, 3])
        await client.close()
        #expect(try await server.receive() == [1, 2, 3])
        #expect(try await server.receive() == nil)
        #expect(try await server.receive() == nil)
        await server.close()
      }
    }
  }

  @Test func `the last frame arrives although the closing side leaves input unread`() async throws {
    try await withLoopback { loopback in
      for _ in 0..<20 {
        let client = try await loopback.dial()
        let server = try await loopback.nextAccepted()
        async let flood: Void = send(100, of: 10_000, to: server)
        try await client.send([7])
        await client.close()
        #expect(try await server.receive() == [7])
        #expect(try await server.receive() == nil)
        _ = try? await flood
        await server.close()
      }
    }
  }

  @Test func `every frame of a full pipe arrives when its sender closes`() async throws {
    try await withPair { client, server in
      async let sent: Void = {
        try await send(40, of: 16_000, to: client)
        await client.close()
      }()
      try await Task.sleep(for: .milliseconds(200))
      var count = 0
      while try await server.receive() != nil { count += 1 }
      #expect(count == 40)
      try await sent
    }
  }

  @Test func `both sides may close at once`() async throws {
    try await withPair { client, server in
      try await client.send([1])
      async let first: Void = client.close()
      async let second: Void = server.close()
      _ = await (first, second)
      #expect(await code { try await client.send([1]) } == "closed-early")
    }
  }

  @Test func `after close receive gives the end and send fails`() async throws {
    try await withPair { client, server async throws in
      await client.close()
      await client.close()
      #expect(try await client.receive() == nil)
      #expect(await code { try await client.send([1]) } == "closed-early")
      #expect(try await server.receive() == nil)
      #expect(await code { try await server.send([1]) } == "closed-early")
    }
  }

  @Test func `close ends a receive that waits`() async throws {
    try await withPair { client, _ in
      async let frame = client.receive()
      try await Task.sleep(for: .milliseconds(50))
      await client.close()
      #expect(try await frame == nil)
    }
  }

  @Test func `a peer that hangs up without a goodbye is an error, after its frames`() async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      try await client.send(framed([1]))
      try await client.hangUp()
      #expect(try await server.receive() == [1])
      #expect(await code { try await server.receive() } == "closed-early")
    }
  }

  @Test func `a goodbye in the middle of a frame is an error`() async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      try await client.send(framed([1, 2, 3]).dropLast())
      await client.close()
      #expect(await code { try await server.receive() } == "closed-early")
    }
  }

  @Test func `a cancelled receive throws, and the connection still says its last word`()
    async throws
  {
    try await withPair { client, server in
      let receiving = Task { try await client.receive() }
      try await Task.sleep(for: .milliseconds(50))
      receiving.cancel()
      await #expect(throws: CancellationError.self) { try await receiving.value }
      await #expect(throws: CancellationError.self) { try await client.receive() }
      try await client.send([9])
      await client.close()
      #expect(try await server.receive() == [9])
      #expect(try await server.receive() == nil)
    }
  }
}

private func send(_ count: Int, of size: Int, to connection: PeerConnection) async throws {
  for _ in 0..<count { try await connection.send([UInt8](repeating: 5, count: size)) }
}
