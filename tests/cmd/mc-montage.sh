#!/bin/sh
# mc-montage: what is shown, where, and with which numbers; pages; bad input.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

common_behaviour mc-montage
make_images 20 2>/dev/null
mc-pack -o images.tar manifest.tsv 2>/dev/null
tab=$(printf '\t')

# Two arms, all images, three classes; some probabilities are equal.
awk -F '\t' -v OFS='\t' 'NR == 1 {
	for (i = 1; i <= NF; i++) c[$i] = i
	print "task", "arm", "train_seed", "split", "id", "group", "label",
	    "predicted", "p:NORMAL", "p:OPACITY", "p:other"
	next
} {
	for (arm = 0; arm < 2; arm++) {
		a = (NR * (37 + arm) % 41) / 50
		print "chest", "m" arm, 1, "test", $c["id"], $c["group"],
		    $c["label"], "", a, sprintf("%.2f", 0.9 - a), 0.1
	}
}' manifest.tsv >predictions.tsv
awk -F '\t' 'NR == 1 || $2 == "m0"' predictions.tsv >one.tsv
small='--tile 64 --dpi 100 --font-size 4'

# The two columns NAMES of the list, by name.
field() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++)
		if ($i == name) c = i; next } { print $c }' "${2:-list.tsv}"
}

run mc-montage $small --predictions one.tsv --list list.tsv images.tar
is_rc 0 'a sheet of mistakes'
ok 'without a message' test ! -s err
cp out mistakes.png
ok 'all of them are wrong' test -z "$(awk -F '\t' 'NR > 1 && $22 == $23' list.tsv)"
ok 'eight of each label at most' test "$(field label | sort | uniq -c |
    awk '$1 > 8')" = ''
run mc-montage $small --predictions one.tsv --list again.tsv -o again.png \
    - <images.tar
ok 'from a pipe into a file, the same bytes' cmp again.png mistakes.png
ok 'and the same list' cmp again.tsv list.tsv
{ head -n 1 one.tsv; tail -n +2 one.tsv | sort -r -k 5; } >reversed.tsv
run mc-montage $small --predictions reversed.tsv images.tar
ok 'another order of the predictions, the same bytes' cmp out mistakes.png
run mc-montage $small --predictions predictions.tsv --only arm=m0 images.tar
ok '--only chooses a run' cmp out mistakes.png
run mc-montage $small --predictions predictions.tsv --only train_seed=1.0 \
    --only arm=m0 images.tar
ok 'numbers are compared by value' cmp out mistakes.png
run mc-montage $small --predictions predictions.tsv --only train_seed=01 \
    --only arm=m0 images.tar
ok 'and 01 is 1' cmp out mistakes.png

for name in sheet.jpg again.JPEG; do
	run mc-montage $small --predictions one.tsv --list again.tsv -o $name images.tar
	is_rc 0 "a JPEG: $name"
	ok 'with the same list' cmp again.tsv list.tsv
done
ok 'of any spelling, the same bytes' cmp sheet.jpg again.JPEG
compared 'a JPEG is compared with the PNG' "$PYTHON3" -c '
from PIL import Image, ImageChops, ImageStat
a, b = Image.open("mistakes.png"), Image.open("sheet.jpg")
same = ImageStat.Stat(ImageChops.difference(a.convert("RGB"), b))
print("ok" if b.format == "JPEG" and a.size == b.size else "not ok",
      "format and size", sep="\t")
print("ok" if 0 < max(same.mean) < 3 else "not ok", "pixels", sep="\t")
print("ok" if [round(x) for x in b.info["dpi"]] == [100, 100] else "not ok",
      "density", sep="\t")
print("ok" if {x[1:3] for x in b.layer} == {(1, 1)} else "not ok",
      "colours in full resolution", sep="\t")
peers = []
for q in 89, 90, 91:
    a.convert("RGB").save("peer.jpg", quality=q)
    peers.append(Image.open("peer.jpg").quantization == b.quantization)
