/// The 290 municipalities and 21 regions (`Protocol/schema/municipalities.csv`, `regions.csv`).
package struct MunicipalityCodes: Sendable {
  package struct Municipality: Equatable, Sendable {
    package let code: String
    package let name: String
    package let shortName: String
    /// The county's code, which is also its region's.
    package let regionCode: String
    package let population: Int
  }

  package struct Region: Equatable, Sendable {
    package let code: String
    package let name: String
    /// Of the county that it governs.
    package let countyName: String
    package let shortName: String
  }

  package static let bundled = MunicipalityCodes(
    municipalities: PackageResources.municipalities_csv, regions: PackageResources.regions_csv)

  /// In the order of their codes.
  package let municipalities: [Municipality]
  package let regions: [Region]
  private let municipalityByCode: [String: Municipality]
  private let regionByCode: [String: Region]

  package init(municipalities: [UInt8], regions: [UInt8]) {
    self.municipalities = Self.rows(municipalities).map {
      Municipality(
        code: $0[0], name: $0[1], shortName: $0[2], regionCode: $0[3],
        population: $0.last.flatMap { Int($0) } ?? 0)
    }
    self.regions = Self.rows(regions).map {
      Region(code: $0[0], name: $0[1], countyName: $0[2], shortName: $0[3])
    }
    municipalityByCode = Dictionary(self.municipalities.map { ($0.code, $0) }) { first, _ in first }
    regionByCode = Dictionary(self.regions.map { ($0.code, $0) }) { first, _ in first }
  }

  package func municipality(_ code: String) -> Municipality? { municipalityByCode[code] }
  package func region(_ code: String) -> Region? { regionByCode[code] }

  /// The files hold no quoted cells; a test says so.
  private static func rows(_ csv: [UInt8]) -> [[String]] {
    String(decoding: csv, as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .dropFirst()
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      .filter { $0.count >= 4 }
  }
}
