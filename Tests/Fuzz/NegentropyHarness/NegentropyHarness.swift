import Glibc
import Reconciliation
import Signatures

/// One side of a reconciliation over standard input and output, as the test suite of Negentropy
/// drives every implementation; a line each way, flushed.
///
///     item,SECONDS,ID      no answer
///     seal                 no answer; the set is complete
///     initiate             msg,HEX
///     msg,HEX              have,ID and need,ID any number of times, then msg,HEX or done
///
/// `FRAMESIZELIMIT` bounds a message in bytes, 0 for no limit. A fault is told on standard error and
/// ends the process with 1.
@main
struct NegentropyHarness {
  private let frameSizeLimit: Int
  private var items: [ReconcilableItem] = []
  private var sealed: (items: SortedItems, reconciler: Reconciler)?
  private var isInitiator = false

  static func main() {
    do {
      var harness = try NegentropyHarness()
      while let line = readLine() { try harness.obey(line) }
    } catch {
      say("negentropy-harness: \(error)", to: STDERR_FILENO)
      exit(1)
    }
  }

  /// At once, so that nobody waits for a line that lies in a buffer.
  private static func say(_ line: String, to descriptor: Int32 = STDOUT_FILENO) {
    var rest = Array((line + "\n").utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { exit(1) }
      rest = rest.dropFirst(count)
    }
  }

  private init() throws {
    let limit = getenv("FRAMESIZELIMIT").map { String(cString: $0) } ?? "0"
    guard let limit = Int(limit.isEmpty ? "0" : limit), limit >= 0 else {
      throw Fault("FRAMESIZELIMIT: found \(limit), expected a number of bytes")
    }
    frameSizeLimit = limit
  }

  private mutating func obey(_ line: String) throws {
    let parts = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    switch (parts[0], parts.count) {
    case ("", 1): return
    case ("item", 3):
      guard let seconds = UInt64(parts[1]), let id = Digest(try bytes(parts[2])) else {
        throw Fault("found \(line), expected item,SECONDS,64 hexadecimal digits")
      }
      items.append(ReconcilableItem(seconds: seconds, id: id))
    case ("seal", 1):
      sealed = (try SortedItems(items), try Reconciler(frameSizeLimit: frameSizeLimit))
    case ("initiate", 1):
      isInitiator = true
      try send(asked { try $1.initiate(over: $0) })
    case ("msg", 2):
      let message = try bytes(parts[1])
      let step = try asked { try $1.reconcile(message, over: $0) }
      if isInitiator {
        for id in step.have { Self.say("have,\(id)") }
        for id in step.need { Self.say("need,\(id)") }
      }
      switch step.next {
      case .message(let message): try send(message)
      case .done: Self.say("done")
      }
    default: throw Fault("found \(line), expected item, seal, initiate or msg")
    }
  }

  private mutating func asked<Answer>(
    _ body: (SortedItems, inout Reconciler) throws -> Answer
  ) throws -> Answer {
    guard let (items, former) = sealed else { throw Fault("seal comes first") }
    var reconciler = former
    defer { sealed = (items, reconciler) }
    return try body(items, &reconciler)
  }

  private func send(_ message: [UInt8]) throws {
    guard frameSizeLimit == 0 || message.count <= frameSizeLimit else {
      throw Fault("a message of \(message.count) bytes, at most \(frameSizeLimit) allowed")
    }
    Self.say("msg,\(Hex.encode(message))")
  }

  private func bytes(_ text: String) throws -> [UInt8] {
    guard let bytes = Hex.decode(text) else { throw Fault("\(text) is not hexadecimal") }
    return bytes
  }
}

struct Fault: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
