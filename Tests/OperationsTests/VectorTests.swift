import Operations
import Signatures
import TestSupport
import Testing

/// The files of `Protocol/vectors/operation` and `fold`, every one of them, against the product.
///
/// `SPRIDA_WRITE_VECTORS=1 swift test --filter VectorTests` writes them anew.
struct VectorTests {
  static let accepted = ProtocolFiles.names(in: "vectors/operation/accept")
  static let rejected = ProtocolFiles.names(in: "vectors/operation/reject")
  static let folds = ProtocolFiles.names(in: "vectors/fold")

  @Test(arguments: accepted)
  func `an operation that is to be accepted is read and has the id`(name: String) throws {
    let file = try VectorFile.load("operation/accept/\(name)")
    #expect(try file.value("expect") == "accept")
    let operation = try Self.operation(file)
    #expect(try operation.id.description == file.value("id"))
    #expect(try Hex.encode(operation.envelope.bytes) == file.value("envelope"))
    let isKnown = operation.header.content != .unknown
    #expect(try file.value("content") == (isKnown ? "known" : "unknown"))
    // What is understood is encoded as it was; nothing else would be signed alike.
    if isKnown { #expect(operation.header.encoded == operation.envelope.payload) }
  }

  @Test(arguments: rejected)
  func `an operation that is to be rejected is refused for its reason`(name: String) throws {
    let file = try VectorFile.load("operation/reject/\(name)")
    #expect(try file.value("expect") == "reject")
    #expect(try file.value("blame") == "peer")
    let error = #expect(throws: OperationError.self) { try Self.operation(file) }
    #expect(try error?.code == file.value("error"))
  }

  @Test(arguments: folds)
  func `operations fold to the state of the file, in the product and in the naive fold`(
    name: String
  ) throws {
    let file = try VectorFile.load("fold/\(name)")
    let region = try #require(Digest(hex: try file.value("region")))
    let organisation = try #require(Digest(hex: try file.value("organisation")))
    let record = try #require(Digest(hex: try file.value("record")))
    let parts = zip(
      file.values("accepted"), zip(file.values("envelope"), file.values("body")))
    let held = try parts.map { accepted, bytes in
      HeldOperation(
        try Operation(
          envelope: try Hex.bytes(bytes.0), body: try Hex.bytes(bytes.1), region: region,
          bodyMayBeMissing: true), isAccepted: accepted == "yes")
    }
    let key = RecordKey(organisation: organisation, record: record)
    let expected = file.values("state")
    #expect(!expected.isEmpty && held.count == file.values("envelope").count)
    for order in [held, held.reversed()] {
      #expect(RecordState.dump(order, of: key) == expected)
      #expect(NaiveFold.dump(order, of: key) == expected)
    }
  }

  @Test func `generating the vectors again changes no byte`() throws {
    let folders = [
      ("operation/accept", try AcceptVectors.all()), ("operation/reject", try RejectVectors.all()),
      ("fold", try FoldVectors.all()),
    ]
    for (folder, files) in folders {
      if VectorFile.isRewriting { try VectorFile.rewrite(folder, files) }
      #expect(ProtocolFiles.names(in: "vectors/\(folder)") == files.map(\.name))
      for (name, file) in files {
        let text = try? ProtocolFiles.text("vectors/\(folder)/\(name)")
        if text != file.text { Issue.record("\(folder)/\(name) differs") }
      }
    }
  }

  @Test func `every code of an operation error has a vector that is rejected with it`() throws {
    let codes = Set(try RejectVectors.all().map { try $0.file.value("error") })
    #expect(
      codes == [
        "cbor-truncated", "cbor-trailing", "cbor-not-shortest", "cbor-unsupported", "cbor-depth",
        "cbor-items", "too-long", "text-invalid", "shape", "envelope", "operation-too-large",
        "signature", "body-digest", "body-size", "value-count",
      ])
  }

  @Test func `a vector file survives a round trip`() throws {
    let file = VectorFile(head: ["expect": "accept", "comment": "a: b"], content: ["body": ""])
    #expect(file.text == "expect: accept\ncomment: a: b\n\nbody:\n")
    #expect(VectorFile(text: file.text) == file)
  }

  private static func operation(_ file: VectorFile) throws -> Operation {
    let region = try #require(Digest(hex: try file.value("region")))
    return try Operation(
      envelope: try Hex.bytes(try file.value("envelope")),
      body: try Hex.bytes(try file.value("body")), region: region)
  }
}

extension Array where Element == (name: String, file: VectorFile) {
  /// Numbers the scenarios and makes file names of their titles.
  static func numbered(_ scenarios: [(title: String, file: VectorFile)]) -> Self {
    scenarios.enumerated().map { index, scenario in
      let number = String("000\(index + 1)".suffix(4))
      let words = scenario.title.lowercased().split { !$0.isASCII || !$0.isLetter && !$0.isNumber }
      return ("\(number)-\(words.joined(separator: "-")).txt", scenario.file)
    }
  }
}
