import CRDT
import FoundationEssentials
import Node
import OperationStore
import Operations
import Practice
import Signatures

/// What a check has found, told to people with whose it is and what to do next, and to machines with
/// what proves it.
struct DiagnosisText {
  private let context: Context
  private let charter: Charter
  private var console: Console { context.console }
  private var acts: ActText { ActText(context, charter) }

  init(_ context: Context, _ charter: Charter) {
    self.context = context
    self.charter = charter
  }

  // MARK: - People

  func lines(_ doctor: Doctor) -> [String] {
    doctor.diagnoses.flatMap(lines)
      + doctor.more.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
        console.text(
          "… och \(count) × \(code.rawValue) till", "… and \(count) × \(code.rawValue) more")
      }
  }

  private func lines(_ diagnosis: Diagnosis) -> [String] {
    let words = DiagnosisWords(diagnosis, names)
    let mark =
      switch diagnosis.severity {
      case .damage: console.red(console.text("SKADA", "DAMAGE"))
      case .critical: console.red(console.text("ALLVARLIGT", "CRITICAL"))
      case .warning: console.bold(console.text("VARNING", "WARNING"))
      }
    return ["\(mark) \(diagnosis.code.rawValue)"]
      + console.lines(console.text(words.swedish.what, words.english.what))
      + details(diagnosis).map { "    " + Console.line($0) }
      + console.lines(console.text(words.swedish.next, words.english.next), after: "  → ") + [""]
  }

  private var names: DiagnosisWords.Names {
    DiagnosisWords.Names(
      organisation: { context.organisationName($0, charter) },
      owner: { key in
        charter.grants(to: key).first.map { context.organisationName($0.organisation, charter) }
          ?? short(key)
      }, role: { $0.word(console) }, date: { console.date(Int64(clamping: $0)) })
  }

  /// What is named one by one.
  private func details(_ diagnosis: Diagnosis) -> [String] {
    switch diagnosis {
    case .fileDamaged(let lines): lines
    case .operationsDamaged(let operations, _): operations.map { "\(short($0.id)) \($0.code)" }
    case .foreignHeads(_, let heads): heads.prefix(Doctor.shownMax).map(line)
    case .forks(let forks): forks.proofs.flatMap(lines)
    case .awaitedHeads(_, let ids): ids.map { short($0) }
    case .contestedRotations(let rotations): rotations.map { "\(short($0.id)) \(time($0.header))" }
    case .codeClaimed(_, let organisations): organisations.map { "\(short($0.id)) \($0.name)" }
    default: []
    }
  }

  /// What a head says, when, and whether it counts.
  func line(_ head: KeyOperation) -> String {
    let what = what(head.id)
    return "\(short(head.id)) \(time(head.header)) \(what) (\(head.verdict.words(console)))"
  }

  /// With what it says, where that may be shown.
  private func what(_ id: Digest) -> String {
    (try? context.operation("\(id)")).map(acts.line) ?? ""
  }

  private func lines(_ proof: KeyForks.Proof) -> [String] {
    let over = proof.fork.prev.map { short($0) } ?? console.text("inget före", "nothing before")
    let more = proof.fork.branches.count - proof.branches.count
    return [console.text("över \(over):", "over \(over):")]
      + proof.branches.map {
        "  \(short($0.operation.id)) \(time($0.operation.header)) \(what($0.operation.id))"
      } + (more > 0 ? ["  … + \(more)"] : [])
  }

  private func time(_ header: Header) -> String {
    console.moment(Int64(clamping: header.timestamp.milliseconds))
  }

  // MARK: - Machines

  func json(_ doctor: Doctor) -> JSON {
    .object([
      "findings": .array(
        doctor.diagnoses.map { diagnosis in
          .object([
            "code": .string(diagnosis.code.rawValue),
            "severity": .string(diagnosis.severity.rawValue),
            "values": .object(values(diagnosis)),
          ])
        }),
      "more": .object(
        Dictionary(
          uniqueKeysWithValues: doctor.more.map { ($0.key.rawValue, JSON.number($0.value)) })),
    ])
  }

  private func values(_ diagnosis: Diagnosis) -> [String: JSON] {
    switch diagnosis {
    case .fileDamaged(let lines): ["check": .array(lines.map(JSON.string))]
    case .operationsDamaged(let operations, let count):
      [
        "count": .number(count),
        "operations": .array(
          operations.map { .object(["id": .string("\($0.id)"), "code": .string($0.code)]) }),
      ]
    case .digestsDiffer(let scopes): ["scopes": .array(scopes.map { .string("\($0)") })]
    case .projectionsDiffer(let tables): ["tables": .array(tables.map(JSON.string))]
    case .attachmentsDamaged(let digests): ["digests": .array(digests.map { .string("\($0)") })]
    case .fileOpen(let path, let mode, let expected):
      ["path": .string(path), "mode": .string(mode), "expected": .string(expected)]
    case .secondWriter(let fileSystem, let version):
      ["file_system": .string(fileSystem), "sqlite": .string(version)]
    case .foreignHeads(let file, let heads):
      [
        "key": .string("\(file.key)"), "name": .string(file.name), "count": .number(heads.count),
        "heads": .array(heads.prefix(Doctor.shownMax).map { .string("\($0.id)") }),
      ]
    case .forks(let forks):
      [
        "key": .string("\(forks.key)"), "count": .number(forks.count),
        "forks": .array(forks.proofs.map(ForkProof.init).map { $0.json(region: charter.region) }),
      ]
    case .awaitedHeads(let key, let ids):
      ["key": .string("\(key)"), "heads": .array(ids.map { .string("\($0)") })]
    case .contestedRotations(let rotations):
      ["rotations": .array(rotations.map { .string("\($0.id)") })]
    case .codeClaimed(let code, let organisations):
      [
        "claim": .string(code),
        "organisations": .array(organisations.map { .string("\($0.id)") }),
      ]
    case .keyOpen(let grant):
      [
        "key": .string("\(grant.key)"), "role": .string("\(grant.role)"),
        "organisation": .string("\(grant.organisation)"), "end": .number(Int64(clamping: grant.to)),
      ]
    case .waiting(let count), .contentMissing(let count): ["count": .number(count)]
    }
  }
}

/// Both signed headers of a fork, so that anybody with a COSE library can see for himself.
private struct ForkProof {
  let proof: KeyForks.Proof

  init(_ proof: KeyForks.Proof) { self.proof = proof }

  func json(region: Digest) -> JSON {
    .object([
      "prev": .optional(proof.fork.prev.map { "\($0)" }),
      "organisation": .string("\(proof.fork.organisation)"),
      "role": .string("\(proof.fork.role)"), "branches_count": .number(proof.fork.branches.count),
      "region": .string("\(region)"),
      "external_aad": .string(Hex.encode(Domain.operation.prefix + region.bytes)),
      "branches": .array(
        proof.branches.map { branch in
          let header = branch.operation.header
          return .object([
            "operation": .string("\(branch.operation.id)"), "author": .string("\(header.author)"),
            "claimed": .number(Int64(clamping: header.timestamp.milliseconds)),
            "verdict": .string(branch.verdict.label),
            "envelope": .string(Data(branch.operation.envelope.bytes).base64EncodedString()),
          ])
        }),
    ])
  }
}
