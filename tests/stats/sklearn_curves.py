"""Curves of mc-curve against scikit-learn and numpy, on generated tables.

Every point of every curve is compared to 1e-12 (counts and thresholds too),
with ties, absent classes and one row among the tables; undefined there must be
undefined here.  Then the bands are held against a plain bootstrap: draw groups,
put their rows together, ask scikit-learn.  With 2000 replicates here and 19999
there, the difference of two limits has a standard error of 0.063 standard
deviations of the value; five of these are allowed.
"""
import csv
import subprocess
import sys
import warnings
from collections import Counter, defaultdict

import numpy as np
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

warnings.simplefilter("ignore")
SIZES = (1, 2, 3, 5, 15, 40, 200)
TABLES = 120
REPLICATES = 2000


def table(rng):
    """The number of classes, labels, and probabilities."""
    k, n = int(rng.integers(2, 7)), int(rng.choice(SIZES))
    present = rng.choice(k, size=int(rng.integers(1, k + 1)), replace=False)
    # Few distinct values make ties; sixteenths add up without rounding.
    p = rng.multinomial(16, np.full(k, 1 / k), size=n) / 16
    if rng.random() < 0.5:
        p = rng.dirichlet(np.full(k, 0.5), size=n)
        p /= p.sum(1, keepdims=True)
    return k, rng.choice(present, size=n), p


def write(path, task, k, y, p, group=None):
    with open(path, "w") as f:
        print("task", "id", "group", "label", *("p:c%d" % c for c in range(k)),
              sep="\t", file=f)
        for i in range(len(y)):
            print("t%d" % task, "i%d" % i,
                  "" if group is None else "g%d" % group[i], "c%d" % y[i],
                  *("%.17g" % v for v in p[i]), sep="\t", file=f)


def rocs(y, p, n):
    """fpr and tpr at each threshold; at a grid, as counts so that 0.07 is."""
    if not 0 < y.sum() < len(y):
        return None, None, [(j / n, None) for j in range(n + 1)]
    fpr, tpr, threshold = sk.roc_curve(y, p, drop_intermediate=False)
    fp, rest = np.rint(fpr * (~y).sum()).astype(int), (~y).sum()
    grid = []
    for j in range(n + 1):
        last = np.flatnonzero(fp * n <= j * rest)[-1]
        ends = slice(last, last + 2)
        grid.append((j / n, np.interp(j / n, fpr[ends], tpr[ends])
                     if last + 1 < len(fp) and fp[last] * n < j * rest
                     else tpr[last]))
    return fpr, tpr, grid


def wanted_roc(y, p, n):
    fpr, tpr, grid = rocs(y, p, n)
    points = [("roc", x, v, None, None) for x, v in grid]
    threshold = sorted(set(p), reverse=True)
    for i, t in enumerate([None] + threshold):
        above = 0 if t is None else (p >= t).sum()
        at = (None, None) if fpr is None else (fpr[i], tpr[i])
        if fpr is None:
            at = tuple(None if not of.any() else
                       0 if t is None else (p[of] >= t).mean()
                       for of in (~y, y))
        points.append(("roc:points", *at, t, above))
    return points


def wanted_pr(y, p, n):
    precision, recall, threshold = (a[::-1] for a in
                                    sk.precision_recall_curve(y, p))
    precision, recall = precision[1:], recall[1:]
    tp = np.rint(recall * y.sum()).astype(int)
    points = []
    for j in range(1, n + 1):
        if not y.any():
            points.append(("pr", j / n, None, None, None))
            continue
        first = np.flatnonzero(tp * n >= j * y.sum())[0]
        points.append(("pr", j / n, precision[first], threshold[first],
                       (p >= threshold[first]).sum()))
    for i, t in enumerate(threshold):
        points.append(("pr:points", recall[i] if y.any() else None,
                       precision[i], t, (p >= t).sum()))
    return points


def wanted_width(y, p, n):
    share, mean = calibration_curve(y, p, n_bins=n, pos_label=True)
    which = np.searchsorted(np.arange(1, n) / n, p, side="left")
    points, filled = [], 0
    for i in range(n):
        size = (which == i).sum()
        points.append(("calibration", mean[filled] if size else None,
                       share[filled] if size else None, i / n, size))
        filled += size > 0
    assert filled == len(share)
    return points


def wanted_mass(y, p, n):
    # The middle of the ranks of equal probabilities, twice.
    middle = np.array([(p < v).sum() + (p <= v).sum() - 1 for v in p])
    which = n * middle // (2 * len(p))
    points = []
    for i in range(n):
        own = which == i
        points.append(("calibration", p[own].mean(), y[own].mean(),
                       p[own].min(), own.sum()) if own.any() else
                      ("calibration", None, None, None, 0))
    if len(set(p)) == len(p) and len(p) % n == 0:
        share, mean = calibration_curve(y, p, n_bins=n, strategy="quantile",
                                        pos_label=True)
        assert np.allclose([q[1] for q in points], mean, atol=1e-12)
        assert np.allclose([q[2] for q in points], share, atol=1e-12)
        wanted_mass.quantiles += 1
    return points


wanted_mass.quantiles = 0


def net_benefit(y, treated, t):
    return ((treated & y).sum() / len(y) -
            (treated & ~y).sum() / len(y) * t / (1 - t))


def wanted_decision(y, p, n):
    t = [j / n for j in range(1, n)]
    return ([("decision", v, net_benefit(y, p >= v, v), v, (p >= v).sum())
             for v in t] +
            [("decision:all", v, net_benefit(y, p >= 0, v), None, len(y))
             for v in t])


