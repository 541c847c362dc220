import Operations
import Practice

/// How an organisation's name is shown.
enum OrganisationName {
  /// On one line; one that may pose as another's with a ⚠ and the code, which tells them apart.
  static func shown(_ organisation: Organisation?) -> String {
    guard let organisation else { return "" }
    let name = Console.line(organisation.name)
    guard DoubtfulName.isDoubtful(organisation.name) else { return name }
    return "⚠ \(name) (\(Console.line(organisation.code)))"
  }
}
