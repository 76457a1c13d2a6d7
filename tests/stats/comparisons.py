"""mc-compare against scipy, statsmodels, scikit-learn and numpy.

comparisons.py INSIDE WHAT

bootstrap    it and seeds, on the resamples that INSIDE (inside.c) tells
permutation  all permutations, by scipy and by hand, and drawn ones
mcnemar      statsmodels' exact test
delong       Obuchowski's paired test from INSIDE's covariances
gaps         of subgroups: Welch's t, patients dealt out, DeLong by hand
adjust       Holm and Benjamini-Hochberg by statsmodels, max-T by numpy
findings     means over findings, on the resamples that INSIDE tells
corrected-t  Nadeau and Bengio's t over repeated splits and folds, by scipy
tasks        Friedman by scipy, Iman and Davenport by formula, Nemenyi by scipy
"""
import csv
import itertools
import math
import subprocess
import sys
import warnings

try:
    import numpy as np
    from scipy import stats
    from scipy.special import expit
    from sklearn import metrics as sk
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.multitest import multipletests
except ImportError as missing:
    print(missing)
    sys.exit(77)

warnings.simplefilter("ignore")
REPLICATES = 799
SEED = 5
off = []


def near(found, wanted, tolerance=1e-9):
    if found == "" or not abs(float(found) - wanted) <= tolerance:
        sys.exit("found %s, wanted %s" % (found, wanted))
    off.append(abs(float(found) - wanted))


def table(rng, units, most, arms, decimals=2, shift=0.2):
    """Labels, units, and a score for each arm; some units have both labels."""
    unit = np.repeat(np.arange(units), rng.integers(1, most + 1, units))
    y = (rng.random(units) < 0.45)[unit] ^ (rng.random(len(unit)) < 0.15)
    ill = rng.normal(size=units)[unit] + 2.0 * y - 1
    scores = [np.round(expit(ill + shift * a * (2 * y - 1) +
                             rng.normal(size=len(unit))), decimals)
              for a in range(arms)]
    return y.astype(int), unit, scores


def write(path, y, unit, scores, seeds=None, task="t", mode="w", folds=None):
    with open(path, mode) as f:
        if mode == "w":
            print("task", "arm", "train_seed", "id", "group", "fold", "label",
                  "p:0", "p:1", sep="\t", file=f)
        for arm, p in enumerate(scores):
            name, seed = ("a%d" % arm, "1") if seeds is None else seeds[arm]
            for i in range(len(y)):
                print(task, name, seed, "i%04d" % i, "u%04d" % unit[i],
                      "" if folds is None else folds[i], y[i],
                      "%.9g" % (1 - p[i]), "%.9g" % p[i], sep="\t", file=f)


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          universal_newlines=True).stdout


def compare(*options):
    draws = ["--replicates", str(REPLICATES), "--seed", str(SEED)]
    if {"mcnemar", "delong", "corrected-t"} & set(options):
        draws = []
    text = output("mc-compare", *draws, "--positive", "1", *options)
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def value(metric, y, p, weight):
    if metric == "accuracy":
        return np.average((p > 0.5) == y, weights=weight)
    if metric == "f1":
        return sk.f1_score(y, p > 0.5, sample_weight=weight, average="macro")
    if metric == "brier":
        return np.average((p - y) ** 2, weights=weight)
    if len(np.unique(y[weight > 0])) < 2:
        return math.nan
    return sk.roc_auc_score(y, p, sample_weight=weight)


def drawn(inside, path, unit):
    """How often each image stands in each replicate."""
    lines = output(inside, "draw", str(SEED), str(REPLICATES), path)
    return [np.array(line.split(), float)[unit]
            for line in lines.splitlines()]


METRICS = "accuracy,f1:macro,auroc,brier"


def two_sided(d, null=0.0):
    below, above = (d <= null + 1e-12).sum(), (d >= null - 1e-12).sum()
    return min(1, 2 * (1 + min(below, above)) / (len(d) + 1))


