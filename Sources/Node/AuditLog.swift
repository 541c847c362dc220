import Glibc
import Signatures

/// What happened on a node, for whoever has to answer for it: `audit.jsonl` in the node's folder,
/// only ever appended to.
///
/// Each line is chained to the one before (`AuditLine`), so that a line changed, removed or put in
/// between is found by `verify`. What the chain cannot show is that the end is missing, or that
/// somebody has written all of it anew: whoever fears that keeps the chain's end elsewhere, which
/// `sprida audit --verify` prints.
///
/// A crash may leave bytes that are no line. The next line then follows a `torn` line that names
/// their SHA-256, newline included, and is itself chained to the last whole line.
package struct AuditLog: Sendable {
  package let path: String
  private let onFailure: @Sendable (any Error) -> Void

  /// `onFailure` hears of lines that could not be written; nothing else stops for them.
  package init(folder: String, onFailure: @escaping @Sendable (any Error) -> Void) {
    path = folder + "/audit.jsonl"
    self.onFailure = onFailure
  }

  package func append(_ entries: [AuditEntry], now: UInt64 = SystemClock.now) {
    guard !entries.isEmpty else { return }
    do {
      try write(entries, now: now)
    } catch {
      onFailure(error)
    }
  }

  package func append(_ entry: AuditEntry, now: UInt64 = SystemClock.now) {
    append([entry], now: now)
  }

  /// What a session or a command has brought to the charter.
  package func append(charterNews: [CharterNews], now: UInt64 = SystemClock.now) {
    append(charterNews.map(AuditEntry.charter), now: now)
  }

  /// As `append`, for callers that want to know.
  package func write(_ entries: [AuditEntry], now: UInt64) throws {
    let file = try AuditFile.appending(path)
    try file.lock(LOCK_EX)
    var end = try End(of: file)
    for entry in (end.torn.map { [AuditEntry.torn($0)] } ?? []) + entries {
      let (line, chain) = AuditLine.seal(
        entry, sequence: end.sequence + 1, time: now, after: end.chain)
      // One write with the newline that a crash has left out: it is whole or torn itself.
      try file.append((end.hasNewline ? [] : [UInt8(ascii: "\n")]) + line)
      end.advance(to: chain)
    }
    if entries.contains(where: \.kind.isDurable) { try file.sync() }
  }
}

extension AuditLog {
  /// Where the next line goes on.
  private struct End {
    private(set) var sequence: UInt64 = 0
    private(set) var chain = Digest.zero
    private(set) var hasNewline = true
    /// Of what follows the last whole line, with the newline that ends it or will.
    private(set) var torn: Digest?

    init(of file: borrowing AuditFile) throws {
      let size = try file.size
      // Nearly always the last line is whole, and near the end.
      let count = min(size, AuditLine.bytesMax)
      let near = try file.read(at: size - count, count: count)
      guard !near.isEmpty else { return }
      hasNewline = near.last == UInt8(ascii: "\n")
      let line = (hasNewline ? near.dropLast() : near[...]).reversed()
        .prefix { $0 != UInt8(ascii: "\n") }.reversed()
      if let seal = AuditLine.Seal(Array(line)) {
        (sequence, chain) = (seal.sequence, seal.chain)
      } else {
        try search(file, size)
      }
    }

    mutating func advance(to chain: Digest) {
      sequence += 1
      self.chain = chain
      hasNewline = true
    }

    /// Reads it all, once after a crash.
    private mutating func search(_ file: borrowing AuditFile, _ size: Int) throws {
      var pieces = AuditPieces(to: size)
      var rest = TornBytes()
      while let piece = try pieces.next(file) {
        if piece.isLine, let seal = AuditLine.Seal(piece.bytes) {
          (sequence, chain) = (seal.sequence, seal.chain)
          rest = TornBytes()
        } else {
          rest.add(piece)
        }
      }
      torn = rest.digest
    }
  }
}

/// The SHA-256 over bytes that are no line, as if a newline ended them.
struct TornBytes {
  private var hash = SHA256()
  private var hasNewline = true
  private(set) var firstLine: Int?

  mutating func add(_ piece: AuditPieces.Piece) {
    firstLine = firstLine ?? piece.number
    hash.update(piece.bytes)
    if piece.hasNewline { hash.update([UInt8(ascii: "\n")]) }
    hasNewline = piece.hasNewline
  }

  /// Nil when there are none.
  var digest: Digest? {
    guard firstLine != nil else { return nil }
    var copy = hash
    if !hasNewline { copy.update([UInt8(ascii: "\n")]) }
    return copy.finalize()
  }
}
