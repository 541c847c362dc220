import Aggregation
import OperationStore

extension Context {
  /// All that reports and pages are made of; a great store says how far the reading is.
  func holdings(of store: OperationStore) throws -> Holdings {
    let progress = Progress(console)
    defer { progress.clear() }
    return try Holdings(of: store) { count in
      let read = console.number(count)
      progress.show("\(read) poster lästa …", "\(read) records read …")
    }
  }
}
