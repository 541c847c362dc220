import Foundation
import HostilePeers
import Node
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// A council's node under attack, and an honest member that goes on syncing with it.
final class Siege {
  let region: TestRegion
  let target: Target
  private let honest: OperationStore
  private let officer: SigningKey
  private let memory: ResidentMemory

  init(ballast: Int = 0) throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let council = try NodeDirectory.open(region.node("council").path)
    let lerum = try NodeDirectory.open(region.node("lerum").path)
    honest = try lerum.openStore()
    officer = try lerum.key(.officer)
    target = Target(
      port: region.council.port, node: try council.key(.node).publicKey,
      founding: try RegionLink(text: region.link).founding, store: try council.openStore(),
      council: try council.key(.council), neighbour: try honest.id())
    memory = ResidentMemory(of: region.council.processIdentifier)
    for _ in 0..<ballast { _ = try write(bytes: 40_000) }
  }

  // MARK: - The honest side

  /// What the honest member holds if nobody disturbs it.
  func held() throws -> Set<Digest> { try Self.held(honest) }

  /// What the target has in its exchanged set.
  func heldByTarget() throws -> Set<Digest> { try Self.held(target.store) }

  private static func held(_ store: OperationStore) throws -> Set<Digest> {
    Set(
      try Scope.allCases.flatMap {
        try store.arrivals(in: $0, after: 0, through: .max, notFrom: nil).map(\.id)
      })
  }

  /// The honest officer writes an entry of some size.
  func write(bytes: Int = 300) throws -> Digest {
    let title = ChangeDraft(
      type: .set, path: "title", value: .text(String(repeating: "ö", count: bytes / 2)))
    let operations = try honest.publish(
      [.record([title], family: "entry", record: nil)], with: officer, as: [.author],
      clock: SystemClock.now, random: { Randomness.bytes(Body.randomByteCount) })
    return try #require(operations.first?.id)
  }

  /// Gives the honest member what it could have from a third node.
  func hear(_ parcels: [Parcel], in scope: Scope) throws {
    let source = try #require(StoreID(Randomness.bytes(StoreID.byteCount)))
    let report = try honest.ingest(
      parcels, in: scope, from: source, cursor: nil, now: SystemClock.now)
    #expect(report.held == parcels.map(\.id))
  }

  /// Runs `sprida sync` and says what it printed, without keeping the attackers from their work.
  func sync() async throws -> Program.Result {
    let folder = region.node("lerum").path
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try Program.run(["sync", "--json", "-d", folder]) })
      }
    }
  }

  /// A sync that ends equal, with the digest of the member's own set.
  func expectEqual(_ result: Program.Result, _ name: String) throws {
    #expect(result.status == 0, "\(name): \(result.errors)\(result.output)")
    let report = try #require((result.json as? [[String: Any]])?.first, "\(name)")
    #expect(report["equal"] as? Bool == true, "\(name)")
    #expect(report["alarm"] as? Bool == false, "\(name)")
    let snapshot = try honest.snapshot()
    var all = snapshot.charter
    all.formUnion(disjoint: snapshot.records)
    #expect(
      report["set_digest"] as? String == "\(all.summary(region: target.region))", "\(name)")
  }

  /// Both hold the same and have made the same records of it.
  func expectSameRecords() async throws {
    try expectEqual(try await sync(), "afterwards")
    #expect(try held() == heldByTarget())
    let records = try records(honest)
    #expect(try !records.isEmpty && records == self.records(target.store))
  }

  private func records(_ store: OperationStore) throws -> [String] {
    try store.projectionDump().filter { $0.contains("family") }
  }

  // MARK: - What the target shows

  /// The target's audit log.
  private func lines() throws -> [AuditLine] {
    var lines: [AuditLine] = []
    try AuditLog(folder: region.node("council").path) { _ in }.read { lines.append($0) }
    return lines
  }

  /// Waits for the line that names the peer and what it did; the daemon writes once a second.
  func expectTrace(of behaviour: Behaviour, in scene: Scene) async throws {
    for _ in 0..<100 {
      if try lines().contains(where: { behaviour.isTraced(by: $0, scene) }) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    let seen = try lines().filter {
      $0.text("peer") == "\(scene.key.publicKey)" || $0.text("address") == scene.address
    }
    Issue.record("\(behaviour): the log has no such line but \(seen.map(\.text))")
  }

  func expectHealth(_ name: String) throws {
    #expect(region.council.isRunning, "\(name)")
    #expect(try target.store.integrityCheck() == "ok", "\(name)")
    let status = try target.store.status()
    #expect(status.waiting <= 1000, "\(name)")
  }

  // MARK: - Memory

  func startMeasuring() throws { try memory.start() }

  func expectMemory(of peers: Int, _ name: String) throws {
    let grown = try memory.peakGrowth()
    #expect(grown <= ResidentMemory.growthMax(peers: peers), "\(name)")
  }
}

extension Behaviour {
  /// Whether a line says who did this, and what it was.
  fileprivate func isTraced(by line: AuditLine, _ scene: Scene) -> Bool {
    switch trace {
    case .address:
      guard line.text("peer") == nil, line.text("address") == scene.address else { return false }
    case .key:
      guard line.text("peer") == "\(scene.key.publicKey)" else { return false }
    }
    switch outcome {
    case .refused(let code): return line.kind == "refusal" && line.text("code") == code
    case .session(let isEqual):
      return line.kind == "session" && line.isTrue("equal") == isEqual
    }
  }
}
