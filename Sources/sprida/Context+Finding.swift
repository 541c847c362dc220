import OperationStore
import Operations
import Practice
import Signatures

// What a person means by the beginning of an id, a code or a name.
extension Context {
  /// The record that a full id, or an unambiguous beginning of one, means; the beginning of the
  /// organisation's id and a slash may stand before it.
  func record(_ text: String) throws -> RecordKey {
    if let key = RecordKey(text: text) { return key }
    let found = try store.records(idPrefix: text)
    switch found.count {
    case 1: return found[0]
    case 0:
      throw Failure.invalid(
        console.text("Ingen post börjar på \(text).", "No record begins with \(text)."))
    default:
      let ids = found.map { String($0.record.description.prefix(12)) }
      let list = (Set(ids).count == ids.count ? ids : found.map(\.short)).joined(separator: ", ")
      throw Failure.invalid(
        console.text(
          "Flera poster börjar på \(text): \(list). Skriv fler tecken.",
          "Several records begin with \(text): \(list). Give more characters."))
    }
  }

  /// The record that `text` means, as it is now.
  func state(of text: String) throws -> (state: RecordState, family: Family) {
    guard let state = try store.record(try record(text)),
      let family = Schema.bundled.family(state.family)
    else { throw Failure.invalid(console.text("Posten finns inte.", "There is no such record.")) }
    return (state, family)
  }

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
      $0.codes.own.contains(text) || $0.name.lowercased() == text.lowercased()
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

extension RecordKey {
  /// The beginning of both ids, which tells records of several organisations with one id apart.
  var short: String { "\(organisation.description.prefix(8))/\(record.description.prefix(8))" }

  /// The beginning of its id, as lists show it and `Context.record` takes it.
  func short(in family: String) -> String {
    let isSharedByMany = Schema.bundled.family(family)?.onePer != nil
    return isSharedByMany ? short : String(record.description.prefix(8))
  }

  /// Whether it is what somebody means by the beginning of an id.
  func isMeant(by text: String) -> Bool {
    let parts = text.lowercased().split(separator: "/", omittingEmptySubsequences: false)
    return record.description.hasPrefix(parts.last ?? "")
      && (parts.count == 1 || organisation.description.hasPrefix(parts[0]))
  }
}
