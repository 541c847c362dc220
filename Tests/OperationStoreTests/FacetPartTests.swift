import CRDT
import GRDB
import OperationStore
import Operations
import TestSupport
import Testing
import WireFormat

/// Values are found in whatever part of the index they stand.
@Suite struct FacetPartTests {
  @Test func `what two parts hold is found, edited and remade like what one holds`() throws {
    var office = try Office()
    let (folder, plain) = (try Folder(), try office.store())
    let store = try office.store(path: folder.store)
    var entries: [Operation] = []
    for index in 0..<12 {
      entries.append(
        try office.region.author(
          [.set("title", "Titel \(index)"), .set("stage", index < 9 ? "PILOT" : "IDEA")],
          by: office.officer, at: SampleRegion.time(1000 + UInt64(index)),
          using: &office.generator))
    }
    try store.take([entries[0]])
    // The rows that follow lie on both sides of a part's end.
    let queue = try DatabaseQueue(path: folder.store)
    try queue.inDatabase {
      try $0.execute(sql: "UPDATE sqlite_sequence SET seq = 4089 WHERE name = 'record'")
    }
    try store.take(Array(entries.dropFirst()))
    let parts = try queue.inDatabase {
      try Int.fetchAll($0, sql: "SELECT DISTINCT part FROM facet_value ORDER BY part")
    }
    #expect(parts == [0, 1])
    try queue.close()
    let edits = try [0, 3, 8].map { index in
      try office.region.author(
        [
          ChangeDraft(
            type: .set, path: "stage", value: .text("IDEA"),
            targets: [AssignmentID(operation: entries[index].id, index: 1)])
        ], record: entries[index].id, by: office.officer,
        at: SampleRegion.time(2000 + UInt64(index)), using: &office.generator)
    }
    try store.take(edits)
    try plain.take(entries + edits)

    #expect(try store.facetValues(of: "stage") == ["IDEA", "PILOT"])
    var query = RecordQuery(family: "entry")
    for (stage, count) in [("IDEA", 6), ("PILOT", 6)] {
      query.facets = [.init(path: "stage", values: [stage])]
      for order in RecordQuery.Order.allCases {
        query.order = order
        let found = try store.find(query).records.map(\.title)
        #expect(found.count == count, "\(stage) by \(order)")
        #expect(try Set(found) == Set(plain.find(query).records.map(\.title)))
      }
    }
    let dump = try store.projectionDump()
    #expect(try dump == plain.projectionDump())
    try store.rebuild()
    #expect(try store.projectionDump() == dump)
  }
}
