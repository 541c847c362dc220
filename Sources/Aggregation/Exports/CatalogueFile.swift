import CRDT
import GRDB
import OperationStore
import Operations
import Practice
import WireFormat

/// The whole catalogue in one SQLite file, with its code lists and views, for analysts and Datasette.
///
/// A table for each family, with a column for each register; what may be said several times, and the
/// cells of tables, are rows of `value`. Whatever holds personal data stays out.
struct CatalogueFile {
  private let store: OperationStore
  private let catalogue: Catalogue

  init(_ store: OperationStore, _ catalogue: Catalogue) {
    (self.store, self.catalogue) = (store, catalogue)
  }

  private var families: [Family] { Schema.bundled.families.filter { !$0.isPersonal } }

  /// Fills an empty file.
  func write(to path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(sql: Self.tables)
      try fillAbout(db)
      try fillCodebook(db)
      for organisation in catalogue.organisations {
        try db.execute(
          sql: "INSERT INTO organisation VALUES (?, ?, ?, ?)",
          arguments: [
            "\(organisation.id)", organisation.code, organisation.name,
            Moment.text(Int64(clamping: organisation.admitted.milliseconds)),
          ])
      }
      for family in families { try fill(family, db) }
      try db.execute(sql: Self.views)
    }
    // One file wherever it goes, readable by programs that may not write beside it.
    try queue.writeWithoutTransaction { try $0.execute(sql: "VACUUM") }
    try queue.close()
  }

  private static let tables = """
    CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE codebook (
      vocabulary TEXT NOT NULL, code TEXT NOT NULL, sv TEXT NOT NULL, en TEXT NOT NULL,
      PRIMARY KEY (vocabulary, code)
    ) STRICT;
    CREATE TABLE field (
      family TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, vocabulary TEXT,
      sv TEXT NOT NULL, en TEXT NOT NULL, PRIMARY KEY (family, name)
    ) STRICT;
    CREATE TABLE organisation (
      id TEXT PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL, admitted TEXT NOT NULL
    ) STRICT;
    CREATE TABLE value (
      family TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL, value TEXT NOT NULL
    ) STRICT;
    CREATE INDEX value_by_id ON value (id, path);
    CREATE INDEX value_by_path ON value (path, value);
    """

  private static let views = """
    CREATE VIEW entry_by_theme AS
      SELECT value.value AS theme, codebook.sv, codebook.en, count(DISTINCT value.id) AS entries
      FROM value LEFT JOIN codebook ON vocabulary = 'theme' AND code = value.value
      WHERE family = 'entry' AND path = 'themes' GROUP BY theme;
    CREATE VIEW entry_by_stage AS
      SELECT coalesce(stage, '') AS stage, codebook.sv, codebook.en, count(*) AS entries
      FROM entry LEFT JOIN codebook ON vocabulary = 'stage' AND code = stage GROUP BY 1;
    CREATE VIEW entry_by_organisation AS
      SELECT organisation.code, organisation.name, count(entry.id) AS entries
      FROM organisation LEFT JOIN entry ON entry.owner = organisation.id GROUP BY organisation.id;
    CREATE VIEW adoption_of_entry AS
      SELECT entry.id AS entry, entry.title, adopter.name AS adopter, adoption.state,
        adoption.outcome, adoption.updated
      FROM adoption JOIN entry ON entry.id = adoption.entry
      LEFT JOIN organisation adopter ON adopter.id = adoption.owner;
    """

  private func fillAbout(_ db: Database) throws {
    for (key, value) in [
      ("region", catalogue.region), ("set_digest", "\(catalogue.digest)"),
      ("operations", "\(catalogue.operations)"), ("as_of", catalogue.asOf),
      ("license", License.cc0), ("query_version", "\(Report.version)"),
    ] {
      try db.execute(sql: "INSERT INTO about VALUES (?, ?)", arguments: [key, value])
    }
  }

  private func fillCodebook(_ db: Database) throws {
    for vocabulary in Schema.bundled.vocabularies.values.sorted(by: { $0.name < $1.name }) {
      for code in vocabulary.codes {
        try db.execute(
          sql: "INSERT INTO codebook VALUES (?, ?, ?, ?)",
          arguments: [vocabulary.name, code.code, code.sv, code.en])
      }
    }
    for family in families {
      for field in family.fields {
        try db.execute(
          sql: "INSERT INTO field VALUES (?, ?, ?, ?, ?, ?)",
          arguments: [
            family.name, field.name, field.type.rawValue, field.vocabulary, field.label.sv,
            field.label.en,
          ])
      }
    }
  }

  // MARK: - Records

  private func fill(_ family: Family, _ db: Database) throws {
    let registers = family.fields.filter { $0.merge == .register }
    let columns = registers.map { "\"\($0.name)\" TEXT" }
    let own = [
      "id TEXT PRIMARY KEY", "owner TEXT NOT NULL", "created TEXT NOT NULL",
      "updated TEXT NOT NULL",
      "conflicts INTEGER NOT NULL", "review_status TEXT",
    ]
    try db.execute(
      sql: "CREATE TABLE \"\(family.name)\" (\((own + columns).joined(separator: ", "))) STRICT")
    let marks = databaseQuestionMarks(count: own.count + columns.count)
    let insert = try db.makeStatement(sql: "INSERT INTO \"\(family.name)\" VALUES (\(marks))")
    for key in try keys(of: family) {
      guard let state = try store.record(key) else { continue }
      let id = key.text
      let values: [(any DatabaseValueConvertible)?] =
        [
          id, "\(try store.owner(of: key))",
          Moment.text(Int64(clamping: state.created.milliseconds)),
          Moment.text(Int64(clamping: state.updated.milliseconds)), state.conflicts.count,
          family.name == "entry" ? catalogue.entry(key)?.review.code : nil,
        ] + registers.map { state[$0.name]?.values.first?.value?.exportText }
      try insert.execute(arguments: StatementArguments(values))
      try fillValues(of: state, id, besides: Set(registers.map(\.name)), db)
    }
  }

  private func keys(of family: Family) throws -> [RecordKey] {
    var keys: [RecordKey] = []
    try store.eachRecord(family: family.name) { _, summary in
      if !summary.isWithdrawn { keys.append(summary.key) }
    }
    return keys
  }

  private func fillValues(
    of state: RecordState, _ id: String, besides registers: Set<String>, _ db: Database
  ) throws {
    let statement = try db.cachedStatement(sql: "INSERT INTO value VALUES (?, ?, ?, ?)")
    for field in state.fields where !registers.contains(field.path) {
      for live in field.state.values.prefix(1) + field.state.elements {
        guard let text = live.value?.exportText else { continue }
        try statement.execute(arguments: [state.family, id, field.path, text])
      }
    }
  }
}
