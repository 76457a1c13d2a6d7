#!/usr/bin/env python3
"""Compare the column phash of a manifest with Pillow and SciPy.

usage: phash.py MANIFEST [EVERY]

Hashes the images of every EVERYth row as ImageHash's phash does with its default
sizes, and prints a verdict as tap.sh reads it.
"""
import sys

import numpy as np
from PIL import Image
from scipy.fftpack import dct

with open(sys.argv[1], encoding="utf-8") as f:
    rows = [line.rstrip("\n").split("\t") for line in f]
at = {name: i for i, name in enumerate(rows.pop(0))}
rows = rows[::int(sys.argv[2]) if len(sys.argv) > 2 else 1]
wrong = []
for row in rows:
    with Image.open(row[at["path"]]) as image:
        grey = image.convert("RGB").convert("L")
    pixels = np.asarray(grey.resize((32, 32), Image.Resampling.LANCZOS))
    low = dct(dct(pixels, axis=0), axis=1)[:8, :8]
    bits = "".join("01"[int(b)] for b in (low > np.median(low)).flatten())
    if f"{int(bits, 2):016x}" != row[at["phash"]]:
        wrong.append(row[at["path"]])
print(f"{'not ok' if wrong or not rows else 'ok'}\t{len(rows)} hashes are "
      f"Pillow's and SciPy's")
print(*wrong[:5], sep="\n", file=sys.stderr)
