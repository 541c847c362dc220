import CRDT
import Testing

/// What a register says: one value, a conflict, an erased value.
struct RegisterTests {
  @Test func `nothing assigned says nothing`() {
    #expect(Field([]).values.isEmpty)
    #expect(!Field([]).isConflict)
  }

  @Test func `concurrent values conflict, all are kept and the newest is displayed`() {
    let field = Field([sample(1, .says("a")), sample(2, .says("b")), sample(3, .says("c"))])
    #expect(field.texts == ["c", "b", "a"])
    #expect(field.isConflict)
  }

  @Test func `equal concurrent values are one, with every assignment that says it`() {
    let field = Field([sample(1, .says("a"), at: 9), sample(2, .says("a"), at: 3)])
    #expect(field.texts == ["a"])
    #expect(!field.isConflict)
    #expect(field.values.first?.assignments == [1, 2])
    #expect(field.values.first?.newest == 1)
  }

  @Test func `a value over its predecessor is the only one`() {
    let field = Field([sample(1, .says("a")), sample(2, .says("b"), over: [1])])
    #expect(field.texts == ["b"])
  }

  @Test func `an edit with an older clock still supersedes what it targets`() {
    let field = Field([sample(1, .says("a"), at: 900), sample(2, .says("b"), over: [1], at: 1)])
    #expect(field.texts == ["b"])
  }

  @Test func `an assignment over both sides ends a conflict`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .says("b")), sample(3, .says("ab"), over: [1, 2]),
    ])
    #expect(field.texts == ["ab"])
  }

  @Test func `a clear concurrent with a set leaves the set`() {
    let field = Field([
      sample(1, .says("a")), sample(2, .nothing, over: [1]), sample(3, .says("b"), over: [1]),
    ])
    #expect(field.texts == ["b"])
  }

  @Test func `a clear of everything live leaves nothing`() {
    #expect(Field([sample(1, .says("a")), sample(2, .nothing, over: [1])]).values.isEmpty)
  }

  @Test func `an erased value reads erased and does not bring the old one back`() {
    let field = Field([sample(1, .says("a")), sample(2, .value(nil), over: [1])])
    #expect(field.texts == ["erased"])
  }

  @Test func `an erased value concurrent with another is a conflict`() {
    let field = Field([sample(1, .says("a")), sample(2, .value(nil))])
    #expect(field.texts == ["erased", "a"])
  }

  @Test func `at one timestamp the greater id is displayed`() {
    let field = Field([sample(2, .says("b"), at: 5), sample(1, .says("a"), at: 5)])
    #expect(field.texts == ["b", "a"])
  }

  @Test func `the empty value is a value and not an erased one`() {
    #expect(Field([sample(1, .says(""))]).values.first?.bytes == [])
  }
}
