import Node
import OperationStore
import Operations
import PeerTransport
import Practice
import Signatures
import SyncSession
import WireFormat

/// How an error of the libraries is told to a person: what was found, whose it is, what to do next.
///
/// The libraries say it in English, for logs; here stands what is told in Swedish.
struct Wording {
  let language: Language

  /// One line, whatever a peer or a file has put into it.
  func of(_ error: any Error) -> String {
    let (swedish, code) = swedish(error)
    let text = language == .swedish ? swedish ?? "\(error)" : "\(error)"
    return Console.line(code.map { "\(text) (\($0))" } ?? text)
  }

  private func swedish(_ error: any Error) -> (String?, code: String?) {
    switch error {
    case let error as NodeError: (node(error), nil)
    case let error as StoreError: (store(error), nil)
    case let error as InvitationError: (invitation(error), nil)
    case let error as PaperKey.Failure: (paper(error), nil)
    case let error as PeerTransportError: (transport(error), error.code)
    case let error as SessionError: (session(error), error.code)
    case let error as OperationError: (nil, error.code)
    case let error as AuthorityError: (nil, error.code)
    default: (nil, nil)
    }
  }

  private func node(_ error: NodeError) -> String {
    switch error {
    case .noNode(let path): "\(path) innehåller ingen nod; gör en med sprida init"
    case .exists(let path): "\(path) innehåller redan en nod; välj en annan --directory"
    case .openMode(let path, let mode, let expected):
      "\(path) har rättigheterna \(mode) och kan läsas av andra; kör chmod \(expected) på den"
    case .owner(let path, let owner, let user):
      "\(path) tillhör användaren \(owner), inte \(user) som kör detta; kör som den användaren, "
        + "eller byt ägare med chown"
    case .notPlain(let path, .file):
      "\(path) är ingen vanlig fil utan en länk eller något annat; lägg filen själv där"
    case .notPlain(let path, .folder):
      "\(path) är ingen vanlig mapp utan en länk eller något annat; lägg mappen själv där"
    case .fileExists(let path): "\(path) finns redan och skrivs aldrig över"
    case .passphraseNeeded(let key):
      "nyckeln \(key) har en lösenfras, och det finns ingen terminal att fråga på; ange "
        + "--passphrase-fd N, en deskriptor med lösenfrasen på en rad"
    case .wrongPassphrase(let key):
      "lösenfrasen öppnar inte nyckeln \(key): det är en annan, eller så har filen ändrats"
    case .unattended(let key):
      "nyckeln \(key) används av sprida serve, som inte har någon att fråga om en lösenfras; den "
        + "stannar på servern med rättigheterna 600"
    case .keyFile(let path, let problem): "\(path) är ingen nyckelfil: \(problem)"
    case .noKey(let role, let path): "nyckeln \(role) behövs och finns inte här (\(path))"
    case .file(let path, let problem): "\(path): \(problem)"
    case .notAdmitted:
      "rådet har inte antagit organisationen än, eller så har stadgan inte kommit hit: "
        + "skicka ansökan och kör sedan sprida sync"
    case .noPeer(let name): "ingen nod i stadgan heter \(name); sprida roster visar dem"
    case .backupWithoutKeys(let path):
      "\(path) har inga nycklar och i mappen finns ingen nodnyckel; lägg mappen keys här först, eller "
        + "återställ från en kopia som är gjord med --keys"
    case .backupOtherRegion(let path):
      "\(path) hör till en annan krets än noden i mappen; välj en annan --directory"
    case .noPeers: "stadgan har ingen annan nod med adress"
    case .address(let text): "”\(text)” är ingen adress; väntade värd:port"
    }
  }

