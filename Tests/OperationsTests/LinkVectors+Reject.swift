import Operations
import Signatures
import TestSupport
import WireFormat

/// Lines that are refused: damaged on the way, of another kind, or made to deceive.
extension LinkVectors {
  private typealias Row = (title: String, code: String, line: String)

  static func rejected() throws -> [(name: String, file: VectorFile)] {
    let sender = try Sender()
    let rows =
      try damaged(sender) + contents(sender) + founding(sender) + requests(sender) + keys(sender)
      + council(sender)
    return .numbered(
      rows.map { title, code, line in
        (
          title,
          VectorFile(
            head: [
              "expect": "reject", "kind": String(title.prefix { $0 != " " }), "error": code,
              "blame": "peer", "section": section, "comment": title,
            ], content: ["line": line])
        )
      })
  }

  /// The line of a council member, for which there is no region yet.
  private static func council(_ sender: Sender) throws -> [Row] {
    let items = sender.councilItems
    func council(
      _ items: [CBOR], by key: SigningKey? = nil, _ domain: Domain = .councilMember,
      _ region: Digest = .zero
    ) -> String {
      request(items, CouncilMember.prefix, by: key ?? sender.root, domain, region)
    }
    func replacing(_ place: Int, _ bytes: [UInt8]) -> [CBOR] {
      var items = items
      items[place] = .bytes(bytes)
      return items
    }
    return damaged("council", council(items)) + shapes("council", items) { council($0) } + [
      ("council line signed by its successor", "signature", council(items, by: sender.next)),
      (
        "council line signed for a region", "signature",
        council(items, .councilMember, sender.region.id)
      ),
      ("council line signed as an operation", "signature", council(items, .operation)),
      ("council line signed as a join request", "signature", council(items, .joinRequest)),
      (
        "council line with a key of small order", "link-key",
        council(replacing(1, try Hex.bytes(TorsionPoint.canonical[4])))
      ),
      (
        "council line with a key of mixed order", "link-key",
        council(replacing(1, try CraftedSignature.mixedKey(order: 2, of: sender.root)))
      ),
      (
        "council line with a successor of 31 bytes", "shape",
        council(replacing(2, [UInt8](repeating: 1, count: 31)))
      ),
    ]
  }

  private static func link(_ bytes: [UInt8]) -> String {
    ShareableText.encode(bytes, prefix: RegionLink.prefix)
  }

  private static func join(_ items: [CBOR], by key: SigningKey, _ sender: Sender) -> String {
    request(items, JoinRequest.prefix, by: key, .joinRequest, sender.region.id)
  }

  private static func device(_ items: [CBOR], by key: SigningKey, _ sender: Sender) -> String {
    request(items, DeviceRequest.prefix, by: key, .deviceRequest, sender.region.id)
  }

  private static func request(
    _ items: [CBOR], _ prefix: String, by key: SigningKey, _ domain: Domain, _ region: Digest
  ) -> String {
    let envelope = Envelope(
      signing: CBOR.array(items).encoded, with: key, domain: domain, region: region)
    return ShareableText.encode(envelope.bytes, prefix: prefix)
  }

  /// What happens to a line between two people.
  private static func damaged(_ sender: Sender) -> [Row] {
    let lines = [
      ("region", sender.link.text), ("join", sender.join().text(signedBy: sender.root)),
      ("device", sender.device.text(signedBy: sender.officer)),
    ]
    return lines.flatMap { damaged($0, $1) } + [
      ("region line that is a join request", "link-prefix", lines[1].1),
      ("join line that is a region link", "link-prefix", lines[0].1),
      ("device line that is a join request", "link-prefix", lines[1].1),
      (
        "join line with the bytes of a device request", "shape",
        lines[2].1.replacing("sprida-device", with: "sprida-join")
      ),
      (
        "device line with the bytes of a join request", "shape",
        lines[1].1.replacing("sprida-join", with: "sprida-device")
      ),
    ]
  }

  private static func damaged(_ kind: String, _ line: String) -> [Row] {
    let start = line.firstIndex(of: ":").map { line.index(after: $0) } ?? line.startIndex
    let place = line.index(start, offsetBy: 40)
    let (before, after) = (String(line[..<place]), String(line[line.index(after: place)...]))
    let other = line[place] == "a" ? "b" : "a"
    let last = line.last == "A" ? "B" : "A"
    let rows: [(String, String, String)] = [
      ("with a character mistyped", "link-checksum", before + other + after),
      ("with a character missing", "link-checksum", before + after),
      ("with two characters exchanged", "link-checksum", exchangedCharacters(line, from: place)),
      ("with its last character mistyped", "link-checksum", String(line.dropLast()) + last),
      ("cut in half", "link-checksum", String(line.prefix(line.count / 2))),
      ("of its prefix alone", "link-checksum", String(line[..<start])),
      ("with four characters more", "link-checksum", line + "AAAA"),
      ("padded as base64", "link-alphabet", line + "="),
      ("in the other alphabet of base64", "link-alphabet", before + "+" + after),
      ("with a full stop behind it", "link-alphabet", line + "."),
      ("without its prefix", "link-prefix", String(line[start...])),
      (
        "with its prefix in capitals", "link-prefix",
        line[..<start].uppercased() + String(line[start...])
      ),
    ]
    return rows.map { ("\(kind) line \($0.0)", $0.1, $0.2) }
  }

