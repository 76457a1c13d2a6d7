"""mc-power against a plain bootstrap in numpy, and against closed forms.

From predictions: draw N of the pilot's groups with replacement, compute the
metrics.  Of R replicates a standard deviation has a relative standard error of
1 / sqrt(2 R): 0.017 with 2000 here and 19999 there; a difference of limits has
0.063 standard deviations.  Five of these are allowed.

From assumed values: 19999 studies, so 0.005, of which five are allowed, and 0.02
more where the closed form leaves out terms of 1 / N.
"""
import csv
import io
import math
import subprocess
import sys

import numpy as np
from scipy.stats import multivariate_normal, norm, t
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import proportion_confint

REPLICATES = 2000
GROUPS = 80
failed = False


def check(what, ours, theirs, allowed):
    global failed
    if not abs(ours - theirs) <= allowed:
        print(f"{what}: {ours}, wanted {theirs} to within {allowed}")
        failed = True


def power(*options):
    text = subprocess.run(["mc-power", "--replicates", "19999", *options],
                          check=True, capture_output=True, text=True).stdout
    return [{k: float(v) if k in ("se", "lo", "hi", "width", "detectable",
                                  "power") and v else v
             for k, v in row.items()}
            for row in csv.DictReader(io.StringIO(text), delimiter="\t")]


# --- From predictions ---------------------------------------------------------

rng = np.random.default_rng(5)
group = np.repeat(np.arange(GROUPS), rng.integers(1, 6, GROUPS))
y = (rng.random(GROUPS) < 0.4).astype(int)[group]
effect = rng.normal(size=GROUPS)[group]
score = [np.round(1 / (1 + np.exp(-(shift * (2 * y - 1) + effect +
                                    rng.normal(size=len(y))))), 3)
         for shift in (1.0, 1.4)]
with open("pilot.tsv", "w") as f:
    print("arm", "id", "group", "label", "p:0", "p:1", sep="\t", file=f)
    for arm in (0, 1):
        for i, p in enumerate(score[arm]):
            print("xy"[arm], i, group[i], y[i], f"{1 - p:.3f}", f"{p:.3f}",
                  sep="\t", file=f)

rows = [np.flatnonzero(group == g) for g in range(GROUPS)]
for n in (40, 200):
    values = np.empty((2, 3, REPLICATES))
    for b in range(REPLICATES):
        i = np.concatenate([rows[g] for g in rng.integers(0, GROUPS, n)])
        for a in (0, 1):
            values[0, a, b] = ((score[a][i] > 0.5) == y[i]).mean()
            values[1, a, b] = roc_auc_score(y[i], score[a][i])
    values[:, 2] = values[:, 0] - values[:, 1]
    found = power("--metrics", "accuracy,auroc", "--positive", "1",
                  "--patients", str(n), "pilot.tsv")
    assert len(found) == 6
    for row, at in zip(found, ((0, 0), (1, 0), (0, 1), (1, 1), (0, 2), (1, 2))):
        v = values[at]
        sd = v.std(ddof=1)
        what = f"{n} {row['metric']} {row['arm_a']} {row['arm_b']}"
        check(what + " se", row["se"] / sd, 1, 5 * 0.017)
        for limit, q in (("lo", 0.025), ("hi", 0.975)):
            check(f"{what} {limit}", row[limit], np.quantile(v, q),
                  5 * 0.063 * sd)

z = norm.ppf(0.975)
for row in found[4:]:
    off = abs(float(row["estimate"])) / row["se"]
    check("detectable", row["detectable"],
          (z + norm.ppf(0.8)) * row["se"], 1e-9)
    check("power", row["power"], norm.sf(z - off) + norm.sf(z + off), 1e-9)

small, large = power("--patients", "100,400", "--reference", "x",
                     "pilot.tsv")[0::3]
check("se as 1 / sqrt(N)", small["se"] / large["se"], 2, 2 * 0.045)

# --- Training seeds -----------------------------------------------------------

# Of one image a patient the mean over bootstrap replicates of the variance
# between seeds has a closed form: 1 / n of what the mean over images of the
# variance between seeds is more than the variance between seeds' means.
n = 300


