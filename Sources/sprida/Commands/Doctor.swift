import ArgumentParser
import Node
import OperationStore
import Practice

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: words(
      "Kontrollera filen, mängden och nycklarna, och säg vad som bör göras åt det som hittas.",
      "Check the file, the set and the keys, and say what to do about what is found."),
    discussion: words(
      """
      sprida doctor                varje sida, operation och summa
      sprida doctor --deep         också varje signatur, och allt som är härlett
      sprida doctor --json         med beviset för varje förgrening

      Slutar med \(ExitStatus.attention.rawValue) när något bör ses över, \
      med \(ExitStatus.failed.rawValue) när något är skadat.

      Den ändrar inget.
      """,
      """
      sprida doctor                every page, operation and digest
      sprida doctor --deep         also every signature, and all that is derived
      sprida doctor --json         with the proof of every fork

      Ends with \(ExitStatus.attention.rawValue) when something needs attention, \
      with \(ExitStatus.failed.rawValue) when something is damaged.

      It changes nothing.
      """))

  @OptionGroup var options: GlobalOptions

  @Flag(
    help: ArgumentHelp(
      words(
        "Kontrollera varje signatur igen, och jämför det härledda med en nygjord kopia.",
        "Verify every signature anew and compare what is derived with a rebuilt copy.")))
  var deep = false

  func run() throws {
    let context = try options.context()
    let progress = Progress(context.console)
    defer { progress.clear() }
    let doctor = try Doctor(
      directory: context.directory, store: context.store, now: SystemClock.now, isDeep: deep
    ) { progress.show(.verifying(done: $0, of: $1)) }
    progress.clear()
    let text = DiagnosisText(context, try context.store.charter())
    if options.json {
      try context.console.json(text.json(doctor))
    } else if doctor.diagnoses.isEmpty {
      context.console.say("Inget att anmärka på.", "Nothing to remark on.")
    } else {
      text.lines(doctor).forEach { context.console.show($0) }
    }
    try fail(doctor, context.console)
  }

  private func fail(_ doctor: Doctor, _ console: Console) throws {
    guard !doctor.diagnoses.isEmpty else { return }
    var codes: [String] = []
    for code in doctor.diagnoses.map(\.code.rawValue) where !codes.contains(code) {
      codes.append(code)
    }
    let list = codes.joined(separator: ", ")
    if doctor.diagnoses.contains(where: { $0.severity == .damage }) {
      throw Failure.failed(console.text("skadat: \(list)", "damaged: \(list)"))
    }
    throw Failure.attention(console.text("behöver åtgärdas: \(list)", "needs attention: \(list)"))
  }
}
