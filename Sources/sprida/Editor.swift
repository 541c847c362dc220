import FoundationEssentials
import Glibc

/// The user's own editor.
enum Editor {
  private static let known = ["sensible-editor", "nano", "vi"]

  /// The command that the user has chosen, else one that is here; nil when there is none.
  static var command: String? {
    let environment = ProcessInfo.processInfo.environment
    let chosen = ["VISUAL", "EDITOR"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    return chosen
      ?? known.first { name in
        (environment["PATH"] ?? "").split(separator: ":").contains {
          access("\($0)/\(name)", X_OK) == 0
        }
      }
  }

  /// Opens a file, and returns when the editor has ended; false when it failed.
  static func open(_ path: String, with command: String) -> Bool {
    // Ctrl-C in an editor means the editor.
    let before = [SIGINT, SIGQUIT].map { ($0, signal($0, SIG_IGN)) }
    defer { for (number, handler) in before { signal(number, handler) } }
    return ChildProcess.run(["sh", "-c", command + " \"$1\"", "sh", path]) == 0
  }
}