  private static func exchangedCharacters(_ line: String, from place: String.Index) -> String {
    var characters = Array(line)
    var index = line.distance(from: line.startIndex, to: place)
    while characters[index] == characters[index + 1] { index += 1 }
    characters.swapAt(index, index + 1)
    return String(characters)
  }

  /// Versions and shapes, with a checksum and a signature that hold.
  private static func contents(_ sender: Sender) -> [Row] {
    let kinds: [(String, [CBOR], ([CBOR]) -> String)] = [
      ("region", sender.linkItems, { link(CBOR.array($0).encoded) }),
      ("join", sender.joinItems, { join($0, by: sender.root, sender) }),
      ("device", sender.deviceItems, { device($0, by: sender.officer, sender) }),
    ]
    return kinds.flatMap { shapes($0, $1, $2) } + texts(sender)
  }

  private static func shapes(
    _ kind: String, _ items: [CBOR], _ line: ([CBOR]) -> String
  ) -> [Row] {
    [
      ("\(kind) line of version 2", "link-version", line([.unsigned(2)] + items.dropFirst())),
      ("\(kind) line of version 0", "link-version", line([.unsigned(0)] + items.dropFirst())),
      (
        "\(kind) line of version 2 with a field more", "link-version",
        line([.unsigned(2)] + items.dropFirst() + [.bool(true)])
      ),
      ("\(kind) line of version 1 with a field more", "shape", line(items + [.bool(true)])),
      ("\(kind) line with a field missing", "shape", line(items.dropLast())),
      ("\(kind) line without a version", "shape", line(Array(items.dropFirst()))),
      ("\(kind) line of an empty array", "shape", line([])),
    ]
  }

  private static func texts(_ sender: Sender) -> [Row] {
    func joining(_ place: Int, _ item: CBOR) -> String {
      var items = sender.joinItems
      items[place] = item
      return join(items, by: sender.root, sender)
    }
    func letters(_ count: Int) -> CBOR { .text(String(repeating: "a", count: count)) }
    var linkItems = sender.linkItems
    linkItems[3] = letters(256)
    let bytes = CBOR.array(sender.linkItems).encoded
    return [
      ("region line with an address of 256 bytes", "too-long", link(CBOR.array(linkItems).encoded)),
      ("join line with an address of 256 bytes", "too-long", joining(5, letters(256))),
      ("join line with a code of 65 bytes", "too-long", joining(6, letters(65))),
      ("join line with a name of 256 bytes", "too-long", joining(7, letters(256))),
      (
        "join line with a name in which the order of reading turns", "text-invalid",
        joining(7, .text("Prov\u{202e}köping"))
      ),
      (
        "join line with a name of two lines and a carriage return", "text-invalid",
        joining(7, .text("Prov\r\nköping"))
      ),
      ("join line with a code that is a number", "shape", joining(6, .unsigned(1441))),
      (
        "join line with a root of 31 bytes", "shape",
        joining(2, .bytes([UInt8](repeating: 1, count: 31)))
      ),
      ("region line with a byte more", "cbor-trailing", link(bytes + [0])),
      ("region line with its bytes cut", "cbor-truncated", link(bytes.dropLast())),
      (
        "region line with its count in two bytes", "cbor-not-shortest",
        link([0x98, 0x05] + bytes.dropFirst())
      ),
      (
        "region line in an envelope", "cbor-unsupported",
        link(sender.region.founding.envelope.bytes)
      ),
      (
        "join line without an envelope", "envelope",
        ShareableText.encode(CBOR.array(sender.joinItems).encoded, prefix: JoinRequest.prefix)
      ),
      ("device line tagged as COSE", "envelope", tagged(sender)),
    ]
  }

  private static func tagged(_ sender: Sender) -> String {
    let envelope = Envelope(
      signing: CBOR.array(sender.deviceItems).encoded, with: sender.officer,
      domain: .deviceRequest, region: sender.region.id)
    return ShareableText.encode([0xd2] + envelope.bytes, prefix: DeviceRequest.prefix)
  }

