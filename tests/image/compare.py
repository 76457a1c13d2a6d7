"""compare.py DRIVER CHECK [FOLDER [STEP]] - lib/image against Pillow and
torchvision, byte for byte.

DRIVER is tests/image/pixels.  CHECK is one of

  kinds      a few hundred generated files of many kinds and sizes, decoded
  raw        BMP, PNM and GIF files of kinds that Pillow does not write
  bits       16-bit files that use fewer bits, against numpy's arithmetic
  shards     WebDataset shards, read by webdataset's rules or refused
  damage     truncated and altered files: refused in one line, or decoded
  crop       Resize and CenterCrop of many sizes, both filters
  float      the tensor that a network reads, bit for bit
  augment    augmented images, from the same draw by torchvision's functions
  trivial    each operation of TrivialAugment, likewise
  draws      that draws are distributed as torchvision's
  folder     every STEP-th image of FOLDER: decoded, cropped and the tensor

Prints what differs and ends with 1; ends with 77 where a module is missing.
Files are made in the current folder.
"""
import hashlib
import io
import json
import os
import random
import struct
import subprocess
import sys
import tarfile
import warnings
import zlib

try:
    import numpy as np
    from PIL import Image
    import rawfiles
except ImportError as missing:
    print(missing)
    sys.exit(77)

warnings.simplefilter("ignore")
DRIVER = sys.argv[1]
IMAGENET = ("resize=256 crop=224 filter=bilinear "
            "mean=0.485,0.456,0.406 std=0.229,0.224,0.225")
faults = []


def fault(*what):
    faults.append(what)
    if len(faults) <= 20:
        print(*what)


def drive(mode, files, payload):
    """Run the driver; one (status, data or message) for each file.  payload
    says how many bytes follow "ok WIDTH HEIGHT"."""
    done = subprocess.run([DRIVER] + mode + files, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode != 0 or done.stderr:
        fault("driver:", done.returncode, done.stderr[:500])
        sys.exit(1)
    at, found = 0, []
    for _ in files:
        end = done.stdout.index(b"\n", at)
        status, rest = done.stdout[at:end].split(b" ", 1)
        at = end + 1
        if status == b"ok":
            size = tuple(map(int, rest.split()))
            n = payload(size)
            found.append((size, done.stdout[at:at + n]))
            at += n
        else:
            found.append((None, rest.decode(errors="replace")))
    return found


def decoded(files):
    return drive(["rgb"], files, lambda size: size[0] * size[1] * 3)


def wanted(path):
    """What lib/image/decode.h promises, or None where Pillow refuses."""
    try:
        im = Image.open(path)
        if im.mode in ("I", "I;16", "I;16B"):  # 16-bit grey: the high byte
            grey = np.asarray(im).astype(np.int64) >> 8
            return np.repeat(grey.astype(np.uint8)[..., None], 3, 2)
        return np.asarray(im.convert("RGB"))
    except Exception:
        return None


def same(path, size, data, pixels):
    if size is None:
        fault(path, "refused:", data)
    elif size != (pixels.shape[1], pixels.shape[0]):
        fault(path, size, "wanted", pixels.shape)
    else:
        differ = np.frombuffer(data, np.uint8) != pixels.ravel()
        if differ.any():
            fault(path, Image.open(path).mode, differ.sum(), "bytes differ")


def noise(shape, seed, top=256):
    """Smooth in the large, rough in the small, with both extremes."""
    rng = np.random.RandomState(seed)
    ramp = np.linspace(0, top - 1, shape[0])[:, None]
    values = ramp + rng.randint(-top // 4, top // 4, shape[:2])
    values = np.stack([np.roll(values, 3 * c, 1)
                       for c in range(shape[2])], 2)
    return values.clip(0, top - 1).astype(np.uint16 if top > 256 else np.uint8)


def picture(mode, size, seed):
    bands = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4}.get(mode, 3)
    array = noise((size[1], size[0], bands), seed)
    if mode == "I;16":
        return Image.fromarray(noise((size[1], size[0], 1), seed,
                                     65536)[..., 0])
    if mode == "1":
        return Image.fromarray(array[..., 0]).convert("1")
    if mode == "P":
        return Image.fromarray(array).quantize(2 + seed % 200)
    return Image.fromarray(array[..., 0] if bands == 1 else array, mode)


def raw_png(path, colour, depth, size, seed, extra=b""):
    """A PNG of a kind that Pillow cannot write."""
    bands = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    row = (size[0] * bands * depth + 7) // 8
    rng = random.Random(seed)
    data = b"".join(b"\0" + bytes(rng.randrange(256) for _ in range(row))
                    for _ in range(size[1]))

    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body +
                struct.pack(">I", zlib.crc32(kind + body)))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
            ">IIBBBBB", size[0], size[1], depth, colour, 0, 0, 0)) + extra +
            chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def raw_tiff(path, order, depth, photometric, data, bands=1, more=()):
    """A 33 x 21 TIFF of a kind that Pillow cannot write: DATA is a list of
    strips or tiles, MORE are further fields, (tag, values)."""
    places = [8 + sum(map(len, data[:i])) for i in range(len(data))]
    body, entries = b"".join(data), b""
    tiled = any(tag == 322 for tag, _ in more)
    fields = {256: [33], 257: [21], 258: [depth] * bands, 259: [1],
              262: [photometric], 277: [bands],
              (324 if tiled else 273): places,
              (325 if tiled else 279): list(map(len, data))}
    if not tiled:
        fields[278] = [21 if len(data) in (1, bands) else 4]
    fields.update(more)
    for tag in sorted(fields):
        values = struct.pack("%s%dH" % (order, len(fields[tag])), *fields[tag])
        count = struct.pack(order + "HHI", tag, 3, len(fields[tag]))
        if len(values) > 4:
            body, values = body + values, struct.pack(order + "I",
                                                      8 + len(body))
        entries += count + values.ljust(4, b"\0")
    with open(path, "wb") as f:
        f.write({"<": b"II", ">": b"MM"}[order] +
                struct.pack(order + "HI", 42, 8 + len(body)) + body +
                struct.pack(order + "H", len(fields)) + entries +
                struct.pack(order + "I", 0))


