extension Console {
  /// Prints what a command has put together; foreign text in it has passed `line`.
  func show(_ text: String) { print(text) }
}
