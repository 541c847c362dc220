import Testing

@Suite struct ImportTests {
  /// The table of the architecture: a target may import these and the rows that these may.
  private static let table: [String: [String]] = [
    "Signatures": ["CSodium"],
    "WireFormat": [],
    "CRDT": [],
    "Operations": ["Signatures", "WireFormat", "CRDT"],
    "Practice": ["Operations", "Yams", "Foundation", "FoundationEssentials"],
    "Reconciliation": ["WireFormat", "Signatures"],
    "SyncSession": ["CZstd", "Operations", "Reconciliation"],
    "OperationStore": [
      "CZstd", "Operations", "Reconciliation", "Practice", "GRDB", "FoundationEssentials", "Glibc",
      "Synchronization", "Dispatch",
    ],
    "PeerTransport": [
      "CZstd", "SyncSession", "NIOCore", "NIOPosix", "NIOTLS", "NIOSSL", "Synchronization",
    ],
    "Aggregation": ["OperationStore", "GRDB", "FoundationEssentials", "Glibc"],
    "NodeWeb": [
      "Aggregation", "Mustache", "Hummingbird", "HTTPTypes", "NIOCore", "ServiceLifecycle",
      "Logging", "FoundationEssentials", "Synchronization", "Dispatch",
    ],
    "Node": [
      "OperationStore", "PeerTransport", "ServiceLifecycle", "Logging", "FoundationEssentials",
      "Glibc", "Synchronization",
    ],
    "sprida": [
      "Node", "NodeWeb", "Aggregation", "ArgumentParser", "FoundationEssentials", "Glibc",
      "ServiceLifecycle",
      "UnixSignals", "Logging", "Synchronization",
    ],
  ]

  /// Below this line nothing waits, opens, reads a clock or draws randomness.
  private static let pure = [
    "Signatures", "WireFormat", "CRDT", "Operations", "Practice", "Reconciliation", "SyncSession",
  ]

  private static func allowed(_ target: String) -> Set<String> {
    var allowed: Set<String> = []
    var queue = table[target] ?? []
    while let next = queue.popLast() {
      guard allowed.insert(next).inserted else { continue }
      // Foreign modules are not passed on: each row names its own.
      queue += (table[next] ?? []).filter { table[$0] != nil }
    }
    return allowed
  }

  @Test func `every import is in the table`() throws {
    for file in try SourceFile.swift(under: "Sources") {
      let allowed = Self.allowed(file.target)
      for name in file.imports {
        #expect(allowed.contains(name), "\(file.path) imports \(name)")
      }
    }
  }

  @Test func `every target of the sources is in the table and has files`() throws {
    let targets = Set(try SourceFile.swift(under: "Sources").map(\.target))
    #expect(targets == Set(Self.table.keys))
  }

  @Test func `the simulator never imports the network`() throws {
    for file in try SourceFile.swift(under: "Tests/Simulation") {
      let network = file.imports.filter { $0.hasPrefix("NIO") || $0 == "PeerTransport" }
      #expect(network.isEmpty, "\(file.path) imports \(network)")
    }
  }

  @Test func `below the pure line nothing waits, reads a clock or draws randomness`() throws {
    let forbidden = [
      "await ", "async ", "Task {", "Date()", "ContinuousClock", "SystemRandomNumberGenerator",
      "UUID()", ".random(", "randombytes", "FileManager", "getenv",
    ]
    for file in try SourceFile.swift(under: "Sources") where Self.pure.contains(file.target) {
      for (index, line) in file.lines.enumerated()
      where !line.trimmed.hasPrefix("//") {
        for word in forbidden where line.contains(word) {
          Issue.record("\(file.path):\(index + 1) has \(word)")
        }
      }
    }
  }
}
