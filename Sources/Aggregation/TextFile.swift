import Glibc

/// A file that is written piece by piece.
enum TextFile {
  struct Fault: Error, CustomStringConvertible {
    let description = String(cString: strerror(errno))
  }

  /// Fills a file anew with what `fill` gives.
  static func write(
    _ path: String, _ fill: (_ give: (String) throws -> Void) throws -> Void
  ) throws {
    guard let file = fopen(path, "w") else { throw Fault() }
    do {
      try fill { text in
        var text = text
        let count = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
        guard count == text.utf8.count else { throw Fault() }
      }
    } catch {
      fclose(file)
      throw error
    }
    guard fclose(file) == 0 else { throw Fault() }
  }
}
