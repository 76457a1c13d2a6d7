"""webdataset_peer.py PATTERN - the samples of shards, by webdataset's own rules
(its shardlists.expand_urls and tariterators: tar_file_iterator, base_plus_ext,
group_by_keys), written from these rules.

Prints a line per sample: its key, and each field with the SHA-256 of its bytes.
"""
import hashlib
import itertools
import re
import sys
import tarfile


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
            if ("/" not in name and name.startswith("__") and
                    name.endswith("__")):
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


if len(sys.argv) > 2:
    print("\n".join(expand(sys.argv[2])))
else:
    for path in expand(sys.argv[1]):
        for sample in samples(path):
            print(sample.pop("__key__"), *sorted(
                field + "=" + hashlib.sha256(data).hexdigest()
                for field, data in sample.items()))
