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

from peer import block, fnv1a64, say, stream_hash

SEED = int(sys.argv[2])


def flips(epoch, image):
    own = stream_hash(SEED, "augment", epoch, fnv1a64(image))
    return block(own, "flip", 0, 0)[0] < 1 << 31


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
