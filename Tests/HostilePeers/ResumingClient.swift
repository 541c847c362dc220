import Foundation
import PeerTransport
import SyncSession

/// OpenSSL's client, which keeps its session ticket from one connection to the next; that of NIOSSL
/// never resumes.
struct ResumingClient: Sendable {
  private let folder: URL
  private let port: Int

  init(_ scene: Scene) throws {
    port = scene.target.port
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let identity = NodeCertificate(key: scene.key)
    try Data(identity.certificate).write(to: file("certificate"))
    try Data(identity.privateKey).write(to: file("key"))
  }

  func removeFiles() {
    try? FileManager.default.removeItem(at: folder)
  }

  private func file(_ name: String) -> URL { folder.appending(path: name) }

  /// Sends messages, waits for the server to close, and returns what OpenSSL printed.
  func exchange(_ messages: [Message]) async throws -> String {
    let bytes = messages.map(\.encoded).flatMap { HostilePeer.prefix($0.count) + $0 }
    try Data(bytes).write(to: file("input"))
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments =
      ["s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3", "-alpn", "sprida/1", "-ign_eof"]
      + ["-certform", "DER", "-cert", file("certificate").path]
      + ["-keyform", "DER", "-key", file("key").path, "-sess_out", file("ticket").path]
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
