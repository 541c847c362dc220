import Node
import Operations
import Practice

/// What needs attention, told to people with what to do next, and to monitoring under stable names.
enum FindingText {
  static func lines(_ findings: [Finding], _ console: Console) -> [String] {
    guard !findings.isEmpty else { return [] }
    return findings.flatMap { finding in
      let (swedish, english) = told(finding, console)
      let mark =
        switch finding.severity {
        case .critical: console.red(console.text("ALLVARLIGT", "CRITICAL"))
        case .warning: console.bold(console.text("VARNING", "WARNING"))
        }
      return ["\(mark) \(finding.code.rawValue)"]
        + console.lines(console.text(swedish.what, english.what))
        + console.lines(console.text(swedish.next, english.next), after: "  → ")
    } + [""]
  }

  static func summary(_ findings: [Finding], _ console: Console) -> String {
    let codes = findings.map(\.code.rawValue).joined(separator: ", ")
    return console.text("behöver åtgärdas: \(codes)", "needs attention: \(codes)")
  }

  static func json(_ finding: Finding) -> JSON {
    .object([
      "code": .string(finding.code.rawValue), "severity": .string(finding.severity.rawValue),
      "values": .object(values(finding)),
    ])
  }

  private static func values(_ finding: Finding) -> [String: JSON] {
    switch finding {
    case .quarantined: [:]
    case .alarm(let sessions): ["sessions": .number(sessions)]
    case .keyEnded(let key, let role, let end), .keyEnds(let key, let role, let end):
      [
        "key": .string("\(key)"), "role": .string("\(role)"),
        "end": .number(Int64(clamping: end)),
      ]
    case .diskLow(let free, let needed):
      ["free_bytes": .number(free), "needed_bytes": .number(needed)]
    case .clockOff(let milliseconds, let peers):
      ["milliseconds": .number(milliseconds), "peers": .number(peers)]
    case .erasureOverdue(let orders): ["orders": .number(orders)]
    case .peerSilent(let name, let node, let latest):
      [
        "peer": .string(name), "node": .string("\(node)"),
        "latest": latest.map { .number(Int64(clamping: $0)) } ?? .null,
      ]
    case .peerUnequal(let name, let node, let latest):
      [
        "peer": .string(name), "node": .string("\(node)"),
        "latest_equal": latest.map { .number(Int64(clamping: $0)) } ?? .null,
      ]
    case .contactExpired(let contacts): ["contacts": .number(contacts)]
    case .contentMissing(let contents): ["contents": .number(contents)]
    }
  }
}

// MARK: - Words

extension FindingText {
  /// What is the matter, and what to do about it.
  private typealias Words = (what: Told, next: Told)

  private static func told(
    _ finding: Finding, _ console: Console
  ) -> (swedish: Words, english: Words) {
    switch finding {
    case .keyEnded(let key, let role, let end):
      keyEnded("\(key)".prefix(16), role, console.moment(Int64(clamping: end)))
    case .keyEnds(let key, let role, let end):
      keyEnds("\(key)".prefix(16), role, console.moment(Int64(clamping: end)))
    case .diskLow(let free, let needed): diskLow(free >> 20, needed >> 20)
    case .clockOff(let milliseconds, let peers): clockOff(milliseconds / 60_000, peers)
    case .peerSilent(let name, _, let latest):
      peerSilent(name, latest.map { console.moment(Int64(clamping: $0)) })
    case .peerUnequal(let name, _, let latest):
      peerUnequal(name, latest.map { console.moment(Int64(clamping: $0)) })
    case .quarantined, .alarm, .erasureOverdue, .contactExpired, .contentMissing:
      stored(finding)
    }
  }

