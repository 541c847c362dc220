import ArgumentParser
import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

struct Erase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase",
    abstract: words(
      "Besluta att innehållet i en post, ett fält eller en operation förstörs överallt.",
      "Order that what a record, a field or an operation says is destroyed everywhere."),
    discussion: words(
      """
      sprida erase 3f2a91 --basis CONSENT                 allt, nu och senare
      sprida erase 3f2a91 --field lessons --basis GDPR17  ett fält, även tidigare
      sprida erase --expired                              utgångna kontaktposter
      sprida erase --cancel 77b0e4                        ångra, inom 72 timmar

      Det döljs genast och skrivs över efter 72 timmar, med rotens nyckel genast.
      Huvudet blir kvar: vem som skrev under och när, inte vad. sprida erasures visar
      var det är utfört; sprida withdraw döljer och bevarar.
      """,
      """
      sprida erase 3f2a91 --basis CONSENT                 all, now and later
      sprida erase 3f2a91 --field lessons --basis GDPR17  a field, former values too
      sprida erase --expired                              expired contact records
      sprida erase --cancel 77b0e4                        undo, within 72 hours

      It is hidden at once and overwritten after 72 hours, at once with the root's
      key. The header stays: who signed when, not what. sprida erasures shows where
      it is done; sprida withdraw hides and keeps.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions

  @Argument(
    help: ArgumentHelp(
      words(
        "Posten eller operationen; med --cancel beslutet.",
        "The record or operation; with --cancel the order."), valueName: "id"))
  var id: String?

  @Option(
    help: ArgumentHelp(
      words("Bara det som står i det här fältet.", "Only what stands in this field."),
      valueName: words("fält", "field")))
  var field: String?

  @Option(
    help: ArgumentHelp(
      words("Grunden: ", "The basis: ")
        + (Erasure.basis?.codes ?? []).map(\.code).joined(separator: ", ") + ".",
      valueName: words("kod", "code")))
  var basis: String?

  @Flag(
    help: ArgumentHelp(
      words(
        "Alla organisationens kontaktposter som har gått ut.",
        "Every contact record of the organisation that has expired.")))
  var expired = false

  @Flag(
    help: ArgumentHelp(words("Ta tillbaka ett raderingsbeslut.", "Take an order to erase back.")))
  var cancel = false

  private static let shownMax = 10

  func validate() throws {
    guard expired != (id != nil) else {
      throw ValidationError(words("Ange ett id eller --expired.", "Give an id or --expired."))
    }
    guard expired || cancel || basis != nil else {
      throw ValidationError(
        words(
          "--basis anger med vilken rätt; se sprida help erase.",
          "--basis says by what right; see sprida help erase."))
    }
    guard field == nil || !(cancel || expired) else {
      throw ValidationError(words("--field hör till en post.", "--field goes with a record."))
    }
  }

  func run() throws {
    let context = try options.context()
    if cancel { return try takeBack(context) }
    let number = try Erasure.number(expired ? "EXPIRED" : basis ?? "", context.console)
    let subject = try subject(context)
    guard !subject.named.isEmpty else {
      throw Failure.invalid(
        context.console.text(
          "Där finns inget att radera.", "There is nothing to erase there."))
    }
    let signatory = try context.signatory(signing) { signatory in
      signatory.isCouncil || subject.owners == [signatory.grant.organisation]
    }
    if !options.json { try show(subject, signatory, context) }
    try Confirmation.demand(context.console, isGiven: signing.yes)
    try republish(subject, context)
    let ids = subject.named.sorted()
    let orders = stride(from: 0, to: ids.count, by: Limits.cutHeadsMax).map { start in
      let end = min(start + Limits.cutHeadsMax, ids.count)
      return OperationStore.Draft.order(
        Order(kind: subject.kind, basis: number, operations: Array(ids[start..<end])))
    }
    let signed = try context.store.sign(
      orders, with: try signatory.key, as: [signatory.grant.role])
    context.audit.append(signedHere: signed, organisation: signatory.grant.organisation)
    // A root's word is carried out at once, here too.
    try ErasureDuty(context.directory, store: context.store, audit: context.audit).carryOut()
    let also = ["not_judged": JSON.array(subject.notJudged.map { .string("\($0)") })]
    if try context.missingApprovals(of: signed.map(\.id)).isEmpty {
      try context.report(
        signed, "Beslutat; det är dolt här nu.", "Ordered; it is hidden here now.", also: also)
    } else {
      try context.report(
        signed, "Underskrivet; det verkar när fler i rådet har godkänt det.",
        "Signed; it acts once more of the council have approved it.", also: also)
    }
  }

  private func subject(_ context: Context) throws -> Erasure {
    if expired { return try Erasure(expiredContactsOf: signing.guest, context) }
    let id = id ?? ""
    if RecordKey(text: id) == nil, try context.store.records(idPrefix: id).isEmpty, field == nil {
      return try Erasure(operations: [try context.operation(id).id], context)
    }
    let record = try context.record(id)
    return try field.map { try Erasure(record: record, field: $0, context) }
      ?? Erasure(records: [record], context)
  }

  private func show(_ subject: Erasure, _ signatory: Signatory, _ context: Context) throws {
    let console = context.console
    if subject.kind == .eraseRecord {
      let records = console.count(subject.named.count, .record)
      console.say(
        "Raderas för alltid, på alla noder: allt som sägs och kommer att sägas i \(records).",
        "Erased for ever, on all nodes: all that is and will be said in \(records).")
    } else {
      let operations = console.count(subject.operations.count, .operation)
      console.say(
        "Raderas för alltid, på alla noder: innehållet i \(operations).",
        "Erased for ever, on all nodes: what is said in \(operations).")
    }
    showNotJudged(subject.notJudged, console)
    showDrafts(context)
    if !subject.republished.isEmpty {
      let paths = Set(subject.republished.map(\.path)).sorted().joined(separator: ", ")
      console.say(
        "Övriga gällande värden publiceras först på nytt: \(paths).",
        "Other live values are published anew first: \(paths).")
    }
    if signatory.power >= .root {
      console.say(
        "Med \(signatory.name.rawValue)-nyckeln finns ingen ångertid.",
        "With the \(signatory.name.rawValue) key there is no time to cancel.")
    } else {
      console.say(
        "Roten eller rådet kan återta det i 72 timmar (sprida erase --cancel).",
        "The root or the council can take it back for 72 hours (sprida erase --cancel).")
    }
  }

  /// They never leave the node, and no order reaches them.
  private func showDrafts(_ context: Context) {
    let drafts = context.directory.drafts.joined(separator: ", ")
    guard !drafts.isEmpty else { return }
    context.console.say(
      "Utkast på den här noden raderas inte: \(drafts). De visas av sprida new.",
      "Drafts on this node are not erased: \(drafts). They are listed by sprida new.")
  }

  private func showNotJudged(_ ids: [Digest], _ console: Console) {
    guard !ids.isEmpty else { return }
    let operations = console.count(ids.count, .operation)
    console.say(
      """
      Organisationen har \(operations) av en senare version av sprida. Om det handlar om detta syns \
      inte här; det raderas för sig, med sprida erase och operationens id:
      """,
      """
      The organisation has \(operations) of a later version of sprida. Whether that is about this \
      cannot be seen here; it is erased by itself, with sprida erase and the operation's id:
      """)
    for id in ids.prefix(Self.shownMax) { console.show("  \(id)") }
    if ids.count > Self.shownMax {
      console.show("  … + " + console.number(ids.count - Self.shownMax))
    }
  }

  private func republish(_ subject: Erasure, _ context: Context) throws {
    guard let record = subject.record, let family = subject.family, !subject.republished.isEmpty
    else { return }
    let author = try Author(context, guest: signing.guest)
    try author.demandOwner(of: record)
    _ = try author.sign([.record(subject.republished, family: family, record: record.record)])
  }

  private func demandCancellable(_ order: ErasureOrder, _ console: Console) throws {
    let end = order.timestamp.milliseconds + UInt64(Limits.erasureGraceMilliseconds)
    guard order.isImmediate || SystemClock.now >= end else { return }
    throw Failure.failed(
      order.isImmediate
        ? console.text(
          "Rotens och rådets beslut går inte att återta: de verkställs genast.",
          "Orders of a root or the council cannot be taken back: they are carried out at once.")
        : console.text(
          "De 72 timmarna är slut; innehållet är överskrivet.",
          "The 72 hours are over; the bodies are overwritten."))
  }

  private func takeBack(_ context: Context) throws {
    let order = try context.operation(id ?? "")
    guard case .order(let content) = order.header.content, content.kind != .cancel,
      let held = try context.store.charter().erasureOrders.first(where: { $0.id == order.id })
    else {
      throw Failure.invalid(
        context.console.text(
          "\(short(order.id)) är inget verksamt raderingsbeslut; sprida erasures visar dem.",
          "\(short(order.id)) is no effective order to erase; sprida erasures lists them."))
    }
    guard !held.isCancelled else {
      throw Failure.invalid(
        context.console.text("Det är redan återtaget.", "It has been taken back already."))
    }
    try demandCancellable(held, context.console)
    let signatory = try context.signatory(signing) { signatory in
      signatory.isCouncil
        || held.organisation == signatory.grant.organisation && signatory.power > held.power
    }
    let signed = try context.sign(
      [.order(Order(kind: .cancel, basis: content.basis, operations: [order.id]))],
      with: signatory, signing)
    try context.report(signed, "Återtaget.", "Taken back.")
  }
}
