import Foundation
import Operations
import TestSupport
import Testing

@Suite struct TranscriptTests {
  private static func url(_ name: String) -> URL {
    ProtocolFiles.url("vectors/session/\(name).txt")
  }

  @Test(arguments: Scenarios.names)
  func `a file replayed from nothing but itself gives the same frames and end`(
    name: String
  ) throws {
    let text = try ProtocolFiles.text("vectors/session/\(name).txt")
    let file = try Transcript(text: text)
    #expect(file.text == text)
    #expect(try file.run().text == text)
  }

  @Test(arguments: Scenarios.names)
  func `the files are what the scenarios give`(name: String) throws {
    let text = try Scenarios.transcript(name).text
    if ProcessInfo.processInfo.environment["SPRIDA_WRITE_VECTORS"] == "1" {
      try FileManager.default.createDirectory(
        at: Self.url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: Self.url(name), atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.url(name), encoding: .utf8) == text)
  }

  @Test func `there is no file without a scenario`() {
    let files = ProtocolFiles.names(in: "vectors/session")
    #expect(files == Scenarios.names.map { "\($0).txt" })
  }

  @Test func `a quiet night is one round trip of two frames`() throws {
    let quiet = try Scenarios.transcript(Scenarios.names[0])
    #expect(quiet.end == "equal")
    #expect(quiet.frames.count == 2)
    #expect(quiet.frames.reduce(0) { $0 + $1.bytes.count + 4 } <= 640)
  }

  @Test func `an item that both have is not shipped, the other news is, once`() throws {
    let night = try Scenarios.transcript(Scenarios.names[1])
    #expect(night.end == "equal")
    let shipped = night.operations.map { parcel in
      night.frames.count { frame in
        frame.bytes.indices.contains { start in
          frame.bytes[start...].starts(with: parcel.envelope)
        }
      }
    }
    #expect(shipped.suffix(7) == [0, 0, 1, 0, 1, 0, 0])
    #expect(shipped.dropLast(7).allSatisfy { $0 == 0 })
  }
}
