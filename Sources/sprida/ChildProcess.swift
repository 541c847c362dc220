import FoundationEssentials
import Glibc

/// Another program, run to its end.
enum ChildProcess {
  /// Runs a program on this terminal.
  ///
  /// - Returns: its exit status; nil when it could not be run or was killed.
  static func run(_ arguments: [String]) -> Int32? {
    spawn(arguments) { _ in }.flatMap(exitStatus)
  }

  /// Runs a program that reads `input` to its end before it prints anything.
  ///
  /// - Returns: its exit status and what it has printed; nil when it could not be run.
  static func run(_ arguments: [String], input: [UInt8]) -> (status: Int32?, output: [UInt8])? {
    guard let given = pipe(), let printed = pipe() else { return nil }
    let child = spawn(arguments) { actions in
      posix_spawn_file_actions_adddup2(&actions, given.reading, STDIN_FILENO)
      posix_spawn_file_actions_adddup2(&actions, printed.writing, STDOUT_FILENO)
      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    close(given.reading)
    close(printed.writing)
    if child != nil { StandardStreams.write(input, to: given.writing) }
    close(given.writing)
    let output = StandardStreams.readAll(from: printed.reading)
    close(printed.reading)
    return child.map { (exitStatus(of: $0), output) }
  }

  private static func exitStatus(of child: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
  }

  /// Neither end is passed on to children.
  private static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [0, 0]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ arguments: [String], _ streams: (inout posix_spawn_file_actions_t) -> Void
  ) -> pid_t? {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this program ignores, another need not.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGQUIT, SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    streams(&actions)
    let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
    return withTexts(arguments) { arguments in
      withTexts(environment) { environment in
        var child: pid_t = 0
        guard let program = arguments[0],
          posix_spawnp(&child, program, &actions, &attributes, arguments, environment) == 0
        else { return nil }
        return child
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
