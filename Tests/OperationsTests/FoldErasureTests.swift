import Operations
import Testing

/// Erased bodies, dates and the version of a record.
struct FoldErasureTests {
  @Test func `a value whose body is erased reads erased`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "Anna"), .add("tags", "x"))
    let state = try #require(desk.state(try first.erased()))
    #expect(state["title"]?.texts == ["erased"])
    #expect(state["tags"]?.elementTexts == ["erased"])
  }

  @Test func `erasing an edit does not bring the value before it back`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let second = try desk.sign(.set("title", "B", over: first.change()), record: first.id)
    #expect(desk.state(first, try second.erased())?["title"]?.texts == ["erased"])
  }

  @Test func `erasing what is superseded changes nothing`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let second = try desk.sign(.set("title", "B", over: first.change()), record: first.id)
    #expect(desk.state(try first.erased(), second) == desk.state(first, second))
  }

  @Test func `erasure does not change the version and an edit does`() throws {
    var desk = try Desk()
    let first = try desk.sign(.set("title", "A"))
    let second = try desk.sign(.set("title", "A", over: first.change()), record: first.id)
    let version = try #require(desk.state(first)?.version)
    #expect(desk.state(try first.erased())?.version == version)
    #expect(desk.state(first, second)?.version != version)
  }

  @Test func `a record is created with its oldest and updated with its newest operation`() throws {
    var desk = try Desk()
    let middle = try desk.sign(.set("title", "A"), at: 5000)
    let newest = try desk.sign(.set("text", "T"), record: middle.id, at: 9000)
    let oldest = try desk.sign(.set("summary", "S"), record: middle.id, at: 1)
    let state = try #require(desk.state(middle, newest, oldest))
    #expect(state.created == oldest.header.timestamp)
    #expect(state.updated == newest.header.timestamp)
    #expect(state.family == "entry")
  }
}
