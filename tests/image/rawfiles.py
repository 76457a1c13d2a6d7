"""rawfiles.py - write BMP, PNM and GIF files of kinds that Pillow does not write.

Each function returns a list of (path, pixels): pixels is a uint8 array, height x
width x 3, made here of the same numbers, or None where Pillow reads the file.
"""
import random
import struct

import numpy as np


def noise(*shape, top=256):
    return np.random.RandomState(len(shape) + sum(shape)).randint(0, top, shape)


def packed(rows, bits, align):
    """Rows of numbers of BITS bits, each row padded to ALIGN bytes."""
    data = b""
    for row in rows:
        text = "".join(format(int(v), "0%db" % bits) for v in row)
        text += "0" * (-len(text) % (8 * align))
        data += int(text, 2).to_bytes(len(text) // 8, "big")
    return data


def bmp(path, size, bits, data, compression=0, palette=b"", header=40, masks=b"",
        top_down=False, colours=0, offset=None):
    width, height = size
    if header == 12:
        body = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        body = struct.pack("<IiiHHIIiiII", header, width,
                           -height if top_down else height, 1, bits,
                           compression, len(data), 2835, 2835, colours, 0)
        if header > 40:
            body += masks.ljust(header - 40, b"\0")
            masks = b""
    at = 14 + len(body) + len(masks) + len(palette)
    with open(path, "wb") as f:
        f.write(b"BM" + struct.pack("<IHHI", at + len(data), 0, 0,
                                    at if offset is None else offset) +
                body + masks + palette + data)
    return path


def quads(palette, size=4):
    """A palette, n x 3, as a BMP has it."""
    return b"".join(bytes(map(int, c[::-1])) + b"\0" * (size - 3)
                    for c in palette)


def bmps():
    found = []

    def add(*args, pixels=None, **more):
        found.append((bmp("b%02d.bmp" % len(found), *args, **more), pixels))
    for width, height in ((33, 5), (1, 1), (7, 9), (64, 3)):
        for bits in (1, 4, 8):
            palette = noise(1 << bits, 3)
            index = noise(height, width, top=1 << bits)
            data = packed(index[::-1], bits, 4)
            for header in (12, 40, 64, 108, 124):
                add((width, height), bits, data, header=header,
                    palette=quads(palette, 3 if header == 12 else 4))
            add((width, height), bits, packed(index, bits, 4),
                palette=quads(palette), top_down=True)
            add((width, height), bits, data, palette=quads(palette),
                offset=54)  # some writers leave the palette out of account
            add((width, height), bits, data, palette=quads(palette), header=52,
                pixels=palette[index])
        colours = noise(height, width, 3)
        rows = b"".join(quads(row, 3).ljust((3 * width + 3) // 4 * 4, b"\0")
                        for row in colours[::-1])
        for header in (12, 40, 124):
            add((width, height), 24, rows, header=header)
        for bits, layouts in (
                (16, ((0x7c00, 0x3e0, 0x1f), (0xf800, 0x7e0, 0x1f))),
                (32, ((0xff0000, 0xff00, 0xff),
                      (0xff000000, 0xff0000, 0xff00), (0, 0, 0)))):
            values = np.random.RandomState(bits + width).randint(
                0, 1 << bits, (height, width), np.int64)
            data = b"".join(b"".join(int(v).to_bytes(bits // 8, "little")
                                     for v in row) +
                            b"\0" * (-width * bits // 8 % 4)
                            for row in values)
            add((width, height), bits, data)
            for masks in layouts:
                masks = struct.pack("<III", *masks)
                add((width, height), bits, data, 3, masks=masks)
                add((width, height), bits, data, 3, masks=masks, header=108,
                    top_down=True)
            # 10 bits a colour, as some scanners write: a maximum of 1023
            if bits == 32:
                wide = (0x3ff00000, 0xffc00, 0x3ff)
                add((width, height), 32, data, 3, masks=struct.pack(
                    "<III", *wide), header=56, top_down=True,
                    pixels=np.stack([(values >> s & 1023) * 255 // 1023
                                     for s in (20, 10, 0)], 2))
    return found + run_lengths()


def run_lengths():
    """RLE8 and RLE4: runs, plain indices, ends of rows, steps, an early end."""
    grey = np.repeat(np.arange(256)[:, None], 3, 1)[::-1]
    found = []

    def add(bits, index, data):
        palette = grey[:1 << bits]
        found.append((bmp("l%02d.bmp" % len(found), (10, 3), bits, data,
                          1 if bits == 8 else 2, quads(palette)),
                      palette[np.array(index)[::-1]]))
    add(8, [[5] * 10, [1, 2, 3] + [9] * 7, [0] * 10],
        b"\x0a\x05\0\0" b"\0\x03\1\2\3\0\7\x09\0\0" b"\x0a\0\0\1")
    add(8, [[5] * 4 + [0] * 6, [0] * 10, [0, 0, 7, 7] + [0] * 6],
        b"\x04\x05\0\0\0\2\2\1\2\7\0\1")
    add(8, [[6] * 10, [4] * 10, [0] * 10], b"\xff\x06\0\0\x0a\4\0\0\0\1")
    add(8, [[1] * 10, [2] * 10, [3] * 10],
        b"\x0a\1\0\0\x0a\2\0\0\x0a\3\0\0\x0a\4\0\1")  # a row too many
    add(4, [[1, 2] * 5, [1, 2, 3, 4, 5, 0, 0, 0, 0, 0], [15] * 10],
        b"\x0a\x12\0\0\0\5\x12\x34\x50\0\0\0\x0a\xff\0\1")
    return found


def pnms():
    found = []

    def add(head, data, pixels=None):
        path = "n%02d.pnm" % len(found)
        with open(path, "wb") as f:
            f.write(head + data)
        found.append((path, pixels))

    def plain(values):
        return b"\n".join(b" ".join(b"%d" % v for v in row)
                          for row in values.reshape(len(values), -1))
    for width, height in ((1, 1), (9, 4), (16, 3)):
        size = b"%d %d" % (width, height)
        bits = noise(height, width, top=2)
        add(b"P4\n" + size + b"\n", packed(bits, 1, 1))
        add(b"P1\n# one\n" + size + b"\n", plain(bits))
        add(b"P1 " + size + b" ", plain(bits).replace(b" ", b""))
        for channels, kinds in ((1, b"25"), (3, b"36")):
            for maxval in (1, 2, 6, 100, 254, 255, 256, 1023, 4095, 40000,
                           65535):
                values = noise(height, width, channels, top=maxval + 1)
                values[-1, -1, -1] = maxval
                head = size + b"\t#a comment\n# and one\r%d\n" % maxval
                code = "u1" if maxval < 256 else ">u2"
                raw = values.astype(code).tobytes()
                # As of a PNG, the high byte; Pillow rounds to 8 bits.
                wide = np.rint(values / maxval * 65535).astype(int) >> 8
                pixels = np.repeat(wide, 4 - channels, 2)[:, :, :3] \
                    if maxval > 255 and channels == 3 else None
                add(b"P%c\n" % kinds[0] + head, plain(values) + b"\n", pixels)
                add(b"P%c\n" % kinds[1] + head, raw, pixels)
                if maxval in (6, 255, 4095):
                    pam(add, values, maxval, code)
    # More than maxval: Pillow takes maxval; two images in one file: the first.
    add(b"P5 3 1 100\n", bytes((0, 100, 200)))
    add(b"P5 2 1 255\n", b"ab\nP5 1 1 255\nc")
    return found


def pam(add, values, maxval, code):
    """The same, with and without alpha, as PAM, which Pillow does not read."""
    height, width, channels = values.shape
    if maxval < 256:
        pixels = np.rint(values / maxval * 255).astype(int)
    else:
        pixels = np.rint(values / maxval * 65535).astype(int) >> 8
    pixels = np.repeat(pixels, 3 // channels, 2)
    name = b"GRAYSCALE" if channels == 1 else b"RGB"
    alpha = np.concatenate([values, values[..., :1]], 2)
    for array, kind in ((values, name), (alpha, name + b"_ALPHA")):
        add(b"P7\n# made\nHEIGHT %d\nWIDTH %d\nDEPTH %d\nMAXVAL %d\n"
            b"TUPLTYPE %s\nENDHDR\n" % (height, width, array.shape[2], maxval,
                                        kind),
            array.astype(code).tobytes(), pixels)


def lzw(indices, bits):
    """GIF's code without any table: it is cleared before it grows."""
    clear, codes = 1 << bits, []
    for i, index in enumerate(indices):
        if i % (clear - 2) == 0:
            codes.append(clear)
        codes.append(int(index))
    value = 0
    for code in reversed(codes + [clear + 1]):
        value = value << bits + 1 | code
    return value.to_bytes((len(codes) + 1) * (bits + 1) // 8 + 1, "little")


def frame(rect, indices, palette=b"", transparent=None, interlaced=False,
          bits=8):
    width, height = rect[2:]
    out = b""
    if transparent is not None:
        out += b"!\xf9\x04" + struct.pack("<BHB", 1, 0, transparent) + b"\0"
    flags = 0x40 * interlaced
    if palette:
        flags |= 0x80 | (len(palette) // 3).bit_length() - 2
    out += b"," + struct.pack("<HHHHB", *rect, flags) + palette
    rows = np.array(indices).reshape(height, width)
    if interlaced:
        rows = np.concatenate([rows[0::8], rows[4::8], rows[2::4], rows[1::2]])
    data = lzw(rows.ravel(), bits)
    out += bytes([bits])
    for i in range(0, len(data), 255):
        out += bytes([len(data[i:i + 255])]) + data[i:i + 255]
    return out + b"\0"


def gif(path, size, frames, palette=b"", background=0):
    flags = 0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0
    with open(path, "wb") as f:
        f.write(b"GIF89a" + struct.pack("<HHBBB", *size, flags, background, 0) +
                palette + b"!\xfe\x05hello\0" + b"".join(frames) + b";")
    return path


def gifs():
    rng = random.Random(1)
    palette = bytes(rng.randrange(256) for _ in range(768))
    other = bytes(rng.randrange(256) for _ in range(768))
    index = [rng.randrange(256) for _ in range(13 * 11)]
    found = []

    def add(size, frames, **more):
        more.setdefault("palette", palette)
        found.append((gif("g%02d.gif" % len(found), size, frames, **more),
                      None))
    for left, top, size in ((0, 0, (13, 11)), (3, 4, (20, 17)), (0, 6, (13, 17)),
                            (5, 0, (18, 11)), (3, 4, (10, 5)), (0, 0, (0, 0))):
        rect = (left, top, 13, 11)
        for transparent in (None, index[0], 255):
            for interlaced in (False, True):
                add(size, [frame(rect, index, b"", transparent, interlaced)])
                add(size, [frame(rect, index, other, transparent, interlaced)],
                    background=7)
    whole = (0, 0, 13, 11)
    add((13, 11), [frame(whole, index, other)], palette=b"")
    few = [i % 4 for i in index]
    add((13, 11), [frame(whole, few, bits=2)], palette=palette[:12])
    add((13, 11), [frame(whole, few, palette[:12], 2, bits=2)])
    # Of several frames the first, which is transparent.
    add((20, 17), [frame((2, 2, 13, 11), index, other, index[3]),
                   frame(whole, index[::-1])])
    return found
