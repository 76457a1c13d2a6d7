"""Counts of mc-confusion against scikit-learn's confusion_matrix.

Random tasks of 2 to 12 classes, some of which no image has, several images a
patient, by subgroup too, long and --wide.  Images are compared with
confusion_matrix, shares with its normalize="true", units with sets.
"""
import csv
import subprocess
import sys

import numpy as np
from sklearn.metrics import confusion_matrix

TABLES = 150


def table(rng):
    k, n = int(rng.integers(2, 13)), int(rng.choice([1, 2, 5, 30, 300]))
    present = rng.choice(k, size=int(rng.integers(1, k + 1)), replace=False)
    y = rng.choice(present, size=n)
    predicted = np.where(rng.random(n) < 0.6, y, rng.integers(0, k, size=n))
    return k, y, predicted, rng.integers(0, n, size=n), rng.random(n) < 0.4


def run(path, k, *options):
    text = subprocess.run(
        ["mc-confusion", "--by", "sex", "--classes",
         ",".join("c%02d" % c for c in range(k)), *options, path],
        check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def check(rows, wide, subgroup, k, y, predicted, group):
    """How many numbers were compared."""
    images = confusion_matrix(y, predicted, labels=range(k))
    share = confusion_matrix(y, predicted, labels=range(k), normalize="true")
    classes = ["c%02d" % c for c in range(k)]
    long = [r for r in rows if r["subgroup"] == subgroup]
    assert [(r["label"], r["predicted"]) for r in long] == [
        (a, b) for a in classes for b in classes]
    for i, row in enumerate(long):
        a, b = divmod(i, k)
        units = {g for g, t, p in zip(group, y, predicted) if (t, p) == (a, b)}
        assert int(row["images"]) == images[a, b], row
        assert int(row["units"]) == len(units), row
        if (y == a).any():
            assert abs(float(row["share"]) - share[a, b]) < 1e-15, row
        else:
            assert row["share"] == "", row
    wide = [r for r in wide if r["subgroup"] == subgroup]
    assert [r["label"] for r in wide] == classes
    found = [[int(r["predicted:" + c]) for c in classes] for r in wide]
    assert found == images.tolist(), found
    return 4 * k * k


def main():
    rng = np.random.default_rng(20261124)
    compared = 0
    for _ in range(TABLES):
        k, y, predicted, group, male = table(rng)
        with open("confusion.tsv", "w") as f:
            print("id\tgroup\tsex\tlabel\tpredicted", file=f)
            for i in range(len(y)):
                print("i%d" % i, "g%d" % group[i], "M" if male[i] else "F",
                      "c%02d" % y[i], "c%02d" % predicted[i], sep="\t",
                      file=f)
        rows, wide = run("confusion.tsv", k), run("confusion.tsv", k, "--wide")
        parts = {"": np.full(len(y), True), "sex=F": ~male, "sex=M": male}
        parts = {name: part for name, part in parts.items() if part.any()}
        assert {r["subgroup"] for r in rows} == set(parts)
        for name, part in parts.items():
            compared += check(rows, wide, name, k, y[part], predicted[part],
                              group[part])
    print(compared, "numbers compared")
    sys.exit(int(compared < 50000))


main()
