import Aggregation
import ArgumentParser
import OperationStore
import Operations
import Practice
import Signatures

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what this node holds and whom it last met.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let status = try context.store.status()
    let charter = try context.store.charter()
    let digest = try context.store.snapshot().total.summary(region: context.store.region)
    let console = context.console
    if options.json { return try console.json(json(status, charter, "\(digest)")) }
    console.say(
      "Krets: \(context.organisationName(charter.region, charter))",
      "Region: \(context.organisationName(charter.region, charter))")
    console.say(
      "Operationer: \(status.held) innehavda, \(status.accepted) godkända, \(status.waiting) väntar",
      "Operations: \(status.held) held, \(status.accepted) accepted, \(status.waiting) waiting")
    console.say("Poster: \(status.records)", "Records: \(status.records)")
    console.say("Mängdsumma: \(digest)", "Set digest: \(digest)")
    for refusal in status.refusals {
      let (when, why) = (console.time(refusal.latest), refusal.reason)
      console.say(
        "Avvisat \(refusal.count) × \(refusal.code), senast \(when): \(why)",
        "Refused \(refusal.count) × \(refusal.code), latest \(when): \(why)")
    }
    var table = Table([
      (console.text("Granne", "Peer"), .left), (console.text("Senast", "Latest"), .left),
      (console.text("Senast lika", "Latest equal"), .left),
    ])
    for peer in status.peers {
      let organisation = charter.node(peer.node)?.organisation
      table.add([
        organisation.map { context.organisationName($0, charter) } ?? "\(peer.node)",
        console.time(peer.latest), peer.latestEqual.map(console.time) ?? "–",
      ])
    }
    if !table.isEmpty { table.lines(console).forEach { console.show($0) } }
  }

  private func json(_ status: StoreStatus, _ charter: Charter, _ digest: String) -> JSON {
    .object([
      "region": .string("\(charter.region)"), "held": .number(status.held),
      "accepted": .number(status.accepted), "waiting": .number(status.waiting),
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

struct Rebuild: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remake everything derived from the operations, such as lists and the search index.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    try context.store.rebuild()
    let integrity = try context.store.integrityCheck()
    if options.json { return try context.console.json(.object(["integrity": .string(integrity)])) }
    context.console.say("Klart; filen: \(integrity).", "Done; the file: \(integrity).")
  }
}

struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what the region has published and taken up.")

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let context = try options.context()
    let report = try CouncilReport(store: context.store)
    if options.json { return try context.console.json(ReportText(report, context).json) }
    ReportText(report, context).lines.forEach { context.console.show($0) }
  }
}
