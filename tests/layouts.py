"""layouts.py LAYOUT DIR: a data set as it is downloaded, with images of one pixel.

The files are called, and the tables written, by the rules of the publishers, and
there are as many images, classes, patients and lesions; where that would be too
many for a test, fewer.
"""
import base64
import gzip
import os
import struct
import sys
import zlib

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////"
    "////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAAB"
    "AAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AKp//2Q==")
LESIONS = {"akiec": (327, 228), "bcc": (514, 327), "bkl": (1099, 727),
           "df": (115, 73), "mel": (1113, 614), "nv": (6705, 5403),
           "vasc": (142, 98)}
FINDINGS = ("No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,"
            "Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,"
            "Pneumothorax,Pleural Effusion,Pleural Other,Fracture,"
            "Support Devices")


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data +
            struct.pack(">I", zlib.crc32(name + data)))


def image(path):
    """One pixel; the name is in a comment, so that no two files are equal."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    text = path.encode()
    with open(path, "wb") as f:
        if path.endswith(".png"):
            f.write(b"\x89PNG\r\n\x1a\n" +
                    chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
                    chunk(b"tEXt", b"Comment\0" + text) +
                    chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))
        else:
            f.write(JPEG[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) +
                    text + JPEG[2:])


def table(path, *lines):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write("\n".join(lines) + "\n")


def chest(top):
    """Test: 624 images of 428 units, the largest of 9; a second copy, a Mac."""
    names = []
    for i in range(1341):
        names.append("train/NORMAL/%sIM-%04d-%04d.jpeg" % (
            "NORMAL2-" if i % 2 else "", 500 + i // 2, 1 + i % 2))
    for i in range(3875):
        names.append("train/PNEUMONIA/person%d_bacteria_%d.jpeg" % (
            1 + i // 4, i))
    for i in range(8):
        names.append("val/NORMAL/NORMAL2-IM-%d-0001.jpeg" % (1427 + i))
        names.append("val/PNEUMONIA/person%d_bacteria_%d.jpeg" % (1946 + i, i))
    for i in range(234):
        names.append("test/NORMAL/IM-%04d-0001%s.jpeg" % (
            1 + i // 2 if i < 10 else i, "-0002" if i % 2 else ""))
    # 229 units of NORMAL; 199 of PNEUMONIA, of which one has 9 images.
    units = [0] * 9 + list(range(1, 199))
    units += [1 + i % 198 for i in range(390 - len(units))]
    for i, unit in enumerate(units):
        names.append("test/PNEUMONIA/person%d_virus_%d.jpeg" % (1 + unit, i))
    for name in names:
        image("%s/%s" % (top, name))
    for name in names[::50]:
        image("%s/chest_xray/%s" % (top, name))
    for split in "train", "val", "test":
        for label in "NORMAL", "PNEUMONIA":
            os.makedirs("%s/chest_xray/%s/%s" % (top, split, label),
                        exist_ok=True)
    table(top + "/__MACOSX/._train", "x")


def lesions():
    """(number, class, lesion) of each image; lesions of HAM10000's sizes."""
    number = 24306
    lesion = 0
    for name, (images, n) in LESIONS.items():
        for i in range(images):
            yield number, name, "HAM_%07d" % (lesion + i % n)
            number += 1
        lesion += n


def ham(top):
    rows = ["lesion_id,image_id,dx,dx_type,age,sex,localization"]
    for i, (number, name, lesion) in enumerate(lesions()):
        part = 1 if i < 5000 else 2
        image("%s/HAM10000_images_part_%d/ISIC_%07d.jpg" % (top, part, number))
        rows.append("%s,ISIC_%07d,%s,histo,%s,male,back" % (
            lesion, number, name, "" if i % 100 == 0 else "60.0"))
    table(top + "/HAM10000_metadata.csv", *rows)


def isic(top):
    order = ["MEL", "NV", "BCC", "AKIEC", "BKL", "DF", "VASC"]
    truth = ["image," + ",".join(order)]
    groups = ["image,lesion_id,diagnosis_confirm_type"]
    task = top + "/ISIC2018_Task3_Training_"
    for number, name, lesion in lesions():
        image("%sInput/ISIC_%07d.jpg" % (task, number))
        truth.append("ISIC_%07d,%s" % (number, ",".join(
            "1.0" if x == name.upper() else "0.0" for x in order)))
        groups.append("ISIC_%07d,%s,histopathology" % (number, lesion))
    table(task + "Input/ATTRIBUTION.txt", "x")
    table(task + "GroundTruth/ISIC2018_Task3_Training_GroundTruth.csv", *truth)
    table(task + "LesionGroupings.csv", *groups)


def amd(top):
    for i in range(1, 90):
        image("%s/Training400/AMD/A%04d.jpg" % (top, i))
    for i in range(1, 312):
        image("%s/Training400/Non-AMD/N%04d.jpg" % (top, i))


