import Glibc

/// What the parts of a sync cost, each alone in this process, and what a night costs a region.
///
///     benchmark-parts micro     CPU time of verifying, hashing, folding, asking the tree of sums
///     benchmark-parts session   bytes, round trips and CPU of reconciling a million items
///     benchmark-parts region    300 nodes with 3 peers each: how often a body travels
@main
struct BenchmarkParts {
  static func main() throws {
    switch CommandLine.arguments.dropFirst().first {
    case "micro": try Micro().run()
    case "session": try Reconciling().run()
    case "region":
      var night = try RegionNight()
      try night.run()
    default: fatalError("expected micro, session or region")
    }
  }
}

/// CPU seconds of this process, all threads.
func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// CPU seconds that `body` takes.
func cpuSeconds(_ body: () throws -> Void) rethrows -> Double {
  let before = cpuSeconds()
  try body()
  return cpuSeconds() - before
}

/// A number with so many digits after the point.
func fixed(_ value: Double, _ digits: Int = 1) -> String {
  let scale = pow(10, Double(digits))
  let parts = "\((value * scale).rounded() / scale)".split(separator: ".")
  guard digits > 0 else { return String(parts[0]) }
  let fraction = parts.count > 1 ? String(parts[1]) : ""
  return "\(parts[0])." + fraction + String(repeating: "0", count: max(0, digits - fraction.count))
}
