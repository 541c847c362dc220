import ArgumentParser
import Node
import OperationStore
import Operations
import Practice
import Signatures

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: words(
      "Visa vad noden har, vilka den senast mötte, och vad som bör ses över.",
      "Show what this node holds, whom it last met, and what needs attention."),
    discussion: words(
      """
      sprida status
      sprida status --json     för övervakning

      Slutar med \(ExitStatus.attention.rawValue) när något bör ses över.
      """,
      """
      sprida status
      sprida status --json     for monitoring

      Ends with \(ExitStatus.attention.rawValue) when something needs attention.
      """))

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let findings = Health.findings(
      try Health.Facts(directory: context.directory, store: context.store, now: SystemClock.now))
    let status = try context.store.status()
    let charter = try context.store.charter()
    let digest = try context.store.snapshot().total.summary(region: context.store.region)
    if options.json {
      let awaited = try context.store.awaitedHeads().values.reduce(0) { $0 + $1.count }
      try context.console.json(json(status, charter, "\(digest)", findings, awaited))
    } else {
      FindingText.lines(findings, context.console).forEach { context.console.show($0) }
      show(status, charter, "\(digest)", context)
    }
    if !findings.isEmpty {
      throw Failure.attention(FindingText.summary(findings, context.console))
    }
  }

  private func show(
    _ status: StoreStatus, _ charter: Charter, _ digest: String, _ context: Context
  ) {
    let console = context.console
    console.say(
      "Krets: \(context.organisationName(charter.region, charter))",
      "Region: \(context.organisationName(charter.region, charter))")
    let held = console.number(status.held)
    let (accepted, waiting) = (console.number(status.accepted), console.number(status.waiting))
    console.say(
      "Operationer: \(held) innehavda, \(accepted) gäller, \(waiting) väntar",
      "Operations: \(held) held, \(accepted) accepted, \(waiting) waiting")
    StatusCounts(status).rows(console, context, charter).forEach { console.show("  " + $0) }
    let records = console.number(status.records)
    console.say("Poster: \(records)", "Records: \(records)")
    console.say("Mängdsumma: \(digest)", "Set digest: \(digest)")
    for refusal in status.refusals {
      let (when, why) = (console.moment(refusal.latest), refusal.reason)
      console.say(
        "Avvisat \(console.number(refusal.count)) × \(refusal.code), senast \(when): \(why)",
        "Refused \(console.number(refusal.count)) × \(refusal.code), latest \(when): \(why)")
    }
    let table = peers(status, charter, context)
    if !table.isEmpty { table.lines(console).forEach { console.show($0) } }
  }

  private func peers(_ status: StoreStatus, _ charter: Charter, _ context: Context) -> Table {
    let console = context.console
    var table = Table([
      (console.text("Granne", "Peer"), .left), (console.text("Nod", "Node"), .left),
      (console.text("Senast (UTC)", "Latest (UTC)"), .left),
      (console.text("Senast lika (UTC)", "Latest equal (UTC)"), .left),
    ])
    for peer in status.peers {
      let organisation = charter.node(peer.node)?.organisation
      table.add([
        organisation.map { context.organisationName($0, charter) } ?? "–", short(peer.node),
        console.time(peer.latest), peer.latestEqual.map(console.time) ?? "–",
      ])
    }
    return table
  }

  private func json(
    _ status: StoreStatus, _ charter: Charter, _ digest: String, _ findings: [Finding],
    _ awaited: Int
  ) -> JSON {
    .object([
      "findings": .array(findings.map(FindingText.json)),
      "region": .string("\(charter.region)"), "held": .number(status.held),
      "accepted": .number(status.accepted), "waiting": .number(status.waiting),
      "states": StatusCounts(status).json, "awaited_heads": .number(awaited),
      "records": .number(status.records), "set_digest": .string(digest),
      "refused": .array(
        status.refusals.map {
          .object([
            "code": .string($0.code), "count": .number($0.count), "latest": .number($0.latest),
            "reason": .string($0.reason),
          ])
        }),
      "peers": .array(
        status.peers.map {
          .object([
            "node": .string("\($0.node)"), "latest": .number($0.latest),
            "latest_equal": $0.latestEqual.map(JSON.number) ?? .null,
          ])
        }),
    ])
  }
}
