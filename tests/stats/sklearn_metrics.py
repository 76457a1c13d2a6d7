"""Metrics of mc-bootstrap against scikit-learn's, on generated tables.

Writes hundreds of tasks (ties, absent classes, one row, 2 to 20 classes; some
with hard labels), runs mc-bootstrap --metrics all on them, and compares every
number to 1e-12.  Undefined there must be undefined here.
"""
import csv
import subprocess
import sys
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
SIZES = (1, 2, 3, 5, 10, 40, 200)
TABLES = 400


HARD_CLASSES = 7


def table(rng, hard):
    """The number of classes, labels, predictions, and probabilities."""
    k = HARD_CLASSES if hard else int(rng.integers(2, 21))
    n = int(rng.choice(SIZES))
    present = rng.choice(k, size=int(rng.integers(1, k + 1)), replace=False)
    y = rng.choice(present, size=n)
    # Few distinct values make ties; sixteenths add up without rounding.
    p = rng.multinomial(16, np.full(k, 1 / k), size=n) / 16
    if rng.random() < 0.5:
        p = rng.dirichlet(np.full(k, 0.5), size=n)
    return k, y, p.argmax(1), None if hard else p


def write(path, task, k, y, predicted, p):
    with open(path, "w") as f:
        columns = ["task", "id", "label", "predicted"]
        if p is not None:
            columns = columns[:3] + ["p:c%02d" % c for c in range(k)]
        print(*columns, sep="\t", file=f)
        for i in range(len(y)):
            last = (["c%02d" % predicted[i]] if p is None
                    else ["%.17g" % v for v in p[i]])
            print("t%03d" % task, "i%d" % i, "c%02d" % y[i], *last, sep="\t",
                  file=f)


def auroc(k, y, p, average):
    if p is None:
        return None
    p = p / p.sum(1, keepdims=True)
    each = []
    for c in range(k):
        if len(np.unique(y == c)) < 2:
            each.append(None)
        else:
            each.append(sk.roc_auc_score(y == c, p[:, c]))
    if average is None:
        return each
    if None in each:
        return None
    return np.average(each, weights=None if average == "macro"
                      else np.bincount(y, minlength=k))


def wanted(k, y, predicted, p):
    """(metric, average, class) -> value or None."""
    values = {("accuracy", "", ""): sk.accuracy_score(y, predicted),
              ("balanced_accuracy", "", ""):
                  sk.balanced_accuracy_score(y, predicted)}
    functions = {"precision": sk.precision_score, "recall": sk.recall_score,
                 "f1": sk.f1_score}
    for average in ("weighted", "macro", None):
        found = {name: function(y, predicted, labels=range(k),
                                average=average, zero_division=0)
                 for name, function in functions.items()}
        found["auroc"] = auroc(k, y, p, average)
        for name, value in found.items():
            if average is not None:
                values[name, average, ""] = value
                continue
            for c in range(k):
                values[name, "", "c%02d" % c] = \
                    None if value is None else value[c]
    return values


def bootstrap(paths, *options):
    """The rows that mc-bootstrap writes about PATHS."""
    text = subprocess.run(
        ["mc-bootstrap", "--metrics", "all", "--replicates", "399", *options,
         *paths], check=True, stdout=subprocess.PIPE,
        universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def main():
    rng = np.random.default_rng(20261123)
    tables, soft, hard = [], [], []
    for task in range(TABLES):
        k, y, predicted, p = table(rng, task % 6 == 0)
        path = "t%03d.tsv" % task
        write(path, task, k, y, predicted, p)
        tables.append(wanted(k, y, predicted, p))
        (hard if p is None else soft).append(path)
    classes = ",".join("c%02d" % c for c in range(HARD_CLASSES))
    rows = bootstrap(soft) + bootstrap(hard, "--classes", classes)
    compared, undefined, worst = 0, 0, 0.0
    for row in rows:
        name = row["metric"], row["average"], row["class"]
        value = tables[int(row["task"][1:])].pop(name)
        if (value is None) != (row["estimate"] == ""):
            sys.exit("%s %s: wanted %s, found %s" %
                     (row["task"], name, value, row["estimate"]))
        if value is None:
            undefined += 1
            assert row["note"] and row["lo"] == row["hi"] == "", row
            continue
        compared += 1
        worst = max(worst, abs(value - float(row["estimate"])))
        if row["lo"] and not float(row["lo"]) <= float(row["hi"]):
            sys.exit("%s %s: lo > hi" % (row["task"], name))
    missing = sum(map(len, tables))
    print("%d values compared, %d undefined in both, %d missing, "
          "largest difference %.1e" % (compared, undefined, missing, worst))
    sys.exit(int(worst > 1e-12 or missing > 0 or compared < 10000 or
                 undefined < 1000))


main()