def raw_tiffs():
    """Both byte orders, every depth, planes, tiles, strips, odd alphas."""
    rng = np.random.RandomState(4)
    files = []

    def some(*shape):
        return rng.randint(0, 256, shape).astype(np.uint8).tobytes()

    def add(*kind, **more):
        files.append("t%02d.tif" % len(files))
        raw_tiff(files[-1], *kind, **more)
    for order in "<>":
        for depth in (1, 2, 4, 8):
            row = (33 * depth + 7) // 8
            colours = list(rng.randint(0, 65536, 3 << depth))
            for photometric in (0, 1):
                add(order, depth, photometric, [some(21, row)])
            add(order, depth, 3, [some(21, row)], more=[(320, colours)])
        add(order, 16, 1, [some(21, 66)])
        for depth in (8, 16):
            size = 21 * 33 * depth // 8
            add(order, depth, 2, [some(size, 3)], 3)
            add(order, depth, 2, [some(size, 4)], 4, more=[(338, [2])])
            add(order, depth, 2, [some(size, 4)], 4, more=[(338, [0])])
        add(order, 8, 1, [some(21 * 33, 2)], 2, more=[(338, [2])])
        add(order, 8, 5, [some(21 * 33, 4)], 4)
        add(order, 8, 5, [some(21 * 33, 5)], 5, more=[(338, [0])])
        add(order, 8, 2, [some(21 * 33) for _ in range(3)], 3,
            more=[(284, [2])])
        add(order, 8, 2, [some(4, 99) for _ in range(5)] + [some(99)], 3)
        add(order, 8, 2, [some(16, 48) for _ in range(6)], 3,
            more=[(322, [16]), (323, [16])])
    return files


# Pillow's mode, the extension, what to say to save().
KINDS = [
    ("RGB", "jpg", dict(quality=75)),
    ("RGB", "jpg", dict(quality=95, subsampling=0)),
    ("RGB", "jpg", dict(quality=60, subsampling=1)),
    ("RGB", "jpg", dict(quality=30, subsampling=2, optimize=True)),
    ("RGB", "jpg", dict(progressive=True)),
    ("RGB", "jpg", dict(progressive=True, subsampling=0, quality=98)),
    ("L", "jpg", dict()),
    ("L", "jpg", dict(progressive=True, quality=50)),
    ("CMYK", "jpg", dict(quality=90)),
    ("CMYK", "jpg", dict(progressive=True)),
    ("RGB", "png", dict()),
    ("RGB", "png", dict(transparency=(0, 0, 0), compress_level=0)),
    ("RGBA", "png", dict()),
    ("L", "png", dict()),
    ("L", "png", dict(transparency=7)),
    ("LA", "png", dict()),
    ("1", "png", dict()),
    ("1", "png", dict(transparency=0)),
    ("P", "png", dict()),
    ("P", "png", dict(transparency=1)),
    ("P", "png", dict(transparency=bytes(range(0, 250, 25)))),
    ("I;16", "png", dict()),
    ("RGB", "webp", dict(quality=80)),
    ("RGB", "webp", dict(lossless=True)),
    ("RGBA", "webp", dict(quality=50, method=6)),
    ("RGBA", "webp", dict(lossless=True, exact=True)),
    ("RGB", "bmp", dict()),
    ("RGBA", "bmp", dict()),
    ("L", "bmp", dict()),
    ("1", "bmp", dict()),
    ("P", "bmp", dict()),
    ("L", "gif", dict()),
    ("1", "gif", dict()),
    ("P", "gif", dict()),
    ("P", "gif", dict(interlace=0)),
    ("P", "gif", dict(transparency=1)),
    ("RGB", "gif", dict()),
    ("RGB", "ppm", dict()),
    ("L", "pgm", dict()),
    ("1", "pbm", dict()),
    ("RGB", "jp2", dict()),
    ("RGBA", "jp2", dict(irreversible=True, quality_layers=[20])),
    ("L", "jp2", dict(tile_size=(32, 32))),
    ("LA", "jp2", dict()),
    ("RGB", "j2k", dict(no_jp2=True, mct=1)),
    ("I;16", "jp2", dict()),
] + [(mode, "tif", dict(compression=compression))
     for mode in ("RGB", "RGBA", "L", "LA", "1", "P", "CMYK", "I;16")
     for compression in ("raw", "tiff_lzw", "tiff_adobe_deflate", "packbits")
] + [
    ("1", "tif", dict(compression="group4")),
    ("1", "tif", dict(compression="group3")),
    ("RGB", "tif", dict(compression="jpeg")),
    ("L", "tif", dict(compression="jpeg")),
] + [("RGB", "tif", dict(compression="tiff_lzw", tiffinfo={274: turn}))
     for turn in range(1, 9)]
