import Foundation
import Testing

/// Amounts and moments as people of each language write them, and as machines read them.
@Suite(.timeLimit(.minutes(3))) struct CountTests {
  @Test func `one of a thing and several are told in their own words`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Med underlag"))
    #expect(try region.run("lerum", "list").output.contains("\n1 post;"))
    #expect(try region.run("lerum", "list", "--language", "en").output.contains("\n1 record;"))
    for (count, swedish, english) in [(1, "1 bilaga.", ""), (2, "2 bilagor.", "2 attachments.")] {
      let file = region.folder.appendingPathComponent("fil\(count).txt")
      try Data("underlag \(count)".utf8).write(to: file)
      let language = english.isEmpty ? "sv" : "en"
      let told = try region.run("lerum", "attach", record, file.path, "--language", language)
      #expect(told.output.contains(english.isEmpty ? swedish : english), "\(told.output)")
    }
    let report = try region.run("lerum", "report")
    #expect(report.output.contains("1 exempel från 1 av 2 organisationer; 0 konflikter"))
    let english = try region.run("lerum", "report", "--language", "en").output
    #expect(english.contains("1 entry from 1 of 2 organisations; 0 conflicts"), "\(english)")
  }

  @Test func `thousands stand apart as the language has it, and never in json`() throws {
    let region = try TestRegion()
    try region.run("council", "quota", "--set", "1048576")
    #expect(
      try region.run("council", "quota").output.contains("1\u{a0}048\u{a0}576 MiB"))
    #expect(
      try region.run("council", "quota", "--language", "en").output.contains("1,048,576 MiB"))
    let json = try #require(try region.run("council", "quota", "--json").json as? [String: Any])
    #expect(json["quota_bytes"] as? Int == 1_099_511_627_776)
  }

  @Test func `a decimal mark is that of the language`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Med mycket underlag"))
    let files = try (1...5).map { number in
      let file = region.folder.appendingPathComponent("stor\(number).bin")
      try Data(repeating: UInt8(number), count: 4_300_000).write(to: file)
      return file.path
    }
    for (language, size) in [("sv", "20,6 MiB"), ("en", "20.6 MiB")] {
      let refused = try region.attempt(
        "lerum", ["attach", record] + files + ["--language", language])
      #expect(refused.status == 3 && refused.errors.contains(size), "\(refused.errors)")
    }
  }

  @Test func `a time of day says that it is utc, in its heading or by itself`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    let record = try region.publish("lerum", TestRegion.document("Med tid"))
    let shown = try region.run("lerum", "show", record)
    #expect(shown.output.contains(/ändrad \d{4}-\d\d-\d\d \d\d:\d\d UTC/), "\(shown.output)")
    let status = try region.run("lerum", "status", "--language", "en")
    #expect(status.output.contains("Latest (UTC)"), "\(status.output)")
  }

  @Test func `organisations are listed in swedish order, also in english`() throws {
    let region = try TestRegion()
    for (code, name) in [
      ("org:0000000018", "Östra bolaget"), ("org:0000000026", "Zeta"), ("org:0000000034", "Ågatan"),
      ("org:0000000042", "Ärlan"),
    ] {
      try region.run("council", "admit", "--hosted", code, "--name", name)
    }
    for language in ["sv", "en"] {
      let roster = try region.run("council", "roster", "--language", language).output
      let places = try ["Provrådet", "Zeta", "Ågatan", "Ärlan", "Östra bolaget"].map {
        try #require(roster.range(of: $0), "\(roster)").lowerBound
      }
      #expect(places == places.sorted(), "\(roster)")
    }
  }
}
