#!/bin/sh
# mc-train and mc-predict --manifest: one tar, several divisions of its images.
# Models and predictions are those of a tar that is packed with the manifest.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 24 || { echo 'Bail out! no images'; exit 99; }
train='mc-train -q --backbone resnet18 --weights random --resize 36 --crop 32 --threads 1 --epochs 2'
column() { # column NAME <TSV
	awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }'
}
# Folds, a share and a column that the tar does not have; no split.
split=$(head -n 1 manifest.tsv | tr '\t' '\n' | grep -n '^split$' | cut -d : -f 1)
without() { # without N: a table without that column
	cut -f 1-$(($1 - 1)),$(($1 + 1))-
}
without "$split" <manifest.tsv | mc-split -q --folds 3 --shares 50 |
    awk -F'\t' -v OFS='\t' '{
    print $0, (NR == 1 ? "sex" : NR % 2 ? "F" : "M") }' >folds.tsv
mc-split -q --ratio train=60,val=20,test=20 --seed 7 manifest.tsv -o other.tsv
mc-pack -q -o images.tar manifest.tsv
for d in folds other; do mc-pack -q -o $d.tar $d.tsv; done

# --- As if packed again -------------------------------------------------------
for regime in frozen finetune; do
	$train --regime $regime --lr 0.001 -o want.tar other.tar
	run $train --regime $regime --lr 0.001 --manifest other.tsv -o got.tar images.tar
	ok "$regime: the model of a tar packed again" cmp got.tar want.tar
	mc-predict -q --model want.tar other.tar >want.tsv
	run mc-predict -q --model want.tar --manifest other.tsv images.tar
	ok 'and its predictions' cmp out want.tsv
done
ok 'there are some' test "$(wc -l <want.tsv)" -gt 5
ok 'the digest of the division is recorded' test \
    "$(tar -xOf got.tar __model__ | sed -n 's/^manifest_sha256	//p')" = \
    "$(sha256sum <other.tsv | cut -c 1-64)"
run $train --regime frozen -o own.tar images.tar
ok 'the division matters' sh -c '! cmp -s own.tar want.tar'
for tar in folds.tar other.tar; do
	run $train --regime frozen --fold 2 --select last --share 50 \
	    --manifest folds.tsv -o got.$tar $tar
	is_rc 0 "folds and shares, not those of $tar"
done
$train --regime frozen --fold 2 --select last --share 50 -o want.tar folds.tar
ok 'are the same' cmp got.other.tar want.tar
ok 'also the same' cmp got.folds.tar want.tar
mc-predict -q --model want.tar --fold 2 folds.tar >want.tsv
run mc-predict -q --model want.tar --fold 2 --manifest folds.tsv other.tar
ok 'and their predictions, with another column' cmp out want.tsv
ok 'which is there' test -n "$(column sex <out | tr -d '\n')"
ok 'and no split of the tar' test -z "$(column split <out | tr -d '\n')"
{ head -n 1 other.tsv; tail -n +2 other.tsv | sort -r; } >reversed.tsv
run mc-predict -q --model want.tar --fold 2 --manifest - other.tar <folds.tsv
ok 'from standard input' cmp out want.tsv
$train --regime frozen -o want.tar other.tar
run $train --regime frozen --manifest reversed.tsv -o got.tar images.tar
for t in want got; do tar -xOf $t.tar head.safetensors >$t.head; done
ok 'the order of its rows does not matter' cmp got.head want.head
cat other.tar | mc-predict -q --model want.tar >want.tsv
cat images.tar | mc-predict -q --model want.tar --manifest other.tsv >got
ok 'images from standard input' cmp got want.tsv

# Features, in batches of all images: the head of features of the other tar.
mc-embed -q --backbone resnet18 --weights random --resize 36 --crop 32 \
    --threads 1 -o features.tar images.tar
mc-embed -q --backbone resnet18 --weights random --resize 36 --crop 32 \
    --threads 1 -o features2.tar other.tar
