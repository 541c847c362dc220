import CRDT
import OperationStore
import Operations
import Signatures

/// Why one operation counts or does not: its chain from the founding operation, what decides, and
/// what would change that.
struct Explanation {
  struct Step {
    let operation: Operations.Operation
    let verdict: Verdict
    let role: Role?
    let organisation: Digest
    /// The signature, checked anew from the bytes in the store.
    let isVerified: Bool
  }

  /// The founding operation first, the one in question last.
  private(set) var chain: [Step] = []
  private(set) var reasons: [String] = []
  private(set) var remedies: [String] = []
  let id: Digest
  let place: OperationPlace?
  private let context: Context
  private let charter: Charter
  private let words: ActText
  private var console: Console { context.console }

  init(_ id: Digest, _ context: Context) throws {
    self.id = id
    self.context = context
    charter = try context.store.charter()
    words = ActText(context, charter)
    place = try context.store.place(of: id)
    var next: Digest? = id
    while let current = next,
      let operation = try context.store.operations(idPrefix: "\(current)").first
    {
      chain.insert(try step(operation), at: 0)
      next = operation.header.delegation
    }
    for step in chain.reversed() where step.verdict != .accepted { try explain(step) }
    if charter.needsApproval(id), reasons.isEmpty { explainApprovals(id) }
    if let last = chain.last { note(last.operation) }
  }

  var isAccepted: Bool { chain.allSatisfy { $0.verdict == .accepted } }

  private func step(_ operation: Operations.Operation) throws -> Step {
    let isFounding = operation.id == charter.region
    let standing = isFounding ? nil : try? charter.standing(of: operation.header)
    let verified = try? Operations.Operation(
      envelope: operation.envelope.bytes, body: operation.body?.bytes ?? [],
      region: isFounding ? .zero : charter.region, bodyMayBeMissing: operation.isBare)
    return Step(
      operation: operation,
      verdict: isFounding
        ? .accepted : try context.store.place(of: operation.id)?.verdict ?? .notAuthorised,
      role: isFounding ? .council : standing?.role,
      organisation: isFounding ? charter.region : standing?.organisation ?? charter.region,
      isVerified: verified?.id == operation.id)
  }

  // MARK: - What decides

  private mutating func explain(_ step: Step) throws {
    let header = step.operation.header
    let id = step.operation.id
    switch step.verdict {
    case .accepted: return
    case .notAuthorised:
      let above = header.delegation.map(short) ?? "–"
      reasons.append(
        console.text(
          "\(short(id)) verkar under \(above), som inte gäller.",
          "\(short(id)) acts under \(above), which is not accepted."))
    case .outsideDates: explainDates(step)
    case .outsideCut, .disowned: try explainCuts(step)
    case .needsApproval: explainApprovals(id)
    case .contested: explainContest(step)
    case .withoutEffect:
      reasons.append(
        console.text(
          "\(short(id)) säger något som ingen kan utföra.",
          "\(short(id)) says what nobody could carry out."))
    }
  }

  private mutating func explainDates(_ step: Step) {
    let header = step.operation.header
    guard let grant = (try? charter.standing(of: header))?.grant else { return }
    let claimed = console.date(Int64(clamping: header.timestamp.milliseconds))
    let from = grant.from == 0 ? "–" : console.date(Int64(clamping: grant.from))
    let to = grant.to == 0 ? "–" : console.lastDay(before: grant.to)
    reasons.append(
      console.text(
        "\(short(step.operation.id)) säger sig vara från \(claimed); nyckeln gäller från \(from) "
          + "till \(to).",
        "\(short(step.operation.id)) claims to be of \(claimed); the key holds from \(from) to \(to)."
      ))
    remedies.append(
      console.text(
        "Ge nyckeln en ny tid (sprida key delegate … --until) och publicera på nytt.",
        "Give the key new dates (sprida key delegate … --until) and publish anew."))
  }

  private mutating func explainCuts(_ step: Step) throws {
    let (id, header) = (step.operation.id, step.operation.header)
    let history = try context.store.history(of: header.author)
    if let void = charter.void(id, in: history) {
      let above = chain.first { $0.operation.id == header.delegation }
      let isOwn = void == id && above?.verdict == .outsideCut
      reasons.append(
        isOwn
          ? console.text(
            "\(short(id)) verkar under något som ligger utanför ett snitt.",
            "\(short(id)) acts under something that lies outside a cut.")
          : console.text(
            "\(short(id)) följer \(short(void)), som verkar under något utanför ett snitt.",
            "\(short(id)) follows \(short(void)), which acts under something outside a cut."))
      return
    }
    guard let grant = (try? charter.standing(of: header))?.grant else { return }
    let cuts = charter.cuts(against: id, under: grant, in: history)
    for cut in cuts { reasons.append(reason(cut, id)) }
    let awaited = charter.awaited(of: header.author, in: history).count
    if awaited > 0 {
      remedies.append(
        console.text(
          "Av det som snitten går i god för fattas \(console.count(awaited, .operation)): sprida sync.",
          "Of what the cuts vouch for, not here yet: \(console.count(awaited, .operation)); sprida sync."
        ))
    }
    if let power = cuts.map(\.power).max() {
      remedies.append(
        console.text(
          "sprida key vouch \(short(id)), med \(power.word(console))",
          "sprida key vouch \(short(id)), with \(power.word(console))"))
    }
  }

  private func reason(_ cut: Cut, _ id: Digest) -> String {
    let act = "\(short(cut.act)), \(words.signer(of: cut.act)) \(words.line(of: cut.act))"
    return cut.disowned.contains(id)
      ? console.text("Frånsagd av \(act).", "Disowned by \(act).")
      : console.text(
        "\(short(id)) hör inte till det som \(act) går i god för.",
        "\(short(id)) is not among what \(act) vouches for.")
  }

  private mutating func explainApprovals(_ id: Digest) {
    let (seats, all) = (charter.seats(behind: id), charter.threshold)
    reasons.append(
      console.text(
        "\(short(id)) har \(seats) av \(all) röster i rådet.",
        "\(short(id)) has \(seats) of \(all) seats of the council."))
    remedies.append(
      console.text(
        "sprida approve \(short(id)), av \(Int(all) - seats) till i rådet",
        "sprida approve \(short(id)), by \(Int(all) - seats) more of the council"))
  }

  private mutating func explainContest(_ step: Step) {
    let others = charter.contenders(of: step.operation.id).map(short).joined(separator: ", ")
    let key = step.operation.header.author
    reasons.append(
      console.text(
        "Samma nyckel är bytt på flera sätt, bredvid \(others); ingen av rotationerna verkar.",
        "The same key was rotated in several ways, beside \(others); none of the rotations acts."))
    remedies.append(
      console.text(
        "Rådet avgör: sprida key revoke \(short(key)) --head DEN-RÄTTA",
        "The council decides: sprida key revoke \(short(key)) --head THE-RIGHT-ONE"))
  }

  private mutating func note(_ operation: Operations.Operation) {
    if operation.header.content == .unknown {
      reasons.append(
        console.text(
          "Den är av en senare version: den hålls och skickas vidare men tolkas inte här.",
          "It is of a later version: held and passed on, but not read here."))
    }
    if operation.isBare {
      reasons.append(
        console.text("Dess innehåll är raderat eller saknas.", "Its body is erased or missing."))
    }
  }
}
