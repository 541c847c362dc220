import Foundation
import Reconciliation
import Testing

/// `Protocol/reconciliation.md` and the code say the same.
struct SpecificationTests {
  static let everyError: [ReconciliationError] = [
    .truncated(offset: 1), .notShortest(offset: 1), .overflow(offset: 1), .invalidVersion(0),
    .unsupportedVersion(0x62), .unknownMode(offset: 1, mode: 3),
    .prefixTooLong(offset: 1, found: 33), .boundOrder(offset: 1), .finished, .alreadyStarted,
    .frameLimitTooSmall(1), .reservedTimestamp,
  ]

  @Test func `the page lists every error code and no other`() throws {
    let codes = try Self.rows(of: "Errors").map { $0[0] }
    #expect(codes == Self.everyError.map { "`\($0.code)`" })
  }

  @Test func `the page gives the constants of the code`() throws {
    let values = Dictionary(
      uniqueKeysWithValues: try Self.rows(of: "Constants").map { ($0[0], $0[1]) })
    #expect(
      values == [
        "version": "0x\(String(Negentropy.version, radix: 16))",
        "buckets": "\(Negentropy.bucketCount)",
        "id-list-below": "\(Negentropy.idListBelow)",
        "frame-limit-min": "\(Negentropy.frameSizeLimitMin)",
        "closing-reserve": "\(Negentropy.closingReserveBytes)",
        "fingerprint": "\(Fingerprint.byteCount)",
      ])
  }

  /// The cells of the table under a heading.
  private static func rows(of heading: String) throws -> [[String]] {
    let page = try String(contentsOf: Vectors.file("reconciliation.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## \(heading)\n").last)
    let body = section.components(separatedBy: "\n## ")[0]
    return body.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2).map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
