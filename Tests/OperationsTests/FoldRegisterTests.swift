import CRDT
import Operations
import Signatures
import TestSupport
import Testing

/// What concurrent edits of one value lead to, with signed operations.
struct FoldRegisterTests {
  @Test func `concurrent values conflict, and both are kept`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "Utkast"))
    let a = try desk.sign(.set("title", "A", over: first.change()), record: first.id, at: 2000)
    let b = try desk.sign(
      .set("title", "B", over: first.change()), record: first.id, by: 1, at: 3000)
    let state = try #require(desk.state(first, a, b))
    #expect(state["title"]?.texts == ["B", "A"])
    #expect(state.conflicts.map(\.path) == ["title"])
  }

  @Test func `equal concurrent values are one value of two assignments`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "Utkast"))
    let a = try desk.sign(.set("title", "Ny", over: first.change()), record: first.id, at: 2000)
    let b = try desk.sign(
      .set("title", "Ny", over: first.change()), record: first.id, by: 1, at: 3000)
    let title = try #require(desk.state(first, a, b)?["title"])
    #expect(title.texts == ["Ny"])
    #expect(!title.isConflict)
    #expect(title.liveAssignments == [a.change(), b.change()].sorted())
    #expect(title.values.first?.author == desk.organisation.officers[1].key.publicKey)
  }

  @Test func `an operation over both sides ends a conflict`() throws {
    var desk = try Desk()
    let a = try desk.sign(.set("title", "A"))
    let b = try desk.sign(.set("title", "B"), record: a.id, by: 1)
    let resolved = try desk.sign(
      .set("title", "AB", over: a.change(), b.change()), record: a.id, at: 5000)
    let state = try #require(desk.state(a, b, resolved))
    #expect(state["title"]?.texts == ["AB"])
    #expect(state.conflicts.isEmpty)
  }

  @Test func `a clear concurrent with a set leaves the set`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "Utkast"))
    let clear = try desk.sign(.clear("title", over: first.change()), record: first.id, at: 9000)
    let set = try desk.sign(
      .set("title", "Ny", over: first.change()), record: first.id, by: 1, at: 2000)
    #expect(desk.state(first, clear, set)?["title"]?.texts == ["Ny"])
    #expect(desk.state(first, clear)?["title"] == nil)
  }

  @Test func `an equal timestamp is decided by the greater id`() throws {
    var desk = try Desk()
    let a = try desk.sign(.set("title", "A"))
    let b = try desk.sign(.set("title", "B"), record: a.id, by: 1)
    let title = try #require(desk.state(a, b)?["title"])
    #expect(title.texts == (a.id > b.id ? ["A", "B"] : ["B", "A"]))
  }

  @Test func `two values in one operation are decided by the greater index`() throws {
    var desk = try Desk()
    let both = try desk.sign(.set("title", "A"), .set("title", "B"))
    #expect(desk.state(both)?["title"]?.texts == ["B", "A"])
  }

  @Test func `a far-future timestamp is superseded by the next honest edit`() throws {
    var desk = try Desk()
    let far = try desk.sign(.set("title", "År 10889"), at: 1 << 47)
    let honest = try desk.sign(.set("title", "Nu", over: far.change()), record: far.id, by: 1)
    #expect(honest.header.timestamp < far.header.timestamp)
    #expect(desk.state(far, honest)?["title"]?.texts == ["Nu"])
  }

  @Test func `texts that look alike but differ in bytes conflict`() throws {
    var desk = try Desk()
    let a = try desk.sign(.set("title", "\u{e5}"))
    let b = try desk.sign(.set("title", "a\u{30a}"), record: a.id, by: 1)
    #expect(desk.state(a, b)?["title"]?.values.count == 2)
  }
}
