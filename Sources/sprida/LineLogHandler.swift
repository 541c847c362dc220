import FoundationEssentials
import Logging
import Practice

/// One event on one line of standard error, whatever a peer has put into its values.
///
///     2026-11-22T21:15:03Z warning refused address="192.0.2.7:4711" code="tls-failed" …
///
/// Every value is quoted, so that none can add a field.
struct LineLogHandler: LogHandler {
  var metadata = Logger.Metadata()
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      .map { "\(Self.word($0.key))=\(Self.quoted("\($0.value)"))" }
    let words = [Date().formatted(.iso8601), "\(event.level)", "\(event.message)"] + fields
    StandardStreams.writeError(VisibleText.line(words.joined(separator: " ")))
  }

  private static func word(_ key: String) -> String {
    String(key.map { $0 == " " || $0 == "=" || $0 == "\"" ? "_" : $0 })
  }

  private static func quoted(_ value: String) -> String {
    "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
