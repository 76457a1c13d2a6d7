#!/bin/sh
# mc-train and mc-predict on a features tar: the same as on its images, which
# rows, and what is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 24 || { echo 'Bail out! no images'; exit 99; }
mc-split -q --folds 3 --keep test manifest.tsv >folds.tsv
mc-pack -q -o images.tar folds.tsv
# Batches of the same images give the same bits.
grep -v '	test	' folds.tsv | mc-pack -q -o used.tar
grep -e '^id	' -e '	test	' folds.tsv | mc-pack -q -o test.tar
size='--resize 36 --crop 32'
net="--backbone resnet18 --weights random $size"
train='mc-train -q --regime frozen --lr 0.01 --epochs 4 --threads 1'
predict='mc-predict --threads 1'
column() { # column NAME <TSV
	awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }'
}
for set in images used test; do
	mc-embed --threads 1 $net -o $set.f.tar $set.tar
done

# --- The same as on the images --------------------------------------------------

$train $net --task t -o model.tar used.tar
run $train --task t -o f.model.tar used.f.tar
is_rc 0 'mc-train takes features'
ok 'without a word' test ! -s err
ok 'the model is that of the images, byte for byte' cmp model.tar f.model.tar
run $train $net --task t -o again.tar used.f.tar
ok 'options that are those of the features change nothing' cmp model.tar again.tar
run $train --task t -o again.tar - <used.f.tar
ok 'a pipe serves as well' cmp model.tar again.tar
$predict -q --model model.tar -o predictions.tsv test.tar
run $predict --model model.tar test.f.tar
is_rc 0 'mc-predict takes features'
ok 'without a word' test ! -s err
ok 'the predictions are those of the images, byte for byte' cmp out predictions.tsv
mc-embed --threads 1 --format tar $net test.tar | $predict --model model.tar >again.tsv
ok 'from mc-embed through a pipe too' cmp again.tsv predictions.tsv
vit='--backbone dinov2_vits14 --features cls+mean --weights random --init-seed 5 --resize 32 --crop 28 --filter bicubic'
for set in used test; do mc-embed --threads 1 $vit -o $set.vit.tar $set.tar; done
$train $vit --head mlp:4 --seed 3 -o vit.tar used.tar
$train --head mlp:4 --seed 3 -o f.vit.tar used.vit.tar
ok 'another network, its features, its seed, its preprocessing' cmp vit.tar f.vit.tar
$predict --model vit.tar -o vit.tsv test.tar
$predict --model vit.tar -o f.vit.tsv test.vit.tar
ok 'and its predictions' cmp vit.tsv f.vit.tsv

# Two arms of one tar, each with its own preprocessing, which the model records.
own='--resize 40 --filter bicubic --mean 0.5,0.4,0.3 --std 0.25,0.5,1'
for set in used test; do mc-embed --threads 1 $net $own -o $set.own.tar $set.tar; done
$train $net $own --task t --arm own -o own.tar used.tar
run $train --task t --arm own -o f.own.tar used.own.tar
ok 'a filter, a mean and a deviation of its own' cmp own.tar f.own.tar
ok 'the model records them' test "$(key own.tar preprocess)" = \
    'resize=40 crop=32 filter=bicubic mean=0.5,0.4,0.3 std=0.25,0.5,1'
run $predict -q --model own.tar -o own.tsv test.tar
$predict --model f.own.tar -o f.own.tsv test.own.tar
ok 'mc-predict follows the model' cmp own.tsv f.own.tsv
ok 'so two arms of one tar may differ in it' \
    mc-compare -q --replicates 500 -o differences.tsv own.tsv predictions.tsv
ok 'and they do' sh -c '! cmp -s own.tsv predictions.tsv'

# Of all rows, what is recorded is the same; the rest agrees but for rounding.
$train $net --select last -o all.tar images.tar
run $train --select last -o f.all.tar images.f.tar
tar -xOf all.tar __model__ >about
tar -xOf f.all.tar __model__ >f.about
ok 'rows that are left are counted as of the images' cmp about f.about
ok 'and images.tsv is the same' test "$(tar -xOf all.tar images.tsv | sha256sum)" = \
    "$(tar -xOf f.all.tar images.tsv | sha256sum)"
