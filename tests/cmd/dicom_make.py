"""Make DICOM files of known pixels: dicom_make.py FOLDER."""
import sys

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian,
    RLELossless, SecondaryCaptureImageStorage)

FOLDER = sys.argv[1]
RAMP = np.arange(32 * 40, dtype=np.int64).reshape(32, 40)


def new(pixels, stored, photometric="MONOCHROME2", syntax=None, **more):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = syntax or ExplicitVRLittleEndian
    d = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    d.is_little_endian = meta.TransferSyntaxUID != ExplicitVRBigEndian
    d.is_implicit_VR = meta.TransferSyntaxUID == ImplicitVRLittleEndian
    d.SOPClassUID = SecondaryCaptureImageStorage
    d.SOPInstanceUID = "1.2.3.4"
    d.PatientID = "ID 7"
    d.Modality = "OT"
    color = photometric in ("RGB", "YBR_FULL")
    frames = pixels.ndim - (3 if color else 2)
    if frames:
        d.NumberOfFrames = pixels.shape[0]
    d.Rows, d.Columns = pixels.shape[frames:frames + 2]
    d.SamplesPerPixel = 3 if color else 1
    if color:
        d.PlanarConfiguration = 0
    d.PhotometricInterpretation = photometric
    d.BitsAllocated = pixels.dtype.itemsize * 8
    d.BitsStored, d.HighBit = stored, stored - 1
    d.PixelRepresentation = int(pixels.dtype.kind == "i")
    d.PixelData = pixels.astype(pixels.dtype.newbyteorder(
        "<" if d.is_little_endian else ">")).tobytes()
    d["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    for name, value in more.items():
        setattr(d, name, value)
    return d


def save(name, d, **how):
    d.save_as(f"{FOLDER}/{name}.dcm", write_like_original=False, **how)


def lut(first, levels, bits):
    item = Dataset()
    item.LUTDescriptor = [len(levels), first, bits]
    item["LUTDescriptor"].VR = "SS" if first < 0 else "US"
    item.LUTData = [int(x) for x in levels]
    item["LUTData"].VR = "US"
    return Sequence([item])


twelve = (RAMP * 3 % 4096).astype(np.uint16)
signed = (RAMP - 640).astype(np.int16)
rescale = dict(RescaleSlope=1, RescaleIntercept=-1024)
save("plain", new(twelve, 12))
save("inverted", new(twelve, 12, "MONOCHROME1"))
save("inverted_window", new(twelve, 12, "MONOCHROME1", WindowCenter=2000,
                            WindowWidth=1000))
save("rescaled", new(twelve, 12, **rescale, WindowCenter=40, WindowWidth=400))
save("slope", new(signed, 12, RescaleSlope=-0.5, RescaleIntercept=3.25,
                  WindowCenter=[10, 7], WindowWidth=[200.5, 9]))
save("exact", new(twelve, 12, **rescale, WindowCenter=40, WindowWidth=400,
                  VOILUTFunction="LINEAR_EXACT"))
save("sigmoid", new(twelve, 12, **rescale, WindowCenter=40, WindowWidth=400,
                    VOILUTFunction="SIGMOID"))
save("one", new(twelve, 12, WindowCenter=100, WindowWidth=1))
save("voi", new(twelve, 12, WindowCenter=40, WindowWidth=400,
                VOILUTSequence=lut(100, RAMP.ravel()[:1000] ** 2 // 1000, 10)))
save("voi_signed", new(signed, 16, VOILUTSequence=lut(-100, range(0, 1000, 5), 10)))
save("modality", new(twelve, 12, WindowCenter=500, WindowWidth=700,
                     ModalityLUTSequence=lut(5, (RAMP.ravel() * 7) % 1024,
                                             16)))
save("signed", new(signed, 16))
# High bits that are not possible; pydicom does not use them.
save("high_bit", new(twelve, 12, HighBit=31))
save("low_bit", new(twelve, 12, HighBit=3))
# Padding is of samples before a modality LUT.  Implicit VRs do not say its sign.
save("padded", new(signed, 16, syntax=ImplicitVRLittleEndian,
                   PixelPaddingValue=-500, PixelPaddingRangeLimit=-300))
save("padded_lut", new(twelve, 12, PixelPaddingValue=600,
                       PixelPaddingRangeLimit=300,
                       ModalityLUTSequence=lut(0, range(65535, 0, -16), 16)))
save("bytes", new((RAMP % 256).astype(np.uint8), 8))
save("big", new(twelve, 12, syntax=ExplicitVRBigEndian))
save("implicit", new(twelve, 12, syntax=ImplicitVRLittleEndian,
                     VOILUTSequence=lut(0, range(4096), 12)))
save("frames", new(np.stack([twelve, twelve[::-1], twelve // 2]), 12))
color = np.stack([RAMP % 256, RAMP // 5 % 256, 255 - RAMP % 256],
                 -1).astype(np.uint8)
save("rgb", new(color, 8, "RGB"))
save("ybr", new(color, 8, "YBR_FULL"))
# Padding is of grey alone, PS3.3 C.7.5.1.1.2.
save("padded_rgb", new(color, 8, "RGB", PixelPaddingValue=200,
                       PixelPaddingRangeLimit=255))
planar = new(color, 8, "RGB", PlanarConfiguration=1)
planar.PixelData = np.moveaxis(color, -1, 0).tobytes()
save("planar", planar)
palette = new((RAMP % 200).astype(np.uint8), 8, "PALETTE COLOR")
for i, name in enumerate(("Red", "Green", "Blue")):
    setattr(palette, name + "PaletteColorLookupTableDescriptor", [256, 0, 16])
    setattr(palette, name + "PaletteColorLookupTableData",
            ((np.arange(256) * (i + 3) * 257) % 65536).astype("<u2").tobytes())
save("palette", palette)


def segmented(name, descriptor, data):
    """A palette whose three channels have the segments DATA."""
    d = new((RAMP % 200).astype(np.uint8), 8, "PALETTE COLOR")
    for color in ("Red", "Green", "Blue"):
        setattr(d, color + "PaletteColorLookupTableDescriptor", descriptor)
        setattr(d, f"Segmented{color}PaletteColorLookupTableData", data)
    save(name, d)


# Discrete, linear up and down, then the first two again, and a unit of padding.
EIGHT = [0, 5, 9, 3, 200, 7, 0, 1, 60, 251, 1, 61, 2, 2, 2, 0, 0, 0, 0,
         1, 60, 99, 0, 5, 1, 2, 3, 4, 5, 0]
segmented("segments8", [5 + 60 + 61 + 65 + 60 + 5, 0, 8], bytes(EIGHT))
SIXTEEN = [0, 3, 0, 300, 65535, 1, 100, 7, 1, 100, 65000, 1, 50, 65000, 0, 3,
           1, 2, 3]
segmented("segments16", [256, 0, 16], np.array(SIXTEEN, "<u2").tobytes())
# The offset is in bytes: to the linear segment at the sixth word.
segmented("indirect16", [256, 0, 16], np.array(
    [0, 3, 0, 300, 65535, 1, 126, 7, 2, 1, 10, 0, 0, 1, 5], "<u2").tobytes())
for name, pixels, bits, kind in (("rle", twelve, 12, "MONOCHROME2"),
                                 ("rle_rgb", color, 8, "RGB")):
    d = new(pixels, bits, kind)
    d.compress(RLELossless)
    save(name, d)
# YCbCr of BT.601, from 16 to 235, of which two pixels share Cb and Cr.
pairs = np.repeat(color[:, ::2], 2, 1).astype(float)
y = pairs @ [.2568, .5041, .0979] + 16
cb = pairs[:, ::2] @ [-.1482, -.2910, .4392] + 128
cr = pairs[:, ::2] @ [.4392, -.3678, -.0714] + 128
partial = new(color, 8, "RGB", PhotometricInterpretation="YBR_PARTIAL_422")
partial.PixelData = np.rint(np.stack([y[:, ::2], y[:, 1::2], cb, cr], -1)).astype(
    np.uint8).tobytes()
save("partial", partial)
partial.Columns = 39
save("odd", partial)
# An enhanced file: each frame has a line and a window of its own.
frames = new(np.stack([twelve, twelve[::-1], twelve // 2]), 12)
groups = []
for i in range(3):
    group, line, window = Dataset(), Dataset(), Dataset()
    line.RescaleSlope, line.RescaleIntercept = 1 + i, -1024 + 100 * i
    line.RescaleType = "HU"
    window.WindowCenter, window.WindowWidth = 40 + 200 * i, 400 + 50 * i
    group.PixelValueTransformationSequence = Sequence([line])
    group.FrameVOILUTSequence = Sequence([window])
    groups.append(group)
frames.PerFrameFunctionalGroupsSequence = Sequence(groups)
save("enhanced", frames)
shared = new(np.stack([twelve, twelve // 2]), 12)
shared.SharedFunctionalGroupsSequence = Sequence([groups[1]])
save("shared", shared)
bare = new(twelve, 12, syntax=ImplicitVRLittleEndian)
bare.preamble = None
bare.file_meta = FileMetaDataset()
bare.save_as(f"{FOLDER}/no_meta.dcm", write_like_original=True)
