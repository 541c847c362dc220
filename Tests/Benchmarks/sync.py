#!/usr/bin/env python3
"""What a sync costs: bytes, round trips, CPU seconds and peak memory of both processes.

    swift build -c release --product sprida
    Tests/Benchmarks/sync.py .build/release/sprida [--entries 1000] [--missing 100] [--jsonl FILE]

Two nodes of one region on loopback. The entries come from a JSON-lines file of the peers' workload,
or are made here from a seed. Measured: a first sync to an empty node, a quiet night, and a sync to a
node that holds all but a few. Trust bytes, then CPU, then ratios; wall time is noise.
"""
import argparse, json, os, random, resource, signal, subprocess, tempfile, time

WORDS = """arbete verksamhet grupp plan tjänst stöd kurs modell metod nämnd chef rum tid vård skola hem
väg plats process fråga insats samverkan uppföljning utbildning kartläggning bedömning rutin beslut
underlag samtal möte dialog enkät rapport budget kostnad effekt resurs kompetens ledning styrning
utveckling planering satsning bibliotek förvaltning enhet kommun energi värme vatten trafik""".split()


def entries(count, seed):
    draw = random.Random(seed)
    for number in range(count):
        yield {"title": f"Exempel {number} om {draw.choice(WORDS)}",
               "summary": " ".join(draw.choices(WORDS, k=40)),
               "body": " ".join(draw.choices(WORDS, k=200))}


def document(entry):
    title = entry["title"].replace('"', "'")[:150]
    return "\n".join([
        "---", "kind: practice", f'title: "{title}"', "themes: [INNO]", "stage: IDEA", "---",
        entry["summary"][:900].replace("\n", " "), "", "## approach", "", entry["body"][:7000], ""])


class Node:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.server = binary, folder, None

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments, "-d", self.folder], capture_output=True,
                              text=True, env={**os.environ, "LANG": "C.UTF-8"})
        assert done.returncode == 0, (arguments[:2], done.stderr[-2000:])
        return done.stdout

    def measured(self, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen([self.binary, *arguments, "-d", self.folder], text=True,
                                   stdout=subprocess.PIPE, env={**os.environ, "LANG": "C.UTF-8"})
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        assert status == 0, output
        return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def serve(self, port):
        self.server = subprocess.Popen(
            [self.binary, "serve", "-d", self.folder, "--listen", f"127.0.0.1:{port}"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.server.stdout.readline()

    def server_cpu(self):
        fields = open(f"/proc/{self.server.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def server_peak(self):
        for line in open(f"/proc/{self.server.pid}/status"):
            if line.startswith("VmHWM"):
                return int(line.split()[1])

    def stop(self):
        if self.server:
            self.server.send_signal(signal.SIGTERM)
            self.server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--entries", type=int, default=1000)
    parser.add_argument("--missing", type=int, default=100)
    parser.add_argument("--jsonl")
    parser.add_argument("--port", type=int, default=17441)
    options = parser.parse_args()
    if options.jsonl:
        source = [json.loads(line) for line in open(options.jsonl)]
    else:
        source = list(entries(options.entries, 1))
    with tempfile.TemporaryDirectory() as scratch:
        council = Node(options.binary, f"{scratch}/council")
        try:
            bench(options, source[:options.entries], scratch, council)
        finally:
            council.stop()


def bench(options, source, scratch, council):
    author = Node(options.binary, f"{scratch}/author")
    link = json.loads(council.run(
        "init", "--council", "Råd", "--address", f"127.0.0.1:{options.port}", "--json"))["link"]
    request = json.loads(author.run(
        "init", "--organisation", "kommun:1441", "--region", link, "--json"))["request"]
    council.run("admit", request)
    council.serve(options.port)
    author.run("sync")
    author.run("key", "delegate", "--here")
    author.run("sync")
    files = []
    for number, entry in enumerate(source):
        files.append(f"{scratch}/{number}.md")
        with open(files[-1], "w") as file:
            file.write(document(entry))
    bodies = sum(os.path.getsize(path) for path in files)
    print(f"{len(files)} entries, {bodies} bytes of Markdown")
    print(f"{'sync':28}{'news':>6}{'bytes':>10}{'rounds':>8}{'ms':>8}"
          f"{'CPU s':>14}{'peak MiB':>16}  equal")
    keep = len(files) - options.missing

    def publish(some):
        author.run("publish", "--imported", *some)

    def sync(name):
        cpu = council.server_cpu()
        output, own_cpu, own_peak = author.measured("sync", "--json")
        report = json.loads(output)[0]
        print(f"{name:28}{report['sent'] + report['received']:6}"
              f"{report['bytes_in'] + report['bytes_out']:10}{report['round_trips']:8}"
              f"{report['milliseconds']:8}"
              f"{own_cpu:7.2f}{council.server_cpu() - cpu:7.2f}"
              f"{own_peak / 1024:8.1f}{council.server_peak() / 1024:8.1f}  {report['equal']}")

    publish(files[:keep])
    sync(f"first, {keep} to an empty node")
    sync("quiet night")
    publish(files[keep:])
    sync(f"all but {options.missing}")
    # The same difference without any memory of earlier sessions.
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(f"{author.folder}/store.sqlite{suffix}"):
            os.remove(f"{author.folder}/store.sqlite{suffix}")
    sync("all, to an empty caller")


main()
