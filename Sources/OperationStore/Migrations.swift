import FoundationEssentials
import GRDB

/// The schema, step by step.
///
/// The `operation` table is the truth; `projectionTables` are what `rebuild` remakes from it, and the
/// rest is what this node has seen and done.
package enum Migrations {
  private static let steps = [
    truth, projections, attachments, peersByNode, search, links, validKeys, sums, listing, packing,
    facetParts,
  ]
  /// Files of this version and of lower ones were made before any region was founded.
  private static let preliminary = 2
  /// The first version that regions have used; a file of it is brought up to date when it is opened.
  package static let oldest = 4
  static let current = preliminary + steps.count

  /// How many steps a file has taken (`PRAGMA user_version`).
  static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Takes the steps that are missing, inside the caller's transaction.
  static func migrate(_ db: Database) throws { try migrate(db, to: current) }

  /// The same up to a version, as the programs of its time made it.
  package static func migrate(_ db: Database, to target: Int) throws {
    let taken = max(0, try version(db) - preliminary)
    let missing = steps[..<(target - preliminary)].dropFirst(taken)
    for step in missing { try db.execute(sql: step) }
    if taken > 0, !missing.isEmpty {
      // What was derived before may lack what is derived now.
      try OperationStore.set("stale", to: Data([1]), db)
    }
    try db.execute(sql: "PRAGMA user_version = \(target)")
  }

  static let projectionTables = [
    "usage", "set_digest", "sum_page", "record", "facet_part", "facet_value", "searched_text",
    "word",
  ]
  /// Indexes over words, which hold what they were given until it is taken out.
  static let wordIndexes = ["record_title", "record_text", "word_part"]

  private static let truth = """
    CREATE TABLE setting (
      name TEXT PRIMARY KEY,      -- 'store': this store's random id; 'region': the founding id;
                                  -- 'charter': counts its changes; 'unsynced': after a restore;
                                  -- 'stale': projections are to be remade; 'swept': when files
                                  -- were deleted last
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE operation (
      arrival INTEGER PRIMARY KEY AUTOINCREMENT,  -- own numbering, never reused
      id BLOB NOT NULL UNIQUE,                    -- 32 bytes
      envelope BLOB NOT NULL,                     -- COSE_Sign1, as received
      body BLOB,                                  -- NULL: none, or erased
      source BLOB,                                -- store it came from; NULL: signed here
      received INTEGER NOT NULL,                  -- milliseconds since 1970, own clock
      class INTEGER NOT NULL,                     -- derived from here on: class of the header
      author BLOB NOT NULL,                       -- key
      organisation BLOB NOT NULL,                 -- by way of the delegation
      timestamp INTEGER NOT NULL,                 -- hybrid timestamp, as a bit pattern
      seconds INTEGER NOT NULL,                   -- reconciliation order, with id
      record BLOB,                                -- NULL: not about a record, or not understood
      body_size INTEGER NOT NULL,                 -- as signed, also when the body is erased
      understood INTEGER NOT NULL,                -- 0: of a later version; held and passed on
      verdict INTEGER NOT NULL,                   -- 0: counts in the fold; else why it does not
      exchanged INTEGER NOT NULL                  -- 1: in the digests; 0: evidence, or body missing
    ) STRICT;
    CREATE INDEX operation_by_record ON operation (organisation, record) WHERE record IS NOT NULL;
    CREATE INDEX operation_by_time ON operation (seconds, id, class);
    CREATE INDEX operation_by_author ON operation (author, arrival);
    CREATE INDEX operation_by_class ON operation (class, arrival);
    CREATE INDEX operation_apart ON operation (verdict, exchanged) WHERE verdict <> 0 OR exchanged = 0;
    CREATE INDEX operation_not_understood ON operation (understood) WHERE understood = 0;

    CREATE TABLE erasure (        -- orders that this node has carried out
      order_id BLOB PRIMARY KEY,
      done INTEGER NOT NULL       -- milliseconds since 1970, own clock
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE backup (         -- copies made here, which an erasure does not reach
      path TEXT PRIMARY KEY,
      made INTEGER NOT NULL       -- milliseconds since 1970, own clock
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE own_head (       -- heads that this device signed; the next operation names them
      author BLOB NOT NULL,
      operation BLOB NOT NULL,
      PRIMARY KEY (author, operation)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE waiting (        -- received before what it follows; outside every digest; bounded
      id BLOB PRIMARY KEY,
      envelope BLOB NOT NULL,
      body BLOB NOT NULL,
      source BLOB,
      missing BLOB NOT NULL       -- one prev that is not held
    ) STRICT;
    CREATE INDEX waiting_by_missing ON waiting (missing);

    CREATE TABLE refusal (        -- counters, by reason
      code TEXT PRIMARY KEY,      -- of Protocol/errors.md
      count INTEGER NOT NULL,
      latest INTEGER NOT NULL,    -- milliseconds since 1970, own clock
      reason TEXT NOT NULL        -- of the latest
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE peer (           -- remade by `peersByNode`
      store BLOB PRIMARY KEY,     -- the peer's store id
      node BLOB NOT NULL,         -- the key that last spoke for it
      number INTEGER NOT NULL,    -- cursor: the peer's arrival number up to which all is here
      operation BLOB NOT NULL,    -- cursor: the operation that has it
      own_number INTEGER NOT NULL, -- own last arrival at the latest equal session
      latest INTEGER NOT NULL,    -- milliseconds since 1970: latest session
      latest_equal INTEGER        -- latest session that ended equal
    ) STRICT;
    CREATE INDEX peer_by_node ON peer (node, latest);
    """

  private static let projections = """
    CREATE TABLE usage (          -- what each organisation's operations take up
      organisation BLOB PRIMARY KEY,
      bytes INTEGER NOT NULL      -- envelopes and bodies, as signed
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE set_digest (
      scope BLOB PRIMARY KEY,     -- organisation of its records; 32 zero bytes: charter and orders
      count INTEGER NOT NULL,
      state BLOB NOT NULL         -- LtHash, 1,024 little-endian lanes
    ) STRICT;

    CREATE TABLE record (
      row INTEGER PRIMARY KEY,
      organisation BLOB NOT NULL,
      record BLOB NOT NULL,
      family TEXT NOT NULL,
      title TEXT NOT NULL,        -- displayed title, or empty
      sort_key TEXT NOT NULL,     -- Swedish order of the title
      created INTEGER NOT NULL,   -- milliseconds since 1970, claimed
      updated INTEGER NOT NULL,
      conflicts INTEGER NOT NULL, -- fields with several live values
      withdrawn INTEGER NOT NULL, -- 1: to be hidden from lists, searches and reports
      text TEXT NOT NULL,         -- all text, for search
      is_indexed INTEGER NOT NULL DEFAULT 0,
      UNIQUE (organisation, record)
    ) STRICT;
    CREATE INDEX record_by_title ON record (family, sort_key, record);
    CREATE INDEX record_to_index ON record (row) WHERE is_indexed = 0;

    CREATE TABLE facet (          -- short displayed values, for lists and reports
      row INTEGER NOT NULL REFERENCES record (row) ON DELETE CASCADE,
      path TEXT NOT NULL,
      value TEXT NOT NULL,        -- codes and dates as they are, references as organisation/record
      PRIMARY KEY (row, path, value)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX facet_by_value ON facet (path, value, row);

    CREATE VIRTUAL TABLE record_text USING fts5 (
      title, text, content = 'record', content_rowid = 'row',
      tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE TABLE word (           -- distinct words of the index
      word TEXT PRIMARY KEY,
      folded TEXT NOT NULL,       -- without diacritics
      records INTEGER NOT NULL    -- indexed records that have it; never 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX word_by_folded ON word (folded);
    """

  private static let attachments = """
    CREATE TABLE attachment (     -- files that records name; as much of them as is here
      row INTEGER PRIMARY KEY,
      digest BLOB NOT NULL,
      salt BLOB NOT NULL,
      size INTEGER NOT NULL,      -- bytes
      chunk_digests BLOB,         -- 32 bytes each; NULL: no chunk has come
      chunks INTEGER NOT NULL DEFAULT 0,   -- so many are here, from the first on
      is_whole INTEGER NOT NULL DEFAULT 0, -- 1: all of them
      asked INTEGER NOT NULL DEFAULT 0,    -- how often it has been asked for since the last chunk
      UNIQUE (digest, salt, size)
    ) STRICT;
    CREATE INDEX attachment_missing ON attachment (asked, size, row) WHERE is_whole = 0;

    CREATE TABLE attachment_chunk (
      attachment INTEGER NOT NULL REFERENCES attachment (row) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      bytes BLOB NOT NULL,        -- at most 64 KiB
      PRIMARY KEY (attachment, number)
    ) STRICT;

    CREATE TABLE attachment_use ( -- which record names which file, or did
      attachment INTEGER NOT NULL REFERENCES attachment (row) ON DELETE CASCADE,
      organisation BLOB NOT NULL,
      record BLOB NOT NULL,
      is_live INTEGER NOT NULL,   -- 0: no live value names it any more
      unnamed_since INTEGER,      -- milliseconds since 1970, own clock; when that was noticed
      PRIMARY KEY (attachment, organisation, record)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attachment_use_by_record ON attachment_use (organisation, record);
    CREATE INDEX attachment_unnamed ON attachment_use (unnamed_since) WHERE is_live = 0;
    """

  /// Any member may claim a store's id; the node key is proved by TLS.
  private static let peersByNode = """
    ALTER TABLE peer RENAME TO former_peer;
    DROP INDEX peer_by_node;
    CREATE TABLE peer (
      store BLOB NOT NULL,        -- the peer's store id, as it says
      node BLOB NOT NULL,         -- the key that spoke for it
      number INTEGER NOT NULL,    -- cursor: the peer's arrival number up to which all is here
      operation BLOB NOT NULL,    -- cursor: the operation that has it
      own_number INTEGER NOT NULL, -- own last arrival at the latest equal session
      latest INTEGER NOT NULL,    -- milliseconds since 1970: latest session
      latest_equal INTEGER,       -- latest session that ended equal
      PRIMARY KEY (store, node)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO peer SELECT store, node, number, operation, own_number, latest, latest_equal
      FROM former_peer;
    DROP TABLE former_peer;
    CREATE INDEX peer_by_node ON peer (node, latest);
    """

  /// Titles apart from texts, publishers by a word of their own, and the parts of words.
  private static let search = """
    DROP TABLE record_text;
    DROP TABLE word;
    ALTER TABLE record ADD COLUMN publisher TEXT NOT NULL DEFAULT '';  -- organisation, as one word
    UPDATE record SET publisher = lower(hex(organisation)), is_indexed = 0;
    CREATE INDEX record_listed ON record (family, withdrawn, sort_key);
    CREATE INDEX record_updated ON record (family, withdrawn, updated);
    CREATE INDEX operation_received ON operation (received);
    CREATE INDEX operation_stamped ON operation (author, timestamp);

    CREATE VIRTUAL TABLE record_title USING fts5 (
      title, publisher, content = 'record', content_rowid = 'row',
      tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE VIRTUAL TABLE record_text USING fts5 (
      text, publisher, content = 'record', content_rowid = 'row',
      tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE TABLE word (           -- distinct words of the texts
      id INTEGER PRIMARY KEY,
      word TEXT NOT NULL UNIQUE,
      folded TEXT NOT NULL,       -- without diacritics
      records INTEGER NOT NULL    -- indexed records that have it; never 0
    ) STRICT;
    CREATE INDEX word_by_folded ON word (folded);
    CREATE VIRTUAL TABLE word_part USING fts5 (  -- by each three letters in a row
      folded, content = 'word', content_rowid = 'id', tokenize = 'trigram', detail = none,
      columnsize = 0
    );
    """

  private static let links = """
    CREATE TABLE link_check (     -- what this node has seen of the web addresses in records
      organisation BLOB NOT NULL,
      record BLOB NOT NULL,
      address TEXT NOT NULL,
      checked INTEGER NOT NULL,   -- milliseconds since 1970, own clock
      status INTEGER,             -- of HTTP; NULL: no answer
      PRIMARY KEY (organisation, record, address)
    ) STRICT, WITHOUT ROWID;
    """

  private static let validKeys = """
    CREATE TABLE valid_key (      -- keys of the charter that were found to be valid points
      key BLOB PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    """

  private static let sums = """
    CREATE TABLE sum_page (       -- trees of what is exchanged, by time and id (`SumTree`)
      page INTEGER PRIMARY KEY,   -- of the charter from 0 on, of records from 2^40 on
      content BLOB NOT NULL
    ) STRICT;
    DROP INDEX operation_by_time;
    """

  /// A row of a record that is replaced and never changed, with all that lists and reports read of it;
  /// values stand in a table of their own only where something is found by them.
  private static let listing = """
    DROP TABLE facet;
    DROP TABLE record;
    CREATE TABLE record (
      row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: what is new has a greater one
      organisation BLOB NOT NULL,
      record BLOB NOT NULL,
      family TEXT NOT NULL,
      title TEXT NOT NULL,        -- displayed title, or empty
      sort_key TEXT NOT NULL,     -- Swedish order of the title
      created INTEGER NOT NULL,   -- milliseconds since 1970, claimed
      updated INTEGER NOT NULL,
      conflicts INTEGER NOT NULL, -- fields with several live values
      withdrawn INTEGER NOT NULL, -- 1: to be hidden from lists, searches and reports
      version BLOB NOT NULL,      -- what a review says that it has seen
      is_review INTEGER NOT NULL, -- 1: every operation of it is of class review
      facets TEXT NOT NULL,       -- short displayed values by path (`Facets`)
      stages TEXT NOT NULL,       -- the stages it came to, with their times
      is_indexed INTEGER NOT NULL DEFAULT 0,
      publisher TEXT NOT NULL,    -- organisation, as one word
      text TEXT NOT NULL,         -- all text, for search
      UNIQUE (organisation, record)
    ) STRICT;
    CREATE INDEX record_by_title ON record (family, sort_key, organisation, record);
    CREATE INDEX record_to_index ON record (row) WHERE is_indexed = 0;
    CREATE INDEX record_listed ON record (family, withdrawn, sort_key);
    CREATE INDEX record_updated ON record (family, withdrawn, updated);

    CREATE TABLE facet (          -- the same values, but for cells of tables
      path TEXT NOT NULL,
      value TEXT NOT NULL,        -- codes and dates as they are, references as organisation/record
      row INTEGER NOT NULL,       -- of `record`; taken out with it
      PRIMARY KEY (path, value, row)
    ) STRICT, WITHOUT ROWID;
    """

  /// The text of a record stands beside the index of words that was given it, packed, and is made when
  /// the index is; lists need one index by title.
  private static let packing = """
    DROP TABLE record_title;
    DROP TABLE record_text;
    ALTER TABLE record RENAME TO former_record;
    CREATE TABLE record (
      row INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: what is new has a greater one
      organisation BLOB NOT NULL,
      record BLOB NOT NULL,
      family TEXT NOT NULL,
      title TEXT NOT NULL,        -- displayed title, or empty
      sort_key TEXT NOT NULL,     -- Swedish order of the title
      created INTEGER NOT NULL,   -- milliseconds since 1970, claimed
      updated INTEGER NOT NULL,
      conflicts INTEGER NOT NULL, -- fields with several live values
      withdrawn INTEGER NOT NULL, -- 1: to be hidden from lists, searches and reports
      version BLOB NOT NULL,      -- what a review says that it has seen
      is_review INTEGER NOT NULL, -- 1: every operation of it is of class review
      facets TEXT NOT NULL,       -- short displayed values by path (`Facets`)
      stages TEXT NOT NULL,       -- the stages it came to, with their times
      UNIQUE (organisation, record)
    ) STRICT;
    INSERT INTO sqlite_sequence SELECT 'record', seq FROM sqlite_sequence
      WHERE name = 'former_record';
    DROP TABLE former_record;
    CREATE INDEX record_by_title ON record (family, sort_key, organisation, record);
    CREATE INDEX record_updated ON record (family, withdrawn, updated);

    CREATE TABLE searched_text (  -- of records that are in the index of words: up to the greatest row
      row INTEGER PRIMARY KEY,
      text BLOB NOT NULL          -- all text, as `Packing` packs it
    ) STRICT;
    CREATE VIEW searched AS       -- what the index was given
      SELECT row, title, unpacked(text) AS text, lower(hex(organisation)) AS publisher
      FROM searched_text JOIN record USING (row);
    CREATE VIRTUAL TABLE record_title USING fts5 (
      title, publisher, content = 'searched', content_rowid = 'row', columnsize = 0,
      tokenize = "unicode61 remove_diacritics 0"
    );
    CREATE VIRTUAL TABLE record_text USING fts5 (
      text, publisher, content = 'searched', content_rowid = 'row', columnsize = 0,
      tokenize = "unicode61 remove_diacritics 0"
    );
    """

  /// An index of values for each part of the records is written where the new ones are.
  ///
  /// In one over all records values lie anywhere, so that each transaction wrote most of its pages.
  private static let facetParts = """
    DROP TABLE facet;
    CREATE TABLE facet_part (
      part INTEGER PRIMARY KEY    -- that has been written: row / 4096
    ) STRICT;
    CREATE TABLE facet_value (    -- short displayed values, but for cells of tables
      part INTEGER NOT NULL,
      path TEXT NOT NULL,
      value TEXT NOT NULL,        -- codes and dates as they are, references as organisation/record
      row INTEGER NOT NULL,       -- of `record`; taken out with it
      PRIMARY KEY (part, path, value, row)
    ) STRICT, WITHOUT ROWID;
    CREATE VIEW facet AS
      SELECT path, value, row FROM facet_part CROSS JOIN facet_value USING (part);
    """
}
