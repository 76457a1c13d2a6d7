"""Metrics of mc-bootstrap against their references, on generated tables.

Writes hundreds of tasks (ties, absent classes, one row, 2 to 20 classes, two
decimals to seventeen; some with hard labels or saturated), runs mc-bootstrap --metrics all on them, and compares every
number: with scikit-learn to 1e-12; calibration slopes with statsmodels to
1e-8, and calibration errors with numpy, written from the papers.  Undefined
there must be undefined here, and no metric of --list-metrics may be left out.
"""
import csv
import math
import subprocess
import sys
import warnings

import numpy as np
import statsmodels.api as sm
from scipy.optimize import brentq
from scipy.special import expit, logit, softmax
from sklearn import metrics as sk

warnings.simplefilter("ignore")
SIZES = (1, 2, 3, 5, 10, 40, 200)
TABLES = 400
HARD_CLASSES = 7
BINS = 15
# The largest differences that are allowed, where not 1e-12.
TOLERANCE = {"calibration_slope": 1e-8, "calibration_intercept": 1e-8}


# How others print probabilities: decimals, float32, all digits.
FORMATS = ["%.2f", "%.3f", "%.4f", "%.6f", "%.8g", "%.17g"]


def table(rng, hard):
    """The number of classes, labels, predictions, and probabilities.

    The last are texts, and everything is computed of what these say.
    """
    k = HARD_CLASSES if hard else int(rng.integers(2, 21))
    n = int(rng.choice(SIZES))
    present = rng.choice(k, size=int(rng.integers(1, k + 1)), replace=False)
    y = rng.choice(present, size=n)
    # Few distinct values make ties; sixteenths add up without rounding.
    p = rng.multinomial(16, np.full(k, 1 / k), size=n) / 16
    if rng.random() < 0.5:
        p = rng.dirichlet(np.full(k, 0.5), size=n)
    if rng.random() < 0.2:
        p = softmax(rng.normal(0, 40, size=(n, k)), axis=1)
    form = FORMATS[rng.integers(len(FORMATS))]
    if form == "%.8g":
        p = p.astype(np.float32)
        form = "%s"
    text = np.array([[form % v for v in row] for row in p])
    return k, y, text.astype(float).argmax(1), None if hard else text


def write(path, task, k, y, predicted, p):
    with open(path, "w") as f:
        columns = ["task", "id", "label", "predicted"]
        if p is not None:
            columns = columns[:3] + ["p:c%02d" % c for c in range(k)]
        print(*columns, sep="\t", file=f)
        for i in range(len(y)):
            last = ["c%02d" % predicted[i]] if p is None else p[i]
            print("t%03d" % task, "i%d" % i, "c%02d" % y[i], *last, sep="\t",
                  file=f)


def both(y):
    return 0 < y.sum() < len(y)


def auroc(y, p):
    return sk.roc_auc_score(y, p) if both(y) else None


def average_precision(y, p):
    return sk.average_precision_score(y, p) if y.any() else None


def sensitivity(y, p):
    if not both(y):
        return None
    fpr, tpr, _ = sk.roc_curve(y, p, drop_intermediate=False)
    return tpr[1 - fpr >= 0.95 - 1e-9].max()


def specificity_at(y, p):
    if not both(y):
        return None
    fpr, tpr, _ = sk.roc_curve(y, p, drop_intermediate=False)
    return (1 - fpr[tpr >= 0.95 - 1e-9]).max()


def log_odds(p):
    return logit(np.clip(p, 1.1920929e-07, 1 - 1.1920929e-07))


def fit(y, x, offset):
    model = sm.GLM(y, x, family=sm.families.Binomial(), offset=offset)
    return model.fit(maxiter=30, tol=1e-14, tol_criterion="params").params


def slope(y, p):
    x = log_odds(p)
    if not both(y) or x[y].max() <= x[~y].min() or x[~y].max() <= x[y].min():
        return None
    return fit(y, np.column_stack([np.ones(len(x)), x]), None)[1]


