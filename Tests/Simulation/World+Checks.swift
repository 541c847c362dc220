import OperationStore
import Operations
import Signatures
import TestSupport

// What must hold after the calm; each problem is a sentence.
extension World {
  func check() throws {
    let honest = nodes.filter(\.isHonest)
    let present = try honest.filter(isPresent)
    try checkStates(present)
    try checkAbsent(honest.filter { node in !present.contains { $0 === node } })
    try checkVerdicts(present, honest)
    try checkRecords()
    try checkFiles(present)
    if faults.hasErasures { try checkErasures(present) }
    try checkRebuild()
  }

  private func checkStates(_ present: [VirtualNode]) throws {
    let reference = try nodes[0].store.exchangedDump()
    let status = try nodes[0].store.status()
    (outcome.operations, outcome.records) = (status.held, status.records)
    for node in present {
      let state = try node.store.exchangedDump()
      if let line = state.firstDifference(from: reference) {
        problem("node \(node.name) shows another state than node 0: \(line)")
      }
      // When all others lie, nobody brings node 0 up to date.
      if try present.count > 1 && node.store.isUnsynced() {
        problem("node \(node.name) still hides its records")
      }
      // What was cut, withheld or lost leaves its followers waiting for ever.
      let isWhole = !faults.hasLiars && !faults.hasAuthority && !faults.hasRestores
      if try isWhole && node.store.status().waiting > 0 { problem("node \(node.name) still waits") }
    }
  }

  /// Whoever was taken out of the roster has been told so.
  private func checkAbsent(_ absent: [VirtualNode]) throws {
    let charter = try nodes[0].store.charter()
    for node in absent where !charter.removal(ofNode: node.key).isEmpty {
      count("removed node")
      let own = try node.store.charter()
      if own.node(node.key) != nil || own.removal(ofNode: node.key).isEmpty {
        problem("node \(node.name) was removed and does not know")
      }
    }
  }

  // MARK: - Authority and loss

  /// Judges everything that has reached the honest nodes a second time, and finds what is lost.
  private func checkVerdicts(_ present: [VirtualNode], _ honest: [VirtualNode]) throws {
    let reached = try signed.values.sorted { $0.id < $1.id }.filter { operation in
      try present.contains { try $0.store.place(of: operation.id) != nil }
    }
    let naive = NaiveCharter(founding: region.founding, operations: reached)
    let held = try nodes[0].store.status().held
    let known = try reached.count { try nodes[0].store.place(of: $0.id) != nil }
    if held != known + 1 { problem("node 0 holds an operation that nobody has signed") }
    for operation in reached {
      try check(operation, naive)
    }
    for id in promises.ids {
      try checkPromise(id, naive, present, honest)
    }
  }

  private func check(_ operation: Operation, _ naive: NaiveCharter) throws {
    let place = try nodes[0].store.place(of: operation.id)
    guard let place, !place.isBare || place.isExchanged else { return }
    let isExchanged = naive.exchanged.contains(operation.id)
    if place.isExchanged != isExchanged {
      problem("\(describe(operation.id)) is \(isExchanged ? "not " : "")exchanged")
    }
    let verdict = naive.verdicts[operation.id].map { "\($0.rawValue)" } ?? "not held"
    if verdict.isAccepted != (place.verdict == .accepted) {
      problem("\(describe(operation.id)) is \(verdict) by the text, here \(place.verdict)")
    }
  }

  private func checkPromise(
    _ id: Digest, _ naive: NaiveCharter, _ present: [VirtualNode], _ honest: [VirtualNode]
  ) throws {
    if naive.verdicts[id] == nil {
      // Its node may have been removed before it could pass it on.
      let isElsewhere = try honest.contains { try $0.store.place(of: id) != nil }
      if !isElsewhere { problem("lost: \(describe(id))") }
      if isElsewhere, try present.contains(where: { try $0.store.place(of: id) != nil }) {
        problem("not held by the text: \(describe(id))")
      }
      return
    }
    guard naive.exchanged.contains(id) else { return }
    for node in present {
      guard let place = try node.store.place(of: id) else {
        problem("node \(node.name) lacks the acknowledged \(describe(id))")
        continue
      }
      // Its last body may have been overwritten before the order was cancelled.
      if !place.isExchanged, !place.isBare {
        problem("node \(node.name) keeps back the acknowledged \(describe(id))")
      }
    }
  }

  /// What a record shows was written under a right that holds.
  private func checkRecords() throws {
    let store = nodes[0].store
    // A liar may have told it last that it is a copy.
    try store.endUnsynced()
    for summary in try store.records(family: "entry") {
      for field in try store.record(summary.key)?.fields ?? [] {
        for assignment in field.state.liveAssignments {
          let verdict = try store.place(of: assignment.operation)?.verdict
          if verdict != .accepted { problem("a record shows \(describe(assignment.operation))") }
        }
      }
    }
  }

  /// A file that a record names, and that some honest node has, is everywhere; a liar may name what
  /// nobody has.
  private func checkFiles(_ present: [VirtualNode]) throws {
    for summary in try nodes[0].store.records(family: "entry") {
      for row in try nodes[0].store.record(summary.key)?.attachments ?? [] {
        let having = try present.filter { try $0.store.bytes(of: row.attachment) != nil }
        guard !having.isEmpty else { continue }
        count("file")
        if having.count < present.count {
          problem("a file is at \(having.count) of \(present.count) nodes")
        }
      }
    }
  }

  private func checkRebuild() throws {
    let before = try nodes[0].store.projectionDump()
    try nodes[0].store.rebuild()
    if let line = try nodes[0].store.projectionDump().firstDifference(from: before) {
      problem("rebuild changed a projection: \(line)")
    }
  }

  /// The signer's place and what was signed.
  func describe(_ id: Digest) -> String {
    guard let operation = signed[id] else { return "\(id)" }
    let content = String(describing: operation.header.content)
    return "\(id.description.prefix(8)) \(content.prefix(24))"
  }
}

extension String {
  fileprivate var isAccepted: Bool { self == "accepted" }
}

extension [String] {
  /// The first line that only one of two ascending dumps has, shortened.
  fileprivate func firstDifference(from other: [String]) -> String? {
    Set(self).symmetricDifference(other).min().map { line in
      (contains(line) ? "here " : "there ") + line.prefix(230)
    }
  }
}

extension OperationStore {
  /// What every node must have alike: without what it keeps as evidence.
  fileprivate func exchangedDump() throws -> [String] {
    try projectionDump().filter { !$0.hasSuffix("exchanged=0") && !$0.contains(" bytes=") }
  }
}
