import Operations
import Practice

/// The county in which one of an organisation's codes lies.
enum County {
  static func of(_ organisation: Organisation) -> MunicipalityCodes.Region? {
    organisation.codes.own.lazy.compactMap { try? OrganisationCode(parsing: $0).region }.first
  }
}

/// How many live in the municipality that an organisation is.
enum Population {
  static let classes = Schema.bundled.vocabularies["municipality_size"]

  static func of(_ organisation: Organisation) -> Int? {
    organisation.codes.own.lazy.compactMap { try? OrganisationCode(parsing: $0) }
      .filter { $0.scheme == .municipality }
      .compactMap { MunicipalityCodes.bundled.municipality($0.code)?.population }.first
  }

  /// The class of municipalities that it is in, such as `10000-19999`.
  static func sizeClass(of organisation: Organisation) -> String? {
    of(organisation).flatMap { size in
      classes?.codes.map(\.code).last { code in
        code.split(separator: "-").first.flatMap { Int($0) }.map { $0 <= size } ?? false
      }
    }
  }
}
