"""tta_peer.py - the views of mc-predict --tta as images of their own.

tta_peer.py mirror          writes the test images of manifest.tsv and, with
                            Pillow, their mirror images, and mirrored.tsv
tta_peer.py mirrored LIST   compares LIST.tsv with the means of mirrored.out.tsv
tta_peer.py drawn           compares drawn.tsv with the means of preview.tsv

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import csv
import os
import sys

from PIL import Image, ImageOps

WAYS = {"": lambda x: x, "h": ImageOps.mirror, "v": ImageOps.flip,
        "hv": lambda x: ImageOps.flip(ImageOps.mirror(x))}
VIEWS = {"flip": ["", "h"], "vflip": ["", "v"], "flip,vflip": list(WAYS)}


def say(good, name):
    print("ok" if good else "not ok", name, sep="\t", flush=True)


def table(path):
    return list(csv.DictReader(open(path), delimiter="\t"))


def mirror():
    os.mkdir("mirrored")
    with open("mirrored.tsv", "w") as out:
        print("id", "path", "image", "way", sep="\t", file=out)
        for i, row in enumerate(r for r in table("manifest.tsv") if r["split"] == "test"):
            for way, turn in WAYS.items():
                path = f"mirrored/{i}{way}.png"
                turn(Image.open(row["path"])).save(path)
                print(f"{i}{way}", path, row["id"], way, sep="\t", file=out)


def p(row):
    return {name: float(x) for name, x in row.items() if name.startswith("p:")}


def compare(ours, views, what):
    """VIEWS: of each image, by its id, the probabilities of its views."""
    n = {len(v) for v in views.values()}
    rows = [r for r in table(ours) if r["id"] in views]
    worst, differs = 0, 0
    for row in rows:
        of = views[row["id"]]
        for name, x in p(row).items():
            worst = max(worst, abs(x - sum(v[name] for v in of) / len(of)))
            differs = max(differs, abs(x - of[0][name]))
    say(len(rows) == len(views) and worst < 1e-6 and len(n) == 1,
        f"{what}: the mean over {max(n)} views to 1e-6")
    say(differs > 1e-5, f"{what}: which is not the image's own")


def mirrored(name):
    views = {}
    for row in table("mirrored.out.tsv"):
        if row["way"] in VIEWS[name]:
            views.setdefault(row["image"], []).append(p(row))
    compare(name + ".tsv", views, name)


def drawn():
    views = {}
    for row in sorted(table("preview.tsv"), key=lambda r: int(r["epoch"])):
        views.setdefault(row["image"], []).append(p(row))
    compare("drawn.tsv", views, "drawn")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
