import Foundation
import Testing

/// A terminal, which `script` provides.
enum TestTerminal {
  static let isHere = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  /// Runs a shell command on a new terminal and types each answer once its prompt is there.
  static func session(
    _ command: String, _ answers: [(prompt: String, answer: String)],
    environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
    process.arguments = ["-qec", command, "/dev/null"]
    process.environment = ["LANG": "sv_SE.UTF-8", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"]
      .merging(environment) { $1 }
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var text = ""
    for (prompt, answer) in answers {
      var seen = ""
      while !seen.contains(prompt) {
        let data = output.fileHandleForReading.availableData
        try #require(!data.isEmpty, "ended before “\(prompt)”: \(text)\(seen)")
        seen += String(decoding: data, as: UTF8.self)
      }
      text += seen
      // The prompt is written before echo is turned off, which drops what was typed too early.
      usleep(200_000)
      input.fileHandleForWriting.write(Data(answer.utf8))
    }
    text += String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  /// A command of the program on a node, for the shell.
  static func sprida(_ arguments: String, in node: URL) -> String {
    "'\(Program.url.path)' \(arguments) -d '\(node.path)'"
  }
}
