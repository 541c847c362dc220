import Foundation

/// Finds the word a mistyped one was meant to be.
package enum Spelling {
  /// The index of the candidate nearest to `word`, if one is near enough to be worth suggesting.
  package static func nearest(to word: String, among candidates: [String]) -> Int? {
    let word = Array(word.caseFolded)
    let farthest = max(1, min(3, word.count / 3))
    let distances = candidates.map { distance(word, Array($0.caseFolded)) }
    guard let least = distances.min(), least <= farthest else { return nil }
    return distances.firstIndex(of: least)
  }

  /// Edits (insert, delete, replace, swap of neighbours) between two words.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard abs(a.count - b.count) <= 3 else { return .max }
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, previous[j + 1] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforePrevious[j - 1] + 1)
        }
        row.append(best)
      }
      beforePrevious = previous
      previous = row
    }
    return previous[b.count]
  }
}

extension String {
  /// For comparing names and labels that people type; diacritics count.
  var caseFolded: String { precomposedStringWithCanonicalMapping.lowercased() }
}
