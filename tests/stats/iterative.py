#!/usr/bin/env python3
"""Divide multi-label images as Sechidis, Tsoumakas & Vlahavas (2011) do.

usage: iterative.py make GROUPS        write a manifest, groups of 1 to 6 images
       iterative.py compare NAME=SHARE,... MANIFEST
       iterative.py compare folds=K MANIFEST

compare reads a manifest that mc-split --multilabel has divided, divides it by
iterative stratification also, groups whole, and prints the label distribution
measure (LD) of both.  It fails unless mc-split's is at most the peer's mean
over five random orders.
"""
import sys

import numpy as np

# The shares of images with each finding in NIH ChestX-ray14, Wang et al. (2017).
FINDINGS = {
    "Infiltration": 0.177, "Effusion": 0.119, "Atelectasis": 0.103,
    "Nodule": 0.056, "Mass": 0.052, "Pneumothorax": 0.047,
    "Consolidation": 0.042, "Pleural Thickening": 0.030,
    "Cardiomegaly": 0.025, "Emphysema": 0.022, "Edema": 0.021,
    "Fibrosis": 0.015, "Pneumonia": 0.013, "Hernia": 0.002,
}


def make(groups):
    rng = np.random.default_rng(groups)
    print("id\tlabel\tgroup")
    for g in range(groups):
        ill = rng.gamma(0.5, 2)
        for k in range(1 + g * 7 % 6):
            found = [name for name, share in FINDINGS.items()
                     if rng.random() < min(0.9, ill * share)]
            rng.shuffle(found)
            print(f"i{g}_{k}\t{'|'.join(found) or 'No Finding'}\tg{g}")


def iterative(counts, images, shares, rng):
    """The part of each unit; COUNTS is units x findings, IMAGES of each unit."""
    units, findings = counts.shape
    part = np.full(units, -1)
    wanted = shares * images.sum()
    wanted_of = np.outer(shares, counts.sum(axis=0))
    while (part < 0).any():
        left = counts[part < 0].sum(axis=0)
        if left.max() > 0:
            finding = np.where(left > 0, left, np.inf).argmin()
            chosen = np.flatnonzero((part < 0) & (counts[:, finding] > 0))
        else:
            finding, chosen = None, np.flatnonzero(part < 0)
        for u in rng.permutation(chosen):
            best = np.arange(len(shares))
            if finding is not None:
                most = wanted_of[:, finding].max()
                best = np.flatnonzero(wanted_of[:, finding] == most)
            best = best[wanted[best] == wanted[best].max()]
            p = rng.choice(best)
            part[u] = p
            wanted[p] -= images[u]
            wanted_of[p] -= counts[u]
    return part


def label_distribution(counts, images, part, parts):
    """LD of the paper: the mean deviation of the odds of a finding."""
    positive = np.array([counts[part == p].sum(axis=0) for p in range(parts)])
    n = np.array([images[part == p].sum() for p in range(parts)])
    odds = positive / (n[:, None] - positive)
    total = counts.sum(axis=0) / (images.sum() - counts.sum(axis=0))
    return np.abs(odds - total).mean()


def compare(what, path):
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f]
    at = {name: i for i, name in enumerate(rows.pop(0))}
    name, share = zip(*(item.split("=") for item in what.split(",")))
    column = "split"
    if name == ("folds",):
        column, k = "fold", int(share[0])
        name, share = [str(i + 1) for i in range(k)], [1] * k
    shares = np.array(share, float) / np.sum(np.array(share, float))
    groups = sorted({row[at["group"]] for row in rows})
    index = {group: i for i, group in enumerate(groups)}
    findings = list(FINDINGS)
    counts = np.zeros((len(groups), len(findings)))
    images = np.zeros(len(groups))
    ours = np.full(len(groups), -1)
    for row in rows:
        u, p = index[row[at["group"]]], list(name).index(row[at[column]])
        assert ours[u] in (-1, p), "a group is torn"
        ours[u] = p
        images[u] += 1
        for found in row[at["label"]].split("|"):
            if found in findings:
                counts[u, findings.index(found)] += 1
    parts = len(shares)
    here = label_distribution(counts, images, ours, parts)
    there = np.mean([label_distribution(counts, images, iterative(
        counts, images, shares, np.random.default_rng(seed)), parts)
        for seed in range(5)])
    size = np.bincount(ours, images, parts) / images.sum() - shares
    print(f"{len(rows)} images of {len(groups)} groups, {what}: LD {here:.6f}, "
          f"iterative stratification {there:.6f}; "
          f"sizes within {np.abs(size).max():.5f}")
    return 0 if here <= there else 1


if __name__ == "__main__":
    sys.exit(make(int(sys.argv[2])) if sys.argv[1] == "make" else
             compare(sys.argv[2], sys.argv[3]))
