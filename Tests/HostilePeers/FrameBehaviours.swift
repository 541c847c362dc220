import SyncSession
import WireFormat

extension Behaviour {
  /// What no frame may be, from somebody who has finished TLS and said nothing yet.
  static let frames =
    [
      lengths("a first frame has 16 KiB and one byte", Limits.helloBytesMax + 1),
      lengths("a frame has 2^31 bytes", 1 << 31),
      lengths("a frame has as many bytes as −1 would be", 0xffff_ffff),
      lengths("a frame has no bytes", 0, "frame-empty"),
    ] + [
      malformed("a frame is no CBOR", [0xff, 0xff]),
      malformed("a frame is an item of a map", [0xa1, 0x00, 0x00]),
      malformed("a frame is nested nine deep", [UInt8](repeating: 0x81, count: 9) + [0x00]),
      malformed(
        "a frame holds 4,097 items",
        [0x99, 0x10, 0x01] + [UInt8](repeating: 0, count: Limits.cborItemsMax + 1)),
      malformed("a frame holds a text of 2^63 bytes", [0x81, 0x7b, 0x80, 0, 0, 0, 0, 0, 0, 0]),
      malformed("a frame holds an array of 2^63 items", [0x9b, 0x80, 0, 0, 0, 0, 0, 0, 0]),
      malformed("bytes follow a message", Message.chainRequest.encoded + [0]),
      malformed("a frame holds an array of no stated length", [0x9f, 0x01, 0xff]),
      malformed("a message has a number that none has", [0x81, 0x0a]),
      malformed("a hello has another version") { $0[1] = .unsigned(2) },
      malformed("a hello has a field more") { $0.append(.unsigned(0)) },
    ]

  private static func lengths(
    _ name: String, _ length: Int, _ code: String = "frame-too-large"
  ) -> Behaviour {
    Behaviour(name, .refused(code)) { scene in
      let peer = try await HostilePeer.secured(scene)
      await peer.send(HostilePeer.prefix(length))
      try await peer.untilTheEnd()
    }
  }

  private static func malformed(_ name: String, _ frame: [UInt8]) -> Behaviour {
    Behaviour(name, .refused("message-malformed")) { scene in
      let peer = try await HostilePeer.secured(scene)
      await peer.send(frame: frame)
      try await peer.untilTheEnd()
    }
  }

  private static func malformed(
    _ name: String, change: @escaping @Sendable (inout [CBOR]) -> Void
  ) -> Behaviour {
    Behaviour(name, .refused("message-malformed")) { scene in
      guard case .array(var fields) = try CBOR(decoding: Message.hello(try scene.hello()).encoded)
      else { throw HostilePeer.Failure.unexpected("a hello that is no array") }
      change(&fields)
      let peer = try await HostilePeer.secured(scene)
      await peer.send(frame: CBOR.array(fields).encoded)
      try await peer.untilTheEnd()
    }
  }
}
