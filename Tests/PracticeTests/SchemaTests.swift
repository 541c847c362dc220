import Foundation
import Operations
import Practice
import TestSupport
import Testing
import WireFormat

@Suite struct SchemaTests {
  private let schema = Schema.bundled

  /// The table of the domain study; publisher, id and dates of review are derived.
  static let entryFields = [
    "unit", "kind", "title", "title_en", "summary_en", "summary", "need", "purpose", "approach",
    "results", "expected_effects", "themes", "keywords", "focus", "role", "challenges",
    "target_groups", "novelty", "based_on", "part_of", "continues", "continued_by", "stage",
    "status", "period_start", "period_end", "partners", "evidence", "evidence_basis", "effects",
    "costs", "funding", "prerequisites", "success_factors", "obstacles", "lessons", "failures",
    "transfer_advice", "procurement", "contact_ref", "links", "attachments", "language",
    "license", "source", "confirmed_at", "withdrawn", "retention", "no_personal_data",
  ]

  @Test(arguments: entryFields)
  func `each field of an entry is in the schema`(name: String) throws {
    #expect(try Sample.family()[name] != nil)
  }

  @Test(arguments: ["id", "publisher", "stage_history", "review_due"])
  func `what readers compute is listed as derived`(name: String) throws {
    #expect(try Sample.family().derived.contains { $0.name == name })
  }

  @Test func `the minimum to publish is six fields, the rest has defaults`() throws {
    let required = try Sample.family().fields.filter { $0.required == .always && $0.default == nil }
    let names = Set(required.map(\.name))
    #expect(names == ["kind", "title", "summary", "themes", "stage", "contact_ref"])
    #expect(Set(required.filter { $0.onlyByHand == true }.map(\.name)) == ["stage", "contact_ref"])
  }

  @Test func `there are sixteen kinds, and obstacles add two codes to the conditions`() throws {
    let vocabularies = schema.vocabularies
    #expect(vocabularies["kind"]?.codes.count == 16)
    #expect(vocabularies["theme"]?.codes.count == 17)
    let conditions = try #require(vocabularies["condition"]).codes.map(\.code)
    #expect(conditions.count == 12)
    #expect(vocabularies["obstacle"]?.codes.map(\.code) == conditions + ["TID", "TEST"])
    #expect(vocabularies["stage"]?.enterable.contains { $0.code == "SPREAD" } == false)
  }

  @Test func `names are paths and stay within the limits of the wire`() {
    for field in schema.families.flatMap(\.fields) {
      for name in [field.name] + (field.columns ?? []).map(\.name) {
        #expect(name.utf8.count <= 32)
        #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") })
        #expect(!["family", "row"].contains(name))
      }
    }
  }

  @Test func `no two fields of a family answer to the same heading`() {
    for family in schema.families {
      var seen: [String: String] = [:]
      for field in family.fields {
        for name in Set([field.name, field.label.sv, field.label.en].map { $0.lowercased() }) {
          #expect(seen.updateValue(field.name, forKey: name) == nil, "\(family.name): \(name)")
        }
      }
    }
  }

