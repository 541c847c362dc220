import Aggregation
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// A record as one page of HTML for a committee's papers: it needs nothing beside itself, runs
/// nothing, asks nobody for anything, and can be read by any program and printed on A4.
///
/// It is well-formed as XML too, so that a program need not guess what is meant.
struct RecordHTML {
  private let context: Context
  private let charter: Charter
  private let words: RecordText
  private var console: Console { context.console }

  init(_ context: Context) throws {
    self.context = context
    charter = try context.store.charter()
    words = try RecordText(context)
  }

  func page(of state: RecordState) throws -> String {
    let family = Schema.bundled.family(state.family)
    let facts = try EntryFacts(of: state, context, charter)
    let isExpired = state.isExpired(today: SystemClock.today)
    let fields = (isExpired ? [] : family?.fields ?? []).filter { $0.name != family?.titleField }
    let title = words.title(of: state)
    let owner = try words.owner(of: state.key)
    let lead = family?.preambleField
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="\(console.language == .swedish ? "sv" : "en")">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <title>\(title) – \(owner)</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <main>
      <header>
      <p class="owner">\(owner)</p>
      <h1\(language(of: state))>\(title)</h1>
      <p class="status">\(sentence(FactsText(facts, console).status)).</p>
      \(banners(of: state, facts))
      </header>
      \(fields.filter { $0.name == lead }.flatMap { longText($0, in: state, hasHeading: false) })
      \(values(in: state, fields))
      \(fields.filter { $0.type == .longText && $0.name != lead }.flatMap { longText($0, in: state) })
      \(fields.filter { $0.merge == .table }.flatMap { table($0, in: state) })
      \(links(facts))
      \(stages(facts))
      \(adopters(facts))
      \(remarks(facts))
      </main>
      <footer>
      <p>\(console.text("Post", "Record")) <code>\("\(state.key.record)")</code>,
      \(console.text("version", "version")) <code>\("\(state.version)")</code>,
      \(console.text("visad", "shown")) \(SystemClock.today).</p>
      </footer>
      </body>
      </html>

      """
    return page.html
  }

  private func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  // MARK: - Parts

  private func banners(of state: RecordState, _ facts: EntryFacts) -> [Markup] {
    var texts: [String] = []
    if let reason = state["withdrawn"]?.values.first {
      texts.append(console.text("Återkallad: ", "Withdrawn: ") + words.text(of: reason, nil))
    }
    if facts.freshness?.isStale == true { texts.append(FactsText.warning(console)) }
    if !state.conflicts.isEmpty {
      texts.append(
        console.text(
          "Utgivaren har skrivit olika saker samtidigt; det senaste visas.",
          "The publisher has written different things at once; the latest is shown."))
    }
    return texts.map { "<p class=\"banner\">\($0)</p>" }
  }

  /// Whatever is short: one list of names and values.
  private func values(in state: RecordState, _ fields: [FieldDefinition]) -> Markup {
    let rows = fields.filter { $0.type != .longText && $0.merge != .table }.compactMap {
      field -> Markup? in
      guard let held = state[field.name], field.name != "withdrawn", !field.isHidden else {
        return nil
      }
      let values = held.values.prefix(1) + held.elements
      guard !values.isEmpty else { return nil }
      let cells = values.map { "<dd>\(value($0, field))</dd>" as Markup }
      return "<dt>\(field.label[console.language])</dt>\(cells)"
    }
    return rows.isEmpty ? "" : "<dl>\n\(rows)\n</dl>"
  }

  private func longText(
    _ field: FieldDefinition, in state: RecordState, hasHeading: Bool = true
  ) -> [Markup] {
    guard let live = state[field.name]?.values.first else { return [] }
    let attributes = field.name.hasSuffix("_en") ? language("en") : language(of: state)
    let heading: [Markup] = hasHeading ? ["<h2>\(field.label[console.language])</h2>"] : []
    return heading + Markup.paragraphs(words.text(of: live, field), attributes: attributes)
  }

  private func table(_ field: FieldDefinition, in state: RecordState) -> [Markup] {
    let cells = state.fields.filter { $0.path.hasPrefix(field.name + "/") }
    let rows = Dictionary(grouping: cells) { cell in
      cell.path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
    }
    let columns = (field.columns ?? []).filter { column in
      !column.isHidden && cells.contains { $0.path.hasSuffix("/\(column.name)") }
    }
    guard !columns.isEmpty else { return [] }
    let head = columns.map { "<th scope=\"col\">\($0.label[console.language])</th>" as Markup }
    let body = rows.sorted { $0.key < $1.key }.map { _, cells -> Markup in
      let row = columns.map { column -> Markup in
        let live = cells.first { $0.path.hasSuffix("/\(column.name)") }?.state.values.first
        return "<td>\(live.map { value($0, column) } ?? "")</td>"
      }
      return "<tr>\(row)</tr>"
    }
    return [
      """
      <table>
      <caption>\(field.label[console.language])</caption>
      <thead><tr>\(head)</tr></thead>
      <tbody>
      \(body)
      </tbody>
      </table>
      """
    ]
  }

  /// A web address as a link; nothing else becomes one.
  private func value(_ live: LiveValue, _ field: FieldDefinition) -> Markup {
    let text = words.text(of: live, field)
    guard field.type == .url || field.type == .link, let address = live.value?.webAddress else {
      return "\(text)"
    }
    let label = field.type == .url ? address : text
    return "<a href=\"\(address)\" rel=\"noreferrer\">\(label)</a>"
  }

  private func links(_ facts: EntryFacts) -> Markup {
    guard !facts.links.isEmpty else { return "" }
    let text = LinkText(console)
    let rows = facts.links.map { "<li>\($0.address): \(text.state(of: $0))</li>" as Markup }
    return "<h2>\(text.title)</h2>\n<ul>\(rows)</ul>"
  }

  private func stages(_ facts: EntryFacts) -> Markup {
    guard facts.stages.count > 1 else { return "" }
    let text = FactsText(facts, console)
    let steps = facts.stages.map { "<li>\(text.stage($0.code)), \($0.day)</li>" as Markup }
    return "<h2>\(console.text("Skedeshistorik", "Stages"))</h2>\n<ol>\(steps)</ol>"
  }

  private func adopters(_ facts: EntryFacts) -> Markup {
    guard !facts.adopters.isEmpty else { return "" }
    let text = FactsText(facts, console)
    let rows = facts.adopters.map { adopters -> Markup in
      let names = adopters.organisations.joined(separator: ", ")
      return
        "<dt>\(text.state(adopters.state)) (\(adopters.organisations.count))</dt><dd>\(names)</dd>"
    }
    return "<h2>\(console.text("Övertaganden", "Adoptions"))</h2>\n<dl>\n\(rows)\n</dl>"
  }

  private func remarks(_ facts: EntryFacts) -> [Markup] {
    facts.remarks.enumerated().flatMap { index, remark -> [Markup] in
      let isFirst = index == 0 || facts.remarks[index - 1].family.name != remark.family.name
      let heading: [Markup] = isFirst ? ["<h2>\(remark.family.label[console.language])</h2>"] : []
      return heading + ["<p class=\"by\">\(remark.organisation), \(remark.day)</p>"]
        + Markup.paragraphs(remark.text)
    }
  }

  // MARK: - Language

  private func language(of state: RecordState) -> Markup {
    language(state.displayedText("language"))
  }

  /// What is in another language than the page says so.
  private func language(_ code: String) -> Markup {
    let page = console.language == .swedish ? "sv" : "en"
    let isCode =
      !code.isEmpty && code.utf8.count <= 35
      && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return isCode && code != page ? " lang=\"\(code)\"" : ""
  }

  private static let style: Markup = """
    @page { size: A4; margin: 20mm; }
    body { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff;
      max-width: 44rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
    h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
    h2 { font-size: 1.2rem; margin: 1.5rem 0 .25rem; break-after: avoid; }
    p { margin: .5rem 0; }
    .owner, .by { font-weight: 600; margin-bottom: 0; }
    .status { color: #333; }
    .banner { background: #e6e6e6; border-left: .4rem solid #555; padding: .5rem .75rem; }
    dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; }
    dt { font-weight: 600; grid-column: 1; }
    dd { margin: 0; grid-column: 2; }
    table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; break-inside: avoid; }
    caption { text-align: left; font-size: 1.2rem; font-weight: 600; }
    th, td { border: 1px solid #767676; padding: .25rem .5rem; text-align: left;
      vertical-align: top; }
    footer { border-top: 1px solid #767676; font-size: .85rem; color: #333; }
    @media (max-width: 30rem) { dl { display: block; } dd { margin-bottom: .5rem; } }
    @media print { body { max-width: none; padding: 0; } a::after { content: " (" attr(href) ")"; } }
    """
}
