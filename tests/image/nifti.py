"""nifti.py - write NIfTI files of many kinds, and compare slices with nibabel's.

usage: nifti.py make DIR            write the files, and manifest.tsv of slices
       nifti.py list PATH...        print a manifest of slices of these files
       nifti.py hostile DIR         write damaged files
       nifti.py compare MANIFEST DIR LOW HIGH   the PNGs of DIR with nibabel's
"""
import functools
import gzip
import itertools
import os
import sys
import warnings

import nibabel
import numpy
from PIL import Image

AXES = ["sagittal", "coronal", "axial"]


@functools.lru_cache(maxsize=4)
def canonical(path, volume=0):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    data = numpy.asarray(image.get_fdata(dtype=numpy.float64))
    if data.ndim == 4:
        data = data[..., volume]
    return data


@functools.lru_cache(maxsize=4)
def limits(path, volume, low, high):
    data = canonical(path, volume)
    seen = data[numpy.isfinite(data) & (data != 0)]
    return numpy.percentile(seen, [low, high]) if seen.size else (0, 0)


def levels(path, volume, axis, index, low, high):
    data = canonical(path, volume)
    a, b = limits(path, volume, low, high)
    picture = numpy.take(data, index, axis=axis)[::-1, ::-1].T
    if a == b == 0:
        return numpy.zeros(picture.shape, numpy.uint8)
    if a == b:
        return numpy.where(picture >= b, 255, 0).astype(numpy.uint8)
    with numpy.errstate(invalid="ignore"):
        level = numpy.floor(numpy.clip((picture - a) / (b - a), 0, 1) * 255
                            + 0.5)
    return numpy.nan_to_num(level, nan=0).astype(numpy.uint8)


