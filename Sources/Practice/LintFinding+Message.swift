/// All wording of the linter, Swedish and English.
extension LintFinding {
  private static let foundCharactersMax = 90

  /// What was found, and where, on one line that cannot act on a terminal.
  package func message(_ language: Language, file: String? = nil, family: Family? = nil) -> String {
    let place = [file, line.map(String.init)].compactMap { $0 }.joined(separator: ":")
    let short = found.prefix(Self.foundCharactersMax)
    let quoted = "”\(short)\(short.endIndex < found.endIndex ? "…" : "")”"
    return VisibleText.line(
      [place, family?.name(ofPath: field, language) ?? field, "\(rule.reason(language)) \(quoted)"]
        .filter { !$0.isEmpty }
        .joined(separator: ": "))
  }

  /// What to do about it.
  package func advice(_ language: Language) -> String { rule.advice(language) }
}

extension LintRule {
  /// Why it is remarked on.
  package func reason(_ language: Language) -> String {
    language == .swedish ? swedishReason : englishReason
  }

  package func advice(_ language: Language) -> String {
    language == .swedish ? swedishAdvice : englishAdvice
  }

  private var swedishReason: String {
    switch self {
    case .staleStatus: "står som pågående eller planerat, men sluttiden har passerat:"
    case .staleSource: "texten är äldre än slutet och kan inte säga hur det gick:"
    case .staleConfirmation: "har inte bekräftats på mer än 18 månader:"
    case .factorsNotListed: "nämner framgångsfaktorer, men inga är uppräknade:"
    case .claimWithoutSource: "en utmärkelse utan källa:"
    case .linkWithoutAddress: "hänvisar till en länk, men ingen adress finns:"
    case .expectedUnderResults: "något väntat står som uppnått resultat:"
    case .figureWithoutSource: "en siffra utan källa och år:"
    case .evidenceWithoutBasis: "en evidensnivå utan underlag:"
    case .personalMailbox: "ser ut som en persons e-postadress:"
    case .phoneNumber: "ser ut som ett telefonnummer:"
    case .personalNumber: "ser ut som ett personnummer:"
    case .contactExpiresLate: "en kontakt gäller högst 24 månader framåt:"
    }
  }

  private var englishReason: String {
    switch self {
    case .staleStatus: "is said to be ongoing or planned, but its end has passed:"
    case .staleSource: "the text is older than the end and cannot say how it went:"
    case .staleConfirmation: "has not been confirmed for more than 18 months:"
    case .factorsNotListed: "mentions success factors, but lists none:"
    case .claimWithoutSource: "an award without a source:"
    case .linkWithoutAddress: "refers to a link, but there is no address:"
    case .expectedUnderResults: "something expected is given as an achieved result:"
    case .figureWithoutSource: "a figure without source and year:"
    case .evidenceWithoutBasis: "a level of evidence without its basis:"
    case .personalMailbox: "reads like a person's e-mail address:"
    case .phoneNumber: "reads like a phone number:"
    case .personalNumber: "reads like a personal number:"
    case .contactExpiresLate: "a contact lasts at most 24 months:"
    }
  }

  private var swedishAdvice: String {
    switch self {
    case .staleStatus: "Ändra status, eller sluttiden om den har flyttats."
    case .staleSource: "Skriv hur det gick, och bekräfta sedan med sprida confirm."
    case .staleConfirmation:
      "Läs igenom det; sprida confirm om det stämmer, sprida withdraw om det inte gör det."
    case .factorsNotListed: "Räkna upp dem under Framgångsfaktorer."
    case .claimWithoutSource: "Lägg till en länk till den som har utsett er."
    case .linkWithoutAddress: "Lägg hela adressen under Länkar."
    case .expectedUnderResults: "Flytta det till Förväntade effekter."
    case .figureWithoutSource: "Lägg siffran under Uppgifter eller Effekter, med källa och år."
    case .evidenceWithoutBasis:
      "Skriv metod och källor under Underlag, eller sätt evidensen till E0."
    case .personalMailbox: "Ange en funktionsbrevlåda som kontakt, och ta bort adressen ur texten."
    case .phoneNumber: "Ta bort det; telefon hör till kontakten."
    case .personalNumber: "Ta bort det innan ni publicerar; annars: sprida erase."
    case .contactExpiresLate: "Sätt ett tidigare datum; förläng när det är dags."
    }
  }

  private var englishAdvice: String {
    switch self {
    case .staleStatus: "Change the status, or the end if it has been put off."
    case .staleSource: "Write how it went, then confirm it with sprida confirm."
    case .staleConfirmation:
      "Read it through; sprida confirm if it is right, sprida withdraw if it is not."
    case .factorsNotListed: "List them under Success factors."
    case .claimWithoutSource: "Add a link to whoever chose you."
    case .linkWithoutAddress: "Put the whole address under Links."
    case .expectedUnderResults: "Move it to Expected effects."
    case .figureWithoutSource: "Put the figure under Figures or Effects, with source and year."
    case .evidenceWithoutBasis:
      "Write method and sources under Evidence basis, or set the evidence to E0."
    case .personalMailbox:
      "Give a function mailbox as contact, and take the address out of the text."
    case .phoneNumber: "Take it out; phone numbers belong to the contact."
    case .personalNumber: "Take it out before you publish; otherwise: sprida erase."
    case .contactExpiresLate: "Set an earlier date; extend it when the time comes."
    }
  }
}
