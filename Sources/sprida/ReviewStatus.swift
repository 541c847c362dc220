import Aggregation
import OperationStore
import Operations
import Practice

extension ReviewStatus {
  init(of state: RecordState, _ context: Context, _ charter: Charter) throws {
    try self.init(of: state.key, version: state.version, context.store, charter)
  }

  init(of record: RecordSummary, _ context: Context, _ charter: Charter) throws {
    try self.init(of: record.key, version: record.version, context.store, charter)
  }

  /// `2026-11-22`; empty without a review.
  func day(_ console: Console) -> String { reviewed.map(console.date) ?? "" }

  func text(_ console: Console) -> String {
    let day = day(console)
    let status =
      switch level {
      case .none: console.text("egendeklarerad, inte granskad", "self-declared, not reviewed")
      case .peer: console.text("kollegialt läst \(day)", "read by peers \(day)")
      case .council: console.text("granskad av rådet \(day)", "reviewed by the council \(day)")
      }
    return isOfEarlierVersion
      ? status + console.text(", i en tidigare version", ", in an earlier version") : status
  }
}

extension Freshness {
  convenience init(of record: RecordSummary, today: String, _ console: Console) {
    self.init(
      confirmed: record.facets["confirmed_at"]?.first, created: console.date(record.created),
      today: today)
  }
}

// What every figure says of the review of what it counts.

extension Console {
  /// `Granskning: egendeklarerad 14, kollegialt läst 2, granskad av råd 1`.
  func reviewed(_ counts: [(level: ReviewStatus.Level, count: Int)]) -> String {
    let levels = counts.map { level, count in
      let label =
        Schema.bundled.vocabularies["review_level"]?.label(of: level.rawValue, language)
        ?? level.rawValue
      return label.lowercased() + " " + number(count)
    }.joined(separator: ", ")
    return text("Granskning: \(levels)", "Review: \(levels)")
  }
}

extension Console {
  /// Says it after a sentence.
  func confirmed(_ latest: String?) -> String {
    latest.map { text(" Senast bekräftat \($0).", " Latest confirmed \($0).") }
      ?? text(" Inget är bekräftat.", " None has been confirmed.")
  }
}

extension JSON {
  /// How many entries have each level of review.
  static func reviewed(_ counts: [(level: ReviewStatus.Level, count: Int)]) -> JSON {
    .object(
      Dictionary(uniqueKeysWithValues: counts.map { ($0.level.rawValue, .number($0.count)) }))
  }
}