cat >close.py <<'EOT'
"""close.py A B: two predictions tables are the same but for rounding."""
import csv
import sys

a, b = (list(csv.DictReader(open(f), delimiter="\t")) for f in sys.argv[1:])
assert len(a) == len(b) > 0
for x, y in zip(a, b):
    assert x.keys() == y.keys()
    for k in x:
        assert abs(float(x[k]) - float(y[k])) < 1e-5 if k[:2] == "p:" else x[k] == y[k]
EOT
$predict --model all.tar -o all.tsv images.tar
$predict --model f.all.tar -o f.all.tsv images.f.tar
if have_python 'predictions by features'; then
	ok 'the predictions agree to 1e-5' "$PYTHON3" close.py all.tsv f.all.tsv
	$predict --model f.all.tar -o images.tsv images.tar
	ok 'also of the images themselves' "$PYTHON3" close.py images.tsv f.all.tsv
fi

# --- Which rows -----------------------------------------------------------------

$train $net --fold 2 -o fold.tar images.tar
$train --fold 2 -o f.fold.tar images.f.tar
$predict --model fold.tar --fold 2 -o fold.tsv images.tar
$predict --model f.fold.tar --fold 2 -o f.fold.tsv images.f.tar
if have_python 'a fold'; then
	ok 'a fold' "$PYTHON3" close.py fold.tsv f.fold.tsv
fi
ok 'all of it' test "$(column fold <f.fold.tsv | uniq -c | xargs)" = \
    "$(column fold <folds.tsv | grep -c 2) 2"
run $predict --model f.fold.tar --fold 1 images.f.tar
fails 2 'mc-predict: --fold 1: the model was trained on all folds but 2' 'another fold'
seen=$(column split <folds.tsv | grep -cv test)
first=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $c["split"] != "test" { print $c["id"]; exit }' folds.tsv)
run $predict --model f.all.tar --split all images.f.tar
fails 1 "mc-predict: images.f.tar: the model was trained or selected on $seen of the images asked for, first on id \"$first\": --skip-seen leaves them out; --split train and --split val predict them explicitly" \
    'what was trained on is refused'
run $predict --model f.all.tar --split all --skip-seen images.f.tar
ok 'or left out' test "$(column id <out | xargs)" = "$(column id <f.all.tsv | xargs)"
run $predict --model f.all.tar --split val images.f.tar
ok 'or asked for by name' test "$(column split <out | sort -u)" = val
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $c["split"] == "train" && !n++ { $c["id"] = "copy"; $c["split"] = "test" } 1' \
    folds.tsv | cut -f 1-5 | mc-pack -q -o copy.tar
mc-embed --threads 1 $net -o copy.f.tar copy.tar
run $predict --model f.all.tar copy.f.tar
fails 1 'mc-predict: copy.f.tar: the model was trained or selected on 1 of the images asked for, first on id "copy": --skip-seen leaves them out; --split train and --split val predict them explicitly' \
    'a copy is found by its bytes, without a column sha256'
mc-embed --threads 1 $net --split test -o part.tar images.tar
run $train -o none.tar part.tar
fails 1 'mc-train: part.tar: no image outside the test split to train on' 'features of another split'
run $predict --model all.tar part.tar
ok 'features of the split alone' test "$(column id <out | xargs)" = "$(column id <all.tsv | xargs)"

# --- Options that do not fit ------------------------------------------------------