def nih(top):
    """1200 images of 480 patients in twelve folders; not 112120 of 30805."""
    rows = ["Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,"
            "Patient Gender,View Position,OriginalImage[Width,Height],"
            "OriginalImagePixelSpacing[x,y],"]
    for patient in range(1, 481):
        for k in range(1 + patient % 4):
            name = "%08d_%03d.png" % (patient, k)
            image("%s/images_%03d/images/%s" % (top, 1 + patient // 41, name))
            rows.append("%s,%s,%d,%d,058Y,M,PA,2682,2749,0.143,0.143," % (
                name, ["No Finding", "Effusion|Mass", "Hernia"][k % 3], k,
                patient))
    table(top + "/Data_Entry_2017.csv", *rows)


def chexpert(top):
    """300 patients of train, 20 of valid; not 64540 and 200."""
    small = top + "/CheXpert-v1.0-small"
    head = "Path,Sex,Age,Frontal/Lateral,AP/PA," + FINDINGS
    for split, first, n in ("train", 1, 300), ("valid", 64541, 20):
        rows = [head]
        for patient in range(first, first + n):
            for study in range(1, 2 + patient % 2):
                path = "%s/patient%05d/study%d/view1_frontal.jpg" % (
                    split, patient, study)
                image("%s/%s" % (small, path))
                rows.append("CheXpert-v1.0-small/%s,Female,68,Frontal,AP,"
                            ",,1.0,-1.0,,,,,,0.0,,,,1.0" % path)
            if patient % 3 == 0:
                path = path.replace("view1_frontal", "view2_lateral")
                image("%s/%s" % (small, path))
                rows.append("CheXpert-v1.0-small/%s,Female,68,Lateral,,"
                            "1.0,,,,,,,,,,,,," % path)
        table("%s/%s.csv" % (small, split), *rows)


def medmnist(top):
    rows = []
    for split, called, n in (("train", "TRAIN", 700), ("val", "VALIDATION", 100),
                             ("test", "TEST", 200)):
        for i in range(n):
            name = "%s%d_%d.png" % (split, i, i % 9)
            image("%s/pathmnist/%s" % (top, name))
            rows.append("%s,%s,%d" % (called, name, i % 9))
    table(top + "/pathmnist.csv", *rows)
    image(top + "/chestmnist/train0_0_1_0.png")
    table(top + "/chestmnist.csv", "TRAIN,train0_0_1_0.png,0,1,0")


def volume(path, marked=()):
    """Three voxels each way, of which MARKED axial slices are 1; all without marks.

    The name is in the header, so that no two files are equal.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    head = bytearray(352)
    struct.pack_into("<i", head, 0, 348)
    struct.pack_into("<8h", head, 40, 3, 3, 3, 3, 1, 1, 1, 1)
    struct.pack_into("<2h", head, 70, 2, 8)
    struct.pack_into("<8f", head, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into("<3f", head, 108, 352, 1, 0)
    head[148:228] = os.path.basename(path).encode()[-80:].ljust(80, b"\0")
    struct.pack_into("<2h", head, 252, 0, 1)
    struct.pack_into("<12f", head, 280, -1, 0, 0, 0, 0, -1, 0, 2, 0, 0, 1, 0)
    head[344:348] = b"n+1\0"
    data = bytes(head) + b"".join(
        bytes([int(not marked or k in marked)]) * 9 for k in range(3))
    with open(path, "wb") as f:
        f.write(gzip.compress(data, 1, mtime=0) if path.endswith(".gz")
                else data)


def patient(folder, kind, number, segmentation=None):
    name = os.path.basename(folder)
    for sequence in "t1", "t1ce", "t2", "flair":
        volume("%s/%s_%s%s" % (folder, name, sequence, kind))
    volume("%s/%s" % (folder, segmentation or name + "_seg" + kind),
           (0, 1) if number % 2 else (1,))


def brats(top):
    """259 patients with HGG and 76 with LGG, of centres as in 2018."""
    names = ["HGG/BraTS19_CBICA_A%s%s_1" % (chr(65 + i // 26), chr(65 + i % 26))
             for i in range(127)]
    names += ["HGG/BraTS19_TCIA0%d_%d_1" % (1 + i % 6, 100 + i)
              for i in range(112)]
    names += ["HGG/BraTS19_2013_%d_1" % i for i in range(2, 22)]
    names += ["LGG/BraTS19_2013_%d_1" % i for i in range(100, 110)]
    names += ["LGG/BraTS19_TCIA1%d_%d_1" % (i % 4, 600 + i) for i in range(66)]
    top += "/MICCAI_BraTS_2019_Data_Training/"
    for i, name in enumerate(names):
        patient(top + name, ".nii.gz", i)
    table(top + "survival_data.csv", "BraTS19ID,Age,Survival,ResectionStatus")
    table(top + "name_mapping.csv", "Grade,BraTS_2019_subject_ID")


def brats2020(top):
    """369 patients in one folder; the segmentation of 355 is called otherwise."""
    top += "/MICCAI_BraTS2020_TrainingData/"
    rows = ["Grade,BraTS_2017_subject_ID,BraTS_2018_subject_ID,"
            "TCGA_TCIA_subject_ID,BraTS_2019_subject_ID,BraTS_2020_subject_ID"]
    for i in range(1, 370):
        name = "BraTS20_Training_%03d" % i
        patient(top + name, ".nii", i, "W39_1998.09.19_Segm.nii"
                if i == 355 else None)
        rows.append("%s,NA,NA,NA,BraTS19_CBICA_%d_1,%s" % (
            "LGG" if 259 < i <= 335 else "HGG", i, name))
    table(top + "name_mapping.csv", *rows)
    table(top + "survival_info.csv", "Brats20ID,Age")


globals()[sys.argv[1]](sys.argv[2])
