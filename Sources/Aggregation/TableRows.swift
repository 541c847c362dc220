import Operations
import Practice

extension RecordState {
  /// The ids of the rows of a table, ascending.
  package func rows(of table: String) -> [String] {
    Set(
      fields.compactMap { field -> String? in
        let parts = field.path.split(separator: "/")
        return parts.count == 3 && parts[0] == table ? String(parts[1]) : nil
      }
    ).sorted()
  }

  /// The live texts of one cell; several are a conflict.
  package func cell(_ table: String, _ row: String, _ column: String) -> [String] {
    (self["\(table)/\(row)/\(column)"]?.values ?? []).compactMap { $0.value?.exportText }
  }
}
