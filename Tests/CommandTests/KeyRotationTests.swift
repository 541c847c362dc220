import CRDT
import Foundation
import Node
import OperationStore
import Operations
import Signatures
import Testing

@Suite(.ownThread, .timeLimit(.minutes(5))) struct KeyRotationTests {
  private struct Stop: Error {}

  private func node(_ region: TestRegion, _ name: String) throws
    -> (directory: NodeDirectory, store: OperationStore)
  {
    let directory = try NodeDirectory.open(region.node(name).path)
    return (directory, try directory.openStore())
  }

  private func rotations(_ store: OperationStore, by keys: [PublicKey]) throws -> [Digest] {
    try keys.compactMap { try store.rotation(by: $0)?.id }
  }

  private func key(_ region: TestRegion, _ name: String, _ file: String) -> URL {
    region.node(name).appendingPathComponent("keys/\(file).key")
  }

  private func delegate(
    _ store: OperationStore, with key: SigningKey, role: Role = .root
  ) throws -> Operations.Operation {
    let admin = try #require(SigningKey(seed: Randomness.bytes(32))).publicKey
    return try store.sign(
      [.act(.delegate(key: admin, role: .admin, from: 0, to: 0), name: nil)], with: key,
      as: [role])[0]
  }

  @Test func `after a rotation the new root delegates and the old can do nothing, on every node`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let (directory, store) = try node(region, "lerum")
    let (old, next) = (try directory.key(.root), try directory.key(.nextRoot))
    let before = try delegate(store, with: old)

    let refused = try region.attempt("lerum", ["key", "rotate", "root"], input: "nej\n")
    #expect(refused.status == 1 && refused.output.contains("\(before.id.description.prefix(12))"))
    #expect(try store.rotation(by: next.publicKey) == nil)
    let told = try region.run("lerum", "key", "rotate", "root", input: "ja\n").output
    #expect(told.contains("sprida key paper next-root") && told.contains("old-root-"))
    try region.run("lerum", "sync")

    let root = try NodeDirectory.open(directory.path).key(.root)
    #expect(root.publicKey == next.publicKey)
    let after = try delegate(store, with: root)
    #expect {
      _ = try delegate(store, with: old)
    } throws: {
      if case StoreError.noGrant = $0 { true } else { false }
    }
    // What a thief signs with the old key elsewhere reaches nobody.
    try region.run("lerum", "sync")
    for name in ["lerum", "council"] {
      let charter = try node(region, name).store.charter()
      let now = Timestamp(milliseconds: SystemClock.now)
      #expect(charter.isAccepted(before.id) && charter.isAccepted(after.id))
      #expect(charter.grant(to: old.publicKey, as: .root, at: now) == nil)
      #expect(charter.grant(to: next.publicKey, as: .root, at: now) != nil)
    }
    _ = try region.publish("lerum", TestRegion.document("Efter bytet"))
    let events = try region.run("lerum", "audit").output
    #expect(events.contains("event=rotated name=root") && events.contains("act=rotate"))
  }

  @Test(arguments: Rotation.Step.allCases, [false, true])
  func `interrupted after any step, the same command completes one and the same rotation`(
    step: Rotation.Step, isOldLost: Bool
  ) throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let (directory, store) = try node(region, "lerum")
    let (old, next) = (try directory.publicKey(.root), try directory.publicKey(.nextRoot))
    if isOldLost { try FileManager.default.removeItem(at: key(region, "lerum", "root")) }
    let rotation = try Rotation(.root, guest: nil, directory: directory, store: store)
    let audit = AuditLog(folder: directory.path) { Issue.record($0) }
    #expect(throws: Stop.self) {
      _ = try rotation.run(audit: audit) { if $0 == step { throw Stop() } }
    }
    let signed = try rotations(store, by: [next])
    #expect(signed.count == (step == .drawn ? 0 : 1))

    if step == .finished {
      // Nothing is left to complete; the command would begin the next rotation, and asks.
      #expect(try region.attempt("lerum", ["key", "rotate", "root"], input: "nej\n").status == 1)
    } else {
      try region.run("lerum", "key", "rotate", "root", "--yes")
    }
    let now = try NodeDirectory.open(directory.path)
    let (root, following) = (try now.publicKey(.root), try now.publicKey(.nextRoot))
    #expect(root == next)
    #expect(!now.hasKey(.pendingRoot))
    let held = try #require(try store.rotation(by: next))
    #expect(signed.isEmpty || signed == [held.id])
    guard case .act(.rotate(_, let successor)) = held.header.content else { return }
    #expect(successor == Act.successorHash(of: following))
    #expect(try rotations(store, by: [old, next, following]) == [held.id])
    #expect(try now.oldKeys().map(\.publicKey) == (isOldLost ? [] : [old]))
    #expect(try store.charter().isAccepted(held.id))
  }

  @Test func `a second copy of the keys does not sign another rotation`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let saved = try ["root", "next-root"].map {
      ($0, try Data(contentsOf: key(region, "lerum", $0)))
    }
    try region.run("lerum", "key", "rotate", "root", "--yes")
    for (name, bytes) in saved { try bytes.write(to: key(region, "lerum", name)) }
    for (name, _) in saved {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o600], ofItemAtPath: key(region, "lerum", name).path)
    }
    let again = try region.attempt("lerum", ["key", "rotate", "root", "--yes"])
    #expect(again.status == 1 && again.errors.contains("strida mot den"), "\(again.errors)")
  }

  @Test func `a next key that nothing has committed to signs nothing`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try FileManager.default.removeItem(at: key(region, "lerum", "next-root"))
    let missing = try region.attempt("lerum", ["key", "rotate", "root", "--yes"])
    #expect(missing.status == 1 && missing.errors.contains("next-root"))
    _ = try NodeDirectory.open(region.node("lerum").path).createKey(.nextRoot)
    let wrong = try region.attempt("lerum", ["key", "rotate", "root", "--yes"])
    #expect(wrong.status == 1 && wrong.errors.contains("har utfäst"))
    #expect(!FileManager.default.fileExists(atPath: key(region, "lerum", "pending-root").path))
  }

  @Test func `with the server lost, a sheet and an officer's laptop bring the organisation back`()
    throws
  {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.enrol("laptop", of: "lerum")
    let sheet = try region.run("lerum", "key", "paper", "next-root").output
    let record = try region.publish("lerum", TestRegion.document("Före branden"))
    try region.run("lerum", "sync")
    let old = try node(region, "lerum").directory.key(.root)
    try FileManager.default.removeItem(at: region.node("lerum"))

    let recovered = try region.run("laptop", "key", "recover", "next-root", input: sheet).output
    #expect(recovered.contains("Lerums kommun: utfäst som nästa"))
    try region.run("laptop", "sync")
    let rotated = try region.run("laptop", "key", "rotate", "root", "--yes").output
    #expect(!rotated.contains("old-root-"))
    let (directory, store) = try node(region, "laptop")
    let act = try delegate(store, with: try directory.key(.root))
    try region.run("laptop", "sync")
    let council = try node(region, "council").store.charter()
    #expect(council.isAccepted(act.id))
    let now = Timestamp(milliseconds: SystemClock.now)
    #expect(council.grant(to: old.publicKey, as: .root, at: now) == nil)
    #expect(try region.run("laptop", "show", record).output.contains("Före branden"))
    _ = try region.publish("laptop", TestRegion.document("Efter branden"))
  }

  @Test func `the council's key and those of a guest rotate in the same way`() throws {
    let region = try TestRegion()
    let code = "org:2021003054"
    try region.run("council", "admit", "--hosted", code, "--name", "KTH")
    let council = try #require(
      try region.run("council", "key", "rotate", "council", "--yes", "--json").json
        as? [String: Any])
    let guest = try #require(
      try region.run("council", "key", "rotate", "root", "--as", code, "--yes", "--json").json
        as? [String: Any])
    for answer in [council, guest] {
      let file = try #require(answer["old_file"] as? String)
      #expect(FileManager.default.fileExists(atPath: file))
    }
    try region.run("council", "admit", "--hosted", "org:2021002932", "--name", "LiU")
    let titles = try #require(
      try region.run("council", "key", "list", "--json").json as? [[String: Any]]
    )
    .compactMap { $0["name"] as? String }
    #expect(titles.contains { $0.hasPrefix("old-council-") })
    #expect(titles.contains("org-2021003054/next-root"))
  }

  @Test func `a protected next key leaves only protected keys behind`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let phrase = "häst batteri klammer fem"
    try region.run(
      "lerum", "key", "protect", "next-root", "--passphrase-fd", "0", input: phrase)
    try region.run(
      "lerum", "key", "rotate", "root", "--yes", "--passphrase-fd", "0", input: phrase)
    let directory = try NodeDirectory.open(region.node("lerum").path) { _ in
      Secret(copying: phrase.utf8)
    }
    for name in [NodeDirectory.KeyName.root, .nextRoot] {
      #expect(try directory.isProtected(name))
      #expect(
        try NodeFolder.leaks(of: try directory.key(name).seed, in: directory.path).isEmpty)
    }
  }
}
