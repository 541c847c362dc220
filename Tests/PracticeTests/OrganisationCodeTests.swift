import Foundation
import Practice
import Testing

@Suite struct OrganisationCodeTests {
  private let codes = MunicipalityCodes.bundled

  @Test func `there are 290 municipalities and 21 regions`() {
    #expect(codes.municipalities.count == 290)
    #expect(codes.regions.count == 21)
    #expect(Set(codes.municipalities.map(\.code)).count == 290)
    #expect(codes.municipalities.map(\.code) == codes.municipalities.map(\.code).sorted())
  }

  @Test func `the first two digits of a municipality are its region`() {
    for municipality in codes.municipalities {
      #expect(municipality.code.hasPrefix(municipality.regionCode))
      #expect(codes.region(municipality.regionCode) != nil)
    }
  }

  @Test(arguments: ["municipalities.csv", "regions.csv"])
  func `the files hold no quotes, which their reader does not know`(name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Protocol/schema/\(name)").standardized
    #expect(try !String(contentsOf: file, encoding: .utf8).contains("\""))
  }

  @Test(arguments: [
    ("kommun:1441", "Lerums kommun"), ("region:14", "Västra Götalandsregionen"),
    ("kommun:0980", "Gotlands kommun"), ("region:09", "Region Gotland"),
  ])
  func `a known code has a name`(text: String, name: String) throws {
    let code = try OrganisationCode(parsing: text)
    #expect(code.displayName == name)
    #expect(code.description == text)
  }

  @Test func `an organisation number has ten digits, and its last one reveals typos`() throws {
    let university = try OrganisationCode(parsing: "org:2021003054")
    #expect(university.displayName == nil)
    #expect(university.hasValidCheckDigit)
    #expect(try !OrganisationCode(parsing: "org:2021003045").hasValidCheckDigit)
  }

  @Test(arguments: [
    ("1441", OrganisationCodeError.unknownScheme(found: "1441")),
    ("stad:1441", .unknownScheme(found: "stad:1441")),
    ("kommun:441", .badDigits(found: "kommun:441", scheme: .municipality)),
    ("kommun:٤٤٤١", .badDigits(found: "kommun:٤٤٤١", scheme: .municipality)),
    ("region:1441", .badDigits(found: "region:1441", scheme: .region)),
    ("org:202100-3054", .badDigits(found: "org:202100-3054", scheme: .organisationNumber)),
    ("kommun:1400", .unassigned(found: "kommun:1400", scheme: .municipality)),
    ("region:02", .unassigned(found: "region:02", scheme: .region)),
  ])
  func `anything else says what was found and expected`(
    text: String, error: OrganisationCodeError
  ) {
    #expect(throws: error) { try OrganisationCode(parsing: text) }
    #expect(error.message(language: .swedish).contains("hittade \"\(text)\", väntade"))
    #expect(error.message(language: .english).contains("found \"\(text)\", expected"))
  }
}
