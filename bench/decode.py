"""Decoding JPEG: lib/image against libjpeg-turbo's bare loop and Pillow.

usage: decode.py DRIVER [FOLDER]

DRIVER is bench/decode.  FOLDER holds JPEG images, at any depth; without it,
images of three sizes are made.  The three take turns; each figure is CPU time,
the median of many turns, and absolute figures belong to the machine.
"""
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

TURNS = 15
# (what, Pillow's mode, size, how it is saved)
MADE = (
    ("colour, 200 x 150, 4:2:0", "RGB", (200, 150), {"quality": 90}),
    ("colour, 600 x 450, 4:2:0", "RGB", (600, 450), {"quality": 90}),
    ("colour, 600 x 450, progressive", "RGB", (600, 450),
     {"quality": 90, "progressive": True}),
    ("grey, 1400 x 1100", "L", (1400, 1100), {"quality": 90}),
)


def make(folder, mode, size, how):
    """Files like photographs: smooth, with a little noise."""
    rng = np.random.default_rng(1)
    files = []
    for i in range(10):
        coarse = rng.integers(0, 256, (9, 12, 3), np.uint8)
        image = np.asarray(Image.fromarray(coarse).resize(
            size, Image.BICUBIC)).astype(np.int16)
        image += rng.normal(0, 6, image.shape).astype(np.int16)
        files.append("%s/%d.jpg" % (folder, i))
        Image.fromarray(image.clip(0, 255).astype(np.uint8)).convert(
            mode).save(files[-1], **how)
    return files


def pillow(images):
    """Milliseconds per image."""
    start = time.process_time()
    for data in images:
        Image.open(io.BytesIO(data)).convert("RGB")
    return (time.process_time() - start) * 1e3 / len(images)


def compare(driver, what, files):
    images = []
    for path in files:
        with open(path, "rb") as f:
            images.append(f.read())
    ours, bare, theirs = [], [], []
    for _ in range(TURNS):
        done = subprocess.run([driver, "5"] + files, check=True,
                              stdout=subprocess.PIPE)
        for line in done.stdout.splitlines():
            a, b = map(float, line.split())
            ours.append(a)
            bare.append(b)
        theirs += [pillow(images) for _ in range(5)]
    ours, bare, theirs = map(statistics.median, (ours, bare, theirs))
    print("%s\t%.3f\t%.3f\t%.3f\t%.2f\t%.2f" % (
        what, ours, bare, theirs, bare / ours, theirs / ours))


def main():
    driver, folder = sys.argv[1], (sys.argv + [""])[2]
    print("JPEG\tmctools, ms\tlibjpeg-turbo, ms\tPillow, ms\t"
          "to libjpeg-turbo's speed\tto Pillow's")
    if folder:
        files = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder)
                       for f in fs if f.lower().endswith((".jpg", ".jpeg")))
        compare(driver, folder, files[::len(files) // 50 + 1])
        return
    for what, mode, size, how in MADE:
        with tempfile.TemporaryDirectory() as folder:
            compare(driver, what, make(folder, mode, size, how))


main()