print("ok" if peers == [False, True, False] else "not ok",
      "quality 90, by Pillow'"'"'s tables", sep="\t")
'
run mc-montage $small --predictions one.tsv -o page-%d.jpg images.tar
ok 'also by pages' sh -c 'test "$(od -An -tx1 -N2 page-1.jpg)" = " ff d8"'

# --- Against another program ---------------------------------------------------
peer() {
	compared "$1: compared" "$PYTHON3" \
	    "$abs_srcdir/tests/cmd/montage_peer.py" "$2" one.tsv images \
	    list.tsv sheet.png $3
}
if "$PYTHON3" -c 'import PIL' 2>/dev/null; then
	mc-montage $small --predictions one.tsv --list list.tsv -o sheet.png \
	    images.tar
	peer 'pixel by pixel' mistakes 8
	mc-montage --width 120 --show borderline --predictions one.tsv \
	    --per-class 3 --list list.tsv -o sheet.png images.tar
	peer 'enlarged' borderline 3
	mc-montage --tile 33 --dpi 72 --font-size 4 --show borderline --predictions one.tsv \
	    --count 20 --list list.tsv -o sheet.png images.tar
	peer 'reduced' borderline all20
	# Marks and weight of the line with the prediction, by the verdict.
	mc-montage -q --tile 200 --dpi 100 --font-size 8 --show borderline \
	    --predictions one.tsv --per-class 8 --list list.tsv -o sheet.png images.tar
	"$PYTHON3" - >got 2>&1 <<'END'
import csv

from PIL import Image

page = Image.open("sheet.png").convert("RGB")
colours = {True: (213, 94, 0), False: (0, 114, 178)}
ink = {}
for r in csv.DictReader(open("list.tsv"), delimiter="\t"):
    x, y, w, h = (int(r[k]) for k in ("x", "y", "width", "height"))
    wrong = r["label"] != r["predicted"]
    below = page.crop((x, y + h + 6, x + w, y + h + 50))
    rows = [i // below.width for i, p in enumerate(below.getdata())
            if p == colours[wrong]]
    assert rows and not any(p == colours[not wrong] for p in below.getdata())
    # A cross has ink in its upper left quarter, a tick has none.
    mark = [(i % below.width, i // below.width)
            for i, p in enumerate(below.getdata()) if p == colours[wrong]]
    left, top = (min(m[k] for m in mark) for k in (0, 1))
    side = max(m[0] for m in mark) - left + 1
    assert wrong == any(a < left + side / 2 and b < top + side * 0.3
                        for a, b in mark)
    line = below.crop((16, min(rows), below.width, max(rows) + 1)).convert("L")
    ink.setdefault((r["predicted"], wrong), []).append(
        sum(255 - v for v in line.getdata()))
for name in ("NORMAL", "OPACITY"):
    right, wrong = (ink[name, w] for w in (False, True))
    print(name, min(wrong) > 1.1 * max(right))
END
	is_file got 'a wrong prediction is bold, with a cross' <<'END'
NORMAL True
OPACITY True
END
	printf '%s\t' task arm train_seed split class threshold >t.tsv
	printf 'criterion\nchest\tm0\t1\tval\tOPACITY\t0.3\tgiven\n' >>t.tsv
	mc-montage $small --predictions one.tsv --threshold t.tsv \
	    --list list.tsv -o sheet.png images.tar
	peer 'with a threshold' mistakes '8 0.3 OPACITY'
	ok 'the list has the threshold' test "$(field threshold | sort -u)" = 0.3
	ok 'and its class' test "$(field class | sort -u)" = OPACITY
	run mc-montage --predictions one.tsv --threshold list.tsv images.tar
	fails 1 'mc-montage: list.tsv: --threshold: is a table of images of mc-montage: give the table of mc-threshold' \
	    'a list, which has no thresholds'
	"$PYTHON3" - >shape 2>&1 <<'END'
import glob

from PIL import Image

ids = []
for name, size, mode, value in [("g", (60, 30), "I;16", 2000),
                                ("t", (9, 40), "L", 90)]:
    Image.new(mode, size, value).save(name + ".png")
END
	printf 'id\tpath\tlabel\tbits\ng\tg.png\ta\t12\nt\tt.png\ta\t\n' |
	    mc-pack -o wide.tar 2>/dev/null
	mc-montage --tile 60 --dpi 100 --font-size 4 --list list.tsv -o wide.png wide.tar
	"$PYTHON3" - >got 2>&1 <<'END'
import csv

from PIL import Image

page = Image.open("wide.png")
print(round(page.info["dpi"][0]))
for r in sorted(csv.DictReader(open("list.tsv"), delimiter="\t"),
                key=lambda r: r["id"]):
    x, y, w, h = (int(r[k]) for k in ("x", "y", "width", "height"))
    print(r["id"], w, h, set(page.crop((x, y, x + w, y + h)).getdata()),
          page.getpixel((x + w // 2, y - 1)))
END
	is_file got 'grey, 12 bits of 16, and images of other shapes' <<'END'
100
g 60 30 {(125, 125, 125)} (230, 230, 230)
t 14 60 {(90, 90, 90)} (128, 128, 128)
END
	# Maps of images whose ids are the texts below these maps.
	cat >maps.py <<'END'
import hashlib, io, random, tarfile
from PIL import Image
random.seed(3)
ids = ["Grad-CAM", "of sick", "0.250 to 1.50"]
tar = tarfile.open("texts.maps.tar", "w", format=tarfile.USTAR_FORMAT)
digest = hashlib.sha256()
def add(name, content):
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))
    digest.update(content)
add("__maps__", b"format\t1\n")
rows = ["id label method class p predicted rows columns min max patch stride map overlay".replace(" ", "\t")]
for n, name in reversed(list(enumerate(ids))):
    for path in f"texts{n}.png", f"overlay{n}.png":
        Image.frombytes("RGB", (50, 50), random.randbytes(7500)).save(path)
    add(f"{n}.npy", b"map")
    add(f"{n}.png", open(f"overlay{n}.png", "rb").read())
    rows.append(f"{name}\tsick\tgradcam\tsick\t0.625\tsick\t1\t1\t0.25\t1.5\t\t\t{n}.npy\t{n}.png")
add("maps.tsv", ("\n".join(rows) + "\n").encode())
add("__end__", f"key\tvalue\nformat\t1\nmaps\t3\nsha256\t{digest.hexdigest()}\n".encode())
tar.close()
with open("texts.manifest.tsv", "w") as f:
    print("id", "label", "path", sep="\t", file=f)
    for n, name in enumerate(ids):
        print(name, "sick", f"texts{n}.png", sep="\t", file=f)
said = "x. The number after a class is its probability. Beside each image is its map, " \
    "from dark blue (its smallest value) to yellow (its largest)"
for path, task in ("texts.tsv", "x"), ("said.tsv", said):
    with open(path, "w") as f:
        print("task", "id", "label", "predicted", "p:sick", "p:well", sep="\t", file=f)
        for k, name in enumerate(ids):
            print(task, name, "sick", "sick", 0.625, 0.375, sep="\t", file=f)
END
	cat >texts.py <<'END'
import csv
from PIL import Image, ImageChops
page = Image.open("texts.png").convert("RGB")
rows = {r["id"]: r for r in csv.DictReader(open("texts.list.tsv"), delimiter="\t")}
def place(name):
    r = rows[name]
    return int(r["x"]), int(r["y"]) + int(r["height"])
def lines(x, y):
    """The lines of text below a picture: strips of rows with ink."""
    strip = page.crop((x, y, x + 200, min(y + 60, page.height)))
    ink = [any(p != (255, 255, 255) for p in strip.crop((0, i, 200, i + 1)).getdata())
           for i in range(strip.height)]
    starts = [i for i in range(1, len(ink)) if ink[i] and not ink[i - 1]]
    return [strip.crop((0, i, 200, ink.index(False, i))) for i in starts]
def words(line, right):
    """LINE without the white around its left or right half."""
    half = line.crop((100, 0, 200, line.height) if right else (0, 0, 100, line.height))
    box = ImageChops.invert(half.convert("L")).getbbox()
    return half.crop(box)
def say(fine, name):
    print("ok" if fine else "not ok", name, sep="\t")
def same(a, b):
    return a.size == b.size and a.tobytes() == b.tobytes() and a.width > 10
edge = [int(r["x"]) for r in rows.values()]
gap = min(b - a for a in edge for b in edge if b > a) // 2
for k, (name, what) in enumerate((("Grad-CAM", "method"), ("of sick", "class"), ("0.250 to 1.50", "range"))):
    x, y = place(name)
    own, of_map = lines(x, y), lines(x + gap, y)
    say(len(own) == len(of_map) == 3 and same(words(own[2], False), words(of_map[k], False)),
        f"below a map: its {what}")
    say(same(words(own[1], True), words(of_map[1], True)), f"{name}: and its probability")
    wanted = Image.open(f"overlay{k}.png").convert("RGB").resize((200, 200), Image.BICUBIC)
    found = page.crop((x + gap, y - 200, x + gap + 200, y))
    say(found.tobytes() == wanted.tobytes(), f"{name}: its map, as Pillow resizes it")
say({r["row"] for r in rows.values()} == {"1"} and sorted(r["column"] for r in rows.values()) == ["1", "3", "5"],
    "six tiles in a row")
said = Image.open("said.png").convert("RGB")
box = (0, 0, 500, 50)
say(page.crop(box).tobytes() == said.crop(box).tobytes(), "above them what their colours are")
END
	"$PYTHON3" maps.py
	mc-pack -q -o texts.tar texts.manifest.tsv
	texts='--tile 200 --dpi 100 --font-size 8 --show borderline'
	run mc-montage -q $texts --predictions texts.tsv --maps texts.maps.tar --list texts.list.tsv -o texts.png texts.tar
	is_rc 0 'maps with known texts'
	run mc-montage -q $texts --columns 6 --predictions said.tsv -o said.png texts.tar
	compared 'what is said of maps' "$PYTHON3" texts.py
	mc-montage -q $texts --predictions texts.tsv --maps texts.maps.tar --columns 3 --list texts.list.tsv -o texts.png texts.tar
	ok 'an image and its map are in one row' test "$(field row texts.list.tsv) $(field column texts.list.tsv)" = '1
1
2 1
3
1'
else
	skip 'montage_peer.py' 'no Pillow for $PYTHON3'
fi

# --- Random images --------------------------------------------------------------
mc-montage $small --show random --predictions one.tsv --list a.tsv -o a.png images.tar
mc-montage $small --show random --predictions predictions.tsv --only arm=m1 \
    --list b.tsv -o b.png images.tar
field id a.tsv >wanted
field id b.tsv >got
ok 'two arms show the same random images' cmp wanted got
mc-montage $small --list c.tsv -o c.png images.tar
field id c.tsv >got
ok 'and so does the tar alone' cmp wanted got
paste -d ' ' - - - - - - - - - - - - - - - - <<END >got
$(field place c.tsv)
END
is_file got 'each label counts its own' <<'END'
1 2 3 4 5 6 7 8 1 2 3 4 5 6 7 8
END
mc-montage $small --seed 2 --list d.tsv -o d.png images.tar
field id d.tsv >got
ok 'another seed, other images' test -n "$(diff wanted got)"
mc-montage $small --seed 0 --list d.tsv -o d.png images.tar
field id d.tsv >got
ok 'also 0' test -n "$(diff wanted got)"
{ head -n 1 manifest.tsv; tail -n +2 manifest.tsv | sort -r; } >reversed.tsv
mc-pack -o reversed.tar reversed.tsv 2>/dev/null
mc-montage $small -o e.png reversed.tar
ok 'another order in the tar, the same bytes' cmp c.png e.png
mc-montage $small --only split=val --count 1000 --list l.tsv -o f.png images.tar
field id l.tsv | sort >got
awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	$c["split"] == "val" { print $c["id"] }' manifest.tsv | sort >wanted
ok '--only split=val' cmp wanted got
mc-pack --shards 7 -o set-%02d.tar manifest.tsv 2>/dev/null
mc-montage $small -o g.png set-*.tar
ok 'shards, the same bytes' cmp c.png g.png

# Names and ids that differ in their middle, or late, are told apart.
told_apart() { # told_apart WHAT A B: the same image, whose id or label is A or B
	for name in "$2" "$3"; do
		[ "$1" = id ] && row="$name\tsick" || row="x\t$name"
		printf 'id\tlabel\tpath\n'"$row"'\t%s\n' "$(sed -n 2p manifest.tsv |
		    cut -f 2)" >apart.tsv
		mc-pack -q -o apart.tar apart.tsv
		mc-montage -q --tile 120 --dpi 100 --count 1 -o "apart$((n = n + 1)).png" apart.tar
	done
	ok "$1s that differ late are told apart: $2" test "$(cat apart?.png | wc -c)" -gt 0 -a \
	    -n "$(cmp apart1.png apart2.png)"
	n=0
}
n=0
told_apart id hospital/department/p0001/examination/img_0001.png \
    hospital/department/p0002/examination/img_0001.png
told_apart label 'benign keratosis-like lesion (solar lentigo)' \
    'benign keratosis-like lesion (seborrheic keratosis)'
told_apart label 'ακτινική κεράτωση / ενδοεπιθηλιακό καρκίνωμα α' \
    'ακτινική κεράτωση / ενδοεπιθηλιακό καρκίνωμα β'
told_apart label 'קרטוזיס אקטינית / קרצינומה תוך-אפיתליאלית שלום' \
    'קרטוזיס אקטינית / קרצינומה תוך-אפיתליאלית עולם'

# Controls of direction in a name change nothing around it, and are blanks.
printf 'id\tlabel\tpath\n' >turned.tsv
for i in 1 2 3; do
	printf 'x%d\tab\342\200\256c\t%s\n' $i "$(sed -n "$((i + 1))p" manifest.tsv |
	    cut -f 2)"
done >>turned.tsv
sed "$(printf 's/\342\200\256/ /')" turned.tsv >blank.tsv
for name in turned blank; do
	mc-pack -q -o $name.tar $name.tsv
	mc-montage $small -o $name.png $name.tar
done
ok 'an override of direction is a blank' cmp turned.png blank.png

# --- Look-alikes, augmentation -----------------------------------------------------
printf 'distance\tid_a\tid_b\tsplit_a\tsplit_b\tlabel_a\tlabel_b\n' >pairs.tsv
awk -F '\t' -v OFS='\t' 'NR > 1 { id[++n] = $1 }
	END { for (i = 1; i < 5; i++)
		print int(i / 3), id[i], id[n - i], "train", "test", "a",
		    i == 2 ? "b" : "a" }' manifest.tsv >>pairs.tsv
run mc-montage $small --near-pairs pairs.tsv --count 3 --list l.tsv -o n.png images.tar
is_err 'labels that are not those of the pairs' <<'END'
mc-montage: images.tar: 6 of the images shown have another label than in pairs.tsv, such as "NORMAL/patient001_01"
END
awk -F '\t' 'NR > 1 && NR < 5 { print $2; print $3 }' pairs.tsv >wanted
field id l.tsv >got
ok 'the images of pairs, in their order' cmp wanted got
paste -d ' ' - - - - - - <<END >got
$(field place l.tsv)
END
is_file got 'two of each pair' <<'END'
1 1 2 2 3 3
END
field column l.tsv | paste -d ' ' - - - - - - >got
is_file got 'side by side, and another distance in another row' <<'END'
1 2 3 4 1 2
END
head -n 3 pairs.tsv >two.tsv
awk -F '\t' -v OFS='\t' 'NR == 3 { $1 = 1 } { print }' two.tsv >each.tsv
strip() { # the heading of the first pair of TABLE
	mc-montage -q --tile 64 --dpi 100 --font-size 4 --near-pairs "$1" --count 2 --list l.tsv -o n.png images.tar
	"$PYTHON3" -c 'import csv, sys
from PIL import Image
r = next(csv.DictReader(open("l.tsv"), delimiter="\t"))
sys.stdout.buffer.write(Image.open("n.png").crop((0, int(r["y"]) - 16, 300, int(r["y"]) - 4)).tobytes())'
}
if "$PYTHON3" -c 'import PIL' 2>/dev/null; then
	strip pairs.tsv >wanted
	strip two.tsv >got
	ok 'a heading counts all pairs of its distance' cmp wanted got
	strip each.tsv >got
	ok 'and no others' sh -c '! cmp -s wanted got'
	"$PYTHON3" - >got 2>&1 <<'END'
import csv
import subprocess

from PIL import Image

small = "mc-montage -q --tile 64 --dpi 100 --font-size 4 --list l.tsv -o n.png".split()


def sheet(*options):
    subprocess.run(small + list(options) + ["images.tar"], check=True)
    with open("l.tsv") as f:
        rows = list(csv.DictReader(f, delimiter="\t"))
    return rows, Image.open("n.png").convert("RGB")


rows, page = sheet("--near-pairs", "pairs.tsv")
print("frames", [page.getpixel((int(r["x"]) - 1, int(r["y"]))) == (213, 94, 0)
                 for r in rows])

header, *lines = [line.split("\t") for line in open("one.tsv").read().split("\n")[:-1]]
group = header.index("group")
with open("alone.tsv", "w") as f:
    for line in [header] + lines:
        f.write("\t".join(line[:group] + line[group + 1:]) + "\n")
high = [sheet("--predictions", t, "--count", "4")[1].height
        for t in ("one.tsv", "alone.tsv")]
print("a line for the group", high[0] > high[1])


def probability(p):
    with open("p.tsv", "w") as f:
        f.write("task\tarm\tid\tlabel\tpredicted\tp:NORMAL\tp:other\n"
                "t\ta\t%s\tNORMAL\t\t%s\t%s\n" %
                (lines[0][header.index("id")], p, repr(1 - float(p))))
    page = sheet("--predictions", "p.tsv", "--show", "random", "--count", "1",
                 "--threshold", "low.tsv")[1]
    return page.tobytes()


with open("low.tsv", "w") as f:
    f.write("task\tarm\tsplit\tclass\tthreshold\nt\ta\tval\tNORMAL\t0\n")
print("low", probability("0.0001") == probability("0.0004"),
      probability("0") != probability("0.0001"),
      probability("0.0006") != probability("0.0004"))
print("high", probability("0.9995") == probability("0.9999"),
      probability("1") != probability("0.9999"),
      probability("0.9994") != probability("0.9995"))

# A threshold of two classes makes no "not".
two = [line for line in lines if line[header.index("label")] != "other"]
with open("two.tsv", "w") as f:
    f.write("task\tarm\tid\tlabel\tpredicted\tp:NORMAL\tp:OPACITY\n")
    for k, line in enumerate(two):
        p = (k * 37 % 41) / 41
        f.write("t\ta\t%s\t%s\t%s\t%r\t%r\n" % (
            line[header.index("id")], line[header.index("label")],
            "OPACITY" if p < 0.5 else "NORMAL", p, 1 - p))
with open("half.tsv", "w") as f:
    f.write("task\tarm\tsplit\tclass\tthreshold\nt\ta\tval\tOPACITY\t0.5\n")
tiles = []
for more in ([], ["--threshold", "half.tsv"]):
    rows, page = sheet("--predictions", "two.tsv", "--count", "4", *more)
    x, y = (int(rows[0][k]) for k in ("x", "y"))
    tiles.append(page.crop((x, y, page.width, y + 100)).tobytes())
print("two classes", tiles[0] == tiles[1])
END
	is_file got 'words and frames' <<'END'
frames [False, False, True, True, False, False, False, False]
a line for the group True
low True True True
high True True True
two classes True
END
fi
run mc-montage --near-pairs one.tsv images.tar
fails 1 'mc-montage: one.tsv:1: no column "distance", "id_a", "id_b"; columns are: task, arm, train_seed, split, id, group, label, predicted, p:NORMAL, p:OPACITY, p:other' \
    'pairs that are none'
if built mc-train; then
	mc-train --backbone resnet18 --weights random --regime finetune \
	    --resize 48 --crop 42 --epochs 1 --threads 1 --augment flip,rotate:9 \
	    --augment-preview preview.tar -q -o m.tar images.tar 2>/dev/null
	mc-montage --tile 42 --dpi 72 --font-size 4 --show augmented --list l.tsv -o a.png preview.tar
	field epoch l.tsv | paste -d ' ' - - - - - - | sort -u >got
	is_file got 'the versions of a training image in a row' <<'END'
0 1 2 3 4 5
END
	field row l.tsv | uniq -c | awk '{ print $1 }' | paste -s -d ' ' - >got
	is_file got 'six images' <<'END'
6 6 6 6 6 6
END
	run mc-montage --show augmented --count 2 preview.tar
	is_rc 0 'two of them'
fi

# --- Pages ----------------------------------------------------------------------
run mc-montage --predictions predictions.tsv --show borderline --per-class 9 \
    --list l.tsv -o page-%d.png images.tar
is_rc 0 'a sheet of each arm'
ok 'without a message' test ! -s err
field arm l.tsv | sort | uniq -c | awk '{ print $1, $2 }' >got
is_file got 'in the list also' <<'END'
18 m0
18 m1
END
field sheet l.tsv | sort -u | paste -s -d ' ' - >got
is_file got 'of two pages each' <<'END'
1 2 3 4
END
ok 'that are files' test "$(ls page-*.png | paste -s -d ' ' -)" = \
    'page-1.png page-2.png page-3.png page-4.png'
ln -s /dev/full full
run mc-montage $small --predictions predictions.tsv --list full -o full-%d.png \
    images.tar
fails 1 'mc-montage: full: cannot write: No space left on device' \
    'a list that cannot be written'
ok 'leaves no sheet' test -z "$(ls full-* 2>/dev/null)"
run mc-montage $small --predictions predictions.tsv -o none/%d.png images.tar
fails 1 'mc-montage: none/1.png: No such file or directory' 'no such folder'
run mc-montage --predictions one.tsv --count 2 -o page-%d.png images.tar
is_err 'sheets of an earlier run are named' <<'END'
mc-montage: page-2.png: from an earlier run with more sheets: remove it, and those after it
END
run mc-montage $small --columns 1 --predictions one.tsv --show random --count 30 \
    -o high.png images.tar
ok 'a sheet that is too high for a page' grep -q \
    '^mc-montage: the sheet is [0-9]* mm high, and a page has room for 240 mm: --count [0-9]* fits$' \
    err
fits=$(sed -n 's/.*--count \([0-9]*\) fits$/\1/p' err)
run mc-montage $small --columns 1 --predictions one.tsv --show random --count "$fits" \
    -o high.png images.tar
ok 'so many images fit' test ! -s err -a "$fits" -gt 1
run mc-montage $small --columns 1 --predictions one.tsv --show random \
    --count "$((fits + 1))" -o high.png images.tar
ok 'and one more does not' test -s err

# Without a number there are as many as a page has room for, however many labels.
awk 'BEGIN { OFS = "\t" } FNR == 1 && NR == 1 { print "id", "label", "path"; next }
	FNR > 1 { for (k = 0; k < 12; k++) print FNR "/" k, "label number " k % labels, $2 }' \
    labels=9 manifest.tsv >nine.manifest
awk -F '\t' -v OFS='\t' 'NR == 1 { print "task", "arm", "train_seed", "split", "id", "label",
		"predicted", "p:label number 0", "p:label number 1", "p:label number 2",
		"p:label number 3", "p:label number 4", "p:label number 5",
		"p:label number 6", "p:label number 7", "p:label number 8"; next }
	{ label = substr($2, 14); print "x", "a", 1, "test", $1, $2, "", (label != 0) * 0.9,
		(label == 0) * 0.9, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.04 }' \
    nine.manifest >nine.tsv
