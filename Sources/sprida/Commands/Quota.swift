import ArgumentParser
import Node
import OperationStore
import Practice

struct Quota: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quota",
    abstract: words(
      "Visa vad varje organisation tar upp på noden, och ange hur mycket den får.",
      "Show what each organisation takes up on this node, and set how much it may."),
    discussion: words(
      """
      sprida quota                     den största först
      sprida quota --set 512           i MiB, för varje organisation
      sprida quota --attachments 0     hämta inga bilagor

      Av en organisation som är över kvoten tas inget mer emot, och inget kastas: den är pausad här, och
      synkar blir ”lika så när som på”. Stadga och beslut tas emot ändå, upp till en egen
      gräns. Bilagor har en egen kvot.
      """,
      """
      sprida quota                     the greatest first
      sprida quota --set 512           in MiB, for each organisation
      sprida quota --attachments 0     fetch no attachments

      Of an organisation that is over it nothing more is taken, and nothing is dropped: it is paused here,
      and syncs read “equal but for”. Charter and orders are taken all the same, up to a bound of their own.
      Attachments have a quota of their own.
      """))

  @OptionGroup var options: GlobalOptions

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(words("Den nya kvoten.", "The new quota."), valueName: "MiB"))
  var mebibytes: Int64?

  @Option(
    help: ArgumentHelp(
      words("Den nya kvoten för bilagor; 0 för inga.", "The new quota of attachments; 0 for none."),
      valueName: "MiB"))
  var attachments: Int64?

  private static let range: Range<Int64> = 0..<1 << 40

  func validate() throws {
    let set = mebibytes ?? 1
    guard set > 0, Self.range.contains(set) else {
      throw ValidationError(
        words(
          "--set: \(set), väntade ett antal MiB över 0.",
          "--set: found \(set), expected a number of MiB above 0."))
    }
    let files = attachments ?? 0
    guard Self.range.contains(files) else {
      throw ValidationError(
        words(
          "--attachments: \(files), väntade ett antal MiB, eller 0.",
          "--attachments: found \(files), expected a number of MiB, or 0."))
    }
  }

  func run() throws {
    let context = try options.context()
    if let mebibytes {
      try context.store.setQuota(bytes: mebibytes << 20)
      context.audit.append(.node(.quota, detail: "\(mebibytes) MiB"))
    }
    if let attachments {
      try context.store.setAttachmentQuota(bytes: attachments << 20)
      context.audit.append(.node(.quota, detail: "attachments \(attachments) MiB"))
    }
    let console = context.console
    let files = try context.store.attachmentQuota()
    let (quota, usage) = (try context.store.quota(), try context.store.usage())
    let charter = try context.store.charter()
    if options.json {
      return try console.json(
        .object([
          "quota_bytes": .number(quota), "attachment_quota_bytes": .number(files),
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
      "Kvot per organisation: \(console.number(quota >> 20)) MiB",
      "Quota for each organisation: \(console.number(quota >> 20)) MiB"
    )
    console.say(
      "Kvot för bilagor: \(console.number(files >> 20)) MiB",
      "Quota of attachments: \(console.number(files >> 20)) MiB")
    var table = Table([
      (console.text("Organisation", "Organisation"), .left), ("KiB", .right),
      (console.text("Läge", "State"), .left),
    ])
    for row in usage {
      table.add([
        context.organisationName(row.organisation, charter),
        console.number((row.bytes + 1023) >> 10),
        row.bytes > quota ? console.text("pausad", "paused") : "",
      ])
    }
    table.lines(console).forEach { console.show($0) }
  }
}
