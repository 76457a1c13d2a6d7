"""hypotheses.py DRIVER CHECK - the tests and intervals of lib/stats against
scipy's and statsmodels', and against formulas written down from the papers.

DRIVER is tests/stats/evaluate; CHECK is a function of this file without its
check_.  Prints what differs and ends with 1; ends with 77 where a module is
missing.
"""
import subprocess
import sys

try:
    import numpy as np
    from scipy import optimize, stats
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportion_confint
except ImportError as missing:
    print(missing)
    sys.exit(77)

rng = np.random.default_rng(20261124)
CLOSED, ITERATED = 1e-12, 1e-9  # tolerances
LEVELS = (0.8, 0.9, 0.95, 0.99)


def compare(cases, tolerance):
    """CASES are (function, numbers, wanted numbers)."""
    lines = "".join(" ".join([name] + ["%.17g" % v for v in numbers]) + "\n"
                    for name, numbers, _ in cases)
    found = subprocess.run(
        [sys.argv[1]], input=lines, stdout=subprocess.PIPE, check=True,
        universal_newlines=True).stdout.splitlines()
    assert len(found) == len(cases) > 0
    worst, bad, n = 0.0, 0, 0
    for (name, numbers, wanted), line in zip(cases, found):
        wanted = np.atleast_1d(np.asarray(wanted, float))
        values = np.array(line.split(), float)
        off = np.inf
        if values.shape == wanted.shape and \
                (np.isnan(values) == np.isnan(wanted)).all():
            number = ~np.isnan(wanted)
            off = (abs(values - wanted) / np.maximum(1, abs(wanted)))[number]
            off = off.max(initial=0)
        n += len(wanted)
        worst = max(worst, off)
        if off > tolerance:
            bad += 1
            if bad <= 10:
                print(name, *numbers[:12], "wanted", wanted, "found", values)
    print("%d numbers, largest difference %.0e" % (n, worst))
    return bad > 0


def t_quantile(tail, df):
    """scipy's is right to 2e-9 alone: a step of Newton's."""
    t = stats.t.isf(tail, df)
    return t + (stats.t.sf(t, df) - tail) / stats.t.pdf(t, df)


