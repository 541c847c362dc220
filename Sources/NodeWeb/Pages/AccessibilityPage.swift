import Aggregation
import Operations
import Practice

/// What the law on accessibility asks of a public web site (DOS-lagen, SFS 2018:1937).
struct AccessibilityPage {
  let page: Page

  init(_ site: Site, _ language: Language) {
    let actor = VisibleText.line(site.catalogue.publisher?.name ?? site.catalogue.region)
    var content: [String: Any] = [
      "paragraphs": Self.paragraphs(actor, site.catalogue.asOf).map { $0[language] },
      "faults": Self.faults.map { $0[language] },
      "reportText": Localised(
        sv: "Tala om för oss när något inte går att använda, så rättar vi det.",
        en: "Tell us when something cannot be used, and we will mend it.")[language],
      "supervision": Localised(
        sv:
          "Om du inte är nöjd med svaret kan du anmäla det till Myndigheten för digital förvaltning:",
        en:
          "If you are not content with the answer, report it to the Agency for Digital Government:"
      )[language],
    ]
    if let mailbox = site.settings.mailbox { content["mailbox"] = mailbox }
    page = Page(
      path: "accessibility.html",
      title: Localised(sv: "Tillgänglighetsredogörelse", en: "Accessibility statement")[language],
      template: "accessibility", content: content)
  }

  private static func paragraphs(_ actor: String, _ day: String) -> [Localised] {
    [
      Localised(
        sv: """
          \(actor) står bakom den här webbplatsen. Den är delvis förenlig med lagen (2018:1937) om \
          tillgänglighet till digital offentlig service; bristerna står nedan.
          """,
        en: """
          \(actor) is responsible for this web site. It conforms in part to the act (2018:1937) on \
          accessible digital public services; its faults are listed below.
          """),
      Localised(
        sv: """
          Sidorna provas av ett program mot WCAG 2.1 nivå AA när programmet som gör dem ändras. \
          Sidorna gjordes \(day).
          """,
        en: """
          The pages are checked by a program against WCAG 2.1 level AA whenever what makes them \
          changes. They were made on \(day).
          """),
      Localised(
        sv: "De behöver inget skript, frågar ingen annan om något och går att skriva ut.",
        en: "They need no script, ask nothing of anybody else and can be printed."),
    ]
  }

  private static let faults = [
    Localised(
      sv: "Texterna är skrivna av dem som har publicerat exemplen och är inte språkgranskade.",
      en: "The texts are by those who have published the entries; their language is not reviewed."),
    Localised(
      sv: "På de engelska sidorna är exemplen på det språk som de är skrivna på.",
      en: "On the English pages the entries are in the language that they were written in."),
    Localised(
      sv: "Bilagor kan sakna text för den som inte ser dem.",
      en: "Attachments may lack a text for those who do not see them."),
  ]
}