refused() { # refused OPTION MESSAGE NAME
	run $train $1 -o none.tar used.f.tar
	fails 2 "mc-train: $2" "$3"
}
made='used.f.tar was made with'
refused '--backbone resnet50' "--backbone resnet50: $made resnet18" 'another backbone'
refused '--features logits' "--features logits: $made pooled" 'other features'
refused '--init-seed 2' "--init-seed 2: $made 1" 'another seed of the weights'
refused '--init-seed 0' "--init-seed 0: $made 1" 'the seed 0'
refused '--resize 40' "--resize 40: $made 36" 'another size'
refused '--crop 30' "--crop 30: $made 32" 'another crop'
refused '--filter bicubic' "--filter bicubic: $made bilinear" 'another filter'
statistics='0.485,0.456,0.406 0.229,0.224,0.225'
refused '--mean 0.5,0.5,0.5' "--mean 0.5,0.5,0.5: $made ${statistics% *}" 'another mean'
refused '--std 0.5,0.5,0.5' "--std 0.5,0.5,0.5: $made ${statistics#* }" 'another deviation'
run $train --mean 0.4850,4.56e-1,.406 --std .229,.224,.225 -o again.tar used.f.tar
is_rc 0 'the same numbers, spelled otherwise'
refused '--weights folds.tsv' "--weights folds.tsv: $made random" 'weights of a file'
run mc-train -q --regime finetune $net --threads 1 -o none.tar used.f.tar
fails 2 'mc-train: used.f.tar: has features, which cannot be fine-tuned: give the image tar' \
    'features cannot be fine-tuned'
run $train -o none.tar used.tar
fails 2 'mc-train: used.tar: has images: --backbone is needed' 'images need a backbone'
run mc-train -q --regime finetune -o none.tar used.tar
fails 2 'mc-train: --regime finetune needs --backbone and an image tar: features cannot be fine-tuned' \
    'and so does fine-tuning, for which features are no use'
ok 'nothing is written' test ! -e none.tar

# --- A model that does not fit ----------------------------------------------------

again='run mc-embed with what the model was trained with'
unfit() { # unfit KEY FOUND WANTED OPTION...
	key=$1 found=$2 wanted=$3
	shift 3
	mc-embed --threads 1 $net "$@" -o other.tar test.tar
	run $predict --model model.tar -o none.tsv other.tar
	fails 1 "mc-predict: other.tar: its $key is \"$found\", the model's \"$wanted\": $again" \
	    "$key of the features is not the model's"
}
unfit backbone densenet121 resnet18 --backbone densenet121
unfit features logits pooled --features logits
unfit init_seed 2 1 --init-seed 2
rest='filter=bilinear mean=0.485,0.456,0.406 std=0.229,0.224,0.225'
unfit preprocess "resize=38 crop=32 $rest" "resize=36 crop=32 $rest" --resize 38
unfit preprocess "resize=36 crop=32 filter=bilinear mean=0.5,0.4,0.3 std=0.25,0.5,1" \
    "resize=36 crop=32 $rest" --mean 0.5,0.4,0.3 --std 0.25,0.5,1
mc-train -q --regime finetune $net --threads 1 --epochs 1 -o tuned.tar used.tar
run $predict --model tuned.tar -o none.tsv test.f.tar
fails 2 "mc-predict: test.f.tar: has features, and the model's backbone was fine-tuned: give the image tar" \
    'a fine-tuned model needs images'
ok 'nothing is written' test ! -e none.tsv

# --- Weights of a file: known by their digest, not read again ---------------------

tar -xOf tuned.tar backbone.safetensors >net.safetensors
sha256=$(sha256sum <net.safetensors | cut -c 1-64)
for set in used test; do
	mc-embed --threads 1 --backbone resnet18 --weights net.safetensors $size -o $set.net.tar $set.tar
done
$train --backbone resnet18 --weights net.safetensors $size -o net.tar used.tar
$predict --model net.tar --weights net.safetensors -o net.tsv test.tar
run $train --weights net.safetensors -o f.net.tar used.net.tar
ok 'the file of the features may be given' cmp net.tar f.net.tar
run $train --weights images.tar -o none.tar used.net.tar
fails 2 "mc-train: --weights images.tar: its SHA-256 is $(sha256sum <images.tar | cut -c 1-64), and used.net.tar was made with $sha256" \
    'another file not'
run $train --weights random -o none.tar used.net.tar
fails 2 'mc-train: --weights random: used.net.tar was made with weights from a file' 'nor random weights'
run $predict --model net.tar --weights images.tar -o none.tsv test.net.tar
fails 2 "mc-predict: --weights images.tar: its SHA-256 is $(sha256sum <images.tar | cut -c 1-64), and test.net.tar was made with $sha256" \
    'and the same of mc-predict'
