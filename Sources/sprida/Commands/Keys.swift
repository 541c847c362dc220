import ArgumentParser

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: words(
      "Ge nycklar roller, spärra dem och förvara dem säkert.",
      "Give keys their roles, end them, and keep them safe."),
    discussion: "sprida key list",
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
