import Operations
import WireFormat

extension CBOR {
  /// The web address in a value, alone or first in a link; nil for any other scheme.
  package var webAddress: String? {
    let first: CBOR? = if case .array(let items) = self { items.first } else { self }
    guard case .text(let address) = first else { return nil }
    let isWeb = ["https://", "http://"].contains { address.lowercased().hasPrefix($0) }
    return isWeb && !address.contains(where: \.isWhitespace) ? address : nil
  }
}

extension RecordState {
  /// The web addresses that its links and table cells show, each once, ascending.
  package var webAddresses: [String] {
    let family = Schema.bundled.family(family)
    let values = fields.filter { field in
      [.url, .link].contains(family?.definition(at: field.path)?.type)
    }.flatMap { $0.state.values.prefix(1) + $0.state.elements }
    return Set(values.compactMap { $0.value?.webAddress }).sorted()
  }
}