run $predict --model net.tar -o none.tsv test.f.tar
fails 1 "mc-predict: test.f.tar: its weights_sha256 is \"\", the model's \"$sha256\": $again" \
    'features of random weights'
mv net.safetensors elsewhere
run $train -o f.net.tar used.net.tar
ok 'a model is trained without them' cmp net.tar f.net.tar
run $predict --model net.tar test.net.tar
ok 'and predicts' cmp out net.tsv

# --- How features were computed ---------------------------------------------------

cat >edit.py <<'EOT'
"""edit.py IN OUT KEY=VALUE...: a features tar with other keys ("": without)."""
import hashlib
import io
import sys
import tarfile

source = tarfile.open(sys.argv[1])
members = {m.name: source.extractfile(m).read() for m in source}
keys = dict(line.split("\t") for line in members["__features__"].decode().splitlines()[1:])
keys.update(a.split("=", 1) for a in sys.argv[3:])
text = "".join(f"{k}\t{v}\n" for k, v in sorted(keys.items()) if v)
members["__features__"] = ("key\tvalue\n" + text).encode()
end = members.pop("__end__").decode().splitlines()[:-1]
digest = hashlib.sha256(b"".join(members.values())).hexdigest()
members["__end__"] = "\n".join(end + ["sha256\t" + digest, ""]).encode()
with tarfile.open(sys.argv[2], "w") as out:
    for name, content in members.items():
        member = tarfile.TarInfo(name)
        member.size = len(content)
        out.addfile(member, io.BytesIO(content))
EOT
edit() { # edit IN OUT KEY=VALUE...
	"$PYTHON3" edit.py "$@" 2>edit.err || fail "$*" edit.err
}
edit test.f.tar other.tar 'libraries=libtorch 9' device=cuda:0
run mc-predict --threads 1 --model model.tar other.tar
ok 'other libraries, another device: the same predictions' cmp out predictions.tsv
is_err 'with one warning' <<EOT
mc-predict: other.tar: the last digits may differ: its device: cuda:0, the model's: cpu; its libraries: libtorch 9, the model's: $(key model.tar libraries)
EOT
cat >twice.py <<'EOT'
"""twice.py IN OUT: a tar, of images or features, whose second row has the id of the first."""
import hashlib
import io
import sys
import tarfile

source = tarfile.open(sys.argv[1])
members = [[m.name, source.extractfile(m).read()] for m in source]
manifest = next(m for m in members if m[0] == "__manifest__")
header, first, second, rest = manifest[1].decode().split("\n", 3)
second = "\t".join(first.split("\t")[:1] + second.split("\t")[1:])
manifest[1] = "\n".join([header, first, second, rest]).encode()
if members[0] is manifest:
    members[2][0] = members[1][0]
digest = hashlib.sha256(b"".join(m[1] for m in members[:-1])).hexdigest()
end = members[-1][1].decode().splitlines()[:-1]
members[-1][1] = "\n".join(end + ["sha256\t" + digest, ""]).encode()
with tarfile.open(sys.argv[2], "w") as out:
    for name, content in members:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        out.addfile(member, io.BytesIO(content))
EOT
for set in test.f test; do
	ok "an id twice in $set.tar" "$PYTHON3" twice.py $set.tar twice.tar
	id=$(tar -xOf twice.tar __manifest__ | sed -n 2p | cut -f 1)
	run $predict --model model.tar -o none.tsv twice.tar
	fails 1 "mc-predict: twice.tar: the id \"$id\" was read before: each image needs an id of its own" \
	    'is refused'
done
zeros=$(printf %064d 0)
edit test.f.tar head.tar lc_weights_sha256=$zeros
run $predict --model model.tar -o none.tsv head.tar
fails 1 "mc-predict: head.tar: its lc_weights_sha256 is \"$zeros\", the model's \"\": $again" \
    'another file with the head of the features lc'
edit used.f.tar other.used.tar 'libraries=libtorch 9' device=cuda:0
$train --task t -o other.model.tar other.used.tar
ok 'the model has both' test "$(key other.model.tar features_libraries) $(key \
    other.model.tar features_device) $(key other.model.tar device)" = 'libtorch 9 cuda:0 cpu'
