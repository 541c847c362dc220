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
        "\(console.count(report.attachmentsReceived, .attachment)) hämtade …",
        "\(console.count(report.attachmentsReceived, .attachment)) received …")
    }
    let received = console.number(report.received)
    let sent = console.number(report.sent)
    show(
      "\(received) hämtade, \(sent) skickade …", "\(received) received, \(sent) sent …")
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
      let size = console.number(bytes >> 20) + " MiB"
      show("Kopierar \(size) …", "Copying \(size) …", isSlow: bytes >> 27 > 0)
    case .verifying(let done, let all):
      let (done, all) = (console.number(done), console.number(all))
      show("Kontrollerar \(done) av \(all) …", "Verifying \(done) of \(all) …")
    }
  }

  func clear() {
    guard isShown.withLock({ $0 }) else { return }
    StandardStreams.write(Array("\r\u{1b}[K".utf8), to: STDERR_FILENO)
  }
}
