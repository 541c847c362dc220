import ArgumentParser
import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

/// Which of a key's operations a cut vouches for.
struct CutOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        "Behåll det som kom till noden före den här dagen (UTC); för en stulen nyckel.",
        "Keep what came to this node before this day (UTC); for a stolen key."),
      valueName: words("ÅÅÅÅ-MM-DD", "YYYY-MM-DD")))
  var before: String?

  @Flag(
    help: ArgumentHelp(
      words("Behåll inget som nyckeln har skrivit under.", "Keep nothing that the key has signed."))
  )
  var nothing = false

  /// The heads to vouch for; nil when a person has named them in another way.
  func heads(of operations: [KeyOperation], _ console: Console) throws -> [Digest] {
    if nothing { return [] }
    let day = try before.map { try Day($0, option: "--before", console) }
    let heads = operations.heads(before: day.map { Int64(clamping: $0.start) })
    guard heads.count <= Limits.cutHeadsMax else {
      throw Failure.failed(
        console.text(
          "Nyckeln har \(heads.count) grenar, fler än de \(Limits.cutHeadsMax) som ett snitt rymmer; "
            + "ange de rätta med --head.",
          "The key has \(heads.count) branches, more than the \(Limits.cutHeadsMax) that a cut can "
            + "name; give the right ones with --head."))
    }
    return heads
  }
}

struct Revoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: words(
      "Spärra en nyckel: nu gäller bara det som ni går i god för, vilket datum det än uppger.",
      "End a key: from now on only what you vouch for counts, whatever date it claims."),
    discussion: words(
      """
      sprida key revoke 3f2a91                      någon slutar: allt blir kvar
      sprida key revoke 3f2a91 --before 2026-11-20  stulen: det före blir kvar
      sprida key revoke 3f2a91 --disown 77b0e4      allt utom en operation
      sprida key revoke 3f2a91 --head 9c1d20        just den och det den bygger på

      Det som faller bort finns kvar på varje nod som bevis; sprida key vouch tar
      tillbaka enstaka.
      """,
      """
      sprida key revoke 3f2a91                      somebody leaves: all here stays
      sprida key revoke 3f2a91 --before 2026-11-20  stolen: what came before stays
      sprida key revoke 3f2a91 --disown 77b0e4      all but one operation
      sprida key revoke 3f2a91 --head 9c1d20        exactly this and what it follows

      What falls out stays on each node as evidence; sprida key vouch takes single
      ones back.
      """))

  @OptionGroup var options: GlobalOptions
  @OptionGroup var signing: SigningOptions
  @OptionGroup var cut: CutOptions

  @Argument(
    help: ArgumentHelp(
      words("Nyckeln, eller början på den.", "The key, or the beginning of it."),
      valueName: words("nyckel", "key")))
  var key: String

  @Option(
    help: ArgumentHelp(
      words(
        "Gå i god för den här operationen och det som den bygger på.",
        "Vouch for this operation and what it follows."), valueName: "id"))
  var head: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        "En av dessa operationer som inte är ägarens.",
        "An operation among those that is not the owner's."), valueName: "id"))
  var disown: [String] = []

  func validate() throws {
    guard [cut.before != nil, cut.nothing, !head.isEmpty].count(where: { $0 }) <= 1 else {
      throw ValidationError(
        words(
          "Ange en av --before, --nothing och --head.",
          "Give one of --before, --nothing and --head."))
    }
  }

  func run() throws {
    let context = try options.context()
    let key = try context.key(self.key)
    let signatory = try signatory(for: key, context)
    let operations = try context.store.operations(of: key)
    let heads =
      head.isEmpty
      ? try cut.heads(of: operations, context.console)
      : try named(head, "--head", operations, context)
    let kept = KeptOperations(
      operations, heads: heads, disowned: try named(disown, "--disown", operations, context))
    if !options.json { try kept.lines(of: key, context).forEach { context.console.show($0) } }
    let act = Act.revoke(key: key, heads: kept.heads, disowned: kept.disowned)
    let signed = try context.sign([.act(act, name: nil)], with: signatory, signing)
    try context.report(
      signed, "Nyckeln \(short(key)) är avslutad.", "The key \(short(key)) has ended.")
    if try context.missingApprovals(of: signed.map(\.id)).isEmpty { try warn(of: key, context) }
  }

  /// Whoever stands above the key in some role; a node key is for any admin of its organisation.
  private func signatory(for key: PublicKey, _ context: Context) throws -> Signatory {
    let charter = try context.store.charter()
    let grants = charter.grants(to: key)
    let owners = Set(charter.nodes.filter { $0.key == key }.map(\.organisation))
    return try context.signatory(signing) { signatory in
      guard !grants.isEmpty else {
        return signatory.isCouncil || owners.contains(signatory.grant.organisation)
      }
      // Above all that the key may do there: ending it in one role would leave the higher one.
      let open = grants.filter { grant in
        (signatory.isCouncil || grant.organisation == signatory.grant.organisation)
          && charter.isOpen(grant)
      }
      return open.isEmpty
        ? grants.contains(where: signatory.isAbove)
        : open.allSatisfy(signatory.isAbove)
    }
  }

  /// What the key may still do, because a lower key was chosen to end it.
  private func warn(of key: PublicKey, _ context: Context) throws {
    let charter = try context.store.charter()
    for grant in charter.grants(to: key) where charter.isOpen(grant) {
      let role = grant.role.word(context.console)
      let name = context.organisationName(grant.organisation, charter)
      context.console.warn(
        "OBS: nyckeln gäller fortfarande som \(role) för \(name).",
        "NOTE: the key still holds as \(role) of \(name).")
    }
  }

  private func named(
    _ ids: [String], _ option: String, _ operations: [KeyOperation], _ context: Context
  ) throws -> [Digest] {
    try ids.map { text in
      let found = operations.filter { $0.id.description.hasPrefix(text.lowercased()) }
      guard found.count == 1, let one = found.first else {
        throw Failure.invalid(
          context.console.text(
            "\(option) \(text): \(found.count) av nyckelns operationer börjar så.",
            "\(option) \(text): \(found.count) operations of the key begin so."))
      }
      return one.id
    }.sorted()
  }
}
