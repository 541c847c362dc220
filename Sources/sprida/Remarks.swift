import Node
import OperationStore
import Practice

/// What could be better about a document; it stops nobody.
struct Remarks {
  private let family: Family
  private let missing: [Problem]
  private let findings: [LintFinding]
  /// Codes that nobody here has defined, with the nearest that somebody has.
  private let undefined: [(code: String, nearest: String?)]
  private let console: Console

  init(on document: Document, _ context: Context) throws {
    console = context.console
    family = document.family
    let codes = document.family.fields.filter(\.isTag).flatMap { document.texts(of: $0.name) }
    let tags = try codes.isEmpty ? nil : Tags(context, context.store.charter())
    undefined = codes.filter { tags?.codes.contains($0) == false }
      .map { ($0, tags?.nearest(to: $0)) }
    missing = Validation.problems(of: document)
    findings = Linter.findings(in: document, today: SystemClock.today)
  }

  func warn() {
    for asked in groups {
      let (when, names) = (condition(asked.expected), labels(asked.fields))
      if asked.isNeeded {
        console.warn("\(when) behövs också: \(names)", "\(when) this is needed too: \(names)")
      } else {
        console.warn("\(when), fyll gärna i: \(names)", "\(when), please fill in: \(names)")
      }
    }
    for (code, nearest) in undefined {
      let swedish = nearest.map { "; menade du ”\($0)”?" } ?? ""
      let english = nearest.map { "; did you mean “\($0)”?" } ?? ""
      console.warn(
        "Ingen här har taggen ”\(code)”\(swedish)", "Nobody here has the tag “\(code)”\(english)")
    }
    for finding in findings {
      console.warn(
        "\(finding.message(.swedish, family: family)) \(finding.advice(.swedish))",
        "\(finding.message(.english, family: family)) \(finding.advice(.english))")
    }
  }

  /// Fields that are missing for one and the same reason.
  private struct Asked {
    let isNeeded: Bool
    /// A field, and the values of it that make the others needed; any, if there are none.
    let expected: [String]
    var fields: [String]
  }

  private var groups: [Asked] {
    missing.reduce(into: []) { groups, problem in
      let isNeeded = problem.code == .missingNow
      if let index = groups.firstIndex(where: {
        $0.isNeeded == isNeeded && $0.expected == problem.expected
      }) {
        groups[index].fields.append(problem.field ?? "")
      } else {
        groups.append(
          Asked(isNeeded: isNeeded, expected: problem.expected, fields: [problem.field ?? ""]))
      }
    }
  }

  private func condition(_ expected: [String]) -> String {
    let field = expected.first.flatMap { family[$0] }
    let name = field?.label[console.language].lowercased() ?? expected.first ?? ""
    let values = expected.dropFirst().map { code in
      field.flatMap { Schema.bundled.vocabulary(of: $0) }?.label(of: code, console.language) ?? code
    }
    guard let last = values.last else {
      return console.text("När \(name) är ifyllt", "When \(name) is given")
    }
    let rest = values.dropLast().joined(separator: ", ")
    let or = console.text("eller", "or")
    let list = rest.isEmpty ? last : "\(rest) \(or) \(last)"
    return console.text("När \(name) är \(list)", "When \(name) is \(list)")
  }

  private func labels(_ fields: [String]) -> String {
    fields.map { family[$0]?.label[console.language] ?? $0 }.joined(separator: ", ")
  }
}
