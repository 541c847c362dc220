import CRDT
import TestSupport

typealias Sample = Assignment<Int>
typealias Field = MergedField<Int>

/// An assignment in one line; the timestamp is in the order of the ids unless given.
func sample(
  _ id: Int, _ content: Sample.Content, over targets: [Int] = [], at time: UInt64? = nil,
  accepted: Bool = true
) -> Sample {
  Sample(
    id: id, timestamp: Timestamp(rawValue: time ?? UInt64(id)), content: content,
    targets: targets, isAccepted: accepted)
}

extension Sample.Content {
  static func says(_ text: String) -> Self { .value(Array(text.utf8)) }
  static func adds(_ text: String) -> Self { .element(Array(text.utf8)) }
}

extension Field {
  /// The live values, the displayed one first; "erased" for an erased one.
  var texts: [String] { values.map(\.text) }
  var elementTexts: [String] { elements.map(\.text) }
}

extension Field.Live {
  var text: String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "erased" }
}

enum Graphs {
  /// Contents that collide, differ, lack bytes and say nothing.
  static let contents: [Sample.Content] = [
    .says("a"), .says("b"), .value(nil), .adds("a"), .adds("b"), .element(nil), .nothing,
  ]

  /// A random field: targets point at earlier assignments, now and then at one that is not held.
  static func random(_ count: Int, _ generator: inout SeededGenerator) -> [Sample] {
    (0..<count).map { id in
      var targets = (0..<id).filter { _ in generator.oneIn(3) }
      if generator.oneIn(6) { targets.append(1000 + id) }
      return Sample(
        id: id, timestamp: Timestamp(rawValue: generator.next() % 4),
        content: contents.randomElement(using: &generator) ?? .nothing, targets: targets,
        isAccepted: !generator.oneIn(4))
    }
  }
}
