import NIOCore
import NIOPosix

/// What the operating system said, without the names of the network library's functions.
enum SystemReason {
  static func of(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { of($0.error) } ?? "the name is not known"
    case let error as IOError: message(error.errnoCode)
    case ChannelError.connectTimeout: "no answer in time"
    default: "\(error)"
    }
  }

  private static func message(_ code: CInt) -> String {
    // "reason (errno: 111)" is what the library makes of strerror; only the words are for people.
    let text = IOError(errnoCode: code, reason: "").description
    return text.firstRange(of: ": ").map { String(text[$0.upperBound...]) }?
      .split(separator: ")").first.map(String.init) ?? text
  }
}
