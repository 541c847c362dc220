import Foundation
import Node
import OperationStore
import Operations
import Practice
import Signatures
import TestSupport

/// A node of the benchmark's region: 290 municipalities, every key of which follows from one seed,
/// so that two stores are of one region although nobody has carried a link.
struct BenchmarkNode {
  private static let seed: UInt64 = 290
  private static let draftsPerTransaction = 1000
  private static let municipalities = MunicipalityCodes.bundled.municipalities.map(\.code)

  private let path: String
  let store: OperationStore

  static func region() throws -> SampleRegion {
    try SampleRegion(
      seed: seed, organisations: municipalities.count, officersPerOrganisation: 2)
  }

  /// Makes a store that holds the charter and no record.
  static func create(_ path: String) throws {
    let region = try region()
    guard let id = StoreID(Randomness.bytes(StoreID.byteCount)) else { return }
    let store = try OperationStore.create(path: path, founding: region.founding, id: id)
    for first in stride(from: 0, to: region.charterOperations.count, by: 1000) {
      _ = try store.ingest(
        region.charterOperations[first...].prefix(1000).map(Parcel.init), in: .charter, from: id,
        cursor: nil, now: SystemClock.now)
    }
  }

  init(_ path: String) throws {
    self.path = path
    store = try OperationStore.open(path: path)
  }

  /// The peers call two stores `A…` and `B…`: two nodes, each with an officer of each organisation.
  private var place: Int {
    (path.split(separator: "/").last ?? "").hasPrefix("A") ? 0 : 1
  }

  var identity: SigningKey { Self.nodeKey(place) }
  var peerKey: PublicKey { Self.nodeKey(1 - place).publicKey }
  /// Where its audit log lies: beside the store, under a name that the harness does not copy.
  var folder: String {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return (parts.dropLast() + ["audit-\(parts.last ?? "")"]).joined(separator: "/")
  }

  private static func nodeKey(_ place: Int) -> SigningKey {
    SampleRegion.key("organisation/\(place)/node", seed: seed)
  }

  // MARK: - Records

  /// Publishes every line, signed by an officer of its municipality; what one key signs goes into
  /// one transaction, a thousand at a time.
  func publish(_ file: String) throws {
    let decoder = JSONDecoder()
    let data = try Data(contentsOf: URL(filePath: file))
    var drafts: [(organisation: Int, draft: OperationStore.Draft)] = []
    for line in data.split(separator: UInt8(ascii: "\n")) {
      let line = try decoder.decode(WorkloadLine.self, from: line)
      guard let index = Self.municipalities.firstIndex(of: line.entry.municipality) else {
        throw CocoaError(.coderInvalidValue)
      }
      drafts.append((index, try draft(line)))
    }
    for (organisation, rows) in Dictionary(grouping: drafts, by: \.organisation).sorted(by: {
      $0.key < $1.key
    }) {
      let officer = SampleRegion.key(
        "organisation/\(organisation)/officer/\(place)", seed: Self.seed)
      for first in stride(from: 0, to: rows.count, by: Self.draftsPerTransaction) {
        _ = try store.publish(
          rows[first...].prefix(Self.draftsPerTransaction).map(\.draft), with: officer,
          as: [.author], clock: SystemClock.now, random: { Randomness.bytes(16) })
      }
    }
  }

  private func draft(_ line: WorkloadLine) throws -> OperationStore.Draft {
    var state: RecordState?
    if line.op == "edit" {
      let keys = try store.keys(
        family: WorkloadEntry.family, path: WorkloadEntry.idPath, value: line.entry.id)
      state = try keys.first.flatMap(store.record)
    }
    return .record(
      line.entry.changes(from: state, only: state == nil ? nil : line.changed.map(Set.init)),
      family: WorkloadEntry.family, record: state?.key.record)
  }

  /// Every entry as the fold shows it.
  func entries() throws -> [WorkloadEntry] {
    try store.records(family: WorkloadEntry.family).compactMap {
      try store.record($0.key).map(WorkloadEntry.init)
    }
  }
}
