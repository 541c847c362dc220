import Aggregation
import CRDT
import OperationStore
import Operations
import Practice
import WireFormat

/// An entry: what it says, who says it, how it has been reviewed, who has adopted it.
struct EntryPage {
  /// Said at the top of the page, or of no use to a reader.
  private static let elsewhere = [
    "title", "title_en", "summary", "summary_en", "contact_ref", "no_personal_data", "language",
    "confirmed_at", "withdrawn",
  ]

  let page: Page

  init(_ site: Site, _ full: Catalogue.FullEntry, _ language: Language) throws {
    let reader = Reader(site, full, language)
    let entry = full.entry
    let owner = site.catalogue.owner(of: entry)
    let adopters = site.catalogue.adopters(of: entry)
    page = Page(
      path: entry.path, title: VisibleText.line(entry.title),
      titleLanguage: entry.language == language.code ? nil : entry.language, template: "entry",
      content: [
        "owner": VisibleText.line(owner?.name ?? ""), "ownerSlug": owner.map(site.slug) ?? "",
        "review": entry.review.label(language),
        "confirmed": VisibleText.line(
          entry.freshness.confirmed ?? Localised(sv: "aldrig", en: "never")[language]),
        "created": String(entry.created.prefix(10)), "updated": String(entry.updated.prefix(10)),
        "isStale": entry.freshness.isStale, "hasConflicts": !full.state.conflicts.isEmpty,
        "lang": entry.language, "summary": Reader.paragraphs(full.summary),
        "facts": reader.facts, "sections": reader.sections, "tables": reader.tables,
        "hasAdopters": !adopters.isEmpty,
        "adopters": adopters.map {
          [
            "name": VisibleText.line(site.catalogue.name(of: $0)),
            "state": site.label($0.state, "adoption_state", language),
          ]
        },
        "history": entry.stages.map {
          ["day": PartialDate.day($0.time), "stage": site.label($0.code, "stage", language)]
        },
        "edits": try site.catalogue.edits(of: entry).map { edit in
          [
            "day": PartialDate.day(edit.time), "what": Self.what(edit, language),
            "by": VisibleText.line(edit.organisation?.name ?? ""),
            "key": String("\(edit.author)".prefix(12)),
          ]
        },
        "record": "\(entry.key.record)", "version": "\(full.state.version)",
      ])
  }

  /// Such as *Ändrat: Titel, Kostnader*.
  private static func what(_ edit: Catalogue.Edit, _ language: Language) -> String {
    if edit.isFirst { return Localised(sv: "publicerat", en: "published")[language] }
    let labels = (Schema.bundled.family("entry")?.fields ?? []).filter {
      !$0.isHidden && edit.fields.contains($0.name)
    }.map { $0.label[language] }
    return Localised(sv: "ändrat", en: "edited")[language]
      + (labels.isEmpty ? "" : ": " + labels.joined(separator: ", "))
  }

  /// Reads the fields of an entry into what the template shows.
  private struct Reader {
    private let site: Site
    private let state: RecordState
    private let language: Language
    private let entryLanguage: String
    private let fields: [FieldDefinition]

    init(_ site: Site, _ full: Catalogue.FullEntry, _ language: Language) {
      (self.site, state, self.language) = (site, full.state, language)
      entryLanguage = full.entry.language
      // Also what stands elsewhere, when there are several versions of it.
      fields = (Schema.bundled.family("entry")?.fields ?? []).filter { field in
        !field.isHidden
          && (!EntryPage.elsewhere.contains(field.name)
            || full.state[field.name]?.isConflict == true)
      }
    }

    static func paragraphs(_ text: String) -> [String] {
      VisibleText.block(text).split(separator: "\n").map(String.init).filter { !$0.isEmpty }
    }

    /// Short values, all versions of one in conflict.
    var facts: [[String: Any]] {
      fields.filter { $0.merge != .table && $0.type != .longText }.compactMap { field in
        guard let said = state[field.name] else { return nil }
        let values = (said.values + said.elements).compactMap { live in
          live.value.map { text in
            value(text, field).merging(said.isConflict ? ["day": Self.day(live)] : [:]) { $1 }
          }
        }
        return values.isEmpty ? nil : ["label": field.label[language], "values": values]
      }
    }

    /// On which a version was written.
    private static func day(_ live: LiveValue) -> String {
      PartialDate.day(Int64(clamping: live.timestamp.milliseconds))
    }

    private func value(_ value: CBOR, _ field: FieldDefinition) -> [String: Any] {
      let text = value.exportText ?? ""
      if let other = site.entry(text) {
        return [
          "text": VisibleText.line(other.title), "path": other.path,
          "valueLanguage": other.language,
        ]
      }
      if let vocabulary = field.vocabulary, field.type == .code || field.type == .codes {
        return ["text": site.label(text, vocabulary, language)]
      }
      var shown: [String: Any] = [
        "text": VisibleText.line(text), "valueLanguage": entryLanguage,
      ]
      if field.type == .link || field.type == .url, let address = value.webAddress {
        shown["url"] = VisibleText.line(address)
      }
      return shown
    }

    /// Long texts, and every version of one in conflict.
    var sections: [[String: Any]] {
      fields.filter { $0.type == .longText && $0.merge != .table }.compactMap { field in
        guard let said = state[field.name], !said.values.isEmpty else { return nil }
        let versions = said.values.compactMap { live -> [String: Any]? in
          guard let text = live.value?.exportText else { return nil }
          let day: [String: Any] = said.isConflict ? ["day": Self.day(live)] : [:]
          return day.merging(["paragraphs": Self.paragraphs(text)]) { $1 }
        }
        return [
          "label": field.label[language], "isConflict": said.isConflict, "values": versions,
        ]
      }
    }

    var tables: [[String: Any]] {
      fields.filter { $0.merge == .table && $0.name != "source" }.compactMap { field in
        let columns = (field.columns ?? []).filter { !$0.isHidden }
        let rows = state.rows(of: field.name)
        guard !rows.isEmpty else { return nil }
        return [
          "label": field.label[language], "columns": columns.map { $0.label[language] },
          "rows": rows.map { row in
            [
              "cells": columns.map { column in
                state.cell(field.name, row, column.name).map { text in
                  column.vocabulary.map { site.label(text, $0, language) }
                    ?? VisibleText.line(text)
                }.joined(separator: " / ")
              }
            ]
          },
        ]
      }
    }
  }
}
