import Foundation
import Logging
import Node
import OperationStore
import Operations
import SyncSession
import ServiceLifecycle
import UnixSignals

/// The product under the peers' harness: `peers.json` names these commands.
///
///     benchmark-peer init DB | import DB FILE | serve DB PORT | sync DB PORT | dump DB | index DB
///
/// For `growth.py` also:
///
///     benchmark-peer fill DB COUNT | news DB COUNT | scatter DB COUNT
@main
struct BenchmarkPeer {
  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst().map(\.self)
    guard arguments.count >= 2 else { fatalError("expected a command and a store") }
    let (command, path) = (arguments[0], arguments[1])
    if command == "init" { return try BenchmarkNode.create(path) }
    let node = try BenchmarkNode(path)
    switch command {
    case "import": try node.publish(arguments[2])
    case "serve": try await serve(node, port: Int(arguments[2]) ?? 0)
    case "sync": try await sync(node, port: arguments[2])
    case "dump": try dump(node)
    case "index": try node.store.completeSearchIndex()
    case "fill", "news", "scatter":
      let count = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 0
      var growing = try GrowingStore(node, seed: UInt64(count))
      switch command {
      case "fill": try growing.fill(count, now: SystemClock.now)
      case "news": try growing.news(count, now: SystemClock.now)
      default: try growing.scatter(count, now: SystemClock.now)
      }
    default: fatalError("unknown command \(command)")
    }
  }

  private static func audit(_ node: BenchmarkNode) throws -> AuditLog {
    try FileManager.default.createDirectory(
      atPath: node.folder, withIntermediateDirectories: true)
    return AuditLog(folder: node.folder) { fatalError("the audit log: \($0)") }
  }

  private static func serve(_ node: BenchmarkNode, port: Int) async throws {
    let audit = try audit(node)
    var logger = Logger(label: "benchmark")
    logger.logLevel = .error
    let listener = try await ListenerService.bind(
      host: "127.0.0.1", port: port, store: node.store, identity: node.identity, audit: audit,
      duty: ErasureDuty(store: node.store, service: nil, audit: audit), logger: logger,
      onReady: { _ in })
    try await ServiceGroup(
      services: [listener], gracefulShutdownSignals: [.sigterm], logger: logger
    ).run()
  }

  private static func sync(_ node: BenchmarkNode, port: String) async throws {
    let audit = try audit(node)
    let peer = Peer(
      key: node.peerKey, address: "127.0.0.1:\(port)", name: "peer", organisation: nil,
      isPinned: false)
    let outcome = try await Syncing.call(peer, store: node.store, identity: node.identity) { _ in }
    let duty = ErasureDuty(store: node.store, service: nil, audit: audit)
    try SessionAftermath(store: node.store, audit: audit, duty: duty).follow(outcome, .out)
    guard outcome.report.isEqual else { fatalError("not equal") }
    if let path = ProcessInfo.processInfo.environment["BENCHMARK_REPORT"] {
      let report = outcome.report
      let line: String =
        "received=\(report.received) sent=\(report.sent) trips=\(report.roundTrips) "
        + "bytes=\(outcome.bytesReceived + outcome.bytesSent) "
        + "reconciled=\(report.usedReconciliation)\n"
      try line.write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  private static func dump(_ node: BenchmarkNode) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for entry in try node.entries() {
      print(String(decoding: try encoder.encode(entry), as: UTF8.self))
    }
  }
}
