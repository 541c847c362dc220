import OperationStore
import Operations
import Signatures

// What a person means by the beginning of an id, a code or a name.
extension Context {
  /// The held operation that a full id or an unambiguous beginning of one means.
  func operation(_ text: String) throws -> Operations.Operation {
    let found = try store.operations(idPrefix: text)
    guard found.count == 1, let operation = found.first else {
      throw Failure.invalid(
        console.text(
          "\(found.count) operationer börjar på \(text); ange minst fyra tecken av ett id.",
          "\(found.count) operations begin with \(text); give at least four characters of an id."))
    }
    return operation
  }

  /// The key of the charter that 64 hexadecimal digits, or an unambiguous beginning, mean.
  func key(_ text: String) throws -> PublicKey {
    let charter = try store.charter()
    let prefix = text.lowercased()
    let known = Set(charter.keys + charter.nodes.map(\.key) + charter.formerNodes.map(\.key))
    let found = known.filter { $0.description.hasPrefix(prefix) }
    guard found.count == 1, prefix.count >= 4, let key = found.first else {
      throw Failure.invalid(
        console.text(
          "\(found.count) nycklar i stadgan börjar på \(text); sprida roster --keys visar dem.",
          "\(found.count) keys of the charter begin with \(text); sprida roster --keys lists them."
        ))
    }
    return key
  }

  /// The organisation that a code, a name or the beginning of an id means; also one that has left.
  func organisation(_ text: String) throws -> Organisation {
    let charter = try store.charter()
    if let live = charter.organisation(code: text) { return live }
    let found = charter.organisations.filter {
      ($0.code == text && !text.isEmpty) || $0.name.lowercased() == text.lowercased()
        || text.count >= 4 && $0.id.description.hasPrefix(text.lowercased())
    }
    guard found.count == 1, let organisation = found.first else {
      throw Failure.invalid(
        console.text(
          "\(found.count) organisationer heter \(text); sprida roster visar dem med id.",
          "\(found.count) organisations are called \(text); sprida roster lists them with ids."))
    }
    return organisation
  }
}
