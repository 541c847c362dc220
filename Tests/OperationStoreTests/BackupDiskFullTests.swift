import Foundation
import Glibc
import OperationStore
import Testing

/// A disk that takes no more, in a process of its own: the limit on file sizes is the process's.
@Suite struct BackupDiskFullTests {
  @Test func `a backup that does not fit leaves nothing and says where`() async {
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let office = try Office()
      let store = try office.store(path: folder.store)
      for round in 0..<20 {
        let text = String(repeating: "å\(round) ", count: 2000)
        try store.write(.set("title", text), by: office.officer, random: UInt8(round))
      }
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      try #require(getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      limit.rlim_cur = 100_000
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let target = folder.path + "/copy.sprida"
      #expect {
        _ = try store.backUp(to: target, with: [], isReplacing: false, now: 1) { _ in }
      } throws: {
        if case StoreError.cannotWrite(let path, _) = $0 { path.hasPrefix(target) } else { false }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }
}