for labels in 1 2 4 9; do
	awk -F '\t' -v labels=$labels 'NR == 1 || substr($2, 14) < labels' \
	    nine.manifest >some.manifest
	awk -F '\t' -v labels=$labels 'NR == 1 || substr($6, 14) < labels' nine.tsv >some.tsv
	mc-pack -q -o some.tar some.manifest
	run mc-montage --dpi 100 --predictions some.tsv --list l.tsv -o some.png some.tar
	is_rc 0 "$labels labels have a sheet"
	ok 'without a message: it fits a page' test ! -s err
	shown=$(field label l.tsv | sort | uniq -c | awk '{ print $1 }' | sort -u)
	ok "of $shown images of each label" test \
	    "$(field label l.tsv | sort -u | wc -l) $((shown <= 8))" = "$labels 1"
	columns=$(field column l.tsv | sort -n | tail -n 1)
	[ "$labels" -gt 1 ] || { ok 'of few, 8, and as large as can be' test "$shown $columns" = '8 4'; continue; }
	run mc-montage --dpi 100 --predictions some.tsv --per-class $((shown + 1)) \
	    --columns "$columns" -o some.png some.tar
	ok 'one more has no room, or is the ninth' sh -c \
	    "test $shown = 8 || grep -q 'per-class $shown fits\$' err"