SIZES = [(1, 1), (1, 9), (13, 1), (7, 5), (33, 17), (64, 100), (257, 131)]


def reads_jpeg2000():
    """Whether mctools is built with OpenJPEG."""
    with open("magic.j2k", "wb") as f:
        f.write(b"\xff\x4f\xff\x51")
    return "does not read" not in decoded(["magic.j2k"])[0][1]


if not reads_jpeg2000():
    KINDS = [kind for kind in KINDS if kind[1] not in ("jp2", "j2k")]


def save(mode, extension, options, size, seed):
    path = "k%03d.%s" % (seed, extension)
    options = dict(options)
    if extension == "jpg" and seed % 3 == 0:  # an orientation to be ignored
        exif = Image.Exif()
        exif[274] = 1 + seed % 8
        options["exif"] = exif
    picture(mode, size, seed).save(path, **options)
    return path


def associate(path, target):
    """A copy of an RGBA TIFF whose alpha is said to be associated."""
    with open(path, "rb") as f:
        data = bytearray(f.read())
    at = struct.unpack_from("<I", data, 4)[0]
    for i in range(struct.unpack_from("<H", data, at)[0]):
        if struct.unpack_from("<H", data, at + 2 + 12 * i)[0] == 338:
            struct.pack_into("<H", data, at + 10 + 12 * i, 1)
    with open(target, "wb") as f:
        f.write(data)


def check_kinds():
    files = []
    for mode, extension, options in KINDS:
        for k in range(3):
            seed = len(files)
            files.append(save(mode, extension, options,
                              SIZES[(seed * 5 + k) % len(SIZES)], seed))
    for colour, depth in ((0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8),
                          (2, 16), (4, 8), (4, 16), (6, 8), (6, 16)):
        for size in ((1, 1), (19, 7)):
            files.append("r%d-%d-%d.png" % (colour, depth, size[0]))
            raw_png(files[-1], colour, depth, size, len(files))
    picture("RGBA", (61, 37), 5).save("plain.tif")
    associate("plain.tif", "associated.tif")
    pages = [picture("RGB", (20 + i, 30), i) for i in range(3)]
    pages[0].save("pages.tif", save_all=True, append_images=pages[1:])
    frames = [picture("RGB", (20, 30), i) for i in range(3)]
    frames[0].save("frames.webp", save_all=True, append_images=frames[1:])
    files += raw_tiffs() + ["pages.tif", "frames.webp"]
    for path, (size, data) in zip(files, decoded(files)):
        same(path, size, data, wanted(path))
    pixels = np.frombuffer(decoded(["associated.tif"])[0][1], np.uint8)
    off = np.abs(pixels - wanted("associated.tif").ravel().astype(int))
    if off.max() > 1:
        fault("associated alpha: off by", off.max())
    print(len(files), "files of many kinds")


def check_raw():
    found = rawfiles.bmps() + rawfiles.pnms() + rawfiles.gifs()
    compared = 0
    for (path, pixels), (size, data) in zip(
            found, decoded([path for path, _ in found])):
        pillows = wanted(path) if pixels is None else pixels.astype(np.uint8)
        if pillows is None:
            fault(path, "is not read by Pillow")
            continue
        compared += pixels is None
        same(path, size, data, pillows)
    print(len(found), "files,", compared, "of them read by Pillow")