  /// Region links whose first operation does not found.
  private static func founding(_ sender: Sender) throws -> [Row] {
    let region = sender.region
    func linking(_ envelope: [UInt8], _ body: [UInt8]) -> String {
      var items = sender.linkItems
      (items[1], items[2]) = (.bytes(envelope), .bytes(body))
      return link(CBOR.array(items).encoded)
    }
    let (envelope, body) = (region.founding.envelope.bytes, region.founding.body?.bytes ?? [])
    let admission = region.charterOperations[0]
    var forged = envelope
    forged[forged.count - 1] ^= 1
    guard case .array(let fields) = try CBOR(decoding: region.founding.envelope.payload) else {
      return []
    }
    let stranger = RawOperation(
      .charter, Array(fields.dropFirst(8)), by: region.organisations[0].root, in: region)
    var usurper = stranger
    (usurper.region, usurper.delegation) = (.zero, .bytes([]))
    usurper.carry(body)
    var foreign = usurper
    (foreign.region, foreign.key) = (region.id, region.council.key)
    foreign.author = .bytes(region.council.key.publicKey.bytes)
    var late = foreign
    (late.region, late.prev) = (.zero, .array([.bytes(region.id.bytes)]))
    return [
      ("region line with a forged founding operation", "signature", linking(forged, body)),
      (
        "region line whose founding operation is signed for a region", "signature",
        linking(foreign.envelope, body)
      ),
      (
        "region line with another operation of the region", "signature",
        linking(admission.envelope.bytes, admission.body?.bytes ?? [])
      ),
      (
        "region line with a founding operation of a key that it does not list", "not-founding",
        linking(usurper.envelope, body)
      ),
      (
        "region line with a founding operation that follows another", "not-founding",
        linking(late.envelope, body)
      ),
      (
        "region line without the body of its founding operation", "body-size",
        linking(envelope, [])
      ),
      (
        "region line with another body", "body-digest",
        linking(
          envelope, Body(values: [.text("Annan")], random: [UInt8](repeating: 5, count: 16)).bytes)
      ),
    ]
  }

  /// Requests that somebody else signed, or for something else.
  private static func requests(_ sender: Sender) -> [Row] {
    let region = sender.region.id
    let (joinItems, deviceItems) = (sender.joinItems, sender.deviceItems)
    func join(_ domain: Domain, _ region: Digest) -> String {
      request(joinItems, JoinRequest.prefix, by: sender.root, domain, region)
    }
    func device(_ domain: Domain, _ region: Digest) -> String {
      request(deviceItems, DeviceRequest.prefix, by: sender.officer, domain, region)
    }
    let elsewhere = SHA256.hash([2])
    return [
      (
        "join line signed by another key", "signature",
        Self.join(joinItems, by: sender.officer, sender)
      ),
      (
        "join line signed by the successor", "signature",
        Self.join(joinItems, by: sender.next, sender)
      ),
      (
        "join line signed for another region than it names", "signature",
        join(.joinRequest, elsewhere)
      ),
      ("join line signed for the zero region", "signature", join(.joinRequest, .zero)),
      ("join line signed as an operation", "signature", join(.operation, region)),
      ("join line signed as a device request", "signature", join(.deviceRequest, region)),
      (
        "device line signed by another key", "signature",
        Self.device(deviceItems, by: sender.root, sender)
      ),
      (
        "device line signed for another region than it names", "signature",
        device(.deviceRequest, elsewhere)
      ),
      ("device line signed for the zero region", "signature", device(.deviceRequest, .zero)),
      ("device line signed as an operation", "signature", device(.operation, region)),
      ("device line signed as a join request", "signature", device(.joinRequest, region)),
    ]
  }

  /// Keys that nothing may be granted to, in lines that are whole otherwise.
  private static func keys(_ sender: Sender) throws -> [Row] {
    let small = try Hex.bytes(TorsionPoint.canonical[4])
    let unreduced = try Hex.bytes(TorsionPoint.nonCanonical[1])
    let mixed = try CraftedSignature.mixedKey(order: 2, of: sender.officer)
    let keys = [
      ("of small order", small), ("not canonical", unreduced), ("of mixed order", mixed),
      ("not on the curve", [2] + [UInt8](repeating: 0, count: 31)),
    ]
    return keys.flatMap { name, key -> [Row] in
      func replacing(_ items: [CBOR], _ place: Int) -> [CBOR] {
        var items = items
        items[place] = .bytes(key)
        return items
      }
      return [
        (
          "region line with a node key \(name)", "link-key",
          link(CBOR.array(replacing(sender.linkItems, 4)).encoded)
        ),
        (
          "join line with a root key \(name)", "link-key",
          join(replacing(sender.joinItems, 2), by: sender.root, sender)
        ),
        (
          "join line with a node key \(name)", "link-key",
          join(replacing(sender.joinItems, 4), by: sender.root, sender)
        ),
        (
          "device line with an officer key \(name)", "link-key",
          device(replacing(sender.deviceItems, 2), by: sender.officer, sender)
        ),
        (
          "device line with a node key \(name)", "link-key",
          device(replacing(sender.deviceItems, 3), by: sender.officer, sender)
        ),
      ]
    }
  }
}
