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
    guard let child = spawn(["sh", "-c", command + " \"$1\"", "sh", path]) else { return false }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return false }
    }
    return status == 0
  }

  private static func spawn(_ arguments: [String]) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this program ignores, an editor need not.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    return withTexts(arguments) { arguments in
      withTexts(environment) { environment in
        var child: pid_t = 0
        return posix_spawn(&child, "/bin/sh", nil, &attributes, arguments, environment) == 0
          ? child : nil
      }
    }
  }

  /// As the list of C strings that `exec` takes.
  private static func withTexts<T>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
  ) -> T {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}
