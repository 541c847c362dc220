import CRDT
import Testing

/// What is held but not accepted says nothing, yet connects what lies on both sides of it.
struct UnacceptedTests {
  @Test func `an unaccepted value is not live and supersedes nothing`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .says("forged"), over: [1], accepted: false),
    ])
    #expect(field.texts == ["a"])
    #expect(field.hiddenThroughUnaccepted.isEmpty)
  }

  @Test func `what an accepted edit reaches through an unaccepted one is hidden and listed`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .says("revoked"), over: [1], accepted: false),
      sample(3, .says("c"), over: [2]),
    ])
    #expect(field.texts == ["c"])
    #expect(field.hiddenThroughUnaccepted == [1])
  }

  @Test func `what is also superseded plainly is hidden and not listed`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .says("revoked"), over: [1], accepted: false),
      sample(3, .says("c"), over: [1, 2]),
    ])
    #expect(field.texts == ["c"])
    #expect(field.hiddenThroughUnaccepted.isEmpty)
  }

  @Test func `a chain of unaccepted ones connects as one does`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .says("x"), over: [1], accepted: false),
      sample(3, .says("y"), over: [2], accepted: false), sample(4, .nothing, over: [3]),
    ])
    #expect(field.values.isEmpty)
    #expect(field.hiddenThroughUnaccepted == [1])
  }

  @Test func `a target that is not held changes nothing until it arrives`() {
    let early = [sample(1, .says("a")), sample(3, .says("c"), over: [2])]
    #expect(Field(early).texts == ["c", "a"])
    #expect(Field(early + [sample(2, .says("b"), over: [1])]).texts == ["c"])
  }

  @Test func `acceptance that comes late gives the state it would have given at once`() {
    func field(accepted: Bool) -> Field {
      Field([sample(1, .says("a")), sample(2, .says("b"), over: [1], accepted: accepted)])
    }
    #expect(field(accepted: false).texts == ["a"])
    #expect(field(accepted: true).texts == ["b"])
  }
}
