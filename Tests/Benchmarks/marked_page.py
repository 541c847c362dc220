"""Puts measured tables into a page of the protocol."""

MARK = "<!-- measured -->\n"


def write(path, text):
    """Replaces what stands after the mark."""
    with open(path, encoding="utf-8") as file:
        before = file.read().split(MARK)[0]
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + MARK + "\n" + text)
