import WireFormat

/// Why bytes are not an operation of this region.
///
/// Each case has one row in `Protocol/errors.md`; the blame lies with whoever sent the bytes.
package enum OperationError: Error, Equatable {
  case wire(WireError)
  case envelope(String)
  case tooLarge(what: String, limit: Int, found: Int)
  case signature
  case bodyDigest
  case bodySize(expected: Int, found: Int)
  case valueCount(expected: Int, found: Int)

  package var code: String {
    switch self {
    case .wire(let error): error.code
    case .envelope: "envelope"
    case .tooLarge: "operation-too-large"
    case .signature: "signature"
    case .bodyDigest: "body-digest"
    case .bodySize: "body-size"
    case .valueCount: "value-count"
    }
  }
}

extension OperationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .wire(let error): error.description
    case .envelope(let problem): "envelope: \(problem)"
    case .tooLarge(let what, let limit, let found):
      "\(what) of \(found) bytes, at most \(limit) allowed"
    case .signature: "the signature does not hold for this author, purpose and region"
    case .bodyDigest: "the body is not the one that was signed"
    case .bodySize(let expected, let found): "a body of \(found) bytes; \(expected) were signed"
    case .valueCount(let expected, let found):
      "a body of \(found) values; the header announces \(expected)"
    }
  }
}

/// Runs `decode` and reports its failure as an operation's.
func wire<T>(_ decode: () throws(WireError) -> T) throws(OperationError) -> T {
  do { return try decode() } catch { throw .wire(error) }
}
