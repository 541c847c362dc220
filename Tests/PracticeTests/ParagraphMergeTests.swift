import Practice
import TestSupport
import Testing

@Suite struct ParagraphMergeTests {
  private typealias Merge = ParagraphMerge

  private static let base = "Ett.\n\nTvå.\n\nTre."

  @Test func `edits of different paragraphs combine, neighbours too`() {
    let merge = Merge(base: Self.base, sides: ["Ett!\n\nTvå.\n\nTre.", "Ett.\n\nTvå!\n\nTre."])
    #expect(merge.text == "Ett!\n\nTvå!\n\nTre.")
    let apart = Merge(base: Self.base, sides: ["Noll.\n\n" + Self.base, "Ett.\n\nTvå."])
    #expect(apart.text == "Noll.\n\nEtt.\n\nTvå.")
  }

  @Test func `an addition beside a changed paragraph is no conflict`() {
    let merge = Merge(
      base: Self.base, sides: ["Ett!\n\nTvå.\n\nTre.", "Ett.\n\nNytt.\n\nTvå.\n\nTre."])
    #expect(merge.text == "Ett!\n\nNytt.\n\nTvå.\n\nTre.")
  }

  @Test func `one paragraph that both have changed is marked, and nothing else`() {
    let merge = Merge(base: Self.base, sides: ["Ett!\n\nTvå!\n\nTre.", "Ett.\n\nTvå?\n\nTre?"])
    #expect(merge.text == nil)
    let marked = merge.marked(names: ["Anna", "Bo"], baseName: "före")
    #expect(
      marked == """
        Ett!

        <<<<<<< Anna
        Två!
        =======
        <<<<<<< Bo
        Två?
        =======
        ||||||| före
        Två.
        >>>>>>>

        Tre?
        """)
    #expect(Merge.hasMarks(marked))
    #expect(!Merge.hasMarks("Ett!\n\nTvå!\n\nTre? <<<<<<< inne i en rad"))
  }

  @Test func `without a known base the texts stand beside each other`() {
    let merge = Merge(base: "", sides: ["Ett.", "Två."])
    #expect(
      merge.pieces == [
        .conflict(base: Paragraphs(""), sides: ["Ett.", "Två."].map(Paragraphs.init))
      ])
    #expect(Merge(base: "", sides: ["Ett.", "Ett."]).text == "Ett.")
  }

  @Test func `a paragraph removed by one and changed by the other has to be chosen`() {
    #expect(Merge(base: Self.base, sides: ["Ett.\n\nTre.", "Ett.\n\nTvå!\n\nTre."]).text == nil)
  }

  @Test func `several blank lines divide as one does`() {
    #expect(Paragraphs("\n Ett\nrad\n\n \n\nTvå\n").items == [" Ett\nrad", "Två"])
  }

  /// Every text of at most three of two paragraphs.
  private static let texts: [String] = {
    var texts: [String] = []
    var choices = Choices()
    repeat {
      let count = choices.pick(below: 4)
      texts.append(
        (0..<count).map { _ in ["A", "B"][choices.pick(below: 2)] }.joined(separator: "\n\n"))
    } while choices.advance()
    return texts
  }()

  @Test func `what one side or both have changed alike is taken, whatever the texts`() {
    for base in Self.texts {
      for side in Self.texts {
        #expect(Merge(base: base, sides: [side, side]).text == side)
        #expect(Merge(base: base, sides: [base, side]).text == side)
        #expect(Merge(base: base, sides: [side, base]).text == side)
        #expect(Merge(base: base, sides: [side]).text == side)
      }
    }
  }

  @Test func `the order of the sides matters only within a conflict`() {
    func swapped(_ piece: Merge.Piece) -> Merge.Piece {
      guard case .conflict(let base, let sides) = piece else { return piece }
      return .conflict(base: base, sides: sides.reversed())
    }
    for base in Self.texts {
      for first in Self.texts {
        for second in Self.texts {
          let merge = Merge(base: base, sides: [first, second])
          #expect(
            Merge(base: base, sides: [second, first]).pieces == merge.pieces.map(swapped))
        }
      }
    }
  }

  @Test func `a difference tells kept, removed and added paragraphs in order`() {
    #expect(
      ParagraphDiff.lines(from: Self.base, to: "Ett.\n\nTvå!\n\nTre.\n\nFyra.")
        == [.kept("Ett."), .removed("Två."), .added("Två!"), .kept("Tre."), .added("Fyra.")])
    #expect(ParagraphDiff.lines(from: "", to: "") == [])
  }
}
