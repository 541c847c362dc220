import ArgumentParser
import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// How acts and orders are signed: with which key, for whom, and whether anybody is asked.
struct SigningOptions: ParsableArguments {
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      words("För en organisation som har sina nycklar här.", "For an organisation hosted here."),
      valueName: words("kod", "code")))
  var guest: String?

  @Option(
    name: .customLong("with"),
    help: ArgumentHelp(
      words(
        "admin, root eller council; annars den lägsta nyckel här som räcker.",
        "admin, root or council; else the lowest key here that suffices."),
      valueName: words("nyckel", "key")))
  var keyName: String?

  @Flag(help: ArgumentHelp(words("Skriv under utan att fråga.", "Sign without asking.")))
  var yes = false
}

extension Context {
  /// Signs acts or orders that a person has confirmed, and tells the audit log.
  func sign(
    _ drafts: [OperationStore.Draft], with signatory: Signatory, _ options: SigningOptions
  ) throws -> [Operations.Operation] {
    try Confirmation.demand(console, isGiven: options.yes)
    let signed = try store.sign(drafts, with: try signatory.key, as: [signatory.grant.role])
    audit.append(signedHere: signed, organisation: signatory.grant.organisation)
    return signed
  }

  /// Prints what was signed and what is still missing for it.
  func report(
    _ signed: [Operations.Operation], _ swedish: Told, _ english: Told, also: [String: JSON] = [:]
  ) throws {
    let charter = try store.charter()
    let missing = try missingApprovals(of: signed.map(\.id))
    if console.isJSON {
      return try console.json(
        .object(
          [
            "operations": .array(signed.map { .string("\($0.id)") }),
            "accepted": .bool(signed.allSatisfy { charter.verdict(of: $0.id) == .accepted }),
            "needs_approval": .array(
              signed.filter { charter.needsApproval($0.id) }.map { .string("\($0.id)") }),
          ].merging(also) { $1 }))
    }
    console.say(swedish, english)
    for operation in signed {
      console.show("  \(short(operation.id))  " + ActText(self, charter).line(operation))
    }
    missing.forEach { console.show($0) }
    console.say(
      "Kör sprida sync så att det når de andra.", "Run sprida sync to tell the others.")
  }
}
