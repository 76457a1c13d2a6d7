"""Trace each number of a table of results to its row of the metrics table.

usage: layout_peer.py METRICS.tsv TABLE.tsv ROWS COLUMNS [METRIC...]

TABLE.tsv is what mc-tex --format tsv made with these --rows and --columns, of the
METRICs or of all that are of no single class.  A metric has as many decimals as its
median half-width has in two significant digits.  Prints how many numbers were traced;
each number of the table must be one of them.
"""
import csv
import re
import statistics
import sys

HEADINGS = {"accuracy": "Accuracy", "precision": "Precision",
            "recall": "Recall", "f1": "F1", "auroc": "AUROC", "mcc": "MCC",
            "brier": "Brier score"}
COLUMNS = {"task": "Task", "arm": "Arm", "model": "Model", "regime": "Regime",
           "features": "Features", "weights": "Weights", "fold": "Fold",
           "train_seed": "Training seed", "train_share": "Training share (%)",
           "split": "Split", "subgroup": "Subgroup", "metric": "Metric",
           "average": "Average", "class": "Class", "freeze": "Freeze"}
NUMBERS = {"fold", "train_seed", "train_share", "freeze"}
PERCENT = {"accuracy", "precision", "recall", "f1", "auroc"}


def value(row, key, keys):
    if key == "freeze":
        return {"": "", "frozen": "yes"}.get(row["regime"], "no")
    if key == "metric":
        text = HEADINGS[row["metric"]]
        if row["class"] and "class" not in keys:
            text += " (%s)" % row["class"]
        return text
    if not row.get(key):
        return {"subgroup": "All images", "class": "All classes"}.get(key, "")
    return row[key]


def heading(row, key, keys):
    text = value(row, key, keys) or "\u2013"
    return f"{COLUMNS[key]}: {text}" if key in NUMBERS else text


def decimals_of(rows):
    """How many decimals each metric has, in each of its forms."""
    halves = {}
    for row in rows:
        if row["lo"] and row["hi"] > row["lo"]:
            halves.setdefault(form(row), []).append(scale(row) * (
                float(row["hi"]) - float(row["lo"])) / 2)
    least, most = {True: (0, 3), False: (1, 5)}, {}
    for key, values in halves.items():
        power = int(("%.1e" % statistics.median(values)).partition("e")[2])
        low, high = least[key[0] in PERCENT]
        most[key] = min(max(1 - power, low), high)
    return most


def form(row):
    return row["metric"], row["average"], row["class"]


def scale(row):
    return 100 if row["metric"] in PERCENT else 1


def printed(row, column, decimals):
    if not row[column]:
        return ""
    text = "%.*f" % (decimals.get(form(row), 2 + (scale(row) == 1)),
                     float(row[column]) * scale(row))
    return re.sub(r"^-(0\.?0*)$", r"\1", text)


def main(metrics, table, rows, columns, *wanted):
    rows = [k for k in rows.split(",") if k]
    columns = [k for k in columns.split(",") if k]
    lines = open(table, encoding="utf-8").read().split("\n\n")[0].split("\n")
    head = [re.sub(r" \([a-z](,[a-z])*\)$", "", h)
            for h in lines[0].split("\t")]
    assert len(set(head)) == len(head), f"a heading twice: {head}"
    assert head[:len(rows)] == [COLUMNS[k] for k in rows], head
    shown = [r for r in csv.DictReader(open(metrics, encoding="utf-8"),
                                       delimiter="\t",
                                       quoting=csv.QUOTE_NONE)
             if (r["metric"] in wanted if wanted else not r["class"])]
    decimals = decimals_of(shown)
    cells = {}
    for line in lines[1:]:
        fields = line.split("\t")
        for h, text in list(zip(head, fields))[len(rows):]:
            place = *fields[:len(rows)], h
            assert place not in cells, f"a place twice: {place}"
            if text and not h.endswith(" notes"):
                cells[place] = text
    traced = 0
    for row in shown:
        place = [value(row, k, rows + columns) for k in rows]
        name = " / ".join(heading(row, k, rows + columns)
                          for k in columns) or "Estimate"
        for column, end in ("estimate", ""), ("lo", " lower"), ("hi", " upper"):
            text = printed(row, column, decimals)
            found = cells.pop((*place, name + end), "")
            assert text == found, f"{place} {name}{end}: {found}, not {text}"
            traced += text != ""
    assert not cells, f"from no row: {cells}"
    print(traced)


main(*sys.argv[1:])
