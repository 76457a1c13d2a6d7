"""The mean over findings against a plain bootstrap in numpy and scikit-learn.

The plain way: draw groups with replacement, once for all findings, put their
rows together, compute the metric of each finding, and take the mean of those that
have a value.  With 1000 replicates here and 19999 there, the difference of two
limits has a standard error of 0.063 standard deviations of the mean; five of these
are allowed.

usage: numpy_findings.py bootstrap|compare
"""
import csv
import subprocess
import sys
import warnings

import numpy as np
from scipy.stats import norm
from sklearn import metrics as sk

warnings.simplefilter("ignore")
REPLICATES = 1000
GROUPS = 90
FINDINGS = {"Edema": 0.3, "Effusion": 0.4, "Hernia": 0.0, "Mass": 0.25,
            "Nodule": 0.06}
SEEDS = (1, 2)
ARMS = {"a": 1.3, "b": 0.9}


def make(rng):
    """Rows of each finding: label, group, and a score for each arm and seed."""
    data = {}
    group = np.repeat(np.arange(GROUPS), rng.integers(1, 5, GROUPS))
    ill = rng.normal(size=GROUPS)[group]
    # Shared by the findings, so that their values go together in replicates.
    chance, hard = rng.random(len(group)), rng.normal(size=len(group))
    for finding, share in FINDINGS.items():
        known = rng.random(len(group)) > 0.15       # others are uncertain
        known &= (group != 3) | (finding != "Edema")
        y = (chance < share * np.exp(0.7 * ill)).astype(int)
        score = {(arm, seed): np.round(1 / (1 + np.exp(
            -(skill * (2 * y - 1) + hard + 0.6 * ill +
              0.3 * rng.normal(size=len(group))))), 3)[known]
            for arm, skill in ARMS.items() for seed in SEEDS}
        rows = [np.flatnonzero(group[known] == g) for g in range(GROUPS)]
        data[finding] = (y[known], rows, score, np.flatnonzero(known), group)
    return data


def write(data, path):
    with open(path, "w") as f:
        print("task\tarm\ttrain_seed\tid\tgroup\tlabel\tp:no\tp:yes", file=f)
        for finding, (y, _, score, image, group) in data.items():
            for (arm, seed), s in score.items():
                for i in range(len(y)):
                    print("chest:" + finding, arm, seed, image[i],
                          "g%d" % group[image[i]],
                          "yes" if y[i] else "no",
                          "%.3f" % (1 - s[i]), "%.3f" % s[i], sep="\t", file=f)


def auroc(y, score):
    return sk.roc_auc_score(y, score) if 0 < y.sum() < len(y) else np.nan


def f1(y, score):
    """yes is predicted where p:yes is greater than p:no."""
    found = score > 0.5
    return 2 * (y & found).sum() / (y.sum() + found.sum()) if y.any() else \
        np.nan


METRICS = {"auroc": auroc, "f1": f1}


def values(data, drawn, arm, metric):
    """The mean over findings of the mean over seeds, in the groups DRAWN."""
    found = []
    for y, rows, score, _, _ in data.values():
        i = np.concatenate([rows[g] for g in drawn])
        if y.any():         # else it is left out
            found.append(np.mean([METRICS[metric](y[i], score[arm, s][i])
                                  for s in SEEDS]))
    return np.nanmean(found)


def replicates(data, arm, metric):
    """The same groups for each arm, so that differences are paired."""
    rng = np.random.default_rng(8)
    return np.array([values(data, rng.integers(0, GROUPS, GROUPS), arm, metric)
                     for _ in range(REPLICATES)])


def bca(data, arm, metric, estimate, found):
    leave = np.array([values(data, np.delete(np.arange(GROUPS), g), arm, metric)
                      for g in range(GROUPS)])
    d = leave.mean() - leave
    a = (d ** 3).sum() / (6 * (d ** 2).sum() ** 1.5)
    z = norm.ppf((found < estimate).mean())
    levels = [norm.cdf(z + (z + q) / (1 - a * (z + q)))
              for q in norm.ppf([0.025, 0.975])]
    return np.quantile(found, levels)


def rows_of(*command):
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout
    return [row for row in csv.DictReader(text.splitlines(), delimiter="\t")
            if row["task"] == "chest"]


def worst_of(row, expected, sd, *what):
    off = [(float(row[name]) - limit) / sd
           for name, limit in zip(("lo", "hi"), expected)]
    print(*what, row["lo"], row["hi"], off)
    return max(map(abs, off))


def bootstrap(data):
    everyone = np.arange(GROUPS)
    worst = 0
    for metric in METRICS:
        found = {"a": replicates(data, "a", metric)}
        for method in "percentile", "basic", "normal", "bca":
            rows = rows_of("mc-bootstrap", "--metrics", metric + ":positive",
                           "--positive", "yes", "--train-seeds", "mean",
                           "--replicates", "19999", "--mean-over-findings",
                           "--method", method, "findings.tsv")
            assert [row["arm"] for row in rows] == ["a", "b"], rows
            for row in rows[:1]:
                arm, x = row["arm"], found[row["arm"]]
                estimate = values(data, everyone, arm, metric)
                assert abs(float(row["estimate"]) - estimate) < 1e-12, row
                assert row["n_units"] == str(GROUPS), row
                assert row["method"] == method and row["seeds"] == "2", row
                lo, hi = np.percentile(x, [2.5, 97.5])
                expected = {"percentile": (lo, hi),
                            "basic": (2 * estimate - hi, 2 * estimate - lo),
                            "normal": estimate + x.std() *
                            norm.ppf([0.025, 0.975])}.get(method)
                if expected is None:
                    expected = bca(data, arm, metric, estimate, x)
                worst = max(worst, worst_of(row, expected, x.std(), arm,
                                            metric, method))
    return worst


def main():
    data = make(np.random.default_rng(5))
    write(data, "findings.tsv")
    worst = {"bootstrap": bootstrap}[sys.argv[1]](data)
    print("worst", worst)
    sys.exit(int(worst > 5 * 0.09))


main()
