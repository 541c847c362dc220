import Operations
import Practice

/// Reads the codes of an organisation that is to be admitted.
enum GivenCodes {
  /// `list` by commas, as a person types it.
  static func read(
    _ list: String, ownedBy owner: String?, _ console: Console
  ) throws -> AdmissionCodes {
    try checked(AdmissionCodes(own: list.commaList, owner: owner), console)
  }

  /// Refuses what is no code, and two of one kind: an organisation has one of each.
  static func checked(_ codes: AdmissionCodes, _ console: Console) throws -> AdmissionCodes {
    do {
      let parsed = try codes.own.map(OrganisationCode.init(parsing:))
      _ = try codes.owner.map(OrganisationCode.init(parsing:))
      guard let first = parsed.first else {
        throw OrganisationCodeError.unknownScheme(found: codes.text)
      }
      for scheme in OrganisationCode.Scheme.allCases {
        let same = parsed.filter { $0.scheme == scheme }
        guard same.count <= 1 else {
          throw Failure.invalid(
            console.text(
              "\(first) anges med både \(same[0]) och \(same[1]); en organisation har en av varje slag.",
              "\(first) is given both \(same[0]) and \(same[1]); an organisation has one of a kind."
            ))
        }
      }
      return codes
    } catch let error as OrganisationCodeError {
      throw Failure.invalid(error.message(language: console.language))
    }
  }

  /// The name that the code lists know.
  static func knownName(_ codes: AdmissionCodes) -> String? {
    codes.own.lazy.compactMap { try? OrganisationCode(parsing: $0).displayName }.first
  }
}
