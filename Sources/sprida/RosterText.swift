import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// Who is in the region and what each key may do, as tables and as JSON.
struct RosterText {
  private let context: Context
  private let charter: Charter
  private let words: ActText
  private let now: UInt64
  private var console: Console { context.console }

  init(_ context: Context, now: UInt64) throws {
    self.context = context
    self.now = now
    charter = try context.store.charter()
    words = ActText(context, charter)
  }

  // MARK: - Text

  private var sorted: [Organisation] { charter.organisations.inSwedishOrder(of: \.name) }

  var organisations: [String] {
    var table = Table([
      (console.text("Organisation", "Organisation"), .left), (console.text("Kod", "Code"), .left),
      ("Id", .left), (console.text("Antagen", "Admitted"), .left),
      (console.text("Noder", "Nodes"), .left), (console.text("Nycklar", "Keys"), .right),
      (console.text("Läge", "State"), .left),
    ])
    for organisation in sorted {
      let addresses = nodes(of: organisation.id).map(\.address).filter { !$0.isEmpty }.sorted()
      table.add([
        Console.line(organisation.name),
        organisation.id == charter.region
          ? console.text("(rådet)", "(council)")
          : Console.line(organisation.codes.own.joined(separator: ", ")),
        short(organisation.id), console.date(Int64(organisation.admitted.milliseconds)),
        addresses.isEmpty ? "–" : Console.line(addresses.joined(separator: ", ")),
        "\(grants(of: organisation.id).count(where: charter.isOpen))", state(of: organisation),
      ])
    }
    return table.lines(console)
  }

  private func state(of organisation: Organisation) -> String {
    var parts: [String] = organisation.removals.map { act in
      console.text(
        "utesluten av \(words.signer(of: act)), \(short(act))",
        "removed by \(words.signer(of: act)), \(short(act))")
    }
    if let owner = organisation.codes.owner {
      let name = charter.owner(of: organisation)?.name ?? owner
      parts.append(console.text("ägs av \(Console.line(name))", "owned by \(Console.line(name))"))
    }
    for succession in charter.successions {
      let all = succession.records.isEmpty
      if succession.from == organisation.id {
        parts.append(
          all
            ? console.text(
              "uppgått i \(name(succession.to))", "succeeded by \(name(succession.to))")
            : console.text(
              "\(console.count(succession.records.count, .record)) till \(name(succession.to))",
              "\(console.count(succession.records.count, .record)) to \(name(succession.to))"))
      } else if succession.to == organisation.id {
        parts.append(
          console.text("efter \(name(succession.from))", "succeeds \(name(succession.from))"))
      }
    }
    let open = grants(of: organisation.id).count {
      if case .open = KeyState($0, charter, now: now) { true } else { false }
    }
    if open > 0 {
      parts.append(console.count(open, .openKey))
    }
    return parts.isEmpty ? console.text("med", "member") : parts.joined(separator: "; ")
  }

  var council: [String] {
    let seats = console.count(seatCount, .seat)
    let heading = console.text(
      "Rådet har \(seats); \(charter.threshold) krävs för att utesluta, låta ta över och "
        + "byta rådets nycklar.",
      "The council has \(seats); \(charter.threshold) must agree to remove, to succeed and to "
        + "change the council's keys.")
    return [heading]
      + charter.pending.map { pending in
        console.text(
          "Väntar: \(short(pending.id)) \(words.line(of: pending.id)) har \(pending.seats) av "
            + "\(charter.threshold); godkänn med sprida approve \(short(pending.id))",
          "Pending: \(short(pending.id)) \(words.line(of: pending.id)) has \(pending.seats) of "
            + "\(charter.threshold); approve with sprida approve \(short(pending.id))")
      }
  }

  private var seatCount: Int {
    charter.allGrants.count { $0.role == .council && charter.isOpen($0) }
  }

