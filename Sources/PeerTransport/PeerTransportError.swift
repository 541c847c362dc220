import NIOCore
import NIOSSL
import Signatures

/// Why a connection could not be made, or ended before its clean end.
///
/// `code` is the stable name listed in `Protocol/errors.md`.
package enum PeerTransportError: Error, Equatable {
  /// The own address is taken, or is not this machine's.
  case cannotListen(host: String, port: Int, reason: String)
  case cannotConnect(host: String, port: Int, reason: String)
  /// No TLS 1.3 with an Ed25519 certificate and our protocol name: a plaintext or foreign client,
  /// garbage, or a peer that refused our certificate.
  case tlsFailed(reason: String)
  /// Somebody else answers at the address.
  case wrongNodeKey(expected: PublicKey, found: PublicKey)
  case frameTooLarge(limit: Int, found: Int)
  case frameEmpty
  /// A compressed frame that does not continue the peer's stream.
  case frameCompression(reason: String)
  /// TLS and the first frame were not there in time.
  case handshakeTimeout(after: Duration)
  /// All places were taken, and it was not known yet whose connection this was.
  case gaveWay(connectionsMax: Int)
  /// The peer sent nothing while we waited, or took nothing of what we sent.
  case idleTimeout(after: Duration)
  /// The connection ended without a goodbye, or in the middle of a frame.
  case closedEarly(reason: String)

  package var code: String {
    switch self {
    case .cannotListen: "cannot-listen"
    case .cannotConnect: "cannot-connect"
    case .tlsFailed: "tls-failed"
    case .wrongNodeKey: "wrong-node-key"
    case .frameTooLarge: "frame-too-large"
    case .frameEmpty: "frame-empty"
    case .frameCompression: "frame-compression"
    case .handshakeTimeout: "handshake-timeout"
    case .gaveWay: "too-much"
    case .idleTimeout: "idle-timeout"
    case .closedEarly: "closed-early"
    }
  }
}

extension PeerTransportError {
  /// What the network library reports, as one of ours.
  ///
  /// `CancellationError` passes unchanged: the owner ended the wait, nothing failed.
  static func from(_ error: any Error) -> any Error {
    switch error {
    case is PeerTransportError, is CancellationError: error
    case NIOSSLError.uncleanShutdown: closedEarly(reason: "the peer hung up without a goodbye")
    case is IOError, is ChannelError: closedEarly(reason: "\(error)")
    case let error as NIOSSLError
    where error == .handshakeFailed(.sslError([.eofDuringHandshake])):
      tlsFailed(reason: "the peer hung up during the handshake")
    default: tlsFailed(reason: boringSSLReason(in: "\(error)"))
    }
  }

  /// "wrong version number" of the library's text, which else names source files of our build.
  private static func boringSSLReason(in text: String) -> String {
    guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return text }
    let name = text[mark.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return name.lowercased().split(separator: "_").joined(separator: " ")
  }
}

extension PeerTransportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotListen(let host, let port, let reason):
      "cannot listen on \(PeerAddress(host: host, port: port)): \(reason)"
    case .cannotConnect(let host, let port, let reason):
      "cannot connect to \(PeerAddress(host: host, port: port)): \(reason)"
    case .tlsFailed(let reason): "no secure connection: \(reason)"
    case .wrongNodeKey(let expected, let found):
      "the node answers with key \(found), expected \(expected)"
    case .frameTooLarge(let limit, let found): "frame of \(found) bytes, at most \(limit) allowed"
    case .frameEmpty: "frame of 0 bytes"
    case .frameCompression(let reason): "a compressed frame cannot be read: \(reason)"
    case .handshakeTimeout(let after): "no greeting within \(after)"
    case .gaveWay(let limit): "more than \(limit) connections, and nobody said whose this one is"
    case .idleTimeout(let after): "nothing moved for \(after)"
    case .closedEarly(let reason): "the connection ended early: \(reason)"
    }
  }
}
