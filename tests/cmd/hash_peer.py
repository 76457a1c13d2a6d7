"""hash_peer.py TABLE SEED FOLDS NAME=SHARE...: the parts of mc-split --hash.

Philox of the seed, "split hash" or "fold hash", and FNV-1a of the unit, else the
group, else the id: its upper 53 bits are a number in [0, 1), which the shares
divide.  Prints "ok" or "not ok", a TAB, and what was compared.
"""
import sys

from peer import fnv1a64, say, stream_hash, table


def draw(seed, purpose, unit):
    return (stream_hash(seed, purpose, 0, fnv1a64(unit)) >> 11) / 2 ** 53


def part(x, shares):
    """The first part of SHARES, (name, share), whose end is above X of 1."""
    end, whole = 0, sum(share for _, share in shares)
    for name, share in shares:
        end += share
        if x < end / whole:
            return name
    return shares[-1][0]


path, seed, folds, *parts = sys.argv[1:]
shares = [(name, float(share)) for name, share in (p.split("=") for p in parts)]
rows = table(path)
wrong = []
for row in rows:
    unit = row.get("unit") or row.get("group") or row["id"]
    wanted = (part(draw(int(seed), "split hash", unit), shares),
              str(int(draw(int(seed), "fold hash", unit) * int(folds)) + 1))
    if (row["split"], row["fold"]) != wanted:
        wrong.append((row["id"], row["split"], row["fold"], *wanted))
say(len(rows) > 10 and not wrong, "%d rows are where a hash of their group says" % len(rows), wrong[:5])
