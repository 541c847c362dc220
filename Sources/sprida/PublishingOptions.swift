import Aggregation
import ArgumentParser
import Practice
import WireFormat

/// Where and by whom the catalogue is published.
struct PublishingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words("Adressen där det publiceras.", "The address where it is published."),
      valueName: "url"))
  var baseUrl: String?

  @Option(
    help: ArgumentHelp(
      words(
        "Utgivarens organisationsnummer, för DCAT.",
        "The publisher's organisation number, for DCAT."),
      valueName: "digits"))
  var number: String?

  @Option(
    help: ArgumentHelp(
      words("Utgivarens brevlåda, för DCAT.", "The publisher's mailbox, for DCAT."),
      valueName: "address"))
  var mailbox: String?

  var isEmpty: Bool { [baseUrl, number, mailbox].allSatisfy { $0 == nil } }

  /// Refuses what portals would refuse; `fallback` is the address when none is given.
  func settings(_ console: Console, orElse fallback: String? = nil) throws -> Catalogue.Settings {
    guard let address = baseUrl ?? fallback, CBOR.text(address).webAddress != nil else {
      let found = baseUrl.map { "”\($0)”" } ?? "–"
      throw Failure.invalid(
        console.text(
          "--base-url: hittade \(found), väntade adressen där det publiceras, som https://exempel.rad.example/",
          "--base-url: found \(found), expected the address where it is published, such as https://practice.council.example/"
        ))
    }
    if let number {
      guard let code = try? OrganisationCode(parsing: "org:" + number), code.hasValidCheckDigit
      else {
        throw Failure.invalid(
          console.text(
            "--number: hittade ”\(number)”, väntade tio siffror utan bindestreck, som 2120001447",
            "--number: found “\(number)”, expected ten digits without a hyphen, such as 2120001447")
        )
      }
    }
    if let mailbox, mailbox.split(separator: "@").count != 2 {
      throw Failure.invalid(
        console.text(
          "--mailbox: hittade ”\(mailbox)”, väntade en adress som innovation@rad.example",
          "--mailbox: found “\(mailbox)”, expected an address such as innovation@council.example"))
    }
    return Catalogue.Settings(
      baseURL: address, number: number, mailbox: mailbox, language: console.language)
  }
}