def draws(inside):
    rng = np.random.default_rng(3)
    y, unit, scores = table(rng, 60, 4, 3)
    write("draws.tsv", y, unit, scores)
    times = drawn(inside, "draws.tsv", unit)
    rows = compare("--metrics", METRICS, "--margin", "0.03", "draws.tsv")
    for row in rows:
        metric = row["metric"]
        a, b = (scores[int(row[k][1])] for k in ("arm_a", "arm_b"))
        ones = np.ones(len(y))
        near(row["difference"], value(metric, y, a, ones) -
             value(metric, y, b, ones))
        d = np.array([value(metric, y, a, w) - value(metric, y, b, w)
                      for w in times])
        near(row["lo"], np.percentile(d, 2.5, method="weibull"))
        near(row["hi"], np.percentile(d, 97.5, method="weibull"))
        sign = -1 if metric == "brier" else 1
        up = (1 + (sign * d <= -0.03 + 1e-12).sum()) / (len(d) + 1)
        down = (1 + (sign * d >= 0.03 - 1e-12).sum()) / (len(d) + 1)
        near(row["p"], {"bootstrap": two_sided(d),
                        "noninferiority bootstrap": up,
                        "equivalence bootstrap": max(up, down)}[row["test"]])
    # Three seeds of one arm, four of the other.
    y, unit, scores = table(rng, 60, 4, 7, shift=0.05)
    names = [("a", s) for s in range(3)] + [("b", s) for s in range(4)]
    write("seeds.tsv", y, unit, scores, names)
    times = drawn(inside, "seeds.tsv", unit)
    for row in compare("--metrics", METRICS, "seeds.tsv"):
        ones = np.ones(len(y))
        v = [value(row["metric"], y, p, ones) for p in scores]
        d = np.array([np.mean([value(row["metric"], y, p, w)
                               for p in scores[:3]]) -
                      np.mean([value(row["metric"], y, p, w)
                               for p in scores[3:]]) for w in times])
        # The rarest class decides where each class has its say.
        units = 60 if row["metric"] in ("accuracy", "brier") else \
            min(len(np.unique(unit[y == k])) for k in (0, 1))
        parts = [(d.var(ddof=1), units - 1), (np.var(v[:3], ddof=1) / 3, 2),
                 (np.var(v[3:], ddof=1) / 4, 3)]
        variance = sum(p for p, _ in parts)
        df = variance ** 2 / sum(p * p / n for p, n in parts)
        middle = np.mean(v[:3]) - np.mean(v[3:])
        half = stats.t.ppf(0.975, df) * math.sqrt(variance)
        near(row["difference"], middle)
        near(row["lo"], middle - half)
        near(row["hi"], middle + half)
        near(row["p"], 2 * stats.t.sf(abs(middle) / math.sqrt(variance), df))
        near(row["seed_sd_a"], np.std(v[:3], ddof=1))
        near(row["seed_sd_b"], np.std(v[3:], ddof=1))
    # Three seeds of one arm, one or two of the other, which add no spread.
    for n in 4, 5:
        write("few.tsv", y, unit, scores[:n], names[:n])
        row, = compare("few.tsv")
        ones = np.ones(len(y))
        v = [value("accuracy", y, p, ones) for p in scores[:n]]
        d = np.array([np.mean([value("accuracy", y, p, w)
                               for p in scores[:3]]) -
                      np.mean([value("accuracy", y, p, w)
                               for p in scores[3:n]]) for w in times])
        parts = [(d.var(ddof=1), 59), (np.var(v[:3], ddof=1) / 3, 2)]
        error = math.sqrt(sum(p for p, _ in parts))
        df = error ** 4 / sum(p * p / n for p, n in parts)
        middle = np.mean(v[:3]) - np.mean(v[3:])
        near(row["p"], 2 * stats.t.sf(abs(middle) / error, df))
        near(row["lo"], middle - stats.t.ppf(0.975, df) * error)
        assert 'training seeds of "b": its seed-to-seed variation is not included' in row["note"]


