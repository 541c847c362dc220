import Practice

/// Words of `--help` in the user's language, which is read before the arguments are parsed.
func words(_ swedish: String, _ english: String) -> String {
  GlobalOptions.chosenBeforeParsing == .swedish ? swedish : english
}