done
run mc-montage --dpi 100 --show random --list l.tsv -o some.png some.tar
ok 'nor is one of random images too high' test ! -s err -a \
    "$(field label l.tsv | sort -u | wc -l)" = 9
run mc-montage --dpi 100 --width 300 --columns 1 --predictions some.tsv -o some.png some.tar
ok 'where not even one of each fits, that is said' grep -q \
    '^mc-montage: the sheet is [0-9]* mm high, and a page has room for 240 mm: show fewer images (--count) or smaller ones (more --columns)$' err
run mc-montage --dpi 100 --width 300 --columns 1 --per-class 1 --predictions some.tsv -o some.png some.tar
ok 'nor are fewer proposed' grep -q ' mm: show smaller images (more --columns)$' err
awk -F '\t' -v OFS='\t' 'NR > 1 { $2 = $1 } NR < 62' nine.manifest >many.manifest
mc-pack -q -o many.tar many.manifest
run mc-montage -q --dpi 100 --list l.tsv -o some.png many.tar
ok 'and the sheet is as low as can be' test "$(field column l.tsv | sort -n | tail -n 1) $(
    field id l.tsv | wc -l)" = '6 60'
run mc-montage --dpi 100 --width 80 --list l.tsv -o some.png images.tar
ok 'a narrow sheet has images, and a warning' test "$(field width l.tsv | sort -n | tail -n 1)" -gt 9 -a \
    "$(grep -c 'so most texts' err)" -eq 1
