import Operations
import Testing

/// Sets and tables with signed operations.
struct FoldElementTests {
  @Test func `an addition wins over a concurrent removal`() throws {
    var desk = try Desk()
    let first = try desk.sign(.add("tags", "klimat"))
    let gone = try desk.sign(.remove("tags", over: first.change()), record: first.id, at: 9000)
    let again = try desk.sign(.add("tags", "klimat"), record: first.id, by: 1, at: 2000)
    #expect(desk.state(first, gone)?["tags"] == nil)
    #expect(desk.state(first, gone, again)?["tags"]?.elementTexts == ["klimat"])
  }

  @Test func `elements ascend by their bytes`() throws {
    var desk = try Desk()
    let first = try desk.sign(.add("tags", "vatten"), .add("tags", "el"), .add("tags", "skola"))
    #expect(desk.state(first)?["tags"]?.elementTexts == ["el", "skola", "vatten"])
  }

  @Test func `of many elements each is found with its own value`() throws {
    var desk = try Desk()
    let first = try desk.sign(
      .add("tags", "e0"), .add("tags", "e1"), .add("tags", "e2"), .add("tags", "e3"),
      .add("tags", "e4"), .add("tags", "e5"), .add("tags", "e6"), .add("tags", "e7"),
      .add("tags", "e8"))
    let second = try desk.sign(
      .add("tags", "f0"), .add("tags", "e4"), .remove("tags", over: first.change(8)),
      record: first.id, at: 2000)
    let elements = try #require(desk.state(first, second)?["tags"]?.elementTexts)
    #expect(elements == ["e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7", "f0"])
  }

  @Test func `a row of a table is there while one of its cells has a value`() throws {
    var desk = try Desk()
    let first = try desk.sign(
      .set("costs/a/amount", "100"), .set("costs/a/kind", "drift"), .set("costs/b/amount", "7"))
    let clear = try desk.sign(
      .clear("costs/a/amount", over: first.change(0)), record: first.id, at: 2000)
    let gone = try desk.sign(
      .clear("costs/a/kind", over: first.change(1)), record: first.id, at: 3000)
    #expect(desk.state(first, clear)?.fields.map(\.path) == ["costs/a/kind", "costs/b/amount"])
    #expect(desk.state(first, clear, gone)?.fields.map(\.path) == ["costs/b/amount"])
  }

  @Test func `values of a change are found behind changes without one`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"), .add("tags", "x"))
    let second = try desk.sign(
      .clear("title", over: first.change(0)), .set("text", "T"),
      .remove("tags", over: first.change(1)), .add("tags", "y"), record: first.id, at: 2000)
    let state = try #require(desk.state(first, second))
    #expect(state["title"] == nil)
    #expect(state["text"]?.texts == ["T"])
    #expect(state["tags"]?.elementTexts == ["y"])
  }
}
