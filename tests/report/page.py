"""Check a page of mc-report as a program that reads HTML sees it: its outline,
its links, its files, that nothing comes from elsewhere, and that every number is
the one of its table.

    page.py REPORT ALPHA TASK...    in the folder of study.py

Prints "ok" or "not ok", a TAB and what was checked.
"""
import base64
import csv
import glob
import hashlib
import html.parser
import math
import os
import re
import statistics
import sys
import tarfile

MINUS, MISSING = "\u2212", "\u2013"
VOID = {"meta", "img", "br", "wbr", "hr", "link", "input"}


class Element:
    def __init__(self, name, attributes, parent):
        self.name, self.at, self.parent = name, dict(attributes), parent
        self.children = []

    def text(self):
        return "".join(c if isinstance(c, str) else c.text()
                       for c in self.children)

    def words(self):
        """The text without notes' letters."""
        return "".join(c if isinstance(c, str) else "" if c.name == "sup"
                       else c.words() for c in self.children).strip()

    def all(self, *names):
        for c in self.children:
            if not isinstance(c, str):
                if not names or c.name in names:
                    yield c
                yield from c.all(*names)


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.here = Element("", [], None)
        self.faults = []

    def handle_starttag(self, tag, attrs):
        e = Element(tag, attrs, self.here)
        self.here.children.append(e)
        if tag not in VOID:
            self.here = e

    def handle_endtag(self, tag):
        if self.here.name != tag:
            self.faults.append(f"</{tag}> ends <{self.here.name}>")
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)


def check(fine, name, why=""):
    print("ok" if fine else "not ok", name, sep="\t")
    if not fine and why:
        print(f"{name}: {why}", file=sys.stderr)


def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def grid(element):
    """The rows of a table as dictionaries by their headings."""
    heads = [h.words() for h in next(element.all("thead")).all("th")]
    return [dict(zip(heads, [c.words() for c in row.all("th", "td")]))
            for row in next(element.all("tbody")).all("tr")]


def printed(value, decimals, factor=100, sign=False):
    """VALUE as the report prints it."""
    if value == "":
        return MISSING
    text = f"{factor * float(value):{'+' if sign else ''}.{decimals}f}"
    if not text.strip("+-0."):
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def decimals(rows, row, least=0, most=3):
    """The decimals with which half the width of most intervals of ROW's metric
    has two significant digits."""
    same = [r for r in rows if all(r[k] == row[k] for k in
                                   ("metric", "average", "class"))]
    half = [50 * (float(r["hi"]) - float(r["lo"])) for r in same if r["lo"]]
    half = statistics.median(h for h in half if h > 0)
    two = f"{half:.1e}"
    return min(max(1 - int(two.split("e")[1]), least), most)


def estimate(row, value, decimals):
    text = printed(row[value], decimals)
    if row["lo"] != "":
        text += f" [{printed(row['lo'], decimals)}, " \
            f"{printed(row['hi'], decimals)}]"
    return text


def structure(reader, source):
    root = reader.root
    check(not reader.faults, "tags are closed in their order", reader.faults)
    check(source.startswith("<!DOCTYPE html>\n<html lang=\"en\">"),
          "the page has a doctype and a language")
    levels = [int(h.name[1]) for h in root.all("h1", "h2", "h3", "h4")]
    check(levels.count(1) == 1 and levels[0] == 1 and all(
        b <= a + 1 for a, b in zip(levels, levels[1:])),
        "one h1, and headings go down by one level")
    ids = [e.at["id"] for e in root.all() if "id" in e.at]
    check(len(ids) == len(set(ids)), "no id is given twice",
          {i for i in ids if ids.count(i) > 1})
    links = [e.at["href"] for e in root.all("a")]
    check(len(links) > 20 and all(x[1:] in ids for x in links if x[0] == "#"),
          "every link of the page leads somewhere",
          [x for x in links if x[0] == "#" and x[1:] not in ids])
    labels = [e.at["aria-labelledby"] for e in root.all()
              if "aria-labelledby" in e.at]
    check(labels and all(x in ids for x in labels),
          "what names a region is there")
    for t in root.all("table"):
        widths = {sum(1 for _ in r.all("th", "td")) for r in t.all("tr")}
        if len(widths) != 1 or not next(t.all("caption")).text().strip() or \
                any("scope" not in h.at for h in t.all("th")):
            check(False, "a table has a caption, scopes and one width",
                  t.at.get("id"))
            break
    else:
        check(True, "tables have captions, scopes and one width")
    images = list(root.all("img"))
    check(images and all(len(i.at["alt"]) > 20 for i in images),
          "pictures have a text in their place")
    check(len(list(root.all("main"))) == 1 and
          next(root.all("body")).children[1].at.get("href") == "#content",
          "the first link skips to the content")


