#!/usr/bin/env python3
"""The product beside git and Fossil in one run, as the tables of Protocol/performance.md.

    swift build -c release --static-swift-stdlib --scratch-path .build/static --product benchmark-peer
    Tests/Benchmarks/compare.py HARNESS [--entries 10000] [--peers fossil-files] [--repeat 3]
      [--binaries .build/static/release] [--write Protocol/performance.md]

The build is the one that is installed, with the Swift libraries in it.

HARNESS is the folder of the peers' harness, which is not part of this project: `workload.py`,
`peer_cmd.py`, `peer_git.py`, `peer_fossil.py` and `floor.py`, on one counting proxy. It needs git,
fossil, gcc, PyNaCl and the development files of libsodium and SQLite. Trust bytes, then CPU, then
ratios.
"""
import argparse, json, os, platform, statistics, subprocess, sys, tempfile
import marked_page

HERE = os.path.dirname(os.path.abspath(__file__))
BINARIES = os.path.join(HERE, "..", "..", ".build", "static", "release")
PEERS = [("sprida", ""), ("fossil", "files"), ("fossil", "tickets"), ("git", "per-entry")]
SCRIPTS = {"fossil": "peer_fossil", "git": "peer_git"}
STEPS = [("first", None)] + [("night", delta) for delta in (0, 10, 100, 1000)]


def run(harness, entries, scratch, given):
    """The rows of every peer that is asked for, each a dictionary."""
    data, rows = os.path.join(scratch, "data"), []
    os.makedirs(data)
    environment = dict(os.environ, PATH=os.path.abspath(given.binaries) + ":" + os.environ["PATH"])
    subprocess.run([sys.executable, "workload.py", "gen", "--entries", str(entries), "--out",
                    os.path.join(data, f"w{entries}")], cwd=harness, check=True, stdout=subprocess.DEVNULL)
    peers = {}
    for name in given.peers.split(","):
        peer, _, variant = name.partition("-")
        peers.setdefault(peer, []).append(variant)
    scripts = [("floor", []), ("peer_cmd", ["--config", os.path.join(HERE, "peers.json")])] + [
        (SCRIPTS[peer], ["--variants", ",".join(variants)]) for peer, variants in peers.items()]
    for script, extra in scripts:
        out = os.path.join(scratch, script + ".jsonl")
        print(f"{script} …", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, script + ".py", "--data", data, "--entries", str(entries), "--first",
                        str(given.repeat), "--nights", str(given.repeat), "--out", out, *extra], cwd=harness, env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        with open(out, encoding="utf-8") as lines:
            rows += [json.loads(line) for line in lines]
    return rows


def median(rows, peer, variant, step, delta, value):
    found = [value(row) for row in rows if row.get("peer") == peer and (row.get("variant") or "") == variant
             and row.get("op") == step and (delta is None or row.get("d") == delta)]
    return statistics.median(found) if found else None


def shown(value, unit):
    if value is None:
        return "–"
    if unit == "bytes":
        return f"{value / 1e6:.2f} MB" if value >= 1e6 else f"{value / 1e3:.1f} kB"
    return f"{value / 1024:.0f} MiB" if unit == "memory" else f"{value:.3f} s"


def table(rows, title, unit, value):
    peers = [peer for peer in PEERS if median(rows, *peer, "first", None, value) is not None]
    names = [f"{peer} {variant}".strip() for peer, variant in peers]
    lines = [f"**{title}**", "", "| step | " + " | ".join(names) + " | to fossil files | to git |",
             "|---|" + "---:|" * (len(names) + 2)]
    compared = {peer: number for number, peer in enumerate(peers)}
    for step, delta in STEPS:
        values = [median(rows, peer, variant, step, delta, value) for peer, variant in peers]
        others = [values[compared[peer]] if peer in compared else None for peer in (PEERS[1], PEERS[3])]
        ratios = [f"{values[0] / other:.2f}" if other and values[0] else "–" for other in others]
        name = "first sync" if step == "first" else "nothing new" if delta == 0 else f"night, {delta} news"
        lines.append(f"| {name} | " + " | ".join([shown(v, unit) for v in values] + ratios) + " |")
    return lines + [""]


def report(rows, entries):
    floor = [row for row in rows if row.get("peer") == "floor"]
    lines = [f"## {entries:,} entries".replace(",", " "), "",
             f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}; medians.", ""]
    lines += table(rows, "Bytes on the wire, both ways, TLS handshake included", "bytes", lambda r: r["bytes"])
    lines += table(rows, "CPU of both sides", "seconds", lambda r: r["cpu_a"] + r["cpu_b"])
    lines += table(rows, "CPU of the receiver", "seconds", lambda r: r["cpu_b"])
    lines += table(rows, "Peak memory of the receiver", "memory", lambda r: r["rss_b_kb"])
    ingest = [row["us_each"] for row in floor if str(row.get("op", "")).startswith("INGEST")]
    if ingest:
        lines += [f"Floor, INGEST: {statistics.median(ingest):.0f} µs an entry, "
                  f"{statistics.median(ingest) * entries / 1e6:.3f} s in all.", ""]
    converged = [row for row in rows if row.get("peer") == "sprida" and row.get("op") in ("converged", "concurrent")]
    for row in converged:
        kept = {key: row[key] for key in ("equal", "as_published", "entries", "edited", "both_edits_kept") if key in row}
        lines.append(f"{row['op']}: {json.dumps(kept, ensure_ascii=False)}  ")
    disk = [row["disk"] for row in rows if row.get("peer") == "sprida" and row.get("op") == "disk"]
    if disk:
        lines.append(f"disk of the receiver after the first sync, search index apart: {shown(disk[0], 'bytes')}")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness")
    parser.add_argument("--entries", default="10000", help="by comma")
    parser.add_argument("--peers", default="fossil-files,fossil-tickets,git-per-entry", help="by comma")
    parser.add_argument("--repeat", type=int, default=3, help="how often each step is taken")
    parser.add_argument("--binaries", default=BINARIES, help="the folder of benchmark-peer")
    parser.add_argument("--write", metavar="FILE", help="replace what stands after the line `<!-- measured -->`")
    given = parser.parse_args()
    reports = []
    for entries in map(int, given.entries.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            reports.append(report(run(given.harness, entries, scratch, given), entries))
    text = "\n".join(reports)
    print(text)
    if given.write:
        marked_page.write(given.write, text)


if __name__ == "__main__":
    main()
