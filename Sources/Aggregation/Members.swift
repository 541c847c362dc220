import CRDT
import OperationStore
import Operations
import Practice
import Signatures

/// Who was a member when, as the council's own records say (`Protocol/schema/membership.json`).
enum Members {
  static let family = "membership"

  /// Whom a code means: who has it now, or else the only one that ever had it.
  private static func organisation(_ code: String, _ charter: Charter) -> Organisation? {
    if let live = charter.organisation(code: code) { return live }
    let all = charter.organisations.filter { $0.codes.own.contains(code) }
    return all.count == 1 ? all[0] : nil
  }

  /// The members at any time of `date`; everybody in the roster when the council has stated none.
  static func on(_ date: String, _ holdings: Holdings) -> [ReportFacts.Member] {
    let charter = holdings.charter
    let organisations = charter.organisations.filter { $0.id != charter.region }
    let stated = holdings.memberships.filter {
      !$0.isWithdrawn && $0.key.organisation == charter.region
    }
    guard !stated.isEmpty else {
      return organisations.filter { organisation in
        let admitted = PartialDate.day(Int64(clamping: organisation.admitted.milliseconds))
        return !organisation.isRemoved && !PartialDate.isBefore(date, admitted)
      }.map { .init(code: $0.code, organisation: $0.id, isAssociate: false) }
    }
    let members = stated.filter { record in
      let (start, end) = (record.facets["period_start"]?.first, record.facets["period_end"]?.first)
      return !PartialDate.isBefore(date, start) && !PartialDate.isBefore(end, date)
    }.compactMap { record -> ReportFacts.Member? in
      guard let code = record.facets["organisation"]?.first else { return nil }
      return ReportFacts.Member(
        code: code, organisation: organisation(code, charter)?.id,
        isAssociate: record.facets["sort"]?.first == "ASSOCIATE")
    }
    // An organisation has one row, whatever has been stated twice.
    return Dictionary(grouping: members) { $0.organisation.map { "\($0)" } ?? $0.code }
      .values.compactMap { $0.min { $0.code < $1.code } }.sorted { $0.code < $1.code }
  }
}
