/// A publisher's code: `kommun:1441`, `region:14` or `org:2021003054`.
package struct OrganisationCode: Hashable, Sendable {
  package enum Scheme: String, Sendable, CaseIterable {
    case municipality = "kommun"
    case region = "region"
    /// A Swedish organisation number of ten digits, without a hyphen.
    case organisationNumber = "org"

    package var digits: Int {
      switch self {
      case .municipality: 4
      case .region: 2
      case .organisationNumber: 10
      }
    }

    package var example: String {
      switch self {
      case .municipality: "kommun:1441"
      case .region: "region:14"
      case .organisationNumber: "org:2021003054"
      }
    }
  }

  package let scheme: Scheme
  package let code: String

  package init(parsing text: String) throws(OrganisationCodeError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let scheme = parts.first.flatMap({ Scheme(rawValue: String($0)) }), parts.count == 2
    else {
      throw .unknownScheme(found: text)
    }
    let code = String(parts[1])
    guard code.utf8.count == scheme.digits, code.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw .badDigits(found: text, scheme: scheme)
    }
    self.scheme = scheme
    self.code = code
    guard scheme == .organisationNumber || displayName != nil else {
      throw .unassigned(found: text, scheme: scheme)
    }
  }

  /// The known name of a municipality or region.
  package var displayName: String? {
    switch scheme {
    case .municipality: MunicipalityCodes.bundled.municipality(code)?.name
    case .region: MunicipalityCodes.bundled.region(code)?.name
    case .organisationNumber: nil
    }
  }

  /// The region that the municipality or region lies in.
  package var region: MunicipalityCodes.Region? {
    switch scheme {
    case .municipality:
      MunicipalityCodes.bundled.municipality(code)
        .flatMap { MunicipalityCodes.bundled.region($0.regionCode) }
    case .region: MunicipalityCodes.bundled.region(code)
    case .organisationNumber: nil
    }
  }

  /// The last digit of an organisation number follows from the others (Luhn); false is a typo.
  package var hasValidCheckDigit: Bool {
    guard scheme == .organisationNumber else { return true }
    let sum = code.utf8.enumerated().reduce(0) { sum, digit in
      let value = Int(digit.element - 48) * (digit.offset.isMultiple(of: 2) ? 2 : 1)
      return sum + value / 10 + value % 10
    }
    return sum.isMultiple(of: 10)
  }
}

extension OrganisationCode: CustomStringConvertible {
  package var description: String { "\(scheme.rawValue):\(code)" }
}

/// Why a text is not an organisation code.
package enum OrganisationCodeError: Error, Equatable {
  case unknownScheme(found: String)
  case badDigits(found: String, scheme: OrganisationCode.Scheme)
  case unassigned(found: String, scheme: OrganisationCode.Scheme)
}
