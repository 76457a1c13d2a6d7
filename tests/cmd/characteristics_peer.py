"""The characteristics table of mc-tex against pandas, from the manifest itself.

characteristics_peer.py MANIFEST MEDIANS COLUMN...

Runs mc-describe and mc-tex --population, across splits and across labels, and
holds each number against that of pandas, as it would be rounded.  The columns of
a patient are those that do not differ within one.  Prints a verdict per table.
"""
import io
import math
import re
import subprocess
import sys

import pandas as pd


def table(manifest, across, reference, columns, medians):
    described = subprocess.run(
        ["mc-describe", "--columns", ",".join(columns), "--against",
         f"{across}={reference}", manifest], check=True, capture_output=True)
    printed = subprocess.run(
        ["mc-tex", "--population", "-", "--format", "tsv", "--across", across,
         "--medians", medians], input=described.stdout, check=True,
        capture_output=True).stdout.decode()
    return pd.read_csv(io.StringIO(printed.split("\n\n")[0]), sep="\t",
                       dtype=str, keep_default_na=False)


def numbers(text):
    """The numbers of a cell with the half unit to which each is rounded."""
    return [(float(t), 0.5 * 10.0 ** -len(t.partition(".")[2]))
            for t in re.findall(r"-?[0-9.]+", text)]


def same(text, wanted):
    found = numbers(text.replace("(\u2013)", "").replace("\u2013", ""))
    wanted = [w for w in wanted if not math.isnan(w)]
    return len(found) == len(wanted) and all(
        abs(v - w) <= half * (1 + 1e-9) for (v, half), w in zip(found, wanted))


def spread(values):
    """Mean and variance, of numbers or of the share of a value."""
    if values.dtype == bool:
        p = values.mean()
        return p, p * (1 - p)
    return values.mean(), values.var()


def smd(a, b):
    (m, v), (m0, v0) = spread(a), spread(b)
    scale = math.sqrt((v + v0) / 2) if not math.isnan(v + v0) else math.nan
    return (m - m0) / scale if scale > 0 else math.nan


def members(part, column):
    """The values of the patients, where none has two, or of the images."""
    if part.attrs["torn"][column]:
        return part[column]
    return part.groupby("group")[column].first()


def check(line, frame, parts, other, reference, medians):
    """Whether each cell of LINE is what pandas says; the number of cells."""
    name, value = line["Characteristic"], line["Value"]
    column = name.partition(",")[0]
    cells = 0
    of = {p: frame if p == "all" else frame[frame[across] == p] for p in parts}
    for p, part in of.items():
        part.attrs = frame.attrs
        if name in ("Images", "Groups"):
            wanted = [len(part) if name == "Images" else
                      part["group"].nunique()]
        elif column == other:
            n = (part[other] == value).sum()
            wanted = [n, 100 * n / len(part)]
        else:
            held = members(part, column)
            known = held.dropna()
            if value == "missing":
                wanted = [held.isna().sum()]
            elif value == "mean (SD)":
                assert column not in medians
                wanted = [known.mean(), known.std()]
            elif value == "median [Q1, Q3]":
                assert column in medians
                wanted = list(known.quantile([.5, .25, .75]))
            else:
                n = (known == value).sum()
                wanted = [n, 100 * n / len(known) if len(known) else math.nan]
        assert same(line[p], wanted), (name, value, p, line[p], wanted)
        cells += 1
    compared = [p for p in parts if p not in ("all", reference)]
    for p in compared:
        heading = "SMD" if len(compared) == 1 else "SMD " + p
        wanted = math.nan
        if column == other and across == "split":
            wanted = smd(of[p][other] == value, of[reference][other] == value)
        elif column in frame and column != other and value != "missing":
            a, b = (members(of[q], column).dropna() for q in (p, reference))
            wanted = smd(a, b) if " (SD)" in value or "median" in value else \
                smd(a == value, b == value)
        assert same(line[heading], [wanted]), (name, value, heading,
                                               line[heading], wanted)
        cells += 1
    return cells


manifest, medians, columns = sys.argv[1], sys.argv[2], sys.argv[3:]
frame = pd.read_csv(manifest, sep="\t", dtype={"group": str})
frame.attrs["torn"] = {c: (frame.groupby("group")[c].nunique() > 1).any()
                       for c in columns}
for across, other in ("split", "label"), ("label", "split"):
    reference = frame[across].iloc[0]
    lines = table(manifest, across, reference, columns, medians)
    usual = ["train", "val", "test"]
    parts = sorted(frame[across].unique(), key=lambda p: (
        usual.index(p) if p in usual else 3, p)) + ["all"]
    assert list(lines.columns[2:2 + len(parts)]) == parts, lines.columns
    cells = sum(check(line, frame, parts, other, reference,
                      medians.split(",")) for _, line in lines.iterrows())
    print("ok" if cells >= 30 else "not ok",
          f"across {across}: {len(lines)} lines as pandas has them", sep="\t")
