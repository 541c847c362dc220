#!/usr/bin/env python3
"""What one durable publish costs from the command line, in stores of 10^3 to 10^5 entries.

    swift build -c release --static-swift-stdlib --scratch-path .build/static --product sprida
    Tests/Benchmarks/publish.py [--entries 1000,10000,100000] [--binaries .build/static/release]

A council and one organisation; what fills the store is published by the same command, in batches. CPU is
what the kernel says of the process that publishes, of so many the median.
"""
import argparse, os, re, resource, shutil, socket, statistics, subprocess, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
BINARIES = os.path.join(HERE, "..", "..", ".build", "static", "release")
BATCH, REPEATED = 2000, 21


class Region:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % probe.getsockname()[1]
        link = self.link("sprida-region", "council", "init", "--council", "Råd", "--address", address, "--json")
        server = subprocess.Popen([program, "serve", "-d", self.node("council")], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            request = self.link("sprida-join", "lerum", "init", "--organisation", "kommun:1441", "--region", link,
                                "--json")
            self.run("council", "admit", request)
            time.sleep(1)
            for command in (["sync"], ["key", "delegate", "--here"]):
                self.run("lerum", *command)
        finally:
            server.terminate()
            server.wait()

    def node(self, name):
        return os.path.join(self.folder, name)

    def run(self, name, *arguments):
        done = subprocess.run([self.program, *arguments, "-d", self.node(name)], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{arguments[:2]}: {done.stderr}{done.stdout}")
        return done.stdout

    def link(self, kind, name, *arguments):
        return re.search(kind + r":[A-Za-z0-9_-]+", self.run(name, *arguments)).group()

    def publish(self, numbers):
        """CPU seconds of one command."""
        files = []
        for number in numbers:
            path = os.path.join(self.folder, f"{number}.md")
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"---\nkind: tip\ntitle: Tips {number}\nsummary: Så här gör vi nu, nummer {number}.\n"
                           "themes: [INNO]\nstage: IDEA\ncontact_ref: a@b.se\n---\n")
            files.append(path)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.run("lerum", "publish", *files)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        for path in files:
            os.remove(path)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", default="1000,10000,100000", help="by comma")
    parser.add_argument("--binaries", default=BINARIES, help="the folder of sprida")
    given = parser.parse_args()
    folder, held = tempfile.mkdtemp(), 0
    try:
        region = Region(os.path.join(given.binaries, "sprida"), folder)
        print("| entries | CPU of one publish |\n|---:|---:|")
        for size in sorted(map(int, given.entries.split(","))):
            while held < size:
                region.publish(range(held, min(size, held + BATCH)))
                held = min(size, held + BATCH)
            each = [region.publish([size + number]) for number in range(REPEATED)]
            held += REPEATED
            print(f"| {size:,} | {statistics.median(each) * 1000:.0f} ms |".replace(",", " "), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
