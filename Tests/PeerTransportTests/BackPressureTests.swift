import PeerTransport
import Testing
import WireFormat

@Suite(.timeLimit(.minutes(1))) struct BackPressureTests {
  /// 64 MiB, in frames of 128 KiB.
  private let frames = 512

  @Test func `a sender suspends while its peer does not receive, and loses nothing`() async throws {
    try await withPair { client, server in
      try await client.send([1])
      let sender = Task {
        for _ in 0..<frames {
          try await client.send([UInt8](repeating: 3, count: Limits.frameBytesMax))
        }
      }
      try await Task.sleep(for: .seconds(1))
      let accepted = client.bytesSent
      #expect(accepted < 2 << 20)
      try await Task.sleep(for: .milliseconds(300))
      #expect(client.bytesSent == accepted)

      #expect(try await server.receive() == [1])
      for _ in 0..<frames {
        #expect(try await server.receive()?.count == Limits.frameBytesMax)
      }
      try await sender.value
      #expect(server.bytesReceived == client.bytesSent)
    }
  }
}
