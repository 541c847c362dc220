extension Schema {
  /// The schema files built into this program.
  ///
  /// A new family is one more line.
  package static let bundled: Schema = {
    do {
      return try Schema(
        families: [
          PackageResources.entry_json,
          PackageResources.adoption_json,
          PackageResources.review_json,
          PackageResources.endorsement_json,
          PackageResources.comment_json,
          PackageResources.contact_json,
          PackageResources.tag_json,
          PackageResources.membership_json,
        ],
        vocabularies: PackageResources.vocabularies_json)
    } catch {
      preconditionFailure("the embedded schema: \(error)")
    }
  }()
}