def intercept(y, p):
    if not both(y):
        return None
    x = log_odds(p)

    def score(a):
        return (y - expit(a + x)).sum()
    a = fit(y, np.ones(len(y)), x)[0]
    # GLM runs away from some tables; the likelihood still has its maximum.
    return a if abs(score(a)) < 1e-9 else brentq(score, -40, 40, xtol=1e-14)


def calibration_errors(y, predicted, p):
    """Top-label errors: equal width, debiased, equal mass."""
    confidence, right = p.max(1), y == predicted
    edges = np.arange(1, BINS) / BINS
    width = np.searchsorted(edges, confidence, side="left")
    # The middle of the ranks of equal confidences.
    ranks = np.array([((confidence < c).sum() + (confidence <= c).sum() - 1)
                      / 2 for c in confidence])
    mass = (BINS * ranks / len(y)).astype(int)

    def ece(bins, debias=False):
        total = 0
        for b in range(BINS):
            if not (bins == b).any():
                continue
            n, acc = (bins == b).sum(), right[bins == b].mean()
            d = abs(acc - confidence[bins == b].mean())
            s = math.sqrt(acc * (1 - acc) / n)
            if debias:
                folded = d if s == 0 else (
                    s * math.sqrt(2 / math.pi) * math.exp(-d * d / (2 * s * s))
                    + d * math.erf(d / (s * math.sqrt(2))))
                d = 2 * d - folded
            total += d * n / len(y)
        return total
    return {"ece": ece(width), "ece_debiased": ece(width, True),
            "ece_mass": ece(mass)}


def brier(y, p):
    # scikit-learn refuses what float32 rounds above 1.
    return (sk.brier_score_loss(y, p) if p.max() <= 1
            else ((p - y) ** 2).mean())


def one_versus_one(y, p):
    """Hand and Till's AUROC; scikit-learn wants sums of 1, to 1e-8."""
    k = p.shape[1]
    if k == 2:
        return sk.roc_auc_score(y, p[:, 1])
    a = [sk.roc_auc_score(y[(y == i) | (y == j)] == i,
                          p[(y == i) | (y == j), i])
         for i in range(k) for j in range(k) if i != j]
    if np.allclose(p.sum(1), 1):
        assert abs(np.mean(a) - sk.roc_auc_score(
            y, p, multi_class="ovo", labels=range(k))) < 1e-12
    return np.mean(a)


def by_class(found, y, k, average):
    """A list by class, averaged as asked; None where a class has none."""
    if average is None or found is None:
        return found
    if None in found:
        return None
    return np.average(found, weights=None if average == "macro"
                      else np.bincount(y, minlength=k))


def whole(k, y, predicted, p):
    """Metrics of the whole table: name -> value or None."""
    values = {"accuracy": sk.accuracy_score(y, predicted),
              "balanced_accuracy": sk.balanced_accuracy_score(y, predicted),
              "mcc": sk.matthews_corrcoef(y, predicted)}
    for name, weights in (("kappa", None), ("kappa_linear", "linear"),
                          ("kappa_quadratic", "quadratic")):
        kappa = sk.cohen_kappa_score(y, predicted, labels=range(k),
                                     weights=weights)
        values[name] = None if math.isnan(kappa) else kappa
    names = "log_loss", "brier", "ece", "ece_debiased", "ece_mass"
    if p is None:
        return {**values, **dict.fromkeys(names)}
    values["log_loss"] = sk.log_loss(y, p, labels=range(k))
    values["brier"] = ((p - np.eye(k)[y]) ** 2).sum(1).mean()
    if k == 2:      # of either class; the same where p sums to 1
        values["brier"] = np.mean([brier(y == c, p[:, c]) for c in (0, 1)])
    values.update(calibration_errors(y, predicted, p))
    return values


def of_rest(function, y, predicted, k):
    """FUNCTION of the images that are not of a class, for every class."""
    classes = np.arange(k)
    return list(function(y[:, None] != classes, predicted[:, None] != classes,
                         average=None, zero_division=0))


