import Glibc
import Signatures

extension AuditLog {
  /// What `verify` found.
  package struct Verification: Sendable, Equatable {
    /// Whole lines up to the end, or up to the break.
    package var lines: UInt64 = 0
    /// The last line's chain; keep it elsewhere to prove later that the end is still there.
    package var chain = Digest.zero
    /// Places where a crash has left bytes that a later line accounts for.
    package var torn = 0
    /// Bytes at the very end that are no line; the next line will account for them.
    package var isTornAtEnd = false
    package var broken: Break?
  }

  /// The first line that is not what was written.
  package struct Break: Sendable, Equatable {
    package enum Problem: String, Sendable {
      /// Neither a line nor bytes that a line accounts for.
      case notALine = "not-a-line"
      /// Its number does not follow: a line is missing, doubled or moved.
      case sequence
      /// It or a line before it has changed.
      case chain
    }

    package let line: Int
    package let problem: Problem
  }

  /// The lines of a time window, in the order of the file.
  ///
  /// Looks at every line, for a clock that was set back leaves times out of order; or only at the
  /// last `lastBytes`, for what is asked for often.
  package func read(
    since: UInt64? = nil, until: UInt64? = nil, lastBytes: Int? = nil,
    _ body: (AuditLine) throws -> Void
  ) throws {
    guard let file = try AuditFile.reading(path) else { return }
    let size = try Self.settledSize(file)
    let since = since.map { Array(AuditLine.time($0).utf8) }
    let until = until.map { Array(AuditLine.time($0).utf8) }
    var pieces = AuditPieces(from: lastBytes.map { max(0, size - $0) } ?? 0, to: size)
    while let piece = try pieces.next(file) {
      guard piece.isLine, let seal = AuditLine.Seal(piece.bytes),
        since.map({ !seal.time.lexicographicallyPrecedes($0) }) ?? true,
        until.map({ seal.time.lexicographicallyPrecedes($0) }) ?? true,
        let line = AuditLine(piece.bytes, number: piece.number)
      else { continue }
      try body(line)
    }
  }

  /// Walks the chain from the first line.
  package func verify() throws -> Verification {
    var found = Verification()
    guard let file = try AuditFile.reading(path) else { return found }
    var pieces = AuditPieces(to: try Self.settledSize(file))
    var rest = TornBytes()
    while found.broken == nil, let piece = try pieces.next(file) {
      if piece.isLine, let seal = AuditLine.Seal(piece.bytes) {
        found.take(seal, piece, after: rest)
        rest = TornBytes()
      } else {
        rest.add(piece)
      }
    }
    found.isTornAtEnd = rest.digest != nil
    return found
  }

  /// Up to here no writer is under way.
  private static func settledSize(_ file: borrowing AuditFile) throws -> Int {
    try file.lock(LOCK_SH)
    defer { file.unlock() }
    return try file.size
  }
}

extension AuditLog.Verification {
  fileprivate mutating func take(
    _ seal: AuditLine.Seal, _ piece: AuditPieces.Piece, after rest: TornBytes
  ) {
    if let digest = rest.digest {
      let line = AuditLine(piece.bytes, number: piece.number)
      guard line?.text("event") == AuditEntry.NodeEvent.torn.rawValue,
        line?.text("sha256") == "\(digest)"
      else {
        broken = .init(line: rest.firstLine ?? piece.number, problem: .notALine)
        return
      }
      torn += 1
    }
    guard seal.sequence == lines + 1 else {
      broken = .init(line: piece.number, problem: .sequence)
      return
    }
    guard AuditLine.chain(after: chain, seal.body) == seal.chain else {
      broken = .init(line: piece.number, problem: .chain)
      return
    }
    lines += 1
    chain = seal.chain
  }
}
