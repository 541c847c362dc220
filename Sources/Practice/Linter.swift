import Operations
import WireFormat

/// What a careful colleague would remark on; never a reason not to publish.
package enum LintRule: String, Sendable, CaseIterable {
  /// Ongoing or planned, though its end has passed.
  case staleStatus = "stale-status"
  /// Last updated before it ended, so that it cannot tell how it ended.
  case staleSource = "stale-source"
  /// Neither confirmed nor published within eighteen months.
  case staleConfirmation = "stale-confirmation"
  case factorsNotListed = "factors-not-listed"
  case claimWithoutSource = "claim-without-source"
  case linkWithoutAddress = "link-without-address"
  case expectedUnderResults = "expected-under-results"
  case figureWithoutSource = "figure-without-source"
  case evidenceWithoutBasis = "evidence-without-basis"
  case personalMailbox = "personal-mailbox"
  case phoneNumber = "phone-number"
  case personalNumber = "personal-number"
  case contactExpiresLate = "contact-expires-late"

  /// Whether the text stayed while the facts moved on.
  package var isStaleness: Bool {
    switch self {
    case .staleStatus, .staleSource, .staleConfirmation: true
    default: false
    }
  }
}

/// One remark: which rule, where, and what was found.
///
/// Holds facts only; the wording is in `LintFinding+Message.swift`.
package struct LintFinding: Equatable, Sendable {
  package let rule: LintRule
  package let field: String
  /// Where the field begins, counted from 1; nil when the document was not read from a text.
  package let line: Int?
  package let found: String
}

/// Reads a document as a colleague would.
package struct Linter {
  private let document: Document
  private let today: String
  private let created: String?
  private var findings: [LintFinding] = []

  /// What it would remark on.
  ///
  /// - Parameters:
  ///   - document: a file, or the editable form of a stored record.
  ///   - today: a whole date.
  ///   - created: when a stored record was first published, a whole date.
  /// - Returns: remarks on dates first, on personal data last.
  package static func findings(
    in document: Document, today: String, created: String? = nil
  ) -> [LintFinding] {
    var linter = Linter(document: document, today: today, created: created)
    linter.readDates()
    linter.readClaims()
    linter.readEvidence()
    linter.readPersonalData()
    return linter.findings
  }

  private init(document: Document, today: String, created: String?) {
    self.document = document
    self.today = today
    self.created = created
  }

  private mutating func report(_ rule: LintRule, _ field: String, _ found: String) {
    // Once for a document: it is put right in one place.
    let isGeneral = rule == .factorsNotListed || rule == .claimWithoutSource
    if isGeneral, findings.contains(where: { $0.rule == rule }) { return }
    findings.append(
      LintFinding(rule: rule, field: field, line: document.lines[field], found: found))
  }

  // MARK: - Dates

  private static let confirmationMonthsMax = 18
  private static let contactMonthsMax = 24

  private mutating func readDates() {
    let end = text("period_end")
    let isOver = PartialDate.isOver(end, today: today)
    if isOver, let status = text("status"), status == "ONGOING" || status == "PLANNED" {
      report(.staleStatus, "status", "\(status), \(end ?? "")")
    }
    let updates = text("confirmed_at").map { [("confirmed_at", $0)] } ?? cells("source_updated")
    if isOver, let last = updates.max(by: { $0.1 < $1.1 }), PartialDate.isBefore(last.1, end) {
      report(.staleSource, last.0, "\(last.1), \(end ?? "")")
    }
    if let confirmed = text("confirmed_at") ?? created,
      let limit = PartialDate.adding(months: Self.confirmationMonthsMax, to: confirmed),
      limit < today, document.family["confirmed_at"] != nil
    {
      report(.staleConfirmation, "confirmed_at", confirmed)
    }
    if document.family.isPersonal, let expires = text("expires"),
      let limit = PartialDate.adding(months: Self.contactMonthsMax, to: today),
      PartialDate.isBefore(limit, expires)
    {
      report(.contactExpiresLate, "expires", expires)
    }
  }

  private func text(_ field: String) -> String? {
    guard case .register(.value(.text(let text))) = document[field] else { return nil }
    return text
  }

  /// The texts in a column of any table, with the table's name.
  private func cells(_ column: String) -> [(String, String)] {
    document.family.fields.flatMap { field -> [(String, String)] in
      guard case .table(let rows) = document[field.name] else { return [] }
      return rows.compactMap { row in
        if case .value(.text(let text)) = row.cells[column] { (field.name, text) } else { nil }
      }
    }
  }

  // MARK: - Claims

  private mutating func readClaims() {
    for (field, text) in writtenTexts {
      let sentences = Phrases.sentences(of: text)
      if document["success_factors"] == nil, document.family["success_factors"] != nil,
        let sentence = sentences.first(where: Phrases.factors.occur(in:))
      {
        report(.factorsNotListed, field, sentence)
      }
      if !hasSource, let sentence = sentences.first(where: Phrases.awards.occur(in:)) {
        report(.claimWithoutSource, field, sentence)
      }
      if document["links"] == nil,
        let sentence = sentences.first(where: {
          Phrases.linkLabels.occur(in: $0) && !$0.contains("://")
        })
      {
        report(.linkWithoutAddress, field, sentence)
      }
      if field == "results", let sentence = sentences.first(where: Phrases.expectations.occur(in:))
      {
        report(.expectedUnderResults, field, sentence)
      }
      if !hasFigures, let sentence = sentences.first(where: Phrases.holdsUnsourcedFigure) {
        report(.figureWithoutSource, field, sentence)
      }
    }
  }

  private var hasFigures: Bool { document["figures"] != nil || document["effects"] != nil }

  /// Anything that a reader can follow to check a claim.
  private var hasSource: Bool {
    document["links"] != nil || document["attachments"] != nil || !cells("url").isEmpty
  }

  private mutating func readEvidence() {
    guard let evidence = text("evidence"), evidence != "E0", document["evidence_basis"] == nil,
      document.family["evidence_basis"] != nil
    else { return }
    report(.evidenceWithoutBasis, "evidence", evidence)
  }

  // MARK: - Personal data

  private mutating func readPersonalData() {
    for (field, text) in everyText {
      if let found = PersonalData.mailbox(in: text) { report(.personalMailbox, field, found) }
      if let found = PersonalData.personalNumber(in: text) {
        report(.personalNumber, field, found)
      } else if !document.family.isPersonal, let found = PersonalData.phoneNumber(in: text) {
        report(.phoneNumber, field, found)
      }
    }
  }

  /// Registers of text that somebody formulated.
  private var writtenTexts: [(field: String, text: String)] {
    document.family.fields.filter { [.text, .longText].contains($0.type) && $0.pattern == nil }
      .compactMap { field in text(field.name).map { (field.name, $0) } }
  }

  /// Whatever a person typed, but for what has a form of its own.
  private var everyText: [(field: String, text: String)] {
    document.family.fields.flatMap { field -> [(String, String)] in
      let isFree = field.pattern == nil || document.family.isPersonal
      guard isFree, ![.code, .codes, .date, .url].contains(field.type) else { return [] }
      return (document[field.name]?.values ?? []).flatMap(Self.texts).map { (field.name, $0) }
    }
  }

  private static func texts(_ value: FieldValue) -> [String] {
    guard case .value(let item) = value else { return [] }
    switch item {
    case .text(let text): return [text]
    case .array(let parts):
      return parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
    default: return []
    }
  }
}