def swapped(metric, y, p, q, unit, swap):
    """The difference with the arms exchanged in the units of SWAP."""
    there = swap[unit]
    ones = np.ones(len(y))
    return (value(metric, y, np.where(there, q, p), ones) -
            value(metric, y, np.where(there, p, q), ones))


def permutation(inside):
    rng = np.random.default_rng(8)
    y, unit, (p, q) = table(rng, 9, 3, 2)
    write("exact.tsv", y, unit, (p, q))
    ranks = stats.rankdata(p), stats.rankdata(q)
    everything = [np.array(s, bool)
                  for s in itertools.product((0, 1), repeat=9)]
    for row in compare("--test", "permutation", "--metrics", METRICS,
                       "exact.tsv"):
        assert row["test"] == "exact permutation", row
        a, b = ranks if row["metric"] == "auroc" else (p, q)
        d = np.array([swapped(row["metric"], y, a, b, unit, s)
                      for s in everything])
        near(row["p"], np.mean(abs(d) >= abs(d[0]) - 1e-12))
    # Folds on scales of their own: ranks within folds, the mean of their AUROCs.
    y, unit, (p, q) = table(rng, 9, 6, 2)
    fold = unit % 2
    write("folds.tsv", y, unit, (p, q), folds=fold)
    own = [np.where(fold == 1, s ** 3 / 9, s) for s in (p, q)]
    write("scaled.tsv", y, unit, (own[0], np.round(q, 2)), folds=fold)
    for f in (0, 1):
        assert 0 < y[fold == f].sum() < (fold == f).sum()
    ranks = [np.where(fold == 1, stats.rankdata(np.where(fold == 1, s, 9)),
                      stats.rankdata(np.where(fold == 0, s, 9)))
             for s in (p, q)]
    d = np.array([np.mean([swapped("auroc", y[fold == f],
                                   *[s[fold == f] for s in ranks],
                                   unit[fold == f], s) for f in (0, 1)])
                  for s in everything])
    for name in ("folds.tsv", "scaled.tsv"):
        row = compare("--folds", "pool", "--test", "permutation",
                      "--metrics", "auroc", name)[0]
        near(row["difference"], d[0])
        near(row["p"], np.mean(abs(d) >= abs(d[0]) - 1e-12))
    # One image a unit: scipy's own exact test of the mean difference.
    y, unit, (p, q) = table(rng, 9, 1, 2, shift=1.5)
    write("paired.tsv", y, unit, (p, q))
    wrong = [((s > 0.5) != y).astype(float) for s in (p, q)]
    found = stats.permutation_test(
        wrong, lambda a, b, axis: a.mean(axis) - b.mean(axis),
        permutation_type="samples", n_resamples=np.inf)
    near(compare("--test", "permutation", "paired.tsv")[0]["p"],
         np.mean(abs(found.null_distribution) >=
                 abs(found.statistic) - 1e-12))
    # A mean over findings of some of the images: patients change arms in all.
    y, unit, _ = table(rng, 9, 4, 1)
    data = []
    for shift in (0.2, 0.6, 1):
        own = (rng.random(len(y)) < 0.5).astype(int)
        known = rng.random(len(y)) > 0.2
        assert 0 < own[known].sum() < known.sum()
        data.append((own, known, [np.round(expit(
            2 * own - 1 + shift * a * own + rng.normal(size=len(y))), 2)
            for a in range(2)]))
    assert len(np.unique(unit[np.any([d[1] for d in data], axis=0)])) == 9
    write_findings("means.tsv", data, unit, {0: ("a", 1), 1: ("b", 1)})
    text = output("mc-compare", "--positive", "yes", "--test", "permutation",
                  "--replicates", str(REPLICATES), "--metrics",
                  "auroc,accuracy", "--mean-over-findings", "means.tsv")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        if row["task"] != "c":
            continue
        assert row["test"] == "exact permutation", row
        ranked = [(own[known], unit[known], [
            stats.rankdata(p[known]) if row["metric"] == "auroc" else p[known]
            for p in both]) for own, known, both in data]
        d = np.array([np.mean([swapped(row["metric"], own, *both, of, s)
                               for own, of, both in ranked])
                      for s in everything])
        near(row["difference"], d[0])
        near(row["p"], np.mean(abs(d) >= abs(d[0]) - 1e-12))
    # Drawn ones: within five standard errors of many draws here.
    y, unit, (p, q) = table(rng, 50, 3, 2, shift=0.5)
    write("drawn.tsv", y, unit, (p, q))
    row = compare("--test", "permutation", "drawn.tsv")[0]
    assert row["test"] == "permutation", row
    many = np.array([swapped("accuracy", y, p, q, unit,
                             rng.random(50) < 0.5) for _ in range(20000)])
    wanted = np.mean(abs(many) >= abs(float(row["difference"])) - 1e-12)
    near(row["p"], wanted, 5 * math.sqrt(wanted * (1 - wanted) / REPLICATES))


