"""Means and deviations over the repeats of a cross-validation.

repeated.py METRICS PREDICTIONS...

Each repeat is a training seed: its accuracy is that of all images, its AUROC
the mean over its folds, by scikit-learn.
"""
import csv
import sys

try:
    import numpy as np
    from sklearn.metrics import accuracy_score, roc_auc_score
except ImportError as missing:
    print(missing)
    sys.exit(77)


def rows(path):
    with open(path) as f:
        return list(csv.DictReader(f, delimiter="\t"))


data = [row for path in sys.argv[2:] for row in rows(path)]
classes = sorted({row["label"] for row in data})
values = {"accuracy": [], "auroc": []}
for seed in sorted({row["train_seed"] for row in data}):
    own = [row for row in data if row["train_seed"] == seed]
    values["accuracy"].append(accuracy_score([r["label"] for r in own],
                                             [r["predicted"] for r in own]))
    areas = []
    for fold in sorted({row["fold"] for row in own}):
        of = [row for row in own if row["fold"] == fold]
        areas.append(roc_auc_score([r["label"] == classes[1] for r in of],
                                   [float(r["p:" + classes[1]]) for r in of]))
    values["auroc"].append(np.mean(areas))
off = []
for row in rows(sys.argv[1]):
    v = values[row["metric"]]
    assert len(v) == 3 == int(row["seeds"]), row
    off += [abs(float(row["estimate"]) - np.mean(v)),
            abs(float(row["seed_sd"]) - np.std(v, ddof=1))]
    assert off[-1] < 1e-9 and off[-2] < 1e-9, (row, v)
assert len(off) == 4 and np.std(values["accuracy"]) > 0
print("ok\tof repeats: %d numbers, off by %.0e" % (len(off), max(off)))