def check_damage():
    """A cut file is refused; an altered one must not crash."""
    rng = random.Random(1)
    sources, cut, altered = [], [], []
    for mode, extension, options in KINDS:
        sources.append(save(mode, extension, options, (40, 31), len(sources)))
    for source in sources:
        with open(source, "rb") as f:
            data = f.read()
        for back in (1, 2, 3, 9, 40, len(data) // 2, len(data) - 15):
            cut.append("cut%d-%s" % (back, source))
            with open(cut[-1], "wb") as f:
                f.write(data[:len(data) - back])
        for k in range(6):
            bits = bytearray(data)
            for _ in range(1 + k):
                bits[rng.randrange(len(bits))] ^= 1 << rng.randrange(8)
            altered.append("alt%d-%s" % (k, source))
            with open(altered[-1], "wb") as f:
                f.write(bits)
    for path, (size, text) in zip(cut, decoded(cut)):
        if size is not None:  # but the padding of a BMP's last row is no pixel
            if not path.startswith(("cut1-", "cut2-", "cut3-")) or \
                    not path.endswith(".bmp") or Image.open(path).mode != "1":
                fault(path, "was decoded")
        elif not text.startswith(path + ": "):
            fault(path, "is not named by", text)
    refused = sum(size is None for size, _ in decoded(altered))
    if not len(altered) > refused > 0:
        fault(refused, "of", len(altered), "altered files were refused")
    print(len(cut), "cut and", len(altered), "altered files")


def torchvision_transforms():
    try:
        from torchvision import transforms
        from torchvision.transforms import InterpolationMode
    except ImportError as missing:
        print(missing)
        sys.exit(77)
    return transforms, InterpolationMode


def check_crop():
    transforms, mode = torchvision_transforms()
    sizes = SIZES + [(224, 224), (225, 300), (256, 256), (257, 256), (600, 450),
                     (450, 600), (200, 150), (1000, 37), (3, 400), (2, 2),
                     (1203, 901)]
    files = ["c%d.png" % i for i in range(len(sizes))]
    for i, size in enumerate(sizes):
        picture("RGB", size, i).save(files[i], compress_level=1)
    n = 0
    for resize, crop in ((256, 224), (518, 518), (1, 1), (31, 64), (99, 7),
                         (224, 256), (37, 36)):
        for name, filter in (("bilinear", mode.BILINEAR),
                             ("bicubic", mode.BICUBIC)):
            text = ("resize=%d crop=%d filter=%s mean=0,0,0 std=1,1,1" %
                    (resize, crop, name))
            theirs = transforms.Compose([
                transforms.Resize(resize, interpolation=filter),
                transforms.CenterCrop(crop)])
            ours = drive(["crop", text], files, lambda _: crop * crop * 3)
            for path, (size, data) in zip(files, ours):
                n += 1
                if data != theirs(Image.open(path)).tobytes():
                    fault(path, size, text, "differs")
    print(n, "crops")


MEAN = (124, 116, 104)  # ImageNet's mean, in bytes


def draw_of(line):
    """A draw that the driver printed, as a dictionary of tuples."""
    return {key: tuple(map(float, value.split(",")))
            for key, value in (word.split("=") for word in line.split())}


def box_of(values):
    left, top, width, height = map(int, values)
    return top, left, height, width


def augmented(im, draw, resize, crop, filter):
    """What torchvision's functions make of IM by DRAW."""
    from torchvision.transforms import functional as F
    from torchvision.transforms import InterpolationMode
    im = F.resize(im, resize, filter)
    im = (F.resized_crop(im, *box_of(draw["crop"]), [crop, crop], filter)
          if "crop" in draw else F.center_crop(im, crop))
    if draw["flip"][0]:
        im = F.hflip(im)
    if draw["vflip"][0]:
        im = F.vflip(im)
    if draw["angle"][0]:
        im = F.rotate(im, draw["angle"][0], InterpolationMode.BILINEAR)
    if draw["trivial"][0]:
        from torchvision.transforms import autoaugment, TrivialAugmentWide
        name = list(TrivialAugmentWide()._augmentation_space(31))[
            int(draw["trivial"][0])]
        im = autoaugment._apply_op(im, name, draw["trivial"][1],
                                   InterpolationMode.NEAREST, None)
    for k in map(int, draw["jitter"]):
        adjust = (F.adjust_brightness, F.adjust_contrast,
                  F.adjust_saturation)[k]
        im = adjust(im, draw["factor"][k])
    pixels = np.array(im)
    if "erase" in draw:
        top, left, height, width = box_of(draw["erase"])
        pixels[top:top + height, left:left + width] = MEAN
    return pixels


def augment(words, count, resize, crop, filter, files):
    """COUNT draws for each of FILES: yields the file, the draw, its pixels."""
    done = subprocess.run(
        [DRIVER, "augment", words, str(count), "resize=%d crop=%d filter=%s "
         "mean=0.485,0.456,0.406 std=0.229,0.224,0.225" %
         (resize, crop, filter)] + files, stdout=subprocess.PIPE,
        check=True).stdout
    at, size = 0, crop * crop * 3
    for path in files:
        for _ in range(count):
            end = done.index(b"\n", at)
            yield (path, draw_of(done[at:end].decode()),
                   done[end + 1:end + 1 + size])
            at = end + 1 + size


def check_augment():
    _, mode = torchvision_transforms()
    sizes = [(64, 100), (257, 131), (600, 450), (200, 200), (1000, 37), (3, 2)]
    files = ["a%d.png" % i for i in range(len(sizes))]
    for i, size in enumerate(sizes):
        picture("RGB", size, i).save(files[i], compress_level=1)
    n, seen = 0, set()
    for words in ("crop:0.08-1", "flip", "vflip", "rotate:30", "jitter:0.4",
                  "jitter:1", "erase:1", "flip,vflip,rotate:180", "erase:0.5,"
                  "jitter:0.2,rotate:10,vflip,flip,crop:0.5-0.9,trivial"):
        for resize, crop, filter in ((64, 56, "bilinear"), (36, 32, "bicubic"),
                                     (20, 31, "bilinear")):
            for path, draw, data in augment(words, 3, resize, crop, filter,
                                            files):
                seen.update(key for key in draw if any(draw[key]))
                n += 1
                if data != augmented(Image.open(path), draw, resize, crop,
                                     mode[filter.upper()]).tobytes():
                    fault(path, words, resize, crop, draw, "differs")
    if seen != {"crop", "flip", "vflip", "angle", "jitter", "factor",
                "trivial", "erase"}:
        fault("only drawn:", seen)
    print(n, "augmented images")


def check_trivial():
    """Each operation, at each magnitude that torchvision has."""
    transforms, mode = torchvision_transforms()
    space = list(transforms.TrivialAugmentWide()._augmentation_space(31)
                 .items())
    picture("RGB", (80, 60), 1).save("v0.png")
    picture("L", (50, 70), 2).point(lambda v: 60 + v // 3).convert(
        "RGB").save("v1.png")
    seen, n = set(), 0
    for count, resize, crop in ((5000, 20, 20), (400, 48, 48), (200, 40, 33),
                                (100, 2, 2)):
        for path, draw, data in augment("trivial", count, resize, crop,
                                        "bilinear", ["v0.png", "v1.png"]):
            k, magnitude = int(draw["trivial"][0]), draw["trivial"][1]
            name, (magnitudes, signed) = space[k]
            bins = np.atleast_1d(magnitudes.numpy()).astype(float)
            place = np.abs(bins - abs(magnitude)).argmin()
            seen.add((name, place, magnitude < 0))
            if abs(bins[place] - abs(magnitude)) > 2e-7 * bins[place] or (
                    magnitude < 0 and not signed):
                fault(name, magnitude, "is not one of", bins)
            if data != augmented(Image.open(path), draw, resize, crop,
                                 mode.BILINEAR).tobytes():
                fault(path, name, magnitude, crop, "differs")
            n += 1
    wanted = sum(len(set(np.atleast_1d(m.numpy()).tolist())) * (1 + signed) -
                 signed for _, (m, signed) in space)
    if len(seen) < wanted:
        fault(len(seen), "of", wanted, "were drawn")
    print(n, "images,", wanted, "operations")


def distance(ours, theirs):
    """Of two samples of one size: the largest distance of their distribution
    functions, times the root of half the size (Kolmogorov and Smirnov).  Two
    samples of one distribution have more than 1.95 once in 1000 times."""
    both = np.sort(np.concatenate([ours, theirs]))
    n = len(ours)
    return np.sqrt(n / 2) * np.abs(
        np.searchsorted(np.sort(ours), both, "right") -
        np.searchsorted(np.sort(theirs), both, "right")).max() / n


def check_draws():
    transforms, _ = torchvision_transforms()
    import torch
    torch.manual_seed(1)
    N, pairs = 4000, []

    def draws(words, width, height, crop):
        lines = subprocess.run(
            [DRIVER, "draws", words, str(width), str(height), str(crop),
             str(N)], stdout=subprocess.PIPE, check=True).stdout.decode()
        return [draw_of(line) for line in lines.splitlines()]

    def compare(name, ours, theirs):
        ours, theirs = np.array(ours), np.array(theirs)
        if ours.shape != theirs.shape:
            fault(name, ours.shape, theirs.shape)
            return
        for k in range(ours.shape[1]):
            pairs.append(distance(ours[:, k], theirs[:, k]))
            if pairs[-1] > 1.95:
                fault(name, k, "distance", pairs[-1])
    for width, height, words, share in (
            (256, 256, "crop:0.08-1", (0.08, 1)),
            (341, 256, "crop:0.8-1", (0.8, 1)),
            (256, 700, "crop:0.9-1", (0.9, 1)),
            (900, 256, "crop:0.2-0.3", (0.2, 0.3))):
        image = torch.zeros(3, height, width)
        compare(words, [box_of(d["crop"]) for d in draws(words, width, height,
                                                         224)],
                [transforms.RandomResizedCrop.get_params(
                    image, share, (3 / 4, 4 / 3)) for _ in range(N)])
    image = torch.zeros(3, 64, 64)
    compare("erase", [box_of(d["erase"]) for d in draws("erase:1", 80, 64, 64)],
            [transforms.RandomErasing.get_params(
                image, (0.02, 0.33), (0.3, 3.3), [0])[:4] for _ in range(N)])
    compare("rotate", [d["angle"] for d in draws("rotate:15", 64, 64, 64)],
            [[transforms.RandomRotation.get_params([-15, 15])]
             for _ in range(N)])
    jitter = transforms.ColorJitter(0.3, 0.3, 0.3)
    theirs = [jitter.get_params(jitter.brightness, jitter.contrast,
                                jitter.saturation, None) for _ in range(N)]
    ours = draws("jitter:0.3", 64, 64, 64)
    compare("factors", [d["factor"] for d in ours], [t[1:4] for t in theirs])
    compare("order", [[np.dot(d["jitter"], (9, 3, 1))] for d in ours],
            [[np.dot([k for k in t[0].tolist() if k < 3], (9, 3, 1))]
             for t in theirs])
    all_words = draws("erase:0.3,flip,vflip,rotate:15", 80, 64, 64)
    for key, p in (("flip", 0.5), ("vflip", 0.5), ("erase", 0.3)):
        n = sum(any(d.get(key, (0,))) for d in all_words)
        if abs(n - p * N) > 3.3 * np.sqrt(N * p * (1 - p)):
            fault(key, n, "of", N)
    if [d["angle"] for d in all_words] != [
            d["angle"] for d in draws("rotate:15", 80, 64, 64)]:
        fault("an angle depends on the other words")
    both = sum(d["flip"] == d["vflip"] for d in all_words)
    if abs(both - N / 2) > 3.3 * np.sqrt(N) / 2:
        fault("flip and vflip agree", both, "of", N)
    print("largest distance of", len(pairs), "is %.2f" % max(pairs))


def imagenet():
    transforms, mode = torchvision_transforms()
    return transforms.Compose([
        transforms.Resize(256), transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])


def check_tensors(files, theirs, text=None, crop=224):
    ours = drive(["float", text or IMAGENET], files, lambda _: 3 * crop * crop * 4)
    for path, (size, data) in zip(files, ours):
        tensor = theirs(Image.open(path).convert("RGB"))
        if data != tensor.numpy().tobytes():
            fault(path, size, "its tensor differs")


def check_statistics(files):
    """Means, deviations and filters that no network of the registry has."""
    transforms, mode = torchvision_transforms()
    for name, filter in (("bilinear", mode.BILINEAR), ("bicubic", mode.BICUBIC)):
        for mean, std in (([0.5, 0.4, 0.3], [0.25, 0.5, 1]), ([0, 1, 0.123456789], [1 / 255, 3, 1e-3])):
            three = [",".join(map(repr, v)) for v in (mean, std)]
            text = "resize=72 crop=64 filter=%s mean=%s std=%s" % (name, *three)
            theirs = transforms.Compose([
                transforms.Resize(72, interpolation=filter), transforms.CenterCrop(64),
                transforms.ToTensor(), transforms.Normalize(mean, std)])
            check_tensors(files, theirs, text, 64)


def check_float():
    files = ["f%d.jpg" % i for i in range(8)]
    for i, path in enumerate(files):
        picture("RGB", (150 + 97 * i % 400, 120 + 61 * i % 300),
                i).save(path)
    check_tensors(files, imagenet())
    check_statistics(files)
    print(5 * len(files), "tensors")


def is_departure(path, text):
    """Whether decode.h says that this image, which Pillow reads, is refused,
    or that its pixels are others."""
    im = Image.open(path)
    tags = getattr(im, "tag_v2", {})
    return (im.format not in (
        "JPEG", "MPO", "PNG", "TIFF", "WEBP", "BMP", "PPM") or
            im.mode in ("LAB", "F") or
            im.format == "TIFF" and (
                set(tags.get(339, (1,))) != {1} or
                tags[258][0] in (12, 32) or
                "tiled separate planes" in (text or "") or
                tags[258][0] == 16 and tags.get(338) == (1,)) or
            im.format == "PNG" and "damaged PNG" in (text or ""))


def check_folder():
    folder, step = sys.argv[3], int(sys.argv[4])
    files = sorted(os.path.join(place, name)
                   for place, _, names in os.walk(folder) for name in names
                   if not name.startswith("LICENSE"))[::step]
    n = 0
    good = []
    for path, (size, data) in zip(files, decoded(files)):
        pixels = wanted(path)
        if size is None and not data.startswith(path + ": "):
            fault(path, "is not named by", data)
        if pixels is None or is_departure(path, data if size is None else ""):
            continue
        same(path, size, data, pixels)
        n += 1
        if size is not None and len(good) < 100 and Image.open(
                path).mode not in ("I", "I;16", "I;16B"):
            good.append(path)
    check_tensors(good, imagenet())
    if n < 0.8 * len(files):
        fault("only", n, "of", len(files), "images were compared")
    print(n, "of", len(files), "files compared,", len(good), "tensors")


def sample_png(path, colour, values, extra=b""):
    """A PNG of 16-bit samples, height x width x bands."""
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)

    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body +
                struct.pack(">I", zlib.crc32(kind + body)))
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
            ">IIBBBBB", values.shape[1], values.shape[0], 16, colour, 0, 0,
            0)) + (chunk(b"sBIT", extra) if extra else b"") +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def of_bits(values, bits):
    """8 bits of samples that hold so many: the highest, or stretched."""
    if bits >= 8:
        return values >> (bits - 8)
    return np.floor(values * 255 / (2 ** bits - 1) + 0.5).astype(int)


