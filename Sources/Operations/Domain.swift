import Signatures

/// The domain strings that keep a hash or signature from meaning two things
/// (`Protocol/operation.md#domains`).
package enum Domain: String, CaseIterable {
  case operation = "sprida/1/operation"
  case operationID = "sprida/1/operation-id"
  case body = "sprida/1/body"
  case record = "sprida/1/record"
  case successor = "sprida/1/successor"
  case version = "sprida/1/version"
  case attachment = "sprida/1/attachment"
  case attachmentChunk = "sprida/1/attachment-chunk"
  case joinRequest = "sprida/1/join-request"
  case deviceRequest = "sprida/1/device-request"
  case councilMember = "sprida/1/council-member"

  /// The domain string and a zero byte; what follows can never be read as part of the string.
  package var prefix: [UInt8] { Array(rawValue.utf8) + [0] }

  package func hash(_ bytes: [UInt8]...) -> Digest {
    var hash = SHA256()
    hash.update(prefix)
    for part in bytes { hash.update(part) }
    return hash.finalize()
  }
}
