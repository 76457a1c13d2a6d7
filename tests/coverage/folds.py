"""How often the interval of a mean AUROC over folds covers it.

folds.py [STUDIES]    (600; about twenty minutes)

Scores of two classes are normal and a true AUROC of 0.93 apart; patients have one
image.  The 95 % percentile interval of the AUROC of all patients is compared with
that of the mean of the AUROCs within folds, from the same 499 replicates.  The
rows are those of the table "Folds" of doc/coverage.md.
"""
import sys

import numpy as np
from scipy.stats import norm

TRUE = 0.93
rng = np.random.default_rng(2)
studies = int(sys.argv[1]) if len(sys.argv) > 1 else 600


def areas(score, ill, weights):
    """The AUROC under each row of weights; NaN where there is none."""
    order = np.argsort(score)
    up, down = weights[:, order] * ill[order], weights[:, order] * ~ill[order]
    below = np.cumsum(down, 1) - down / 2
    pairs = up.sum(1) * down.sum(1)
    with np.errstate(all="ignore"):
        return np.where(pairs > 0, (up * below).sum(1) / pairs, np.nan)


def covers(values):
    low, high = np.quantile(values[~np.isnan(values)], (0.025, 0.975),
                            method="weibull")
    return low <= TRUE <= high


def study(patients, positive, folds):
    ill = rng.permutation(np.arange(patients) < positive)
    score = rng.normal(size=patients) + np.sqrt(2) * norm.ppf(TRUE) * ill
    fold = np.empty(patients, int)
    for kind in ill, ~ill:
        fold[kind] = np.arange(kind.sum()) % folds
    weights = rng.multinomial(patients, np.full(patients, 1 / patients),
                              size=499).astype(float)
    within = [areas(score[fold == k], ill[fold == k], weights[:, fold == k])
              for k in range(folds)]
    return covers(areas(score, ill, weights)), covers(np.mean(within, 0))


print("| patients | positive | folds | all | mean over folds |")
print("|---|---|---|---|---|")
for design in ((100, 50, 5), (100, 50, 10), (300, 35, 5), (300, 35, 10),
               (200, 100, 10)):
    found = np.mean([study(*design) for _ in range(studies)], axis=0)
    print("| %d | %d | %d | %.1f | %.1f |" % (*design, *(100 * found)),
          flush=True)
