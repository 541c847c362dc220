import ArgumentParser

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Give keys their roles, end them, and keep them safe.",
    subcommands: [
      Delegate.self,
      Revoke.self,
      VouchCommand.self,
      KeyAdopt.self,
      KeyList.self,
      KeyProtect.self,
      KeyUnprotect.self,
      KeyPaper.self,
      KeyRecover.self,
      KeyRotate.self,
    ])
}
