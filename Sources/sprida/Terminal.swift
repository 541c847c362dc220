import Glibc
import Signatures
import Synchronization

/// The terminal of whoever runs the command, wherever its streams lead.
enum Terminal {
  static let secretBytesMax = 1024

  /// Asks for one line that is not shown; nil without a terminal.
  static func readSecret(prompt: String) -> Secret? {
    let descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var shown = termios()
    guard tcgetattr(descriptor, &shown) == 0 else { return nil }
    StandardStreams.write(Array((prompt + " ").utf8), to: descriptor)
    let secret = without(ECHO, descriptor, shown, TCSAFLUSH) { readLine(descriptor) }
    StandardStreams.write([UInt8(ascii: "\n")], to: descriptor)
    return secret
  }

  /// The next line of a descriptor, byte by byte, so that what follows it is left for others.
  static func readLine(_ descriptor: Int32) -> Secret? {
    var isEnd = false
    let secret = Secret(capacity: secretBytesMax + 1) { buffer in
      var count = 0
      while count < buffer.count {
        let found = read(descriptor, buffer.baseAddress?.advanced(by: count), 1)
        if found < 0, errno == EINTR { continue }
        guard found == 1 else {
          isEnd = count == 0
          break
        }
        if buffer[count] == UInt8(ascii: "\n") { break }
        count += 1
      }
      return count
    }
    if isEnd { return nil }
    return consume secret
  }

  /// One key of the terminal on standard input, which is not shown; nil at its end, on Ctrl-D, or
  /// when there is no terminal.
  static func readKey() -> Character? {
    var shown = termios()
    guard tcgetattr(STDIN_FILENO, &shown) == 0 else { return nil }
    // What was typed ahead counts: whoever knows the questions need not wait for them.
    let key = without(ECHO | ICANON, STDIN_FILENO, shown, TCSADRAIN) { () -> UInt8? in
      var byte: UInt8 = 0
      while true {
        let found = read(STDIN_FILENO, &byte, 1)
        if found < 0, errno == EINTR { continue }
        return found == 1 && byte != 4 ? byte : nil
      }
    }
    return key.map { Character(Unicode.Scalar($0)) }
  }

  // MARK: - Echo

  private struct Saved {
    let descriptor: Int32
    var attributes: termios
    /// What becomes of what was typed ahead.
    let action: Int32
  }

  /// The address of a `Saved`, for the signal handler, which may not take locks; 0 for none.
  private static let saved = Atomic<UInt>(0)
  private static let endingSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

  /// Reads while the terminal does without some of its local modes.
  private static func without<Typed: ~Copyable>(
    _ modes: Int32, _ descriptor: Int32, _ shown: termios, _ action: Int32, _ read: () -> Typed?
  ) -> Typed? {
    let memory = UnsafeMutablePointer<Saved>.allocate(capacity: 1)
    memory.initialize(to: Saved(descriptor: descriptor, attributes: shown, action: action))
    defer { memory.deallocate() }
    saved.store(UInt(bitPattern: memory), ordering: .sequentiallyConsistent)
    let before = endingSignals.map { ($0, signal($0, restoreAndEnd)) }
    // Stopped in between, the shell would get a terminal without echo.
    let stopping = signal(SIGTSTP, SIG_IGN)
    defer {
      restore()
      saved.store(0, ordering: .sequentiallyConsistent)
      for (number, handler) in before { signal(number, handler) }
      signal(SIGTSTP, stopping)
    }
    var hidden = shown
    hidden.c_lflag &= ~tcflag_t(modes)
    tcsetattr(descriptor, action, &hidden)
    return read()
  }

  private static let restoreAndEnd: @convention(c) (Int32) -> Void = { number in
    restore()
    signal(number, SIG_DFL)
    raise(number)
  }

  private static func restore() {
    let address = saved.load(ordering: .sequentiallyConsistent)
    guard let memory = UnsafeMutablePointer<Saved>(bitPattern: address) else { return }
    tcsetattr(memory.pointee.descriptor, memory.pointee.action, &memory.pointee.attributes)
  }
}