def write_seeds(path, right):
    """Two arms, whose seed K has image I right where right[arm][K, I]."""
    with open(path, "w") as f:
        print("arm", "train_seed", "id", "label", "predicted", sep="\t",
              file=f)
        for arm in (0, 1):
            for k in range(len(right[arm])):
                for i in range(n):
                    print("xy"[arm], k, i, i % 2,
                          i % 2 if right[arm][k, i] else 1 - i % 2, sep="\t",
                          file=f)


for apart in (0.0, 0.06):
    right = [np.array([rng.random(n) < base + apart * k for k in range(3)],
                      float) for base in (0.75, 0.7)]
    write_seeds("seeds.tsv", right)
    spread = []
    for x in right:
        seen = x.mean(1).var(ddof=1)
        spread.append(max(0, seen - (x.var(0, ddof=1).mean() - seen) / n))
    if apart > 0:
        assert min(spread) > 0
    d = right[0].mean(0) - right[1].mean(0)
    least = math.inf
    for row in [r for r in power("--patients", "100,1000,10000",
                                 "seeds.tsv") if r["arm_b"]]:
        units = d.var() / int(row["n_units"])
        check(f"seeds apart by {apart}, {row['n_units']}: se",
              row["se"] / math.sqrt(units + sum(spread) / 3), 1, 0.03)
        # More patients never detect less.
        check("detectable", float(row["detectable"] > 1.0001 * least), 0, 0)
        least = row["detectable"]

# The spread of three seeds counts beside a single one, which has none.
write_seeds("beside.tsv", [right[0], right[1][:1]])
d = right[0].mean(0) - right[1][0]
for row in [r for r in power("--patients", "100,10000", "beside.tsv")
            if r["arm_b"]]:
    check(f"three seeds beside one, {row['n_units']}: se", row["se"] /
          math.sqrt(d.var() / int(row["n_units"]) + spread[0] / 3), 1, 0.03)
    if not row["note"].endswith("fewer than 3 training seeds of \"y\": its "
                                "seed-to-seed variation is not included"):
        print("three seeds beside one:", row["note"])

# Of seeds without any spread the degrees of freedom are those of the patients
# who have an image of the class.
write_seeds("alike.tsv", [right[0][[0, 0, 0]], right[1][:1]])
row, = [r for r in power("--metrics", "recall:positive", "--positive", "1",
                         "--patients", "100", "alike.tsv") if r["arm_b"]]
check("degrees of freedom of a class", row["detectable"] / row["se"],
      t.ppf(0.975, 49) + t.ppf(0.8, 49), 1e-6)

# --- From assumed values ------------------------------------------------------


def both(p, rho):
    """Correlation of two indicators behind normals of correlation RHO."""
    at = norm.ppf(p)
    q = multivariate_normal.cdf([at, at], cov=[[1, rho], [rho, 1]])
    return q, (q - p * p) / (p * (1 - p))


for n in (200, 1000):
    row, = power("--assume", "accuracy=0.9", "--patients", str(n))
    check("binomial se", row["se"] / math.sqrt(0.09 / n), 1, 0.025)
    lo, hi = proportion_confint(0.9 * n, n, method="wilson")
    # A quantile of a share is a multiple of 1 / n.
    check("Wilson's width", row["width"], hi - lo, 1 / n + 0.025 * (hi - lo))

# A patient has m = 1 + Poisson(1.5) images: E m = 2.5, E m^2 = 7.75.
row, = power("--assume", "accuracy=0.8", "--images", "2.5", "--icc", "0.6",
             "--patients", "300")
inflation = 1 + (7.75 - 2.5) / 2.5 * both(0.8, 0.6)[1]
check("clustered se", row["se"] / math.sqrt(0.16 * inflation / 750), 1, 0.045)

row = power("--assume", "accuracy=0.8,0.8", "--correlation", "0.7",
            "--patients", "300")[2]
check("paired se", row["se"] / math.sqrt(
    0.32 * (1 - both(0.8, 0.7)[1]) / 300), 1, 0.025)

# Hanley & McNeil's variance, with Q1 = Q2 of the binormal model itself.
n, a = 400, 0.85
n1, n0 = 0.3 * n, 0.7 * n
q = both(a, 0.5)[0]
variance = (a * (1 - a) + (n1 + n0 - 2) * (q - a * a)) / (n1 * n0)
row, = power("--assume", "auroc=0.85", "--prevalence", "0.3", "--patients",
             str(n))
check("Hanley and McNeil's se", row["se"] / math.sqrt(variance), 1, 0.045)

sys.exit(failed)
