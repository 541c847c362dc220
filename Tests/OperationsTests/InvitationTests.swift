import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// Links and requests: what is signed comes back, what was changed is refused.
struct InvitationTests {
  private struct Parts {
    let region: SampleRegion
    let link: RegionLink
    let join: JoinRequest
    let device: DeviceRequest
    let root: SigningKey
    let officer: SigningKey

    init() throws {
      region = try Sample.region()
      root = region.key("newcomer/root")
      officer = region.key("newcomer/officer")
      let node = region.key("newcomer/node").publicKey
      link = RegionLink(founding: region.founding, address: "nod.example:7441", node: node)
      join = JoinRequest(
        region: region.id,
        admission: Act.Admission(
          root: root.publicKey,
          successor: Act.successorHash(of: region.key("newcomer/next").publicKey), node: node,
          address: "ny.example:7441", code: "kommun:1441"), name: "Provköping")
      device = DeviceRequest(region: region.id, officer: officer.publicKey, node: node)
    }

    /// A payload as a request or link would carry it.
    func text(_ prefix: String, _ domain: Domain, _ key: SigningKey, _ items: [CBOR]) -> String {
      let envelope = Envelope(
        signing: CBOR.array(items).encoded, with: key, domain: domain, region: region.id)
      return ShareableText.encode(envelope.bytes, prefix: prefix)
    }
  }

  @Test func `a region link, a join request and a device request come back as they were`() throws {
    let parts = try Parts()
    #expect(try RegionLink(text: parts.link.text) == parts.link)
    #expect(try JoinRequest(text: parts.join.text(signedBy: parts.root)) == parts.join)
    #expect(try DeviceRequest(text: parts.device.text(signedBy: parts.officer)) == parts.device)
  }

  @Test func `each begins with its own prefix and none is read as another`() throws {
    let parts = try Parts()
    let link = parts.link.text
    let join = parts.join.text(signedBy: parts.root)
    #expect(link.hasPrefix("sprida-region:") && join.hasPrefix("sprida-join:"))
    #expect(throws: InvitationError.text(.prefix(expected: "sprida-join"))) {
      try JoinRequest(text: link)
    }
    #expect(throws: InvitationError.text(.prefix(expected: "sprida-device"))) {
      try DeviceRequest(text: join)
    }
    #expect(throws: InvitationError.text(.prefix(expected: "sprida-region"))) {
      try RegionLink(text: join)
    }
  }

  @Test func `a request signed by another key is refused`() throws {
    let parts = try Parts()
    #expect(throws: InvitationError.signature) {
      try JoinRequest(text: parts.join.text(signedBy: parts.officer))
    }
    #expect(throws: InvitationError.signature) {
      try DeviceRequest(text: parts.device.text(signedBy: parts.root))
    }
  }

  @Test func `any bit of a request changed is refused, though its checksum is right`() throws {
    let parts = try Parts()
    let join = try ShareableText.decode(
      parts.join.text(signedBy: parts.root), prefix: JoinRequest.prefix)
    let device = try ShareableText.decode(
      parts.device.text(signedBy: parts.officer), prefix: DeviceRequest.prefix)
    for index in join.indices {
      var changed = join
      changed[index] ^= 1
      let text = ShareableText.encode(changed, prefix: JoinRequest.prefix)
      #expect(throws: InvitationError.self, "byte \(index)") { try JoinRequest(text: text) }
    }
    for index in device.indices {
      var changed = device
      changed[index] ^= 1
      let text = ShareableText.encode(changed, prefix: DeviceRequest.prefix)
      #expect(throws: InvitationError.self, "byte \(index)") { try DeviceRequest(text: text) }
    }
  }

  @Test func `a request signed for another purpose is refused`() throws {
    let parts = try Parts()
    let items: [CBOR] = [
      .unsigned(1), .bytes(parts.region.id.bytes), .bytes(parts.officer.publicKey.bytes),
      .bytes(parts.device.node.bytes),
    ]
    let honest = parts.text(DeviceRequest.prefix, .deviceRequest, parts.officer, items)
    #expect(try DeviceRequest(text: honest) == parts.device)
    for domain in Domain.allCases where domain != .deviceRequest {
      let text = parts.text(DeviceRequest.prefix, domain, parts.officer, items)
      #expect(throws: InvitationError.signature, "\(domain)") { try DeviceRequest(text: text) }
    }
  }

  @Test func `a later version and a field too many are refused`() throws {
    let parts = try Parts()
    let items: [CBOR] = [
      .unsigned(1), .bytes(parts.region.id.bytes), .bytes(parts.officer.publicKey.bytes),
      .bytes(parts.device.node.bytes),
    ]
    let later = parts.text(
      DeviceRequest.prefix, .deviceRequest, parts.officer, [.unsigned(2)] + items.dropFirst())
    #expect(throws: InvitationError.version) { try DeviceRequest(text: later) }
    let longer = parts.text(
      DeviceRequest.prefix, .deviceRequest, parts.officer, items + [.bool(true)])
    #expect(throws: InvitationError.self) { try DeviceRequest(text: longer) }
  }

  @Test func `a link whose founding operation does not found is refused`() throws {
    let parts = try Parts()
    let link = RegionLink(
      founding: parts.region.charterOperations[0], address: "x:1", node: parts.link.node)
    #expect(throws: InvitationError.self) { try RegionLink(text: link.text) }
  }

  @Test func `any byte of a link's founding operation changed is refused`() throws {
    let parts = try Parts()
    let bytes = try ShareableText.decode(parts.link.text, prefix: RegionLink.prefix)
    let founding = parts.region.founding
    // The version, two heads of three bytes, the envelope and the body come before the address.
    let end = 2 + 3 + founding.envelope.bytes.count + 3 + (founding.body?.bytes.count ?? 0)
    for index in 0..<end {
      var changed = bytes
      changed[index] ^= 1
      let text = ShareableText.encode(changed, prefix: RegionLink.prefix)
      #expect(throws: InvitationError.self, "byte \(index)") { try RegionLink(text: text) }
    }
  }
}
