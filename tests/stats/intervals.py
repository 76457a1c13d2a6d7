"""Intervals of mc-bootstrap against scipy and numpy, on the same resamples.

intervals.py INSIDE draws       every method of resampling, where INSIDE
                                (inside.c) tells which units were drawn
intervals.py INSIDE obuchowski  the variance of clustered AUROCs, written down
                                from the paper, and the interval on it
"""
import csv
import math
import subprocess
import sys
import warnings

try:
    import numpy as np
    from scipy.special import expit, logit, ndtri
    from scipy.stats import t as student
    from scipy.stats._resampling import _bca_interval
    from sklearn import metrics as sk
except ImportError as missing:
    print(missing)
    sys.exit(77)

warnings.simplefilter("ignore")
REPLICATES = 599
SEED = 11
TOLERANCE = 1e-9


def table(rng, units, most, arms=1, decimals=2):
    """Labels, units, and a score for each arm; some units have both labels."""
    unit = np.repeat(np.arange(units), rng.integers(1, most + 1, units))
    y = (rng.random(units) < 0.45)[unit] ^ (rng.random(len(unit)) < 0.15)
    ill = rng.normal(size=units)[unit] + 2.0 * y - 1
    scores = [np.round(expit(ill + rng.normal(size=len(unit))), decimals)
              for _ in range(arms)]
    return y.astype(int), unit, scores


def write(path, y, unit, scores):
    with open(path, "w") as f:
        print("arm\tid\tgroup\tlabel\tp:0\tp:1", file=f)
        for arm, p in enumerate(scores):
            for i in range(len(y)):
                print("a%d" % arm, i, "u%04d" % unit[i], y[i],
                      "%.9g" % (1 - p[i]), "%.9g" % p[i], sep="\t", file=f)


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout


def bootstrap(*options):
    text = output("mc-bootstrap", "--replicates", str(REPLICATES), "--seed",
                  str(SEED), "--positive", "1", *options)
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


# --- Variances ---------------------------------------------------------------

def components(y, p):
    """DeLong's: each positive's share of the others below, and so on."""
    above = p[y == 1][:, None] - p[y == 0][None, :]
    kernel = (above > 0) + 0.5 * (above == 0)
    return kernel.mean(), kernel.mean(1), kernel.mean(0)


def obuchowski(y, unit, p, q):
    """Obuchowski (1997): the covariance of two AUROCs of clustered images."""
    names = np.unique(unit)
    m = np.array([(y[unit == u] == 1).sum() for u in names])
    n = np.array([(y[unit == u] == 0).sum() for u in names])
    off = []
    for score in (p, q):
        theta, v10, v01 = components(y, score)
        x = np.array([v10[unit[y == 1] == u].sum() for u in names])
        z = np.array([v01[unit[y == 0] == u].sum() for u in names])
        off.append((x - m * theta, z - n * theta))
    M, N, i = m.sum(), n.sum(), len(names)
    i10, i01 = (m > 0).sum(), (n > 0).sum()
    (x, z), (x2, z2) = off
    s10 = i10 / ((i10 - 1) * M) * (x * x2).sum()
    s01 = i01 / ((i01 - 1) * N) * (z * z2).sum()
    s11 = i / (i - 1) * ((x * z2).sum() + (x2 * z).sum())
    return s10 / M + s01 / N + s11 / (M * N)


def ratio_variance(unit, above):
    """Of the mean of ABOVE over the images of clusters, linearised."""
    mean, g = above.mean(), len(np.unique(unit))
    off = np.bincount(unit, above - mean)
    return g / (g - 1) * (off ** 2).sum() / len(unit) ** 2


# --- The same resamples ------------------------------------------------------

def losses(y, p):
    return {"accuracy": (y == (p > 0.5)).astype(float),
            "brier": (y - p) ** 2,
            "log_loss": -np.log(np.where(y == 1, p, 1 - p))}


METRICS = {
    "accuracy": lambda y, p, w: sk.accuracy_score(
        y, p > 0.5, sample_weight=w),
    "f1": lambda y, p, w: sk.f1_score(
        y, p > 0.5, average="weighted", sample_weight=w),
    "auroc": lambda y, p, w: sk.roc_auc_score(y, p, sample_weight=w),
    "average_precision": lambda y, p, w: sk.average_precision_score(
        y, p, sample_weight=w),
    "brier": lambda y, p, w: sk.brier_score_loss(y, p, sample_weight=w),
    "log_loss": lambda y, p, w: sk.log_loss(y, p, sample_weight=w,
                                            labels=[0, 1]),
}


def value(metric, data, times):
    """Rounded, so that equal replicates are equal however they were summed."""
    y, unit, p = data
    return round(METRICS[metric](y, p, times[unit]), 12)


def bca(metric, data, found):
    """The limits by scipy, of units as data."""
    units = data[1].max() + 1

    def statistic(drawn, axis=-1):
        return np.apply_along_axis(lambda u: value(
            metric, data, np.bincount(u, minlength=units)), axis, drawn)
    low, high, _ = _bca_interval((np.arange(units),), statistic, -1, 0.025,
                                 found, None)
    return [quantile(found, float(low)), quantile(found, float(high))]


