import CRDT
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// A key on this node that may sign acts now, and what it acts under.
struct Signatory {
  let name: NodeDirectory.KeyName
  let grant: Grant
  private let directory: NodeDirectory
  private let guest: String?

  fileprivate init(
    _ name: NodeDirectory.KeyName, _ grant: Grant, _ directory: NodeDirectory, guest: String?
  ) {
    self.name = name
    self.grant = grant
    self.directory = directory
    self.guest = guest
  }

  /// Asks for its passphrase, if it has one; choosing among keys must not.
  var key: SigningKey {
    get throws { try directory.key(name, guest: guest) }
  }

  var power: Power { grant.role.power }
  var isCouncil: Bool { grant.role == .council }

  /// Whether it stands above a grant, alone or, for the council, with approvals.
  func isAbove(_ other: Grant) -> Bool {
    isCouncil || other.organisation == grant.organisation && other.role.power < power
  }
}

extension Context {
  /// The admin, root and council keys here that may sign now, the lowest first; of an organisation
  /// that is hosted here, or of the node's own.
  func signatories(of guest: String?) throws -> [Signatory] {
    let charter = try store.charter()
    let now = Timestamp(milliseconds: SystemClock.now)
    let names: [(NodeDirectory.KeyName, Role)] = [
      (.admin, .admin), (.root, .root), (.council, .council),
    ]
    return try names.compactMap { name, role in
      guard directory.hasKey(name, guest: guest) else { return nil }
      let key = try directory.publicKey(name, guest: guest)
      return charter.grant(to: key, as: role, at: now).map {
        Signatory(name, $0, directory, guest: guest)
      }
    }
  }

  /// The lowest key here that suffices, or the one that the person has chosen.
  func signatory(
    _ options: SigningOptions, where suffices: (Signatory) -> Bool
  ) throws -> Signatory {
    let here = try signatories(of: options.guest)
    if let chosen = options.keyName {
      guard let signatory = here.first(where: { $0.name.rawValue == chosen }) else {
        throw Failure.invalid(
          console.text(
            "--with \(chosen): ingen sådan nyckel här får skriva under; här finns: \(list(here)).",
            "--with \(chosen): no such key here may sign; here are: \(list(here))."))
      }
      return signatory
    }
    if let signatory = here.first(where: suffices) { return signatory }
    throw Failure.failed(
      console.text(
        "Ingen nyckel här räcker till det; här finns: \(list(here)). "
          + "Hämta nyckeln ur sitt förvar eller be den som har en högre.",
        "No key here suffices for that; here are: \(list(here)). "
          + "Fetch the key from its safe place, or ask whoever has a higher one."))
  }

  private func list(_ signatories: [Signatory]) -> String {
    signatories.isEmpty ? "–" : signatories.map(\.name.rawValue).joined(separator: ", ")
  }

  /// A council key here; what it signs may need approvals.
  func councilSignatory(_ options: SigningOptions) throws -> Signatory {
    try signatory(options) { $0.isCouncil }
  }

  /// What is missing for acts that the council has begun; empty when nothing is.
  func missingApprovals(of ids: [Digest]) throws -> [String] {
    let charter = try store.charter()
    return ids.filter(charter.needsApproval).map { id in
      let (seats, all) = (charter.seats(behind: id), charter.threshold)
      return console.text(
        "Handlingen \(short(id)) har \(seats) av \(all) röster och får verkan när fler i rådet "
          + "kör: sprida sync, sprida approve \(short(id)), sprida sync",
        "The act \(short(id)) has \(seats) of \(all) seats and takes effect when more of the "
          + "council run: sprida sync, sprida approve \(short(id)), sprida sync")
    }
  }
}

/// What is signed stays for ever, so a person is asked first.
enum Confirmation {
  static func demand(_ console: Console, isGiven: Bool) throws {
    if isGiven { return }
    guard !console.isJSON else {
      throw Failure.invalid(
        console.text(
          "Med --json ställs ingen fråga; ange --yes.", "--json does not ask; give --yes.")
      )
    }
    console.say(
      "Det som skrivs under finns kvar för alltid. Skriva under? (ja/nej)",
      "What is signed stays for ever. Sign? (yes/no)")
    let answer = (readLine() ?? "").lowercased()
    guard ["ja", "j", "yes", "y"].contains(answer) else {
      throw Failure.failed(console.text("Inget är underskrivet.", "Nothing was signed."))
    }
  }
}
