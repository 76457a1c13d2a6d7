"""montage_peer.py - what mc-montage shows, computed again.

    montage_peer.py WORD PREDICTIONS FOLDER LIST SHEET N [THRESHOLD CLASS]

WORD is mistakes or borderline; FOLDER has ID.png; N images of each label, of all
with "allN".  The choice is computed in Python, the pixels by Pillow's resize.
"""
import csv
import sys

from PIL import Image

word, predictions, folder, listed, sheet, number = sys.argv[1:7]
at, of = (float(sys.argv[7]), sys.argv[8]) if len(sys.argv) > 7 else (None,
                                                                      None)


def table(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def say(passed, text):
    print("ok" if passed else "not ok", text, sep="\t")


def case(row):
    """Label, prediction, both probabilities and margin."""
    p = {k[2:]: float(v) for k, v in row.items() if k.startswith("p:")}
    label = row["label"]
    predicted = row["predicted"] or max(p, key=p.get)
    if of is None:
        other = max(v for k, v in p.items() if k != predicted)
        return label, predicted, p[label], p[predicted], p[predicted] - other
    rest = "not " + of if len(p) > 2 else [k for k in p if k != of][0]
    label = label if label == of else rest
    q = p[of]
    predicted = of if q >= at else rest
    margin = (q - at) / (1 - at) if q >= at else (at - q) / at
    value = {of: q, rest: 1 - q if len(p) > 2 else p[rest]}
    return label, predicted, value[label], value[predicted], margin


cases = {r["id"]: case(r) for r in table(predictions)}
sign = -1 if word == "mistakes" else 1
order = sorted((i for i, c in cases.items()
                if word != "mistakes" or c[0] != c[1]),
               key=lambda i: (sign * cases[i][4], i))
if number.startswith("all"):
    wanted = order[:int(number[3:])]
else:
    first = [k[2:] for k in table(predictions)[0] if k.startswith("p:")]
    labels = first if of is None else sorted(
        {c[0] for c in cases.values()},
        key=lambda k: (first.index(k) if k in first else 99))
    if of is not None and len(first) > 2:
        labels = [of, "not " + of]
    wanted = [i for k in labels
              for i in [i for i in order if cases[i][0] == k][:int(number)]]

rows = table(listed)
say(len(wanted) > 3 and [r["id"] for r in rows] == wanted,
    f"{word}: {len(wanted)} images in their order")
say(all((r["label"], r["predicted"]) == cases[r["id"]][:2] for r in rows),
    "labels and predictions")
say(all(float(r[k]) == cases[r["id"]][2 + n] for r in rows
        for n, k in enumerate(("p_label", "p_predicted"))), "probabilities")
say(all(abs(float(r["margin"]) - cases[r["id"]][4]) < 1e-12 for r in rows),
    "margins")

page = Image.open(sheet).convert("RGB")
same = sizes = True
for r in rows:
    x, y, w, h = (int(r[k]) for k in ("x", "y", "width", "height"))
    with Image.open(f"{folder}/{r['id']}.png") as f:
        image = f.convert("RGB")
    tile, longer, shorter = max(w, h), max(image.size), min(image.size)
    sizes &= (w >= h) == (image.width >= image.height) and min(w, h) == max(
        1, (2 * tile * shorter + longer) // (2 * longer))
    if image.size != (w, h):
        image = image.resize((w, h), Image.BICUBIC)
    same &= page.crop((x, y, x + w, y + h)).tobytes() == image.tobytes()
say(sizes, "the sides are in proportion")
say(same, "the pixels are Pillow's")
