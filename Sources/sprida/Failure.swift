/// How the process ends: the one table of exit codes, for `sprida help`, cron jobs and monitoring.
///
/// A test compares it with the table of README.md.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case failed = 1
  case invalid = 3
  case peer = 4
  case unequal = 5
  case attention = 6
  /// ArgumentParser's.
  case usage = 64

  var meaning: String {
    switch self {
    case .done: words("klart", "done")
    case .failed:
      words(
        "misslyckades: det begärda går inte att göra", "failed: what was asked for cannot be done")
    case .invalid: words("det angivna är inte giltigt", "what was given is not valid")
    case .peer:
      words("en granne gick inte att nå, eller avvisade", "a peer could not be reached, or refused")
    case .unequal:
      words("synkat, och mängderna skiljer sig ändå", "synced, and the sets still differ")
    case .attention:
      words(
        "något bör ses över; `sprida status` säger vad och vad man gör",
        "something needs attention; `sprida status` says what and what to do")
    case .usage: words("fel användning", "wrong usage")
    }
  }

  static var table: String {
    words("Slutkoder:\n", "Exit codes:\n")
      + allCases.map { status in
        let code = "\(status.rawValue)"
        return String(repeating: " ", count: 4 - code.count) + code + "  " + status.meaning
      }.joined(separator: "\n")
  }
}

/// Why a command ends otherwise than well, in words.
enum Failure: Error {
  /// What was asked for cannot be done.
  case failed(String)
  /// What was given is not valid.
  case invalid(String)
  /// A peer could not be reached or refused.
  case peer(String)
  /// Synced, and the sets still differ.
  case unequal(String)
  /// Done, and somebody should look.
  case attention(String)

  var status: ExitStatus {
    switch self {
    case .failed: .failed
    case .invalid: .invalid
    case .peer: .peer
    case .unequal: .unequal
    case .attention: .attention
    }
  }

  var message: String {
    switch self {
    case .failed(let text), .invalid(let text), .peer(let text), .unequal(let text),
      .attention(let text):
      text
    }
  }
}