def isolation(root, source):
    outside = [(e.name, v[:60]) for e in root.all() for k, v in e.at.items()
               if k in ("src", "href", "srcset", "data", "action", "poster")
               and not v.startswith(("#", "data:"))]
    check(not outside, "nothing comes from elsewhere", outside)
    check(not any(e.name in ("link", "iframe", "object", "embed", "base")
                  for e in root.all()), "no element loads a file")
    check(not any(k.startswith("on") or k == "style" for e in root.all()
                  for k in e.at), "no script or style in attributes")
    style = next(root.all("style")).text()
    check("url(" not in style and "@import" not in style,
          "the style loads nothing")
    policy = next(e.at["content"] for e in root.all("meta")
                  if e.at.get("http-equiv") == "Content-Security-Policy")
    check(policy.startswith("default-src 'none'; img-src data:;"),
          "the policy forbids the network")
    for kind in "style", "script":
        text = next(root.all(kind)).text()
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest())
        check(f"{kind}-src 'sha256-{digest.decode()}'" in policy,
              f"the policy has the digest of the {kind}")
    for image in root.all("img"):
        if "svg" in image.at["src"][:20]:
            svg = base64.b64decode(image.at["src"].split(",", 1)[1])
            check(b"<script" not in svg and b"href=\"http" not in svg and
                  b":Bold" not in svg, "a figure holds neither script nor "
                  "link, and names its fonts as SVG does")
    check(all(c.isprintable() or c in "\n\t" for c in source),
          "no control character but newlines and TABs")
    with open("commands.txt", encoding="utf-8") as f:
        check(next(root.all("pre")).text() == f.read() and
              source.count("\t") == 1, "the commands as they stand")


def files(root, given):
    rows = grid(next(e for e in root.all("table") if e.at.get("id") == "files"))
    links = {e.at["download"]: e.at["href"] for e in root.all("a")
             if "download" in e.at}
    content = {name: base64.b64decode(uri.split(",", 1)[1])
               for name, uri in links.items()}
    for name, path in given.items():
        with open(path, "rb") as f:
            check(content.get(name) == f.read(), f"{name} is {path}")
    check(len(rows) == len(content) and all(
        r["SHA-256"] == hashlib.sha256(content[r["File"]]).hexdigest() and
        int(r["Bytes"]) == len(content[r["File"]]) for r in rows),
        "files have their sizes and digests")
    return content


NAMES = {"resnet18": "ResNet-18", "dinov2_vits14": "DINOv2 ViT-S/14",
         "frozen": "frozen", "finetune": "fine-tuned"}
HEADINGS = {"accuracy": "Accuracy", "precision": "Precision",
            "recall": "Recall", "f1": "F1", "auroc": "AUROC"}


def arm_in_print(arm):
    return ", ".join(NAMES[part] for part in arm.split("/"))


