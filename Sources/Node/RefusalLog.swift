import Logging
import OperationStore
import Operations

/// Counts refusals in memory and writes them once a second at most: a port scan must not keep the
/// writer lock busy.
actor RefusalLog {
  private let store: OperationStore
  private let logger: Logger
  private var pending: [IngestReport.Refusal] = []
  /// What exceeds this in one second is not counted.
  private static let pendingMax = 1000

  init(store: OperationStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  func add(_ refusal: IngestReport.Refusal) {
    guard pending.count < Self.pendingMax else { return }
    pending.append(refusal)
    guard pending.count == 1 else { return }
    Task {
      try? await Task.sleep(for: .seconds(1))
      flush()
    }
  }

  /// Writes what is pending; also the last thing before the process ends.
  func flush() {
    guard !pending.isEmpty else { return }
    let batch = pending
    pending = []
    do {
      try store.count(batch, now: SystemClock.now)
    } catch {
      logger.error("refusals could not be counted", metadata: ["reason": "\(error)"])
    }
  }
}