def check_mcnemar(inside):
    rng = np.random.default_rng(4)
    for n in (20, 60, 300):
        y, unit, (p, q) = table(rng, n, 1, 2)
        write("mcnemar.tsv", y, unit, (p, q))
        rows = compare("--test", "mcnemar", "--metrics",
                       "accuracy,recall:positive,specificity:positive",
                       "mcnemar.tsv")
        for row, of in zip(rows, (y >= 0, y == 1, y == 0)):
            right = [((s > 0.5) == y)[of] for s in (p, q)]
            b = (right[0] & ~right[1]).sum()
            c = (right[1] & ~right[0]).sum()
            near(row["p"], mcnemar([[0, b], [c, 0]], exact=True).pvalue)
            near(row["difference"], (b - c) / of.sum())


def check_delong(inside):
    rng = np.random.default_rng(6)
    for most in (1, 4):
        y, unit, scores = table(rng, 80, most, 2)
        write("delong.tsv", y, unit, scores)
        row = compare("--test", "delong", "--metrics", "auroc",
                      "delong.tsv")[0]
        fields = output(inside, "covariance", "1", "delong.tsv").split()
        a, b, va, vb, cov, df = map(float, fields[2:8])
        assert row["test"] == ("delong" if most == 1 else "obuchowski"), row
        law = stats.norm if most == 1 else stats.t(df)
        error = math.sqrt(va + vb - 2 * cov)
        near(row["p"], 2 * law.sf(abs(a - b) / error))
        near(row["lo"], a - b - law.ppf(0.975) * error)
        near(row["hi"], a - b + law.ppf(0.975) * error)


def placements(y, p):
    """DeLong's structural components."""
    low, high = p[y == 0], p[y == 1]
    above = (high[:, None] > low) + (high[:, None] == low) / 2
    return above.mean(axis=1), above.mean(axis=0)


