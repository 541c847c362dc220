import Node
import Operations
import Signatures
import SyncSession
import WireFormat

extension Behaviour {
  /// What a member has the right to sign, made to cost as much as it can.
  static let burdens = [
    adding("operations claim the year 2200", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      let late: UInt64 = 7_258_118_400_000
      let entries = try (0..<3).map {
        try member.entry("[EXEMPEL] \($0)", signer: member.signer(at: late + $0))
      }
      try await scene.deliver(entries)
      return entries
    },
    Behaviour(
      "a revoked key signs what it dates before its cut", .refused("outside-cut"), isHeld: true
    ) { scene in
      let member = try scene.admit()
      try scene.target.publish(
        [.revoke(key: member.officer.publicKey, heads: [], disowned: [])], with: member.root,
        as: .root)
      await scene.hold()
      try await scene.deliver([try member.entry(signer: member.signer(at: 1_000_000_000_000))])
    },
    adding("one operation comes 1,000 times", .session(isEqual: true)) { scene in
      let entry = try scene.admit().entry()
      try await scene.deliver(.init(repeating: Parcel(entry), count: 1000), perFrame: 200)
      return [entry]
    },
    Behaviour("1,100 operations follow what does not come", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      try await scene.deliver(
        try (0..<1100).map { index in
          let missing = SHA256.hash(Array("\(index)".utf8))
          return try member.entry("[EXEMPEL] \(index)", signer: member.signer(after: [missing]))
        })
    },
    adding("operations each follow sixteen others", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      var entries = try member.entries(Limits.prevMax)
      for index in 0..<30 {
        let prev = entries.suffix(Limits.prevMax).map(\.id)
        entries.append(try member.entry("[EXEMPEL] \(index)", signer: member.signer(after: prev)))
      }
      try await scene.deliver(entries)
      return entries
    },
    adding("changes each supersede 64 assignments", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      let rivals = try member.rivals(Limits.targetsMax)
      let last = try (0..<10).map { try member.title($0, of: rivals, superseding: rivals) }
      try await scene.deliver(rivals + last)
      return rivals + last
    },
    adding("a member signs two histories of one key", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      let first = try member.entry()
      let fork = try (0..<2).map {
        try member.entry("[EXEMPEL] \($0)", signer: member.signer(after: [first.id]))
      }
      try await scene.deliver([first] + fork)
      return [first] + fork
    },
    adding("a member fills a megabyte", .session(isEqual: true)) { scene in
      let member = try scene.admit()
      let entries = try (0..<20).map {
        try member.entry(String(repeating: "\($0)", count: 25_000))
      }
      try await scene.deliver(entries.map { Parcel($0) }, perFrame: 2)
      return entries
    },
  ]
}

extension Behaviour {
  /// For a node with a quota of 200 kB: the others are told that it pauses this organisation.
  package static let quotaFilling = Behaviour(
    "a member fills its quota", .refused("organisation-paused")
  ) { scene in
    let member = try scene.admit()
    let entries = try (0..<8).map { try member.entry(String(repeating: "\($0)", count: 50_000)) }
    try await scene.deliver(entries.map { Parcel($0) }, perFrame: 1)
  }
}

extension Scene {
  /// Delivers an entry and withholds the delegation that it needs; returns both.
  package func withholdDelegation() async throws -> [Operation] {
    let member = try admit()
    let officer = try member.withheldOfficer()
    let entry = try member.entry(signer: member.signer(officer.key, under: officer.act.id))
    try await deliver([entry])
    return [officer.act, entry]
  }
}

extension Member {
  /// Assignments to one field of one record, none of which supersedes another.
  fileprivate func rivals(_ count: Int) throws -> [Operation] {
    let first = try entry()
    return try [first] + (1..<count).map { try title($0, of: [first], superseding: []) }
  }

  fileprivate func title(
    _ number: Int, of record: [Operation], superseding rivals: [Operation]
  ) throws -> Operation {
    try Operation.record(
      [
        ChangeDraft(
          type: .set, path: "title", value: .text("[EXEMPEL] \(number)"),
          targets: rivals.map { AssignmentID(operation: $0.id, index: 0) })
      ], family: "entry", record: record.first?.id, by: signer())
  }
}
