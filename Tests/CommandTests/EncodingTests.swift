import Foundation
import Testing

/// å, ä and ö, whatever the locale says and whatever the terminal sends.
@Suite(.timeLimit(.minutes(3))) struct EncodingTests {
  private let region: TestRegion

  init() throws {
    region = try TestRegion()
    try region.join("lerum", "kommun:1441")
  }

  @Test func `output is utf-8 under every locale`() throws {
    let record = try region.publish(
      "lerum", TestRegion.document("Åtgärder för Östergötlands ängar"))
    for locale in ["C", "POSIX", "sv_SE.ISO-8859-1", "sv_SE.UTF-8", "tr_TR.UTF-8", ""] {
      for command in ["list", "show \(record)", "show \(record) --markdown", "list --json"] {
        let shown = try Program.shell(
          "\"$0\" \(command) -d \"$1\"", [region.node("lerum").path],
          environment: ["LC_ALL": locale, "LC_CTYPE": locale])
        #expect(shown.status == 0 && shown.errors == "")
        #expect(shown.output.contains("Åtgärder för Östergötlands ängar"), "\(locale): \(command)")
      }
    }
    let missing = try Program.shell(
      "\"$0\" list -d /finns/inte/ännu --language sv", [], environment: ["LC_ALL": "C"])
    #expect(missing.errors.hasPrefix("sprida: /finns/inte/ännu innehåller ingen nod; gör en"))
  }

  @Test func `an argument that is not utf-8 is refused, not signed with its letters lost`() throws {
    let record = try region.publish("lerum", TestRegion.document("Titel"))
    for (language, words) in [
      ("sv", "argument 3 är inte UTF-8"), ("en", "argument 3 is not UTF-8"),
    ] {
      let result = try Program.shell(
        "\"$0\" comment \"$1\" \"$(printf 'Sm\\366rg\\345s')\" --language \(language) -d \"$2\"",
        [record, region.node("lerum").path])
      #expect(result.status == 64 && result.errors.contains(words), "\(result)")
    }
    #expect(try region.run("lerum", "list", "--family", "comment").output.contains("Inga poster"))
  }

  @Test func `input that is not utf-8 is refused, with what to do`() throws {
    let document = TestRegion.document("Titel").replacing("åäö", with: "\\0345\\0344\\0366")
    let result = try Program.shell(
      "printf %b '\(document)' | \"$0\" publish - -d \"$1\"", [region.node("lerum").path])
    #expect(result.status == 3, "\(result)")
    #expect(result.errors.contains("standard in är inte text i UTF-8; spara som UTF-8"))
    #expect(try region.run("lerum", "list").output.contains("Inga poster"))
  }

  @Test func `a letter takes one column of a table, also when it is written as two characters`()
    throws
  {
    let name = "Ångströms Länsförbund Ö"
    for (code, name) in [
      ("org:0000000018", name.precomposedStringWithCanonicalMapping),
      ("org:0000000026", name.decomposedStringWithCanonicalMapping),
      ("org:0000000034", "Angstroms Lansforbund O"),
    ] {
      try region.run("council", "admit", "--hosted", code, "--name", name)
    }
    let rows = try region.run("council", "roster").output.split(separator: "\n")
      .filter { $0.contains("org:") }
    let columns = try rows.map { row in
      row.distance(from: row.startIndex, to: try #require(row.range(of: "org:")).lowerBound)
    }
    #expect(columns.count == 3 && Set(columns).count == 1, "\(rows)")
  }
}