  @Test func `every default and every condition is a value of its field`() throws {
    for family in schema.families {
      for field in family.fields {
        if let text = field.default {
          let entries = [Input.Entry(field.name, .text(text))]
          let problems = Self.problems(entries, family)
          #expect(problems.allSatisfy { $0.code == .missing }, "\(field.name)")
        }
        guard case .when(let other, let values, _) = field.required else { continue }
        let vocabulary = try #require(family[other]).vocabulary.flatMap { schema.vocabularies[$0] }
        for value in values { #expect(vocabulary?[value] != nil, "\(field.name): \(value)") }
      }
    }
  }

  private static func problems(_ entries: [Input.Entry], _ family: Family) -> [Problem] {
    do {
      _ = try Document(entries: entries, family: family, schema: .bundled)
      return []
    } catch {
      return error.problems
    }
  }

  @Test func `labels resolve to fields in both languages and any case`() throws {
    let entry = try Sample.family()
    #expect(entry.field(named: "uppnådda RESULTAT")?.name == "results")
    #expect(entry.field(named: "Achieved results")?.name == "results")
    #expect(entry.field(named: "Results")?.name == "results")
    #expect(entry.field(named: "Resultatet") == nil)
  }

  @Test func `the families of others' records point at an entry and are signed by their class`()
    throws
  {
    for name in ["adoption", "review", "endorsement", "comment"] {
      let family = try Sample.family(name)
      #expect(family["entry"]?.target == "entry" && family["entry"]?.required == .always)
      #expect(family.operationClass == (name == "review" ? .review : .record))
    }
    let levels = try #require(schema.vocabularies["review_level"])
    #expect(levels.enterable.map(\.code) == ["PEER", "COUNC"])
    #expect(try Sample.family("endorsement").onePer == "entry")
    #expect(try Sample.family("endorsement")["text"]?.maxBytes == 500)
    #expect(try Sample.family("comment")["text"]?.maxBytes == 4096)
    #expect(try Sample.family("comment")["parent"]?.target == "comment")
  }

  @Test func `every kind has a template, and a tip asks for three fields`() throws {
    let family = try Sample.family()
    for kind in try #require(schema.vocabularies["kind"]).codes {
      #expect(family.template(for: kind.code) != nil, "\(kind.code)")
    }
    let tip = try Sample.parse(
      "---\nkind: tip\nthemes: [DIGI]\n---\n# Titel\n\nEtt stycke.", usual: [Sample.usualContact])
    #expect(tip["stage"] == .register(.value(.text("IDEA"))))
    #expect(tip["contact_ref"] == .register(.reference("innovation@lerum.se")))
  }

  @Test func `the files stay below 60 kB together`() throws {
    let names = [".json", ".csv"].flatMap { ProtocolFiles.names(in: "schema", suffix: $0) }
    #expect(names.count == 11)
    let sizes = try names.map { try Data(contentsOf: ProtocolFiles.url("schema/\($0)")).count }
    #expect(sizes.reduce(0, +) < 60_000)
  }

  @Test func `a template of an unknown kind or field is refused`() {
    func family(_ template: String) -> [UInt8] {
      Array(
        """
        {"family": "x", "label": {"sv": "x", "en": "x"}, "template_by": "a", "templates":
        [\(template)], "fields": [{"name": "a", "type": "code", "merge": "register",
        "vocabulary": "v", "label": {"sv": "a", "en": "a"}}]}
        """.utf8)
    }
    let codes =
      #"{"v": {"label": {"sv": "v", "en": "v"}, "codes": [{"code": "A", "sv": "a", "en": "a"}]}}"#
    func schema(_ template: String) throws -> Schema {
      try Schema(families: [family(template)], vocabularies: Array(codes.utf8))
    }
    #expect(throws: Never.self) { try schema(#"{"for": ["A"], "fields": ["a"]}"#) }
    #expect(throws: SchemaError.unknownField(field: "x.A", other: "b")) {
      try schema(#"{"for": ["A"], "fields": ["b"]}"#)
    }
    #expect(throws: SchemaError.unknownField(field: "x.B", other: "B")) {
      try schema(#"{"for": ["B"], "fields": ["a"]}"#)
    }
  }

  @Test func `a file that names an unknown vocabulary is refused`() {
    let family = """
      {"family": "x", "label": {"sv": "x", "en": "x"}, "fields": [{"name": "a", "type": "code",
      "merge": "register", "vocabulary": "none", "label": {"sv": "a", "en": "a"}}]}
      """
    #expect(throws: SchemaError.unknownVocabulary(field: "x.a", vocabulary: "none")) {
      try Schema(families: [Array(family.utf8)], vocabularies: Array("{}".utf8))
    }
  }
}