tar -xOf other.model.tar __model__ | grep -v '^features_' >about
tar -xOf model.tar __model__ | cmp - about
ok 'and is else the same' test "$(tar -xOf model.tar __model__ | sha256sum)" = "$(sha256sum <about)"
run mc-predict --threads 1 --model other.model.tar other.tar
ok 'predicts' test "$(cut -f 12- out | sha256sum)" = "$(cut -f 12- predictions.tsv | sha256sum)"
ok 'without a warning' test ! -s err
for set in used test; do
	mc-embed -q --threads 1 $net --precision bf16 -o $set.bf16.tar $set.tar
done
edit used.f.tar other.used.tar precision=
$train --task t -o other.model.tar other.used.tar
ok 'no precision is float32' cmp other.model.tar model.tar
run $predict --model model.tar test.bf16.tar
fails 1 "mc-predict: test.bf16.tar: its precision is \"bf16\", the model's \"float32\": $again" \
    'another precision'
run $train --precision float32 -o none.tar used.bf16.tar
fails 2 'mc-train: --precision float32: used.bf16.tar was made with bf16' 'another one for the training'
run $train --task t -o f.bf16.model used.bf16.tar
is_rc 0 'features in bf16 are trained on'
$train $net --precision bf16 --task t -o bf16.model used.tar
ok 'the model is that of the images, byte for byte' cmp bf16.model f.bf16.model
ok 'and records it' test "$(key model.tar precision) $(key bf16.model precision)" = 'float32 bf16'
ok 'its log is another one' test "$(tar -xOf bf16.model log.tsv)" != "$(tar -xOf model.tar log.tsv)"
run $predict -q --model bf16.model -o bf16.tsv test.tar
run $predict --model bf16.model test.bf16.tar
ok 'it predicts images in bf16' cmp out bf16.tsv
run $predict --model bf16.model test.f.tar
fails 1 "mc-predict: test.f.tar: its precision is \"float32\", the model's \"bf16\": $again" \
    'and wants such features'
run $predict --model bf16.model --precision float32 -o float32.tsv test.tar
is_rc 0 'unless told otherwise'
is_err 'with a warning' <<'EOT'
mc-predict: --precision float32: the model was trained with bf16: probabilities will differ slightly
EOT
run $predict --model bf16.model --precision float32 test.f.tar
ok 'features also' cmp out float32.tsv
run $predict --model bf16.model --precision float32 -o none.tsv test.bf16.tar
fails 1 'mc-predict: test.bf16.tar: its precision is "bf16", not that of --precision float32: leave the option out, or run mc-embed with it' \
    'but not those of another type'
ok 'which differ' test "$(sha256sum <float32.tsv)" != "$(sha256sum <bf16.tsv)"
for missing in backbone features init_seed preprocess; do
	edit used.f.tar other.used.tar $missing=
	run $train -o none.tar other.used.tar
	is_rc 1 "no key $missing"
	ok 'is one line' grep -q "^mc-train: other.used.tar: its __features__ has no key .*\"$missing\"$" err
done
edit used.f.tar other.used.tar 'preprocess=resize=x'
run $train -o none.tar other.used.tar
is_rc 1 'a preprocessing that is none'
ok 'is one line' test "$(grep -c '^mc-train: other.used.tar: its __features__: ' err)" -eq 1

# --- A checkpoint -----------------------------------------------------------------

run $train --task t --checkpoint c.tar -o /dev/full used.f.tar
ok 'a training on features that cannot write its model leaves a checkpoint' test -e c.tar
cat >touch.py <<'EOT'
"""used.f.tar with the last bit of the first feature changed, as touched.tar."""
import hashlib
import tarfile

data = bytearray(open("used.f.tar", "rb").read())
members = {m.name: m for m in tarfile.open("used.f.tar")}
data[members["features.npy"].offset_data + 128] ^= 1
digest = hashlib.sha256()
for name in "__features__", "__manifest__", "features.npy":
    digest.update(data[members[name].offset_data:][:members[name].size])
