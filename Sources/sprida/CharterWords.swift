import CRDT
import OperationStore
import Operations
import Practice
import Signatures
import WireFormat

// What the charter calls by names of the source, in the words of people.

extension Role {
  func word(_ console: Console) -> String {
    switch self {
    case .admin: console.text("admin", "admin")
    case .author: console.text("handläggare", "author")
    case .reviewer: console.text("granskare", "reviewer")
    case .service: console.text("tjänst", "service")
    case .root: console.text("rot", "root")
    case .council: console.text("råd", "council")
    }
  }
}

extension Power {
  /// Who has at least this much.
  func word(_ console: Console) -> String {
    switch self {
    case .device, .admin: console.text("en adminnyckel", "an admin key")
    case .root: console.text("organisationens rotnyckel", "the organisation's root key")
    case .councilKey: console.text("en rådsnyckel", "a council key")
    case .council:
      console.text("rådet med full röststyrka", "the council with its full threshold")
    }
  }
}

extension Verdict {
  func words(_ console: Console) -> String {
    switch self {
    case .accepted: console.text("gäller", "accepted")
    case .outsideDates:
      console.text("utanför nyckelns från–till", "outside the key's from–to")
    case .notAuthorised:
      console.text("det den verkar under gäller inte", "what it acts under is not accepted")
    case .disowned: console.text("frånsagd", "disowned")
    case .outsideCut: console.text("utanför ett snitt", "outside a cut")
    case .needsApproval:
      console.text("väntar på fler av rådets nycklar", "awaits more council keys")
    case .contested: console.text("omstridd rotation", "contested rotation")
    case .withoutEffect: console.text("utan verkan", "without effect")
    }
  }

  /// The stable name, for `--json`.
  var label: String {
    switch self {
    case .accepted: "accepted"
    case .outsideDates: "outside-dates"
    case .notAuthorised: "not-authorised"
    case .disowned: "disowned"
    case .outsideCut: "outside"
    case .needsApproval: "needs-approval"
    case .contested: "contested"
    case .withoutEffect: "without-effect"
    }
  }
}

/// The beginning of an id or key, long enough to type.
func short(_ id: some CustomStringConvertible) -> String { String(id.description.prefix(12)) }

/// What an operation does, on one line.
struct ActText {
  private let context: Context
  private let charter: Charter
  private var console: Console { context.console }

  init(_ context: Context, _ charter: Charter) {
    self.context = context
    self.charter = charter
  }

  func line(of id: Digest) -> String {
    if id == charter.region { return console.text("grundar kretsen", "founds the region") }
    return charter.act(id).map(line) ?? short(id)
  }

  func line(_ operation: Operations.Operation) -> String {
    switch operation.header.content {
    case .act(let act): line(act)
    case .changes(let family, _, let list): changes(family, list, operation)
    case .order(let order):
      switch order.kind {
      case .erase:
        console.text("raderar ", "erases ") + console.count(order.operations.count, .operation)
      case .eraseRecord:
        console.text("raderar ", "erases ") + console.count(order.operations.count, .record)
      case .cancel:
        console.text("återtar ", "cancels ") + console.count(order.operations.count, .erasure)
      }
    case .receipt(let receipt):
      console.text("kvitterar ", "confirms ") + console.count(receipt.orders.count, .erasure)
    case .unknown: console.text("av en senare version", "of a later version")
    }
  }

  private func changes(
    _ family: String, _ changes: [Change], _ operation: Operations.Operation
  ) -> String {
    var values = (operation.body?.values ?? [])[...]
    for change in changes where change.type.carriesValue {
      guard case .text(let text)? = values.popFirst() else { continue }
      if change.path == "title" { return "\(family): \(Console.line(text))" }
    }
    let paths = changes.map(\.path)
    let more = paths.count > 3 ? " …" : ""
    return "\(family): \(paths.prefix(3).joined(separator: ", "))\(more)"
  }

  func line(_ act: Act) -> String {
    switch act {
    case .found: console.text("grundar kretsen", "founds the region")
    case .admit(let admission):
      console.text(
        "antar \(Console.line(admission.code))", "admits \(Console.line(admission.code))")
    case .approve(let id): console.text("godkänner \(short(id))", "approves \(short(id))")
    case .rotate: console.text("byter till sin nyckel", "rotates to its key")
    case .delegate(let key, let role, _, let to): delegation(key, role, to)
    case .revoke(let key, _, _):
      console.text("återkallar nyckeln \(short(key))", "revokes the key \(short(key))")
    case .vouch(let operations):
      console.text("går i god för ", "vouches for ") + console.count(operations.count, .operation)
    case .remove(let organisation, _):
      console.text("utesluter \(name(organisation))", "removes \(name(organisation))")
    case .succeed(let from, let to, _):
      console.text(
        "låter \(name(to)) ta över efter \(name(from))",
        "lets \(name(to)) succeed \(name(from))")
    case .node(let key, let address):
      console.text(
        "anger noden \(short(key)) \(Console.line(address))",
        "names the node \(short(key)) \(Console.line(address))")
    }
  }

  private func delegation(_ key: PublicKey, _ role: Role, _ to: UInt64) -> String {
    let end = to == 0 ? "" : console.text(" till ", " until ") + console.lastDay(before: to)
    return console.text(
      "ger nyckeln \(short(key)) rollen \(role.word(console))",
      "gives the key \(short(key)) the role \(role.word(console))") + end
  }

  private func name(_ organisation: Digest) -> String {
    Console.line(context.organisationName(organisation, charter))
  }

  /// Who signed an act and when, such as `Provrådet (råd) 2026-11-22`.
  func signer(of id: Digest) -> String {
    guard let (grant, timestamp) = charter.signature(of: id) else { return "" }
    return "\(name(grant.organisation)) (\(grant.role.word(console))) "
      + console.date(Int64(timestamp.milliseconds))
  }
}