  private func store(_ error: StoreError) -> String {
    switch error {
    case .cannotOpen(let path, let reason): "\(path) kan inte öppnas: \(reason)"
    case .cannotWrite(let path, let reason):
      "\(path) kan inte skrivas: \(reason); inget är ändrat"
    case .notAStore(let path): "\(path) är inget spridalager"
    case .newerSchema(let path):
      "\(path) är skriven av en senare version av sprida; uppgradera först"
    case .exists(let path): "\(path) finns redan"
    case .leftover(let path):
      "\(path) är kvar av ett lager som inte längre finns; flytta undan den, så att den inte blandas "
        + "med ett nytt"
    case .noGrant(let role):
      "nyckeln har ingen giltig delegering som \(role) i stadgan som finns här; "
        + "kör sprida sync, eller be den som sköter organisationens nod"
    case .olderSchema(let path):
      "\(path) är skriven av en tidig version av sprida; flytta undan den, så hämtas en ny från grannarna"
    case .notCommitted(let key):
      "ingen antagning eller rotation här har utfäst nyckeln \(key.description.prefix(16)) som nästa; "
        + "kontrollera att det är rätt nyckelfil, och kör sprida sync"
    case .unsynced:
      "noden är återställd från en kopia och har inte mött någon granne sedan dess; kör sprida sync "
        + "först, så att inget visas som har raderats under tiden"
    case .backup(let path, let reason): "\(path) är ingen användbar säkerhetskopia: \(reason)"
    case .damaged(let path, let reason):
      "\(path) är skadad: \(reason); flytta undan den och återställ en säkerhetskopia, eller låt "
        + "sprida sync hämta en ny"
    case .rotated(let key, let operation):
      "nyckeln \(key.description.prefix(16)) har skrivit under rotationen "
        + "\(operation.description.prefix(12)), vars nästa nyckel inte finns här; en andra skulle "
        + "strida mot den. Fortsätt där den första gjordes, eller hämta nyckelfilerna därifrån"
    case .erased(let record, let order):
      "posten \(record.description.prefix(12)) är raderad genom beslutet "
        + "\(order.description.prefix(12)), och det som skrivs i den nu skulle också raderas; "
        + "publicera en ny post"
    case .charterFull(let organisation):
      "nycklar av det slaget har skrivit under \(Limits.charterOperationsMax) stadgehandlingar för "
        + "organisationen \(organisation.description.prefix(12)), och fler tar ingen nod emot; "
        + "skriv under med roten, eller vänd er till rådet (charter-full i Protocol/errors.md)"
    case .corrupt(let what): "lagret säger emot sig självt: \(what); kör sprida rebuild"
    }
  }

  private func invitation(_ error: InvitationError) -> String {
    switch error {
    case .text(.prefix(let expected)): "raden börjar inte med \(expected):"
    case .text(.alphabet(let character)): "raden har tecknet ”\(character)” som inte kan höra dit"
    case .text(.checksum): "kontrollsumman (checksum) stämmer inte: ett tecken saknas eller är fel"
    case .version: "raden är gjord av en senare version av sprida"
    case .signature: "signaturen håller inte: raden har ändrats efter att den gjordes"
    case .key(let field):
      "radens nyckel \(field) är ogiltig, så ingen rättighet kan ges till den; gör en ny"
    case .content(_, let problem): problem
    }
  }

  private func paper(_ error: PaperKey.Failure) -> String {
    switch error {
    case .lines(let lines):
      lines.map { "rad \($0.number) \(paper($0.problem))" }.joined(separator: "; ")
    case .lineCount(let found): "\(found) rader, väntade \(PaperKey.lineCount)"
    case .mixed: "varje rad är rätt, men de är från olika blad"
    }
  }

  func paper(_ problem: PaperKey.Failure.Problem) -> String {
    guard language == .swedish else { return "\(problem)" }
    return switch problem {
    case .length(let found): "har \(found) tecken, väntade 20"
    case .symbol(let character): "har tecknet ”\(character)”, som ingen rad har"
    case .check: "är inte som den trycktes: ett tecken är fel, eller raden står på fel plats"
    }
  }

  private func transport(_ error: PeerTransportError) -> String? {
    switch error {
    case .cannotListen(let host, let port, let reason):
      "kan inte lyssna på \(host):\(port): \(reason)"
    case .cannotConnect(let host, let port, _): "når inte \(host):\(port); är noden igång?"
    case .tlsFailed(let reason): "ingen säker förbindelse: \(reason)"
    case .wrongNodeKey(let expected, let found):
      "noden svarar med nyckeln \(found), väntade \(expected)"
    case .closedEarly(let reason): "förbindelsen bröts: \(reason)"
    case .idleTimeout(let after): "inget hände på \(after)"
    case .handshakeTimeout(let after): "ingen hälsning inom \(after)"
    case .frameTooLarge, .frameEmpty, .frameCompression, .gaveWay: nil
    }
  }

  private func session(_ error: SessionError) -> String? {
    switch error {
    case .otherRegion: "grannen hör till en annan krets"
    case .removed(let acts):
      "grannens nod är utesluten ur stadgan genom \(acts.map { String($0.description.prefix(12)) }.joined(separator: ", "))"
    case .refusedByPeer("removed", _):
      "den här noden är utesluten ur kretsen (removed); sprida roster visar genom vilket beslut"
    case .unknownNode: "grannens nodnyckel finns inte i stadgan"
    case .refusedByPeer("unknown-node", _):
      "grannen känner inte den här noden: organisationen är inte antagen än (unknown-node)"
    case .refusedByPeer(let code, let reason): "grannen avvisade (\(code)): \(reason)"
    case .identification(let seconds): "grannen visade inte vem den är inom \(seconds) s"
    case .unsynced:
      "en återställd nod byter inga poster förrän stadga och beslut om radering är lika med en grannes"
    case .ownFault: "den här noden kunde inte fortsätta; se dess logg"
    case .attachment(let digest, _):
      "grannen skickade en bilaga (\(digest.description.prefix(12))) vars innehåll inte är det som posten "
        + "namnger; inget av den är sparat"
    case .malformed, .unexpected, .frameTooLarge, .reconciliation, .tooMuch: nil
    }
  }
}
