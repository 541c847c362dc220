import Foundation
import Testing

/// The built `sprida`, run as a person or a service would.
enum Program {
  struct Result {
    let status: Int32
    let output: String
    let errors: String

    var json: Any? { try? JSONSerialization.jsonObject(with: Data(output.utf8)) }
  }

  /// Beside the test bundle, in the configuration under test.
  static let url = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("sprida")

  /// Runs one command to its end, in Swedish unless told otherwise.
  static func run(_ arguments: [String], input: String = "", locale: String = "sv_SE.UTF-8")
    throws -> Result
  {
    try result(of: process(arguments, locale: locale), input: input)
  }

  /// Runs a line of shell, to which the program is `$0` and the arguments are `$@`.
  static func shell(
    _ line: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Result {
    let process = process(["-c", line, url.path] + arguments)
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.environment?.merge(environment) { $1 }
    return try result(of: process, input: "")
  }

  private static func result(of process: Process, input: String) throws -> Result {
    let (output, errors, standardInput) = (Pipe(), Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = standardInput
    try process.run()
    standardInput.fileHandleForWriting.write(Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    // Errors are few; output is read first and to its end.
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let problems = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: problems, as: UTF8.self))
  }

  static func process(_ arguments: [String], locale: String = "sv_SE.UTF-8") -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = ["LANG": locale, "HOME": NSTemporaryDirectory(), "PATH": "/usr/bin:/bin"]
    return process
  }
}

/// A running `sprida serve`, or another command that listens.
final class Server {
  let port: Int
  private let process: Process
  private let log: URL

  /// Starts on a free port and waits until it listens.
  init(_ folder: URL, port: Int = 0, command: [String] = ["serve"]) throws {
    process = Program.process(command + ["-d", folder.path, "--listen", "127.0.0.1:\(port)"])
    let output = Pipe()
    log = folder.appendingPathComponent("\(command[0]).log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: log)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.contains("\n") {
      let data = output.fileHandleForReading.availableData
      guard !data.isEmpty else { throw NotListening(log: Self.text(of: log)) }
      line += String(decoding: data, as: UTF8.self)
    }
    guard let found = Int(line.split(separator: ":").last?.filter(\.isNumber) ?? "") else {
      throw NotListening(log: line)
    }
    self.port = found
  }

  struct NotListening: Error { let log: String }

  var isRunning: Bool { process.isRunning }
  var processIdentifier: Int32 { process.processIdentifier }

  func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  deinit {
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
  }

  private static func text(of log: URL) -> String {
    (try? String(contentsOf: log, encoding: .utf8)) ?? ""
  }
}