def check_bits():
    rng = np.random.RandomState(8)
    cases = {}      # what is asked -> [(path, bits that are right, values)]
    for bits in range(1, 17):
        for colour, bands in ((0, 1), (2, 3), (4, 2), (6, 4)):
            values = rng.randint(0, 2 ** bits, (5, 7, bands))
            values[0, 0, 0] = 2 ** bits - 1
            colours = bands - (colour >= 4)
            if colour >= 4:
                values[..., -1] = 65535
            path = "b%d-%d.png" % (bits, colour)
            sample_png(path, colour, values)
            case = (path, bits, values[..., :colours])
            cases.setdefault("auto", []).append(case)
            cases.setdefault(str(bits), []).append(case)
            wider = min(bits + 3, 16)
            cases.setdefault(str(wider), []).append((path, wider, case[2]))
            path = "s%d-%d.png" % (bits, colour)    # stored as they are
            sample_png(path, colour, values, bytes(
                [1] * (colours - 1) + [wider] + [16] * (bands - colours)))
            cases["auto"].append((path, wider, case[2]))
            path = "f%d-%d.png" % (bits, colour)    # scaled to all 16 bits
            full = values.copy()
            full[..., :colours] <<= 16 - bits
            sample_png(path, colour, full, bytes([bits] * bands))
            cases["auto"].append((path, 16, full[..., :colours]))
        values = rng.randint(0, 2 ** bits, (5, 7))
        values[4, 6] = 2 ** bits - 1
        path = "t%d.tif" % bits
        Image.fromarray(values.astype(np.uint16)).save(path)
        cases["auto"].append((path, bits, values[..., None]))
        if bits > 1:
            size, text = drive(["bits", str(bits - 1)], [path],
                               lambda _: 0)[0]
            if size is not None or "a sample of %d does not fit the %d bits" % (
                    2 ** bits - 1, bits - 1) not in text:
                fault(path, "does not fit, but:", size, text)
    plain = ["p.png", "p.jpg", "p1.png"]
    picture("RGB", (9, 7), 3).save("p.png")
    picture("RGB", (9, 7), 3).save("p.jpg")
    picture("1", (9, 7), 3).save("p1.png")
    for asked in ("auto", "12", "4"):
        if drive(["bits", asked], plain, lambda s: s[0] * s[1] * 3) != \
                decoded(plain):
            fault("files of 8 bits differ with bits", asked)
    n = 0
    for asked, some in cases.items():
        found = drive(["bits", asked], [path for path, _, _ in some],
                      lambda size: size[0] * size[1] * 3)
        for (path, bits, values), (size, data) in zip(some, found):
            n += 1
            pixels = of_bits(values, bits).astype(np.uint8)
            if pixels.shape[2] == 1:
                pixels = np.repeat(pixels, 3, 2)
            if data != pixels.tobytes():
                fault(path, "bits", asked, "differs:", size, data[:60])
    print(n, "files of 16-bit samples")


