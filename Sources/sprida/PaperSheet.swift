import Node
import Signatures

/// A key on a page, for whoever finds it in a safe in twenty years.
///
/// Without a date: it holds as long as the key does.
struct PaperSheet {
  let name: NodeDirectory.KeyName
  let guest: String?
  /// The organisation, as the charter names it.
  let owner: String?
  let publicKey: PublicKey
  let secret: [String]

  /// What an A4 page takes in any usual type.
  private static let columns = 76

  func lines(_ console: Console) -> [String] {
    let parts = [
      heading(console), folded(name.purpose(console)), folded(keeping(console)), numbered,
      folded(use(console)), ["   " + command], folded(format(console)),
    ]
    return Array(parts.joined(separator: [""]))
  }

  private func heading(_ console: Console) -> [String] {
    let digits = publicKey.description.enumerated().map { index, digit in
      index > 0 && index.isMultiple(of: 4) ? " \(digit)" : "\(digit)"
    }
    let half = digits.count / 2
    let title = NodeDirectory.title(name, guest: guest)
    return [
      console.text(
        "SPRIDA · PAPPERSKOPIA AV EN HEMLIG NYCKEL", "SPRIDA · PAPER COPY OF A SECRET KEY"),
      "",
      console.text("Nyckel         \(title)", "Key            \(title)"),
      console.text("Organisation   \(owner ?? "–")", "Organisation   \(owner ?? "–")"),
      console.text("Publik nyckel  ", "Public key     ") + digits[..<half].joined(),
      "              " + digits[half...].joined(),
    ]
  }

  private var numbered: [String] {
    secret.enumerated().map { "   \($0 + 1):  \($1)" }
  }

  private func keeping(_ console: Console) -> String {
    console.text(
      "De fyra raderna är själva nyckeln. Den som läser dem kan använda den, så förvara bladet som "
        + "ett kontrakt: i kassaskåp, inte bredvid datorn, inte på bild. Bladet för nästa nyckel "
        + "ska ligga på ett annat ställe än nyckeln som används.",
      "The four lines are the key itself. Whoever reads them can use it, so keep this sheet like a "
        + "contract: in a safe, not beside the computer, not on a photo. Keep the sheet of the next "
        + "key in another place than the key in use.")
  }

  private func use(_ console: Console) -> String {
    console.text(
      "Så används bladet: kör kommandot nedan på en nod i kretsen och skriv av raderna. Stora och "
        + "små bokstäver, mellanslag och radnummer spelar ingen roll. Varje rad har en egen "
        + "kontrollsumma, så programmet säger vilken rad som är fel.",
      "How to use this sheet: run the command below on a node of the region, and type the lines. "
        + "Case, spaces and line numbers do not matter. Each line has a check of its own, so the "
        + "program says which line is wrong.")
  }

  private var command: String {
    let guest = guest.map { " --as \(Console.line($0))" } ?? ""
    return "sprida key recover \(name.rawValue)\(guest) "
      + "--public-key \(publicKey.description.prefix(8))"
  }

  private func format(_ console: Console) -> String {
    console.text(
      "Finns inte programmet längre: varje rad är 16 + 4 tecken i Crockfords base32, där de 4 är "
        + "radens kontrollsumma; de 4 × 16 är 32 byte Ed25519-frö och de 8 första byten av den "
        + "publika nyckeln. Allt står i Protocol/charter.md, avsnittet Paper.",
      "If the program is no more: each line is 16 + 4 characters in Crockford's base32, where the 4 "
        + "are the line's check; the 4 × 16 are a 32-byte Ed25519 seed and the first 8 bytes of the "
        + "public key. All of it is in Protocol/charter.md, section Paper.")
  }

  private func folded(_ text: String) -> [String] {
    TextWidth.folded(text, width: Self.columns, isCuttingWords: false)
  }
}