# Of the images that were read, only those that are shown are warned of.
awk -F '\t' -v OFS='\t' '{ print $0, NR == 1 ? "sha256" : 0 }
	' some.tsv | sed '2,$s/\tlabel number \([0-9]\)\t/\tlabel number 1\1\t/
	1s/p:label number /p:label number 1/g' >off.tsv
awk -F '\t' -v OFS='\t' 'FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR == FNR { digest[$c["path"]] = $c["sha256"]; next }
	{ print $0, digest[$c["path"]] }' manifest.tsv some.manifest | sed '1s/path.*/path\tsha256/' |
	mc-pack -q -o off.tar
run mc-montage --dpi 100 --predictions off.tsv --list l.tsv -o some.png off.tar
n=$(field id l.tsv | wc -l)
ok 'only images that are shown are warned of' test "$n" -lt 72 -a \
    "$(grep -c "^mc-montage: off.tar: $n of the images shown have another" err)" -eq 2
# Two arms, of which the first needs more room.
awk -F '\t' -v OFS='\t' 'NR == 1 { print; next } { print; $2 = "b" }
	substr($6, 14) == 0 { print }' some.tsv >arms.tsv
run mc-montage --dpi 100 --predictions arms.tsv --list l.tsv -o arms-%d.png some.tar
ok 'each arm has one page, also where the last has fewest labels' test \
    "$(field arm l.tsv | sort -u | wc -l) $(ls arms-*.png | wc -l)" = '2 2'
