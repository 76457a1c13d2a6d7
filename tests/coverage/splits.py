"""How often tests over several test sets reject that two procedures are equal.

splits.py [STUDIES]    (1000; about a minute)

Each study has PATIENTS patients of two classes, with one image and ten
independent features of equal worth each.  One procedure sees the first five, the
other the last five; both classify by the nearer class mean.  They are equally
good, and their trained models differ.  The rows are those of the table
"Several test sets" of doc/coverage.md.
"""
import sys

import numpy as np
from scipy import stats

FOLDS = 5
rng = np.random.default_rng(1)
studies = int(sys.argv[1]) if len(sys.argv) > 1 else 1000


def right(x, y, test):
    """Whether each image of TEST is classified rightly by the others."""
    one, no = x[~test & (y == 1)].mean(0), x[~test & (y == 0)].mean(0)
    return ((x[test] - (one + no) / 2) @ (one - no) > 0) == y[test]


def corrected(d, ratio):
    variance = (1 / len(d) + ratio) * d.var(ddof=1)
    return variance > 0 and 2 * stats.t.sf(
        abs(d.mean()) / np.sqrt(variance), len(d) - 1) <= 0.05


def pooled(found, weights):
    """Repeats as training seeds: the test "seeds" of mc-compare."""
    repeats, _, n = found.shape
    d = (found[:, 0] - found[:, 1]).mean(0)
    parts = [((weights @ d).var(ddof=1), n - 1)] + [
        (found[:, a].mean(1).var(ddof=1) / repeats, repeats - 1)
        for a in (0, 1)]
    variance = sum(p for p, _ in parts)
    df = variance ** 2 / sum(p * p / k for p, k in parts)
    return 2 * stats.t.sf(abs(d.mean()) / np.sqrt(variance), df) <= 0.05


def study(patients, repeats):
    y = rng.integers(0, 2, patients)
    x = rng.normal(size=(patients, 10)) + 0.35 * (2 * y[:, None] - 1)
    views = x[:, :5], x[:, 5:]
    found = np.zeros((repeats, 2, patients))
    folds, splits = [], []
    for r in range(repeats):
        fold = rng.permutation(np.arange(patients) % FOLDS)
        for k in range(FOLDS):
            for a in (0, 1):
                found[r, a, fold == k] = right(views[a], y, fold == k)
            folds.append(np.subtract(*found[r][:, fold == k].mean(1)))
        test = rng.permutation(patients) < patients // FOLDS
        splits.append(right(views[0], y, test).mean() -
                      right(views[1], y, test).mean())
    folds, splits = np.array(folds), np.array(splits)
    weights = rng.multinomial(patients, np.full(patients, 1 / patients),
                              size=400) / patients
    ratio = 1 / (FOLDS - 1)
    return [corrected(splits, ratio), corrected(folds, ratio),
            pooled(found, weights), corrected(folds, 0)]


NAMES = ("random splits, corrected-t", "5 folds, corrected-t",
         "5 folds pooled, seeds", "5 folds, no correction")
designs = [(p, r) for p in (60, 200) for r in (3, 10)]
table = [100 * np.mean([study(*d) for _ in range(studies)], axis=0)
         for d in designs]
print("| test |", " | ".join("%d patients, %d repeats" % d for d in designs),
      "|")
print("|---|" + "---|" * len(designs))
for i, name in enumerate(NAMES):
    print("|", name, "|", " | ".join("%.1f" % row[i] for row in table), "|")
