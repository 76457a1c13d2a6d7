"""nifti_study.py - what mc-index says of NIfTI volumes, found with nibabel.

usage: nifti_study.py make DIR       write patients of two classes, with masks
       nifti_study.py expect DIR AXIS WHICH MASK [CHANNELS]
                                     print id, path, sha256, width and height
"""
import fnmatch
import hashlib
import os
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


def canonical(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    return numpy.asarray(image.dataobj)


def digest(paths):
    all = [hashlib.sha256(open(p, "rb").read()).hexdigest() for p in paths]
    return all[0] if len(all) == 1 else \
        hashlib.sha256("".join(all).encode()).hexdigest()


def indices(data, mask, axis, which):
    n = data.shape[axis]
    if which == "mask":
        rest = tuple(a for a in range(3) if a != axis)
        return numpy.flatnonzero((mask != 0).any(axis=rest))
    if which.startswith("middle:"):
        count = int(which[7:])
        return [i for i in range(n) if 0 <= i - (n // 2 - count // 2) < count]
    return [int(which)] if int(which) < n else []


def expect(folder, axis, which, mask, channels=None):
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
                stem = os.path.relpath(paths[0], folder).split(".nii")[0]
                rows.append((f"{stem}/{axis}{i}",
                             "|".join(paths) + f"#slice={axis}:{i}",
                             digest(paths), str(data.shape[rest[0]]),
                             str(data.shape[rest[1]])))
    for row in sorted(rows):
        print("\t".join(row))


warnings.simplefilter("ignore")
if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    expect(*sys.argv[2:])
