"""Check that names written from right to left turn nothing else on a page of
mc-report: each is within an element bdi, which for a file is read from the left so
that its ending is at its end, and no character that acts on what is behind it is left.  Which characters these are, Python's unicodedata says.

    right.py REPORT
    right.py flow >FLOW       a flow table with each of these characters

Prints "ok" or "not ok", a TAB and what was checked.
"""
import html.parser
import re
import sys
import unicodedata

FROM_RIGHT = {"R", "AL", "AN"}
ISOLATE, END = "[\u2066\u2068]", "\u2069"
CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B"}


def turns(text):
    return any(unicodedata.bidirectional(c) in FROM_RIGHT for c in text)


def acts(text):
    return any(unicodedata.bidirectional(c) in CONTROLS and c not in "\n\r"
               for c in text)


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.loose, self.acting, self.isolated = [], [], [], 0
        self.attributes, self.directions, self.files = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag == "wbr":
            return
        self.open.append(tag)
        self.directions.append(dict(attrs).get("dir"))
        for name, value in attrs:
            outside = "".join(part.split(END)[-1] if i else part
                              for i, part in enumerate(re.split(ISOLATE, value)))
            if name != "download" and turns(outside) or acts(outside):
                self.attributes.append((tag, name, value))

    def handle_endtag(self, tag):
        while self.open.pop() != tag:
            self.directions.pop()
        self.directions.pop()

    def handle_data(self, data):
        if acts(data) and "title" not in self.open:
            self.acting.append((self.open[-1], data))
        if not turns(data):
            return
        if "bdi" in self.open:
            self.isolated += 1
            if re.search(r"\.(tsv|tar|png)$", data):
                self.files.append(self.directions[-1])
        else:
            self.loose.append((self.open[-1], data))


def check(fine, name, why):
    print("ok" if fine else "not ok", name, sep="\t")
    if not fine:
        print(f"{name}: {why}", file=sys.stderr)


def main(path):
    with open(path, encoding="utf-8") as f:
        source = f.read()
    page = Reader()
    page.feed(source)
    check(page.isolated > 30 and not page.loose,
          "names from right to left are isolated",
          (page.isolated, page.loose[:5]))
    check(not page.acting, "nothing acts on the text behind it",
          page.acting[:5])
    check(not page.attributes, "nor in attributes", page.attributes[:5])
    check(len(page.files) > 4 and set(page.files) == {"ltr"},
          "files are read from the left", page.files)
    check(len(re.findall("<bdi[ >]", source)) == source.count("</bdi>"),
          "isolates end", "")
    check("b a" in source, "an override is a blank", "")


def flow():
    """A cause per character, each of which leaves out one image."""
    letters = [c for c in map(chr, range(sys.maxunicode + 1))
               if unicodedata.bidirectional(c) in FROM_RIGHT]
    n = len(letters)
    print("program\treason\timages\tgroups\timages_left\tgroups_left")
    print(f"\tfound\t{n}\t\t{n}\t")
    for i, c in enumerate(letters):
        print(f"mc-index\t{c}\t1\t\t{n - i - 1}\t")


if sys.argv[1] == "flow":
    sys.stdout.reconfigure(encoding="utf-8")
    flow()
else:
    main(sys.argv[1])