end = members["__end__"].offset_data + members["__end__"].size
data[end - 65:end - 1] = digest.hexdigest().encode()
open("touched.tar", "wb").write(data)
EOT
"$PYTHON3" touch.py
run $train --task t --checkpoint c.tar -o none.tar touched.tar
is_rc 1 'which is not for features that differ in the last bit'
ok 'and says so' grep -q "^mc-train: c.tar: the checkpoint of another training, whose features_sha256 is [0-9a-f]*, not [0-9a-f]*: " err
run $train --task t --checkpoint c.tar -o again.tar used.f.tar
ok 'the training goes on to the same model' cmp again.tar model.tar

# --- Features of a network that mctools does not have -----------------------------

# Written as mctools(5) says, by Python; the label is in the first feature.
cat >foreign.py <<'EOT'
import hashlib
import io
import struct
import tarfile

keys = {"format": "1", "dim": "2", "backbone": "elsewhere", "features": "last",
        "weights": "net.bin", "weights_sha256": "0" * 64,
        "preprocess": "resize=32 filter=bicubic crop=32 mean=0.5,0.5,0.5 std=0.5,0.5,0.5"}
rows = [line.rstrip("\n").split("\t") for line in open("folds.tsv")]
label = rows[0].index("label")
digest = rows[0].index("sha256")
rows[0].append("image_sha256")
values = b""
for row in rows[1:]:
    row.append(row[digest])
    values += struct.pack("<2f", 3.0 if row[label] == "NORMAL" else -3.0, 1.0)
head = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({len(rows) - 1}, 2), }}\n"
members = {
    "__features__": "key\tvalue\n" + "".join(f"{k}\t{v}\n" for k, v in keys.items()),
    "__manifest__": "".join("\t".join(row) + "\n" for row in rows),
    "features.npy": b"\x93NUMPY\1\0" + struct.pack("<H", len(head)) + head.encode() + values}
members = {k: v.encode() if isinstance(v, str) else v for k, v in members.items()}
digest = hashlib.sha256(b"".join(members.values())).hexdigest()
members["__end__"] = (f"key\tvalue\nformat\t1\nimages\t{len(rows) - 1}\n"
                      f"sha256\t{digest}\n").encode()
with tarfile.open("foreign.tar", "w") as out:
    for name, content in members.items():
        member = tarfile.TarInfo(name)
        member.size = len(content)
        out.addfile(member, io.BytesIO(content))
EOT
"$PYTHON3" foreign.py
run $train --lr 0.1 --epochs 50 -o foreign.model.tar foreign.tar
is_rc 0 'features of another network are trained on'
run $predict --model foreign.model.tar foreign.tar
is_rc 0 'and predict'
ok 'what they say' test "$(column label <out | xargs)" = "$(column predicted <out | xargs)"
ok 'the arm is named after it' test "$(column arm <out | sort -u)" = elsewhere/frozen
run $predict --model foreign.model.tar -o none.tsv test.tar
is_rc 1 'images are not predicted'
ok 'since there is no such network' grep -q "^mc-predict: the model's __model__: unknown backbone \"elsewhere\": " err

# --- A tar that contradicts itself -------------------------------------------------

cat >remake.py <<'EOT'
"""Edit used.f.tar, with a right digest at the end."""
import hashlib
import io
import tarfile

source = tarfile.open("used.f.tar")
whole = {m.name: source.extractfile(m).read() for m in source}


def write(path, **changed):
    members = {name: changed.get(name.strip("_"), content)
               for name, content in whole.items() if name != "__end__"}
    digest = hashlib.sha256(b"".join(members.values())).hexdigest()
    images = members["__manifest__"].count(b"\n") - 1
    members["__end__"] = f"key\tvalue\nformat\t1\nimages\t{images}\nsha256\t{digest}\n".encode()
    with tarfile.open(path, "w") as out:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


write("empty.tar", features=b"")
values = whole["features.npy"]
rows = [line.split("\t") for line in whole["__manifest__"].decode().splitlines()]
for row in rows[1:]:
    row[-1] = "0" * 64
write("unseen.tar", manifest="".join("\t".join(row) + "\n" for row in rows).encode())
for row in rows[1:]:
    row[rows[0].index("sha256")] = row[-1].upper()