def gaps(inside):
    rng = np.random.default_rng(14)
    # Patients of one subgroup each, 25 of 60 in A.
    for most in (1, 4):
        y, unit, (p, _) = table(rng, 60, most, 2)
        side = unit < 25
        write_sides("gaps.tsv", y, unit, p, np.where(side, "A", "B"))
        rows = {}
        for method in "bootstrap", "permutation", "delong":
            for row in compare("--by", "side", "--gaps", "--test", method,
                               "--metrics", "auroc" if method == "delong" else
                               "accuracy,auroc", "gaps.tsv"):
                rows[method, row["metric"]] = row
        for (method, metric), row in rows.items():
            assert row["n_units"] == "60", row
            assert row["n_images"] == str(len(y)), row
            near(row["difference"], value(metric, y, p, side * 1.0) -
                 value(metric, y, p, ~side * 1.0))
            if method == "permutation":
                deal_out(row, rng, metric, y, unit, p, side)
        times = drawn(inside, "gaps.tsv", unit)
        for metric in "accuracy", "auroc":
            welch(rows["bootstrap", metric], metric, y, unit, p, side, times)
        if most == 1:
            delong_of_gap(rows["delong", "auroc"], y, p, side)
    # Two images of each patient, left and right: patients count once.
    y, unit, (p, _) = table(rng, 40, 1, 2)
    y, unit = np.repeat(y, 2), np.repeat(unit, 2)
    p = np.round(expit(2.0 * y - 1 + rng.normal(size=80)), 2)
    side = np.arange(80) % 2 == 0
    write_sides("pairs.tsv", y, unit, p, np.where(side, "L", "R"))
    row, = [row for row in compare("--by", "side", "--gaps", "pairs.tsv")
            if row["subgroup"].find(" - ") > 0]
    times = drawn(inside, "pairs.tsv", unit)
    d = np.array([value("accuracy", y, p, w * side) -
                  value("accuracy", y, p, w * ~side) for w in times])
    error = math.sqrt(d.var(ddof=1) * 40 / 39)
    near(row["hi"], float(row["difference"]) +
         stats.t.ppf(0.975, 39) * error)
    assert row["n_units"] == "40" and row["n_images"] == "80"


def write_sides(path, y, unit, p, side):
    with open(path, "w") as f:
        print("arm", "id", "group", "label", "p:0", "p:1", "side", sep="\t",
              file=f)
        for i in range(len(y)):
            print("a", "i%04d" % i, "u%04d" % unit[i], y[i],
                  "%.9g" % (1 - p[i]), "%.9g" % p[i], side[i], sep="\t",
                  file=f)


def deal_out(row, rng, metric, y, unit, p, side):
    """Within five standard errors of patients dealt out here."""
    far = []
    for _ in range(400):
        first = rng.permutation(60)[:25]
        now = np.isin(unit, first)
        far.append(value(metric, y, p, now * 1.0) -
                   value(metric, y, p, ~now * 1.0))
    far = np.abs(far)
    share = np.mean(~(far < abs(float(row["difference"])) - 1e-12))
    near(row["p"], share, 5 * math.sqrt((share * (1 - share) + 1e-3) * (
        1 / 400 + 1 / REPLICATES)))


def welch(row, metric, y, unit, p, side, times):
    """Student's t on what the bootstrap says of either subgroup."""
    parts = []
    for of in (side, ~side):
        v = np.array([value(metric, y, p, w * of) for w in times])
        n = min(len(np.unique(unit[of & (y == k)])) for k in (0, 1)) \
            if metric == "auroc" else len(np.unique(unit[of]))
        if n < 10:
            assert row["method"] == "none", row
            assert row["test"] == "permutation", row
            return
        parts.append((np.nanvar(v, ddof=1) * n / (n - 1), n - 1))
    error = math.sqrt(sum(v for v, _ in parts))
    df = error ** 4 / sum(v * v / n for v, n in parts)
    middle = float(row["difference"])
    assert row["test"] == "welch", row
    near(row["lo"], middle - stats.t.ppf(0.975, df) * error)
    near(row["hi"], middle + stats.t.ppf(0.975, df) * error)
    near(row["p"], 2 * stats.t.sf(abs(middle) / error, df))


def delong_of_gap(row, y, p, side):
    parts = []
    for of in (side, ~side):
        a, b = placements(y[of], p[of])
        if min(len(a), len(b)) < 10:
            assert row["test"] == "permutation", row
            return
        parts.append((a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b),
                      min(len(a), len(b)) - 1))
    error = math.sqrt(sum(v for v, _ in parts))
    df = error ** 4 / sum(v * v / n for v, n in parts)
    near(row["p"], 2 * stats.t.sf(abs(float(row["difference"])) / error, df))


