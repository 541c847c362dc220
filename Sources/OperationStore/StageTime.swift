import Operations
import WireFormat

/// When a record came to a stage and stayed there until another.
package struct StageTime: Sendable, Equatable {
  /// Of the vocabulary `stage`, or as somebody else has named it.
  package let code: String
  /// Milliseconds since 1970, as claimed.
  package let time: Int64

  /// In the order of their times.
  static func all(in held: [HeldOperation]) -> [StageTime] {
    // Most operations are about anything else.
    guard held.contains(where: { $0.operation.header.names("stage") }) else { return [] }
    var stages: [StageTime] = []
    for past in PastValue.all(of: "stage", in: held) {
      guard case .text(let code)? = past.value, stages.last?.code != code else { continue }
      stages.append(StageTime(code: code, time: past.time))
    }
    return stages
  }

  /// As the column holds them: codes have no control characters.
  static func packed(_ stages: [StageTime]) -> String {
    stages.map { "\($0.code)\u{1f}\($0.time)" }.joined(separator: "\u{1e}")
  }

  static func unpacked(_ text: String) -> [StageTime] {
    text.unicodeScalars.split(separator: "\u{1e}").compactMap { stage in
      let parts = stage.split(separator: "\u{1f}", omittingEmptySubsequences: false)
        .map(String.init)
      guard parts.count == 2, let time = Int64(parts[1]) else { return nil }
      return StageTime(code: parts[0], time: time)
    }
  }
}

extension Header {
  fileprivate func names(_ path: String) -> Bool {
    guard case .changes(_, _, let changes) = content else { return false }
    return changes.contains { $0.path == path }
  }
}
