/// Asks web servers whether addresses still answer; curl does it.
enum LinkProbe {
  private static let secondsMax = 20
  private static let parallelMax = 8
  /// What servers answer that do not take the question for the head alone.
  private static let headRefused = [400, 403, 404, 405, 501]

  enum Failed: Error {
    /// There is no curl here.
    case missing
    /// It did not say what became of every address.
    case incomplete
  }

  /// The status of HTTP for each address, after redirects; none for those that did not answer.
  static func statuses(of addresses: [String]) throws(Failed) -> [String: Int] {
    let first = try ask(addresses, head: true)
    let unsure = addresses.filter { first[$0].map(headRefused.contains) ?? true }
    return first.merging(try ask(unsure, head: false)) { $1 }
  }

  private static func ask(_ addresses: [String], head: Bool) throws(Failed) -> [String: Int] {
    guard !addresses.isEmpty else { return [:] }
    let lines =
      [
        "silent", "location", "globoff", "parallel", "parallel-max = \(parallelMax)",
        "max-redirs = 5", "max-time = \(secondsMax)", "proto = \"=http,https\"",
        "write-out = \"%{urlnum} %{http_code}\\n\"", head ? "head" : "range = \"0-0\"",
      ] + addresses.flatMap { ["url = \"\(quoted($0))\"", "output = \"/dev/null\""] }
    // Addresses are somebody's words: none of them stands among the arguments.
    guard
      let ran = ChildProcess.run(
        ["curl", "-q", "--config", "-"], input: Array(lines.joined(separator: "\n").utf8))
    else { throw .missing }
    let pairs = String(decoding: ran.output, as: UTF8.self).split(separator: "\n").compactMap {
      line -> (String, Int)? in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      guard numbers.count == 2, addresses.indices.contains(numbers[0]) else { return nil }
      return (addresses[numbers[0]], numbers[1])
    }
    let statuses = Dictionary(pairs) { $1 }
    guard addresses.allSatisfy({ statuses[$0] != nil }) else { throw .incomplete }
    return statuses.filter { $0.value > 0 }
  }

  private static func quoted(_ address: String) -> String {
    address.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}
