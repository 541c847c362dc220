import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// The reject vectors themselves: that each is refused for the fault that it is about.
struct RejectVectorTests {
  @Test func `there are at least 210 vectors and no two hold the same bytes`() throws {
    let files = try RejectVectors.all()
    #expect(files.count >= 210)
    let contents = Dictionary(grouping: files) { $0.file.content.map(\.value) }
    #expect(contents.values.filter { $0.count > 1 }.map { $0.map(\.name) } == [])
    let comments = Dictionary(grouping: files) { try? $0.file.value("comment") }
    #expect(comments.values.filter { $0.count > 1 }.map { $0.map(\.name) } == [])
  }

  @Test func `a fault of a field is refused under the name of that field`() throws {
    let faults =
      try FieldFaults.all.map { fault in
        var raw = try RejectVectors.sample()
        fault.edit(&raw)
        return (fault.title, fault.names, raw)
      } + ContentFaults.all.map { ($0.title, $0.names, try $0.raw()) }
    let region = try Sample.region()
    for (title, names, raw) in faults {
      let error = #expect(throws: OperationError.self, "\(title)") { try raw.read(in: region) }
      guard let description = error?.description else { continue }
      let field = description.prefix { $0 != ":" }
      #expect(
        field == names || names.hasSuffix(".") && field.hasPrefix(names),
        "\(title): \(description), expected \(names)")
    }
  }

  @Test func `each act of the faults is read when it is whole`() throws {
    let region = try Sample.region()
    for (number, act) in ContentFaults.whole.enumerated() {
      var raw = try ContentFault(
        "", names: "", [.array([.unsigned(UInt64(number))] + act.fields)]
      ).raw()
      if number < 2 {
        raw.carry(Body(values: [.text("Namn")], random: [UInt8](repeating: 1, count: 16)).bytes)
      }
      #expect(try raw.read(in: region).header.content != .unknown, "\(act.name)")
    }
  }

  /// What would be accepted without the one rule that each crafted signature breaks.
  @Test func `a crafted signature satisfies the equation that its vector names`() throws {
    let crafted = try (RejectVectors.craftedAuthors() + RejectVectors.craftedNonces())
    #expect(crafted.count == 34)
    for (title, file) in crafted {
      let envelope = try Hex.bytes(file.value("envelope"))
      let raw = try Read(envelope)
      func holds(_ equation: NaiveEd25519.Equation) -> Bool {
        NaiveEd25519.holds(equation, raw.signature, of: raw.signedBytes, by: raw.author)
      }
      #expect(holds(.cofactored), "\(title)")
      #expect(holds(.cofactorless) == !title.contains("only the cofactored"), "\(title)")
      #expect(!NaiveEd25519.accepts(raw.signature, of: raw.signedBytes, by: raw.author), "\(title)")
    }
  }

  /// An author of mixed order whose signature libsodium accepts: an operation, though void.
  @Test(arguments: [2, 4, 8])
  func `a mixed-order author is read where the equation holds, and may do nothing`(
    order: Int
  ) throws {
    let region = try Sample.region()
    let (raw, signature) = try CraftedSignature.mixedAuthor(
      order: order, equation: .cofactorless, of: try RejectVectors.sample())
    let operation = try Operation(
      envelope: raw.envelope(signature: signature), body: raw.body, region: region.id)
    #expect(!operation.header.author.isValidPoint)
    #expect(throws: AuthorityError.keyNotDelegated(operation.header.author)) {
      try region.charter.standing(of: operation.header)
    }
  }

  /// The parts of an envelope that a verifier uses.
  private struct Read {
    let author, signature, signedBytes: [UInt8]

    init(_ bytes: [UInt8]) throws {
      let envelope = try Envelope(decoding: bytes)
      var reader = try ArrayReader(try CBOR(decoding: envelope.payload), "header")
      _ = (try reader.item("version"), try reader.item("class"))
      author = try reader.bytes("author", count: 32)
      signature = bytes.suffix(64)
      var raw = try RejectVectors.sample()
      raw.payloadOverride = envelope.payload
      signedBytes = raw.signedBytes
    }
  }
}
