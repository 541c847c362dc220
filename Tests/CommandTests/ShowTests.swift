import CRDT
import Foundation
import FoundationXML
import Node
import OperationStore
import Operations
import Signatures
import TestSupport
import Testing
import WireFormat

/// `show`: what a record says, and what is known of it.
@Suite(.timeLimit(.minutes(5))) struct ShowTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
  }

  private func sync() throws {
    for node in ["lerum", "kiruna", "lerum"] { try region.run(node, "sync") }
  }

  private func show(_ record: String, _ arguments: String...) throws -> String {
    let result = try region.attempt("lerum", ["show", record] + arguments)
    try #require(result.status == 0, "\(result.errors)")
    return result.output
  }

  @Test func `an entry shows its stages, its adopters by state, and whose nodes hold it`() throws {
    let record = try region.publish("lerum", TestRegion.document("Sluss"))
    for stage in ["PREST", "PREST", "PILOT"] {
      _ = try region.attempt("lerum", ["edit", record, "--set", "stage=\(stage)"])
    }
    try sync()
    try region.run("kiruna", "adopt", record, "--state", "TRIAL")
    try sync()
    let text = try show(record)
    let history = try #require(text.split(separator: "\n").first { $0.contains("Skedeshistorik") })
    #expect(history.contains("Idé 2") && history.contains("→ Förstudie 2"))
    #expect(history.components(separatedBy: "Förstudie").count == 2, "\(history)")
    #expect(text.contains("(1): Kiruna kommun"))
    let holders = text.split(separator: "\n").map(String.init)
    #expect(holders.contains { $0.hasPrefix("  den här noden") })
    #expect(holders.contains { $0.hasPrefix("  Provrådet") && $0.contains("senast 2") })
    #expect(text.contains("enligt våra egna möten"))
    #expect(!holders.contains { $0.hasPrefix("  Kiruna kommun  ") }, "no session of ours")
  }

  @Test func `an entry says whether it is reviewed and confirmed, and warns when that is old`()
    throws
  {
    let record = try region.publish("lerum", TestRegion.document("Sluss"))
    let warning = "Inte bekräftad på 18 månader"
    let fresh = try show(record)
    #expect(fresh.contains("egendeklarerad, inte granskad · aldrig bekräftad · bekräftas senast 2"))
    #expect(!fresh.contains(warning))
    try region.run("lerum", "edit", record, "--set", "confirmed_at=2020-05-05")
    let stale = try show(record)
    #expect(stale.contains("bekräftad 2020-05-05 · bekräftas senast 2021-05-05"))
    #expect(stale.contains(warning))
    #expect(try show(record, "--html").contains(warning))
  }

  @Test func `a page for a committee is whole, accessible and asks nobody for anything`() throws {
    let record = try region.publish(
      "lerum",
      """
      ---
      kind: practice
      title: Sluss & <idé>
      themes: [INNO]
      stage: IDEA
      contact_ref: innovation@kommun.example
      language: en
      links:
        - https://example.se/?a=1&b="2"
      costs:
        - type: INVEST
          amount: 1000
          year: 2026
      ---
      Ett stycke.

      ## Behov och utgångsläge

      Första.

      Andra raden.
      """)
    let html = try show(record, "--html")
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"sv\">"))
    #expect(html.contains("<h1 lang=\"en\">Sluss &amp; &lt;idé&gt;</h1>"))
    #expect(html.components(separatedBy: "<h1").count == 2)
    #expect(html.contains("Egendeklarerad, inte granskad"))
    #expect(html.contains("<p lang=\"en\">Första.</p>\n<p lang=\"en\">Andra raden.</p>"))
    #expect(html.contains("<a href=\"https://example.se/?a=1&amp;b=&quot;2&quot;\""))
    #expect(html.contains("<caption>Kostnader</caption>") && html.contains("<th scope=\"col\">"))
    #expect(html.contains("default-src 'none'"))
    for outside in ["<script", "<link", "<img", "<iframe", "@import", "url(", " src="] {
      #expect(!html.contains(outside), "\(outside)")
    }
    let english = try region.attempt("lerum", ["show", record, "--html", "--language", "en"])
    #expect(english.output.contains("<html lang=\"en\">") && english.output.contains("<h1>"))
  }

  @Test func `whatever somebody has written is text on the page, and nothing but text`() throws {
    let directory = try NodeDirectory.open(region.node("lerum").path)
    let (store, officer) = (try directory.openStore(), try directory.key(.officer))
    let hostile =
      [
        "</title><script>alert(1)</script>", "\" onmouseover=\"alert(1)", "<img src=x onerror=a>",
        "&lt;script&gt; &#60; ]]>", "--><style>*{}</style>", "javascript:alert(1)",
        "https://example.se/\" onclick=\"x", "' style='x",
      ] + HostileTexts.all.filter(\.arrives).map(\.text)
    for (index, text) in hostile.enumerated() {
      let value = CBOR.text(text)
      var changes = ["title", "summary", "need", "language", "license", "withdrawn"].map {
        ChangeDraft(type: .set, path: $0, value: value)
      }
      changes += [
        ChangeDraft(type: .add, path: "keywords", value: value),
        ChangeDraft(type: .add, path: "links", value: .array([value, .text("PAGE"), value])),
        ChangeDraft(type: .add, path: "partners", value: .array([value, value])),
        ChangeDraft(type: .set, path: "source/00000001/url", value: value),
        ChangeDraft(type: .set, path: "costs/00000001/note", value: value),
      ]
      let id = try store.sign(
        [.record(changes, family: "entry", record: nil)], with: officer, as: [.author])[0].id
      let page = try PageReader(show("\(id)", "--html"))
      #expect(page.isInert, "\(index): \(text)")
      #expect(page.headings == 1 && page.addresses.allSatisfy { $0.hasPrefix("http") }, "\(text)")
    }
  }
}

/// What a program sees in a page: its elements and attributes.
private final class PageReader: NSObject, XMLParserDelegate {
  private static let elements: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "main", "header", "footer", "p", "br", "h1",
    "h2", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "ol", "li", "a",
    "code",
  ]
  private static let attributes: Set<String> = [
    "lang", "charset", "name", "content", "http-equiv", "class", "scope", "href", "rel",
  ]
  private(set) var isInert = true
  private(set) var headings = 0
  private(set) var addresses: [String] = []

  init(_ page: String) throws {
    super.init()
    let parser = XMLParser(data: Data(page.utf8))
    parser.delegate = self
    try #require(parser.parse(), "line \(parser.lineNumber) of \(page)")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    isInert =
      isInert && Self.elements.contains(name)
      && attributes.keys.allSatisfy(Self.attributes.contains)
    headings += name == "h1" ? 1 : 0
    addresses += attributes["href"].map { [$0] } ?? []
  }
}
