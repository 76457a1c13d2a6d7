"""Percentile intervals of mc-bootstrap against a plain bootstrap in numpy.

The plain way: draw groups with replacement, put their rows together, compute
the metric; once from all groups, and once from those of each set of classes,
where sets of one group are one.  With 2000 replicates here and
19999 there, the difference of two limits has a standard error of 0.063 standard
deviations of the metric; five of these are allowed.
"""
import csv
import subprocess
import sys
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
REPLICATES = 2000
GROUPS = 80


def make(rng):
    """Labels, groups, and scores; some groups have images of two classes."""
    group = np.repeat(np.arange(GROUPS), rng.integers(1, 6, GROUPS))
    effect = rng.normal(size=GROUPS)[group]
    y = (rng.random(GROUPS) < 0.4).astype(int)[group]
    y = np.where(rng.random(len(y)) < 0.1, 1 - y, y)
    score = 1 / (1 + np.exp(-(2 * y - 1 + effect + rng.normal(size=len(y)))))
    return y, group, np.round(score, 2)


def strata_of(y, group):
    sets = {}
    for g in range(GROUPS):
        sets.setdefault(tuple(np.unique(y[group == g])), []).append(g)
    alone = [s[0] for s in sets.values() if len(s) == 1]
    return ([s for s in sets.values() if len(s) > 1] +
            ([alone] if alone else []))


def replicates(rng, y, group, score, strata):
    rows = [np.flatnonzero(group == g) for g in range(GROUPS)]
    values = np.empty((4, REPLICATES))
    for b in range(REPLICATES):
        drawn = np.concatenate([rng.choice(s, len(s)) for s in strata])
        i = np.concatenate([rows[g] for g in drawn])
        found = score[i] > 0.5
        values[:, b] = ((y[i] == found).mean(),
                        sk.f1_score(y[i], found, average="macro"),
                        sk.roc_auc_score(y[i], score[i]),
                        y[i][found].mean())
    return values


def compare(options, values):
    """The largest distance of two limits, in standard deviations."""
    text = subprocess.run(
        ["mc-bootstrap", "--metrics", "accuracy,f1:macro,auroc,"
         "precision:positive", "--positive", "1", "--replicates", "19999",
         *options, "numpy.tsv"],
        check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    worst = 0
    for row, found in zip(csv.DictReader(text.splitlines(), delimiter="\t"),
                          values):
        assert row["unit"] == "group" and row["n_units"] == "80", row
        for name, quantile in (("lo", 2.5), ("hi", 97.5)):
            off = (float(row[name]) - np.percentile(found, quantile))
            worst = max(worst, abs(off) / found.std())
            print(*options, row["metric"], name, row[name], off / found.std())
    return worst


def main():
    rng = np.random.default_rng(5)
    y, group, score = make(rng)
    with open("numpy.tsv", "w") as f:
        print("id\tgroup\tlabel\tp:0\tp:1", file=f)
        for i in range(len(y)):
            print(i, "g%d" % group[i], y[i], "%.2f" % (1 - score[i]),
                  "%.2f" % score[i], sep="\t", file=f)
    plain = replicates(rng, y, group, score, [range(GROUPS)])
    strata = strata_of(y, group)
    assert len(strata) == 3, strata
    within = replicates(rng, y, group, score, strata)
    worst = max(compare([], plain), compare(["--stratify"], within))
    # Precision depends on the prevalence: else one could stand for the other.
    assert within[3].std() < 0.9 * plain[3].std()
    sys.exit(int(worst > 5 * 0.063))


main()
