import Foundation
import Testing

/// `list` and `search` as people use them.
@Suite(.timeLimit(.minutes(5))) struct FindingCommandTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    try region.join("goteborg", "kommun:1480")
    _ = try region.publish("lerum", TestRegion.document("Innovationssluss", theme: "INNO, DIGI"))
    _ = try region.publish("lerum", TestRegion.document("Årshjul för idéer", theme: "DIGI"))
    _ = try region.publish("kiruna", TestRegion.document("Ämnesplan", theme: "EDUC"))
    _ = try region.publish("goteborg", TestRegion.document("Trafikdata", theme: "TRAN"))
    for node in ["lerum", "kiruna", "goteborg", "lerum"] { try region.run(node, "sync") }
  }

  private func titles(_ arguments: String...) throws -> [String] {
    let result = try region.attempt("lerum", arguments + ["--json"])
    try #require(result.status == 0, "\(result.errors)")
    return try #require(result.json as? [[String: Any]]).compactMap { $0["title"] as? String }
  }

  @Test func `filters take codes and labels in any case, several by comma, and narrow together`()
    throws
  {
    #expect(try titles("list").count == 4)
    #expect(try titles("list", "--theme", "inno") == ["Innovationssluss"])
    #expect(try titles("list", "--theme", "Skola, trafik") == ["Trafikdata", "Ämnesplan"])
    #expect(try titles("list", "--theme", "digi", "--stage", "Idé").count == 2)
    #expect(try titles("list", "--organisation", "kiruna") == ["Ämnesplan"])
    #expect(try titles("list", "--organisation", "kommun:2584,kommun:1480").count == 2)
    #expect(
      try titles("list", "--county", "Västra Götalands län").sorted()
        == ["Innovationssluss", "Trafikdata", "Årshjul för idéer"])
    #expect(try titles("list", "--county", "25") == ["Ämnesplan"])
    #expect(try titles("list", "--county", "25", "--organisation", "lerum").isEmpty)
    #expect(try titles("search", "plan", "--county", "norrbotten") == ["Ämnesplan"])
    #expect(try titles("search", "lerum").count == 2, "by the publisher's name")
  }

  @Test(arguments: [
    (["list", "--theme", "INOO"], "menade du INNO?", 3),
    (["list", "--stage", "pilott"], "menade du PILOT?", 3),
    (["list", "--county", "Norbotten"], "menade du Norrbotten?", 3),
    (["list", "--organisation", "Kirna kommun"], "menade du Kiruna kommun?", 3),
    (["list", "--family", "entri"], "menade du entry?", 3),
    (["search", "inovationssluss"], "Menade du ”innovationssluss”?", 0),
    (["search", "--themee", "INNO"], "--themee", 64),
    (["list", "--page", "0"], "--page", 64),
  ])
  func `what means nothing gets the nearest that does`(
    arguments: [String], expected: String, status: Int32
  ) throws {
    let result = try region.attempt("lerum", arguments)
    #expect((result.output + result.errors).contains(expected), "\(result.output)\(result.errors)")
    #expect(result.status == status)
  }

  @Test func `a word may begin with a hyphen`() throws {
    #expect(try titles("search", "-plan") == ["Ämnesplan"])
  }

  @Test func `a page says what it is a part of and how to see the rest`() throws {
    let first = try region.run("lerum", "list", "--limit", "3").output
    #expect(first.contains("1–3 av 4 poster; nästa: --page 2"))
    #expect(!first.contains("Ämnesplan"))
    let second = try region.run("lerum", "list", "--limit", "3", "--page", "2").output
    #expect(second.contains("Ämnesplan") && second.contains("4–4 av 4 poster"))
    #expect(
      try region.run("lerum", "list", "--limit", "3", "--page", "9").output.contains("4 poster"))
    #expect(try titles("list", "--limit", "1") == ["Innovationssluss"])
  }

  @Test func `facets count all that is found, in Swedish order`() throws {
    let text = try region.run("lerum", "list", "--limit", "1", "--facets").output
    let rows = text.split(separator: "\n").map(String.init)
    let county = try #require(rows.firstIndex { $0.contains("Norrbottens län") })
    #expect(rows[county].hasSuffix(" 1"))
    #expect(rows[county + 1].contains("Västra Götalands län") && rows[county + 1].hasSuffix(" 3"))
    let facets = try region.run("lerum", "search", "idé", "--facets", "--json").json
    let object = try #require(facets as? [String: Any])
    #expect(object["total"] as? Int == 1)
    let themes = (object["facets"] as? [String: [[String: Any]]])?["themes"]
    #expect(themes?.map { $0["code"] as? String } == ["DIGI"])
    #expect(themes?.map { $0["count"] as? Int } == [1])
  }

  @Test func `entries are found and counted by the size of their municipality`() throws {
    let all = try titles("list").count
    let small = try titles("list", "--size", "20000-30000")
    #expect(!small.isEmpty && small.count < all)
    #expect(try titles("list", "--size", "0-30000") == small)
    #expect(try titles("list", "--size", "0-30000, 30001-") == titles("list"))
    let text = try region.run("lerum", "list", "--facets").output
    #expect(text.contains("Kommunstorlek") && text.contains("20 000–49 999 invånare"))
    for wrong in ["liten", "9-1", "1-2-3", "5"] {
      let result = try region.attempt("lerum", ["list", "--size", wrong])
      #expect(result.status == 3 && result.errors.contains("10000-50000"), "\(result.errors)")
    }
  }

  @Test func `organisations like one's own are listed with the reason`() throws {
    let text = try region.run("lerum", "list", "--like-us").output
    #expect(text.contains("Göteborgs kommun  också i Västra Götalands län"))
    #expect(text.contains("Kiruna kommun     20 000–49 999 invånare"), "\(text)")
    #expect(text.contains("Trafikdata") && text.contains("Ämnesplan"))
    #expect(!text.contains("Årshjul"))
    _ = try region.publish("kiruna", TestRegion.document("Digitalt", theme: "DIGI"))
    for node in ["kiruna", "lerum"] { try region.run(node, "sync") }
    let object = try region.run("lerum", "list", "--like-us", "--json").json as? [String: Any]
    let alike = try #require(object?["like_us"] as? [[String: Any]])
    let kiruna = alike.first { ($0["organisation"] as? [String: String])?["code"] == "kommun:2584" }
    #expect(kiruna?["themes"] as? [String] == ["DIGI"])
    #expect(kiruna?["same_county"] as? Bool == false)
    #expect(kiruna?["same_size"] as? Bool == true)
  }

  @Test func `what is sorted by stands in the list`() throws {
    let record = try #require(
      (try region.run("kiruna", "list", "--theme", "INNO", "--json").json as? [[String: Any]])?
        .first?["record"] as? String)
    try region.run("kiruna", "adopt", record, "--state", "TRIAL")
    for node in ["kiruna", "lerum"] { try region.run(node, "sync") }
    let rows = try region.run("lerum", "list", "--sort", "adoptions").output
      .split(separator: "\n").map(String.init)
    #expect(rows[0].contains("Övertaganden"))
    #expect(rows[1].contains("Innovationssluss") && rows[1].hasSuffix("1"))
    let confirmed = try region.run("lerum", "list", "--sort", "confirmed").output
    #expect(confirmed.contains("Bekräftad") && confirmed.contains("aldrig"))
  }
}
