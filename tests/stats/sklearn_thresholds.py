"""mc-threshold, and mc-bootstrap --threshold, against scikit-learn and numpy.

Thresholds: scikit-learn's roc_curve gives all operating points of a table; the
criteria are applied to them here, in a line each.  Ours must lie above the next
lower score and not above scikit-learn's threshold, which is a score, and in the
middle of the two.

Intervals: a plain double bootstrap.  Draw validation patients and choose, draw
test patients and predict.  With 4000 replicates here and 19999 there, the
difference of two limits has a standard error of 0.05 standard deviations of
the metric; five of these are allowed.
"""
import csv
import subprocess
import sys
import warnings

import numpy as np
from sklearn import metrics as sk

warnings.simplefilter("ignore")
TABLES = 60
REPLICATES = 4000
CRITERIA = [("youden",), ("sensitivity", "--at", "0.9"), ("sensitivity",),
            ("specificity", "--at", "0.8"), ("cost", "--cost", "1:5"),
            ("cost", "--cost", "0.7:0.1"),
            ("cost", "--cost", "1:20", "--prevalence", "0.03")]


def table(path, split, y, group, p):
    """P is of class pos; Y says which are of it."""
    with open(path, "w") as f:
        print("arm\tsplit\tid\tgroup\tlabel\tp:neg\tp:pos", file=f)
        for i in range(len(y)):
            print("a", split, i, "g%d" % group[i], ("neg", "pos")[y[i]],
                  repr(float(1 - p[i])), repr(float(p[i])), sep="\t", file=f)


def run(*args):
    text = subprocess.run(args, check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout
    return list(csv.DictReader(text.splitlines(), delimiter="\t",
                               quoting=csv.QUOTE_NONE))


def reached(x, at):
    return x >= at - 1e-9


def best(name, options, y, p):
    """scikit-learn's threshold for a criterion, by falling threshold."""
    fpr, sensitivity, threshold = sk.roc_curve(y, p, drop_intermediate=False)
    specificity = 1 - fpr
    options = dict(zip(options[::2], options[1::2]))
    at = float(options.get("--at", 0.95))
    if name == "youden":
        value = sensitivity + specificity
    elif name == "sensitivity":
        value = np.where(reached(sensitivity, at), specificity, -1)
    elif name == "specificity":
        value = np.where(reached(specificity, at), sensitivity, -1)
    else:
        fp, fn = map(float, options["--cost"].split(":"))
        prevalence = float(options.get("--prevalence", y.mean()))
        value = -(fp * (1 - prevalence) * (1 - specificity) +
                  fn * prevalence * (1 - sensitivity))
    i = np.flatnonzero(value >= value.max() - 1e-12)
    i = i[0] if name == "specificity" else i[-1]
    return threshold[i], sensitivity[i], specificity[i]


def middle(upper, p):
    """The middle of the gap whose upper end is scikit-learn's threshold."""
    if upper > p.max():
        return (p.max() + 1) / 2
    below = p[p < upper]
    return (upper + (below.max() if len(below) else 0)) / 2


def scores(rng, n, digits):
    group = np.sort(rng.integers(n // 3 + 1, size=n))
    y = (rng.random(group.max() + 1) < 0.4)[group].astype(int)
    y[:2] = 0, 1
    effect = rng.normal(size=group.max() + 1)[group]
    p = 1 / (1 + np.exp(-(y - 0.5 + effect + rng.normal(size=n))))
    return y, group, np.round(p, digits)


def compare_choices(rng):
    worst = 0
    for t in range(TABLES):
        y, group, p = scores(rng, int(rng.integers(4, 200)), t % 3 + 1)
        table("val.tsv", "val", y, group, p)
        p = p / ((1 - p) + p)
        for name, *options in CRITERIA:
            row, = run("mc-threshold", "--positive", "pos", "--criterion",
                       name, *options, "val.tsv")
            upper, sensitivity, specificity = best(name, options, y, p)
            found = float(row["threshold"])
            worst = max(worst, abs(found - middle(upper, p)),
                        abs(float(row["sensitivity"]) - sensitivity),
                        abs(float(row["specificity"]) - specificity))
            # The same images, and none on the line.
            assert ((p >= found) == (p >= upper)).all(), (t, name, found, upper)
            assert (p != found).all() or found == 0, (t, name)
    print("%d choices, largest difference %.1e" %
          (TABLES * len(CRITERIA), worst))
    return worst < 1e-12


def double_bootstrap(rng, val, test):
    """Recall and specificity at the Youden threshold of drawn patients."""
    values = np.empty((2, REPLICATES))
    rows = [[np.flatnonzero(g == u) for u in range(g.max() + 1)]
            for _, g, _ in (val, test)]
    for b in range(REPLICATES):
        (y, p), (z, q) = [
            (s[0][i], s[2][i]) for s, i in zip((val, test), [
                np.concatenate([r[u] for u in rng.integers(len(r), size=len(r))])
                for r in rows])]
        predicted = q >= middle(best("youden", (), y, p)[0], p)
        values[:, b] = predicted[z == 1].mean(), 1 - predicted[z == 0].mean()
    return values


def compact(sample):
    """Groups numbered without gaps."""
    y, group, p = sample
    return y, np.unique(group, return_inverse=True)[1], p


def compare_intervals(rng):
    val, test = compact(scores(rng, 150, 3)), compact(scores(rng, 240, 3))
    table("val.tsv", "val", *val)
    table("test.tsv", "test", *test)
    for name, replicates in (("fixed.tsv", 0), ("drawn.tsv", 19999)):
        subprocess.run(["mc-threshold", "--positive", "pos", "--replicates",
                        str(replicates), "-o", name, "val.tsv"], check=True)
    widths = {}
    found = double_bootstrap(rng, val, test)
    worst = 0
    for name in ("fixed.tsv", "drawn.tsv"):
        rows = run("mc-bootstrap", "--threshold", name, "--metrics",
                   "recall:positive,specificity:positive", "--replicates",
                   "19999", "test.tsv")
        for row, values in zip(rows, found):
            lo, hi = float(row["lo"]), float(row["hi"])
            widths.setdefault(row["metric"], []).append(hi - lo)
            if name == "fixed.tsv":
                continue
            for limit, q in ((lo, 2.5), (hi, 97.5)):
                off = (limit - np.percentile(values, q)) / values.std()
                worst = max(worst, abs(off))
                print(row["metric"], limit, off)
    for metric, (fixed, drawn) in widths.items():
        print("%s: width %.3f with a fixed threshold, %.3f with its "
              "uncertainty" % (metric, fixed, drawn))
    return worst < 0.25 and all(d > 1.1 * f for f, d in widths.values())


def main():
    rng = np.random.default_rng(7)
    good = [compare_choices(rng), compare_intervals(rng)]
    sys.exit(int(not all(good)))


main()