def base_plus_ext(path):
    """Key and field of a member, as webdataset's documentation has them: up to
    the first dot of the last component, and what follows."""
    folder, slash, base = path.rpartition("/")
    stem, dot, ext = base.partition(".")
    return (folder + slash + stem, ext.lower()) if stem and dot else None


def samples(members):
    """Neighbours of one key, as webdataset's group_by_keys puts them together;
    None where it raises an error for a field that is there twice."""
    found = []
    for name, data in members:
        if name.startswith("__") and name.endswith("__"):
            continue
        split = base_plus_ext(name)
        if split is None:
            continue
        if not found or found[-1][0] != split[0]:
            found.append((split[0], {}))
        if split[1] in found[-1][1]:
            return None
        found[-1][1][split[1]] = data
    return found


IMAGE_FIELDS = ("jpg", "jpeg", "png", "bmp", "ppm", "img", "tif", "webp")
LABEL_FIELDS = ("cls", "class", "index", "inx", "json", "txt")


def wanted_rows(members):
    """The rows that shard.h promises, or None: it must be refused."""
    rows, found = [], samples(members)
    for key, fields in found or []:
        last = {ext: ext.rpartition(".")[2] for ext in fields}
        images = [ext for ext in fields if last[ext] in IMAGE_FIELDS]
        labels = {}
        for ext in fields:
            if last[ext] in LABEL_FIELDS:
                if last[ext] in labels:
                    return None
                labels[last[ext]] = fields[ext]
        if len(images) != 1 or key in [row[0] for row in rows]:
            return None
        label = ""
        for ext in LABEL_FIELDS:
            if ext in labels:
                label = labels[ext].decode()
                if ext == "json":
                    value = json.loads(label)
                    if isinstance(value, dict):
                        value = value.get("label", "")
                    label = value if isinstance(value, str) else \
                        json.dumps(value)
                break
        label = label.strip()
        if "\n" in label or "\t" in label:
            return None
        rows.append((key, label, hashlib.sha256(
            fields[images[0]]).hexdigest()))
    return None if found is None or not rows else rows


