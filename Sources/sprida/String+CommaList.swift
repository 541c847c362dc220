extension String {
  /// The parts between commas without spaces at their ends; empty ones are left out.
  var commaList: [String] {
    split(separator: ",").map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }.filter { !$0.isEmpty }
  }
}
