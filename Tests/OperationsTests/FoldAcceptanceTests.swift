import Operations
import TestSupport
import Testing

/// What unaccepted operations and foreign targets do to a record: nothing but what is shown.
struct FoldAcceptanceTests {
  @Test func `a record without an accepted operation has no state`() throws {
    var desk = try Desk()
    let only = try desk.sign(.set("title", "A"))
    #expect(desk.state([HeldOperation(only, isAccepted: false)]) == nil)
    #expect(desk.state([]) == nil)
  }

  @Test func `later operations count though the creating one is not accepted`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let second = try desk.sign(.set("text", "T"), record: first.id, at: 2000)
    let state = try #require(
      desk.state([
        HeldOperation(first, isAccepted: false), HeldOperation(second, isAccepted: true),
      ]))
    #expect(state.fields.map(\.path) == ["text"])
    #expect(state.created == second.header.timestamp)
  }

  @Test func `a value superseded through an unaccepted operation stays hidden and is listed`()
    throws
  {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let revoked = try desk.sign(.set("title", "X", over: first.change()), record: first.id, by: 1)
    let last = try desk.sign(.set("title", "C", over: revoked.change()), record: first.id, by: 2)
    let state = try #require(
      desk.state([
        HeldOperation(first, isAccepted: true), HeldOperation(revoked, isAccepted: false),
        HeldOperation(last, isAccepted: true),
      ]))
    #expect(state["title"]?.texts == ["C"])
    #expect(state["title"]?.hiddenThroughUnaccepted == [first.change()])
    #expect(state.conflicts.map(\.path) == ["title"])
  }

  @Test func `what is hidden is listed even where nothing is live`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let revoked = try desk.sign(.set("title", "X", over: first.change()), record: first.id, by: 1)
    let clear = try desk.sign(.clear("title", over: revoked.change()), record: first.id, by: 2)
    let state = try #require(
      desk.state([
        HeldOperation(first, isAccepted: true), HeldOperation(revoked, isAccepted: false),
        HeldOperation(clear, isAccepted: true),
      ]))
    #expect(state["title"]?.values.isEmpty == true)
    #expect(state.conflicts.map(\.path) == ["title"])
  }

  @Test func `a target on another path counts nothing`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"), .set("text", "T"))
    let wrongPath = try desk.sign(
      .set("summary", "S", over: first.change(0)), record: first.id, at: 2000)
    #expect(
      desk.state(first, wrongPath)?.fields.map(\.path) == ["summary", "text", "title"])
  }

  @Test func `a target that is not held and an index that is not there count nothing`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let dangling = AssignmentID(operation: desk.region.id, index: 0)
    let second = try desk.sign(
      .set("title", "B", over: dangling, first.change(7)), record: first.id, at: 2000)
    #expect(desk.state(first, second)?["title"]?.texts == ["B", "A"])
  }
}
