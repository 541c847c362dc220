import Foundation
import Glibc
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing

/// A disk that takes no more, in a process of its own: the limit on file sizes is the process's.
@Suite struct DiskFullTests {
  @Test func `a write that does not fit is refused, and nothing acknowledged is lost`() async {
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let office = try Office()
      let store = try office.store(path: folder.store)
      var kept: [Digest] = []
      signal(SIGXFSZ, SIG_IGN)
      try Self.limitFiles(to: 1_500_000)
      var refusal: (any Error)?
      for round in 0..<250 where refusal == nil {
        // What does not get shorter when it is packed.
        let text = (UInt8(0)..<150).map { "\(SHA256.hash([UInt8(round), $0]))" }.joined()
        do {
          kept.append(
            try store.write(.set("title", text), by: office.officer, random: UInt8(round)).id)
        } catch {
          refusal = error
        }
      }
      let error = try #require(refusal as? StoreError, "refused as \(String(describing: refusal))")
      guard case .cannotWrite = error else {
        Issue.record("refused as \(error)")
        return
      }
      #expect(kept.count > 3)
      #expect(try store.ids(.records) == kept, "reading goes on")
      try Self.limitFiles(to: .max)
      kept.append(try store.write(.set("title", "Plats igen"), by: office.officer).id)
      let reopened = try OperationStore.open(path: folder.store)
      #expect(try reopened.ids(.records) == kept)
      #expect(try reopened.integrityCheck() == "ok")
      let dump = try reopened.projectionDump()
      try reopened.rebuild()
      #expect(try reopened.projectionDump() == dump)
    }
  }

  private static func limitFiles(to bytes: UInt) throws {
    var limit = rlimit()
    try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
    limit.rlim_cur = min(bytes, limit.rlim_max)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
  }
}