def slices(path, name):
    image = nibabel.load(path)
    shape = canonical(path).shape
    volumes = image.shape[3] if len(image.shape) > 3 else 1
    for axis, volume in itertools.product(range(3), sorted({0, volumes - 1})):
        for index in sorted({0, shape[axis] // 3, shape[axis] - 1}):
            which = f",volume={volume}" if volume else ""
            yield (f"{name.replace('.', '-')}_{AXES[axis]}{index}_{volume}",
                   f"{path}#slice={AXES[axis]}:{index}{which}")


def write(rows, out):
    print("id\tpath", file=out)
    for row in rows:
        print("\t".join(row), file=out)


def rotation(random):
    q, r = numpy.linalg.qr(random.normal(size=(3, 3)))
    return q * numpy.sign(numpy.diag(r))


def make(folder):
    random = numpy.random.RandomState(7)
    os.makedirs(folder)
    paths = []

    def save(name, data, affine=None, change=None, kind=nibabel.Nifti1Image,
             order="<"):
        header = kind.header_class(endianness=order)
        header.set_data_dtype(data.dtype)
        image = kind(data, numpy.eye(4) if affine is None else affine, header)
        if change is not None:
            change(image.header)
        path = os.path.join(folder, name)
        nibabel.save(image, path)
        paths.append(path)
        return path

    shape = (5, 7, 6)
    for dtype in ("i1 u1 i2 u2 i4 u4 i8 u8 f4 f8").split():
        if dtype[0] == "f":
            data = random.normal(size=shape) * 1000
        else:
            info = numpy.iinfo(dtype)
            data = random.randint(max(info.min, -2**62),
                                  min(info.max, 2**62), shape)
        for order, name in (("<", "little"), (">", "big")):
            save(f"{dtype}_{name}.nii", data.astype(dtype), order=order)
    data = random.randint(0, 900, shape).astype("i2")
    # Each way in which axes can be permuted and run backwards.
    for axes in itertools.permutations(range(3)):
        for signs in itertools.product((1, -1), repeat=3):
            affine = numpy.eye(4)
            affine[:3, :3] = 0
            for i in range(3):
                affine[axes[i], i] = signs[i] * (i + 1)
            code = nibabel.aff2axcodes(affine)
            save("axes_" + "".join(code) + ".nii.gz", data, affine)
    for i in range(12):
        affine = numpy.eye(4)
        affine[:3, :3] = rotation(random) * random.uniform(0.5, 4, 3)
        if i >= 6:      # sheared
            affine[:3, :3] += 0.3 * random.normal(size=(3, 3))
        save(f"oblique{i}.nii", data, affine)

        def only_qform(header, affine=affine):
            header.set_sform(None, 0)
            header.set_qform(affine, 1)
        if i < 6:
            save(f"qform{i}.nii", data, affine, only_qform)

        def both(header, affine=affine):
            header.set_sform(affine, 2)
            header.set_qform(numpy.diag([-1, -1, 1, 1.]), 1)
        save(f"both{i}.nii", data, affine, both)

    def neither(header):
        header.set_sform(None, 0)
        header.set_qform(None, 0)
    image = nibabel.Nifti1Image(data, None)
    neither(image.header)
    nibabel.save(image, os.path.join(folder, "neither.nii"))
    paths.append(os.path.join(folder, "neither.nii"))

    def scaled(slope, inter):
        path = save(f"scale_{slope}_{inter}.nii", data)
        raw = bytearray(open(path, "rb").read())
        raw[112:120] = numpy.array([slope, inter], "<f4").tobytes()
        open(path, "wb").write(raw)
    for slope, inter in ((2.5, -100), (-0.1, 7), (0, 50), (numpy.nan, 3),
                         (1, -300)):
        scaled(slope, inter)
    holes = random.normal(size=shape).astype("f4")
    holes[::2, 1] = numpy.nan
    holes[1, 2, 3], holes[2, 2, 2] = numpy.inf, -numpy.inf
    holes[0] = 0
    save("holes.nii", holes)
    save("empty.nii.gz", numpy.zeros(shape, "u1"))
    save("mask.nii.gz", (data > 400).astype("u1"))
    save("four.nii.gz", random.randint(0, 99, shape + (3,)).astype("u2"))
    save("four_of_one.nii", random.randint(0, 99, shape + (1,)).astype("u2"))
    save("two.nii", data, kind=nibabel.Nifti2Image)
    save("two_big.nii.gz", data, kind=nibabel.Nifti2Image, order=">")
    save("pair.hdr", data, kind=nibabel.Nifti1Pair)
    save("pair2.hdr", data, kind=nibabel.Nifti2Pair)
    save("one.nii", data[:1, :1, :1])
    rows = []
    for path in paths:
        rows += slices(path, os.path.basename(path))
    # Three volumes as channels.
    three = []
    for code in ("RAS", "LPS", "PIR"):
        image = nibabel.Nifti1Image(random.randint(0, 900, shape).astype("i2"),
                                    numpy.diag([2, 3, 4, 1.]))
        image = image.as_reoriented(nibabel.orientations.ornt_transform(
            nibabel.io_orientation(image.affine),
            nibabel.orientations.axcodes2ornt(code)))
        three.append(os.path.join(folder, f"channel_{code}.nii.gz"))
        nibabel.save(image, three[-1])
    rows.append(("channels", "|".join(three) + "#slice=axial:2"))
    with open(os.path.join(folder, "manifest.tsv"), "w") as out:
        write(rows, out)


def compare(manifest, folder, low, high):
    verdict = {}
    for line in open(manifest).read().splitlines()[1:]:
        name, address = line.split("\t")[:2]
        files, place = address.split("#slice=")
        place, _, volume = place.partition(",volume=")
        axis, index = place.split(":")
        planes = [levels(path, int(volume or 0), AXES.index(axis), int(index),
                         low, high) for path in files.split("|")]
        wanted = numpy.stack((planes * 3)[:3], axis=-1) if len(planes) == 1 \
            else numpy.stack(planes, axis=-1)
        got = numpy.asarray(Image.open(f"{folder}/{name}.png").convert("RGB"))
        kind = os.path.basename(files) if len(planes) == 1 else name
        same = got.shape == wanted.shape and (got == wanted).all()
        verdict[kind] = verdict.get(kind, True) and same
    for kind, same in verdict.items():
        print("ok" if same else "not ok", kind, sep="\t")


def hostile(folder):
    os.makedirs(folder)

    def save(name, raw, pack=False):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(gzip.compress(raw) if pack else raw)

    def header(kind=nibabel.Nifti1Header, data=bytes(range(240)), magic=None,
               **fields):
        h = kind()
        h.set_data_shape((4, 5, 6))
        h.set_data_dtype("i2")
        h.set_sform(numpy.eye(4), 1)
        start = 352 if kind is nibabel.Nifti1Header else 544
        h["vox_offset"] = start
        h["magic"] = magic if magic is not None else (b"n+1" if start == 352 else b"n+2\0\r\n\x1a\n")
        for name, value in fields.items():
            h[name] = value
        return h.binaryblock + b"\0" * 4 + data

    two = nibabel.Nifti2Header
    whole = header()
    save("short_header.nii", whole[:200])
    save("no_nifti.nii.gz", b"no volume at all\n" * 40, True)
    save("huge.nii", header(dim=[3, 32767, 32767, 32767, 1, 1, 1, 1]))
    save("huge2.nii", header(two, dim=[3, 2**62, 2**62, 4, 1, 1, 1, 1]))
    save("huge_series.nii.gz", header(two, dim=[4, 4, 5, 6, 2**62, 1, 1, 1]),
         True)
    save("negative.nii", header(dim=[3, 4, -5, 6, 1, 1, 1, 1]))
    save("zero.nii", header(dim=[3, 4, 0, 6, 1, 1, 1, 1]))
    save("dimensions.nii", header(dim=[9, 4, 5, 6, 1, 1, 1, 1]))
    save("line.nii", header(dim=[1, 120, 1, 1, 1, 1, 1, 1]))
    save("vector.nii", header(dim=[5, 4, 5, 2, 1, 3, 1, 1]))
    save("cifti.nii", header(two, dim=[6, 1, 1, 1, 1, 4, 5, 1]))
    save("offset_far.nii", header(vox_offset=1e9))
    save("offset_far.nii.gz", header(vox_offset=1e9), True)
    save("offset_negative.nii", header(vox_offset=-352))
    save("offset_nan.nii", header(vox_offset=numpy.nan))
    save("offset_2.nii", header(two, vox_offset=2**62))
    save("short.nii", whole[:-1])
    save("short.nii.gz", whole[:-1], True)
    save("cut.nii.gz", gzip.compress(whole)[:-60])
    raw = bytearray(gzip.compress(whole))
    raw[-30] ^= 1       # a voxel: the checksum is wrong
    save("damaged.nii.gz", bytes(raw))
    # So large that zlib has not seen its end when the header is read.
    raw = bytearray(gzip.compress(header(
        data=numpy.random.RandomState(3).bytes(64 * 64 * 40 * 2),
        dim=[3, 64, 64, 40, 1, 1, 1, 1])))
    raw[-8] ^= 1        # the checksum itself
    save("checksum.nii.gz", bytes(raw))
    for name, code in (("complex", 32), ("rgb", 128), ("none", 0),
                       ("binary", 1), ("float128", 1536), ("what", 12345)):
        save(f"type_{name}.nii", header(datatype=code))
    save("inter.nii", header(scl_slope=1, scl_inter=numpy.inf))
    save("flat.nii", header(srow_x=[0, 0, 0, 0]))
    save("nan.nii", header(srow_x=[numpy.nan] * 4))
    save("analyze.hdr", header(magic=b"")[:348])
    save("alone.hdr", header(magic=b"ni1", vox_offset=0)[:348])


warnings.simplefilter("ignore")
if sys.argv[1] == "make":
    make(sys.argv[2])
elif sys.argv[1] == "hostile":
    hostile(sys.argv[2])
elif sys.argv[1] == "list":
    write((row for path in sys.argv[2:]
           for row in slices(path, os.path.basename(path))), sys.stdout)
else:
    compare(sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]))