  var keys: [String] {
    sorted.flatMap { organisation -> [String] in
      var table = Table([
        (console.text("Roll", "Role"), .left), (console.text("Nyckel", "Key"), .left),
        (console.text("Från", "From"), .left), (console.text("Till", "To"), .left),
        (console.text("Läge", "State"), .left),
      ])
      for grant in grants(of: organisation.id) {
        table.add([
          grant.role.word(console), short(grant.key), date(grant.from), lastDay(grant),
          KeyState(grant, charter, now: now).words(console, words),
        ])
      }
      let lines = nodes(of: organisation.id).map { "\(short($0.key))  \(address($0))" }
      let former = charter.formerNodes.filter { $0.organisation == organisation.id }.map {
        "\(short($0.key))  \(address($0))  " + console.text("(borttagen)", "(removed)")
      }
      return [
        "",
        console.bold(
          ([organisation.name] + organisation.codes.own).map(Console.line)
            .joined(separator: " ")),
      ] + table.lines(console) + (lines + former).map { console.text("nod  ", "node  ") + $0 }
    }
  }

  private func address(_ node: NodeEntry) -> String {
    node.address.isEmpty
      ? console.text("ringer bara ut", "only calls out") : Console.line(node.address)
  }

  private func date(_ milliseconds: UInt64) -> String {
    milliseconds == 0 ? "–" : console.date(Int64(clamping: milliseconds))
  }

  private func lastDay(_ grant: Grant) -> String {
    grant.to == 0 ? "–" : console.lastDay(before: grant.to)
  }

  private func name(_ id: Digest) -> String {
    Console.line(context.organisationName(id, charter))
  }

  private func nodes(of organisation: Digest) -> [NodeEntry] {
    charter.nodes.filter { $0.organisation == organisation }
  }

  private func grants(of organisation: Digest) -> [Grant] {
    charter.allGrants.filter { $0.organisation == organisation }.sorted {
      ($1.role.power, $0.from, $0.key) < ($0.role.power, $1.from, $1.key)
    }
  }

  // MARK: - JSON

  var json: JSON {
    .object([
      "region": .string("\(charter.region)"), "threshold": .number(Int64(charter.threshold)),
      "seats": .number(seatCount),
      "pending": .array(
        charter.pending.map {
          .object([
            "operation": .string("\($0.id)"), "what": .string(words.line(of: $0.id)),
            "seats": .number($0.seats),
          ])
        }),
      "organisations": .array(charter.organisations.map(json)),
    ])
  }

  private func json(_ organisation: Organisation) -> JSON {
    let successions = charter.successions
    return .object([
      "id": .string("\(organisation.id)"), "name": .string(organisation.name),
      "code": .string(organisation.code),
      "codes": .array(organisation.codes.own.map(JSON.string)),
      "owned_by": .string(organisation.codes.owner ?? ""),
      "admitted": .number(Int64(clamping: organisation.admitted.milliseconds)),
      "removed_by": .array(organisation.removals.map { .string("\($0)") }),
      "succeeded_by": .array(
        successions.filter { $0.from == organisation.id }.map { .string("\($0.to)") }),
      "succeeds": .array(
        successions.filter { $0.to == organisation.id }.map { .string("\($0.from)") }),
      "nodes": .array(
        nodes(of: organisation.id).map { node($0, isRemoved: false) }
          + charter.formerNodes.filter { $0.organisation == organisation.id }
          .map { node($0, isRemoved: true) }),
      "keys": .array(grants(of: organisation.id).map(key)),
    ])
  }

  private func node(_ node: NodeEntry, isRemoved: Bool) -> JSON {
    .object([
      "key": .string("\(node.key)"), "address": .string(node.address),
      "removed": .bool(isRemoved),
    ])
  }

  private func key(_ grant: Grant) -> JSON {
    let state = KeyState(grant, charter, now: now)
    return .object([
      "key": .string("\(grant.key)"), "role": .string("\(grant.role)"),
      "from": .number(Int64(clamping: grant.from)), "to": .number(Int64(clamping: grant.to)),
      "delegation": .string("\(grant.operation)"),
      "accepted": .bool(charter.isAccepted(grant.operation)), "state": .string(state.label),
      "cut_by": .array(state.acts.map { .string("\($0)") }),
    ])
  }
}
