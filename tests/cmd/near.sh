#!/bin/sh
# mc-split --check --near: the pairs are those of comparing all with all.
. "$abs_srcdir/tests/tap.sh"

# 600 hashes around 40 centres, so that every distance occurs; two splits, folds.
cat >all.py <<'END'
import random, subprocess
random.seed(3)
centres = [random.getrandbits(64) for _ in range(40)]
rows = []
for i in range(600):
    h = random.choice(centres)
    for bit in random.sample(range(64), random.randrange(12)):
        h ^= 1 << bit
    split = random.choice(["train", "train", "test"])
    rows.append((f"i{i}", "x", f"g{i}", split,
                 str(random.randrange(3)) if split == "train" else "",
                 "" if i % 50 == 0 else f"{h:016x}"))
with open("hashes.tsv", "w") as f:
    print("id", "label", "group", "split", "fold", "phash", sep="\t", file=f)
    for row in rows:
        print(*row, sep="\t", file=f)
known = [(*r, int(r[5], 16)) for r in rows if r[5]]
for most in [0, 1, 3, 4, 7, 10, 15]:
    pairs = set()
    for i, a in enumerate(known):
        for b in known[:i]:
            d = bin(a[6] ^ b[6]).count("1")
            if d <= most and (a[3], a[4]) != (b[3], b[4]):
                pairs.add((d, *sorted([a[0], b[0]])))
    text = subprocess.run(["mc-split", "-q", "--check", "--near", str(most),
                           "hashes.tsv"], capture_output=True, text=True,
                          check=True).stdout
    found = [x.split("\t")[:3] for x in text.split("\n")[1:-1]]
    good = [(int(d), a, b) for d, a, b in found] == sorted(pairs)
    print(f"{'ok' if good else 'not ok'}\tthe {len(pairs)} pairs at distance "
          f"{most} at most")
END
if have_python "all pairs"; then
	compared "compared with all pairs" "$PYTHON3" all.py
fi

cat >m.tsv <<'END'
id	label	group	split	phash
b	x	p1	train	00000000000000ff
a	y	p2	test	00000000000000fe
c	x	p3	train	00000000000000ff
d	x	p4	test	
END
run mc-split --check --near 4 m.tsv
is_rc 0 "a likeness is no error"
is_out "pairs within a split do not count" <<'END'
distance	id_a	id_b	split_a	split_b	fold_a	fold_b	label_a	label_b	group_a	group_b
1	a	b	test	train			y	x	p2	p1
1	a	c	test	train			y	x	p2	p3
END
is_err "a warning counts them" <<'END'
mc-split: m.tsv: column "phash" is empty in 1 of 4 rows: these images are not compared
mc-split: m.tsv: 2 pairs of images that look alike (distance 4 at most) are in two splits or folds
END
sed 's/	p2	/	p1	/' m.tsv >leak.tsv
run mc-split -q --check --near 4 leak.tsv
ok "a group in two splits is an error first" test "$rc" -eq 1
cut -f 1-4 m.tsv >none.tsv
run mc-split -q --check --near 4 none.tsv
fails 1 'mc-split: none.tsv:1: no column "phash": mc-phash adds it' \
    "no hashes"
sed 's/0fe$/0FE/' m.tsv >bad.tsv
run mc-split -q --check --near 4 bad.tsv
fails 1 'mc-split: bad.tsv:3: column "phash": "00000000000000FE" is not 16 lower-case hexadecimal digits, as mc-phash writes them' \
    "no hash"
sed '2,$s/	t[a-z]*	/		/' m.tsv >undivided.tsv
run mc-split -q --check --near 4 undivided.tsv
fails 1 'mc-split: undivided.tsv: all images are in one split and one fold, so --near has nothing to compare: divide the manifest with mc-split first' \
    "no splits: that there are no pairs would say nothing"
sed 's/	test	/	train	/' m.tsv >train.tsv
run mc-split -q --check --near 4 train.tsv
is_rc 1 "one split only"
run mc-split --near 4 --folds 2 m.tsv
fails 2 'mc-split: --near is for --check, which is not given' "--near alone"

# Copies of another size and quality are found by the hash of the programs.
if have_python copies && have_real ham10000 "copies of real images are found" &&
    built mc-phash
then
	"$PYTHON3" - "$real/ham10000/images" <<'END'
import os, sys
from PIL import Image
os.mkdir("images")
with open("copies.tsv", "w") as f:
    print("id\tpath\tsplit", file=f)
    for name in sorted(os.listdir(sys.argv[1]))[:200]:
        path = f"{sys.argv[1]}/{name}"
        copy = f"images/{name}"
        with Image.open(path) as image:
            image.resize((100, 75)).save(copy, quality=60)
        print(name, path, "train", sep="\t", file=f)
        print(f"copy-{name}", copy, "test", sep="\t", file=f)
END
	mc-phash copies.tsv | mc-split -q --check --near 4 - |
	    awk -F '\t' '$3 == "copy-" $2' | wc -l >found
	ok "199 of 200 smaller copies are found" test "$(cat found)" -ge 199
fi

done_testing
