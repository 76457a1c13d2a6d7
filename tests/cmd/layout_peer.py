"""Trace each number of a table of results to its row of the metrics table.

usage: layout_peer.py METRICS.tsv TABLE.tsv ROWS COLUMNS DECIMALS [METRIC...]

TABLE.tsv is what mc-tex --format tsv made with these --rows and --columns, of the
METRICs or of all that are of no single class.  Prints how many numbers were traced;
each number of the table must be one of them.
"""
import csv
import re
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


def printed(row, column, decimals):
    if not row[column]:
        return ""
    percent = row["metric"] in PERCENT
    text = "%.*f" % (decimals + (not percent),
                     float(row[column]) * (100 if percent else 1))
    return re.sub(r"^-(0\.?0*)$", r"\1", text)


def main(metrics, table, rows, columns, decimals, *wanted):
    rows = [k for k in rows.split(",") if k]
    columns = [k for k in columns.split(",") if k]
    lines = open(table, encoding="utf-8").read().split("\n\n")[0].split("\n")
    head = [re.sub(r" \([a-z](,[a-z])*\)$", "", h)
            for h in lines[0].split("\t")]
    assert len(set(head)) == len(head), f"a heading twice: {head}"
    assert head[:len(rows)] == [COLUMNS[k] for k in rows], head
    cells = {}
    for line in lines[1:]:
        fields = line.split("\t")
        for h, text in list(zip(head, fields))[len(rows):]:
            place = *fields[:len(rows)], h
            assert place not in cells, f"a place twice: {place}"
            if text and not h.endswith(" notes"):
                cells[place] = text
    traced = 0
    for row in csv.DictReader(open(metrics, encoding="utf-8"),
                              delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["metric"] not in wanted if wanted else row["class"]:
            continue
        place = [value(row, k, rows + columns) for k in rows]
        name = " / ".join(heading(row, k, rows + columns)
                          for k in columns) or "Estimate"
        for column, end in ("estimate", ""), ("lo", " lower"), ("hi", " upper"):
            text = printed(row, column, int(decimals))
            found = cells.pop((*place, name + end), "")
            assert text == found, f"{place} {name}{end}: {found}, not {text}"
            traced += text != ""
    assert not cells, f"from no row: {cells}"
    print(traced)


main(*sys.argv[1:])
