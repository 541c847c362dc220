#!/usr/bin/env python3
"""How the cost of a sync grows with the store, from 10^3 to 10^6 operations.

    swift build -c release --static-swift-stdlib --scratch-path .build/static --product benchmark-peer
    Tests/Benchmarks/growth.py [--operations 1000,10000,100000,1000000]
      [--binaries .build/static/release] [--write Protocol/growth.md]

Short signed entries of 290 municipalities, spread evenly over the years since the region was founded.
Every step is two processes over TLS on this machine; CPU and peak memory are what the kernel says of
them when they end. The greatest store takes 3 GB of disk and a quarter of an hour.
"""
import argparse, os, platform, shutil, signal, socket, sqlite3, subprocess, tempfile, time
import marked_page

HERE = os.path.dirname(os.path.abspath(__file__))
BINARIES = os.path.join(HERE, "..", "..", ".build", "static", "release")
PEER = None


class Cost:
    """What a process has taken: CPU seconds and peak MiB."""

    def __init__(self, process):
        _, status, usage = os.wait4(process.pid, 0)
        # The process is gone: subprocess must not look for it again.
        process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu, self.memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def run(*arguments, environment=None):
    process = subprocess.Popen([PEER, *map(str, arguments)], env=environment)
    cost = Cost(process)
    if process.returncode != 0:
        raise SystemExit(f"benchmark-peer {' '.join(map(str, arguments))} ended with {process.returncode}")
    return cost


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def sync(server, caller, scratch):
    """One session; the caller's report with the cost of both sides."""
    port, report = free_port(), os.path.join(scratch, "report")
    serving = subprocess.Popen([PEER, "serve", server, str(port)])
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    calling = run("sync", caller, port, environment=dict(os.environ, BENCHMARK_REPORT=report))
    serving.send_signal(signal.SIGTERM)
    served = Cost(serving)
    with open(report, encoding="utf-8") as file:
        values = dict(part.split("=") for part in file.read().split())
    return {"bytes": int(values["bytes"]), "trips": int(values["trips"]), "received": int(values["received"]),
            "cpu_server": served.cpu, "cpu_caller": calling.cpu, "memory_server": served.memory,
            "memory_caller": calling.memory}


def forget(*stores):
    """No cursor and no equal session is remembered, as at a first meeting."""
    for store in stores:
        with sqlite3.connect(store) as database:
            database.execute("DELETE FROM peer")
        database.close()


def size_of(store):
    with sqlite3.connect(store) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return os.path.getsize(store)


def measure(count, scratch):
    """The rows of one size, each with its name."""
    a, b = os.path.join(scratch, "A.sqlite"), os.path.join(scratch, "B.sqlite")
    run("init", a), run("init", b)
    filling = run("fill", a, count)
    rows = [("first sync", sync(a, b, scratch))]
    # A file that has only grown says more of the disk than one that has just been written.
    disk = size_of(b)
    rows.append(("nothing new", min((sync(a, b, scratch) for _ in range(3)), key=lambda row: row["cpu_caller"])))
    for news in (100, 1000):
        run("news", a, news)
        rows.append((f"night, {news} news", sync(a, b, scratch)))
    run("scatter", b, 100)
    forget(a, b)
    rows.append(("100 scattered, no cursor", sync(a, b, scratch)))
    return {"filling": filling, "disk": disk, "rows": rows}


def shown(value):
    return f"{value / 1e6:.1f} MB" if value >= 1e6 else f"{value / 1e3:.1f} kB"


def report(measured):
    sizes = sorted(measured)
    names = [name for name, _ in measured[sizes[0]]["rows"]]
    heading = "| step | " + " | ".join(f"{size:,}".replace(",", " ") for size in sizes) + " |"
    lines = [f"{platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}.", ""]
    tables = [
        ("Bytes, both ways, under TLS", lambda row: shown(row["bytes"])),
        ("Round trips", lambda row: str(row["trips"])),
        ("CPU of the caller, who receives", lambda row: f"{row['cpu_caller']:.3f} s"),
        ("CPU of the server", lambda row: f"{row['cpu_server']:.3f} s"),
        ("Peak memory of the caller", lambda row: f"{row['memory_caller']:.0f} MiB"),
        ("Peak memory of the server", lambda row: f"{row['memory_server']:.0f} MiB")]
    for title, value in tables:
        lines += [f"**{title}**", "", heading, "|---|" + "---:|" * len(sizes)]
        for index, name in enumerate(names):
            cells = [value(measured[size]["rows"][index][1]) for size in sizes]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        lines.append("")
    each = lambda size, seconds: f"{seconds / size * 1e6:.0f} µs"
    lines += ["**An operation**", "", heading.replace("step", "what"), "|---|" + "---:|" * len(sizes),
              "| sign, verify and store | " + " | ".join(each(s, measured[s]["filling"].cpu) for s in sizes) + " |",
              "| receive | " + " | ".join(each(s, measured[s]["rows"][0][1]["cpu_caller"]) for s in sizes) + " |",
              "| send | " + " | ".join(each(s, measured[s]["rows"][0][1]["cpu_server"]) for s in sizes) + " |",
              "| disk | " + " | ".join(f"{measured[s]['disk'] / s:.0f} B" for s in sizes) + " |", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", default="1000,10000,100000,1000000", help="by comma")
    parser.add_argument("--write", metavar="FILE", help="replace what stands after the line `<!-- measured -->`")
    parser.add_argument("--binaries", default=BINARIES, help="the folder of benchmark-peer")
    given = parser.parse_args()
    global PEER
    PEER = os.path.join(given.binaries, "benchmark-peer")
    measured = {}
    for count in map(int, given.operations.split(",")):
        scratch = tempfile.mkdtemp()
        try:
            measured[count] = measure(count, scratch)
        finally:
            shutil.rmtree(scratch)
    text = report(measured)
    print(text)
    if given.write:
        marked_page.write(given.write, text)


if __name__ == "__main__":
    main()
