import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// Publishes documents under an officer key of this node.
struct Author {
  private let context: Context
  private let guest: String?
  private let role: Role
  let organisation: Digest

  /// A nil `guest` is the node's own officer; else it is the code of an organisation hosted here.
  init(_ context: Context, guest: String?, as role: Role = .author) throws {
    self.context = context
    self.guest = guest
    self.role = role
    let key = try context.directory.publicKey(.officer, guest: guest)
    let now = Timestamp(milliseconds: SystemClock.now)
    guard let grant = try context.store.charter().grant(to: key, as: role, at: now)
    else { throw StoreError.noGrant(role: "\(role)") }
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
    if isAdvised { try Remarks(on: document, context).warn() }
    guard let prepared = try prepare(document, editing: record) else { return nil }
    return try sign([prepared], naming: files).first
  }

  /// What only has to be signed.
  struct Prepared {
    let family: String
    /// The record as it was, for an edit.
    let before: RecordState?
    fileprivate let record: Digest?
    fileprivate let changes: [ChangeDraft]
    /// A mailbox that nobody here has a contact record for yet.
    fileprivate let mailbox: String?
  }

  /// Everything that can fail for what a person wrote; nil when nothing differs.
  ///
  /// `shown` is the record as the person saw it; what has come since is not overwritten but in
  /// conflict.
  func prepare(
    _ document: Document, editing record: RecordKey?, shown: RecordState? = nil
  ) throws -> Prepared? {
    guard document.family.operationClass == (role == .reviewer ? .review : .record) else {
      throw Failure.invalid(
        context.console.text(
          "En granskning skrivs under med en granskares nyckel: sprida review.",
          "A review is signed with a reviewer's key: sprida review."))
    }
    var document = document
    try fillVersion(of: &document)
    var mailbox = document.contactMailbox
    if let text = mailbox {
      let held = try contact(text)
      document.substitute(held ?? standIn(text), for: text)
      if held != nil { mailbox = nil }
    }
    let target = try record ?? derived(document)
    let state = try shown ?? target.flatMap { try context.store.record($0) }
    let changes = try document.changes(
      from: state, resolve: { try? context.record($0) },
      newRowID: { Hex.encode(Randomness.bytes(4)) })
    guard !changes.isEmpty else { return nil }
    return Prepared(
      family: document.family.name, before: state, record: target?.record, changes: changes,
      mailbox: mailbox)
  }

  /// Signs all or none, in one transaction; contacts that are not there yet before them.
  func sign(
    _ prepared: [Prepared], naming files: [OperationStore.NewFile] = []
  ) throws -> [RecordKey] {
    let drafts = try prepared.map { one in
      OperationStore.Draft.record(
        try one.mailbox.map {
          try replacing(standIn($0), in: one.changes, by: make($0).reference)
        }
          ?? one.changes, family: one.family, record: one.record)
    }
    return zip(prepared, try sign(drafts, naming: files)).map { prepared, operation in
      RecordKey(organisation: organisation, record: prepared.record ?? operation.id)
    }
  }

  /// The record as others will see it once this is signed: the same fold over one more operation,
  /// by a key of the moment.
  func preview(_ prepared: Prepared) throws -> RecordState {
    let key = prepared.record.map { RecordKey(organisation: organisation, record: $0) }
    let held = try key.map { try context.store.operations(of: $0) } ?? []
    let latest = held.map(\.operation.header.timestamp).max()
    guard let signing = SigningKey(seed: Randomness.bytes(SigningKey.seedByteCount)) else {
      throw Failure.failed(words("systemet gav inga slumptal", "no randomness"))
    }
    let changes = prepared.mailbox.map {
      replacing(standIn($0), in: prepared.changes, by: .text($0))
    }
    let operation = try Operations.Operation.record(
      changes ?? prepared.changes, family: prepared.family, record: prepared.record,
      by: Operations.Operation.Signer(
        key: signing, delegation: context.store.region, region: context.store.region, prev: [],
        timestamp: .next(
          clock: SystemClock.now, last: latest, superseding: [],
          aheadMax: UInt64(Limits.clockAheadMillisecondsMax)),
        random: Randomness.bytes(16)))
    let all = held + [HeldOperation(operation, isAccepted: true)]
    guard
      let state = RecordState(
        folding: all,
        of: key ?? RecordKey(organisation: organisation, record: operation.id))
    else { throw Failure.failed(words("utkastet går inte att visa", "the draft does not fold")) }
    return state
  }

