import ArgumentParser
import FoundationEssentials
import Glibc
import Node
import OperationStore
import Practice

struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: words(
      "Säkerhetskopiera noden till en fil, även medan serve är igång.",
      "Copy the node into one file, also while serve runs."),
    discussion: words(
      """
      sprida backup /mnt/backup/lerum-2026-11-22.sprida

      Kopian kontrolleras innan den får sitt namn. sprida restore gör en nod av den.
      """,
      """
      sprida backup /mnt/backup/lerum-2026-11-22.sprida

      The copy is verified before it gets its name. sprida restore makes a node of
      it.
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(
    help: ArgumentHelp(
      words(
        "Ta med nycklarna; den som har filen kan då skriva under i era namn.",
        "Take the keys along; whoever has the file can then sign as this node's owners.")))
  var keys = false

  @Flag(help: ArgumentHelp(words("Ersätt filen om den finns.", "Replace the file if it exists.")))
  var force = false

  @Argument(
    help: ArgumentHelp(
      words("Filen som ska skapas.", "The file to make."), valueName: words("fil", "file")))
  var file: String

  func run() throws {
    let context = try options.context()
    let path = absolutePath(file)
    let progress = Progress(context.console)
    defer { progress.clear() }
    let backup = try context.directory.backUp(
      context.store, to: path, withKeys: keys, isReplacing: force
    ) { progress.show($0) }
    progress.clear()
    context.audit.append(.node(.backup, detail: path))
    try tell(backup, context.console)
  }

  private func tell(_ backup: Backup, _ console: Console) throws {
    let bytes = FileSize.of(backup.path)
    if options.json {
      return try console.json(
        .object([
          "file": .string(backup.path), "bytes": .number(bytes),
          "made": .number(Int64(clamping: backup.made)),
          "operations": .number(backup.operations), "region": .string("\(backup.region)"),
          "keys": .bool(keys),
        ]))
    }
    let operations = console.count(backup.operations, .operation)
    console.say(
      "\(backup.path): \(operations), \(console.number(bytes >> 10)) KiB, kontrollerad.",
      "\(backup.path): \(operations), \(console.number(bytes >> 10)) KiB, verified.")
    if keys {
      console.warn(
        "FILEN ÄR HEMLIG: den innehåller nodens nycklar. Den som har den kan skriva under i era namn.",
        "THE FILE IS A SECRET: it holds the node's keys. Whoever has it can sign in your names.")
    } else {
      console.say(
        "Nycklarna är inte med; förvara mappen keys för sig (eller ta med dem: --keys).",
        "The keys are not in it; keep the folder keys elsewhere (or take them along: --keys).")
    }
  }
}

struct Restore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: words("Återställ en nod från en säkerhetskopia.", "Make a node of a backup."),
    discussion: words(
      """
      sprida restore /mnt/backup/lerum-2026-11-22.sprida -d /var/lib/sprida

      Till en mapp utan lager. Nycklar som finns där används, annars de i filen.
      Noden visar inget innehåll före sprida sync: det kan ha raderats sedan dess.
      """,
      """
      sprida restore /mnt/backup/lerum-2026-11-22.sprida -d /var/lib/sprida

      Into a folder without a store. Keys that are there are used; else those of the
      file. The node shows no content before sprida sync: it may have been erased
      since.
      """))

  @OptionGroup var options: GlobalOptions

  @Argument(
    help: ArgumentHelp(
      words("Filen som sprida backup har gjort.", "The file that sprida backup made."),
      valueName: words("fil", "file")))
  var file: String

  func run() throws {
    let console = options.console
    let progress = Progress(console)
    defer { progress.clear() }
    let backup = try Backup(verifying: absolutePath(file)) { progress.show($0) }
    let directory = try NodeDirectory.restore(backup, to: options.folder) { progress.show($0) }
    progress.clear()
    options.auditLog(directory.path).append(.node(.restore, detail: backup.path))
    if options.json {
      return try console.json(
        .object([
          "directory": .string(directory.path), "made": .number(Int64(clamping: backup.made)),
          "operations": .number(backup.operations), "region": .string("\(backup.region)"),
          "next": .string("sprida sync"),
        ]))
    }
    let made = console.moment(Int64(clamping: backup.made))
    let operations = console.count(backup.operations, .operation)
    console.say(
      "Noden i \(directory.path) är återställd till \(made): \(operations).",
      "The node in \(directory.path) is restored to \(made): \(operations).")
    console.say(
      "Kör nu sprida sync. Till dess visas inget innehåll, för det kan ha raderats sedan kopian gjordes.",
      "Now run sprida sync. Until then no content is shown: it may have been erased since the copy."
    )
  }
}

/// As the node's store and its log remember it, whatever folder the next command runs in.
func absolutePath(_ path: String) -> String {
  path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}

private enum FileSize {
  static func of(_ path: String) -> Int64 {
    var info = stat()
    return stat(path, &info) == 0 ? Int64(info.st_size) : 0
  }
}
