"""webdataset_peer.py PATTERN - the samples of shards, by webdataset's own rules
(its shardlists.expand_urls and tariterators: tar_file_iterator, base_plus_ext,
group_by_keys), written from these rules.

Prints a line per sample: its key without percent-encoding, and each field with
the SHA-256 of its bytes.

webdataset_peer.py --write PATTERN IMAGE... writes shards of four samples as its
ShardWriter does (ustar names in UTF-8, the fields of a sample in byte order): the
key is the image's path without its extension, cls its folder.
"""
import hashlib
import io
import itertools
import re
import sys
import tarfile
import urllib.parse


def expand(pattern):
    """braceexpand: ranges {000..127} and lists {a,b}."""
    parts = re.split(r"(\{[^{}]*\})", pattern)
    choices = []
    for part in parts:
        found = re.fullmatch(r"\{(\d+)\.\.(\d+)\}", part)
        if found:
            a, b = found.groups()
            padded = any(len(t) > 1 and t[0] == "0" for t in (a, b))
            width = max(len(a), len(b)) if padded else 1
            step = 1 if int(a) <= int(b) else -1
            choices.append(["%0*d" % (width, i) for i in
                            range(int(a), int(b) + step, step)])
        elif part.startswith("{") and "," in part:
            choices.append(part[1:-1].split(","))
        else:
            choices.append([part])
    return ["".join(words) for words in itertools.product(*choices)]


def samples(path):
    current = None
    with tarfile.open(path, "r|*") as stream:
        for member in stream:
            name = member.name
            if not member.isreg() or name is None:
                continue
            if re.match(r"__[^/]*__($|/)", name):
                continue
            found = re.match(r"^((?:.*/|)[^.]+)[.]([^/]*)$", name)
            if not found:
                continue
            key, field = found.groups()
            if current is None or current["__key__"] != key:
                if current:
                    yield current
                current = {"__key__": key}
            assert field not in current, (name, "twice")
            current[field.lower()] = stream.extractfile(member).read()
    if current:
        yield current


def write(pattern, images):
    for start in range(0, len(images), 4):
        with tarfile.open(pattern % (start // 4), "w|",
                          format=tarfile.USTAR_FORMAT) as tar:
            for path in images[start:start + 4]:
                key, extension = path.rsplit(".", 1)
                with open(path, "rb") as file:
                    fields = {extension: file.read(),
                              "cls": path.split("/")[-2].encode()}
                for field in sorted(fields):
                    info = tarfile.TarInfo(key + "." + field)
                    info.size = len(fields[field])
                    info.mode, info.uname, info.gname = 0o444, "bigdata", "bigdata"
                    tar.addfile(info, io.BytesIO(fields[field]))


if sys.argv[1] == "--write":
    write(sys.argv[2], sys.argv[3:])
else:
    for path in expand(sys.argv[1]):
        for sample in samples(path):
            print(urllib.parse.unquote(sample.pop("__key__")), *sorted(
                field + "=" + hashlib.sha256(data).hexdigest()
                for field, data in sample.items()))
