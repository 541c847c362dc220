#!/usr/bin/env python3
"""What a council's figures and pages cost, from 10^4 operations to 2 million.

    swift build -c release --product benchmark-council
    Tests/Benchmarks/council.py [--entries 1600,16000,311000] [--stores FOLDER] [--write Protocol/council.md]

Stores of 311 organisations, six operations for each entry. The greatest takes 4 GB of disk and half an
hour to fill; FOLDER keeps the stores for the next run.
"""
import argparse, os, platform, subprocess, tempfile
import marked_page

HERE = os.path.dirname(os.path.abspath(__file__))
COUNCIL = os.path.join(HERE, "..", "..", ".build", "release", "benchmark-council")
ROWS = [
    ("operations", "operations", "{:,.0f}"), ("read all and count, CPU", "open", "{:.2f} s"),
    ("after a night of 300 entries, CPU", "refresh", "{:.2f} s"),
    ("peak memory before", "memory_idle", "{:.0f} MiB"), ("peak memory with all in it", "memory", "{:.0f} MiB"),
    ("start page, p95", "page_start", "{:.1f} ms"), ("list of all, p95", "page_list", "{:.1f} ms"),
    ("list of a theme, p95", "page_theme", "{:.1f} ms"), ("organisations, p95", "page_organisations", "{:.1f} ms"),
    ("entry, p95", "page_entry", "{:.1f} ms"), ("reports, p95", "page_report", "{:.1f} ms"),
    ("search for words, p95", "page_search", "{:.1f} ms"), ("narrowed by a facet, p95", "page_narrowed", "{:.1f} ms"),
    ("any of these, p95", "page_any", "{:.1f} ms"), ("the catalogue as a database, CPU", "database", "{:.2f} s"),
    ("peak memory with it", "memory_database", "{:.0f} MiB")]


def measure(entries, folder):
    store = os.path.join(folder, f"{entries}.sqlite")
    if not os.path.exists(store):
        subprocess.run([COUNCIL, "fill", store, str(entries)], check=True)
    lines = subprocess.run([COUNCIL, "measure", store], check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in lines.splitlines())}


def report(measured):
    sizes = sorted(measured)
    lines = [f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}.", "",
             "| | " + " | ".join(f"{size:,} entries".replace(",", " ") for size in sizes) + " |",
             "|---|" + "---:|" * len(sizes)]
    for title, name, form in ROWS:
        lines.append(f"| {title} | " + " | ".join(form.format(measured[s][name]).replace(",", " ") for s in sizes) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", default="1600,16000,311000", help="by comma")
    parser.add_argument("--stores", metavar="FOLDER", help="where stores are kept for the next run")
    parser.add_argument("--write", metavar="FILE", help="replace what stands after the line `<!-- measured -->`")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measured = {int(e): measure(int(e), given.stores or scratch) for e in given.entries.split(",")}
    text = report(measured)
    print(text)
    if given.write:
        marked_page.write(given.write, text)


if __name__ == "__main__":
    main()
