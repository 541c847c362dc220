import Practice

/// Words of `--help` in the user's language, which is read before the arguments are parsed.
func words(_ swedish: String, _ english: String) -> String {
  GlobalOptions.chosenBeforeParsing == .swedish ? swedish : english
}

/// The codes of a vocabulary that a person may enter, for `--help`.
func enterableCodes(_ vocabulary: String) -> String {
  (Schema.bundled.vocabularies[vocabulary]?.enterable ?? []).map(\.code).joined(separator: ", ")
}