awk -F '\t' -v OFS='\t' 'NR == 1 { print "distance", "id_a", "id_b", "split_a", "split_b", "label_a",
		"label_b"; next }
	NR < 40 { print NR, $1, NR "/5", "train", "test", "", "" }' nine.manifest >far.tsv
run mc-montage --dpi 100 --near-pairs far.tsv --list l.tsv -o some.png some.tar
ok 'nor are pairs' test ! -s err -a "$(wc -l <l.tsv)" -gt 9
for name in x%d%d.png x%d%03d.png x%5d.png; do
	run mc-montage $small --predictions one.tsv -o $name images.tar
	fails 2 "mc-montage: --output: \"$name\": give one place for the number of a page, %d or %0Nd" \
	    "no one place for a number: $name"
	ok "which leaves no file: $name" test ! -e $name
done
run mc-montage $small --predictions one.tsv -o x%s.png images.tar
ok 'another % is one of a name' test -s x%s.png
cp images.tar page-1.png
run mc-montage $small --predictions one.tsv -o page-%d.png page-1.png
fails 2 'mc-montage: page-1.png: is another file of this command, which a sheet would replace: use another name' \
    'a page is not an input'
ok 'which is as it was' cmp images.tar page-1.png

# --- Bad input --------------------------------------------------------------------
run mc-montage --predictions predictions.tsv images.tar
fails 2 'mc-montage: the predictions have 2 runs, which differ in arm: choose one with --only arm=VALUE, or give -o a name with %d, such as sheet-%d.png, for a sheet of each' \
    'two runs'
run mc-montage $small --predictions one.tsv --folds pool images.tar
is_err 'no folds to pool' <<'END'
mc-montage: --folds pool: no row has a fold, so nothing is pooled
END
ok 'and the sheet does not say that they were' cmp out mistakes.png
run mc-montage --predictions predictions.tsv --only arm=m7 images.tar
fails 1 'mc-montage: predictions.tsv: --only arm=m7: no run has this value; column "arm" has "m0", "m1"' \
    'no run'
{ cat one.tsv; sed -n 's/\tm1\t1\t/\tm1\t2\t/p' predictions.tsv; } >seeds.tsv
run mc-montage --predictions seeds.tsv --only arm=m1 --only train_seed=1 images.tar
fails 1 'mc-montage: seeds.tsv: each value of --only is there, but no run has all 2 of them' \
    'no run with both'
awk -F '\t' 'NR == 1 || $2 == "m1"' predictions.tsv >two.tsv
run mc-montage --predictions one.tsv --predictions two.tsv --only fold=2 images.tar
fails 1 'mc-montage: one.tsv, two.tsv: --only fold=2: no run has this value; column "fold" has ""' \
    'no run of two files'
run mc-montage --predictions one.tsv --only arm=m0 --only arm=m0 images.tar
fails 2 'mc-montage: --only: column "arm" is given twice, and a row has one value' \
    'a column twice'
run mc-montage --predictions one.tsv --folds pool --only fold=1 images.tar
fails 2 'mc-montage: --only fold chooses a fold, and --folds pool takes all of them: give one' \
    'a fold of pooled ones'
run mc-montage --predictions predictions.tsv --only label=x images.tar
fails 2 'mc-montage: --only: "label" is not a column that tells runs apart, as arm, train_seed, fold and split are' \
    '--only with another column'
