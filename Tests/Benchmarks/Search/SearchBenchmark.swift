import CRDT
import Foundation
import Glibc
import OperationStore
import Operations
import Signatures
import TestSupport
import WireFormat

/// How long a search takes in a store of many entries.
///
///     search-benchmark [ENTRIES [FILE]]
///
/// Publishes ENTRIES (100,000) of generated Swedish into a new store, or opens FILE if it is there,
/// and prints the time of each kind of query. Everything but FILE is removed at the end.
@main
struct SearchBenchmark {
  private static let batch = 1000
  private static let clock = SampleRegion.start.milliseconds + 86_400_000
  private static let themes = ["GOVR", "INNO", "DIGI", "PROC", "EDUC", "SOCI", "ELDR", "HEAL"]
  private static let stages = ["IDEA", "PILOT", "IMPL", "ORD"]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    let entries = arguments.first.flatMap { Int($0) } ?? 100_000
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("search-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = arguments.dropFirst().first ?? folder.appendingPathComponent("store.sqlite").path
    var generator = SeededGenerator(seed: 1)
    let text = SwedishText(words: 500_000, using: &generator)
    if !FileManager.default.fileExists(atPath: path) {
      try fill(path, entries, text, &generator)
    }
    let store = try OperationStore.open(path: path)
    print("  query                                p50        p95        max    p95 cpu   found")
    for (kind, queries) in queries(text) {
      try measure(kind, queries) { query in
        let page = try store.find(query, limit: 50)
        return page.total
      }
    }
    try measure("misspelt, with suggestion", misspelt(text)) { query in
      try store.find(query, limit: 50).total == 0 && store.suggestion(for: query) != nil ? 1 : 0
    }
    try measure("facets of a frequent word", [RecordQuery(family: "entry", words: "och")]) {
      try store.facetCounts($0, of: ["themes", "stage", "evidence"]).total
    }
    let latest = try store.latestArrival()
    for (kind, arrival) in [("news of a night", latest - 1000), ("news of everything", 0)] {
      try measure(kind, [RecordQuery(family: "entry")]) {
        try store.news($0, after: arrival, limit: 10).createdCount
      }
    }
  }

  // MARK: - The store

  private static func fill(
    _ path: String, _ entries: Int, _ text: SwedishText, _ generator: inout SeededGenerator
  ) throws {
    let region = try SampleRegion(seed: 1, organisations: 100, officersPerOrganisation: 1)
    guard let id = StoreID([UInt8](repeating: 1, count: StoreID.byteCount)) else { return }
    let store = try OperationStore.create(path: path, founding: region.founding, id: id)
    _ = try store.ingest(
      region.charterOperations.map(Parcel.init), in: .charter, from: id, cursor: nil, now: clock)
    let start = ContinuousClock.now
    for first in stride(from: 0, to: entries, by: batch) {
      let drafts = (first..<min(first + batch, entries)).map { index in
        OperationStore.Draft.record(
          entry(index, text, &generator), family: "entry", record: nil)
      }
      _ = try store.publish(
        drafts, with: region.organisations[first / batch % 100].officers[0].key, as: [.author],
        clock: clock + UInt64(first), random: { [UInt8](repeating: 1, count: 16) })
    }
    let published = ContinuousClock.now
    try store.completeSearchIndex()
    print(
      "\(entries) entries published in \(published - start), indexed in "
        + "\(ContinuousClock.now - published)")
  }

  private static func entry(
    _ index: Int, _ text: SwedishText, _ generator: inout SeededGenerator
  ) -> [ChangeDraft] {
    func set(_ path: String, _ value: String) -> ChangeDraft {
      ChangeDraft(type: .set, path: path, value: .text(value))
    }
    let year = 2010 + index % 15
    let number = String(100_000 + index % 90_000).dropFirst()
    return [
      set("kind", "practice"), set("title", text.words(6, using: &generator)),
      set("summary", text.words(40, using: &generator)),
      set("need", text.words(100, using: &generator)),
      set("stage", stages[index % stages.count]), set("evidence", "E\(index % 3)"),
      set("funding/00000001/diarienummer", "\(year)-\(number)"),
      ChangeDraft(
        type: .add, path: "themes", value: .text(themes[index % themes.count])),
    ]
  }

  // MARK: - The queries

  private static func queries(_ text: SwedishText) -> [(kind: String, queries: [RecordQuery])] {
    func search(_ words: [String]) -> [RecordQuery] {
      words.map { RecordQuery(family: "entry", words: $0) }
    }
    let words = text.vocabulary
    var filtered = search(["och", "skola", "vård"])
    for index in filtered.indices {
      filtered[index].facets = [.init(path: "themes", values: ["ELDR"])]
    }
    return [
      ("a word that most have", search(Array(words[0..<20]))),
      ("a frequent word", search(Array(words[27..<79]))),
      ("a rare word", search(stride(from: 50_000, to: 400_000, by: 10_000).map { words[$0] })),
      (
        "part of a compound",
        search(["förmåga", "skola", "sluss", "nämnd", "omsorg", "verksamhet"])
      ),
      ("without å, ä, ö", search(["formaga", "vard", "aldre", "namnd", "miljo", "uppfoljning"])),
      ("three letters", search(["inn", "and", "ele", "ska", "str", "pro"])),
      ("two words", search(["skola vård", "och miljö", "idé sluss", "förmåga råd", "av för"])),
      ("three words", search(["och att som", "skola vård barn", "digital idé plan"])),
      ("a number", search(["2015-04564", "2012-01234", "2015"])),
      ("a phrase", search(["\"och att\"", "\"skola och\"", "\"i en som\""])),
      ("a word and a theme", filtered),
    ]
  }

  private static func misspelt(_ text: SwedishText) -> [RecordQuery] {
    [
      "innnovation", "verksmahet", "upphandlnig", "bibliotekk", "samvrkan", "uppföljnng",
      "medborgrae", "utveklcing",
    ].map { RecordQuery(family: "entry", words: $0) }
  }

  private static func measure(
    _ kind: String, _ queries: [RecordQuery], _ run: (RecordQuery) throws -> Int
  ) throws {
    var (times, processorTimes): ([Double], [Double]) = ([], [])
    var found = 0
    for query in Array(repeating: queries, count: 5).flatMap(\.self) {
      let start = (clock: milliseconds(CLOCK_MONOTONIC), processor: processorTime)
      found = max(found, try run(query))
      times.append(milliseconds(CLOCK_MONOTONIC) - start.clock)
      processorTimes.append(processorTime - start.processor)
    }
    times.sort()
    processorTimes.sort()
    let columns = [
      times[times.count / 2], times[times.count * 95 / 100], times[times.count - 1],
      processorTimes[times.count * 95 / 100],
    ].map { String(format: "%8.1f ms", $0) }
    let name = kind.padding(toLength: 30, withPad: " ", startingAt: 0)
    print("  \(name)\(columns.joined()) \(String(format: "%7d", found))")
  }

  /// What a machine that has other work does not distort.
  private static var processorTime: Double { milliseconds(CLOCK_PROCESS_CPUTIME_ID) }

  private static func milliseconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
  }
}
