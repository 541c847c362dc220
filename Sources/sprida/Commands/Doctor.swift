import ArgumentParser
import Node
import OperationStore

struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the file, the set and the keys, and say what to do about what is found.",
    discussion: """
      sprida doctor                every page, operation and digest
      sprida doctor --deep         also every signature, and all that is derived
      sprida doctor --json         with both signed headers of every fork, for anybody to verify

      Exits with \(ExitStatus.attention.rawValue) when something needs attention, \
      \(ExitStatus.failed.rawValue) when something is damaged. Changes nothing.
      """)

  @OptionGroup var options: GlobalOptions

  @Flag(help: "Verify every signature anew and compare what is derived with a rebuilt copy.")
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