for head in linear logistic knn; do
	fit="mc-train -q --regime frozen --threads 1 --head $head"
	[ $head != linear ] || fit="$fit --epochs 2"
	$fit -o want.tar features2.tar
	run $fit --manifest other.tsv -o got.tar features.tar
	is_rc 0 "features, $head"
	for t in want got; do tar -xOf $t.tar head.safetensors >$t.head; done
	ok "the same head: $head" cmp got.head want.head
done
mc-predict -q --model want.tar features2.tar >want.tsv
run mc-predict -q --model want.tar --manifest other.tsv features.tar
ok 'and predictions of features' cmp out want.tsv

# Converted images: the file that they were made of has the manifest's digest.
mc-pack -q --resize 40 -o small.tar manifest.tsv
mc-pack -q --resize 40 -o small2.tar other.tsv
$train --regime frozen -o want.tar small2.tar
run $train --regime frozen --manifest other.tsv -o got.tar small.tar
for t in want got; do tar -xOf $t.tar head.safetensors >$t.head; done
ok 'converted images' cmp got.head want.head
mc-predict -q --model want.tar small2.tar >want.tsv
run mc-predict -q --model want.tar --manifest other.tsv small.tar
ok 'whose rows are those of a tar packed again' cmp out want.tsv
ok 'with the digests of the files' test -n "$(column source_sha256 <out)"

# Shards, and one of another program, which has ids and labels alone.
mc-pack -q --shards 20 -o 's-%d.tar' manifest.tsv
$train --regime frozen -o want.tar other.tar
run $train --regime frozen --manifest other.tsv -o got.tar 's-{0..2}.tar'
is_rc 0 'shards'
ok 'have the same model' cmp got.tar want.tar
mkdir web
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { f = $c["path"]; gsub("/", "_", $c["id"]); system("cp " f " web/" $c["id"] ".png")
    print $c["label"] >("web/" $c["id"] ".cls"); print }' other.tsv >web.tsv
(cd web && tar -cf ../web.tar $(ls | sort))
run $train --regime frozen --manifest web.tsv -o got.tar web.tar
is_rc 0 'a WebDataset shard is divided by a manifest'
ok 'as it says' test "$(tar -xOf got.tar __model__ | sed -n 's/^images_train	//p')" = \
    "$(column split <other.tsv | grep -c '^train$')"

# --- Ids on one side alone ----------------------------------------------------
awk -F'\t' 'NR % 3 != 0' other.tsv >less.tsv
mc-pack -q -o less.tar less.tsv
$train --regime frozen -o want.tar less.tar
run mc-train -v --backbone resnet18 --weights random --resize 36 --crop 32 \
    --threads 1 --epochs 2 --regime frozen --manifest less.tsv -o got.tar images.tar
ok 'images that it does not name are left out' cmp got.tar want.tar
left=$(($(wc -l <other.tsv) - $(wc -l <less.tsv)))
ok 'and counted' grep -q "images.tar: left out $left images that are not in less.tsv" err
run mc-train --backbone resnet18 --weights random --resize 36 --crop 32 \
    --threads 1 --epochs 2 --regime frozen --manifest other.tsv -o got.tar less.tar
is_rc 0 'an id without an image'
first=$(sed -n 3p other.tsv | cut -f 1)
ok 'is counted also' grep -q "^mc-train: other.tsv: $left of $(($(wc -l <other.tsv) - 1)) ids are not in less.tar, such as \"$first\"$" err
awk -F'\t' -v OFS='\t' 'NR > 1 { $1 = "x" $1 } 1' other.tsv >none.tsv
run $train --regime frozen --manifest none.tsv -o got.tar images.tar
fails 1 "mc-train: none.tsv: none of its ids is in images.tar, such as \"x$(sed -n 2p other.tsv | cut -f 1)\"" \
    'no id that the tar has'
