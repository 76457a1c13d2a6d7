"""nifti_study.py - what mc-index says of NIfTI volumes, found with nibabel.

usage: nifti_study.py make DIR       write patients of two classes, with masks
       nifti_study.py expect DIR AXIS WHICH MASK [CHANNELS]
                                     print id, path, sha256, mask_share, width
                                     and height
       nifti_study.py expect_all FILE
                                     the same for each line of FILE: where to
                                     write it, and these arguments
       nifti_study.py layouts DIR    masks where data sets have them: DIR/NAME,
                                     and the rows that follow in DIR/NAME.tsv
       nifti_study.py grids DIR      masks of one volume that lie elsewhere, and
                                     in DIR/far.tsv how far, in mm
"""
import fnmatch
import functools
import hashlib
import os
import re
import sys
import warnings

import nibabel
import numpy

AXES = ["sagittal", "coronal", "axial"]
ORDERS = ["RAS", "LPS", "PIR", "SAL", "ILA", "ASR"]


def make(folder):
    random = numpy.random.RandomState(11)
    for i in range(16):
        shape = tuple(random.randint(6, 13, 3))
        order = nibabel.orientations.axcodes2ornt(ORDERS[i % len(ORDERS)])
        affine = nibabel.orientations.inv_ornt_aff(order, shape)
        patient = f"{folder}/{('high', 'low')[i % 2]}/p{i:02}"
        os.makedirs(patient)
        seen = numpy.zeros(shape, "u1")
        low = [random.randint(0, n - 2) for n in shape]
        seen[tuple(slice(a, a + 1 + random.randint(1, 3)) for a in low)] = 1
        seen[tuple(n - 1 for n in shape)] = i % 3
        for name in ("t1", "t1ce", "t2"):
            data = random.randint(0, 900, shape).astype("i2")
            nibabel.save(nibabel.Nifti1Image(data, affine),
                         f"{patient}/p{i:02}_{name}.nii.gz")
        nibabel.save(nibabel.Nifti1Image(seen, affine),
                     f"{patient}/p{i:02}_seg.nii{('', '.gz')[i % 2]}")


