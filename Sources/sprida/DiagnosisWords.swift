import Node
import OperationStore
import Operations
import Practice
import Signatures

/// The words for one diagnosis: what was found and whose it is, and what to do next.
struct DiagnosisWords {
  typealias Words = (what: Told, next: Told)

  struct Names {
    let organisation: (Digest) -> String
    let owner: (PublicKey) -> String
    let role: (Role) -> String
    let date: (UInt64) -> String
  }

  let swedish: Words
  let english: Words

  init(_ diagnosis: Diagnosis, _ names: Names) {
    (swedish, english) =
      switch diagnosis {
      case .fileDamaged, .operationsDamaged, .digestsDiffer, .projectionsDiffer,
        .attachmentsDamaged:
        Self.damage(diagnosis)
      case .fileOpen, .secondWriter, .waiting, .contentMissing: Self.own(diagnosis)
      case .foreignHeads(let file, let heads): Self.foreign(file, heads.count)
      case .forks(let forks): Self.forks(forks, names)
      default: Self.charter(diagnosis, names)
      }
  }

  private static func damage(_ diagnosis: Diagnosis) -> (Words, Words) {
    switch diagnosis {
    case .digestsDiffer(let scopes):
      (
        (
          "Mängdsumman stämmer inte för \(Noun.part.swedish(scopes.count)): "
            + "noden kan inte säga vad som är lika.",
          "Kör sprida rebuild och sedan sprida doctor igen."
        ),
        (
          "The set digest is wrong for \(Noun.part.english(scopes.count)): "
            + "the node cannot say what is equal.",
          "Run sprida rebuild, then sprida doctor again."
        )
      )
    case .projectionsDiffer(let tables):
      (
        (
          "Det som är härlett stämmer inte med operationerna: \(tables.joined(separator: ", ")).",
          "Kör sprida rebuild; operationerna själva är hela."
        ),
        (
          "What is derived does not match the operations: \(tables.joined(separator: ", ")).",
          "Run sprida rebuild; the operations themselves are whole."
        )
      )
    case .attachmentsDamaged(let digests):
      (
        (
          "\(digests.count) bilagor är inte det som deras namn säger: disken eller någon har ändrat dem.",
          "Kör sprida rebuild, som glömmer dem, och sedan sprida sync, som hämtar dem igen."
        ),
        (
          "\(digests.count) attachments are not what their names say: the disk or somebody has changed them.",
          "Run sprida rebuild, which forgets them, then sprida sync, which fetches them again."
        )
      )
    case .operationsDamaged(_, let count):
      (
        (
          "Ändrat på disken, av ett fel eller av någon: \(Noun.operation.swedish(count)).",
          Self.replaceSwedish
        ),
        (
          "Changed on the disk, by a fault or by somebody: \(Noun.operation.english(count)).",
          Self.replaceEnglish
        )
      )
    default:
      (
        ("Databasfilen är skadad på disken.", Self.replaceSwedish),
        ("The database file is damaged on the disk.", Self.replaceEnglish)
      )
    }
  }

  private static let replaceSwedish: Told =
    "Byt disk om den sviktar. Flytta undan store.sqlite, kör sprida restore med senaste kopian, sedan "
    + "sprida sync; utan kopia hämtar sprida sync allt som grannarna har."
  private static let replaceEnglish: Told =
    "Replace the disk if it fails. Move store.sqlite away, run sprida restore with the latest copy, then "
    + "sprida sync; without a copy sprida sync fetches all that the peers have."

  private static func own(_ diagnosis: Diagnosis) -> (Words, Words) {
    switch diagnosis {
    case .fileOpen(let path, let mode, let expected):
      (
        (
          "\(path) har rättigheterna \(mode) och kan läsas eller ändras av andra.",
          "Kör chmod \(expected) \(path); är det en nyckel, byt den."
        ),
        (
          "\(path) has mode \(mode): others can read or change it.",
          "Run chmod \(expected) \(path); if it is a key, replace it."
        )
      )
    case .secondWriter(let fileSystem, let version):
      (
        (
          "Noden ligger på \(fileSystem), där lås kan gälla bara den egna datorn, och SQLite \(version) "
            + "tål inte två som skriver.",
          "Flytta nodens mapp till en lokal disk."
        ),
        (
          "The node is on \(fileSystem), where locks may hold on one computer only, and SQLite "
            + "\(version) does not survive two writers.",
          "Move the node's folder to a local disk."
        )
      )
    case .waiting(let count):
      (
        (
          "Väntar på något tidigare som inte har kommit: \(Noun.operation.swedish(count)).",
          "Kör sprida sync mot flera grannar; det går över när resten kommer."
        ),
        (
          "Waiting for something earlier that has not come: \(Noun.operation.english(count)).",
          "Run sprida sync with several peers; it passes when the rest arrives."
        )
      )
    case .contentMissing(let count):
      (
        (
          "Fattas på den här noden: \(Noun.content.swedish(count)).",
          "Kör sprida sync mot flera grannar."
        ),
        (
          "Missing on this node: \(Noun.content.english(count)).",
          "Run sprida sync with several peers."
        )
      )
    default: (("", ""), ("", ""))
    }
  }