def random_shard(rng, images):
    """Members of a few samples, mostly in order, with every habit there is."""
    members = []
    for k in range(rng.randrange(1, 5)):
        key = rng.choice(["s%d", "d/s%d", "./s%d", "d.x/s%d", "\xe9%d"]) % k
        part = []
        for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 1, 0, 2))):
            ext = rng.choice(("jpg", "JPG", "png", "img", "bmp", "1.jpg",
                              "input.png", "Jpeg"))
            kind = ext.lower().rpartition(".")[2]
            part.append((key + "." + ext, images[{"img": "jpg", "jpeg": "jpg"}
                                                 .get(kind, kind)]))
        text = rng.choice(("3", "cat\n", " 1 \r\n", "a b", "", "\xe9"))
        for _ in range(rng.choice((0, 1, 1, 1, 2))):
            ext = rng.choice(("cls", "CLS", "1.cls", "class", "index", "txt",
                              "json", "output.cls"))
            data = text if ext != "json" else rng.choice((
                "3", '"cat"', '{"label": 7}', '{"label": "x y"}',
                '{"width": 5}', '{"label": true}'))
            if ext == "txt" and rng.random() < 0.2:
                data = "two\nlines"
            part.append((key + "." + ext, data.encode()))
        if rng.random() < 0.1:
            part.append((key + ".npy", b"\x93NUMPY"))
        rng.shuffle(part)
        members += part
    if rng.random() < 0.1:
        rng.shuffle(members)
    for extra in ("._s0.jpg", "d/._s1.jpg", "README", "__info__", ".DS_Store"):
        if rng.random() < 0.1:
            members.insert(rng.randrange(len(members) + 1), (extra, b"junk"))
    return members