def metrics(root):
    shown = {(r["Task"], r["Model"], r["Regime"]): r for r in grid(next(
        t for t in root.all("table")
        if next(t.all("caption")).text() == "Metrics of each arm"))}
    wanted = [r for r in table("metrics.tsv") if r["class"] == ""]
    wrong = [(r["task"], r["arm"], r["metric"]) for r in wanted
             if shown[r["task"], NAMES[r["model"]], NAMES[r["regime"]]]
             [HEADINGS[r["metric"]]] !=
             estimate(r, "estimate", decimals(wanted, r))]
    check(wanted and not wrong and len(shown) * 5 == len(wanted),
          f"{len(wanted)} estimates and their intervals", wrong)
    cards = {}
    for card in root.all("article"):
        tables = {next(t.all("caption")).text(): grid(t)
                  for t in card.all("table")}
        cards[next(card.all("h3")).text()] = card, tables
    wrong = []
    for r in wanted:
        _, tables = cards[f"{r['task']}: {arm_in_print(r['arm'])}"]
        row = next(x for x in tables["Performance, split test"]
                   if x["Metric"] == HEADINGS[r["metric"]])
        if row["Estimate [interval]"] != \
                estimate(r, "estimate", decimals(wanted, r)) or \
                row["Images"] != r["n_images"] or \
                row["Independent units"] != r["n_units"]:
            wrong.append((r, row))
    check(not wrong, "the same in the model cards", wrong[:1])
    return cards


def differences(root):
    shown = {(r["Task"], r["Metric"], r["Comparison"]): r for r in grid(next(
        t for t in root.all("table")
        if next(t.all("caption")).text() == "Differences between arms"))}
    wanted = table("differences.tsv")
    wrong = []
    for r in wanted:
        row = shown[r["task"], HEADINGS[r["metric"]],
                    f"{arm_in_print(r['arm_a'])} {MINUS} "
                    f"{arm_in_print(r['arm_b'])}"]
        p = "<0.001" if float(r["p"]) < 0.001 else f"{float(r['p']):.3f}"
        if row["Difference"] != estimate(r, "difference", decimals(
                wanted, r)) or row["p"] != p:
            wrong.append((r, row))
    check(wanted and not wrong and len(shown) == len(wanted),
          f"{len(wanted)} differences, their intervals and p", wrong[:1])


def marks(root, alpha):
    """The numbers of arms whose p is at most ALPHA have a letter that says so."""
    results = next(t for t in root.all("table")
                   if next(t.all("caption")).text() == "Metrics of each arm")
    box = results.parent
    beside = [c for c in box.parent.children if not isinstance(c, str)]
    notes = beside[beside.index(box) + 1]
    said = {letter.text(): note.words() for note in notes.all("p")
            for letter in note.all("sup")}
    heads = [h.words() for h in next(results.all("thead")).all("th")]
    found = set()
    for line in next(results.all("tbody")).all("tr"):
        cells = dict(zip(heads, line.all("th", "td")))
        for head in HEADINGS.values():
            letters = [x for s in cells[head].all("sup")
                       for x in s.text().split(",")]
            if any(said[x].startswith("Difference from") and
                   f"p \u2264 {alpha:g} (test: " in said[x] for x in letters):
                found.add((cells["Task"].words(), cells["Model"].words(),
                           cells["Regime"].words(), head))
    wanted = set()
    for r in table("differences.tsv"):
        p = r["p_adjusted"] or r["p"]
        if float(p) <= alpha:
            arm = tuple(arm_in_print(r["arm_a"]).split(", "))
            wanted.add((r["task"], *arm, HEADINGS[r["metric"]]))
    check(found == wanted and (wanted or alpha < 1),
          f"{len(wanted)} numbers have p at most {alpha:g}", found ^ wanted)