run mc-predict -q --model want.tar --manifest none.tsv images.tar
fails 1 "mc-predict: none.tsv: none of its ids is in images.tar, such as \"x$(sed -n 2p other.tsv | cut -f 1)\"" \
    'nor for mc-predict'

# A broken image, in the tar's list of what was skipped: neither a warning, nor
# bad where the manifest does not name it.
cp -r images kept
bad=$(sed -n 2p other.tsv | cut -f 2)
echo broken >"$bad"
sha256=$(head -n 1 manifest.tsv | tr '\t' '\n' | grep -n '^sha256$' | cut -d : -f 1)
cut -f 1-$((sha256 - 1)) manifest.tsv | mc-pack -q --skip-bad -o broken.tar 2>/dev/null
rm -r images && mv kept images
sed 2d other.tsv >other.without.tsv
run mc-train --backbone resnet18 --weights random --resize 36 --crop 32 \
    --threads 1 --epochs 2 --regime frozen --skip-bad --manifest other.tsv -o got.tar broken.tar
ok 'an image that was skipped is bad' test "$(tar -xOf got.tar __model__ | sed -n 's/^images_bad	//p')" = 1
ok 'and not missing' sh -c '! grep "ids are not in" err'
run $train --regime frozen --manifest other.without.tsv -o got.tar broken.tar
ok 'unless the manifest does not name it' test "$(tar -xOf got.tar __model__ | sed -n 's/^images_bad	//p')" = 0

# --- Bad input ----------------------------------------------------------------
bad() { # bad STATUS NAME MESSAGE MANIFEST [OPTION...]
	status=$1 name=$2 message=$3 manifest=$4
	shift 4
	run $train --regime frozen --manifest "$manifest" -o gone.tar "$@" images.tar
	fails "$status" "mc-train: $message" "$name"
	ok 'and nothing is written' test ! -e gone.tar
}
id=$(sed -n 4p other.tsv | cut -f 1)
sha=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "sha256") c = i }
    NR == 4 { print $c }' other.tsv)
sed "s/$sha/$(echo "$sha" | tr 0-9a-f 1-9a-f0)/" other.tsv >digest.tsv
bad 1 'another image of that name' \
    "images.tar: the image of \"$id\" has another sha256 in digest.tsv: they are not of the same images" \
    digest.tsv
sed "s/$sha/$(echo "$sha" | tr a-f A-F)/" other.tsv >upper.tsv
run $train --regime frozen --manifest upper.tsv -o got.tar images.tar
is_rc 0 'a digest in capitals is the same'
{ cat other.tsv; sed -n 4p other.tsv; } >twice.tsv
bad 1 'an id twice' \
    "twice.tsv:$(wc -l <twice.tsv | tr -d ' '): duplicate key: id \"$id\" is also in line 4" \
    twice.tsv
bad 1 'a fold that only the tar could have' \
    'other.tsv: the manifest has no column "fold" (mc-split --folds makes it)' \
    other.tsv --fold 1 --select last
run $train --regime frozen --manifest folds.tsv -o gone.tar images.tar
fails 1 'mc-train: folds.tsv: the manifest has no column "split" (mc-split makes it)' \
    'the split of the tar is not taken'
run mc-predict -q --model want.tar --manifest missing.tsv images.tar
fails 1 'mc-predict: missing.tsv: No such file or directory' 'no such file'
run $train --regime frozen --manifest - -o gone.tar <other.tsv
fails 2 'mc-train: --manifest and the images cannot both be standard input' \
    'two standard inputs'
run mc-predict --model - --manifest - images.tar <want.tar
fails 2 'mc-predict: --manifest and --model cannot both be standard input' \
    'of mc-predict'
cp other.tsv precious.tsv
run $train --regime frozen --manifest precious.tsv -o precious.tsv images.tar
is_rc 2 'the manifest is not an output'
ok 'and stays' cmp precious.tsv other.tsv

done_testing
