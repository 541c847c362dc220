"""Reads the files of `sprida export --to DIR` with foreign libraries.

    python exports.py DIR BASE-URL

csv, sqlite3, feedparser, rdflib, pyshacl and Datasette have to find in each file what the SQLite file
says. Prints what is wrong, a line each; exit code 0 when nothing is.
"""
import csv
import json
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path

import feedparser
import rdflib
from pyshacl import validate

folder, base = Path(sys.argv[1]), sys.argv[2]
problems = []


def expect(holds, what):
    if not holds:
        problems.append(what)


# --- SQLite: the measure of the others -----------------------------------------------------------

database = sqlite3.connect(f"file:{folder / 'catalogue.sqlite'}?mode=ro", uri=True)
expect(database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "sqlite: integrity")
titles = {row[0]: row[1] for row in database.execute("SELECT id, title FROM entry")}
digest = database.execute("SELECT value FROM about WHERE key = 'set_digest'").fetchone()[0]
for view in ["entry_by_theme", "entry_by_stage", "entry_by_organisation", "adoption_of_entry"]:
    database.execute(f"SELECT * FROM {view}").fetchall()
stages = database.execute("SELECT sum(entries) FROM entry_by_stage").fetchone()[0] or 0
expect(stages == len(titles), f"sqlite: {stages} entries by stage, {len(titles)} in all")
unknown = database.execute(
    "SELECT count(*) FROM value WHERE family = 'entry' AND path = 'themes' AND value NOT IN"
    " (SELECT code FROM codebook WHERE vocabulary = 'theme')").fetchone()[0]
expect(unknown == 0, f"sqlite: {unknown} themes that the codebook lacks")
tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
expect("contact" not in tables, "sqlite: contacts are personal")

# --- Datasette -----------------------------------------------------------------------------------

answer = subprocess.run(
    [sys.executable, "-m", "datasette", "-i", str(folder / "catalogue.sqlite"), "--get",
     "/catalogue/entry.json?_size=max&_shape=array"], capture_output=True, text=True)
expect(answer.returncode == 0, f"datasette: {answer.stderr[-300:]}")
if answer.returncode == 0:
    expect({row["id"] for row in json.loads(answer.stdout)} == set(titles), "datasette: other entries")

# --- CSV -----------------------------------------------------------------------------------------

for name, delimiter, mark in [("entries.csv", ",", b""), ("entries-excel.csv", ";", b"\xef\xbb\xbf")]:
    data = (folder / name).read_bytes()
    expect(data.startswith(b"\xef\xbb\xbf") == bool(mark), f"{name}: byte order mark")
    text = data[len(mark):].decode()
    rows = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    expect(all(len(row) == len(rows[0]) for row in rows), f"{name}: rows of unequal length")
    expect({row[0] for row in rows[1:]} == set(titles), f"{name}: other entries than the database")
    expect(rows[0][-1] in ("review_status", "Granskningsstatus", "Review status"), f"{name}: last column")
    expect(all(row[-1] for row in rows[1:]), f"{name}: a row without review status")
    expect(all(digest in row for row in rows[1:]), f"{name}: a row without the set digest")
    expect(data.endswith(b"\r\n"), f"{name}: line ends")
    if mark:
        risky = [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
        expect(not [cell for cell in risky if not cell.lstrip("-").isdigit()], f"{name}: formulas {risky[:3]}")

# --- Feeds ---------------------------------------------------------------------------------------

atom = feedparser.parse((folder / "feed.atom").read_bytes())
expect(not atom.bozo, f"feed.atom: {atom.get('bozo_exception')}")
expect(atom.version == "atom10", f"feed.atom: {atom.version}")
for entry in atom.entries:
    expect(uuid.UUID(entry.id).version == 8, f"feed.atom: id {entry.id}")
    expect(entry.link.startswith(base), f"feed.atom: link {entry.link}")
    expect(entry.title in titles.values(), f"feed.atom: {entry.title} is not in the database")
    expect("ranskning: " in entry.content[0].value or "Review: " in entry.content[0].value, f"feed.atom: {entry.title} without review status")
expect(len(atom.entries) == min(100, len(titles)), "feed.atom: number of entries")
feed = json.loads((folder / "feed.json").read_text())
expect(feed["version"] == "https://jsonfeed.org/version/1.1", "feed.json: version")
expect([item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries],
       "feed.json: other items than the Atom feed")
for item in feed["items"]:
    expect(item["content_text"] and item["_sprida"]["review_status"], f"feed.json: {item['title']}")

# --- Linked data ---------------------------------------------------------------------------------

text = (folder / "entries.jsonld").read_text()
expect("<" not in text, "entries.jsonld: could end a script element")
document = json.loads(text)
# The words of schema.org without its network address.
expect(document["@context"] == "https://schema.org/", "entries.jsonld: context")
document["@context"] = {"@vocab": "https://schema.org/"}
graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
schema = rdflib.Namespace("https://schema.org/")
named = {str(title) for kind in (schema.Article, schema.Report) for subject in graph.subjects(rdflib.RDF.type, kind)
         for title in graph.objects(subject, schema.name)}
expect(named == set(titles.values()), "entries.jsonld: other titles than the database")
for kind in (schema.Article, schema.Report):
    for subject in graph.subjects(rdflib.RDF.type, kind):
        for needed in (schema.publisher, schema.dateModified, schema.license, schema.creativeWorkStatus):
            expect((subject, needed, None) in graph, f"entries.jsonld: {subject} without {needed}")

# --- DCAT-AP-SE ----------------------------------------------------------------------------------

catalog = rdflib.Graph().parse(folder / "catalog.rdf", format="xml")
shapes = rdflib.Graph().parse(Path(__file__).parent / "dcat-ap-se.ttl")
conforms, _, report = validate(catalog, shacl_graph=shapes)
expect(conforms, f"catalog.rdf: {report}")
dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
terms = rdflib.Namespace("http://purl.org/dc/terms/")
vcard = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#")
for term in catalog.all_nodes():
    expect(not isinstance(term, rdflib.BNode), "catalog.rdf: a blank node")
    if isinstance(term, rdflib.URIRef):
        expect("://" in term or term.startswith("mailto:"), f"catalog.rdf: {term} is not absolute")
        expect(term.isascii() and " " not in term, f"catalog.rdf: {term} is not percent-encoded")
publishers, contacts = set(catalog.objects(None, terms.publisher)), set(catalog.objects(None, dcat.contactPoint))
expect(not publishers & contacts, "catalog.rdf: contact and publisher share an address")
expect(all(str(p).startswith("http://dataportal.se/organisation/SE") and len(str(p)) == 46 for p in publishers),
       f"catalog.rdf: publisher {publishers}")
expect(len(set(catalog.subjects(rdflib.RDF.type, dcat.Dataset))) == 1, "catalog.rdf: one dataset, not one an entry")
for address in catalog.objects(None, dcat.downloadURL):
    expect((folder / str(address).removeprefix(base)).exists(), f"catalog.rdf: {address} is not there")

print("\n".join(problems))
sys.exit(1 if problems else 0)
