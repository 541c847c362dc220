import ArgumentParser

/// Exit codes that a cron job can use; the table stands in `sprida help` and the README.
enum Failure: Error {
  /// 1: what was asked for cannot be done.
  case failed(String)
  /// 3: what was given is not valid.
  case invalid(String)
  /// 4: a peer could not be reached or refused.
  case peer(String)
  /// 5: synced, and the sets still differ.
  case unequal(String)

  var code: Int32 {
    switch self {
    case .failed: 1
    case .invalid: 3
    case .peer: 4
    case .unequal: 5
    }
  }

  var message: String {
    switch self {
    case .failed(let text), .invalid(let text), .peer(let text), .unequal(let text): text
    }
  }
}
