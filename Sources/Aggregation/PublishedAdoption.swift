import Operations
import Signatures

/// An adoption by another than the owner of what it is about.
struct PublishedAdoption: Sendable {
  let listed: ListedRecord
  /// Nil when that is its publisher.
  private let heir: SharedPublisher?

  var owner: Digest { heir?.id ?? listed.key.organisation }

  /// Those that are not withdrawn, ascending by what they are about.
  static func byOthers(
    _ adoptions: [ListedRecord], _ owners: Owners
  ) throws -> [PublishedAdoption] {
    try adoptions.compactMap { listed -> (about: RecordKey, adoption: PublishedAdoption)? in
      guard !listed.isWithdrawn, let about = listed.about else { return nil }
      let owner = try owners.owner(of: listed.key)
      guard try owners.owner(of: about) != owner else { return nil }
      return (about: about, adoption: PublishedAdoption(listed: listed, heir: listed.heir(owner)))
    }.sorted { $0.about < $1.about }.map(\.adoption)
  }

  private init(listed: ListedRecord, heir: SharedPublisher?) {
    (self.listed, self.heir) = (listed, heir)
  }
}

extension [PublishedAdoption] {
  /// Those of an entry; of adoptions that ascend by what they are about.
  func about(_ entry: RecordKey) -> ArraySlice<PublishedAdoption> {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if let about = self[middle].listed.about, about < entry {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return self[low...].prefix { $0.listed.about == entry }
  }
}
