import Foundation
import Testing

@Suite(.timeLimit(.minutes(5))) struct QuotaTests {
  @Test func `an organisation over its quota is paused here, said so, and harms no other`() throws {
    let region = try TestRegion()
    try region.join("lerum", "kommun:1441")
    try region.join("kiruna", "kommun:2584")
    let text = String(repeating: "Ett långt upplägg med många ord om skolan. ", count: 160)
    for index in 0..<220 {
      let file = region.folder.appendingPathComponent("\(index).md")
      try "\(TestRegion.document("Nummer \(index)"))\n## approach\n\(text)\n"
        .write(to: file, atomically: true, encoding: .utf8)
    }
    let files = (0..<220).map { region.folder.appendingPathComponent("\($0).md").path }
    try #require(try region.attempt("lerum", ["publish"] + files).status == 0)
    try region.run("lerum", "sync")
    try region.run("council", "quota", "--set", "1")
    #expect(try region.run("council", "quota").output.contains("pausad"))
    let late = try region.publish("lerum", TestRegion.document("För mycket"))
    let sync = try region.attempt("lerum", ["sync"])
    #expect(sync.status == 5 && sync.output.contains("så när som på Lerums kommun"), "\(sync)")
    let status = try #require(try region.statusOfCouncil()["states"] as? [String: Any])
    #expect((status["paused"] as? [String])?.count == 1)
    // Nothing that was here is dropped, and others go on as before.
    #expect(try region.run("council", "list").output.contains("Nummer 219"))
    #expect(try region.attempt("council", ["show", late]).status == 3)
    let other = try region.publish("kiruna", TestRegion.document("Som vanligt"))
    #expect(try region.attempt("kiruna", ["sync"]).status == 5)
    #expect(try region.run("council", "show", other).output.contains("Som vanligt"))
    try region.run("council", "quota", "--set", "256")
    for name in ["lerum", "kiruna"] { try region.run(name, "sync") }
    #expect(try region.run("council", "show", late).output.contains("För mycket"))
  }
}
