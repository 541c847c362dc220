/// The codes that an organisation is admitted under (`Protocol/charter.md#codes`).
package struct AdmissionCodes: Equatable, Sendable {
  private static let ownerPrefix = "owner:"

  /// The first is the one that it is called by.
  package let own: [String]
  /// A code of the organisation that owns it.
  package let owner: String?

  package init(own: [String], owner: String?) {
    self.own = own
    self.owner = owner
  }

  package init(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    own = words.filter { !$0.hasPrefix(Self.ownerPrefix) }
    owner = words.first { $0.hasPrefix(Self.ownerPrefix) }
      .map { String($0.dropFirst(Self.ownerPrefix.count)) }
  }

  /// As an admission states them.
  package var text: String {
    (own + [owner.map { Self.ownerPrefix + $0 }].compactMap(\.self)).joined(separator: " ")
  }
}
