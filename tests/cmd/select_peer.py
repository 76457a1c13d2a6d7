"""select_peer.py METRIC LOG KEPT SAID - mc-train --select against scikit-learn.

LOG must have scikit-learn's values of METRIC for mc-predict's tables
epoch.1.tsv to epoch.8.tsv, of the validation images; KEPT must be the best
epoch, and SAID its line.  "absent" writes absent.tar, with no validation image
of one class.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

import numpy as np
from sklearn import metrics

from peer import say, table
from probe_peer import data, write_tar

CLASSES = ["a", "b", "c"]


def brier(y, guess, p):
    return ((p - np.eye(3)[y]) ** 2).sum(1).mean()


METRICS = {
    "accuracy": lambda y, guess, p: metrics.accuracy_score(y, guess),
    "auroc:macro": lambda y, guess, p: metrics.roc_auc_score(y, p, multi_class="ovr"),
    "auroc:ovo": lambda y, guess, p: metrics.roc_auc_score(y, p, multi_class="ovo"),
    "balanced_accuracy": lambda y, guess, p: metrics.balanced_accuracy_score(y, guess),
    "brier": brier,
    "f1:macro": lambda y, guess, p: metrics.f1_score(y, guess, average="macro"),
    "kappa_quadratic": lambda y, guess, p: metrics.cohen_kappa_score(y, guess, weights="quadratic"),
    "mcc": lambda y, guess, p: metrics.matthews_corrcoef(y, guess),
}


def absent():
    y, x, split = data()
    write_tar("absent.tar", y, x, np.where((split == "val") & (y == 2), "test", split))


def compare(metric, log, kept, said):
    values, losses = [], []
    for epoch in range(1, 9):
        rows = table(f"epoch.{epoch}.tsv")
        p = np.array([[float(r["p:" + c]) for c in CLASSES] for r in rows])
        y = np.array([CLASSES.index(r["label"]) for r in rows])
        guess = np.array([CLASSES.index(r["predicted"]) for r in rows])
        values.append(METRICS[metric](y, guess, p))
        losses.append(metrics.log_loss(y, p))
    rows = [r for r in table(log) if r["split"] == "val"]
    column = metric if metric in rows[0] else metric.split(":")[0]
    # A row's product with the head is rounded by the size of its batch.
    say(np.allclose([float(r[column]) for r in rows], values, rtol=0,
                    atol=1e-6 if metric == "brier" else 1e-9),
        f"{metric}: each epoch has scikit-learn's value", [r[column] for r in rows], values)
    sign = -1 if metric == "brier" else 1
    best = max(range(8), key=lambda e: (round(sign * values[e], 12), -losses[e]))
    say(int(kept) == best + 1, f"{metric}: the best epoch is kept", kept, values)
    value = "" if metric == "accuracy" else f"{metric} {values[best]:.3f}, "
    line = (f"mc-train: epoch {best + 1} of 8 is kept: validation {value}"
            f"accuracy {float(rows[best]['accuracy']):.3f}, loss {float(rows[best]['loss']):.4g}\n")
    say(open(said).read() == line, f"{metric}: which is said", line)


if sys.argv[1] == "absent":
    absent()
else:
    compare(*sys.argv[1:])