run mc-montage --only arm images.tar
fails 2 'mc-montage: --only: "arm" is not COLUMN=VALUE' '--only without a value'
run mc-montage --only split=x images.tar
fails 1 'mc-montage: images.tar: --only split=x: no image has this value; column "split" has "test", "train", "val"' \
    'no image'
run mc-montage --only id=x images.tar
ok 'of many values the first are named' grep -q \
    'column "id" has \("[^"]*", \)\{9\}"[^"]*" and others$' err
run mc-montage --only site=x images.tar
fails 1 'mc-montage: images.tar: has no column "site", which --only names' 'no column'
run mc-montage --show mistakes images.tar
fails 2 'mc-montage: --show mistakes needs --predictions' 'no predictions'
run mc-montage --show near images.tar
fails 2 'mc-montage: --show near needs --near-pairs' 'no pairs'
run mc-montage --near-pairs pairs.tsv --per-class 2 images.tar
fails 2 'mc-montage: --per-class is not for --show near: give --count' \
    'classes of pairs'
run mc-montage --near-pairs pairs.tsv --columns 3 images.tar
fails 2 'mc-montage: --columns: the images of a pair stand side by side: give an even number' \
    'pairs in three columns'
# The name of a group is worth more than the word for it.
for unit in group examination 'films of a child in this hospital' \
    'eyes of a patient on both occasions'; do
	mc-montage --predictions one.tsv --count 2 --unit-name "$unit" \
	    -o "unit-$unit.png" images.tar
done 2>err
ok 'a line that is too wide loses the word for a group, whatever it is' \
    cmp 'unit-films of a child in this hospital.png' \
    'unit-eyes of a patient on both occasions.png'
ok 'and only then' sh -c 'test -s unit-group.png && ! cmp -s unit-group.png unit-examination.png'
rm unit-*.png
run mc-montage --show augmented --unit-name patient images.tar
fails 2 'mc-montage: --unit-name is not for --show augmented' 'a name of no group'
run mc-montage $small --near-pairs pairs.tsv --count 1 --unit-name patient -o x.png images.tar
ok 'or where no image has one' grep -qx 'mc-montage: --unit-name: no image shown has a group' err
rm x.png
for name in 'Patient 0' 0; do
	awk -F '\t' -v OFS='\t' -v name="$name" 'NR > 1 { $6 = name $6 } 1' one.tsv >named.tsv
	run mc-montage $small --predictions named.tsv --unit-name Patient -o "named$name.png" images.tar
done
ok 'a group that says what it is gets no second word for it' cmp 'namedPatient 0.png' named0.png
rm named*.png
run mc-montage --show augmented images.tar
fails 1 'mc-montage: images.tar: has no columns image and epoch: give the tar that mc-train --augment-preview writes' \
    'no preview'
run mc-montage --columns 60 images.tar
ok 'too many columns' grep -qx 'mc-montage: an image would have [-0-9]* pixels, too few for the text below it: give fewer --columns, a larger --width, or a smaller --font-size (see mc-montage --help)' err
run mc-montage --tile 16 images.tar
fails 2 'mc-montage: an image would have 16 pixels, too few for the text below it: give a larger --tile, a smaller --dpi, or a smaller --font-size' \
    'images smaller than their text'
run mc-montage --tile 200 --count 2 -o x.png images.tar
is_err 'a text that is mostly folded' <<'END'
mc-montage: an image has 200 pixels, so most texts below it take several lines: a smaller --dpi or a smaller --font-size leaves more room
END
rm x.png
run mc-montage --tile 4096 --count 43 images.tar
fails 2 'mc-montage: 43 images of 4096 pixels would be shown, which may need more than 2 GiB of memory: show fewer, or smaller ones' \
    'more than memory'
run mc-montage --tile 4096 --count 43 --max-pixels 1 images.tar
ok 'before an image is decoded' grep -q '^mc-montage: 43 images of 4096 pixels would be shown' err
run mc-montage --tile 4096 --count 22 --predictions one.tsv --show random --maps none.tar images.tar
fails 2 'mc-montage: 22 images of 4096 pixels would be shown with their maps, which may need more than 2 GiB of memory: show fewer, or smaller ones' \
    'maps need memory also'
run mc-montage --tile 4096 --count 21 --predictions one.tsv --show random --maps none.tar --max-pixels 1 images.tar
ok '42 pictures do not need more' grep -q 'images.tar: .*: .*pixels' err
run mc-montage --seed 2 --show borderline --predictions one.tsv images.tar
fails 2 'mc-montage: --seed is for --show random' 'a seed without chance'
run mc-montage --threshold x images.tar
fails 2 'mc-montage: --threshold needs --predictions' 'a threshold of nothing'
awk -F '\t' -v OFS='\t' '{ NF = 7; print }' one.tsv |
    awk -F '\t' -v OFS='\t' '{ print $0, NR == 1 ? "predicted" : $7 }' >hard.tsv
run mc-montage --predictions hard.tsv images.tar
fails 1 'mc-montage: hard.tsv: has no p: columns, so no prediction is more confident than another: only random images can be shown' \
    'hard labels'
run mc-montage $small --show random --predictions hard.tsv images.tar
is_rc 0 'whose random images can be shown'
awk -F '\t' -v OFS='\t' 'NR == 1 { print; next }
	{ $8 = ""; $9 = ($7 == "NORMAL"); $10 = 1 - $9; $11 = 0; print }' one.tsv >right.tsv