def adjust(inside):
    rng = np.random.default_rng(7)
    y, unit, scores = table(rng, 80, 4, 5)
    write("many.tsv", y, unit, scores)
    for how, name in (("holm", "holm"), ("bh", "fdr_bh")):
        rows = compare("--adjust", how, "many.tsv")
        p = [float(row["p"]) for row in rows]
        assert len(p) == 10 and rows[0]["n_tests"] == "10"
        for row, wanted in zip(rows, multipletests(p, method=name)[1]):
            near(row["p_adjusted"], wanted)
    rows = compare("--adjust", "max-t", "many.tsv")
    times = drawn(inside, "many.tsv", unit)
    found = np.array([[value("accuracy", y, p, w) for w in times]
                      for p in scores])
    d = np.array([found[i] - found[j] for i in range(5)
                  for j in range(i + 1, 5)])
    seen = np.array([float(row["difference"]) for row in rows])
    sd = d.std(axis=1, ddof=1)
    t, null = abs(seen / sd), abs((d - seen[:, None]) / sd[:, None])
    order = np.argsort(-t, kind="stable")
    least = 0
    for k, i in enumerate(order):
        most = null[order[k:]].max(axis=0)
        least = max(least, (1 + (most >= t[i] * (1 - 1e-12)).sum()) /
                    (REPLICATES + 1))
        near(rows[i]["p_adjusted"], max(least, float(rows[i]["p"])))


def tasks(inside):
    rng = np.random.default_rng(9)
    accuracies = []
    for task in range(7):
        y, unit, scores = table(rng, 40, 3, 4, shift=0.4)
        write("tasks.tsv", y, unit, scores, task="t%d" % task,
              mode="a" if task else "w")
        accuracies.append([np.mean((p > 0.5) == y) for p in scores])
    rows = [row for row in compare("--friedman", "tasks.tsv")
            if row["test"] in ("friedman", "nemenyi")]
    a = np.round(np.array(accuracies), 12)
    chi = stats.friedmanchisquare(*a.T).statistic
    f = 6 * chi / (7 * 3 - chi)
    near(rows[0]["difference"], f)
    near(rows[0]["p"], stats.f.sf(f, 3, 18))
    ranks = np.array([stats.rankdata(-row) for row in a]).mean(axis=0)
    error = math.sqrt(4 * 5 / (6 * 7))
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    assert len(rows) == 7
    for row, (i, j) in zip(rows[1:], pairs):
        near(row["difference"], ranks[i] - ranks[j])
        q = abs(ranks[i] - ranks[j]) / error * math.sqrt(2)
        near(row["p"], stats.studentized_range.sf(q, 4, np.inf), 1e-6)


def finding_value(metric, y, p, weight):
    """NAN where undefined in a replicate; the precision of none is 0/0."""
    if metric == "auroc":
        return value(metric, y, p, weight)
    found, true = (p > 0.5, y == 1)
    right = weight[found & true].sum()
    below = weight[true if metric == "recall" else found].sum()
    return right / below if below > 0 else math.nan


def seed_means(data, metric, names, weight):
    """Of each finding, the mean over seeds; one without an image is left out."""
    means = []
    for own, known, scores in data:
        if not own[known].any():
            continue
        seeds = []
        for s in names:
            v = finding_value(metric, own[known], scores[s][known],
                              weight[known])
            # What is never predicted counts as 0, in replicates also.
            if metric == "precision" and not (scores[s][known] > 0.5).any():
                v = 0
            seeds.append(v)
        means.append(np.mean(seeds))
    return np.array(means)


def mean_difference(data, metric, arms, weight):
    """Over the findings with a value in both arms, and how many these are."""
    a, b = (seed_means(data, metric, names, weight) for names in arms)
    both = ~np.isnan(a - b)
    return a[both].mean() - b[both].mean(), both.sum()


