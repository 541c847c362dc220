import ArgumentParser

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Give keys their roles, end them, and say what of theirs counts.",
    subcommands: [
      Delegate.self,
      Revoke.self,
      VouchCommand.self,
      KeyAdopt.self,
    ])
}
