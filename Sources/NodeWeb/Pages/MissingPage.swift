import Practice

/// What stands where nothing is.
struct MissingPage {
  let page: Page

  init(_ path: String, _ language: Language) {
    page = Page(
      path: path,
      title: Localised(sv: "Sidan finns inte", en: "There is no such page")[language],
      template: "missing",
      content: [
        "lead": Localised(
          sv: "Adressen leder ingenstans, eller så har exemplet återkallats.",
          en: "The address leads nowhere, or the entry has been withdrawn.")[language]
      ])
  }
}