def deciding(data, metric, unit):
    """The units of the finding and seed that has the fewest: those predicted
    (those with the finding where it never is), of it, or of the rarer class."""
    fewest = []
    for own, known, scores in data[:4]:
        for s in scores:
            found = known & (s > 0.5)
            of = [known & (own == k) for k in (0, 1)]
            if metric == "precision":
                of = [found if found.any() else of[1]]
            elif metric == "recall":
                of = of[1:]
            fewest += [len(np.unique(unit[x])) for x in of]
    return min(fewest)


def write_findings(path, data, unit, names):
    with open(path, "w") as f:
        print("task", "arm", "train_seed", "id", "group", "label", "p:no",
              "p:yes", sep="\t", file=f)
        for t, (own, known, scores) in enumerate(data):
            for s, (arm, seed) in names.items():
                for i in np.flatnonzero(known):
                    print("c:%d" % t, arm, seed, "i%04d" % i, "u%04d" % unit[i],
                          ("no", "yes")[own[i]], "%.2f" % (1 - scores[s][i]),
                          "%.2f" % scores[s][i], sep="\t", file=f)


def findings(inside):
    count = 399
    rng = np.random.default_rng(21)
    y, unit, _ = table(rng, 70, 4, 1)
    # Of five findings one has no image, one is rare, and one never predicted;
    # other images of each are uncertain.
    data = []
    for share, shift in ((0.5, 0), (0.4, 0.3), (0.06, 0.1), (0.3, -9), (0, 0)):
        own = (y * rng.random(len(y)) + rng.random(len(y)) <
               2 * share).astype(int) * (share > 0)
        ill = rng.normal(size=len(y)) + own + shift
        data.append((own, rng.random(len(y)) > 0.15, [np.round(expit(
            ill + skill * own + 0.5 * rng.normal(size=len(y))), 2)
            for skill in (0.5, 0.55, 0.6, 0.1, 0.15, 0.2)]))
    assert len(np.unique(unit[np.any([d[1] for d in data], axis=0)])) == 70
    write("units.tsv", y, unit, [y / 2])
    times = drawn(inside, "units.tsv", unit)[:count]
    ones = np.ones(len(y))
    for seeds in 1, 3:
        arms = [range(seeds), range(3, 3 + seeds)]
        write_findings("findings.tsv", data, unit, {
            s: ("ab"[k], s) for k in (0, 1) for s in arms[k]})
        text = output("mc-compare", "--positive", "yes", "--replicates",
                      str(count), "--seed", str(SEED), "--metrics",
                      "auroc,recall:positive,precision:positive",
                      "--mean-over-findings", "findings.tsv")
        rows = [row for row in csv.DictReader(text.splitlines(),
                                              delimiter="\t")
                if row["task"] == "c"]
        assert [row["metric"] for row in rows] == ["auroc", "recall",
                                                   "precision"], rows
        for row in rows:
            metric = row["metric"]
            middle, most = mean_difference(data, metric, arms, ones)
            d, n = zip(*(mean_difference(data, metric, arms, w)
                         for w in times))
            d, partial = np.array(d), sum(k < most for k in n)
            near(row["difference"], middle)
            assert most == 4 and row["note"].startswith(
                'mean of 4 findings; left out, since undefined there: "4"')
            assert partial == 0 or ("; a finding has no value in %d of %d" %
                                    (partial, count)) in row["note"], row
            assert row["n_units"] == "70" and row["n_tests"] == "1", row
            assert row["n_images"] == str(max(x[1].sum() for x in data))
            if seeds == 1:
                near(row["lo"], np.percentile(d, 2.5, method="weibull"))
                near(row["hi"], np.percentile(d, 97.5, method="weibull"))
                near(row["p"], two_sided(d))
                continue
            v = [[seed_means(data, metric, [s], ones).mean() for s in side]
                 for side in arms]
            parts = [(d.var(ddof=1), deciding(data, metric, unit) - 1)] + \
                [(np.var(x, ddof=1) / 3, 2) for x in v]
            variance = sum(p for p, _ in parts)
            df = variance ** 2 / sum(p * p / k for p, k in parts)
            half = stats.t.ppf(0.975, df) * math.sqrt(variance)
            near(row["lo"], middle - half)
            near(row["hi"], middle + half)
            near(row["seed_sd_a"], np.std(v[0], ddof=1))


