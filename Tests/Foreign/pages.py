"""Walks the pages of `sprida export --to DIR` in a headless Chromium, as people see them.

    python pages.py DIR

Each page is shown at 320 and 1,280 pixels. axe-core must find no fault against WCAG 2.1 AA, nothing may
need scrolling sideways but what says so, no page may run or fetch anything, and every link must lead
somewhere. Prints what is wrong, a line each; exit code 0 when nothing is.
"""
import html.parser
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

import axe_core_python

folder = Path(sys.argv[1]).resolve()
AXE = Path(axe_core_python.__file__).parent / "axe.min.js"
WIDTHS = [320, 1280]
POLICY = "<meta http-equiv=\"Content-Security-Policy\""
CHECK = """
<script src="file://AXE"></script>
<script>
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).then(function (result) {
  var out = document.createElement("pre");
  out.id = "axe-result";
  out.textContent = JSON.stringify({
    faults: result.violations.map(function (v) { return v.id + ": " + v.nodes.map(function (n) {
      return n.target.join(" ") }).slice(0, 3).join(", ") }),
    passes: result.passes.length,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth });
  document.body.appendChild(out);
});
</script>
"""
problems = []


class Reader(html.parser.HTMLParser):
    """What a page holds: its links, its headings, the names of its elements and its words."""

    def __init__(self, text):
        super().__init__()
        self.links, self.tags, self.words, self.language, self.attributes = [], [], [], None, set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        values = dict(attributes)
        self.attributes |= {name for name, _ in attributes}
        if tag == "html":
            self.language = values.get("lang")
        if tag in ("a", "link") and values.get("href"):
            self.links.append(values["href"])

    def handle_data(self, data):
        self.words.append(data)


def browse(page, width):
    """The document after Chromium has shown it."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
             "--allow-file-access-from-files", f"--window-size={width},1000", "--virtual-time-budget=20000",
             "--dump-dom", f"file://{page}"], capture_output=True, text=True, timeout=120)
    return done.stdout


def check_with_axe(page):
    text = page.read_text()
    start = text.index(POLICY)
    # The check itself is a script, which the page's own policy would not run.
    text = text[:start] + text[text.index(">", start) + 1:]
    copy = page.with_name("_" + page.name)
    copy.write_text(text.replace("</body>", CHECK.replace("AXE", str(AXE)) + "</body>"))
    try:
        for width in WIDTHS:
            shown = browse(copy, width)
            mark = '<pre id="axe-result">'
            if mark not in shown:
                problems.append(f"{page.name} at {width}: axe gave no answer")
                continue
            answer = json.loads(html.unescape(shown.split(mark)[1].split("</pre>")[0]))
            problems.extend(f"{page.name} at {width}: {fault}" for fault in answer["faults"])
            if answer["passes"] < 10:
                problems.append(f"{page.name} at {width}: axe checked only {answer['passes']} rules")
            if answer["wide"] > 0:
                problems.append(f"{page.name} at {width}: {answer['wide']} pixels too wide")
    finally:
        copy.unlink()


def check_structure(page):
    """What holds of each page as it lies there."""
    text = page.read_text()
    name = page.relative_to(folder)
    reader = Reader(text)
    expected = "en" if name.parts[0] == "en" else "sv"
    if reader.language != expected:
        problems.append(f"{name}: language {reader.language}")
    if reader.tags.count("h1") != 1:
        problems.append(f"{name}: {reader.tags.count('h1')} main headings")
    for tag in ("script", "iframe", "object", "img", "form", "style"):
        if tag in reader.tags:
            problems.append(f"{name}: has <{tag}>")
    if any(attribute.startswith("on") or attribute == "style" for attribute in reader.attributes):
        problems.append(f"{name}: has an attribute that acts")
    if "default-src 'none'" not in text:
        problems.append(f"{name}: has no policy")
    for link in reader.links:
        if link.startswith(("http://", "https://", "mailto:", "#")):
            continue
        if not (page.parent / unquote(link.split("#")[0])).exists():
            problems.append(f"{name}: {link} leads nowhere")


# What only a server makes lies here too, as it was answered: it has a form, and links to itself.
answered = sorted(folder.glob("live-*.html"))
pages = [page for page in sorted(folder.rglob("*.html")) if page not in answered]
for page in pages:
    check_structure(page)

hostile = [page for page in pages if page.parent.name == "entry" and "&lt;script" in page.read_text()]
if not hostile:
    problems.append("no entry with hostile text to look at")
for page in hostile[:2]:
    shown = browse(page, 1280)
    reader = Reader(shown)
    if "script" in reader.tags or "img" in reader.tags or "svg" in reader.tags:
        problems.append(f"{page.name}: what an entry says has become an element")
    if "<title>HIT" in shown:
        problems.append(f"{page.name}: what an entry says has run")
    if not any("<script" in words for words in reader.words):
        problems.append(f"{page.name}: what an entry says is not shown as it was written")

walked = ["index.html", "en/index.html", "entries.html", "organisations.html", "conflicts.html", "accessibility.html",
          "report/coverage.html", "report/themes.html", "report/adoption.html", "en/report/money.html"]
walked += [str(page.relative_to(folder)) for page in hostile[:1]]
walked += [str(next(iter(sorted((folder / "organisation").glob("*.html")))).relative_to(folder))]
for page in [folder / name for name in walked] + answered:
    check_with_axe(page)

print("\n".join(problems))
sys.exit(1 if problems else 0)
