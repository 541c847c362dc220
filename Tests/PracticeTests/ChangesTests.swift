import Operations
import Practice
import Testing
import WireFormat

@Suite struct ChangesTests {
  /// The changes of an edit of the rendered record.
  private func edit(
    _ state: RecordState, _ change: (String) -> String
  ) throws -> [ChangeDraft] {
    let text = change(try Sample.rendered(state))
    return try Sample.changes(try Sample.parse(text, editing: state), from: state)
  }

  @Test func `a new record ships every field and the defaults`() throws {
    let changes = try Sample.changes(try Sample.parse(Sample.tip), from: nil)
    #expect(
      Set(changes.map(\.path)) == [
        "kind", "title", "summary", "themes", "stage", "contact_ref", "evidence", "language",
        "license", "no_personal_data",
      ])
    #expect(changes.allSatisfy { $0.targets.isEmpty })
    #expect(changes.first { $0.path == "themes" }?.type == .add)
  }

  @Test func `an edit ships only the field that changed, superseding its value`() throws {
    let state = try Sample.published(Sample.full).state()
    let changes = try edit(state) { $0.replacing("stage: PILOT", with: "stage: IMPL") }
    #expect(
      changes == [
        ChangeDraft(
          type: .set, path: "stage", value: .text("IMPL"),
          targets: state["stage"]?.values.flatMap(\.assignments) ?? [])
      ])
    #expect(changes.first?.targets.count == 1)
  }

  @Test func `a field left out is cleared`() throws {
    let state = try Sample.published(Sample.full).state()
    let changes = try edit(state) { $0.replacing("period_end: 2016-08\n", with: "") }
    #expect(changes.map(\.type) == [.clear])
    #expect(changes.first?.path == "period_end")
    #expect(changes.first?.value == nil)
    #expect(changes.first?.targets == state["period_end"]?.values.first?.assignments)
  }

  @Test func `a set adds what is new and removes what is gone`() throws {
    let state = try Sample.published(Sample.full).state()
    let changes = try edit(state) { $0.replacing("DIGI", with: "PROC") }
    let gone = state["themes"]?.elements.first { $0.value == .text("DIGI") }
    #expect(
      changes == [
        ChangeDraft(type: .add, path: "themes", value: .text("PROC")),
        ChangeDraft(type: .remove, path: "themes", targets: gone?.assignments ?? []),
      ])
  }

  @Test func `a cell is changed by its row id, and a new row gets a new id`() throws {
    let state = try Sample.published(Sample.full).state()
    let changes = try edit(state) {
      $0.replacing("note: okänt", with: "note: 40 timmar\n  - type: RUNNING")
    }
    #expect(changes.map(\.path) == ["costs/0a1b2c3d/note", "costs/00000001/type"])
    #expect(changes.map(\.targets.count) == [1, 0])
  }

  @Test func `a row left out is cleared cell by cell, unknown columns too`() throws {
    let record = try Sample.published(Sample.full).publishing([
      ChangeDraft(type: .set, path: "costs/0a1b2c3d/future", value: .text("x"))
    ])
    let state = try record.state()
    let changes = try edit(state) {
      $0.replacing("  - row: 0a1b2c3d\n    type: HOURS\n    note: okänt\n", with: "")
    }
    #expect(changes.allSatisfy { $0.type == .clear && $0.targets.count == 1 })
    #expect(
      Set(changes.map(\.path)) == [
        "costs/0a1b2c3d/type", "costs/0a1b2c3d/note", "costs/0a1b2c3d/future",
      ])
  }

  @Test func `a conflict that the edit does not touch stays`() throws {
    let record = try Sample.published(Sample.tip).publishing([
      ChangeDraft(type: .set, path: "title", value: .text("En annan titel"))
    ])
    let state = try record.state()
    #expect(state["title"]?.isConflict == true)
    #expect(try edit(state) { $0 } == [])
    #expect(try edit(state) { $0.replacing("IDEA", with: "PREST") }.map(\.path) == ["stage"])
  }

  @Test func `a conflict that the edit touches is ended by one change that supersedes all`() throws
  {
    let state = try Sample.published(Sample.tip).publishing([
      ChangeDraft(type: .set, path: "title", value: .text("En annan titel"))
    ]).state()
    let changes = try edit(state) { $0.replacing("En annan titel", with: "Den rätta") }
    #expect(changes.map(\.targets.count) == [2])
  }

  @Test func `an erased value is neither shown nor cleared`() throws {
    let state = try Sample.published(Sample.tip).publishing([
      ChangeDraft(type: .set, path: "need", value: .text("Anna tycker"))
    ]).erasingLast().state()
    #expect(state["need"]?.values.count == 1)
    #expect(try !Sample.rendered(state).contains("Behov"))
    #expect(try edit(state) { $0 } == [])
  }

  @Test func `fields and values of another schema are left alone`() throws {
    let state = try Sample.published(Sample.tip).publishing([
      ChangeDraft(type: .set, path: "novel_field", value: .text("x")),
      ChangeDraft(type: .set, path: "need", value: .unsigned(3)),
    ]).state()
    #expect(try edit(state) { $0 } == [])
  }

  @Test func `more assignments than a change may name are superseded by several`() throws {
    var record = try Sample.published(Sample.tip)
    for number in 0..<70 {
      record = try record.publishing([
        ChangeDraft(type: .set, path: "need", value: .text("\(number)"))
      ])
    }
    let state = try record.state()
    let changes = try edit(state) { $0.replacing("\n69\n", with: "\nenig\n") }
    #expect(changes.map(\.targets.count) == [Limits.targetsMax, 70 - Limits.targetsMax])
    #expect(changes.allSatisfy { $0.value == .text("enig") })
    let ended = try record.publishing(changes).state()
    #expect(ended["need"]?.isConflict == false)
  }

  @Test func `publishing the changes gives the state the document says`() throws {
    let record = try Sample.published(Sample.full)
    let state = try record.state()
    let text = try Sample.rendered(state).replacing("IMPL", with: "ORD")
      .replacing("Många idéer", with: "Få idéer").replacing("- TID", with: "- FINA: pengar")
    let document = try Sample.parse(text)
    let next = try record.publishing(try Sample.changes(document, from: state)).state()
    #expect(try Sample.changes(document, from: next) == [])
    #expect(next["obstacles"]?.elements.count == 2)
  }
}
