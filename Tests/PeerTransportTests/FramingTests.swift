import PeerTransport
import Testing
import WireFormat

@Suite(.timeLimit(.minutes(1))) struct FramingTests {
  @Test(arguments: [1, 2, Limits.helloBytesMax])
  func `a first frame within the limit arrives whole`(size: Int) async throws {
    try await withPair { client, server in
      let frame = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
      try await client.send(frame)
      #expect(try await server.receive() == frame)
      #expect(client.bytesSent == size + 4)
      #expect(server.bytesReceived == size + 4)
    }
  }

  @Test(arguments: [1, Limits.frameBytesMax])
  func `a later frame within the limit arrives whole`(size: Int) async throws {
    try await withPair { client, server in
      try await client.send([1])
      let frame = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try await client.send(frame)
      #expect(try await server.receive() == [1])
      #expect(try await server.receive() == frame)
    }
  }

  @Test func `our own frames are held to the same limits before they are sent`() async throws {
    try await withPair { client, server in
      #expect(await code { try await client.send([]) } == "frame-empty")
      let hello = [UInt8](repeating: 1, count: Limits.helloBytesMax + 1)
      #expect(await code { try await client.send(hello) } == "frame-too-large")
      try await client.send([1])
      let frame = [UInt8](repeating: 1, count: Limits.frameBytesMax + 1)
      #expect(await code { try await client.send(frame) } == "frame-too-large")
      try await client.send([2])
      #expect(try await server.receive() == [1])
      #expect(try await server.receive() == [2])
    }
  }

  @Test(arguments: [
    (prefix(Limits.helloBytesMax + 1), "frame-too-large"),
    (prefix(0x8000_0000), "frame-too-large"),
    (prefix(0), "frame-empty"),
    (framed([1]) + prefix(Limits.frameBytesMax + 1), "frame-too-large"),
    (framed([1]) + prefix(0), "frame-empty"),
  ])
  func `a bad length is refused before its bytes come, and the connection is closed`(
    bytes: [UInt8], expected: String
  ) async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      try await client.send(bytes)
      #expect(
        await code {
          while try await server.receive() == [1] {}
        } == expected)
      #expect(await code { try await server.send([1]) } == expected)
      _ = try await client.answered()
    }
  }

  @Test func `frames fed one byte at a time arrive whole`() async throws {
    try await withLoopback { loopback in
      let client = try await RawClient(port: loopback.listener.port, tls: try RawClient.honest())
      let server = try await loopback.nextAccepted()
      let frames: [[UInt8]] = [[1], [UInt8](2...60), [3, 3]]
      for byte in frames.flatMap(framed) { try await client.send([byte]) }
      for frame in frames { #expect(try await server.receive() == frame) }
      await client.close()
      #expect(try await server.receive() == nil)
    }
  }

  @Test func `a thousand frames each way at once arrive all and in order`() async throws {
    try await withPair { client, server in
      try await withThrowingTaskGroup { group in
        for connection in [client, server] {
          group.addTask { for number in 0..<1000 { try await connection.send(numbered(number)) } }
          group.addTask { () async throws in
            for number in 0..<1000 { #expect(try await connection.receive() == numbered(number)) }
          }
        }
        try await group.waitForAll()
      }
      #expect(client.bytesSent == server.bytesReceived)
      #expect(server.bytesSent == client.bytesReceived)
    }
  }

  @Test func `many tasks may send at once, and no frame is torn`() async throws {
    try await withPair { client, server in
      try await withThrowingTaskGroup { group in
        for number in 0..<100 { group.addTask { try await client.send(numbered(number)) } }
        var found = Set<[UInt8]>()
        for _ in 0..<100 { found.insert(try #require(try await server.receive())) }
        #expect(found == Set((0..<100).map(numbered)))
        try await group.waitForAll()
      }
    }
  }
}

/// A frame of its own size and content for each number.
private func numbered(_ number: Int) -> [UInt8] {
  prefix(number) + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number * 37 % 5000)
}
