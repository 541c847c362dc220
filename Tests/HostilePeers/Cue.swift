/// Something that happens once and that others may wait for.
package final class Cue: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  package func give() {
    continuation.finish()
  }

  package func given() async {
    for await _ in stream {}
  }
}
