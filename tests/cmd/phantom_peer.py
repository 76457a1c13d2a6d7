"""phantom_peer.py - what nibabel and pydicom say of the files of mc-phantom.

usage: phantom_peer.py nifti STUDY
       phantom_peer.py dicom STUDY PNG-STUDY     the second of the same options
"""
import glob
import os
import sys
import warnings

import numpy


def say(right, name):
    print("ok" if right else "not ok", name, sep="\t")


def nifti(study):
    import nibabel
    visits = sorted(glob.glob(study + "/[HL]GG/*"))
    sequences = ("t1", "t1ce", "t2", "flair", "seg")
    orders, tilts, litres, marks, ratios = set(), [], [], set(), {}
    whole = plain = inside = upright = named = True
    for visit in visits:
        stem = visit + "/" + os.path.basename(visit)
        named &= sorted(os.listdir(visit)) == sorted(
            f"{os.path.basename(visit)}_{s}.nii.gz" for s in sequences)
        images = [nibabel.load(f"{stem}_{s}.nii.gz") for s in sequences]
        data = [numpy.asarray(image.dataobj) for image in images]
        for image, array in zip(images, data):
            header = image.header
            whole &= (image.shape == images[0].shape and
                      array.dtype == numpy.int16 and
                      numpy.array_equal(image.affine, images[0].affine))
            block = header.binaryblock
            plain &= (type(header).diagnose_binaryblock(block) == "" and
                      header.get_xyzt_units()[0] == "mm" and
                      header["sform_code"] == 1 and
                      numpy.allclose(header.get_zooms(),
                                     nibabel.affines.voxel_sizes(image.affine)))
        axes = image.affine[:3, :3] / numpy.array(header.get_zooms())
        whole &= numpy.allclose(axes.T @ axes, numpy.eye(3), atol=1e-5)
        order = nibabel.orientations.io_orientation(image.affine)
        orders.add("".join(nibabel.aff2axcodes(image.affine)))
        tilts += [abs(axes[int(a), k]) for k, (a, _) in enumerate(order)]
        t1, t1ce, t2, flair, seg = data
        brain = t1 > 0
        whole &= all(numpy.array_equal(brain, x > 0) for x in (t1ce, t2, flair))
        inside &= not seg[~brain].any()
        marks |= set(numpy.unique(seg))
        litres.append(brain.sum() * abs(numpy.linalg.det(image.affine)) / 1e6)
        # The brain stem is narrow and below, and the head longer than broad.
        places = nibabel.affines.apply_affine(image.affine, numpy.argwhere(brain))
        extent = places.max(0) - places.min(0)
        low = places[places[:, 2] < places[:, 2].min() + 20]
        high = places[places[:, 2] > places[:, 2].max() - 20]
        upright &= extent[1] > extent[0] and len(low) < len(high) and \
            abs(places.mean(0)).max() < 25
        white = numpy.median(t1ce[brain & (seg == 0)]) / \
            numpy.median(t1[brain & (seg == 0)])
        core = (seg == 1) | (seg == 4)
        bright = numpy.percentile(t1ce[core], 95) / \
            numpy.percentile(t1[core], 95) / white
        ratios.setdefault(visit.split("/")[-2], []).append(bright)
    say(named and len(visits) > 1, "four sequences and a mask of each visit")
    say(whole, "on one grid, with right angles, and one brain")
    say(plain, "a header that nibabel has nothing to say about")
    say(len(orders) > 2, "grids run several ways")
    say(min(tilts) > 0.9 and min(tilts) < 0.9999, "and are a few degrees oblique")
    say(inside and marks == {0, 1, 2, 4}, "the mask lies in the brain")
    say(0.9 < min(litres) and max(litres) < 1.7,
        f"a brain has its volume, {numpy.mean(litres):.1f} litres")
    say(upright, "its front and top are where the affine says")
    say(numpy.mean(ratios["HGG"]) > 1.2 * numpy.mean(ratios["LGG"]),
        "high grades take up more contrast agent")


def dicom(study, png):
    import pydicom
    from PIL import Image
    scanners, uids, far = {}, [], 0
    told = valid = True
    files = sorted(glob.glob(study + "/*/*.dcm"))
    labels = dict(line.split() for line in open(study + "/labels.tsv"))
    for path in files:
        patient, name = path.split("/")[-2:]
        d = pydicom.dcmread(path)
        told &= (d.PatientID == patient and str(d.PatientName) == "" and
                 d.Modality == "CR" and d.ViewPosition in ("PA", "AP") and
                 d.PatientSex in "FM" and d.PatientAge[3] == "Y" and
                 d.BitsStored == 12 and d.BurnedInAnnotation == "NO" and
                 d.InstanceNumber == int(name[:2]))
        for uid in (d.StudyInstanceUID, d.SeriesInstanceUID, d.SOPInstanceUID):
            number = int(str(uid)[5:])
            valid &= (uid.is_valid and str(uid).startswith("2.25.") and
                      number >> 76 & 15 == 4 and number >> 62 & 3 == 2)
            uids.append(uid)
        scanners.setdefault(d.ManufacturerModelName, set()).add((
            d.PhotometricInterpretation, d.file_meta.TransferSyntaxUID.name))
        low = float(d.WindowCenter) - 0.5 - (float(d.WindowWidth) - 1) / 2
        levels = (d.pixel_array - low) / (float(d.WindowWidth) - 1) * 255
        if d.PhotometricInterpretation == "MONOCHROME1":
            levels = 255 - levels
        other = f"{png}/{labels[patient]}/{patient}_{name[:2]}.png"
        other = numpy.asarray(Image.open(other).convert("L"), float)
        far = max(far, abs(levels - other).max())
    say(told and len(files) > 20, "the header says what it should")
    say(valid and len(set(uids)) == len(uids), "UIDs are of UUIDs, all different")
    say(scanners == {
        "A": {("MONOCHROME2", "Explicit VR Little Endian")},
        "B": {("MONOCHROME1", "JPEG Lossless, Non-Hierarchical, First-Order "
               "Prediction (Process 14 [Selection Value 1])")},
        "C": {("MONOCHROME2", "RLE Lossless")}}, "three scanners, each its own way")
    say(far < 0.7, f"in its window each film is the PNG's ({far:.2f} levels)")


warnings.simplefilter("ignore")
{"nifti": nifti, "dicom": dicom}[sys.argv[1]](*sys.argv[2:])
