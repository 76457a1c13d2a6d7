"""peer.py - what the peers of mc-train share: tables, tensors, streams, verdicts."""
import csv
import json
import struct
import sys
import tarfile

import numpy as np

MASK = (1 << 64) - 1


def say(good, name, *details):
    """Print "ok" or "not ok", a TAB, and what was compared."""
    print("ok" if good else "not ok", name, sep="\t", flush=True)
    if not good:
        print(*details, sep="\n", file=sys.stderr)


def table(path):
    return list(csv.DictReader(open(path), delimiter="\t"))


def tensors(path, member):
    """safetensors, read by hand."""
    import torch  # which takes two seconds, and some peers need no tensors
    data = tarfile.open(path).extractfile(member).read()
    n = struct.unpack("<Q", data[:8])[0]
    out = {}
    for name, t in json.loads(data[8:8 + n]).items():
        if name != "__metadata__":
            a, b = t["data_offsets"]
            out[name] = torch.from_numpy(np.frombuffer(data[8 + n + a:8 + n + b], np.float32)
                                         .reshape(t["shape"]).copy())
    return out


def fnv1a64(text):
    h = 0xcbf29ce484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001b3 & MASK
    return h


def philox(counter, key):
    """Philox 4x32-10: Salmon and others, SC11."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [p1 >> 32 ^ c[1] ^ k[0], p1 & 0xffffffff, p0 >> 32 ^ c[3] ^ k[1], p0 & 0xffffffff]
        k = [k[0] + 0x9E3779B9 & 0xffffffff, k[1] + 0xBB67AE85 & 0xffffffff]
    return c


def block(seed, purpose, index, number):
    """The first block of mc_stream_hash's stream."""
    key = seed ^ fnv1a64(purpose)
    return philox((number & 0xffffffff, number >> 32, index, 0), (key & 0xffffffff, key >> 32))


def stream_hash(seed, purpose, index, number):
    b = block(seed, purpose, index, number)
    return b[1] << 32 | b[0]


def place(seed, epoch, image):
    """Where an image stands in the order of an epoch."""
    return stream_hash(seed, "shuffle", epoch, fnv1a64(image))
