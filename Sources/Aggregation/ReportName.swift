import Practice

/// The reports there are.
package enum ReportName: String, CaseIterable, Sendable {
  case coverage, themes, funnel, adoption, outcomes, obstacles, staleness, review, evidence, money,
    followup, challenges

  package var title: Localised {
    switch self {
    case .coverage: Localised(sv: "Täckning", en: "Coverage")
    case .themes: Localised(sv: "Områden och skeden", en: "Themes and stages")
    case .funnel: Localised(sv: "Från idé till spridning", en: "From idea to spread")
    case .adoption: Localised(sv: "Övertaganden", en: "Adoptions")
    case .outcomes: Localised(sv: "Utfall", en: "Outcomes")
    case .obstacles:
      Localised(sv: "Hinder och förutsättningar", en: "Obstacles and prerequisites")
    case .staleness: Localised(sv: "Inaktuella exempel", en: "Stale entries")
    case .review: Localised(sv: "Granskning", en: "Review")
    case .evidence: Localised(sv: "Evidens", en: "Evidence")
    case .money: Localised(sv: "Pengar", en: "Money")
    case .followup: Localised(sv: "Efter bidraget", en: "After the grant")
    case .challenges: Localised(sv: "Öppna utmaningar", en: "Open challenges")
    }
  }

  /// What it answers.
  package var question: Localised {
    switch self {
    case .coverage:
      Localised(
        sv: "Vilka medlemmar publicerar, och vilka är tysta sedan när?",
        en: "Which members publish, and which have been silent since when?")
    case .themes:
      Localised(
        sv: "Vad finns det, i vilket skede och hos vilka?",
        en: "What is there, at which stage and with whom?")
    case .funnel:
      Localised(
        sv: "Hur långt når exemplen, och hur lång tid tar varje skede?",
        en: "How far do entries come, and how long does each stage take?")
    case .adoption:
      Localised(
        sv: "Vem har tagit över vad av vem, hur snart, och vad har ingen tagit över?",
        en: "Who has adopted what of whom, how soon, and what has nobody adopted?")
    case .outcomes:
      Localised(
        sv: "Hur gick det för dem som tog över, och vad saknades?",
        en: "How did it go for those who adopted, and what was missing?")
    case .obstacles:
      Localised(
        sv: "Vad hindrar, och vad krävs?", en: "What stands in the way, and what is needed?")
    case .staleness:
      Localised(
        sv: "Vilka exempel har ingen bekräftat på länge?",
        en: "Which entries has nobody confirmed for long?")
    case .review:
      Localised(
        sv: "Vad är granskat, och vad väntar?", en: "What has been reviewed, and what waits?")
    case .evidence:
      Localised(
        sv: "Hur väl belagda är exemplen?", en: "How well are the entries supported?")
    case .money:
      Localised(
        sv: "Vad har exemplen kostat, och vem har betalat?",
        en: "What have the entries cost, and who has paid?")
    case .followup:
      Localised(
        sv: "Vilka projekt ska följas upp ett och tre år efter slutet?",
        en: "Which projects are to be followed up one and three years after their end?")
    case .challenges:
      Localised(
        sv: "Vilka utmaningar är öppna, och vilka vill vara med?",
        en: "Which challenges are open, and who wants to join?")
    }
  }

  func tables(_ facts: ReportFacts) -> [Report.Table] {
    switch self {
    case .coverage: CoverageReport.tables(facts)
    case .themes: ThemesReport.tables(facts)
    case .funnel: FunnelReport.tables(facts)
    case .adoption: AdoptionReport.tables(facts)
    case .outcomes: OutcomesReport.tables(facts)
    case .obstacles: ObstaclesReport.tables(facts)
    case .staleness: StalenessReport.tables(facts)
    case .review: ReviewReport.tables(facts)
    case .evidence: EvidenceReport.tables(facts)
    case .money: MoneyReport.tables(facts)
    case .followup: FollowUpReport.tables(facts)
    case .challenges: ChallengesReport.tables(facts)
    }
  }
}
