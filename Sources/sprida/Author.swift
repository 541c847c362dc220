import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// Publishes documents under an officer key of this node.
struct Author {
  private let context: Context
  private let guest: String?
  let organisation: Digest

  /// A nil `guest` is the node's own officer; else it is the code of an organisation hosted here.
  init(_ context: Context, guest: String?) throws {
    self.context = context
    self.guest = guest
    let key = try context.directory.publicKey(.officer, guest: guest)
    let now = Timestamp(milliseconds: SystemClock.now)
    guard let grant = try context.store.charter().grant(to: key, as: .author, at: now)
    else { throw StoreError.noGrant(role: "author") }
    organisation = grant.organisation
  }

  /// Only the owner writes a record: who published it, or who has succeeded that organisation.
  func demandOwner(of record: RecordKey) throws {
    guard try context.store.owner(of: record) == organisation else {
      throw Failure.invalid(
        context.console.text(
          "Posten ägs av en annan organisation; sprida adopt säger vad ni gjort av den.",
          "The record is another organisation's; sprida adopt says what you made of it."))
    }
  }

  /// Signs what differs between the document and `record`, or a new record; nil when nothing does.
  func publish(
    _ document: Document, editing record: RecordKey?, isAdvised: Bool = true,
    naming files: [OperationStore.NewFile] = []
  ) throws -> RecordKey? {
    guard let prepared = try prepare(document, editing: record, isAdvised: isAdvised) else {
      return nil
    }
    return try sign([prepared], naming: files).first
  }

  /// A draft that only has to be signed.
  struct Prepared {
    fileprivate let draft: OperationStore.Draft
    fileprivate let record: Digest?
  }

  /// Everything that can fail for what a person wrote; nil when nothing differs.
  func prepare(
    _ document: Document, editing record: RecordKey?, isAdvised: Bool = true
  ) throws -> Prepared? {
    var document = document
    if isAdvised { advise(document) }
    if let mailbox = document.contactMailbox {
      document.substitute(try contact(mailbox), for: mailbox)
    }
    let target = try record ?? derived(document)
    let state = try target.flatMap { try context.store.record($0) }
    let changes = try document.changes(
      from: state, resolve: { try? context.record($0) },
      newRowID: { Hex.encode(Randomness.bytes(4)) })
    guard !changes.isEmpty else { return nil }
    return Prepared(
      draft: .record(changes, family: document.family.name, record: target?.record),
      record: target?.record)
  }

  /// Signs all or none, in one transaction.
  func sign(
    _ prepared: [Prepared], naming files: [OperationStore.NewFile] = []
  ) throws -> [RecordKey] {
    zip(prepared, try sign(prepared.map(\.draft), naming: files)).map { prepared, operation in
      RecordKey(organisation: organisation, record: prepared.record ?? operation.id)
    }
  }

  /// What the schema asks for because of what the document says; it does not stop anybody.
  private func advise(_ document: Document) {
    for problem in Validation.problems(of: document) {
      context.console.warn(
        "\(problem.message(language: .swedish))", "\(problem.message(language: .english))")
    }
  }

  func sign(
    _ drafts: [OperationStore.Draft], naming files: [OperationStore.NewFile] = []
  ) throws -> [Operations.Operation] {
    try context.store.sign(
      drafts, with: try context.directory.key(.officer, guest: guest), as: [.author], naming: files)
  }

  /// The record's id where an organisation has at most one per target, such as an adoption.
  private func derived(_ document: Document) throws -> RecordKey? {
    guard let field = document.family.onePer, case .register(let value) = document[field] else {
      return nil
    }
    let target: RecordKey?
    switch value {
    case .value(let item): target = RecordKey(reference: item)
    case .reference(let text): target = try context.record(text)
    }
    return target.map {
      RecordKey(
        organisation: organisation,
        record: RecordState.derivedID(family: document.family.name, target: $0))
    }
  }

  /// The own contact record with a mailbox, made if there is none.
  private func contact(_ mailbox: String) throws -> RecordKey {
    let held = try context.store.keys(family: "contact", path: "mailbox", value: mailbox)
    if let own = held.first(where: { $0.organisation == organisation }) { return own }
    guard let family = Schema.bundled.family("contact") else {
      throw Failure.failed("the schema has no contact family")
    }
    let document = try Document(
      entries: [.init("mailbox", .text(mailbox))], family: family, schema: .bundled, byHand: true)
    guard let key = try publish(document, editing: nil) else {
      throw Failure.failed("the contact could not be published")
    }
    return key
  }
}

extension DocumentError {
  /// As the failure of a command, every problem with its line.
  func failure(_ console: Console, file: String) -> Failure {
    .invalid("\n" + message(language: console.language, file: file))
  }
}
