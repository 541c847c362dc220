#!/usr/bin/env python3
"""The least that a first sync can cost with the file as it is: what C alone takes for the same work.

    pip install -r Tests/Foreign/requirements.txt
    Tests/Benchmarks/limit.py STORE [--operations 600]

STORE is a receiver's file after a first sync. Its rows are written again into an empty file of the same
schema by the command line of SQLite, in transactions of so many operations, durable as ours; its bodies are
packed again by the library of Zstandard. Neither sums nor digests nor the search are written, so the limit
lies above this. CPU seconds of each part; verification and hashes are INGEST of the harness's floor.
"""
import argparse, os, resource, sqlite3, subprocess, tempfile, time
import zstandard

TABLES = {"operation": "arrival", "record": "row", "facet_value": "row"}


def cpu_of(body):
    def now():
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in used)
    before = now()
    body()
    return now() - before


def sqlite(path, script):
    subprocess.run(["sqlite3", "-batch", "-bail", f"file:{path}"], input=script, text=True, check=True, stdout=subprocess.DEVNULL)


def reading(store):
    return sqlite3.connect(f"file:{store}?mode=ro", uri=True)


def ordered_copy(store, folder):
    """The rows in the order in which they are written, so that reading them costs little."""
    path = os.path.join(folder, "rows.db")
    sqlite(path, f"ATTACH 'file:{store}?mode=ro' AS source;" + "".join(
        f"CREATE TABLE {table} AS SELECT * FROM source.{table} ORDER BY {column};"
        f"CREATE INDEX {table}_place ON {table} ({column});" for table, column in TABLES.items()))
    return path


def writing(store, rows, folder, operations):
    path = os.path.join(folder, "written.db")
    with reading(store) as source:
        schema = [sql for sql, in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('operation', 'record', 'facet_value') AND sql IS NOT NULL "
            "AND type IN ('table', 'index') ORDER BY type DESC")]
        page, = source.execute("PRAGMA page_size").fetchone()
        last, = source.execute("SELECT max(arrival) FROM operation").fetchone()
        records, = source.execute("SELECT max(row) FROM record").fetchone()
    sqlite(path, f"PRAGMA page_size = {page}; PRAGMA journal_mode = WAL;" + ";".join(schema) + ";")
    script = [f"PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; ATTACH '{rows}' AS source;"]
    parts = -(-last // operations)
    for part in range(parts):
        script.append("BEGIN IMMEDIATE;")
        for table, column in TABLES.items():
            greatest = last if table == "operation" else records
            low, high = (greatest * p // parts for p in (part, part + 1))
            order = " ORDER BY part, path, value, row" if table == "facet_value" else ""
            script.append(f"INSERT INTO main.{table} SELECT * FROM source.{table} "
                          f"WHERE {column} > {low} AND {column} <= {high}{order};")
        script.append("COMMIT;")
    return cpu_of(lambda: sqlite(path, "".join(script)))


def packing(store):
    with reading(store) as source:
        bodies = [body for body, in source.execute("SELECT body FROM operation WHERE body IS NOT NULL")]
    unpack, pack = zstandard.ZstdDecompressor(), zstandard.ZstdCompressor(level=1)
    plain = [unpack.decompress(b) if b[:4] == b"\x28\xb5\x2f\xfd" else b for b in bodies]
    return cpu_of(lambda: [pack.compress(body) for body in plain])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("--operations", type=int, default=600, help="in one transaction")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(given.store))) as folder:
        rows = ordered_copy(given.store, folder)
        print("writing %.2f s" % writing(given.store, rows, folder, given.operations))
    print("packing %.2f s" % packing(given.store))


if __name__ == "__main__":
    main()