  func sign(
    _ drafts: [OperationStore.Draft], naming files: [OperationStore.NewFile] = []
  ) throws -> [Operations.Operation] {
    try context.store.sign(
      drafts, with: try context.directory.key(.officer, guest: guest), as: [role], naming: files)
  }

  /// The record's id where an organisation has at most one per target, such as an adoption.
  private func derived(_ document: Document) throws -> RecordKey? {
    guard let field = document.family.onePer, case .register(let value) = document[field] else {
      return nil
    }
    return try reference(value).map {
      RecordKey(
        organisation: organisation,
        record: RecordState.derivedID(family: document.family.name, target: $0))
    }
  }

  /// What a new record points at when it says no other: the contact most entries here have.
  func usual() throws -> [Practice.Input.Entry] {
    // A restored node shows nothing yet, and publishes all the same.
    guard try !context.store.isUnsynced() else { return [] }
    let mostUsed = try context.store.mostUsed(
      "contact_ref", family: Document.defaultFamily, by: organisation)
    guard let key = mostUsed.flatMap({ RecordKey(text: $0) }),
      let contact = try context.store.record(key), !contact.isWithdrawn,
      !contact.isExpired(today: SystemClock.today)
    else { return [] }
    let mailbox = contact.displayedText("mailbox")
    return mailbox.isEmpty ? [] : [.init("contact_ref", .text(mailbox))]
  }

  /// What others write about an entry says which version of it they have read.
  private func fillVersion(of document: inout Document) throws {
    guard document.family["version"] != nil, document["version"] == nil,
      case .register(let value) = document["entry"], let entry = try reference(value),
      let state = try context.store.record(entry)
    else { return }
    try document.replace([.init("version", .text("\(state.version)"))])
  }

  private func reference(_ value: FieldValue) throws -> RecordKey? {
    switch value {
    case .value(let item): RecordKey(reference: item)
    case .reference(let text): try context.record(text)
    }
  }

  /// The own contact record with a mailbox.
  private func contact(_ mailbox: String) throws -> RecordKey? {
    try context.store.keys(family: "contact", path: "mailbox", value: mailbox)
      .first { $0.organisation == organisation }
  }

  /// The own contact record with a mailbox, made if there is none.
  private func make(_ mailbox: String) throws -> RecordKey {
    if let held = try contact(mailbox) { return held }
    guard let family = Schema.bundled.family("contact") else {
      throw Failure.failed(
        words("schemat har inget postslag för kontakter", "the schema has no contact family"))
    }
    let document = try Document(
      entries: [.init("mailbox", .text(mailbox))], family: family, schema: .bundled, byHand: true)
    guard let key = try publish(document, editing: nil) else {
      throw Failure.failed(
        words("kontakten gick inte att publicera", "the contact could not be published"))
    }
    return key
  }

  /// Stands for the contact record that is made when the rest is signed.
  private func standIn(_ mailbox: String) -> RecordKey {
    RecordKey(organisation: organisation, record: SHA256.hash(Array(mailbox.utf8)))
  }

  private func replacing(
    _ standIn: RecordKey, in changes: [ChangeDraft], by value: CBOR
  ) -> [ChangeDraft] {
    changes.map { change in
      guard change.value == standIn.reference else { return change }
      return ChangeDraft(
        type: change.type, path: change.path, value: value, targets: change.targets)
    }
  }
}

extension DocumentError {
  /// As the failure of a command, every problem with its line.
  func failure(_ console: Console, file: String) -> Failure {
    .invalid("\n" + message(language: console.language, file: file))
  }
}