def check_proportion():
    closed, iterated = [], []
    for n in (1, 2, 3, 10, 57, 624, 10015, 250000):
        for x in {0, 1, n // 3, n // 2, n - 1, n}:
            for level in LEVELS:
                closed.append((
                    "wilson", (x, n, stats.norm.isf((1 - level) / 2)),
                    proportion_confint(x, n, 1 - level, "wilson")))
                iterated.append((
                    "clopper_pearson", (x, n, level),
                    proportion_confint(x, n, 1 - level, "beta")))
    return compare(closed, CLOSED) | compare(iterated, ITERATED)


def units(g, kind):
    """Hits and sizes of G units whose images agree more or less."""
    size = rng.integers(0 if kind % 2 else 1, 9, g)
    if kind == 2:
        size[:] = 1
    size[0] = 1 + kind
    p = rng.beta(0.9 * (1 + kind), 0.3, g)
    return rng.binomial(size, p), size


def korn_graubard(hits, size, level):
    """Value, variance, effective size, Wilson, Clopper-Pearson."""
    hits, size = hits[size > 0], size[size > 0]
    n, g, p = size.sum(), len(size), hits.sum() / size.sum()
    if g < 2:
        return [p] + 6 * [np.nan]
    # As a survey's: the variance of the mean of the linearised values.
    z = (hits - p * size) / size.mean()
    variance = np.var(z, ddof=1) / g
    a = (1 - level) / 2
    t = t_quantile(a, g - 1)
    if (size == 1).all():
        effective, n_df, t = n, n, stats.norm.isf(a)
    elif p in (0, 1):
        effective = n_df = g
    else:
        effective = min(n, p * (1 - p) / variance) if variance > 0 else n
        n_df = effective * (t_quantile(a, n - 1) / t) ** 2
    x = p * n_df
    lo = stats.beta.ppf(a, x, n_df - x + 1) if p > 0 else 0
    hi = stats.beta.isf(a, x + 1, n_df - x) if p < 1 else 1
    middle = (p + t * t / 2 / effective) / (1 + t * t / effective)
    half = t / (1 + t * t / effective) * np.sqrt(
        p * (1 - p) / effective + t * t / 4 / effective ** 2)
    return [p, variance, effective, middle - half, middle + half, lo, hi]


def check_ratio():
    cases = []
    for i in range(1500):
        g = int(rng.choice((1, 2, 3, 5, 20, 50, 300)))
        hits, size = units(g, i % 7)
        if size.sum() == 0 or (g == 1 and size[0] == 1):
            continue
        if i % 11 == 0:
            hits = size * (i % 2)
        level = LEVELS[i % 4]
        cases.append(("ratio", (level, *hits, *size),
                      korn_graubard(hits, size, level)))
    return compare(cases, ITERATED)


def check_mcnemar():
    few = [(b, c) for b in range(30) for c in range(30) if b + c > 0]
    many = [rng.integers(0.9 * 10 ** e, 10 ** e, 2) for e in (2, 3, 4, 5)
            for _ in range(20)]
    few, many = [[
        ("mcnemar", (b, c), mcnemar([[0, b], [c, 0]], exact=True).pvalue)
        for b, c in pairs] for pairs in (few, many)]
    return compare(few, CLOSED) | compare(many, ITERATED)


def tango_score(b, c, n, d):
    """From the likelihood itself: q by halving, where its slope changes sign,
    then the score over its standard deviation."""
    lo, hi = max(0.0, -d), (1 - d) / 2
    for _ in range(200):
        q = (lo + hi) / 2
        if q in (lo, hi):
            break
        slope = ((b / (q + d) if b else 0) + (c / q if c else 0) -
                 (2 * (n - b - c) / (1 - 2 * q - d) if n > b + c else 0))
        lo, hi = (q, hi) if slope > 0 else (lo, q)
    return (b - c - n * d) / np.sqrt(n * (2 * q + d - d * d))


def tango_limits(b, c, n, level):
    z = stats.norm.isf((1 - level) / 2)
    end = 1 - 1e-13
    lo = -1 if c == n else optimize.brentq(
        lambda d: tango_score(b, c, n, d) - z, -end, end, xtol=1e-14)
    hi = 1 if b == n else optimize.brentq(
        lambda d: tango_score(b, c, n, d) + z, -end, end, xtol=1e-14)
    return lo, hi


def check_tango():
    limits, p = [], []
    for i in range(300):
        n = int(rng.choice((1, 2, 5, 20, 161, 1000, 20000)))
        b = int(rng.integers(0, n + 1)) if i % 3 else 0
        c = int(rng.integers(0, n - b + 1) * rng.random() ** 2)
        level = LEVELS[i % 4]
        limits.append(("tango", (b, c, n, level),
                       tango_limits(b, c, n, level)))
        bound = rng.uniform(-0.5, 0.5)
        p.append(("tango_p", (b, c, n, bound),
                  stats.norm.sf(tango_score(b, c, n, bound))))
    return compare(limits, ITERATED) | compare(p, ITERATED)


def check_adjust():
    cases = []
    for i in range(100):
        p = rng.random(1 + i % 40) ** (1 + i % 4)
        if i % 3 == 0:
            p = np.round(p, 1)
        there = rng.random(len(p)) < (1 if i % 5 else 0.7)
        wanted = np.full((2, len(p)), np.nan)
        for k, name in enumerate(("holm", "fdr_bh")):
            if there.any():
                wanted[k, there] = multipletests(p[there], method=name)[1]
        cases.append(("adjust", np.where(there, p, np.nan), wanted.ravel()))
    return compare(cases, CLOSED)


def westfall_young(t, replicates):
    """Step down by its definition, a test at a time."""
    t, replicates = abs(t), abs(replicates)
    b = replicates.shape[1]
    raw = [(1 + (replicates[t <= s].max(0) >= s).sum()) / (b + 1) for s in t]
    down = [max(r for r, s in zip(raw, t) if s >= own) for own in t]
    return down


def check_max_t():
    cases = []
    for i in range(200):
        m, b = int(rng.integers(1, 9)), int(rng.choice((0, 1, 19, 199)))
        t = rng.normal(size=m) * (1 + i % 3)
        replicates = rng.normal(size=(m, b)) + rng.normal(size=b)
        if i % 2:  # ties
            t, replicates = np.round(t), np.round(replicates)
        if i % 5 == 0:
            replicates[rng.random((m, b)) < 0.05] = np.nan
        whole = ~np.isnan(replicates).any(0)
        cases.append(("max_t", (m, *t, *replicates.ravel()),
                      westfall_young(t, replicates[:, whole])))
    return compare(cases, CLOSED)


def check_friedman():
    cases = []
    for i in range(300):
        n, k = int(rng.integers(6, 30)), int(rng.integers(3, 9))
        v = rng.normal(size=(n, k)) + rng.normal(size=k) * (i % 4)
        if i % 2:
            v = np.round(v)
        ranks = np.mean([stats.rankdata(-row) for row in v], 0)
        chi = stats.friedmanchisquare(*v.T)[0]
        if chi > n * (k - 1) - 1e-6:
            continue  # infinite: tests/lib/test_hypotheses.c
        f = (n - 1) * chi / (n * (k - 1) - chi)
        p = stats.f.sf(f, k - 1, (k - 1) * (n - 1))
        cases.append(("friedman", (k, *v.ravel()), [chi, f, p, *ranks]))
    return compare(cases, ITERATED)


def check_nemenyi():
    cases = []
    for k in (3, 4, 5, 8, 13, 30, 80):
        for n in (6, 14, 50):
            scale = np.sqrt(k * (k + 1) / 12 / n)
            for d in np.linspace(0, min(k - 1, 12 * scale), 15):
                cases.append(("nemenyi_p", (d, n, k),
                              stats.studentized_range.sf(d / scale, k,
                                                         np.inf)))
            for alpha in (0.2, 0.1, 0.05, 0.01, 0.001):
                cases.append(("nemenyi_critical", (alpha, n, k),
                              scale * stats.studentized_range.isf(
                                  alpha, k, np.inf)))
    return compare(cases, ITERATED)


def t_interval(difference, variance, df, level):
    half = np.sqrt(variance) * t_quantile((1 - level) / 2, df)
    p = 2 * stats.t.sf(abs(difference) / np.sqrt(variance), df)
    return [difference, variance, df, difference - half, difference + half, p]


def check_seeds():
    cases = []
    for i in range(300):
        a = 0.9 + rng.normal(size=int(rng.integers(2, 9))) * 0.02
        b = 0.89 + rng.normal(size=int(rng.integers(2, 9))) * 0.01
        if i % 3 and i % 5 == 0:
            b = b[:1]  # one seed, which adds nothing
        level, patient_df = LEVELS[i % 4], rng.uniform(1, 500)
        parts = [0 if i % 3 == 0 else 0.02 ** 2 * rng.random(),
                 a.var(ddof=1) / len(a),
                 b.var(ddof=1) / len(b) if len(b) > 1 else 0]
        df = [patient_df, len(a) - 1, max(1, len(b) - 1)]
        wanted = t_interval(
            a.mean() - b.mean(), sum(parts),
            sum(parts) ** 2 / sum(v * v / d for v, d in zip(parts, df)), level)
        if parts[0] == 0:
            wanted[5] = stats.ttest_ind(a, b, equal_var=False)[1]
        cases.append(("seeds", (level, parts[0], patient_df, len(a), *a, *b),
                      wanted))
    return compare(cases, ITERATED)


def check_resampled():
    cases = []
    for i in range(300):
        d = 0.01 + rng.normal(size=int(rng.integers(2, 40))) * 0.02
        level, ratio = LEVELS[i % 4], 0 if i % 3 == 0 else rng.random()
        wanted = t_interval(d.mean(), (1 / len(d) + ratio) * d.var(ddof=1),
                            len(d) - 1, level)
        if ratio == 0:
            wanted[5] = stats.ttest_1samp(d, 0)[1]
        cases.append(("resampled", (level, ratio, *d), wanted))
    return compare(cases, ITERATED)


def check_bootstrap():
    """The definition; and that it says what the limits say."""
    cases, disagree, out = [], 0, 0
    for i in range(400):
        n = int(rng.choice((399, 799, 1999)))
        null = float(rng.integers(-2, 3))
        d = null + rng.normal(size=n) + rng.choice((-1, 1)) * rng.normal(2, .3)
        if i % 2:  # ties, on both sides of the null value and on it
            d = np.round(2 * d) / 2
        p = min(1, 2 * (1 + min((d <= null).sum(), (d >= null).sum())) /
                (n + 1))
        cases.append(("bootstrap_p", (null, *d), p))
        lo, hi = np.quantile(d, (0.025, 0.975), method="weibull")
        out += lo > null or hi < null
        disagree += (lo > null or hi < null) != (p <= 0.05)
    if disagree or not 40 < out < 360:
        print(disagree, "disagree;", out, "intervals leave the value out")
        return True
    return compare(cases, CLOSED)


sys.exit(int(globals()["check_" + sys.argv[2]]()))