def splits(inside):
    """Repeated random splits: all images, of which each split tests some."""
    rng = np.random.default_rng(21)
    y, unit, _ = table(rng, 90, 3, 1)
    data = [(a, seed, None, np.isin(unit, rng.permutation(90)[:20 + seed]))
            for seed in range(7) for a in range(2)]
    data[1::2] = [(1, seed, None, own) for (_, seed, _, own) in data[0::2]]
    check_sets("splits.tsv", rng, y, unit, data)
    # Folds of three repeats, two trainings of each.
    data = []
    for repeat in range(3):
        fold = rng.permutation(90)[unit] % 5
        for k in range(5):
            data += [(a, 10 * repeat + s, k + 1, fold == k) for a in range(2)
                     for s in range(2)]
    check_sets("repeats.tsv", rng, y, unit, data, "--test", "corrected-t")


def check_sets(path, rng, y, unit, data, *options):
    found, ratio = {}, {0: [], 1: []}
    with open(path, "w") as f:
        print("arm", "train_seed", "fold", "id", "group", "label", "p:0",
              "p:1", "train_images", sep="\t", file=f)
        for a, seed, fold, own in data:
            p = np.round(expit(2 * y - 1 + a * (y - 0.4) +
                               1.5 * rng.normal(size=len(y))), 2)
            train = (~own).sum() - 5 * a
            for i in np.flatnonzero(own):
                print("a%d" % a, seed, fold or "", i, unit[i], y[i],
                      "%.9g" % (1 - p[i]), p[i], train, sep="\t", file=f)
            ratio[a].append(own.sum() / train)
            for metric in METRICS.replace(":macro", "").split(","):
                found.setdefault((metric, tuple(own)), ([], []))[a].append(
                    value(metric, y[own], p[own], np.ones(own.sum())))
    for row in compare("--metrics", METRICS, "--margin", "0.1", path,
                       *options):
        metric = row["metric"]
        means = np.array([[np.mean(v) for v in pair] for (m, _), pair in
                          found.items() if m == metric])
        d = means[:, 0] - means[:, 1]
        n = len(d)
        variance = (1 / n + max(np.mean(r) for r in ratio.values())) * \
            d.var(ddof=1)
        law = stats.t(n - 1, scale=math.sqrt(variance))
        near(row["difference"], d.mean())
        near(row["lo"], d.mean() - law.ppf(0.975))
        near(row["hi"], d.mean() + law.ppf(0.975))
        near(row["seed_sd_a"], means[:, 0].std(ddof=1))
        near(row["seed_sd_b"], means[:, 1].std(ddof=1))
        sign = -1 if metric == "brier" else 1
        up, down = (law.sf(sign * d.mean() + 0.1),
                    law.cdf(sign * d.mean() - 0.1))
        near(row["p"], {"corrected-t": 2 * law.sf(abs(d.mean())),
                        "noninferiority corrected-t": up,
                        "equivalence corrected-t": max(up, down)}[row["test"]])
        tested = np.any([own for _, _, _, own in data], axis=0)
        assert row["method"] == "corrected-t" and row["replicates"] == ""
        assert row["n_images"] == str(tested.sum()), row
        assert row["n_units"] == str(len(np.unique(unit[tested]))), row
        assert "mean over %d test sets" % n in row["note"], row


CHECKS = {"bootstrap": draws, "permutation": permutation,
          "mcnemar": check_mcnemar, "delong": check_delong, "gaps": gaps,
          "adjust": adjust, "findings": findings, "corrected-t": splits,
          "tasks": tasks}
CHECKS[sys.argv[2]](sys.argv[1])
print("%d numbers, %.0e" % (len(off), max(off)))
