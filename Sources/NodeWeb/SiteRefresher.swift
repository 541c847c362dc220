import Dispatch
import Logging
import ServiceLifecycle

/// Looks whether the store has anything to show that the site does not.
///
/// Every second, or so seldom that making sites takes a tenth of the time: while a first sync goes on
/// there is always something new.
struct SiteRefresher: Service {
  private static let pauseMin = Duration.seconds(1)
  private static let pauseFactor = 9

  let site: LiveSite
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let start = ContinuousClock.now
        do {
          try await refresh()
        } catch {
          // What was shown stays, and /health says which set that is of.
          logger.warning("The pages stay as they are: \(error)")
        }
        let pause = max(Self.pauseMin, (ContinuousClock.now - start) * Self.pauseFactor)
        do { try await Task.sleep(for: pause) } catch { return }
      }
    }
  }

  /// On a thread of its own, for counting takes long and answers must not wait for it.
  private func refresh() async throws {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global(qos: .utility).async {
        continuation.resume(with: Result { try site.refresh() })
      }
    }
  }
}
