import PeerTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
  @Test func `a client that says nothing is refused at the hello deadline`() async throws {
    try await withLoopback(deadlines: deadlines(hello: .milliseconds(300))) { loopback in
      let client = try await RawClient(port: loopback.listener.port)
      let refused = try await loopback.nextRefused()
      #expect(refused.error == .handshakeTimeout(after: .milliseconds(300)))
      _ = try await client.answered()
    }
  }

  @Test func `a node that never finishes its first frame is closed at the hello deadline`()
    async throws
  {
    try await withLoopback(deadlines: deadlines(hello: .seconds(3))) { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      let drip = Task {
        for byte in framed([UInt8](repeating: 1, count: 1000)) {
          try await client.send([byte])
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      #expect(await code { try await server.receive() } == "handshake-timeout")
      drip.cancel()
      _ = try await client.answered()
    }
  }

  @Test func `the hello deadline is over once the first frame is here, taken or not`() async throws
  {
    try await withPair(server: deadlines(hello: .seconds(2))) { client, server in
      try await client.send([1])
      try await Task.sleep(for: .milliseconds(2500))
      #expect(try await server.receive() == [1])
    }
  }

  @Test func `a dialler gives up on a server that says nothing`() async throws {
    try await withLoopback { loopback in
      let result = await code {
        try await loopback.dial(deadlines: deadlines(hello: .milliseconds(500))).receive()
      }
      #expect(result == "handshake-timeout")
    }
  }

  @Test func `a peer silent while we wait is closed at the idle deadline`() async throws {
    try await withPair(server: deadlines(idle: .milliseconds(300))) { client, server in
      try await client.send([1])
      #expect(try await server.receive() == [1])
      #expect(await code { try await server.receive() } == "idle-timeout")
      #expect(await code { try await server.send([1]) } == "idle-timeout")
    }
  }

  @Test func `a peer that takes what is sent is not idle though it says nothing`() async throws {
    try await withPair(client: deadlines(idle: .seconds(1))) { client, server in
      let answer = Task { try await client.receive() }
      for number in 0..<10 as Range<UInt8> {
        try await client.send([number])
        #expect(try await server.receive() == [number])
        try await Task.sleep(for: .milliseconds(250))
      }
      try await server.send([42])
      #expect(try await answer.value == [42])
    }
  }

  @Test func `a reader busy for longer than the idle deadline loses nothing`() async throws {
    try await withPair(server: deadlines(idle: .seconds(1))) { client, server in
      try await client.send([1])
      #expect(try await server.receive() == [1])
      try await Task.sleep(for: .seconds(2))
      async let frame = server.receive()
      try await Task.sleep(for: .milliseconds(100))
      try await client.send([2])
      #expect(try await frame == [2])
    }
  }

  @Test func `bytes of an unfinished frame keep a connection from being idle`() async throws {
    try await withLoopback(deadlines: deadlines(idle: .seconds(1))) { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      async let frame = server.receive()
      for byte in framed([UInt8](1...16)) {
        try await client.send([byte])
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(try await frame == [UInt8](1...16))
    }
  }

  @Test func `a sender whose peer takes nothing suspends, then gives up at the stall deadline`()
    async throws
  {
    try await withPair(client: deadlines(stall: .milliseconds(500))) { client, _ in
      try await client.send([1])
      let result = await code {
        while true { try await client.send([UInt8](repeating: 1, count: 100_000)) }
      }
      #expect(result == "idle-timeout")
    }
  }

  @Test func `close does not wait for ever for a peer that takes nothing`() async throws {
    try await withLoopback { loopback in
      let client = try await loopback.dial(deadlines: deadlines(closing: .milliseconds(500)))
      let server = try await loopback.nextAccepted()
      try await client.send([1])
      let sender = Task {
        while true { try await client.send([UInt8](repeating: 1, count: 100_000)) }
      }
      try await Task.sleep(for: .milliseconds(300))
      await client.close()
      #expect(await code { try await sender.value } == "closed-early")
      #expect(try await server.receive() == [1])
    }
  }
}
