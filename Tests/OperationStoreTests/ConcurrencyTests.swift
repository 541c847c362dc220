import Foundation
import Glibc
import OperationStore
import Operations
import Signatures
import Synchronization
import TestSupport
import Testing

/// Several processes and threads on one file.
@Suite struct ConcurrencyTests {
  private let folder: Folder
  private let office: Office

  init() throws {
    folder = try Folder()
    office = try Office()
  }

  @Test func `two handles written to by many threads lose nothing`() throws {
    _ = try office.store(path: folder.store)
    let handles = try (0..<2).map { _ in try OperationStore.open(path: folder.store) }
    let published = Mutex<[Digest]>([])
    let failures = Mutex<[String]>([])
    let office = office
    inThreads(8) { thread in
      for step in 0..<4 {
        do {
          let operation = try handles[thread % 2].write(
            .set("title", "Tråd \(thread), steg \(step)"),
            by: office.region.organisations[thread % 2].officers[thread % 3],
            random: UInt8(8 * thread + step))
          published.withLock { $0.append(operation.id) }
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let ids = published.withLock { $0 }
    #expect(ids.count == 32)
    let store = try OperationStore.open(path: folder.store)
    #expect(Set(try store.ids(.records)) == Set(ids))
    #expect(try store.integrityCheck() == "ok")
    let dump = try store.projectionDump()
    try store.rebuild()
    #expect(try store.projectionDump() == dump, "digests and projections moved with the truth")
  }

  @Test func `a key used through two handles makes one line of operations, not a fork`() throws {
    _ = try office.store(path: folder.store)
    let handles = try (0..<2).map { _ in try OperationStore.open(path: folder.store) }
    let office = office
    let failures = Mutex<[String]>([])
    inThreads(6) { thread in
      do {
        try handles[thread % 2].write(
          .set("title", "Tråd \(thread)"), by: office.officer, random: UInt8(thread))
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    let ids = try handles[0].ids(.records)
    let headers = try ids.flatMap { try handles[0].operations(idPrefix: "\($0)").map(\.header) }
    #expect(headers.map(\.prev) == [[]] + ids.dropLast().map { [$0] })
    let stamps = headers.map(\.timestamp)
    #expect(stamps == stamps.sorted() && Set(stamps).count == stamps.count)
  }

  @Test func `a write waits for the lock, says so, and goes on when it is free`() throws {
    _ = try office.store(path: folder.store)
    let lock = Glibc.open(folder.store + ".lock", O_RDWR)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let reader = try OperationStore.open(path: folder.store)
    let heldWhileWaiting = Mutex<[Int]>([])
    let store = try OperationStore.open(path: folder.store) {
      let held = try? reader.ids(.records).count
      heldWhileWaiting.withLock { $0.append(held ?? -1) }
      flock(lock, LOCK_UN)
    }
    let operation = try store.write(.set("title", "Väntade"), by: office.officer)
    #expect(heldWhileWaiting.withLock { $0 } == [0], "one message, and nothing written before")
    #expect(try reader.ids(.records) == [operation.id])
  }

  @Test func `also reading back how a writer would write waits for the lock`() throws {
    _ = try office.store(path: folder.store)
    let lock = Glibc.open(folder.store + ".lock", O_RDWR)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let waits = Mutex(0)
    let store = try OperationStore.open(path: folder.store) {
      waits.withLock { $0 += 1 }
      flock(lock, LOCK_UN)
    }
    _ = try store.durability()
    #expect(waits.withLock { $0 } == 1, "closing that connection may write a checkpoint")
  }

  @Test func `a reader works while a writer holds the lock, and sees what was committed`() throws {
    let writer = try office.store(path: folder.store)
    try writer.write(.set("title", "Före"), by: office.officer)
    let lock = Glibc.open(folder.store + ".lock", O_RDWR)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    let reader = try OperationStore.reading(path: folder.store)
    #expect(try reader.records(family: "entry").map(\.title) == ["Före"])
    flock(lock, LOCK_UN)
    try writer.write(.set("title", "Sedan"), by: office.officer)
    #expect(try reader.records(family: "entry").map(\.title) == ["Före", "Sedan"])
  }

  @Test func `readers beside a writer see whole transactions only`() throws {
    let writer = try office.store(path: folder.store)
    let office = office
    let problems = Mutex<[String]>([])
    let isDone = Mutex(false)
    inThreads(3) { thread in
      do {
        if thread == 0 {
          defer { isDone.withLock { $0 = true } }
          for step in 0..<20 {
            try writer.write(
              .set("title", "Steg \(step)"), by: office.officer, random: UInt8(step))
          }
          return
        }
        let reader = try OperationStore.open(path: folder.store)
        while !isDone.withLock({ $0 }) {
          let snapshot = try reader.snapshot()
          if snapshot.total.count != snapshot.last.number {
            problems.withLock { $0.append("\(snapshot.total.count) of \(snapshot.last.number)") }
          }
        }
      } catch {
        problems.withLock { $0.append("\(error)") }
      }
    }
    #expect(problems.withLock { $0 } == [])
    #expect(try writer.ids(.records).count == 20)
  }

  /// Runs `body` in `count` threads at once and waits for all.
  private func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
      group.enter()
      let thread = Thread {
        body(index)
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
  }
}
