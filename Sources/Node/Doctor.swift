import CRDT
import FoundationEssentials
import Glibc
import OperationStore
import Operations
import Signatures

/// Looks at everything of a node that can be checked without another.
package struct Doctor {
  /// How many findings of one kind others can cause are named; the rest is counted by `more`.
  package static let shownMax = 10
  private static let proofsPerKey = 4
  private static let branchesMax = 4

  private let directory: NodeDirectory
  private let store: OperationStore
  private let now: UInt64
  package private(set) var diagnoses: [Diagnosis] = []
  /// How many of each code are not among the diagnoses, for there are too many.
  package private(set) var more: [Diagnosis.Code: Int] = [:]

  /// Examines a node; `isDeep` also verifies every signature and remakes what is derived.
  package init(
    directory: NodeDirectory, store: OperationStore, now: UInt64, isDeep: Bool,
    progress: (Int, Int) -> Void
  ) throws {
    self.directory = directory
    self.store = store
    self.now = now
    let damage = try store.damage(isDeep: isDeep, progress: progress)
    report(damage)
    checkFiles()
    // What cannot be read cannot be judged either.
    guard damage.integrity.isEmpty else { return }
    try checkKeys()
    try checkCharter()
    try checkSet()
  }

  private mutating func report(_ damage: StoreDamage) {
    if !damage.integrity.isEmpty { diagnoses.append(.fileDamaged(damage.integrity)) }
    if damage.operationCount > 0 {
      diagnoses.append(.operationsDamaged(damage.operations, count: damage.operationCount))
    }
    if !damage.digests.isEmpty { diagnoses.append(.digestsDiffer(damage.digests)) }
    if !damage.projections.isEmpty { diagnoses.append(.projectionsDiffer(damage.projections)) }
    if !damage.attachments.isEmpty { diagnoses.append(.attachmentsDamaged(damage.attachments)) }
  }

  /// Adds what others may cause without end, up to a bound.
  private mutating func add(_ found: [Diagnosis]) {
    diagnoses += found.prefix(Self.shownMax)
    if let code = found.first?.code, found.count > Self.shownMax {
      more[code] = found.count - Self.shownMax
    }
  }

  // MARK: - The node

  private mutating func checkFiles() {
    for path in directory.privatePaths {
      do {
        try PrivateFile.check(path)
      } catch NodeError.openMode(let path, let mode, let expected) {
        diagnoses.append(.fileOpen(path: path, mode: mode, expected: expected))
      } catch {
        // Gone since the folder was listed.
      }
    }
    if let network = NetworkFileSystem.type(of: directory.path), OperationStore.hasWriterRace {
      diagnoses.append(.secondWriter(fileSystem: network, sqlite: OperationStore.sqliteVersion))
    }
  }

  private mutating func checkKeys() throws {
    for own in directory.ownKeys() {
      let heads = try store.foreignHeads(of: own.key)
      if !heads.isEmpty { diagnoses.append(.foreignHeads(own, heads)) }
    }
  }

  // MARK: - The region

  private mutating func checkCharter() throws {
    let charter = try store.charter()
    let contested = try store.contestedRotations(limit: Self.shownMax)
    if !contested.isEmpty { diagnoses.append(.contestedRotations(contested)) }
    let present = charter.organisations.filter { !$0.isRemoved }
    let claims = present.flatMap { claimant in claimant.codes.own.map { ($0, [claimant]) } }
    add(
      Dictionary(claims, uniquingKeysWith: +).filter { $0.value.count > 1 }
        .sorted { $0.key < $1.key }
        .map { .codeClaimed($0.key, Array($0.value.prefix(Self.shownMax))) })
    let time = Timestamp(milliseconds: now)
    add(
      charter.allGrants.filter { grant in
        grant.to != 0 && grant.to <= now && charter.isOpen(grant)
          && charter.grant(to: grant.key, as: grant.role, at: time) == nil
      }.map(Diagnosis.keyOpen))
    add(
      try store.awaitedHeads().sorted { $0.key < $1.key }
        .map { .awaitedHeads($0.key, Array($0.value.prefix(Self.shownMax))) })
  }

  private mutating func checkSet() throws {
    add(
      try store.forks(shownPerKey: Self.proofsPerKey, branchesMax: Self.branchesMax)
        .map(Diagnosis.forks))
    let status = try store.status()
    if status.waiting > 0 { diagnoses.append(.waiting(status.waiting)) }
    if status.bodyMissing > 0 { diagnoses.append(.contentMissing(status.bodyMissing)) }
  }
}

extension NodeDirectory {
  /// What nobody else may read.
  fileprivate var privatePaths: [String] {
    let folders = [path, path + "/keys"]
    let files = ["node.json", "audit.jsonl"].map { "\(path)/\($0)" }
    let store = ["", "-wal", "-shm", ".lock"].map { storePath + $0 }
    let keys = ((try? keyFiles()) ?? []).map { "\(path)/\($0)" }
    return (folders + files + store + keys).filter { access($0, F_OK) == 0 }
  }

  /// The keys here, by their files.
  package func ownKeys() -> [OwnKey] {
    ((try? keyFiles()) ?? []).compactMap { file in
      let parts = file.dropLast(".key".count).split(separator: "/").dropFirst()
      guard let name = parts.last.flatMap({ KeyName(rawValue: String($0)) }) else { return nil }
      let guest = parts.count > 1 ? parts.first.map(String.init) : nil
      return (try? publicKey(name, guest: guest)).map {
        OwnKey(name: parts.joined(separator: "/"), key: $0)
      }
    }
  }
}