  private static func stored(_ finding: Finding) -> (swedish: Words, english: Words) {
    switch finding {
    case .alarm(let sessions):
      (
        (
          "Larm den senaste veckan, i \(Noun.session.swedish(sessions)): mängderna "
            + "skilde sig fast fingeravtrycken var lika.",
          "Spara granskningsloggen (sprida audit --kind session) och kontakta rådet."
        ),
        (
          "Alarm in the last week, in \(Noun.session.english(sessions)): the "
            + "sets differed though the fingerprints agreed.",
          "Keep the audit log (sprida audit --kind session) and tell the council."
        )
      )
    case .erasureOverdue(let orders):
      (
        (
          "Försenat: \(Noun.erasure.swedish(orders)).",
          "Kör sprida erasures, som visar var och varför."
        ),
        (
          "Overdue: \(Noun.erasure.english(orders)).",
          "Run sprida erasures, which shows where and why."
        )
      )
    case .contactExpired(let contacts):
      (
        (
          "Har gått ut: \(Noun.contact.swedish(contacts)).",
          "Gallra dem: sprida erase --expired."
        ),
        (
          "Expired: \(Noun.contact.english(contacts)).",
          "Erase them: sprida erase --expired."
        )
      )
    case .contentMissing(let contents):
      (
        (
          "Fattas på den här noden: \(Noun.content.swedish(contents)).",
          "Kör sprida sync mot flera grannar."
        ),
        (
          "Missing on this node: \(Noun.content.english(contents)).",
          "Run sprida sync with several peers."
        )
      )
    default:
      (
        (
          "Noden är återställd från en säkerhetskopia och visar inget innehåll än.",
          "Kör sprida sync; då hämtas de raderingar som kopian inte känner till."
        ),
        (
          "The node has been restored from a backup and shows no content yet.",
          "Run sprida sync; that fetches the erasures that the backup does not know of."
        )
      )
    }
  }

  private static func keyEnded(
    _ key: Substring, _ role: Role, _ when: String
  ) -> (swedish: Words, english: Words) {
    (
      (
        "Nyckeln \(key) (\(role)) gick ut \(when) och är inte spärrad.",
        "Delegera en ny (sprida key delegate) och spärra den gamla; den som har den kan annars "
          + "datera bakåt."
      ),
      (
        "The key \(key) (\(role)) ended \(when) and has not been revoked.",
        "Delegate a new one (sprida key delegate) and revoke the old one: whoever has it could "
          + "date things back."
      )
    )
  }

  private static func keyEnds(
    _ key: Substring, _ role: Role, _ when: String
  ) -> (swedish: Words, english: Words) {
    (
      (
        "Nyckeln \(key) (\(role)) går ut \(when).",
        "Förnya den med sprida key delegate … --until innan dess."
      ),
      (
        "The key \(key) (\(role)) ends \(when).",
        "Renew it with sprida key delegate … --until before then."
      )
    )
  }

  private static func diskLow(
    _ free: Int64, _ needed: Int64
  ) -> (swedish: Words, english: Words) {
    (
      (
        "\(free) MiB är lediga på disken; \(needed) MiB bör vara det.",
        "Frigör plats eller flytta nodens mapp till en större disk; inget går förlorat under tiden."
      ),
      (
        "\(free) MiB are free on the disk; \(needed) MiB should be.",
        "Free some space or move the node's folder to a larger disk; nothing is lost meanwhile."
      )
    )
  }

  private static func clockOff(
    _ minutes: Int64, _ peers: Int
  ) -> (swedish: Words, english: Words) {
    (
      (
        "Klockan går \(abs(minutes)) min \(minutes > 0 ? "efter" : "före") grannarnas (\(peers)).",
        "Ställ den och slå på tidssynkronisering (timedatectl set-ntp true)."
      ),
      (
        "The clock is \(abs(minutes)) min \(minutes > 0 ? "behind" : "ahead of") the peers' "
          + "(\(peers)).",
        "Set it and turn time synchronisation on (timedatectl set-ntp true)."
      )
    )
  }

  private static func peerUnequal(
    _ name: String, _ latest: String?
  ) -> (swedish: Words, english: Words) {
    let (swedish, english): (Told, Told) =
      latest.map { ("Senast lika med \(name): \($0).", "Last equal to \(name): \($0).") }
      ?? ("Aldrig lika med \(name).", "Never equal to \(name).")
    return (
      (
        swedish,
        "Pröva sprida sync, som säger vad som avvisas; sprida doctor visar om felet är här."
      ),
      (
        english,
        "Try sprida sync, which says what is refused; sprida doctor shows whether it is us."
      )
    )
  }

  private static func peerSilent(
    _ name: String, _ latest: String?
  ) -> (swedish: Words, english: Words) {
    let (swedish, english): (Told, Told) =
      latest.map { ("Senaste mötet med \(name) var \($0).", "Last met \(name) \($0).") }
      ?? ("\(name) har aldrig svarat.", "\(name) has never answered.")
    return (
      (swedish, "Pröva sprida sync; svarar den inte, ring den som sköter noden (sprida roster)."),
      (english, "Try sprida sync; if it does not answer, call whoever runs it (sprida roster).")
    )
  }
}
