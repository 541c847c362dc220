import Synchronization

/// Bytes of frames with their length prefixes; readable from anywhere.
final class ByteCounters: Sendable {
  private let sentBytes = Atomic<Int>(0)
  private let receivedBytes = Atomic<Int>(0)

  var sent: Int { sentBytes.load(ordering: .relaxed) }
  var received: Int { receivedBytes.load(ordering: .relaxed) }

  func sent(_ bytes: Int) {
    sentBytes.wrappingAdd(bytes, ordering: .relaxed)
  }

  func received(_ bytes: Int) {
    receivedBytes.wrappingAdd(bytes, ordering: .relaxed)
  }
}
