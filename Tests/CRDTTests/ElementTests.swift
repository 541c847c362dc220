import CRDT
import Testing

/// What an add-wins set says.
struct ElementTests {
  @Test func `concurrent additions are all elements, ascending by bytes`() {
    let field = Field([sample(1, .adds("b")), sample(2, .adds("a")), sample(3, .element(nil))])
    #expect(field.elementTexts == ["erased", "a", "b"])
    #expect(field.values.isEmpty && !field.isConflict)
  }

  @Test func `an addition concurrent with a removal wins`() {
    let field = Field([
      sample(1, .adds("a")), sample(2, .nothing, over: [1]), sample(3, .adds("a")),
    ])
    #expect(field.elementTexts == ["a"])
    #expect(field.elements.first?.assignments == [3])
  }

  @Test func `a removal that has seen every addition removes the element`() {
    let field = Field([
      sample(1, .adds("a")), sample(2, .adds("a")), sample(3, .adds("b")),
      sample(4, .nothing, over: [1, 2]),
    ])
    #expect(field.elementTexts == ["b"])
  }

  @Test func `an element removed can be added again`() {
    let field = Field([
      sample(1, .adds("a")), sample(2, .nothing, over: [1]), sample(3, .adds("a"), over: [2]),
    ])
    #expect(field.elementTexts == ["a"])
  }

  @Test func `a value and an element at one path are both kept`() {
    let field = Field([sample(1, .says("a")), sample(2, .adds("a"))])
    #expect(field.texts == ["a"])
    #expect(field.elementTexts == ["a"])
  }
}
