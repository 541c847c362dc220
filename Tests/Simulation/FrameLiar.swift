import TestSupport
import WireFormat

/// Frames in place of those that the protocol would have: out of order, repeated, or nonsense.
final class FrameLiar {
  private var generator: SeededGenerator
  private let percent: UInt64
  private var sent: [[UInt8]] = []

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
    // Most sessions of liars are well-formed, or nothing else that they say would be heard.
    percent = generator.chance(30) ? generator.next() % 25 : 0
  }

  func frames(insteadOf frame: [UInt8]) -> [[UInt8]] {
    defer { sent.append(frame) }
    guard generator.chance(percent) else { return [frame] }
    switch generator.next() % 7 {
    case 0: return []
    case 1: return [frame, frame]
    case 2: return [sent.randomElement(using: &generator) ?? frame]
    case 3: return [generator.bytes(Int(generator.next() % 200))]
    case 4: return [frame.flippingBit(&generator)]
    case 5: return [message()]
    default: return [message(), frame]
    }
  }

  /// Well-formed, and mostly at the wrong moment: the number of a message and fields of its kinds.
  private func message() -> [UInt8] {
    let scope = some(below: 2)
    let isLast = CBOR.bool(generator.chance(70))
    let bytes = CBOR.bytes(generator.bytes(Int(generator.next() % 24)))
    let fields: [CBOR] =
      switch generator.next() % 7 {
      case 0: [.unsigned(4), scope, some(below: 3), isLast, shortIDs()]
      case 1: [.unsigned(5), scope, bytes]
      case 2: [.unsigned(6), scope, .array([parcel()]), some(below: 500), id(), isLast]
      case 3: [.unsigned(7), scope, id(), id()]
      case 4: [.unsigned(8), scope, some(below: 2), isLast, bytes]
      case 5: [.unsigned(9), scope, isLast, id()]
      default: [.unsigned(3), .text("removed"), .text("nonsense"), .array([])]
      }
    return CBOR.array(fields).encoded
  }

  private func some(below bound: UInt64) -> CBOR { .unsigned(generator.next() % bound) }
  private func shortIDs() -> CBOR { .bytes(generator.bytes(8 * Int(generator.next() % 4))) }
  private func parcel() -> CBOR { .array([.bytes(generator.bytes(80)), .bytes([])]) }
  private func id() -> CBOR { .bytes(generator.bytes(32)) }
}
