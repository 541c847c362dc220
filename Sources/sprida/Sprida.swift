import ArgumentParser
import Glibc
import Node
import Operations
import Signatures

/// The command line: what people type, in words, and nothing that a library could do.
@main
struct Sprida: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sprida",
    abstract: words(
      "Sprid underskrivna goda exempel mellan kommuner och regioner.",
      "Share signed good practice between municipalities and regions."),
    discussion: words(
      """
      sprida init --help      börja: en nod för er organisation, eller för dig
      sprida search skola     hitta exempel
      sprida new tip          skriv ett
      """,
      """
      sprida init --help      begin: a node for your organisation, or for you
      sprida search skola     find entries
      sprida new tip          write one
      """) + "\n\n" + ExitStatus.table,
    version: "0.1.0",
    subcommands: [
      Init.self, Admit.self, Approve.self, Remove.self, Succeed.self, KeyCommand.self, Roster.self,
      Why.self,
      New.self, Publish.self, Edit.self, Confirm.self, Lint.self, LinksCommand.self, Withdraw.self,
      Erase.self,
      Erasures.self, Attach.self, AttachmentsCommand.self, Export.self,
      Adopt.self, CommentCommand.self, Questions.self, ReviewCommand.self, Endorse.self,
      InboxCommand.self, Show.self, List.self, SearchCommand.self, DigestCommand.self,
      Conflicts.self, Resolve.self,
      SyncCommand.self, Serve.self, Web.self, Status.self, AuditCommand.self, DoctorCommand.self,
      Quota.self,
      ReportCommand.self, Rebuild.self, BackupCommand.self, Restore.self, Manual.self,
    ])

  static func main() async {
    ProcessMemory.forbidDumps()
    // Writing to a full file-size limit or a closed pipe is an error to report, not a crash.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    demandUTF8()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      report(failure.message)
      Glibc.exit(failure.status.rawValue)
    } catch  where !isArgumentParsers(error) {
      report(
        Wording(language: GlobalOptions.chosenBeforeParsing).of(error))
      Glibc.exit(status(of: error).rawValue)
    } catch {
      explain(error)
    }
  }

  /// What a terminal of another encoding sends would be signed with its å, ä and ö lost.
  private static func demandUTF8() {
    for (index, argument) in arguments.enumerated() where argument == nil {
      report(
        words(
          "argument \(index + 1) är inte UTF-8; ställ in terminalen på UTF-8",
          "argument \(index + 1) is not UTF-8; set the terminal to UTF-8"))
      Glibc.exit(ExitStatus.usage.rawValue)
    }
  }

  /// As they were given; nil for one that is not UTF-8.
  private static var arguments: [String?] {
    (0..<Int(CommandLine.argc)).dropFirst().map { index in
      CommandLine.unsafeArgv[index].flatMap { String(validatingCString: $0) }
    }
  }

  private static func status(of error: any Error) -> ExitStatus {
    switch error {
    case is InvitationError, is PaperKey.Failure, NodeError.wrongPassphrase: .invalid
    default: .failed
    }
  }

  private static func isArgumentParsers(_ error: any Error) -> Bool {
    error is ExitCode || error is CleanExit || error is ValidationError
      || "\(type(of: error))".contains("CommandError")
  }

  private static func report(_ message: String) {
    StandardStreams.writeError("sprida:" + (message.hasPrefix("\n") ? "" : " ") + message)
  }

  /// Help, the version, and what is wrong with the arguments, which it quotes.
  private static func explain(_ error: any Error) -> Never {
    let code = exitCode(for: error)
    let words = ParserText(language: GlobalOptions.chosenBeforeParsing)
    let message = words.told(fullMessage(for: error), about: self.message(for: error))
    if code.isSuccess {
      StandardStreams.write(Array((message + "\n").utf8))
    } else if !message.isEmpty {
      StandardStreams.writeError(message)
    }
    Glibc.exit(code.rawValue)
  }
}
