import OperationStore
import Operations
import Practice
import Signatures

/// The words of their own that councils and others have given to entries, by their codes
/// (`Protocol/schema/README.md#families`).
struct Tags {
  static let family = "tag"

  private let byCode: [String: RecordSummary]

  /// The council's tag goes before others'; where several others have defined a code, it is shown
  /// as it stands, for anybody can claim to have been first.
  ///
  /// None before a restored node may show anything: somebody may publish there.
  init(_ context: Context, _ charter: Charter) throws {
    let isHidden = try context.store.isUnsynced()
    let defined =
      try isHidden ? [] : context.store.records(family: Self.family).filter { !$0.isWithdrawn }
    byCode = Dictionary(grouping: defined) { $0.facets["code"]?.first ?? "" }
      .compactMapValues { tags in
        let council = tags.filter { $0.key.organisation == charter.region }
        return council.min { $0.key < $1.key } ?? (tags.count == 1 ? tags.first : nil)
      }
  }

  var codes: [String] { byCode.keys.sorted() }

  /// The name of the tag with a code; the code itself where nobody here has defined it.
  func label(of code: String, _ language: Language) -> String {
    guard let tag = byCode[code] else { return code }
    return language == .english ? tag.facets["title_en"]?.first ?? tag.title : tag.title
  }

  /// The code that a person means by it, or by the name of its tag, in any case.
  func code(meaning text: String) -> String? {
    let folded = SwedishOrder.folded(text)
    return codes.first { code in
      [code, label(of: code, .swedish), label(of: code, .english)].contains {
        SwedishOrder.folded($0) == folded
      }
    }
  }

  func nearest(to text: String) -> String? {
    let known = codes
    return Spelling.nearest(to: text, among: known).map { known[$0] }
  }
}
