import Dispatch
import Logging
import ServiceLifecycle

/// Looks every second whether the store has anything to show that the site does not.
struct SiteRefresher: Service {
  private static let pause = Duration.seconds(1)

  let site: LiveSite
  let logger: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        do {
          try await refresh()
        } catch {
          // What was shown stays, and /health says which set that is of.
          logger.warning("The pages stay as they are: \(error)")
        }
        do { try await Task.sleep(for: Self.pause) } catch { return }
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
