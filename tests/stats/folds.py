#!/usr/bin/env python3
"""Compare the folds of mc-split with scikit-learn's StratifiedGroupKFold.

usage: folds.py generated N           N tables: skewed groups, rare classes,
                                      one huge group
       folds.py csv FILE GROUP LABEL  the columns GROUP and LABEL of FILE

Prints a verdict for each table, as tap.sh reads them: the objective of lib/stats/
split.h may not be above the lesser of the peer's with and without shuffling,
and mc-split -v must print what is computed here.
"""
import csv
import random
import re
import subprocess
import sys
import warnings

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

warnings.simplefilter("ignore")


def objective(label, fold, k):
    sets = [label == label] + [label == c for c in np.unique(label)]
    return sum(k * (np.mean(fold[s] == i) - 1 / k) ** 2
               for s in sets for i in range(k))


def ours(rows, k):
    text = "id\tlabel\tgroup\n" + "".join(
        f"i{i}\tc{c}\tg{g}\n" for i, (g, c) in enumerate(rows))
    done = subprocess.run(["mc-split", "-v", "--folds", str(k)], input=text,
                          capture_output=True, text=True, check=True)
    said = re.search("folds: objective ([0-9.e+-]+)", done.stderr)[1]
    fold = [int(x.split("\t")[3]) - 1 for x in done.stdout.split("\n")[1:-1]]
    return np.array(fold), float(said)


def theirs(group, label, k, seed):
    """The lesser objective, with and without shuffling."""
    values = []
    for shuffle in [False, True]:
        fold = np.zeros(len(label), int)
        peer = StratifiedGroupKFold(k, shuffle=shuffle,
                                    random_state=seed if shuffle else None)
        for i, (_, test) in enumerate(peer.split(label, label, group)):
            fold[test] = i
        values.append(objective(label, fold, k))
    return min(values)


def compare(rows, k, seed, name):
    group, label = (np.array(x) for x in zip(*rows))
    fold, said = ours(rows, k)
    a, b = objective(label, fold, k), theirs(group, label, k, seed)
    whole = all(len(set(fold[group == g])) == 1 for g in set(group[:200]))
    good = whole and a <= b + 1e-12 and abs(said - a) <= 1e-3 * a + 1e-12
    print(f"{'' if good else 'not '}ok\t{name}: {len(rows)} images, {k} folds: "
          f"objective {a:.4g}, scikit-learn's {b:.4g}")


def table(seed):
    rng = random.Random(seed)
    groups = rng.choice([12, 20, 40, 100, 200])
    classes = rng.choice([2, 3, 5, 8])
    rows = []
    for g in range(groups):
        usual = min(int(rng.expovariate(0.8)), classes - 1)
        size = [rng.choice([1, 1, 2, 3, 8, 20]),
                min(1 + int(rng.paretovariate(1.1)), 300),
                1 if g > 0 else 10 * groups,
                rng.randrange(1, 6)][seed % 4]
        for _ in range(size):
            rows.append((g, usual if rng.random() < 0.7
                         else rng.randrange(classes)))
    return rows, rng.choice([2, 3, 5, 10])


if sys.argv[1] == "generated":
    for seed in range(int(sys.argv[2])):
        compare(*table(seed), seed, f"table {seed}")
else:
    with open(sys.argv[2], encoding="utf-8", newline="") as f:
        rows = [(row[sys.argv[3]], row[sys.argv[4]])
                for row in csv.DictReader(f)]
    compare(rows, 5, 1, sys.argv[2].rsplit("/", 1)[-1])
