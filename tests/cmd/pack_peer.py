"""pack_peer.py TAR MANIFEST [resize=N] [crop=N] [filter=bicubic] [jpeg=Q] - the
images of TAR against Pillow and torchvision, made of the manifest's files.

PNG and JPEG must have the pixels that Pillow's have, an image that is all grey
one channel.  Ends with 77 where a module is missing.
"""
import csv
import io
import sys
import tarfile

try:
    from PIL import Image
    from torchvision import transforms
    from torchvision.transforms import InterpolationMode
except ImportError as missing:
    print(missing)
    sys.exit(77)

how = dict(word.split("=") for word in sys.argv[3:])
steps = []
if "resize" in how:
    steps.append(transforms.Resize(
        int(how["resize"]),
        interpolation=InterpolationMode(how.get("filter", "bilinear"))))
if "crop" in how:
    steps.append(transforms.CenterCrop(int(how["crop"])))
change = transforms.Compose(steps)


def wanted(path):
    im = change(Image.open(path).convert("RGB"))
    r, g, b = im.split()
    if r.tobytes() == g.tobytes() == b.tobytes():
        im = r
    if "jpeg" in how:
        quality = int(how["jpeg"])
        out = io.BytesIO()
        im.save(out, "JPEG", quality=quality,
                subsampling=2 if quality < 90 else 0)
        im = Image.open(out)
    return im


rows = list(csv.DictReader(open(sys.argv[2]), delimiter="\t",
                           quoting=csv.QUOTE_NONE))
kind = ("JPEG", ".jpg") if "jpeg" in how else ("PNG", ".png")
with tarfile.open(sys.argv[1]) as tar:
    members = tar.getmembers()[1:-1]
    assert len(members) == len(rows), (len(members), len(rows))
    for row, member in zip(rows, members):
        ours = Image.open(tar.extractfile(member))
        theirs = wanted(row["path"])
        assert (ours.format, member.name[-4:]) == kind, member.name
        assert ours.mode == theirs.mode, (row["path"], ours.mode, theirs.mode)
        assert ours.size == theirs.size, (row["path"], ours.size, theirs.size)
        assert ours.tobytes() == theirs.tobytes(), row["path"]
print(len(rows), "images")