@functools.lru_cache(maxsize=None)
def canonical(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return numpy.asarray(image.dataobj)


@functools.lru_cache(maxsize=None)
def digest_of(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def digest(paths):
    all = [digest_of(p) for p in paths]
    return all[0] if len(all) == 1 else \
        hashlib.sha256("".join(all).encode()).hexdigest()


def indices(data, mask, axis, which):
    n = data.shape[axis]
    if which.startswith("mask"):
        rest = tuple(a for a in range(3) if a != axis)
        count = (mask != 0).sum(axis=rest)
        most = int(which[5:] or n)
        return sorted(i for i in numpy.argsort(-count, kind="stable")[:most]
                      if count[i] > 0)
    if which.startswith("middle:"):
        count = int(which[7:])
        return [i for i in range(n) if 0 <= i - (n // 2 - count // 2) < count]
    if which == "all" or which.startswith("every:"):
        return list(range(n))[::int(which[6:] or 1)]
    return [int(which)] if int(which) < n else []


def share(mask, axis, i):
    plane = numpy.take(mask, i, axis=axis)
    return format((plane != 0).mean(), ".6g")


def stem_of(paths):
    """What the paths share, in whole words; of one, all but the extension."""
    stems = [path.split(".nii")[0] for path in paths]
    shared = []
    for parts in zip(*(re.split(r"([^0-9A-Za-z]+)", stem) for stem in stems)):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    while shared and not shared[-1].isalnum():
        shared.pop()
    return "".join(shared) or stems[0]


def expect(folder, axis, which, mask, channels=None, out=sys.stdout):
    rows = []
    for place, _, names in os.walk(folder):
        masks = fnmatch.filter(names, mask)
        images = sorted(set(names) - set(masks))
        if channels is None:
            pictures = [[name] for name in images]
        else:
            found = [fnmatch.filter(images, g) for g in channels.split(",")]
            pictures = [[f[0] for f in found]] if all(found) else []
        for names in pictures:
            paths = [f"{place}/{name}" for name in names]
            data = canonical(paths[0])
            seen = canonical(f"{place}/{masks[0]}") if masks else None
            rest = [a for a in range(3) if a != AXES.index(axis)]
            for i in indices(data, seen, AXES.index(axis), which):
                stem = stem_of([os.path.relpath(p, folder) for p in paths])
                rows.append((f"{stem}/{axis}{i}",
                             "|".join(paths) + f"#slice={axis}:{i}",
                             digest(paths),
                             "" if seen is None else
                             share(seen, AXES.index(axis), i),
                             str(data.shape[rest[0]]),
                             str(data.shape[rest[1]])))
    for row in sorted(rows):
        print("\t".join(row), file=out)


def expect_all(queries):
    for line in open(queries).read().splitlines():
        where, *query = line.split("\t")
        with open(where, "w") as out:
            expect(*query, out=out)


def save(path, data, affine):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    nibabel.save(nibabel.Nifti1Image(data, affine), path)


def layouts(folder):
    """Case i has its mask in slice i: who gets another's mask is seen."""
    shape, affine = (5, 4, 9), numpy.diag([-1, -1, 3, 1.])
    data = numpy.arange(180).reshape(shape).astype("i2")
    names = {
        "nnunet": ("d/imagesTr/CASE_{:03}_0000.nii.gz",
                   "d/labelsTr/CASE_{:03}.nii.gz"),
        "parallel": ("images/p{}/t1.nii.gz", "masks/p{}/t1.nii.gz"),
        "bids": ("sub-{0}/anat/sub-{0}_T1w.nii.gz",
                 "derivatives/lesions/sub-{0}/anat/sub-{0}_T1w_mask.nii.gz"),
        "lits": ("volume-{}.nii", "segmentation-{}.nii"),
        "flat": ("p_{}_t1.nii.gz", "p_{}_seg.nii.gz"),
        "inner": ("p{}/ct.nii.gz", "p{}/masks/ct.nii.gz"),
        "kits": ("case_{}/imaging.nii.gz", "case_{}/segmentation.nii.gz"),
        "other": ("A {} \u00e9/\u00fc_{}.nii.gz", "A {} \u00e9/\u00fc_{}-roi.nii.gz"),
    }
    for name, (volume, mask) in names.items():
        rows = []
        for i in (1, 2, 11, 3, 4):
            n = i % 9
            seen = numpy.zeros(shape, "u1")
            seen[1:3, 1, n] = 1
            save(f"{folder}/{name}/" + volume.format(i, i), data + i, affine)
            # The last has none.
            if i != 4:
                save(f"{folder}/{name}/" + mask.format(i, i), seen, affine)
                rows.append(f"{folder}/{name}/{volume.format(i, i)}"
                            f"#slice=axial:{n}\t0.1")
        with open(f"{folder}/{name}.tsv", "w") as out:
            print("\n".join(sorted(rows)), file=out)


def grids(folder):
    random = numpy.random.RandomState(5)
    shape = (5, 7, 6)
    affine = nibabel.affines.from_matvec(
        numpy.diag([-2, -2, 3.]) + 0.1 * random.normal(size=(3, 3)),
        [40, -30, 12])
    data = random.randint(0, 9, shape).astype("i2")
    seen = numpy.zeros(shape, "u1")
    seen[2:4, 1:3, 2:5] = 1

    def moved(x, turn=0):
        other = affine.copy()
        other[:3, 3] += x
        other[0, 1] += turn
        return other
    masks = {"same": affine, "rounded": moved([0, 0.0004, 0.0004]),
             "near": moved([0.3, 0.1, 0]), "turned": moved([0, 0, 0], 0.1),
             "half": moved([0, 0, 1.1]), "far": moved([0, 0, 3]),
             "wide": moved([0, 0, 0], 0.3), "eye": numpy.eye(4)}
    corners = numpy.array([[i, j, k, 1] for i in (0, shape[0] - 1)
                           for j in (0, shape[1] - 1)
                           for k in (0, shape[2] - 1)])
    with open(f"{folder}.tsv", "w") as out:
        for name, other in masks.items():
            save(f"{folder}/{name}/t1.nii.gz", data, affine)
            save(f"{folder}/{name}/t2.nii.gz", data, affine)
            save(f"{folder}/{name}/seg.nii.gz", seen, other)
            a, b = (nibabel.as_closest_canonical(
                nibabel.Nifti1Image(seen, x)).affine for x in (affine, other))
            apart = numpy.linalg.norm(
                (corners @ (a - b).T)[:, :3], axis=1).max()
            print(name, format(apart, ".3g"), sep="\t", file=out)
        # The same place, in another order of the axes.
        name = "order"
        image = nibabel.Nifti1Image(seen, affine)
        order = nibabel.orientations.axcodes2ornt("PSL")
        save(f"{folder}/{name}/t1.nii.gz", data, affine)
        save(f"{folder}/{name}/t2.nii.gz", data, affine)
        image = image.as_reoriented(nibabel.orientations.ornt_transform(
            nibabel.io_orientation(affine), order))
        nibabel.save(image, f"{folder}/{name}/seg.nii.gz")


warnings.simplefilter("ignore")
if sys.argv[1] in ("make", "layouts", "grids"):
    globals()[sys.argv[1]](sys.argv[2])
elif sys.argv[1] == "expect_all":
    expect_all(sys.argv[2])
else:
    expect(*sys.argv[2:])
