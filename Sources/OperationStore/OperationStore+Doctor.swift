import FoundationEssentials
import GRDB
import Operations
import Signatures

/// The forks of one key, with the signed headers of some of them as proof.
package struct KeyForks: Sendable {
  package struct Proof: Sendable {
    package let fork: Fork
    /// The first branches, without bodies.
    package let branches: [(operation: Operation, verdict: Verdict)]
  }

  package let key: PublicKey
  package let count: Int
  package let proofs: [Proof]
}

// What a doctor asks of a store.
extension OperationStore {
  /// Checks the pages of the file, the bytes of every operation and the set digests; with `isDeep`
  /// also every signature, and what a rebuild would make of the operations.
  package func damage(isDeep: Bool, progress: (Int, Int) -> Void) throws -> StoreDamage {
    var damage = try file.read {
      StoreDamage.find($0, region: region, isDeep: isDeep, progress: progress).damage
    }
    if isDeep, damage.isEmpty { damage.projections = try differingProjections() }
    return damage
  }

  /// Rebuilds a copy, so that nobody has to wait and nothing is changed.
  private func differingProjections() throws -> [String] {
    guard file.isOnDisk else { return [] }
    let draft = try DraftFile(for: path + ".doctor")
    try file.copy(to: draft.path)
    let copy = try OperationStore.open(path: draft.path)
    // A text of the index that does not unpack cannot be read at all.
    let before = try? copy.projectionHashes()
    let isIndexWhole = try copy.isSearchIndexWhole()
    try copy.rebuild()
    let after = try copy.projectionHashes()
    return
      (before.map { before in after.keys.filter { before[$0] != after[$0] }.sorted() }
      ?? ["searched_text"])
      + (isIndexWhole ? [] : ["record_text"])
  }

  /// The forks of every key, those of one key at a time.
  package func forks(shownPerKey shown: Int, branchesMax: Int) throws -> [KeyForks] {
    try file.read { db in
      let charter = try charter(db)
      let authors = try Data.fetchAll(
        db, sql: "SELECT DISTINCT author FROM operation ORDER BY author")
      return try authors.compactMap { PublicKey(Array($0)) }.compactMap { author in
        let forks = Fork.all(in: try Self.forkEntries(of: author, charter, db))
        guard !forks.isEmpty else { return nil }
        return KeyForks(
          key: author, count: forks.count,
          proofs: try forks.prefix(shown).map { fork in
            KeyForks.Proof(
              fork: fork,
              branches: try fork.branches.prefix(branchesMax).compactMap { try Self.branch($0, db) }
            )
          })
      }
    }
  }

  /// What of a key is exchanged; the founding operation belongs to no graph.
  private static func forkEntries(
    of author: PublicKey, _ charter: Charter, _ db: Database
  ) throws -> [Fork.Entry] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT envelope, NULL AS body FROM operation
        WHERE author = ? AND exchanged = 1 AND id <> ?
        """, arguments: [Data(author.bytes), charter.region.data])
    var entries: [Fork.Entry] = []
    while let row = try rows.next() {
      let operation = try row.operation()
      guard let grant = charter.grant(of: operation) else { continue }
      entries.append(
        Fork.Entry(
          id: operation.id, organisation: grant.organisation, role: grant.role,
          prev: operation.header.prev))
    }
    return entries
  }

  private static func branch(
    _ id: Digest, _ db: Database
  ) throws -> (operation: Operation, verdict: Verdict)? {
    let row = try Row.fetchOne(
      db, sql: "SELECT envelope, NULL AS body, verdict FROM operation WHERE id = ?",
      arguments: [id.data])
    return try row.map {
      (try $0.operation(), Verdict(rawValue: UInt64($0["verdict"] as Int64)) ?? .notAuthorised)
    }
  }

  /// Rotations that stand against each other; neither acts until the council decides.
  package func contestedRotations(limit: Int) throws -> [Operation] {
    try file.read { db in
      try Row.fetchAll(
        db,
        sql: "SELECT envelope, body FROM operation WHERE verdict = ? ORDER BY arrival LIMIT ?",
        arguments: [Int64(Verdict.contested.rawValue), limit]
      ).map { try $0.operation() }
    }
  }

  /// Whether the index holds exactly the texts of the records.
  private func isSearchIndexWhole() throws -> Bool {
    do {
      try file.write { db in
        for index in Migrations.wordIndexes {
          try db.execute(sql: "INSERT INTO \(index) (\(index), rank) VALUES ('integrity-check', 1)")
        }
      }
      return true
    } catch is StoreError {
      return false
    } catch is DatabaseError {
      return false
    }
  }
}
