"""Check how the scripts of mc-plot lay texts out: none reaches beyond the page, and
no two lie over each other.

usage: plot_layout.py WORD... FILE...

Widths are those of DejaVu Sans as Pillow measures it, the widest font that is
likely to be used.  A FILE is a script of gnuplot for SVG; a WORD, which has no
dot, must be whole in one of the labels of each FILE.  Prints a verdict and a
name per line, as verdicts of tap.sh reads them."""
import re
import sys

from PIL import ImageFont

FONTS = {}


def width(text, size):
    font = FONTS.setdefault(100, ImageFont.truetype("DejaVuSans.ttf", 100))
    return font.getlength(text) * size / 100


def unquote(text):
    """The string of gnuplot that stands at the beginning of TEXT, and the rest."""
    out, at = "", 0
    while text.startswith("\"'\".", at):
        out, at = out + "'", at + 4
    at += 1
    while True:
        end = text.index("'", at)
        out += text[at:end]
        if text[end + 1:end + 2] != "'":
            return out, text[end + 1:]
        out, at = out + "'", end + 2


def labels(script, size):
    for line in script.splitlines():
        found = re.match(r"set label \d+ (.*)", line)
        if not found:
            continue
        text, rest = unquote(found.group(1))
        if text == "":
            continue
        found = re.match(r" at (\S+),(\S+) (left|center|right)(.*)", rest)
        x, y, align, rest = (float(found.group(1)), float(found.group(2)),
                             found.group(3), found.group(4))
        own = re.search(r",([0-9.]+)'", rest)
        high = float(own.group(1)) if own else size
        w = width(text, high)
        left = {"left": 0, "center": -w / 2, "right": -w}[align]
        # Capitals are 0.7 ems high; their middle is at y.
        if "rotate" in rest:
            yield text, (x - 0.36 * high, y - left - w, x + 0.36 * high, y - left)
        else:
            yield text, (x + left, y - 0.36 * high, x + left + w, y + 0.36 * high)


def check(path, words):
    script = open(path, encoding="utf-8").read()
    size = float(re.search(r"font '[^']*,([0-9.]+)'", script).group(1))
    wide = float(re.search(r"^W = ([0-9]+)", script, re.M).group(1))
    high = float(re.search(r"^H = ([0-9]+)", script, re.M).group(1))
    all_ = list(labels(script, size))
    beyond = [t for t, (x0, y0, x1, y1) in all_
              if x0 < 0 or y0 < -1 or x1 > wide or y1 > high]
    over = [(t, u) for i, (t, a) in enumerate(all_) for u, b in all_[:i]
            if min(a[2], b[2]) - max(a[0], b[0]) > 0.5
            and min(a[3], b[3]) - max(a[1], b[1]) > 0.5]
    broken = [w for w in words if not any(w in t for t, _ in all_)]
    for name, found in (("no text is beyond the page", beyond),
                        ("no text is over another", over),
                        ("names are broken between their parts", broken)):
        if found:
            print(path, name, found[:4], file=sys.stderr)
        print("not ok" if found else "ok", f"{path}: {name}", sep="\t")
    print("not ok" if len(all_) < 4 else "ok", f"{path}: there are texts", sep="\t")


files = [a for a in sys.argv[1:] if "." in a]
for file in files:
    check(file, [a for a in sys.argv[1:] if "." not in a])
