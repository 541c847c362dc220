import CRDT
import Operations
import Practice
import Signatures
import WireFormat

/// A record whose state comes from folding signed operations, as it does in a node.
struct SignedRecord {
  enum Failure: Error { case noKey, noState }

  let family: String
  private(set) var operations: [Operation] = []
  private let key: SigningKey
  private let organisation = SHA256.hash([1])

  init(_ family: String = "entry") throws {
    self.family = family
    guard let key = SigningKey(seed: [UInt8](repeating: 7, count: 32)) else { throw Failure.noKey }
    self.key = key
  }

  /// The record after one more operation.
  func publishing(_ changes: [ChangeDraft]) throws -> SignedRecord {
    var next = self
    let signer = Operation.Signer(
      key: key, delegation: SHA256.hash([2]), region: SHA256.hash([3]), prev: [],
      timestamp: Timestamp(milliseconds: UInt64(operations.count + 1)),
      random: [UInt8](repeating: UInt8(operations.count), count: 16))
    next.operations.append(
      try Operation.record(changes, family: family, record: operations.first?.id, by: signer))
    return next
  }

  /// The record after the body of its last operation has been erased.
  func erasingLast() throws -> SignedRecord {
    var next = self
    let last = next.operations.removeLast()
    next.operations.append(try Operation(stored: last.envelope.bytes, body: []))
    return next
  }

  func state() throws -> RecordState {
    guard let first = operations.first else { throw Failure.noState }
    let held = operations.map { HeldOperation($0, isAccepted: true) }
    let key = RecordKey(organisation: organisation, record: first.id)
    guard let state = RecordState(folding: held, of: key) else { throw Failure.noState }
    return state
  }
}

enum Sample {
  static let schema = Schema.bundled
  static let contact = RecordKey(organisation: SHA256.hash([4]), record: SHA256.hash([5]))
  static let other = RecordKey(organisation: SHA256.hash([6]), record: SHA256.hash([8]))

  static let usualContact = Input.Entry("contact_ref", .text("innovation@lerum.se"))

  /// The six fields of a kind that asks for more as it goes on.
  static let practice = tip.replacing("kind: tip", with: "kind: practice")

  enum Failure: Error { case noFamily }

  static func family(_ name: String = "entry") throws -> Family {
    guard let family = schema.family(name) else { throw Failure.noFamily }
    return family
  }

  /// The six fields of the minimum, and nothing else.
  static let tip = """
    ---
    kind: tip
    themes: [DIGI]
    stage: IDEA
    contact_ref: innovation@lerum.se
    ---
    # Digital brevlåda för förslag

    Medarbetare lämnar förslag digitalt.
    """

  /// Every type of field, with text that looks like YAML or Markdown.
  static let full = """
    ---
    kind: practice
    themes: [DIGI, INNO]
    stage: PILOT
    contact_ref: \(contact.text)
    unit:
      - Förvaltningsledningsstaben
      - "Kultur: och fritid"
    status: Avslutad
    period_start: 2015-11
    period_end: 2016-08
    keywords: [idésluss, "0114"]
    novelty: ADAPTED
    based_on: \(other.text)
    partners:
      - name: kommun:1480
        role: COORDINATOR
      - Högskolan i Halmstad
    prerequisites:
      - LEDN: Ledningen "vill" detta # på riktigt
    obstacles:
      - TID
      - code: TEST
        text: "rad ett\\nrad två"
    procurement: {OPEN: "Öppen: en"}
    links:
      - url: https://lerum.se/plan
        type: PLAN
        label: Plan, 2015
      - https://lerum.se
    costs:
      - type: INVEST
        amount: 181 294
        year: 2015
      - row: 0a1b2c3d
        type: HOURS
        note: okänt
    evaluations:
      - evaluator: Högskolan
        independent: ja
        date: "2016"
    ---
    # Idésluss: från förslag till införande

    Kommunen prövade en idésluss.

    ## Behov och utgångsläge

    Många idéer, ingen väg.

    \\## inte en rubrik
    \\# inte heller
    \\<!-- text -->

    ## Lessons

      indragen första rad

    - punkt
    """

  static func parse(
    _ text: String, family: String = "entry", byHand: Bool = true, editing: RecordState? = nil,
    usual: [Input.Entry] = []
  ) throws -> Document {
    try Document(
      parsing: text, family: try Sample.family(family), schema: schema, byHand: byHand,
      editing: editing, usual: usual)
  }

  /// What is wrong with `text`; empty when nothing is.
  static func problems(
    _ text: String, family: String = "entry", byHand: Bool = true, editing: RecordState? = nil
  ) throws -> [Problem] {
    do {
      _ = try parse(text, family: family, byHand: byHand, editing: editing)
      return []
    } catch let error as DocumentError {
      return error.problems
    }
  }

  static func changes(_ document: Document, from state: RecordState?) throws -> [ChangeDraft] {
    var next = 0
    return try document.changes(from: state) { text in
      text.contains("@") ? contact : nil
    } newRowID: {
      next += 1
      return "0000000\(next)"
    }
  }

  static func published(_ text: String) throws -> SignedRecord {
    try SignedRecord().publishing(try changes(try parse(text), from: nil))
  }

  static func rendered(_ state: RecordState, _ language: Language = .swedish) throws -> String {
    Document(state: state, family: try family(), schema: schema, language: language).rendered
  }
}