run mc-montage --predictions right.tsv --list l.tsv -o right.png images.tar
is_rc 0 'no mistake is no error'
is_err 'but said' <<'END'
mc-montage: arm "m0", train_seed "1", fold "", split "test": no prediction is wrong, so the sheet has no images
END
ok 'the sheet says so' test -s right.png
ok 'and the list has no rows' test "$(wc -l <l.tsv)" -eq 1
sed 's/NORMAL\/patient/NORMAL\/none/' one.tsv >other.tsv
run mc-montage --predictions other.tsv --show random --list l.tsv -o x.png images.tar
ok 'images that are not there' grep -q '^mc-montage: images.tar: lacks 8 of the 16 images to be shown, such as "NORMAL/none.*" of other.tsv: give the images from which the table was made$' err
ok 'leave nothing' test ! -e x.png
sed "s/${tab}NORMAL$tab/${tab}OPACITY$tab/" one.tsv >swapped.tsv
run mc-montage $small --predictions swapped.tsv --show random images.tar
ok 'labels that are not the tar'\''s are said' grep -qx 'mc-montage: images.tar: [0-9]* of the images shown have another label than in swapped.tsv, such as "[^"]*"' err
awk -F'\t' -v OFS='\t' 'FNR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR == FNR { digest[$c["id"]] = $c["sha256"]; next }
	{ print $0, digest[$c["id"]] }' manifest.tsv one.tsv >same.tsv
run mc-montage $small --predictions same.tsv --show random images.tar
ok 'the images that were predicted' sh -c '! grep -q sha256 err'
mc-pack -q --resize 32 -o small.tar manifest.tsv
run mc-montage $small --predictions same.tsv --show random small.tar
ok 'also where they were packed in another size' sh -c '! grep -q sha256 err'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	{ print $c["id"], $c["path"] }' manifest.tsv | mc-pack -q -o unlabelled.tar
run mc-montage $small --predictions one.tsv --show random unlabelled.tar
ok 'images without labels have no other ones' test ! -s err
sed "2,\$s/$tab[0-9a-f]*$/${tab}0/" same.tsv >others.tsv
run mc-montage $small --predictions others.tsv --show random images.tar
ok 'others are said' grep -q '^mc-montage: images.tar: [0-9]* of the images shown have another sha256 than in others.tsv, such as' err
# --- Names in print -------------------------------------------------------------
# The names of a table are those of a sheet whose own names they are.
printf 'key\tname\nm0\tArm B\nchest\tChest\nOPACITY\tPneumonia\nNORMAL\tHealthy\n' >names.tsv
sed 's/OPACITY\t/Pneumonia\t/; s/NORMAL\t/Healthy\t/; s/p:OPACITY/p:Pneumonia/; s/p:NORMAL/p:Healthy/
	s/^chest\tm0\t/Chest\tArm B\t/' one.tsv >renamed.tsv
sed 's/OPACITY\t/Pneumonia\t/; s/NORMAL\t/Healthy\t/' manifest.tsv >renamed.manifest
mc-pack -q -o renamed.tar renamed.manifest
for show in mistakes random; do
	run mc-montage $small --show $show --names names.tsv --predictions one.tsv \
	    --list l.tsv -o named.png images.tar
	is_rc 0 "$show: names"
	ok 'all are used' test ! -s err
	mc-montage $small --show $show --predictions renamed.tsv -o wanted.png renamed.tar
	ok "$show: the names of print" cmp named.png wanted.png
	ok 'the list has those of tables' test "$(field label l.tsv | sort -u |
	    paste -s -d ' ' -)" = 'NORMAL OPACITY'
done
printf 'id\tpath\tlabel\n' >joined.tsv
for label in 'a|b?' b 'a|b' 'b|a?'; do
	printf '%s\t%s\t%s\n' "$label" "$(sed -n 2p manifest.tsv | cut -f 2)" "$label"
done >>joined.tsv
printf 'key\tname\na\tMass\nb\tNodule\na|b\tboth\n' >names.tsv
sed '2,$s/\ta|b$/\tboth/; 2,$s/\ta|b?$/\tMass|Nodule?/; 2,$s/\tb$/\tNodule/
	2,$s/\tb|a?$/\tNodule|Mass?/' joined.tsv >wanted.tsv
mc-pack -q -o joined.tar joined.tsv
mc-pack -q -o wanted.tar wanted.tsv
mc-montage $small --count 4 --names names.tsv -o named.png joined.tar
mc-montage $small --count 4 -o wanted.png wanted.tar
ok 'findings have names of their own' cmp named.png wanted.png
printf 'key\tname\nOPACITY\tsame\nNORMAL\tsame\n' >names.tsv
run mc-montage --names names.tsv --predictions one.tsv -o x.png images.tar
fails 1 'mc-montage: column "label": "NORMAL" and "OPACITY" would both be printed as "same": --names can give one of them another name' \
    'two classes that look alike'
run mc-montage --names names.tsv -o x.png images.tar
ok 'and two labels' test "$rc" -eq 1 -a ! -e x.png
printf 'key\tname\nNORMAL\tHealthy\nnobody\tx\n' >names.tsv
run mc-montage $small --names names.tsv -o x.png images.tar
is_err 'a name of nothing' <<'END'
mc-montage: --names: "nobody" is in no table
END
rm x.png
run mc-montage --names - images.tar
fails 2 'mc-montage: --names: give a file: standard input is for images and tables' \
    'names on standard input'

cat >nofonts.conf <<'END'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig></fontconfig>
END
run env FONTCONFIG_FILE="$PWD/nofonts.conf" mc-montage images.tar
fails 1 'mc-montage: no font with Latin letters is installed, so nothing could be written below the images: install one (Debian: fonts-dejavu-core)' \
    'no font'
run mc-montage $small --font Nofont -o x.png images.tar
ok 'a font that is not installed' grep -q '^mc-montage: --font Nofont is not installed: .* is used$' err
head -c 3000 images.tar >cut.tar
run mc-montage -o cut.png cut.tar
ok 'a tar that was cut' test "$rc" -eq 1 -a ! -e cut.png

# --- The page ---------------------------------------------------------------------
awk -F '\t' 'NR == 1 || $2 == "m0"' predictions.tsv >p
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-montage.1" >examples.sh
cp one.tsv predictions.tsv
ok 'the examples of the page run' sh -e examples.sh
ok 'and are three' test "$(wc -l <examples.sh)" -eq 3

done_testing
