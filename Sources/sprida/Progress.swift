import Glibc
import OperationStore
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
    guard report.attachmentsReceived == 0 else {
      return show(
        "\(report.attachmentsReceived) bilagor hämtade …",
        "\(report.attachmentsReceived) attachments received …")
    }
    show(
      "\(report.ingested.held.count) hämtade, \(report.sent) skickade …",
      "\(report.ingested.held.count) received, \(report.sent) sent …")
  }

  /// `isSlow`: what begins now will take longer and says nothing meanwhile.
  func show(_ swedish: Told, _ english: Told, isSlow: Bool = false) {
    guard isWatched, isSlow || ContinuousClock().now - start > .seconds(1) else { return }
    isShown.withLock { $0 = true }
    let text = console.text(swedish, english)
    StandardStreams.write(Array("\r\u{1b}[K\(text)".utf8), to: STDERR_FILENO)
  }

  func show(_ step: CopyStep) {
    switch step {
    case .copying(let bytes):
      show("Kopierar \(bytes >> 20) MiB …", "Copying \(bytes >> 20) MiB …", isSlow: bytes >> 27 > 0)
    case .verifying(let done, let all):
      show("Kontrollerar \(done) av \(all) …", "Verifying \(done) of \(all) …")
    }
  }

  func clear() {
    guard isShown.withLock({ $0 }) else { return }
    StandardStreams.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO)
  }
}
