import Aggregation
import Operations
import Practice

/// A report with its charts, its tables, and what they rest on.
struct ReportPage {
  let page: Page

  init(_ site: Site, _ report: Report, _ language: Language) {
    let words = CellWords(language) { id in
      VisibleText.line(site.organisation(id)?.name ?? String("\(id)".prefix(12)))
    }
    page = Page(
      path: "report/\(report.name.rawValue).html", title: report.name.title[language],
      template: "report",
      content: [
        "question": report.name.question[language],
        "reports": site.reports.map {
          [
            "name": $0.name.rawValue, "title": $0.name.title[language],
            "isHere": $0.name == report.name,
          ] as [String: Any]
        },
        "tables": report.tables.map { Self.content(of: $0, site, words) },
        "source": Self.source(of: report, words),
      ])
  }

  private static func content(
    of table: Report.Table, _ site: Site, _ words: CellWords
  ) -> [String: Any] {
    let title = table.title[words.language]
    var content: [String: Any] = [
      "name": table.name, "title": title,
      "chart": BarChart(table, title: title, words)?.html ?? "", "hasRows": !table.rows.isEmpty,
      "columns": table.columns.map {
        ["title": $0.title[words.language], "isFigure": $0.isFigure] as [String: Any]
      },
      "rows": table.rows.map { row in
        [
          "cells": zip(table.columns, row).enumerated().map { index, pair in
            cell(pair.1, pair.0, isFirst: index == 0 && !pair.0.isFigure, site, words)
          }
        ]
      },
    ]
    if table.rowCount > table.rows.count {
      content["more"] =
        Localised(
          sv: "De första \(table.rows.count) av \(table.rowCount) rader.",
          en: "The first \(table.rows.count) of \(table.rowCount) rows.")[words.language]
    }
    return content
  }

  private static func cell(
    _ cell: Report.Cell, _ column: Report.Column, isFirst: Bool, _ site: Site, _ words: CellWords
  ) -> [String: Any] {
    let text = VisibleText.line(words.text(cell))
    var content: [String: Any] = [
      "text": text.isEmpty ? "–" : text, "isFigure": column.isFigure, "isFirst": isFirst,
    ]
    switch cell {
    case .entry(let key, _):
      if let entry = site.catalogue.entry(key) { content["path"] = entry.path }
    case .organisation(let id):
      if let organisation = site.organisation(id), !site.entries(of: organisation).isEmpty {
        content["path"] = "organisation/\(site.slug(of: organisation)).html"
      }
    default: break
    }
    return content
  }

  private static func source(of report: Report, _ words: CellWords) -> [String] {
    let provenance = report.provenance
    let reviewed = provenance.reviewed.map {
      "\(words.label($0.level.rawValue, "review_level")) \($0.count)"
    }.joined(separator: ", ")
    let missing = provenance.missing.map { member in
      member.organisation.map { words.text(.organisation($0)) } ?? VisibleText.line(member.code)
    }.joined(separator: ", ")
    let stale = provenance.stale.map { member, latest in
      (member.organisation.map { words.text(.organisation($0)) } ?? VisibleText.line(member.code))
        + " (\(latest))"
    }.joined(separator: ", ")
    let none = Localised(sv: "ingen", en: "none")[words.language]
    return [
      Localised(
        sv: """
          Frågeversion \(Report.version); \(provenance.operations) operationer, signerade till och \
          med \(provenance.asOf); \(provenance.members) medlemmar \(provenance.membersOn).
          """,
        en: """
          Query version \(Report.version); \(provenance.operations) operations, signed up to and \
          including \(provenance.asOf); \(provenance.members) members \(provenance.membersOn).
          """),
      Localised(sv: "Granskning: \(reviewed).", en: "Review: \(reviewed)."),
      Localised(
        sv: "Senast bekräftat: \(provenance.latestConfirmed ?? none).",
        en: "Latest confirmed: \(provenance.latestConfirmed ?? none)."),
      Localised(
        sv: "Har inte publicerat något: \(missing.isEmpty ? none : missing).",
        en: "Have published nothing: \(missing.isEmpty ? none : missing)."),
      Localised(
        sv: "Inget nytt på ett halvår: \(stale.isEmpty ? none : stale).",
        en: "Nothing new for half a year: \(stale.isEmpty ? none : stale)."),
      Localised(
        sv: "Räknas inte, för utgivaren var inte medlem då: \(provenance.outside).",
        en: "Not counted, for the publisher was no member then: \(provenance.outside)."),
    ].map { $0[words.language] }
  }
}
