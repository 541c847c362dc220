import Glibc
import Practice

/// The process's streams, as bytes.
enum StandardStreams {
  static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      rest = rest.dropFirst(written)
    }
  }

  /// Every line after the first stands two columns in, so that no argument or peer can add one
  /// that reads like ours.
  static func writeError(_ text: String) {
    let lines = VisibleText.block(text).split(separator: "\n", omittingEmptySubsequences: false)
    let indented = lines.enumerated().map { $0 == 0 || $1.isEmpty ? "\($1)" : "  \($1)" }
    write(Array((indented.joined(separator: "\n") + "\n").utf8), to: STDERR_FILENO)
  }

  /// Everything up to the end of standard input, or of another stream.
  static func readAll(from descriptor: Int32 = STDIN_FILENO) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return all }
      all += buffer[..<count]
    }
  }
}
