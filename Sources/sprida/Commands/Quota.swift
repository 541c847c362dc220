import ArgumentParser
import Node
import OperationStore

struct Quota: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each organisation takes up on this node, and set how much it may.",
    discussion: """
      sprida quota               the greatest first
      sprida quota --set 512     in MiB, for each organisation

      Of an organisation that is over it nothing more is taken, and nothing is dropped: it is paused here,
      and syncs read “equal but for”. Charter and orders are always taken.
      """)

  @OptionGroup var options: GlobalOptions

  @Option(name: .customLong("set"), help: ArgumentHelp("The new quota.", valueName: "MiB"))
  var mebibytes: Int64?

  func validate() throws {
    guard (mebibytes ?? 1) > 0, (mebibytes ?? 1) < 1 << 40 else {
      throw ValidationError("--set: found \(mebibytes ?? 0), expected a number of MiB above 0.")
    }
  }

  func run() throws {
    let context = try options.context()
    if let mebibytes {
      try context.store.setQuota(bytes: mebibytes << 20)
      context.audit.append(.node(.quota, detail: "\(mebibytes) MiB"))
    }
    let console = context.console
    let (quota, usage) = (try context.store.quota(), try context.store.usage())
    let charter = try context.store.charter()
    if options.json {
      return try console.json(
        .object([
          "quota_bytes": .number(quota),
          "organisations": .array(
            usage.map {
              .object([
                "organisation": RecordJSON.organisation($0.organisation, charter),
                "bytes": .number($0.bytes), "paused": .bool($0.bytes > quota),
              ])
            }),
        ]))
    }
    console.say(
      "Kvot per organisation: \(quota >> 20) MiB", "Quota for each organisation: \(quota >> 20) MiB"
    )
    var table = Table([
      (console.text("Organisation", "Organisation"), .left), ("KiB", .right),
      (console.text("Läge", "State"), .left),
    ])
    for row in usage {
      table.add([
        context.organisationName(row.organisation, charter), "\((row.bytes + 1023) >> 10)",
        row.bytes > quota ? console.text("pausad", "paused") : "",
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }
}
