import Dispatch
import Testing

/// Runs tests one after the other on a thread beside Swift's pool.
///
/// The pool has a thread per processor. Tests that wait for processes or compute for seconds would
/// keep them all, and those that talk to a node would miss its deadlines.
struct OwnThread: SuiteTrait, TestTrait, TestScoping {
  private static let executor = Executor()

  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(Self.executor) { try await function() }
  }

  private final class Executor: TaskExecutor {
    private let queue = DispatchQueue(label: "own thread")

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
  }
}

extension Trait where Self == OwnThread {
  static var ownThread: Self { OwnThread() }
}
