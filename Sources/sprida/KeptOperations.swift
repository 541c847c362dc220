import CRDT
import OperationStore
import Operations
import Signatures

/// What a cut of a key would keep: shown to a person before it is signed for ever.
struct KeptOperations {
  let heads: [Digest]
  let disowned: [Digest]
  private let operations: [KeyOperation]

  init(_ operations: [KeyOperation], heads: [Digest], disowned: [Digest] = []) {
    self.operations = operations
    self.heads = heads
    self.disowned = disowned
  }

  private var kept: Set<Digest> {
    operations.ancestry(of: heads).subtracting(disowned)
  }

  /// What counts now and will not any more.
  var falling: [KeyOperation] {
    let kept = kept
    return operations.filter { !kept.contains($0.id) && $0.verdict == .accepted }
  }

  func lines(of key: PublicKey, _ context: Context) throws -> [String] {
    let console = context.console
    let falling = falling
    let ids = self.kept
    let kept = console.count(operations.count { ids.contains($0.id) }, .operation)
    let heading = console.text(
      "Nyckeln \(short(key)): \(kept) behålls, \(console.number(falling.count)) faller bort",
      "The key \(short(key)): \(kept) kept, \(console.number(falling.count)) falling out")
    guard !falling.isEmpty else { return [heading + "."] }
    var table = Table([
      (console.text("Faller bort", "Falls out"), .left),
      (console.text("Kom hit (UTC)", "Came here (UTC)"), .left),
      (console.text("Säger sig vara från (UTC)", "Claims (UTC)"), .left),
      (console.text("Vad", "What"), .left),
    ])
    let words = ActText(context, try context.store.charter())
    for operation in falling.prefix(20) {
      table.add([
        short(operation.id), console.time(operation.received),
        console.time(Int64(clamping: operation.header.timestamp.milliseconds)),
        try context.store.operations(idPrefix: "\(operation.id)").first.map(words.line) ?? "",
      ])
    }
    let more = falling.count > 20 ? [console.text("… och fler", "… and more")] : []
    return [heading + ":"] + table.lines(console) + more
  }
}
