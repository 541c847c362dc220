import Practice

/// Names are Swedish, so this is their order in English too.
extension Sequence {
  /// By what is shown of each; what is called the same stands in its former order.
  func inSwedishOrder(of name: (Element) -> String) -> [Element] {
    enumerated().map { (key: SwedishOrder.sortKey(name($1)), place: $0, element: $1) }
      .sorted { ($0.key, $0.place) < ($1.key, $1.place) }
      .map(\.element)
  }
}

extension Sequence<String> {
  var inSwedishOrder: [String] { inSwedishOrder(of: \.self) }
}
