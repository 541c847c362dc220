import OperationStore
import Operations
import Signatures
import SyncSession
import TestSupport

// Without faults, and whatever liars say, all honest nodes become equal.
extension World {
  private static let roundsMax = 6

  func calm() throws {
    guard try converge() else { return }
    if faults.hasErasures {
      try carryOutErasures()
      guard try converge() else { return }
      // Liars have perhaps ordered something more.
      try carryOutErasures()
    }
    try check()
  }

  /// Everybody calls node 0 until all are equal; liars may call too.
  private func converge() throws -> Bool {
    for round in 1...Self.roundsMax {
      for node in nodes where !node.isHonest && generator.chance(50) {
        _ = try sync(node)
      }
      var unequal: [String] = []
      for node in nodes.dropFirst() where node.isHonest {
        if try !isEqualToNode0(node) { unequal.append(node.name) }
      }
      // What has just come may have released something that waited, which is the next session's.
      unequal += try nodes.filter { try $0.isHonest && isPresent($0) && !holdsAsNode0($0) }
        .map(\.name)
      if unequal.isEmpty, round > 1 { return true }
      if round == Self.roundsMax {
        problem("nodes \(unequal) are not equal to node 0 after \(round) rounds")
      }
    }
    return false
  }

  /// Whether node 0 would still talk to it.
  func isPresent(_ node: VirtualNode) throws -> Bool {
    try nodes[0].store.charter().node(node.key) != nil
  }

  /// One call; a node that has been taken out of the roster is refused, and need not be equal.
  private func isEqualToNode0(_ caller: VirtualNode) throws -> Bool {
    let isRemoved = try !nodes[0].store.charter().removal(ofNode: caller.key).isEmpty
    let isPresent = try isPresent(caller)
    let connection = try sync(caller)
    let reports = connection.reports
    if connection.isOpen, !connection.isFinished {
      problem("a calm session of node \(caller.name) did not end")
    }
    guard connection.isFinished else { return !isPresent }
    if isRemoved { problem("node \(caller.name) was removed and is still served") }
    if reports[0].isEqual != reports[1].isEqual {
      problem("the two sides of a session disagree on equality")
    }
    guard reports[0].isEqual else { return false }
    if try reports.allSatisfy({ $0.received == 0 }) && !holdsAsNode0(caller) {
      problem("node \(caller.name) was falsely called equal")
    }
    return true
  }

  private func holdsAsNode0(_ node: VirtualNode) throws -> Bool {
    try node.store.snapshot().total == nodes[0].store.snapshot().total
  }

  /// A session of a node with node 0, from its beginning to its end.
  private func sync(_ caller: VirtualNode) throws -> VirtualConnection {
    now += 1000
    let connection = try connection(caller, nodes[0])
    var steps = 0
    while connection.isOpen, !connection.isFinished, steps < 10_000 {
      try connection.step(now: now, faults: .none, using: &generator)
      steps += 1
    }
    close(connection)
    return connection
  }

  /// Nobody calls equal what differs, and nobody takes itself for a copy that is none.
  func checkReports(_ connection: VirtualConnection) {
    guard connection.nodes.allSatisfy(\.isHonest) else { return }
    let reports = connection.reports
    // An act of a third node may change what the sets are between the end of one side and the other.
    let isStable = !faults.hasAuthority && !faults.hasLiars && !faults.hasErasures
    if isStable, reports.allSatisfy(\.isEqual), reports[0].digest != reports[1].digest {
      problem("two sides that call themselves equal name different sets")
    }
    // A liar or a damaged hello may make anybody take itself for a copy.
    guard !faults.hasLiars, !faults.damagesFrames else { return }
    for (node, report) in zip(connection.nodes, reports) where report.isCopy && !node.wasCopied {
      problem("node \(node.name) takes itself for a copy")
    }
  }
}
