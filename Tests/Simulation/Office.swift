import Operations
import Signatures
import TestSupport

/// The keys of an organisation as its people hold them now.
struct Office {
  var root: SigningKey
  var nextRoot: SigningKey
  let admin: SigningKey
  let node: SigningKey
  let code: String
  /// The node at which root and admin sign, by its place in the world; nil when it has none.
  let home: Int?
  var isSettled = true
  /// How many keys have been made for it since the region was founded.
  var keysMade = 0

  init(_ organisation: SampleRegion.Organisation, home: Int?) {
    root = organisation.root.key
    nextRoot = organisation.nextRoot
    admin = organisation.admin.key
    node = organisation.node
    code = organisation.code
    self.home = home
  }

  mutating func freshKey(_ purpose: String) -> SigningKey {
    keysMade += 1
    return SampleRegion.key("\(code)/\(purpose)/\(keysMade)", seed: 0)
  }
}

/// A council key, the one that it has committed to, and the node at which its holder signs.
struct Seat {
  var key: SigningKey
  var next: SigningKey
  let home: Int
  var approved: Set<Digest> = []
}
