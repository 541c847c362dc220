import Foundation
import PeerTransport
import Testing

/// A client with a session ticket is let in without showing its certificate again.
///
/// The verification callback is not asked either (`Protocol/session.md`). NIOSSL's own client never resumes, so
/// OpenSSL's does it here.
@Suite(
  .enabled(if: FileManager.default.isExecutableFile(atPath: OpenSSL.path)), .timeLimit(.minutes(1)))
struct ResumptionTests {
  @Test func `a resumed session still yields the peer's key`() async throws {
    let client = try OpenSSL(identity: try node(clientNumber))
    defer { client.removeFiles() }
    try await withLoopback { loopback in
      for expected in ["New, TLSv1.3", "Reused, TLSv1.3"] {
        async let output = client.exchange(framed([5]), port: loopback.listener.port)
        let server = try await loopback.nextAccepted()
        #expect(try server.peerKey == node(clientNumber).publicKey)
        #expect(try await server.receive() == [5])
        try await server.send([6])
        await server.close()
        let text = try await output
        #expect(text.contains(expected))
      }
    }
  }
}

/// `openssl s_client`, keeping its session ticket from one connection to the next.
private struct OpenSSL: Sendable {
  static let path = "/usr/bin/openssl"
  private let directory: URL

  init(identity: NodeCertificate) throws {
    directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try Data(identity.certificate).write(to: file("certificate"))
    try Data(identity.privateKey).write(to: file("key"))
  }

  private func file(_ name: String) -> URL {
    directory.appending(path: name)
  }

  func removeFiles() {
    try? FileManager.default.removeItem(at: directory)
  }

  /// Sends the bytes, waits for the server to close, and returns what was printed.
  func exchange(_ bytes: [UInt8], port: Int) async throws -> String {
    try Data(bytes).write(to: file("input"))
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: Self.path)
    process.arguments =
      ["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3", "-alpn", "sprida/1", "-ign_eof"]
      + ["-certform", "DER", "-cert", file("certificate").path]
      + ["-keyform", "DER", "-key", file("key").path]
      + ["-sess_out", file("ticket").path]
    if FileManager.default.fileExists(atPath: file("ticket").path) {
      process.arguments? += ["-sess_in", file("ticket").path]
    }
    process.standardInput = try FileHandle(forReadingFrom: file("input"))
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { _ in
        let data = output.fileHandleForReading.readDataToEndOfFile()
        continuation.resume(returning: String(decoding: data, as: UTF8.self))
      }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
  }
}
