/// Reads the fixed positions of an array one by one and names the field that does not fit.
package struct ArrayReader {
  private let name: String
  private let items: [CBOR]
  private var next = 0

  package init(_ item: CBOR, _ name: String) throws(WireError) {
    guard case .array(let items) = item else {
      throw .shape(field: name, expected: "array", found: item.kind)
    }
    self.name = name
    self.items = items
  }

  package var count: Int { items.count }
  package var remaining: ArraySlice<CBOR> { items[next...] }

  /// Throws unless every position has been read.
  package func end() throws(WireError) {
    guard next == items.count else {
      throw .shape(field: name, expected: "array of \(next)", found: "array of \(items.count)")
    }
  }

  package mutating func item(_ field: String) throws(WireError) -> CBOR {
    guard next < items.count else {
      throw .shape(field: "\(name).\(field)", expected: "a value", found: "end of array")
    }
    defer { next += 1 }
    return items[next]
  }

  package mutating func unsigned(
    _ field: String, max limit: UInt64 = .max
  ) throws(WireError) -> UInt64 {
    let item = try item(field)
    guard case .unsigned(let value) = item else { throw unexpected(field, "integer", item) }
    guard value <= limit else {
      throw .shape(field: "\(name).\(field)", expected: "at most \(limit)", found: "\(value)")
    }
    return value
  }

  package mutating func bytes(_ field: String, count: Int) throws(WireError) -> [UInt8] {
    let item = try item(field)
    guard case .bytes(let value) = item, value.count == count else {
      throw unexpected(field, "byte string of \(count)", item)
    }
    return value
  }

  /// A byte string of `count` bytes, or an empty one, which reads as nil.
  package mutating func optionalBytes(_ field: String, count: Int) throws(WireError) -> [UInt8]? {
    let item = try item(field)
    guard case .bytes(let value) = item, value.isEmpty || value.count == count else {
      throw unexpected(field, "byte string of \(count) or 0", item)
    }
    return value.isEmpty ? nil : value
  }

  package mutating func bytes(_ field: String, max limit: Int) throws(WireError) -> [UInt8] {
    let item = try item(field)
    guard case .bytes(let value) = item else { throw unexpected(field, "byte string", item) }
    guard value.count <= limit else {
      throw .tooLong(what: "\(name).\(field)", limit: limit, found: value.count)
    }
    return value
  }

  package mutating func text(_ field: String, max limit: Int) throws(WireError) -> String {
    let item = try item(field)
    guard case .text(let value) = item else { throw unexpected(field, "text", item) }
    guard value.utf8.count <= limit else {
      throw .tooLong(what: "\(name).\(field)", limit: limit, found: value.utf8.count)
    }
    return value
  }

  package mutating func bool(_ field: String) throws(WireError) -> Bool {
    let item = try item(field)
    guard case .bool(let value) = item else { throw unexpected(field, "boolean", item) }
    return value
  }

  package mutating func array(_ field: String, max limit: Int) throws(WireError) -> [CBOR] {
    let item = try item(field)
    guard case .array(let values) = item else { throw unexpected(field, "array", item) }
    guard values.count <= limit else {
      throw .tooLong(what: "\(name).\(field)", limit: limit, found: values.count)
    }
    return values
  }

  private func unexpected(_ field: String, _ expected: String, _ item: CBOR) -> WireError {
    .shape(field: "\(name).\(field)", expected: expected, found: item.kind)
  }
}
