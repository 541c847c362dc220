import Foundation
import WireFormat
import Yams

/// The head of a document as `Input`, with the lines of the whole file.
struct YAMLHead {
  private(set) var entries: [Input.Entry] = []
  private(set) var problems: [Problem] = []
  /// False when the syntax is broken, so that nothing can be said about missing fields.
  private(set) var isReadable = true

  /// Lines before the head's first one.
  private let offset: Int
  /// Aliases let a small file stand for a huge one, so what is read is counted.
  private var nodes = 0
  static let nodesMax = 20_000

  init(_ text: String, firstLine: Int) {
    offset = firstLine - 1
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    reportControlCharacters(in: &lines)
    blankDuplicates(in: &lines)
    read(lines.joined(separator: "\n"))
  }

  /// YAML would stop at the first of them; left out, the rest can still be judged.
  private mutating func reportControlCharacters(in lines: inout [String]) {
    for index in lines.indices {
      let text = lines[index].replacing("\t", with: " ")
      guard let violation = TextProfile.violation(in: text) else { continue }
      problems.append(
        Problem(
          .controlCharacter, field: Self.topLevelKey(of: lines[index]), line: offset + index + 1,
          found: violation))
      lines[index] = TextProfile.cleaned(text)
    }
  }

  /// Keeps the first of two equal keys; the parser would refuse the whole head.
  private mutating func blankDuplicates(in lines: inout [String]) {
    var seen: Set<String> = []
    var isBlanking = false
    for index in lines.indices {
      if let key = Self.topLevelKey(of: lines[index]) {
        isBlanking = !seen.insert(key).inserted
        if isBlanking {
          problems.append(
            Problem(.duplicateField, field: key, line: offset + index + 1, found: key))
        }
      }
      if isBlanking { lines[index] = "" }
    }
  }

  private static func topLevelKey(of line: String) -> String? {
    guard let first = line.first, !" \t#-".contains(first), let colon = line.firstIndex(of: ":")
    else { return nil }
    let after = line[line.index(after: colon)...]
    guard after.isEmpty || after.hasPrefix(" ") || after.hasPrefix("\t") else { return nil }
    return String(line[..<colon]).trimmingCharacters(in: [" ", "\"", "'"])
  }

  private mutating func read(_ yaml: String) {
    do {
      guard let node = try Yams.compose(yaml: yaml, .default, .default, .utf8) else { return }
      let input = input(node)
      guard nodes <= Self.nodesMax else {
        isReadable = false
        problems.append(
          Problem(
            .yamlSyntax, line: offset + 1, found: "more than \(Self.nodesMax) values"))
        return
      }
      switch input {
      case .map(let entries, _): self.entries = entries
      case .empty: break
      case let other:
        isReadable = false
        problems.append(
          Problem(
            .wrongShape, line: other.line, found: other.shape.rawValue,
            expected: [Input.Shape.map.rawValue]))
      }
    } catch {
      isReadable = false
      problems.append(problem(error, in: yaml))
    }
  }

  private mutating func input(_ node: Node) -> Input {
    let line = node.mark.map { $0.line + offset }
    nodes += 1
    guard nodes <= Self.nodesMax else { return .empty }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let isNull = isPlain && ["", "~", "null"].contains(scalar.string)
      return isNull ? .empty : .text(scalar.string, line: line)
    case .sequence(let sequence):
      var items: [Input] = []
      for node in sequence where nodes <= Self.nodesMax { items.append(input(node)) }
      return .list(items, line: line)
    case .mapping(let mapping):
      var entries: [Input.Entry] = []
      for pair in mapping where nodes <= Self.nodesMax { entries.append(entry(pair)) }
      return .map(entries, line: line)
    case .alias:
      return .empty
    }
  }

  private mutating func entry(_ pair: (key: Node, value: Node)) -> Input.Entry {
    Input.Entry(
      pair.key.scalar?.string ?? "", input(pair.value), line: pair.key.mark.map { $0.line + offset }
    )
  }

  private func problem(_ error: any Error, in yaml: String) -> Problem {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      return Problem(
        .yamlSyntax, line: mark.line + offset, column: mark.column, found: problem)
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      return Problem(
        .duplicateField, field: keys.first, line: context.mark.line + offset,
        found: keys.joined(separator: ", "))
    case YamlError.reader(let problem, let position, _, _):
      let before = yaml.prefix(position ?? 0)
      return Problem(
        .yamlSyntax, line: before.count { $0 == "\n" } + 1 + offset, found: problem)
    default:
      return Problem(.yamlSyntax, line: offset + 1, found: "\(error)")
    }
  }
}
