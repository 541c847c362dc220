import FoundationEssentials
import Signatures
import WireFormat

/// A line of the audit log, whole and in our form.
///
///     {"sequence":7,"time":"2026-11-22T21:15:00.123Z","kind":…,…,"chain":"64 hexadecimal digits"}
///
/// One flat object: texts, integers, true and false, no spaces. `chain` is SHA-256 over the 32
/// bytes of the previous line's chain (zero bytes for the first line) and this line's bytes up to
/// and without `,"chain":`.
package struct AuditLine: Sendable, Equatable {
  /// Its place in the file, from 1.
  package let number: Int
  package let text: String
  package let sequence: UInt64
  /// UTC, to the millisecond; ordered as text.
  package let time: String
  package let kind: String
  /// What follows the kind, without the chain.
  package let fields: [AuditEntry.Field]
  package let chain: Digest

  /// With the newline; small enough for one write that nobody else's can fall into.
  package static let bytesMax = 4096
  fileprivate static let chainMark = Array(",\"chain\":\"".utf8)
  fileprivate static let tailCount = chainMark.count + 2 * Digest.byteCount + 2

  /// What a line that follows `previous` has as its chain.
  static func chain(after previous: Digest, _ body: some Sequence<UInt8>) -> Digest {
    SHA256.hash(previous.bytes + body)
  }

  /// What every reader needs of a line, at the cost of its ends alone.
  struct Seal {
    let sequence: UInt64
    /// Ordered as bytes.
    let time: ArraySlice<UInt8>
    /// The part that the chain covers.
    let body: ArraySlice<UInt8>
    let chain: Digest

    private static let start = Array("{\"sequence\":".utf8)
    private static let middle = Array(",\"time\":\"".utf8)
    private static let timeCount = 24

    /// Nil unless `line`, without its newline, begins and ends as ours do.
    init?(_ line: [UInt8]) {
      guard line.count > tailCount, line.count < bytesMax, line.starts(with: Self.start),
        line.suffix(2) == Array("\"}".utf8)[...]
      else { return nil }
      body = line.dropLast(tailCount)
      let rest = line[Self.start.count...]
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      let tail = line[body.endIndex...].dropLast(2)
      let time = rest.dropFirst(digits.count)
      guard tail.starts(with: chainMark), time.starts(with: Self.middle),
        let sequence = UInt64(String(decoding: digits, as: UTF8.self)), sequence > 0,
        let chain = Digest(hex: String(decoding: tail.dropFirst(chainMark.count), as: UTF8.self))
      else { return nil }
      self.sequence = sequence
      self.time = time.dropFirst(Self.middle.count).prefix(Self.timeCount)
      self.chain = chain
    }
  }

  /// Nil unless `line`, without its newline, is exactly what we write.
  init?(_ line: [UInt8], number: Int) {
    guard let seal = Seal(line), let text = String(validating: line, as: UTF8.self),
      TextProfile.violation(in: text) == nil,
      let members = FlatJSON.members(of: line), members.count >= 4,
      members.prefix(3).map(\.name) == ["sequence", "time", "kind"],
      case .text(let time) = members[1].value, case .text(let kind) = members[2].value
    else { return nil }
    self.number = number
    self.text = text
    sequence = seal.sequence
    self.time = time
    self.kind = kind
    fields = Array(members[3..<(members.count - 1)])
    chain = seal.chain
  }

  package func text(_ name: String) -> String? {
    guard case .text(let text) = field(name) else { return nil }
    return text
  }

  package func number(_ name: String) -> Int64? {
    guard case .number(let number) = field(name) else { return nil }
    return number
  }

  package func isTrue(_ name: String) -> Bool { field(name) == .bool(true) }

  private func field(_ name: String) -> AuditEntry.Value? {
    fields.first { $0.name == name }?.value
  }
}

// MARK: - Writing

extension AuditLine {
  /// The bytes of a line with its newline, and its chain.
  static func seal(
    _ entry: AuditEntry, sequence: UInt64, time: UInt64, after previous: Digest
  ) -> (bytes: [UInt8], chain: Digest) {
    let head: [AuditEntry.Field] = [
      .init("sequence", sequence), .init("time", Self.time(time)),
      .init("kind", entry.kind.rawValue),
    ]
    var longest = 512
    var body = FlatJSON.open(head + entry.fields, textBytesMax: longest)
    while body.count + tailCount >= bytesMax, longest > 8 {
      longest /= 2
      body = FlatJSON.open(head + entry.fields, textBytesMax: longest)
    }
    let chain = chain(after: previous, body)
    return (body + chainMark + Array("\(chain)\"}\n".utf8), chain)
  }

  /// `2026-11-22T21:15:00.123Z`.
  package static func time(_ milliseconds: UInt64) -> String {
    let seconds = Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
    let fraction = "\(1000 + milliseconds % 1000)".dropFirst()
    return "\(seconds.dropLast()).\(fraction)Z"
  }
}

/// JSON as the audit log has it: one flat object of texts, integers and booleans.
enum FlatJSON {
  /// An object without its closing brace.
  static func open(_ fields: [AuditEntry.Field], textBytesMax: Int) -> [UInt8] {
    var out = "{"
    for (index, field) in fields.enumerated() {
      out += index == 0 ? "\"" : ",\""
      out += field.name + "\":"
      switch field.value {
      case .text(let text): out += "\"\(escaped(text, bytesMax: textBytesMax))\""
      case .number(let number): out += "\(number)"
      case .bool(let bool): out += bool ? "true" : "false"
      }
    }
    return Array(out.utf8)
  }

  /// Control characters are left out: a log that somebody shows in a terminal must not act there.
  private static func escaped(_ text: String, bytesMax: Int) -> String {
    var out = ""
    var count = 0
    for character in TextProfile.cleaned(text) {
      let piece =
        switch character {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": " "
        default: String(character)
        }
      count += piece.utf8.count
      guard count <= bytesMax else { return out + "…" }
      out += piece
    }
    return out
  }

  /// Nil for anything that `open` does not write.
  static func members(of line: [UInt8]) -> [AuditEntry.Field]? {
    var reader = Reader(rest: line[...])
    guard reader.take("{") else { return nil }
    var members: [AuditEntry.Field] = []
    repeat {
      guard let name = reader.string(), reader.take(":"), let value = reader.value() else {
        return nil
      }
      members.append(.init(name, value))
    } while reader.take(",")
    return reader.take("}") && reader.rest.isEmpty ? members : nil
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ text: StaticString) -> Bool {
      guard text.withUTF8Buffer({ rest.starts(with: $0) }) else { return false }
      rest = rest.dropFirst(text.utf8CodeUnitCount)
      return true
    }

    mutating func value() -> AuditEntry.Value? {
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      if rest.first == UInt8(ascii: "\"") { return string().map(AuditEntry.Value.text) }
      let digits = rest.prefix { $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }
      rest = rest.dropFirst(digits.count)
      return Int64(String(decoding: digits, as: UTF8.self)).map(AuditEntry.Value.number)
    }

    mutating func string() -> String? {
      guard take("\"") else { return nil }
      var out: [UInt8] = []
      while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let escaped = rest.popFirst() else { return nil }
          out.append(escaped)
        default: out.append(byte)
        }
      }
      return nil
    }
  }
}
