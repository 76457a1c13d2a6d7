"""Percentile intervals of mc-bootstrap against a plain bootstrap in numpy.

The plain way: draw groups with replacement, put their rows together, compute
the metric with scikit-learn.  With 2000 replicates here and 19999 there, the
difference of two limits has a standard error of 0.063 standard deviations of
the metric; five of these are allowed.
"""
import csv
import subprocess
import sys
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
REPLICATES = 2000


def main():
    rng = np.random.default_rng(5)
    groups = [rng.integers(1, 6) for _ in range(80)]
    group = np.repeat(np.arange(80), groups)
    effect = rng.normal(size=80)[group]
    y = (rng.random(80) < 0.4).astype(int)[group]
    score = 1 / (1 + np.exp(-(2 * y - 1 + effect + rng.normal(size=len(y)))))
    score = np.round(score, 2)
    predicted = (score > 0.5).astype(int)
    with open("numpy.tsv", "w") as f:
        print("id\tgroup\tlabel\tp:0\tp:1", file=f)
        for i in range(len(y)):
            print(i, "g%d" % group[i], y[i], "%.2f" % (1 - score[i]),
                  "%.2f" % score[i], sep="\t", file=f)

    rows = [np.flatnonzero(group == g) for g in range(80)]
    values = np.empty((3, REPLICATES))
    for b in range(REPLICATES):
        i = np.concatenate([rows[g] for g in rng.integers(80, size=80)])
        values[:, b] = (sk.accuracy_score(y[i], predicted[i]),
                        sk.f1_score(y[i], predicted[i], average="macro"),
                        sk.roc_auc_score(y[i], score[i]))

    text = subprocess.run(
        ["mc-bootstrap", "--metrics", "accuracy,f1:macro,auroc", "--positive",
         "1", "--replicates", "19999", "numpy.tsv"],
        check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    worst = 0
    for row, found in zip(csv.DictReader(text.splitlines(), delimiter="\t"),
                          values):
        assert row["unit"] == "group" and row["n_units"] == "80", row
        for name, quantile in (("lo", 2.5), ("hi", 97.5)):
            off = (float(row[name]) - np.percentile(found, quantile))
            worst = max(worst, abs(off) / found.std())
            print(row["metric"], name, row[name], off / found.std())
    sys.exit(int(worst > 5 * 0.063))


main()
