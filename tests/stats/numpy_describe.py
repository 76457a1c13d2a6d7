"""Every row of mc-describe against numpy.

numpy_describe.py [METADATA]

Random studies, as manifests and as predictions of several arms: images of
patients, with and without splits, labels and groups, values of patients and of
images, numbers, texts and what is missing; compared with a split, a label or
nothing.  Then METADATA, which is that of HAM10000, if it is given.  Quartiles are
numpy.percentile's default, and standardized differences Austin's (2009).
"""
import csv
import subprocess
import sys

import numpy as np

STUDIES = 300


def run(path, *options):
    text = subprocess.run(["mc-describe", *options, path], check=True,
                          stdout=subprocess.PIPE,
                          universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def is_number(text):
    try:
        return np.isfinite(float(text))
    except ValueError:
        return False


class Column:
    """The values of images, or of groups where all of a group are equal."""
    def __init__(self, name, values, groups, text, missing):
        self.name = name
        value = [v if v and v not in missing else None for v in values]
        held = [v for v in value if v is not None]
        self.numbers = all(map(is_number, held)) and not (text and held)
        if self.numbers:
            value = [None if v is None else float(v) for v in value]
        self.texts = [""] if self.numbers else sorted(set(held))
        by_group = {}
        for g, v in zip(groups, value):
            by_group.setdefault(g, set()).update({v} - {None})
        self.unit = "image"
        self.of = dict(enumerate(value))
        if groups[0] and all(len(v) <= 1 for v in by_group.values()):
            self.unit = "group"
            self.of = {g: max(v, default=None) for g, v in by_group.items()}

    def rows(self, images, groups):
        members = sorted({groups[i] for i in images} if self.unit == "group"
                         else images)
        held = [self.of[m] for m in members if self.of[m] is not None]
        missing = len(members) - len(held)
        for text in self.texts:
            if self.numbers:
                q = np.percentile(held, [50, 25, 75]) if held else [None] * 3
                mean = np.mean(held) if held else None
                sd = np.std(held, ddof=1) if len(held) > 1 else None
                yield [self.name, "", self.unit, len(held), missing, None, *q,
                       mean, sd]
            else:
                n = held.count(text)
                share = n / len(held) if held else None
                yield [self.name, text, self.unit, n, missing, share,
                       None, None, None, None, None]


def smd(row, other):
    """Of two rows of this and the reference's part: mean and sd, or shares."""
    def values(r):
        if r[11] is not None:
            return r[11], r[12]
        p = r[7]
        return p, None if p is None else np.sqrt(p * (1 - p))
    (m, s), (m0, s0) = values(row), values(other)
    if None in (m, s, m0, s0) or s == s0 == 0:
        return None
    return (m - m0) / np.sqrt((s ** 2 + s0 ** 2) / 2)


def part(images, split, label, i, j):
    return [k for k in images if (i is None or split[k] == i) and
            (j is None or label[k] == j)]


def levels(texts):
    """None is all of them."""
    return ([] if set(texts) == {""} else sorted(set(texts))) + [None]


def part_rows(study, columns, i, j):
    """The rows of a part, without smd: those that count it first."""
    split, label, group = study["split"], study["label"], study["group"]
    images = range(len(split))
    here = part(images, split, label, i, j)
    whole = part(images, split, label, None if j is None else i, None)
    names = ["all" if x is None else x for x in (i, j)]
    counts = [(len(here), len(whole), "image")]
    if group[0]:
        counts.append((len({group[k] for k in here}),
                       len({group[k] for k in whole}), "group"))
    for n, of, unit in counts:
        yield names + ["", "", unit, n, None, n / of if of else None,
                       None, None, None, None, None]
    for column in columns:
        for row in column.rows(here, group):
            yield names + row


def wanted(study, columns, by, reference):
    for i in levels(study["split"]):
        for j in levels(study["label"]):
            mine = i if by == "split" else j
            compared = by and mine not in (None, reference)
            other = (i, j) if not compared else \
                (reference, j) if by == "split" else (i, reference)
            for row, of in zip(part_rows(study, columns, i, j),
                               part_rows(study, columns, *other)):
                if row[2] == "":    # a count: the share of a label in a split
                    here = compared and by == "split" and j is not None
                else:
                    here = compared
                yield row + [smd(row, of) if here else None]


def check(study, rows, texts=(), missing=(), by=None, reference=None):
    """How many rows were compared."""
    columns = [Column(c, study[c], study["group"], c in texts, missing)
               for c in study if c not in ("id", "split", "label", "group")]
    table = list(wanted(study, columns, by, reference))
    assert len(table) == len(rows), (len(table), len(rows))
    for want, row in zip(table, rows):
        for w, f in zip(want, row.values()):
            same = (f == "" if w is None else f == w if isinstance(w, str)
                    else abs(float(f) - w) <= 1e-12 * max(1, abs(w)))
            assert same, (want, row)
    return len(rows)


def make(rng):
    n = int(rng.choice([1, 2, 7, 40, 300]))
    groups = int(rng.integers(1, n + 1))
    group = rng.integers(0, groups, size=n)
    age = np.round(rng.normal(50, 20, size=groups), int(rng.integers(0, 3)))
    sex = rng.choice(["F", "M", "", "unknown"], size=groups)
    depth = rng.exponential(10.0 ** rng.integers(-9, 9), size=n)
    absent = rng.random(n) < rng.choice([0, 0.3, 1])
    study = {
        "id": ["i%d" % i for i in range(n)],
        "split": list(rng.choice(["train", "val", "test"], size=n)),
        "label": list(rng.choice(["b", "a", "c d", ""], size=n)),
        "group": ["p%03d" % g for g in group],
        # That of a patient, though not all of the images say it.
        "age": ["" if a else repr(float(age[g]))
                for g, a in zip(group, absent)],
        "sex": [sex[g] for g in group],
        "grade": list(rng.choice(["1", "2", "10"], size=n)),
        "depth": [rng.choice(["", "NA", repr(float(d))], p=[.1, .1, .8])
                  for d in depth],
        "nothing": [""] * n,
    }
    for name in ("split", "label", "group"):
        if rng.random() < 0.15:
            study[name] = [""] * n
    return study


def write(path, study, arms, rng):
    order = [(arm, i) for arm in range(arms) for i in range(len(study["id"]))]
    rng.shuffle(order)
    with open(path, "w") as f:
        print("arm", *study, sep="\t", file=f)
        for arm, i in order:
            print("m%d" % arm, *(v[i] for v in study.values()), sep="\t",
                  file=f)


def ham(path):
    with open(path) as f:
        rows = list(csv.DictReader(f))
    study = {"id": [r["image_id"] for r in rows],
             "split": [["train", "test"][i % 5 == 0]
                       for i in range(len(rows))],
             "label": [r["dx"] for r in rows],
             "group": [r["lesion_id"] for r in rows]}
    with open("ham.tsv", "w") as f:
        print(*study, sep="\t", file=f)
        for row in zip(*study.values()):
            print(*row, sep="\t", file=f)
    for name in ("age", "sex", "localization"):
        study[name] = [r[name] for r in rows]
    found = run("ham.tsv", "--join", path, "--key", "id=image_id",
                "--columns", "age,sex,localization", "--missing", "unknown")
    return check(study, found, missing=["unknown"])


def main():
    rng = np.random.default_rng(20261124)
    compared = 0
    for _ in range(STUDIES):
        study = make(rng)
        write("study.tsv", study, int(rng.integers(1, 4)), rng)
        by = rng.choice(["split", "label", ""])
        against, reference = [], None
        if by:
            reference = rng.choice(study[by])
            against = ["--against", by + "=" + reference]
        rows = run("study.tsv", "--columns", "age,sex,grade,depth,nothing",
                   "--text", "grade,nothing", "--missing", "NA,unknown",
                   *against)
        compared += check(study, rows, ["grade", "nothing"],
                          ["NA", "unknown"], by, reference)
    if len(sys.argv) > 1:
        compared += ham(sys.argv[1])
    print(compared, "rows compared")
    sys.exit(int(compared < 20000))


main()