write("agree.tar", manifest="".join("\t".join(row) + "\n" for row in rows).encode())


def write_values(path, content):
    members = dict(whole, **{"features.npy": content})
    with tarfile.open(path, "w") as out:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            out.addfile(member, io.BytesIO(content))


about = whole["__features__"]
write("twice.tar", features=about + b"dim\t512\n")
write("small.tar", features=about.replace(b"features\tpooled", b"features\tlogits"))
text = values[10:128]
for version in 2, 3, 4:
    whole["features.npy"] = (values[:6] + bytes((version, 0)) + len(text).to_bytes(4, "little")
                             + text + values[128:])
    write(f"v{version}.tar")
whole["features.npy"] = values[:128].replace(b"(%d, " % (len(rows) - 1), b"(0, ").ljust(128)
write("norows.tar", manifest=("\t".join(rows[0]) + "\n").encode())
whole["features.npy"] = values
write_values("start.tar", values[:5])
write_values("header.tar", values[:40])
EOT
"$PYTHON3" remake.py
first=$(tar -xOf used.f.tar __manifest__ | column id | head -n 1)
run $predict --model model.tar --split all -o none unseen.tar
fails 1 "mc-predict: unseen.tar: id \"$first\": image_sha256 is not the manifest's sha256: run mc-embed again" \
    'an image that was seen stays one'
run $train -o agree.model agree.tar
is_rc 0 'the case of a digest does not matter'
run $train -o none twice.tar
fails 1 "mc-train: twice.tar: __features__:$(tar -xOf twice.tar __features__ | wc -l): the key \"dim\" is given twice" \
    'a key twice'
run $train -o none small.tar
fails 1 'mc-train: small.tar: its __features__: the features "logits" of resnet18 are 1000 numbers per image, not 512' \
    'features of another length'
for v in v2 v3; do
	run $train --task t -o $v.model $v.tar
	ok "NumPy's format $v is read" cmp $v.model model.tar
done
run $train -o none v4.tar
fails 1 'mc-train: v4.tar: features.npy: NumPy format 4.0, not 1.0, 2.0 or 3.0: numpy.lib.format.write_array(f, x, (1, 0))' \
    'another one not'
run $train -o none norows.tar
fails 1 'mc-train: norows.tar: contains no image' 'no rows'
run mc-predict --threads 1 --model model.tar -o none norows.tar
fails 1 'mc-predict: norows.tar: contains no image' 'in one line'
run $train -o none empty.tar
fails 1 'mc-train: empty.tar: __features__: empty' 'no keys'
for f in start header; do
	run $train -o none $f.tar
	fails 1 "mc-train: $f.tar: member \"features.npy\" is too short" \
	    "features.npy ends in its $f"
done

# --- A tar that is damaged --------------------------------------------------------

cat >damage.py <<'EOT'
"""Cut used.f.tar before each member, with and without the end of a tar; flip a bit."""
import tarfile

data = open("used.f.tar", "rb").read()
for n, member in enumerate(tarfile.open("used.f.tar")):
    open(f"cut{n}.tar", "wb").write(data[:member.offset])
    open(f"ended{n}.tar", "wb").write(data[:member.offset] + bytes(1024))
    if member.name == "features.npy":
        flipped = bytearray(data)
        flipped[member.offset_data + 1000] ^= 1
        open("flipped.tar", "wb").write(flipped)
        open("inside.tar", "wb").write(data[:member.offset_data + 5000])
EOT
"$PYTHON3" damage.py
for f in cut[0-3].tar ended[0-3].tar inside.tar flipped.tar; do
	for program in "$train -o none" "$predict --split val --model model.tar -o none"; do
		run $program $f
		is_rc 1 "${program%% *}: $f is an error"
		ok 'of one line' test "$(grep -c "^${program%% *}: $f: " err)-$(wc -l <err)" = 1-1
	done
done
ok 'and nothing is written' test ! -e none
run $train -o none flipped.tar
fails 1 'mc-train: flipped.tar: damaged: its content does not match the digest at its end' \
    'a flipped bit'

done_testing
