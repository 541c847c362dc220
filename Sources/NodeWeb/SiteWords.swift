import Practice

/// What the templates themselves say.
enum SiteWords {
  static let navigation: [(path: String, label: Localised)] = [
    ("index.html", Localised(sv: "Start", en: "Start")),
    ("entries.html", Localised(sv: "Alla exempel", en: "All entries")),
    ("organisations.html", Localised(sv: "Organisationer", en: "Organisations")),
    ("report/coverage.html", Localised(sv: "Rapporter", en: "Reports")),
  ]

  static let all: [String: Localised] = [
    "skip": Localised(sv: "Hoppa till innehållet", en: "Skip to the content"),
    "navigation": Localised(sv: "Huvudmeny", en: "Main menu"),
    "computed": Localised(
      sv: "Beräknat ur mängden", en: "Computed from the set"),
    "accessibility": Localised(sv: "Tillgänglighetsredogörelse", en: "Accessibility statement"),
    "feed": Localised(sv: "Nyheter som Atom", en: "News as Atom"),
    "other": Localised(sv: "In English", en: "På svenska"),
    "search": Localised(sv: "Sök bland exemplen", en: "Search the entries"),
    "find": Localised(sv: "Sök", en: "Search"),
    "toStart": Localised(sv: "Till startsidan", en: "To the start page"),
    "found": Localised(sv: "Träffar", en: "Found"),
    "legend": Localised(sv: "Antal exempel och färg", en: "Number of entries and colour"),
    "paging": Localised(sv: "Fler sidor", en: "More pages"),
    "previous": Localised(sv: "Föregående sida", en: "Previous page"),
    "next": Localised(sv: "Nästa sida", en: "Next page"),
    "latest": Localised(sv: "Senast publicerat", en: "Latest"),
    "themes": Localised(sv: "Områden", en: "Themes"),
    "reports": Localised(sv: "Rapporter", en: "Reports"),
    "nothing": Localised(sv: "Inget att visa.", en: "Nothing to show."),
    "stale": Localised(sv: "inte bekräftat på länge", en: "not confirmed for long"),
    "staleBanner": Localised(
      sv: "Ingen har bekräftat exemplet på arton månader. Fråga utgivaren om det stämmer.",
      en: "Nobody has confirmed the entry for eighteen months. Ask the publisher whether it holds."),
    "conflictBanner": Localised(
      sv: "Något är ändrat på två håll; båda versionerna visas tills utgivaren har valt.",
      en:
        "Something has been edited in two places; both versions are shown until the publisher has chosen."
    ),
    "conflict": Localised(sv: "Två versioner:", en: "Two versions:"),
    "confirmed": Localised(sv: "Bekräftat", en: "Confirmed"),
    "published": Localised(sv: "Publicerat", en: "Published"),
    "updated": Localised(sv: "ändrat", en: "edited"),
    "adoptions": Localised(sv: "Övertaganden", en: "Adoptions"),
    "noAdoptions": Localised(
      sv: "Ingen har tagit över det ännu.", en: "Nobody has adopted it yet."),
    "history": Localised(sv: "Historik och ursprung", en: "History and origin"),
    "edits": Localised(sv: "Signerade ändringar", en: "Signed edits"),
    "key": Localised(sv: "nyckel", en: "key"),
    "record": Localised(sv: "Post", en: "Record"),
    "version": Localised(sv: "version", en: "version"),
    "signed": Localised(
      sv: "Varje ändring är signerad av utgivaren.",
      en: "Every edit is signed by the publisher."),
    "inConflict": Localised(
      sv: "Ändrat på två håll, tills utgivaren har valt",
      en: "Edited in two places, until the publisher has chosen"),
    "source": Localised(sv: "Vad siffrorna bygger på", en: "What the figures rest on"),
    "faults": Localised(sv: "Kända brister", en: "Known faults"),
    "report": Localised(sv: "Rapportera brister", en: "Report faults"),
  ]
}
