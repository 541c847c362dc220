import Operations
import Signatures
import TestSupport
import WireFormat

/// The scenarios of `Protocol/vectors/link`.
enum LinkVectors {
  typealias Scenario = (title: String, file: VectorFile)

  static let section = "charter.md#links"

  /// A newcomer's keys and what it sends.
  struct Sender {
    let region: SampleRegion
    let root, officer, next: SigningKey
    let node: PublicKey

    init() throws {
      region = try Sample.region()
      (root, officer) = (region.key("newcomer/root"), region.key("newcomer/officer"))
      (next, node) = (region.key("newcomer/next"), region.key("newcomer/node").publicKey)
    }

    var link: RegionLink {
      RegionLink(founding: region.founding, address: "nod.example:7441", node: node)
    }

    func join(code: String = "kommun:1441", name: String = "Provköping") -> JoinRequest {
      JoinRequest(
        region: region.id,
        admission: Act.Admission(
          root: root.publicKey, successor: Act.successorHash(of: next.publicKey), node: node,
          address: "ny.example:7441", code: code), name: name)
    }

    var device: DeviceRequest {
      DeviceRequest(region: region.id, officer: officer.publicKey, node: node)
    }

    /// The items of each kind's payload or bytes.
    var linkItems: [CBOR] {
      [
        .unsigned(1), .bytes(region.founding.envelope.bytes),
        .bytes(region.founding.body?.bytes ?? []), .text("nod.example:7441"), .bytes(node.bytes),
      ]
    }

    var joinItems: [CBOR] {
      [
        .unsigned(1), .bytes(region.id.bytes), .bytes(root.publicKey.bytes),
        .bytes(Act.successorHash(of: next.publicKey).bytes), .bytes(node.bytes),
        .text("ny.example:7441"), .text("kommun:1441"), .text("Provköping"),
      ]
    }

    var member: CouncilMember {
      CouncilMember(key: root.publicKey, successor: Act.successorHash(of: next.publicKey))
    }

    var councilItems: [CBOR] {
      [
        .unsigned(1), .bytes(root.publicKey.bytes),
        .bytes(Act.successorHash(of: next.publicKey).bytes),
      ]
    }

    var deviceItems: [CBOR] {
      [
        .unsigned(1), .bytes(region.id.bytes), .bytes(officer.publicKey.bytes), .bytes(node.bytes),
      ]
    }
  }

  static func accepted() throws -> [(name: String, file: VectorFile)] {
    let sender = try Sender()
    let link = sender.link.text
    let join = sender.join().text(signedBy: sender.root)
    let other = try SampleRegion(seed: 2)
    let elsewhere = DeviceRequest(
      region: other.id, officer: sender.officer.publicKey, node: sender.node)
    let long = sender.join(
      code: String(repeating: "1", count: 64), name: String(repeating: "å", count: 127))
    return .numbered(
      try [
        ("region link", link),
        (
          "region link without an address",
          RegionLink(
            founding: sender.region.founding, address: "", node: sender.node
          ).text
        ),
        ("region link quoted in a reply", quoted(link)), ("join request", join),
        ("join request quoted in a reply", quoted(join)),
        ("join request with the longest code and name", long.text(signedBy: sender.root)),
        ("device request", sender.device.text(signedBy: sender.officer)),
        ("device request for another region", elsewhere.text(signedBy: sender.officer)),
        ("council member", sender.member.text(signedBy: sender.root)),
      ].map { try accept($0.0, $0.1) })
  }

  /// As a mail client breaks and quotes it, on one line.
  private static func quoted(_ text: String) -> String {
    "> " + text.enumerated().map { $0 > 0 && $0.isMultiple(of: 60) ? " > \($1)" : "\($1)" }.joined()
  }

  private static func accept(_ title: String, _ line: String) throws -> Scenario {
    let kind = String(title.prefix { $0 != " " })
    var file = VectorFile(
      head: ["expect": "accept", "kind": kind, "section": section, "comment": title],
      content: ["line": line])
    for (key, value) in try said(kind, line) { file.append(key, value) }
    return (title, file)
  }

  /// What a line says, as the product reads it.
  static func said(_ kind: String, _ line: String) throws -> [(String, String)] {
    switch kind {
    case "region":
      let link = try RegionLink(text: line)
      return [
        ("region", "\(link.founding.id)"), ("address", link.address), ("node", "\(link.node)"),
      ]
    case "join":
      let request = try JoinRequest(text: line)
      let admission = request.admission
      return [
        ("region", "\(request.region)"), ("root", "\(admission.root)"),
        ("successor", "\(admission.successor)"), ("node", "\(admission.node)"),
        ("address", admission.address), ("code", admission.code), ("name", request.name),
      ]
    case "council":
      let member = try CouncilMember(text: line)
      return [
        ("region", "\(Digest.zero)"), ("council", "\(member.key)"),
        ("successor", "\(member.successor)"),
      ]
    default:
      let request = try DeviceRequest(text: line)
      return [
        ("region", "\(request.region)"), ("officer", "\(request.officer)"),
        ("node", "\(request.node)"),
      ]
    }
  }
}
