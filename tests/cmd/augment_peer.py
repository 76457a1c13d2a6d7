"""augment_peer.py MANIFEST SEED - mc-train's preview of --augment flip, in
preview.tar, against Pillow, torchvision's Resize and CenterCrop, and the draws
that feed.h and augment.h define by Philox.  The images of MANIFEST are resized
to 72 pixels and cropped to 64.

Prints "ok" or "not ok", a TAB, and what was compared.
"""
import csv
import io
import sys
import tarfile

import numpy as np
from PIL import Image
from torchvision import transforms

MASK = (1 << 64) - 1
SEED = int(sys.argv[2])


def fnv1a64(text):
    h = 0xcbf29ce484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001b3 & MASK
    return h


def philox(seed, purpose, index, number):
    """Philox 4x32-10: Salmon and others, SC11; the first two words."""
    key = seed ^ fnv1a64(purpose)
    c = [number & 0xffffffff, number >> 32, index, 0]
    k = [key & 0xffffffff, key >> 32]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [p1 >> 32 ^ c[1] ^ k[0], p1 & 0xffffffff, p0 >> 32 ^ c[3] ^ k[1], p0 & 0xffffffff]
        k = [k[0] + 0x9E3779B9 & 0xffffffff, k[1] + 0xBB67AE85 & 0xffffffff]
    return c[0], c[1]


def flips(epoch, image):
    low, high = philox(SEED, "augment", epoch, fnv1a64(image))
    return philox(high << 32 | low, "flip", 0, 0)[0] < 1 << 31


def say(good, name):
    print("ok" if good else "not ok", name, sep="\t")


rows = sorted((r for r in csv.DictReader(open(sys.argv[1]), delimiter="\t") if r["split"] == "train"),
              key=lambda r: r["id"].encode())[:8]
crop = transforms.Compose([transforms.Resize(72), transforms.CenterCrop(64)])
tar = tarfile.open("preview.tar")
manifest = tar.extractfile("__manifest__").read().decode()
shown = list(csv.DictReader(io.StringIO(manifest), delimiter="\t"))
say([(r["id"], r["image"], r["epoch"], r["label"]) for r in shown] ==
    [("%s-%d" % (r["id"], e), r["id"], str(e), r["label"]) for r in rows for e in range(6)],
    "the manifest: eight images by id, six versions of each")
wrong = mirrored = 0
for row in rows:
    plain = np.array(crop(Image.open(row["path"]).convert("RGB")))
    for epoch in range(6):
        member = tar.extractfile("%s-%d.png" % (row["id"], epoch)).read()
        flip = epoch > 0 and flips(epoch, row["id"])
        mirrored += flip
        wanted = plain[:, ::-1] if flip else plain
        wrong += not np.array_equal(wanted, np.array(Image.open(io.BytesIO(member))))
say(wrong == 0, "each is torchvision's crop, or its mirror where Philox says so")
say(8 < mirrored < 32, "some of them are mirrored: %d of 40" % mirrored)
