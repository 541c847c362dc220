import Foundation
import Node
import OperationStore
import Operations
import PeerTransport
import Signatures
import SyncSession
import TestSupport
import WireFormat

/// A member's store whose operations are changed on their way out: a modified client.
struct LyingStore: WrappedStore {
  let honest: OperationStore
  let lie: @Sendable (Parcel) -> Parcel

  var wrapped: OperationStore { honest }
  func parcel(arrival number: UInt64) throws -> Parcel? {
    try honest.parcel(arrival: number).map(lie)
  }
}

/// A client that speaks the real protocol with a lying store, or raw frames.
enum Attacker {
  static func connect(_ port: Int, as key: SigningKey, server: PublicKey) async throws
    -> PeerConnection
  {
    try await PeerConnection.connect(
      host: "127.0.0.1", port: port, identity: NodeCertificate(key: key), expecting: server)
  }

  /// Runs a whole session; returns this side's report.
  static func sync(
    _ store: LyingStore, over connection: PeerConnection, as key: PublicKey
  ) async throws -> SessionReport {
    var session = SyncSession(
      .initiator, store: store, ownNode: key, peerNode: connection.peerKey, isPinned: true,
      nonce: [UInt8](repeating: 7, count: Hello.nonceByteCount), usesDeltas: connection.usesDeltas)
    try session.start(now: 0)
    while true {
      while let frame = try session.nextFrame() { try await connection.send(frame) }
      if session.isFinished { break }
      guard let frame = try await connection.receive() else { break }
      try session.receive(frame, now: 0)
    }
    await connection.close()
    return session.report
  }

  /// Sends bytes over plain TCP and waits until the other side hangs up.
  static func plaintext(_ port: Int, _ bytes: [UInt8]) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return }
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    var buffer = [UInt8](repeating: 0, count: 1024)
    while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
  }
}
