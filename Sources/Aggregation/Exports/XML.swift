import Practice

/// An element of an XML document; text and attributes are escaped when it is written.
indirect enum XML {
  case element(String, [(name: String, value: String)], [XML])
  case text(String)

  /// An element that holds text.
  static func text(_ name: String, _ text: String, _ attributes: [(String, String)] = []) -> XML {
    .element(name, attributes.map { (name: $0.0, value: $0.1) }, [.text(text)])
  }

  /// An element without content.
  static func empty(_ name: String, _ attributes: [(String, String)]) -> XML {
    .element(name, attributes.map { (name: $0.0, value: $0.1) }, [])
  }

  static func element(_ name: String, _ content: [XML]) -> XML { .element(name, [], content) }

  var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + written + "\n" }

  private var written: String {
    switch self {
    case .text(let text): Self.escaped(text)
    case .element(let name, let attributes, let content):
      "<\(name)"
        + attributes.map { " \($0.name)=\"\(Self.escaped($0.value))\"" }.joined()
        + (content.isEmpty
          ? "/>" : ">" + content.map(\.written).joined() + "</\(name)>")
    }
  }

  /// What XML cannot hold is spelled out as on a terminal; what it would read as markup is escaped.
  private static func escaped(_ text: String) -> String {
    MarkupText.escaped(VisibleText.block(text))
  }
}
