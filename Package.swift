// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// A library target; a row may import only rows above it (`Tests/TidyTests` holds the table).
func layer(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"),
  .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOTLS", package: "swift-nio"),
  .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let schemaFiles = [
  "entry.json", "adoption.json", "review.json", "endorsement.json", "comment.json", "contact.json",
  "tag.json", "membership.json", "vocabularies.json",
]

let templateFiles = [
  "layout.mustache", "start.mustache", "entries.mustache", "list.mustache", "entry.mustache",
  "report.mustache", "organisations.mustache", "accessibility.mustache", "search.mustache",
  "missing.mustache", "paging.mustache",
  "style.css",
]

let package = Package(
  name: "sprida",
  products: [.executable(name: "sprida", targets: ["sprida"])]
    + [
      "Signatures", "WireFormat", "CRDT", "Operations", "Practice", "Reconciliation", "SyncSession",
      "OperationStore", "PeerTransport", "Aggregation", "Node", "NodeWeb",
    ].map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    layer("Signatures", ["CSodium"]),
    layer("WireFormat", []),
    layer("CRDT", []),
    layer("Operations", ["Signatures", "WireFormat", "CRDT"]),
    layer(
      "Practice", ["Operations", "Signatures", "WireFormat", "CRDT", yams],
      resources: (schemaFiles + ["municipalities.csv", "regions.csv"]).map {
        .embedInCode("../../Protocol/schema/\($0)")
      }),
    layer("Reconciliation", ["WireFormat", "Signatures"]),
    layer(
      "SyncSession",
      ["CZstd", "Operations", "Reconciliation", "Signatures", "WireFormat", "CRDT"]),
    layer(
      "OperationStore",
      [
        "CZstd", "Operations", "Reconciliation", "Practice", "Signatures", "WireFormat", "CRDT",
        grdb,
      ]),
    layer("PeerTransport", ["CZstd", "Signatures", "WireFormat"] + nio),
    layer(
      "Aggregation",
      ["OperationStore", "Operations", "Practice", "Signatures", "WireFormat", "CRDT", grdb]),
    layer(
      "NodeWeb",
      [
        "Aggregation", "OperationStore", "Operations", "Practice", "Signatures", "CRDT", mustache,
        hummingbird, httpTypes, lifecycle, logging,
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      resources: templateFiles.map { .embedInCode("Templates/\($0)") }),
    layer(
      "Node",
      [
        "OperationStore", "PeerTransport", "SyncSession", "Reconciliation", "Operations",
        "Signatures", "WireFormat", "CRDT", lifecycle, logging,
      ]),
    .executableTarget(
      name: "sprida",
      dependencies: [
        "Node", "NodeWeb", "Aggregation", "PeerTransport", "OperationStore", "SyncSession",
        "Practice", "Operations", "Signatures", "WireFormat", "CRDT", argumentParser, lifecycle,
        signals,
        logging,
      ], swiftSettings: strict),
    .executableTarget(
      name: "feed", dependencies: ["OperationStore"], path: "Examples/Feed",
      packageAccess: false, swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: [
        "SyncSession", "Reconciliation", "Operations", "Signatures", "WireFormat", "CRDT",
      ],
      path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "Simulation",
      dependencies: [
        "SyncSession", "OperationStore", "Operations", "Reconciliation", "Signatures", "WireFormat",
        "CRDT", "TestSupport",
      ],
      path: "Tests/Simulation", swiftSettings: strict),
    .target(
      name: "HostilePeers",
      dependencies: [
        "Node", "PeerTransport", "SyncSession", "OperationStore", "Reconciliation", "Operations",
        "Signatures", "WireFormat", "CRDT", "TestSupport",
      ] + nio,
      path: "Tests/HostilePeers", swiftSettings: strict),
    .executableTarget(
      name: "search-benchmark",
      dependencies: [
        "OperationStore", "Operations", "Signatures", "WireFormat", "CRDT", "TestSupport",
      ],
      path: "Tests/Benchmarks/Search", swiftSettings: strict),
    .executableTarget(
      name: "negentropy-harness", dependencies: ["Reconciliation", "Signatures"],
      path: "Tests/Fuzz/NegentropyHarness", swiftSettings: strict),
    .executableTarget(
      name: "benchmark-parts",
      dependencies: [
        "Node", "OperationStore", "SyncSession", "Operations", "Reconciliation", "Signatures",
        "WireFormat", "CRDT", "TestSupport",
      ],
      path: "Tests/Benchmarks/Parts", swiftSettings: strict),
    .executableTarget(
      name: "benchmark-council",
      dependencies: [
        "NodeWeb", "Aggregation", "OperationStore", "Practice", "Operations", "Signatures",
        "WireFormat", "CRDT", "TestSupport",
      ],
      path: "Tests/Benchmarks/Council", swiftSettings: strict),
    .executableTarget(
      name: "benchmark-peer",
      dependencies: [
        "Node", "PeerTransport", "OperationStore", "SyncSession", "Practice", "Operations",
        "Signatures", "WireFormat", "CRDT", "TestSupport", lifecycle, signals, logging,
      ],
      path: "Tests/Benchmarks/Peer", swiftSettings: strict),
    tests("WireFormatTests", ["WireFormat", "TestSupport"]),
    tests("SignaturesTests", ["Signatures", "TestSupport"]),
    tests("CRDTTests", ["CRDT", "TestSupport"]),
    tests("OperationsTests", ["Operations", "Signatures", "WireFormat", "CRDT", "TestSupport"]),
    tests("ReconciliationTests", ["Reconciliation", "Signatures", "negentropy-harness"]),
    tests("PeerTransportTests", ["PeerTransport", "CZstd", "Signatures", "WireFormat"] + nio),
    tests(
      "PracticeTests",
      ["Practice", "Operations", "Signatures", "WireFormat", "CRDT", "TestSupport"]),
    tests(
      "OperationStoreTests",
      [
        "OperationStore", "Operations", "Reconciliation", "Signatures", "WireFormat", "CRDT",
        "TestSupport", grdb,
      ]),
    tests(
      "AggregationTests",
      [
        "Aggregation", "NodeWeb", "OperationStore", "Operations", "Practice", "Signatures",
        "WireFormat", "CRDT", "TestSupport",
      ]),
    tests(
      "SyncSessionTests",
      [
        "SyncSession", "Simulation", "OperationStore", "Operations", "Reconciliation", "Signatures",
        "WireFormat", "CRDT", "TestSupport",
      ]),
    tests(
      "TranscriptTests",
      [
        "SyncSession", "Simulation", "OperationStore", "Operations", "Signatures", "WireFormat",
        "TestSupport",
      ]),
    tests(
      "ProtocolTests",
      ["SyncSession", "Operations", "Signatures", "WireFormat", "CRDT", "TestSupport"]),
    tests("TidyTests", ["TestSupport"]),
    tests(
      "CommandTests",
      [
        "sprida", "Node", "Practice", "Reconciliation", "CRDT", "PeerTransport", "SyncSession",
        "OperationStore", "Operations", "Signatures", "WireFormat", "TestSupport", "HostilePeers",
      ]),
    tests("SimulationTests", ["Simulation"]),
  ]
)
