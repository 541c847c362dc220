import Glibc
import Operations
import SyncSession
import Synchronization

/// One line on a watching terminal while something takes more than a second.
final class Progress: Sendable {
  private let console: Console
  private let isWatched: Bool
  private let start = ContinuousClock().now
  private let isShown = Mutex(false)

  init(_ console: Console) {
    self.console = console
    isWatched = isatty(STDERR_FILENO) == 1 && !console.isJSON
  }

  func show(_ report: SessionReport) {
    guard isWatched, ContinuousClock().now - start > .seconds(1) else { return }
    isShown.withLock { $0 = true }
    let text = console.text(
      "\(report.ingested.held.count) hämtade, \(report.sent) skickade …",
      "\(report.ingested.held.count) received, \(report.sent) sent …")
    StandardStreams.write(Array("\r\u{1b}[K\(text)".utf8), to: STDERR_FILENO)
  }

  func clear() {
    guard isShown.withLock({ $0 }) else { return }
    StandardStreams.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO)
  }
}