def wanted_distribution(y, p, n):
    # numpy's bins are open at the right, these at the left: turn both around.
    points = []
    for name, own in (("distribution", y), ("distribution:rest", ~y)):
        edges = np.arange(n + 1) / n
        sizes = np.histogram(-p[own], bins=-edges[::-1])[0][::-1]
        assert sizes.sum() == own.sum()
        points += [(name, (i + 0.5) / n, sizes[i] / own.sum() if own.any()
                    else None, i / n, sizes[i]) for i in range(n)]
    return points


CASES = (
    (wanted_roc, 100, ["--curve", "roc", "--points"]),
    (wanted_roc, 7, ["--curve", "roc", "--points", "--grid", "7"]),
    (wanted_pr, 100, ["--curve", "pr", "--points"]),
    (wanted_width, 15, ["--curve", "calibration"]),
    (wanted_width, 16, ["--curve", "calibration", "--bins", "16"]),
    (wanted_mass, 5, ["--curve", "calibration", "--bins", "5", "--bins-of",
                      "mass"]),
    (wanted_decision, 100, ["--curve", "decision"]),
    (wanted_decision, 16, ["--curve", "decision", "--grid", "16"]),
    (wanted_distribution, 15, ["--curve", "distribution"]),
    (wanted_distribution, 8, ["--curve", "distribution", "--bins", "8"]),
)


def curve(*args):
    text = subprocess.run(["mc-curve", *args], check=True,
                          stdout=subprocess.PIPE,
                          universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def agrees(point, row):
    """Whether a wanted point is the row; None is an empty field."""
    for value, name in zip(point[1:], ("x", "y", "threshold", "n")):
        if (value is None) != (row[name] == ""):
            return False
        if value is not None and abs(value - float(row[name])) > 1e-12 * max(
                1, abs(value)):
            return False
    return point[0] == row["curve"]


def compare_points(rng):
    tables, paths, failed, seen = [], defaultdict(list), 0, Counter()
    for task in range(TABLES):
        k, y, p = table(rng)
        tables.append((y, p))
        paths[k].append("t%d.tsv" % task)
        write(paths[k][-1], task, k, y, p)
    for wanted, n, args in CASES:
        for k in sorted(paths):
            found = defaultdict(list)
            for row in curve("--replicates", "39", "--level", "0.5", *args,
                             *(["--positive", "c1"] if k == 2 else []),
                             *paths[k]):
                found[row["task"], row["class"]].append(row)
            for (task, c), rows in found.items():
                y, p = tables[int(task[1:])]
                points = wanted(y == int(c[1:]), p[:, int(c[1:])], n)
                off = [(point, row) for point, row in zip(points, rows)
                       if not agrees(point, row)]
                if off or len(points) != len(rows):
                    failed += 1
                    print(task, c, args, len(points), len(rows), *off[:1])
                for row in rows:
                    seen[row["curve"], row["y"] == ""] += 1
    for (name, undefined), count in sorted(seen.items()):
        print("%-14s %6d %s" % (name, count,
                                "undefined in both" if undefined else ""))
    print("%d tables by quantile" % wanted_mass.quantiles)
    return (failed == 0 and wanted_mass.quantiles >= 10 and
            all(seen[name, False] > 2000 for name in
                ("roc", "roc:points", "pr", "pr:points", "calibration",
                 "decision", "decision:all", "distribution",
                 "distribution:rest")))


# What is compared of the bands: the curve, its parts, and the points.
BANDS = (
    (wanted_roc, 20, ["--curve", "roc", "--grid", "20"], (1, 4, 10)),
    (wanted_pr, 20, ["--curve", "pr", "--grid", "20"], (7, 13, 19)),
    (wanted_decision, 20, ["--curve", "decision", "--grid", "20"],
     (3, 9, 22)),
    (wanted_distribution, 4, ["--curve", "distribution", "--bins", "4"],
     (0, 3, 4, 6)),
)


def bins_of(y, p):
    """The observed share in each of five bins of equal width."""
    share = [None] * 5
    for point in wanted_width(y, p, 5):
        share[round(5 * point[3])] = point[2]
    return share


def compare_bands(rng):
    group = np.repeat(np.arange(80), rng.integers(1, 6, size=80))
    y = (rng.random(80) < 0.4)[group]
    p = 1 / (1 + np.exp(-(2 * y - 1 + rng.normal(size=80)[group] +
                          rng.normal(size=len(y)))))
    p = np.round(p, 2)
    write("bands.tsv", 0, 2, y.astype(int), np.column_stack([1 - p, p]), group)
    rows = [np.flatnonzero(group == g) for g in range(80)]
    drawn = [np.concatenate([rows[g] for g in rng.integers(80, size=80)])
             for _ in range(REPLICATES)]
    cases = [([wanted(y[i], p[i], n) for i in drawn], args, at, 2)
             for wanted, n, args, at in BANDS]
    cases.append(([[(None, None, v) for v in bins_of(y[i], p[i])]
                   for i in drawn],
                  ["--curve", "calibration", "--bins", "5"], (0, 2, 4), 2))
    worst = 0
    for points, args, at, column in cases:
        found = curve("--positive", "c1", "--replicates", "19999", *args,
                      "bands.tsv")
        for i in at:
            values = np.array([point[i][column] for point in points])
            row = found[i]
            assert row["unit"] == "group" and row["n_units"] == "80", row
            for name, quantile in (("lo", 2.5), ("hi", 97.5)):
                off = (float(row[name]) -
                       np.percentile(values, quantile)) / values.std()
                worst = max(worst, abs(off))
                print(row["curve"], row["x"], name, row[name], "%.3f" % off)
    return worst <= 5 * 0.063


def main():
    rng = np.random.default_rng(20261124)
    sys.exit(int(not compare_points(rng) or not compare_bands(rng)))


main()