  private static func foreign(_ file: OwnKey, _ count: Int) -> (Words, Words) {
    (
      (
        "Er nyckel \(file.name) (\(short(file.key))) har skrivit under sådant som den här noden inte känns "
          + "vid (\(count)): på en kopia, en klon eller hos någon som har stulit den.",
        "Känner ni igen det: sprida key adopt. Annars: spärra nyckeln genast, med de huvuden som är era."
      ),
      (
        "Your key \(file.name) (\(short(file.key))) has signed what this node does not know as its own "
          + "(\(count)): on a copy, a clone, or with somebody who has stolen it.",
        "If you recognise it: sprida key adopt. Else revoke the key at once, with the heads that are yours."
      )
    )
  }

  private static func forks(_ forks: KeyForks, _ names: Names) -> (Words, Words) {
    let owner =
      forks.proofs.first.map { names.organisation($0.fork.organisation) } ?? names.owner(forks.key)
    return (
      (
        "Nyckeln \(short(forks.key)) (\(owner)) förgrenar sig (\(forks.count)): operationer som inte vet "
          + "om varandra. Det gör en återställd kopia, en klon eller en tjuv.",
        "Inget är stoppat. Fråga \(owner) om de vet varför; beviset för andra: sprida doctor --json."
      ),
      (
        "The key \(short(forks.key)) (\(owner)) forks (\(forks.count)): operations that do not know of "
          + "each other. A restored copy, a clone or a thief does that.",
        "Nothing is blocked. Ask \(owner) whether they know why; the proof for others: sprida doctor "
          + "--json."
      )
    )
  }

  private static func charter(_ diagnosis: Diagnosis, _ names: Names) -> (Words, Words) {
    switch diagnosis {
    case .awaitedHeads(let key, let ids):
      (
        (
          "En spärr av nyckeln \(short(key)) (\(names.owner(key))) går i god för "
            + "\(Noun.operation.swedish(ids.count)) som inte har kommit hit; till dess räknas inte "
            + "det som kommer före.",
          "Kör sprida sync mot flera grannar; består det, fråga \(names.owner(key))."
        ),
        (
          "A revocation of the key \(short(key)) (\(names.owner(key))) vouches for "
            + "\(Noun.operation.english(ids.count)) not here yet; until then "
            + "what comes before does not count.",
          "Run sprida sync with several peers; if it stays, ask \(names.owner(key))."
        )
      )
    case .contestedRotations(let rotations):
      (
        (
          "\(rotations.count) rotationer står mot varandra (\(names.owner(rotations[0].header.author))): "
            + "ingen av dem gäller.",
          "Rådet avgör genom att spärra nyckeln med den rätta som huvud."
        ),
        (
          "\(rotations.count) rotations stand against each other "
            + "(\(names.owner(rotations[0].header.author))): none of them acts.",
          "The council decides, by revoking the key with the right one as head."
        )
      )
    case .codeClaimed(let code, let organisations):
      (
        (
          "\(organisations.count) organisationer gör anspråk på \(code); den pekar på ingen av dem.",
          "Rådet utesluter den som är fel (sprida remove)."
        ),
        (
          "\(organisations.count) organisations claim \(code); it stands for none of them.",
          "The council removes the wrong one (sprida remove)."
        )
      )
    case .keyOpen(let grant):
      (
        (
          "Nyckeln \(short(grant.key)) (\(names.organisation(grant.organisation)), "
            + "\(names.role(grant.role))) gick ut \(names.date(grant.to)) men är inte spärrad.",
          "\(names.organisation(grant.organisation)) spärrar den; den som har den kan annars datera bakåt."
        ),
        (
          "The key \(short(grant.key)) (\(names.organisation(grant.organisation)), "
            + "\(names.role(grant.role))) ended \(names.date(grant.to)) but is not revoked.",
          "\(names.organisation(grant.organisation)) revokes it: whoever has it could date things back."
        )
      )
    default: (("", ""), ("", ""))
    }
  }
}
