"""Rankings by log odds against scikit-learn, and against an enumeration.

All probabilities of a class are 1, so that the columns o: alone order the
images.  The AUROC of pooled folds is the mean over folds, and that of subgroups
is theirs, by roc_auc_score of the log odds.  The permutation test exchanges the
ranks of two arms patient by patient: of 10 patients all 1024 exchanges are made
here too.
"""
import csv
import io
import itertools
import subprocess

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

GROUPS, EACH = 10, 4
FIELDS = ["arm", "id", "group", "label", "sub", "fold", "p:0", "p:1", "o:0",
          "o:1"]

rng = np.random.default_rng(7)
n = GROUPS * EACH
group = np.repeat(np.arange(GROUPS), EACH)
y = np.arange(n) % 2
sub = rng.permutation(n) % 3
fold = (group + group // 2) % 2
# Rounded, so that some log odds tie too.
z = {arm: np.round(60 + 2 * rng.normal(size=n) + shift * y, 0)
     for arm, shift in (("a", 1.0), ("b", 3.0))}


def write(path, folds, arms="ab"):
    """Rows in no order; without FOLDS the column is empty."""
    rows = [(arm, f"i{i:02}", group[i], y[i], sub[i],
             fold[i] + 1 if folds else "", f"{np.exp(-z[arm][i]):.17g}", 1,
             f"{-z[arm][i]:.17g}", f"{z[arm][i]:.17g}")
            for arm in arms for i in range(n)]
    with open(path, "w") as f:
        print(*FIELDS, sep="\t", file=f)
        for i in rng.permutation(len(rows)):
            print(*rows[i], sep="\t", file=f)


def run(*command):
    text = subprocess.run([*command, "--positive", "1", "--metrics", "auroc"],
                          check=True, capture_output=True, text=True).stdout
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def auroc(arm, rows):
    return roc_auc_score(y[rows], z[arm][rows])


def over_folds(arm, rows):
    return np.mean([auroc(arm, rows & (fold == f)) for f in (0, 1)])


def near(what, ours, theirs):
    if not abs(float(ours) - theirs) <= 1e-12:
        raise SystemExit(f"{what}: {ours}, wanted {theirs}")


def pairs(x, rest):
    """The AUROC, a pair at a time."""
    d = x[:, None] - rest
    return np.mean((d > 0) + 0.5 * (d == 0))


def exchanged(folds):
    """p of the difference, of all exchanges of patients between arms."""
    all_folds = fold if folds else np.zeros(n, int)
    rank = {arm: np.zeros(n) for arm in z}
    for f in set(all_folds):
        rows = all_folds == f
        for arm in z:
            rank[arm][rows] = rankdata(z[arm][rows])

    def difference(swap):
        first = np.where(swap[group], rank["b"], rank["a"])
        second = np.where(swap[group], rank["a"], rank["b"])
        return np.mean([pairs(first[rows & (y == 1)], first[rows & (y == 0)]) -
                        pairs(second[rows & (y == 1)], second[rows & (y == 0)])
                        for rows in (all_folds == f for f in set(all_folds))])

    d = np.array([difference(np.array(swap)) for swap in
                  itertools.product((False, True), repeat=GROUPS)])
    return np.mean(np.abs(d) >= abs(d[0]) - 1e-12)


write("odds.tsv", False)
write("folds.tsv", True)
everything = np.ones(n, bool)
checked = 0
for path, options, value in (("odds.tsv", [], auroc),
                             ("folds.tsv", ["--folds", "pool"], over_folds)):
    for row in run("mc-bootstrap", "--replicates", "399", "--by", "sub",
                   *options, path):
        name = row["subgroup"]
        part = sub == int(name[4:]) if name else everything
        near(f"{path}, {name}", row["estimate"], value(row["arm"], part))
        checked += 1
    row, = run("mc-compare", "--test", "permutation", *options, path)
    if row["test"] != "exact permutation":
        raise SystemExit(f"{path}: {row['test']}")
    near(f"{path}: p", row["p"], exchanged(bool(options)))
    near(f"{path}: difference", row["difference"],
         value("a", everything) - value("b", everything))
    checked += 2
print(f"{checked} numbers")
