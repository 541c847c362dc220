// The latest entries of a node, newest first, read while its daemon runs:
//
//     swift run feed Examples/region/kiruna

import FoundationEssentials
import Glibc
import OperationStore

/// Prints title, organisation and date of the latest entries.
func printFeed(of folder: String) throws {
  let store = try OperationStore.reading(path: folder + "/store.sqlite")
  let entries = try store.records(family: "entry").sorted { $0.updated > $1.updated }
  for entry in entries.prefix(20) {
    let edited = Date(timeIntervalSince1970: Double(entry.updated) / 1000)
    print(entry.printableTitle)
    print("  \(try store.publisher(of: entry.key) ?? "–"), \(edited.formatted(.iso8601))")
  }
}

guard CommandLine.arguments.count == 2 else {
  print("usage: feed <the node's folder>")
  exit(64)
}
do {
  try printFeed(of: CommandLine.arguments[1])
} catch {
  print("feed: \(error)")
  exit(1)
}
