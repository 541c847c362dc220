import Node
import Practice

/// What could be better about a document; it stops nobody.
struct Remarks {
  let missing: [Problem]
  let findings: [LintFinding]
  private let console: Console

  init(on document: Document, _ console: Console) {
    self.console = console
    missing = Validation.problems(of: document)
    findings = Linter.findings(in: document, today: SystemClock.today)
  }

  func warn() {
    for problem in missing {
      console.warn(
        "\(problem.message(language: .swedish))", "\(problem.message(language: .english))")
    }
    for finding in findings {
      console.warn(
        "\(finding.message(.swedish)) \(finding.advice(.swedish))",
        "\(finding.message(.english)) \(finding.advice(.english))")
    }
  }
}