def check_shards():
    rng, images, n = random.Random(5), {}, {True: 0, False: 0}
    for extension, name in (("jpg", "JPEG"), ("png", "PNG"), ("bmp", "BMP")):
        data = io.BytesIO()
        picture("RGB", (9, 7), 1).save(data, name)
        images[extension] = data.getvalue()
    for k in range(400):
        members = random_shard(rng, images)
        with tarfile.open("s.tar", "w") as tar:
            for name, data in members:
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        rows = wanted_rows(members)
        n[rows is not None] += 1
        lines = subprocess.run([DRIVER, "shard", "s.tar"], check=True,
                               stdout=subprocess.PIPE).stdout.decode()
        lines = lines.splitlines()
        if rows is None:
            if lines[-1] == "end" or not lines[-1].startswith("s.tar: "):
                fault([name for name, _ in members], "is not refused:", lines)
        elif lines != ["\t".join(row) for row in rows] + ["end"]:
            fault([name for name, _ in members], rows, "but", lines)
    if min(n.values()) < 50:
        fault("shards read and refused:", n)
    print(n[True], "shards read,", n[False], "refused")


CHECKS = {"kinds": check_kinds, "raw": check_raw, "bits": check_bits, "shards": check_shards, "damage": check_damage, "crop": check_crop,
          "float": check_float, "folder": check_folder,
          "augment": check_augment, "draws": check_draws,
          "trivial": check_trivial}
CHECKS[sys.argv[2]]()
sys.exit(len(faults) > 0)