def audits(root, tasks, content):
    for task in tasks:
        rows = table(f"{task}/manifest.tsv")
        shown = grid(next(t for t in root.all("table") if
                          next(t.all("caption")).text() ==
                          f"Division of the images: {task}"))
        wrong = []
        for r in shown:
            own = [x for x in rows if x["split"] == r["Split"]]
            mine = [x for x in own if x["label"] == r["Label"]]
            all_ = [x for x in rows if x["label"] == r["Label"]]
            share = len(mine) / len(own)
            if r["Images"] != str(len(mine)) or \
                    r["Groups"] != str(len({x["group"] for x in mine})) or \
                    r["Share of the part (%)"] != printed(share, 1) or \
                    r["Deviation from the overall share (points)"] != printed(
                        share - len(all_) / len(rows), 1, sign=True):
                wrong.append(r)
        check(shown and not wrong, f"the audit of {task}, counted again", wrong)
        check(list(dict.fromkeys(r["Split"] for r in shown)) ==
              ["train", "val", "test"], f"{task}: splits in their order")
        check(f"{task}-audit.tsv" in content, f"{task}: the audit as a file")
        with open(f"{task}/manifest.tsv", "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        check(digest in root.text(), f"{task}: the manifest's digest")
    check("8 of 8 models were trained with one of these manifests" in
          root.text(), "the models know the manifests")


def cards(found, tasks):
    for path in sorted(glob.glob("*/*.model.tar")):
        with tarfile.open(path) as tar:
            about = [line.split("\t", 1) for line in tar.extractfile(
                "__model__").read().decode().splitlines()[1:]]
        model = {}
        for key, value in about:
            model[key] = f"{model[key]}, {value}" if key in model else value
        card, tables = found[f"{model['task']}: {arm_in_print(model['arm'])}"]
        facts = dict(zip((d.text() for d in card.all("dt")),
                         (d.text() for d in card.all("dd"))))
        run = next(r for r in tables["Runs: 2 models"]
                   if r["File"] == os.path.basename(path))
        with open(path, "rb") as f:
            digest = hashlib.sha256(f.read()).hexdigest()
        model.pop("format")
        own = {"Training seed": "seed", "Epoch kept": "epoch",
               "Training images": "images_train",
               "Validation images": "images_val"}
        fine = run["SHA-256 of the file"] == digest and all(
            run[name] == model.pop(key) for name, key in own.items())
        # Names are printed as in the tables, with the recorded ones beside them.
        for key, name in (("arm", arm_in_print(model["arm"])),
                          ("backbone", NAMES[model["backbone"]]),
                          ("regime", NAMES[model["regime"]])):
            if model[key] != name:
                model[key] = f"{name} ({model[key]})"
        check(fine and sorted(facts.values()) == sorted(model.values()),
              f"{path}: the card has all of __model__",
              (run, sorted(facts.values()), sorted(model.values())))
    check(len(found) == 2 * len(tasks), "a card per task and arm")


def checklists(root):
    for name, n, parts in ("claim", 44, 44), ("tripod", 27, 52):
        ids = [e.at["id"] for e in root.all("tr")
               if e.at.get("id", "").startswith(name + "-")]
        numbers = [re.sub("[a-z]", "", i.split("-")[1]) for i in ids]
        check(len(ids) == parts and
              list(dict.fromkeys(numbers)) == [str(i + 1) for i in range(n)],
              f"{name}: {n} items in {parts} parts, numbered in order", ids)
        answers = [next(e.at["class"] for e in row.all("td") if "class" in e.at)
                   for row in root.all("tr") if row.at.get("id") in ids]
        done, part = answers.count("done"), answers.count("part")
        said = (f"answer {done} of {parts} items, and {part} in part; "
                f"{parts - done - part} are left to the author")
        check(len(answers) == parts and any(said in e.text() for e in root.all("p")),
              f"{name}: its answers are counted", said)


def main(path, alpha, tasks):
    with open(path, encoding="utf-8", newline="") as f:
        source = f.read()
    reader = Reader()
    reader.feed(source)
    reader.close()
    root = reader.root
    structure(reader, source)
    isolation(root, source)
    given = {"metrics.tsv": "metrics.tsv", "differences.tsv": "differences.tsv"}
    given.update({f"{t}-population.tsv": f"{t}/population.tsv" for t in tasks})
    content = files(root, given)
    audits(root, tasks, content)
    differences(root)
    marks(root, alpha)
    cards(metrics(root), tasks)
    checklists(root)


main(sys.argv[1], float(sys.argv[2]), sys.argv[3:])
