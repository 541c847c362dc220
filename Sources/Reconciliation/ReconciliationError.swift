/// Why a reconciliation message is refused, or why the caller may not go on.
///
/// `code` is the stable name listed in `Protocol/reconciliation.md#errors`. The sender is to blame
/// for all but the last three cases, which are mistakes of the caller.
package enum ReconciliationError: Error, Equatable {
  case truncated(offset: Int)
  case notShortest(offset: Int)
  case overflow(offset: Int)
  case invalidVersion(UInt8)
  case unsupportedVersion(UInt8)
  case unknownMode(offset: Int, mode: UInt64)
  case prefixTooLong(offset: Int, found: UInt64)
  case boundOrder(offset: Int)
  case finished
  case alreadyStarted
  case frameLimitTooSmall(Int)
  case reservedTimestamp

  package var code: String {
    switch self {
    case .truncated: "reconcile-truncated"
    case .notShortest: "reconcile-not-shortest"
    case .overflow: "reconcile-overflow"
    case .invalidVersion: "reconcile-version-invalid"
    case .unsupportedVersion: "reconcile-version-unsupported"
    case .unknownMode: "reconcile-mode"
    case .prefixTooLong: "reconcile-prefix"
    case .boundOrder: "reconcile-bound-order"
    case .finished: "reconcile-finished"
    case .alreadyStarted: "reconcile-started"
    case .frameLimitTooSmall: "reconcile-frame-limit"
    case .reservedTimestamp: "reconcile-timestamp"
    }
  }
}

extension ReconciliationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated(let offset): "ends early at byte \(offset)"
    case .notShortest(let offset): "an integer at byte \(offset) is not in its shortest form"
    case .overflow(let offset): "an integer at byte \(offset) does not fit 64 bits"
    case .invalidVersion(let byte):
      "begins with 0x\(String(byte, radix: 16)), which is not a version of Negentropy"
    case .unsupportedVersion(let byte):
      "the peer speaks version 0x\(String(byte, radix: 16)) of Negentropy, not 0x61"
    case .unknownMode(let offset, let mode): "unknown mode \(mode) at byte \(offset)"
    case .prefixTooLong(let offset, let found):
      "a bound at byte \(offset) has an id prefix of \(found) bytes, at most 32 allowed"
    case .boundOrder(let offset): "the bound at byte \(offset) is below the one before it"
    case .finished: "a message arrived after the last one"
    case .alreadyStarted: "the reconciliation has already started"
    case .frameLimitTooSmall(let found):
      "frame size limit \(found), expected 0 or at least \(Negentropy.frameSizeLimitMin)"
    case .reservedTimestamp: "an item has the timestamp 2^64 − 1, which is reserved for infinity"
    }
  }
}