def bootstrap_t(metric, data, draws, estimate, found):
    """Over log odds for what lies between 0 and 1."""
    y, unit, p = data
    odds = metric in ("accuracy", "auroc")

    def error(of, times):
        # Each copy of a unit is a unit of its own.
        rows = [np.flatnonzero(unit == u) for u in range(len(times))]
        picked = [rows[u] for u in range(len(times)) for _ in range(times[u])]
        copy = np.repeat(np.arange(len(picked)), [len(r) for r in picked])
        i = np.concatenate(picked)
        variance = (obuchowski(y[i], copy, p[i], p[i]) if metric == "auroc"
                    else ratio_variance(copy, losses(y, p)[metric][i]))
        return math.sqrt(variance) / (of * (1 - of) if odds else 1)
    scale = logit if odds else np.asarray
    own = error(estimate, np.ones(unit.max() + 1, int))
    t = [(scale(f) - scale(estimate)) / error(f, times)
         for f, times in zip(found, draws)]
    limits = [float(scale(estimate) - quantile(t, q) * own)
              for q in (0.975, 0.025)]
    return list(expit(limits)) if odds else limits


def quantile(values, q):
    return np.percentile(values, 100 * q, method="weibull")


def limits(method, metric, data, draws, estimate, found):
    if method == "bca":
        return bca(metric, data, found)
    if method == "bootstrap-t":
        return bootstrap_t(metric, data, draws, estimate, found)
    lo, hi = quantile(found, 0.025), quantile(found, 0.975)
    if method == "basic":
        lo, hi = 2 * estimate - hi, 2 * estimate - lo
    if method == "normal":
        half = ndtri(0.975) * found.std(ddof=1)
        lo, hi = estimate - half, estimate + half
    return [lo, hi]


def check_draws(inside):
    rng = np.random.default_rng(20261124)
    worst, compared = 0, 0
    # By units: what is not drawn by types of units.
    soft = ["auroc", "average_precision", "brier", "log_loss"]
    cases = [("draw", [], table(rng, 50, 4), soft),
             ("draw", [], table(rng, 70, 1), soft),
             ("stratify", ["--stratify"], table(rng, 50, 4),
              ["accuracy", "f1", "auroc"])]
    for how, options, (y, unit, scores), metrics in cases:
        write("draws.tsv", y, unit, scores)
        data = y, unit, scores[0]
        draws = np.array([line.split() for line in output(
            inside, how, str(SEED), str(REPLICATES),
            "draws.tsv").splitlines()], int)
        once = np.ones(draws.shape[1], int)
        found = {m: np.array([value(m, data, times) for times in draws])
                 for m in METRICS if m in metrics + ["accuracy"]}
        for method in ("percentile", "basic", "normal", "bca", "bootstrap-t"):
            asked = list(metrics)
            if method == "bootstrap-t":
                asked = [m for m in list(losses(y, y)) + ["auroc"]
                         if m in found]
            for row in bootstrap("--method", method, "--metrics",
                                 ",".join(asked), *options, "draws.tsv"):
                metric = row["metric"]
                assert row["method"] == method, row
                estimate = value(metric, data, once)
                wanted = limits(method, metric, data, draws, estimate,
                                found[metric])
                off = max(abs(float(row["estimate"]) - estimate),
                          abs(float(row["lo"]) - max(wanted[0], 0)),
                          abs(float(row["hi"]) - (
                              wanted[1] if metric == "log_loss"
                              else min(wanted[1], 1))))
                worst, compared = max(worst, off), compared + 1
                if off > TOLERANCE:
                    print(how, method, metric, row["lo"], row["hi"], wanted)
    print("%d intervals, %.0e" % (compared, worst))
    return worst <= TOLERANCE and compared == 54


# --- Obuchowski --------------------------------------------------------------

def check_obuchowski(inside):
    rng = np.random.default_rng(1997)
    worst, compared, both = 0, 0, 0
    for case in range(30):
        y, unit, scores = table(rng, int(rng.integers(10, 60)),
                                1 + case % 5, arms=3, decimals=1 + case % 3)
        write("clusters.tsv", y, unit, scores)
        both += sum(0 < y[unit == u].sum() < (unit == u).sum()
                    for u in np.unique(unit))
        rows = {row["arm"]: row for row in bootstrap(
            "--method", "delong", "--metrics", "auroc", "clusters.tsv")}
        for line in output(inside, "covariance", "1",
                           "clusters.tsv").splitlines():
            a, b, *numbers = line.split("\t")
            p, q = scores[int(a[1])], scores[int(b[1])]
            df = min(len(np.unique(unit[y == c])) for c in (0, 1)) - 1
            wanted = [sk.roc_auc_score(y, p), sk.roc_auc_score(y, q),
                      obuchowski(y, unit, p, p), obuchowski(y, unit, q, q),
                      obuchowski(y, unit, p, q), df]
            off = np.abs(np.array(numbers, float) - wanted).max()
            row = rows[a]
            if wanted[2] == 0:
                # All pairs agree: those of units that no two pairs share.
                names = np.unique(unit)
                pairs = min(len(names) // 2, *(len(np.unique(
                    unit[y == c])) for c in (0, 1)))
                assert row["method"] == "clopper-pearson", row
                if wanted[0] == 1:
                    assert abs(float(row["lo"]) -
                               0.025 ** (1 / pairs)) < 1e-12, row
            elif len(np.unique(unit)) < len(unit):
                assert row["method"] == "obuchowski", row
                half = (student.ppf(0.975, df) * math.sqrt(wanted[2]) /
                        (wanted[0] * (1 - wanted[0])))
                lo, hi = expit(logit(wanted[0]) + half * np.array([-1, 1]))
                off = max(off, abs(float(row["lo"]) - lo),
                          abs(float(row["hi"]) - hi))
            else:
                assert row["method"] == "delong", row
            worst, compared = max(worst, off), compared + 1
            if off > TOLERANCE:
                print(case, line, wanted, row)
    print("%d pairs of arms, %d units of both classes, %.0e" %
          (compared, both, worst))
    return worst <= TOLERANCE and compared == 90 and both > 100


CHECKS = {"draws": check_draws, "obuchowski": check_obuchowski}
sys.exit(not CHECKS[sys.argv[2]](sys.argv[1]))