def wanted(k, y, predicted, p):
    """(metric, average, class) -> value or None."""
    p = None if p is None else p.astype(float)
    values = {(name, "", ""): v
              for name, v in whole(k, y, predicted, p).items()}
    labels = {"labels": range(k), "average": None, "zero_division": 0}
    lists = {"precision": list(sk.precision_score(y, predicted, **labels)),
             "recall": list(sk.recall_score(y, predicted, **labels)),
             "f1": list(sk.f1_score(y, predicted, **labels)),
             "specificity": of_rest(sk.recall_score, y, predicted, k),
             "npv": of_rest(sk.precision_score, y, predicted, k)}
    soft = {"auroc": auroc, "average_precision": average_precision,
            "sensitivity_at_specificity@0.95": sensitivity,
            "specificity_at_sensitivity@0.95": specificity_at,
            "calibration_slope": slope, "calibration_intercept": intercept,
            "brier": brier}
    for name, function in soft.items():
        lists[name] = (None if p is None else
                       [function(y == c, p[:, c]) for c in range(k)])
    for name, found in lists.items():
        for c in range(k):
            values[name, "", "c%02d" % c] = None if found is None else found[c]
        if name.startswith("calibration") or name == "brier":
            continue
        values[name, "macro", ""] = by_class(found, y, k, "macro")
        if "@" not in name:
            values[name, "weighted", ""] = by_class(found, y, k, "weighted")
    values["auroc", "ovo", ""] = None
    if p is not None and len(np.unique(y)) == k:
        values["auroc", "ovo", ""] = one_versus_one(y, p)
    return values


def bootstrap(paths, k):
    """The rows that mc-bootstrap writes about PATHS."""
    text = subprocess.run(
        ["mc-bootstrap", "--metrics", "all", "--replicates", "39", "--level",
         "0.5", "--classes", ",".join("c%02d" % c for c in range(k)), *paths],
        check=True, stdout=subprocess.PIPE, universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def main():
    rng = np.random.default_rng(20261123)
    tables, paths = [], {}
    for task in range(TABLES):
        k, y, predicted, p = table(rng, task % 6 == 0)
        path = "t%03d.tsv" % task
        write(path, task, k, y, predicted, p)
        tables.append(wanted(k, y, predicted, p))
        paths.setdefault(k, []).append(path)
    listed = subprocess.run(["mc-bootstrap", "--list-metrics"], check=True,
                            stdout=subprocess.PIPE, universal_newlines=True)
    listed = {line.split("\t")[0] for line in listed.stdout.splitlines()[1:]}
    rows = [row for k in sorted(paths) for row in bootstrap(paths[k], k)]
    compared, undefined, worst, failed, off = 0, 0, {}, 0, set()
    for row in rows:
        name = row["metric"], row["average"], row["class"]
        value = tables[int(row["task"][1:])].pop(name)
        metric = row["metric"].split("@")[0]
        listed.discard(metric)
        if (value is None) != (row["estimate"] == ""):
            print("%s %s: wanted %s, found %s %s" %
                  (row["task"], name, value, row["estimate"], row["note"]))
            failed += 1
            continue
        if value is None:
            undefined += 1
            assert row["note"] and row["lo"] == row["hi"] == "", row
            continue
        compared += 1
        found = float(row["estimate"])
        d = abs(value - found) / max(1, abs(value))
        worst[metric] = max(worst.get(metric, 0), d)
        if d > TOLERANCE.get(metric, 1e-12):
            off.add(name + (row["task"], value, found))
        if row["lo"] and not float(row["lo"]) <= float(row["hi"]):
            sys.exit("%s %s: lo > hi" % (row["task"], name))
    missing = sum(map(len, tables))
    for metric, d in sorted(worst.items()):
        print("%-30s %.1e" % (metric, d))
    for what in sorted(off)[:20]:
        print("off:", *what)
    print("%d values compared, %d undefined in both, %d missing, %d of them "
          "not listed" % (compared, undefined, missing, len(listed)))
    sys.exit(int(bool(off) or bool(listed) or failed > 0 or missing > 0 or
                 compared < 30000 or undefined < 3000))


main()
