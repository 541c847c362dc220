import CRDT
import FoundationEssentials
import Glibc
import OperationStore
import Operations
import Signatures

extension Health.Facts {
  /// What a node knows about itself.
  package init(directory: NodeDirectory, store: OperationStore, now: UInt64) throws {
    self.init(now: now)
    let charter = try store.charter()
    let own = try directory.publicKey(.node)
    let organisation = charter.node(own)?.organisation
    let peers = Peers(charter: charter, link: try directory.settings.regionLink, own: own)
    let status = try store.status()
    self.peers = peers.expected(by: organisation, council: charter.region).map { peer in
      let session = status.peers.first { $0.node == peer.key }
      return Health.Peer(
        name: peer.name, node: peer.key,
        knownSince: max(
          charter.node(peer.key)?.timestamp.milliseconds ?? 0, directory.createdMilliseconds),
        latest: session.map { UInt64(clamping: $0.latest) },
        latestEqual: session?.latestEqual.map { UInt64(clamping: $0) })
    }
    keys = organisation.map { Self.keys(of: $0, charter) } ?? []
    disk = Health.Disk(storePath: directory.storePath)
    overdueErasures = try store.dueErasures(now: now - min(now, Health.erasureMilliseconds)).count
    if let organisation, try !store.isUnsynced() {
      expiredContacts = try store.records(family: "contact").count {
        $0.key.organisation == organisation && $0.isExpired(today: SystemClock.today)
      }
    }
    isQuarantined = status.isUnsynced
    hasPaused = !status.paused.isEmpty
    missingContents = status.bodyMissing
    try measure(AuditLog(folder: directory.path) { _ in })
  }

  /// What ends of an organisation; of a key delegated again the later end counts.
  private static func keys(of organisation: Digest, _ charter: Charter) -> [Health.Key] {
    let grants = charter.allGrants.filter {
      $0.organisation == organisation && charter.isOpen($0)
    }
    return grants.filter { grant in
      grant.to != 0
        && !grants.contains {
          $0.key == grant.key && $0.role == grant.role && $0.operation != grant.operation
            && ($0.to == 0 || ($0.to, $0.operation) > (grant.to, grant.operation))
        }
    }.map { Health.Key(key: $0.key, role: $0.role, end: $0.to) }
  }

  /// Takes what sessions have measured from the end of the audit log, which has room for thousands.
  private mutating func measure(_ log: AuditLog) throws {
    var latest: [String: Int64] = [:]
    let skewsSince = AuditLine.time(now - min(now, Health.skewWindowMilliseconds))
    try log.read(
      since: now - min(now, Health.alarmWindowMilliseconds), lastBytes: 4 << 20
    ) { line in
      guard line.kind == AuditEntry.Kind.session.rawValue else { return }
      alarms += line.isTrue("alarm") ? 1 : 0
      if line.time >= skewsSince, let peer = line.text("peer"),
        let skew = line.number("clock_skew_ms")
      {
        latest[peer] = skew
      }
    }
    skews = latest.values.sorted()
  }
}

extension Health.Disk {
  /// Nil when the system does not say.
  fileprivate init?(storePath: String) {
    var info = statvfs()
    guard statvfs(storePath, &info) == 0 else { return nil }
    let block = Int64(clamping: info.f_frsize)
    let store = [storePath, storePath + "-wal"].map { path -> Int64 in
      var file = stat()
      return stat(path, &file) == 0 ? Int64(file.st_size) : 0
    }
    self.init(
      free: Int64(clamping: info.f_bavail) * block, total: Int64(clamping: info.f_blocks) * block,
      store: store.reduce(0, +))
  }
}

extension NodeDirectory {
  /// When the node was made, or moved here: before that it could not meet anybody.
  fileprivate var createdMilliseconds: UInt64 {
    var info = stat()
    guard stat(path + "/node.json", &info) == 0 else { return 0 }
    return UInt64(clamping: info.st_mtim.tv_sec) * 1000
  }
}
