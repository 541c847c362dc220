import Reconciliation
import Signatures
import Testing

struct ProbeTests {
  /// What the reference accepts and we refuse: no encoder writes these, so nothing is lost.
  static let stricter = [
    "nonminimal-varint-bound": "reconcile-not-shortest",
    "varint-11-bytes": "reconcile-overflow",
    "descending-id-prefix-same-timestamp": "reconcile-bound-order",
  ]

  static let refused = [
    "empty-message": "reconcile-truncated",
    "bad-version-5f": "reconcile-version-invalid",
    "mode-missing": "reconcile-truncated",
    "unknown-mode-3": "reconcile-mode",
    "idlist-count-too-large": "reconcile-truncated",
    "initiator-future-version": "reconcile-version-unsupported",
  ]

  @Test(arguments: try Vectors.conformance().probes)
  func `a single message is answered as the reference answers it`(probe: Probe) throws {
    let items = try SortedItems(probe.items.map(\.item))
    var side = try Reconciler(frameSizeLimit: probe.limit)
    if let opening = probe.initiate {
      #expect(Hex.encode(try side.initiate(over: items)) == opening)
    }
    let message = try #require(Hex.decode(probe.message))
    let expectedCode = Self.stricter[probe.name] ?? Self.refused[probe.name]
    #expect(expectedCode != nil || probe.result != "error")
    do {
      let step = try side.reconcile(message, over: items)
      #expect(expectedCode == nil)
      #expect(step.have.map(\.description).sorted() == (probe.have ?? []).sorted())
      #expect(step.need.map(\.description).sorted() == (probe.need ?? []).sorted())
      switch step.next {
      case .done: #expect(probe.result == "done")
      case .message(let reply): #expect(Hex.encode(reply) == probe.response)
      }
    } catch let error as ReconciliationError {
      #expect(error.code == expectedCode)
    }
  }
}
