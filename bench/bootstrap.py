"""mc-bootstrap against the usual loop over scikit-learn, side by side.

usage: bootstrap.py [MC-BOOTSTRAP]

Each job is 5000 replicates.  The loop is timed on some of them and scaled; the
program is timed whole, from its start to its end, and the best of five runs
counts.  Prints what each took and the ratio; absolute figures belong to the
machine.
"""
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
REPLICATES = 5000
# (what, images, shares of the classes, metrics)
JOBS = (
    ("4 metrics, 624 images, 2 classes", 624, (0.375, 0.625), None),
    ("4 metrics, 2003 images, 7 classes", 2003,
     (0.67, 0.11, 0.11, 0.05, 0.033, 0.015, 0.012), None),
    ("AUROC, 10000 images", 10000, (0.4, 0.6), "auroc"),
)


def write(path, y, p):
    classes = ["c%d" % c for c in range(p.shape[1])]
    with open(path, "w") as f:
        print("id", "label", *("p:" + c for c in classes), sep="\t", file=f)
        for i, row in enumerate(p):
            print("i%05d" % i, classes[y[i]], *("%.9g" % v for v in row),
                  sep="\t", file=f)


def loop(y, p, metric, replicates):
    """Seconds that scikit-learn takes."""
    rng = np.random.default_rng(1)
    predicted = p.argmax(1)
    start = time.perf_counter()
    for _ in range(replicates):
        i = rng.integers(len(y), size=len(y))
        if metric == "auroc":
            sk.roc_auc_score(y[i], p[i, 1])
            continue
        sk.accuracy_score(y[i], predicted[i])
        for score in (sk.precision_score, sk.recall_score, sk.f1_score):
            score(y[i], predicted[i], average="weighted")
    return time.perf_counter() - start


def whole(program, path, metric):
    command = [program, "--replicates", str(REPLICATES), path]
    if metric is not None:
        command[1:1] = ["--metrics", metric, "--positive", "c1"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "mc-bootstrap"
    rng = np.random.default_rng(1)
    print("job\tscikit-learn, s\tmc-bootstrap, s\tratio")
    for what, n, shares, metric in JOBS:
        y = rng.choice(len(shares), n, p=np.array(shares) / sum(shares))
        z = rng.normal(size=(n, len(shares)))
        z[np.arange(n), y] += 2
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        some = 100
        theirs = loop(y, p, metric, some) * REPLICATES / some
        with tempfile.TemporaryDirectory() as folder:
            path = folder + "/predictions.tsv"
            write(path, y, p)
            ours = min(whole(program, path, metric) for _ in range(5))
        print("%s\t%.2f\t%.4f\t%.0f" % (what, theirs, ours, theirs / ours))


main()
