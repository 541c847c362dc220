import ArgumentParser
import Glibc
import Operations

/// The command line: what people type, in words, and nothing that a library could do.
@main
struct Sprida: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sprida",
    abstract: "Share signed good practice between municipalities and regions.",
    discussion: """
      Exit codes: 0 done, 1 failed, 3 invalid input, 4 peer unreachable or refusing, \
      5 synced but not equal, 64 wrong usage.
      """,
    version: "0.1.0",
    subcommands: [
      Init.self, Admit.self, KeyCommand.self, Roster.self, Why.self,
      Publish.self, Edit.self, Adopt.self, Show.self, List.self, SearchCommand.self,
      Conflicts.self, Resolve.self,
      SyncCommand.self, Serve.self, Status.self, Report.self, Rebuild.self,
    ])

  static func main() async {
    // Writing to a full file-size limit or a closed pipe is an error to report, not a crash.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      report(failure.message)
      Glibc.exit(failure.code)
    } catch let error as InvitationError {
      report(Wording(language: GlobalOptions.language(in: CommandLine.arguments)).of(error))
      Glibc.exit(3)
    } catch  where !isArgumentParsers(error) {
      report(
        Wording(language: GlobalOptions.language(in: CommandLine.arguments)).of(error))
      Glibc.exit(1)
    } catch {
      exit(withError: error)
    }
  }

  private static func isArgumentParsers(_ error: any Error) -> Bool {
    error is ExitCode || error is CleanExit || error is ValidationError
      || "\(type(of: error))".contains("CommandError")
  }

  private static func report(_ message: String) {
    StandardStreams.writeError("sprida: " + Console.safe(message))
  }
}
