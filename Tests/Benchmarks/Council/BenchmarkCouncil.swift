import Aggregation
import Foundation
import NodeWeb
import OperationStore
import Practice
import TestSupport

/// What a council's figures and pages cost, as its store grows; `council.py` makes the table.
///
///     benchmark-council fill DB ENTRIES
///     benchmark-council measure DB      one line `name value` for each figure
@main
struct BenchmarkCouncil {
  private static let newsPerNight = 300
  private static let pagesAsked = 1000

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().map(\.self)
    guard arguments.count >= 2 else { fatalError("expected a command and a store") }
    switch arguments[0] {
    case "fill":
      var council = try CouncilStore.create(arguments[1])
      try council.fill(Int(arguments[2]) ?? 0)
      try council.store.completeSearchIndex()
    case "measure": try measure(arguments[1])
    default: fatalError("unknown command \(arguments[0])")
    }
  }

  private static func measure(_ path: String) throws {
    var council = try CouncilStore.open(path, seed: UInt64(Date().timeIntervalSince1970))
    let store = council.store
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let settings = Catalogue.Settings(
      baseURL: "https://rad.example/", number: nil, mailbox: nil, language: .swedish)
    let status = try store.status()
    print("operations \(status.held)")
    print("memory_idle \(peakMemory)")
    var made: LiveSite?
    let open = try cpuSeconds {
      made = try LiveSite(
        store, Holdings(of: store), publisher: nil, settings, program: "benchmark", folder: folder,
        today: { "2026-11-28" })
    }
    guard let site = made else { return }
    print("open \(open)")
    print("memory_open \(peakMemory)")
    try council.news(newsPerNight)
    try store.completeSearchIndex()
    print("refresh \(try cpuSeconds { try site.refresh() })")
    try askForPages(of: site)
    print("memory \(peakMemory)")
    print(
      "database \(try cpuSeconds { _ = try site.content(at: ExportForm.sqlite.fileName, [:]) })")
    print("memory_database \(peakMemory)")
  }

  /// Pages as readers ask for them, each as its place in `paths` says, and how long each kind takes.
  private static func askForPages(of site: LiveSite) throws {
    var generator = SeededGenerator(seed: 7)
    var all: [Double] = []
    for (kind, paths) in try kinds(site) {
      var times: [Double] = []
      for _ in 0..<pagesAsked / 10 {
        guard let (path, parameters) = paths.randomElement(using: &generator) else { continue }
        let start = ContinuousClock.now
        guard try site.content(at: path, parameters) != nil else { fatalError("no \(path)") }
        times.append((ContinuousClock.now - start) / .milliseconds(1))
      }
      print("page_\(kind) \(percentile(0.95, times))")
      all += times
    }
    print("page_any \(percentile(0.95, all))")
  }

  private typealias Asked = (path: String, parameters: [String: String])

  private static func kinds(_ site: LiveSite) throws -> [(String, [Asked])] {
    let theme = CouncilStore.themes.first ?? ""
    // One that a fourth of all entries have, rarer ones, two at once, a part of many, a slip.
    let words = CouncilStore.words
    let searches = [
      words[12], words[200], words[1500], "\(words[40]) \(words[70])", "omsorgsplan", "skolpaln",
    ]
    let links = try ["entries.html", "entries/2.html"].flatMap { try site.entryPaths(on: $0) }
    func plain(_ paths: [String]) -> [Asked] { paths.map { ($0, [:]) } }
    return [
      ("start", plain(["index.html", "en/index.html"])), ("list", plain(["entries.html"])),
      ("theme", plain(["theme/\(theme).html", "theme/\(theme)/2.html", "en/theme/\(theme).html"])),
      ("organisations", plain(["organisations.html"])), ("entry", plain(links)),
      ("report", plain(ReportName.allCases.map { "report/\($0.rawValue).html" })),
      ("search", searches.map { ("search", ["q": $0]) }),
      (
        "narrowed",
        ["PILOT", "IMPL"].map { ("search", ["stage": $0]) }
          + [("search", ["q": searches[1], "themes": theme])]
      ),
    ]
  }

  private static func percentile(_ part: Double, _ times: [Double]) -> Double {
    let sorted = times.sorted()
    return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
  }

  /// Mebibytes.
  private static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Int(usage.ru_maxrss) / 1024
  }
}

extension LiveSite {
  /// Where a list of entries leads to.
  fileprivate func entryPaths(on page: String) throws -> [String] {
    guard case .text(let html, _)? = try content(at: page, [:])?.content else { return [] }
    return html.split(separator: "\"").map { $0.drop { $0 == "." || $0 == "/" } }
      .filter { $0.hasPrefix("entry/") }.map(String.init)
  }
}

/// CPU seconds that `body` takes, on all threads.
private func cpuSeconds(_ body: () throws -> Void) rethrows -> Double {
  func now() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
  let before = now()
  try body()
  return now() - before
}
