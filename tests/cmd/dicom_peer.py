"""Compare mc-pack's pixels of DICOM with pydicom's: dicom_peer.py WINDOW TAR FILE...

Prints a line per file: "equal NAME", "both refuse NAME", or what differs.
The members of TAR are called after the files.
"""
import io
import os
import sys
import tarfile
import warnings

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixel_data_handlers.util import (
    apply_color_lut, apply_modality_lut, apply_voi_lut, convert_color_space)
from pydicom.uid import ImplicitVRLittleEndian

warnings.simplefilter("ignore")
pydicom.config.logger.setLevel("CRITICAL")


def grey(x):
    return np.floor(np.clip(x, 0, 1) * 255 + 0.5).astype(np.uint8)


def bounds(d):
    """The range in which apply_voi_lut leaves values: a LUT's or the bits'."""
    if "ModalityLUTSequence" in d:
        return 0, 2 ** d.ModalityLUTSequence[0].LUTDescriptor[2] - 1
    n = d.BitsStored
    low, high = (-2 ** (n - 1), 2 ** (n - 1) - 1) if d.PixelRepresentation \
        else (0, 2 ** n - 1)
    a, b = (apply_modality_lut(np.array([float(x)]), d)[0]
            for x in (low, high))
    return a, b


def levels(d, window):
    # pydicom changes the signedness of some JPEG 2000 when it reads pixels:
    # apply_voi_lut has the range of the new one, and the stored bits that of
    # the header.
    low, high = bounds(d) if d.SamplesPerPixel == 1 else (0, 0)
    pixels = d.pixel_array
    if int(d.get("NumberOfFrames") or 1) > 1:
        pixels = pixels[0]
    kind = d.PhotometricInterpretation
    if kind == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, d)
        return grey(pixels / (2.0 ** (8 * pixels.dtype.itemsize) - 1))
    if kind == "YBR_PARTIAL_422":
        raise ValueError("not in pydicom")
    if d.SamplesPerPixel == 3:
        if kind.startswith("YBR_FULL"):
            pixels = convert_color_space(pixels, kind, "RGB")
        return grey(pixels / (2.0 ** d.BitsStored - 1))
    values = apply_modality_lut(pixels, d)
    ends = [d.get("PixelPaddingValue", 1e9)]
    ends.append(d.get("PixelPaddingRangeLimit", ends[0]))
    padding = (pixels >= min(ends)) & (pixels <= max(ends))
    if window == "auto":
        low, high = values[~padding].min(), values[~padding].max()
        x = (values - low) / max(high - low, 1e-300)
    elif window == "bits":
        low, high = sorted((low, high))
        x = (values - float(low)) / (float(high) - low)
    else:
        if window != "file":
            d.WindowCenter, d.WindowWidth = map(float, window.split(","))
            d.VOILUTFunction = "LINEAR"
            if "VOILUTSequence" in d:
                del d.VOILUTSequence
        if d.get("VOILUTSequence"):
            low, high = 0, 2 ** d.VOILUTSequence[0].LUTDescriptor[2] - 1
        elif "WindowCenter" not in d:
            low, high = sorted((low, high))
        else:
            low, high = bounds(d)
        values = apply_voi_lut(values, d)
        x = (values - float(low)) / (float(high) - low)
    x = grey(x)
    return np.where(padding, 0, 255 - x if kind == "MONOCHROME1" else x)


def main():
    window, tar = sys.argv[1:3]
    members = {}
    with tarfile.open(tar) as t:
        for m in t:
            if not m.name.startswith("__"):
                members[m.name.rsplit(".", 1)[0]] = t.extractfile(m).read()
    for path in sys.argv[3:]:
        name = os.path.basename(path)[:-4]
        d = pydicom.dcmread(path, force=True)
        if "TransferSyntaxUID" not in d.file_meta:
            d.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        try:
            wanted = levels(d, window)
        except Exception as e:
            wanted = None
        key = "".join(c if c.isalnum() or c in "_-/" else "%%%02X" % ord(c)
                      for c in name)
        if key not in members or wanted is None:
            print("both refuse" if key not in members and wanted is None
                  else "mc-pack alone refuses" if wanted is not None
                  else "pydicom alone refuses", name)
            continue
        found = np.asarray(Image.open(io.BytesIO(members[key])))
        if wanted.ndim == 3 and found.ndim == 2:
            found = np.repeat(found[..., None], 3, -1)
        if found.shape != wanted.shape:
            print("shape", name, found.shape, wanted.shape)
            continue
        off = np.abs(found.astype(int) - wanted)
        print("equal" if off.max() == 0 else
              f"{(off > 0).mean():.4f} off by {off.max()}:", name)


main()
