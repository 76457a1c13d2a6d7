#!/bin/sh
# mc-predict: which rows it predicts, what a model has seen, what of a model it
# refuses.  What it computes is tests/cmd/mc-train.sh's.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 24 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
train='mc-train -q --backbone resnet18 --weights random --resize 36 --crop 32 --threads 1 --regime frozen --lr 0.01'
column() { # column NAME <TSV
	awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }'
}
rows() { # rows SPLIT: how many the manifest has
	column split <manifest.tsv | grep -c "^$1\$"
}
change() { # change AWK: rewrite fields of the manifest, whose columns are c
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	    NR > 1 { '"$1"' } 1' manifest.tsv | mc-pack -q -o changed.tar
}

# --- What the model has seen ---------------------------------------------------

$train --epochs 4 -o model.tar images.tar
tar -xOf model.tar images.tsv >images.tsv
{ printf 'sha256\trole\n'
  awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $c["split"] != "test" { print $c["sha256"] "\t" $c["split"] }' manifest.tsv |
	LC_ALL=C sort; } >wanted
ok 'images.tsv: digests and roles, as in the manifest' cmp images.tsv wanted
for split in test train val; do
	run mc-predict -q --model model.tar --split $split images.tar
	ok "--split $split asks by name" test "$(column split <out | uniq -c | xargs)" = "$(rows $split) $split"
done
seen=$(($(rows train) + $(rows val)))
first=$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $c["split"] != "test" { print $c["id"]; exit }' manifest.tsv)
refusal() { # refusal TAR N ID
	echo "mc-predict: $1: the model was trained or selected on $2 of the images asked for, first on id \"$3\": --skip-seen leaves them out; --split train and --split val predict them explicitly"
}
run mc-predict -q --model model.tar --split all -o none.tsv images.tar
fails 1 "$(refusal images.tar $seen "$first")" '--split all: images that were trained on are refused'
ok 'and nothing is written' test ! -e none.tsv
run mc-predict -q --model model.tar --split all --skip-seen images.tar
mc-predict -q --model model.tar images.tar >test.tsv
ok '--skip-seen leaves the test images' cmp out test.tsv
run mc-predict -q --model model.tar --split train --skip-seen images.tar
fails 1 "mc-predict: images.tar: no image to predict: the model has seen each of the $(rows train) asked for" \
    '--skip-seen leaves them out of a split that is named also'
cut -f 1-3 manifest.tsv >nosplit.tsv
run mc-predict --model model.tar --manifest nosplit.tsv images.tar
ok 'a manifest without splits is named, not the tar' \
    grep -q '^mc-predict: nosplit.tsv: no image has a split: predicting them all$' err
run mc-predict -v --model model.tar --split all --skip-seen images.tar
seen=$(sed -n 's/.*decoded, \([0-9]*\) that the model has seen$/\1/p' err)
run mc-predict --model model.tar --split all --skip-seen images.tar
is_err 'and one line says how many it has seen' <<EOT
mc-predict: $seen images left out that the model has seen
EOT
ok 'train_images says how many images trained the model' \
    test "$(column train_images <test.tsv | sort -u)" = "$(rows train)"

# The same bytes under another id and split; then as a foreign shard.
change 'if ($c["id"] == "'"$first"'") { $c["id"] = "copy"; $c["split"] = "test" }'
run mc-predict -q --model model.tar changed.tar
fails 1 "$(refusal changed.tar 1 copy)" 'a copy in the test split is refused'
run mc-predict -q --model model.tar --skip-seen changed.tar
ok 'or left out' test "$(column id <out | xargs)" = "$(column id <test.tsv | xargs)"
change 'if ($c["id"] == "'"$first"'") $c["split"] = $c["split"] == "val" ? "train" : "val"'
other=val
[ "$(awk -F'\t' -v id="$first" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } $c["id"] == id { print $c["split"] }' manifest.tsv)" = val ] && other=train
run mc-predict -q --model model.tar --split $other changed.tar
fails 1 "$(refusal changed.tar 1 "$first")" 'one role is not asked for by the name of the other'
path=$(awk -F'\t' -v id="$first" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } $c["id"] == id { print $c["path"] }' manifest.tsv)
mkdir shard
cp "$path" shard/a.png
echo OPACITY >shard/a.cls
(cd shard && tar -cf ../shard.tar a.png a.cls)
run mc-predict -q --model model.tar shard.tar
fails 1 "$(refusal shard.tar 1 a)" 'or of a foreign shard'
change 'if ($c["split"] == "test" && !n++) $c["split"] = "train"'
head -n 1 manifest.tsv >double.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { print } NR > 1 && $c["split"] == "train" && n++ < 3 {
	    $c["id"] = "copy" n; $c["split"] = n == 1 ? "val" : "test"; print }' manifest.tsv >>double.tsv
mc-pack -q -o double.tar double.tsv
run mc-train --backbone resnet18 --weights random --resize 36 --crop 32 --regime frozen --epochs 1 -o double.model.tar double.tar
sed -i '/^mc-train: epoch /,$d; /validation images are of/d' err
is_err 'mc-train says what copies there are' <<EOT
mc-train: training on $(rows train) images, validating on $(($(rows val) + 1)); $(($(rows test) + 2)) test images not used
mc-train: 1 validation image is a byte-for-byte copy of training images: mc-split keeps copies together
mc-train: 2 of the images not used are byte-for-byte copies of images used, and mc-predict will refuse them: mc-split keeps copies together
mc-train: groups with training images and validation images: 1: mc-split keeps groups together
mc-train: groups with images used and images not used: 2: predictions of these are better than those of new patients: mc-split keeps groups together
EOT
# Patients on two sides, counted by awk; of the folds, those beside the one left.
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print $0, "fold"; next }
	{ $c["split"] = NR % 3 ? NR % 2 ? "train" : "val" : "test"; print $0, 1 + NR % 4 }' manifest.tsv >torn.tsv
mc-pack -q -o torn.tar torn.tsv
torn() {
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		{ use = '"$1"'; on[$c["group"], use] = 1; group[$c["group"]] = 1 }
		END { for (g in group) n += ((g, "'"$2"'") in on) && (((g, "'"$3"'") in on) || ((g, "'"$4"'") in on))
		    print n + 0 }' torn.tsv
}
leak='groups with images used and images not used'
loud="mc-train ${train#mc-train -q}"
run $loud --epochs 1 -o torn.model.tar torn.tar
ok 'groups that are trained on and left are counted' \
    grep -q "$leak: $(torn '$c["split"]' test train val):" err
ok 'and those that are trained on and validate' \
    grep -q "training images and validation images: $(torn '$c["split"]' val train train):" err
run $loud --epochs 1 --fold 2 -o torn.model.tar torn.tar
ok 'folds: those of the fold left too' grep -q \
    "$leak: $(torn '$c["split"] == "test" || $c["fold"] == 2 ? "left" : "used"' left used used):" err
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print $0, "unit"; next }
	{ print $0, "unit of " $c["split"] }' torn.tsv | mc-pack -q -o torn.tar
run $loud --epochs 1 -o torn.model.tar torn.tar
ok 'the column unit comes before the group' test "$(grep -c groups err)" -eq 0

# --- An external test set ------------------------------------------------------

mc-phantom --task chest --patients 4 --size 64 --seed 9 -o external
mc-index external | mc-pack -q -o external.tar
run mc-predict --model model.tar external.tar
is_err 'a split that is empty in every row is none' <<'EOT'
mc-predict: external.tar: no image has a split: predicting them all
EOT
ok 'and all is predicted' test "$(column id <out | wc -l)" -eq "$(tar -tf external.tar | grep -c png)"
cut -f 1-4 manifest.tsv | mc-pack -q -o nosplit.tar
run mc-predict -q --model model.tar nosplit.tar
fails 1 "$(refusal nosplit.tar $seen "$first")" 'no column split: still nothing that was trained on'
run mc-predict -q --model model.tar --split val external.tar
fails 1 'mc-predict: external.tar: --split val, but no image has a split (mc-split makes them)' \
    'a split asked for where there is none'

awk -F'\t' -v OFS='\t' '{ print $0, NR == 1 ? "model" : "scanner A", NR == 1 ? "p:x" : "1", NR == 1 ? "site" : "B" }' \
    manifest.tsv | mc-pack -q -o names.tar
run mc-predict --model model.tar names.tar
is_err 'columns that cannot be passed on are named' <<'EOT'
mc-predict: names.tar: left out, since predictions have such columns of their own: model, p:x: rename them in the manifest to keep them
EOT
ok 'the others are passed on' test "$(column site <out | sort -u)" = B

# --- Folds ---------------------------------------------------------------------

# Random labels: what is predicted of images that were not trained on is right
# by chance.  A fold that was trained on comes out at 85 % and more.
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { $c["label"] = substr($c["sha256"], 1, 1) ~ /[0-7]/ ? "A" : "B" } 1' manifest.tsv |
	mc-split -q --folds 3 --keep test - >folds.tsv
mc-pack -q -o folds.tar folds.tsv
fold_train="$train --epochs 300 --batch 16"
for k in 1 2 3; do
	$fold_train --fold $k -o fold$k.tar folds.tar
	mc-predict -q --model fold$k.tar --fold $k folds.tar
done | awk -F'\t' '$1 == "task" { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ n++; right += $c["label"] == $c["predicted"] } END { print n, right }' >pooled
ok 'random labels over three folds: accuracy is near a half' \
    awk -v all="$(column fold <folds.tsv | grep -c .)" \
    '{ print; exit !($1 == all && $2 / $1 > 0.3 && $2 / $1 < 0.7) }' pooled
tar -xOf fold2.tar __model__ | awk '$1 ~ /^(fold|images_val|select|epoch|images_fold_left)$/ { print $1, $2 }' >about
is_file about 'with --fold the last epoch is kept, and nothing validates' <<EOT
epoch 300
fold 2
images_fold_left $(column fold <folds.tsv | grep -c 2)
images_val 0
select last
EOT
run mc-predict -q --model fold2.tar --fold 2 folds.tar
ok 'the rows of the fold are predicted' test "$(column fold <out | sort | uniq -c | xargs)" = "$(column fold <folds.tsv | grep -c 2) 2"
cp out fold2.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && NR % 2 && $c["fold"] != "" { $c["fold"] = $c["fold"] ".0" } 1' \
    folds.tsv >pandas.tsv
run $train --fold 2 --epochs 1 --manifest pandas.tsv -o pandas.tar folds.tar
tar -xOf pandas.tar __model__ | grep images_fold_left >about
tar -xOf fold2.tar __model__ | grep images_fold_left >wanted
ok 'fold 2.0 is left out of the training with fold 2' cmp about wanted
run mc-predict -q --model fold2.tar --manifest pandas.tsv --fold 2 folds.tar
sed 's/\t2\.0\t/\t2\t/' out >got
ok 'and predicted with it' cmp got fold2.tsv
run mc-predict -q --model fold2.tar --fold 1 folds.tar
fails 2 "mc-predict: --fold 1: the model was trained on all folds but 2" \
    'another fold'
run mc-predict -q --model model.tar --fold 1 folds.tar
fails 2 'mc-predict: --fold: the model was trained without --fold, on rows of every fold: train one with mc-train --fold 1' \
    'a fold of a model trained without'
mc-split -q --folds 3 --keep test --seed 5 folds.tsv 2>err >folds5.tsv ||
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	    NR > 1 && $c["fold"] != "" { $c["fold"] = $c["fold"] % 3 + 1 } 1' folds.tsv >folds5.tsv
mc-pack -q -o folds5.tar folds5.tsv
run mc-predict -q --model fold2.tar --fold 2 folds5.tar
ok 'the same number in another division' grep -q 'the model was trained or selected on [0-9]* of the images asked for' err
is_rc 1 'is refused by the bytes'
run mc-predict -q --model fold2.tar --split all --skip-seen folds.tar
ok '--skip-seen leaves the fold and the test images' test "$(column id <out | wc -l)" -eq \
    $(($(column fold <folds.tsv | grep -c 2) + $(rows test)))
run $train --fold 1 --select accuracy folds.tar
fails 2 'mc-train: --select accuracy would choose the epoch on fold 1, which is to be predicted: choose it on another with --val-fold, or give --select last (see mc-train --help)' \
    'no epoch is chosen on the fold that is reported'
run $train --fold 1 --val-fold 3 --epochs 2 -o val3.tar folds.tar
is_rc 0 '--val-fold'
tar -xOf val3.tar __model__ | awk '$1 ~ /^(fold|val_fold|images_val|select|images_train)$/ { print $1, $2 }' >about
is_file about 'chooses it on another' <<EOT
fold 1
images_train $(column fold <folds.tsv | grep -c 2)
images_val $(column fold <folds.tsv | grep -c 3)
select accuracy
val_fold 3
EOT
run mc-predict -q --model val3.tar --fold 1 folds.tar
is_rc 0 'and the fold is predicted'
run $train --fold 1 --val-fold 1 folds.tar
is_rc 2 'which is not the same'
run $train --val-fold 1 folds.tar
fails 2 'mc-train: --val-fold needs --fold (see mc-train --help)' '--val-fold alone'
run $train --fold 9 folds.tar
fails 1 'mc-train: folds.tar: no image outside the test split has fold 9' 'no such fold'
run mc-predict --model fold2.tar --fold 2 --split test folds.tar
is_rc 2 '--fold and --split'
grep -v "	test	" folds.tsv | mc-pack -q -o notest.tar
run mc-predict -q --model fold2.tar notest.tar
fails 1 'mc-predict: notest.tar: no image to predict: none has split "test" (--fold 2 predicts the fold left out, --split all every image)' \
    'what to ask a fold for'

# --- A bad image among good ones -----------------------------------------------

rm -r shard
mkdir shard
i=0
for f in external/*/*.png; do
	i=$((i + 1))
	cp "$f" shard/$i.png
done
head -c 100 shard/2.png >bad && mv bad shard/2.png
(cd shard && tar -cf ../bad.tar --sort=name [1-5].png && rm 2.png && tar -cf ../good.tar --sort=name [1-5].png)
mc-predict -q --model model.tar good.tar >good.tsv
run mc-predict -q --model model.tar --skip-bad bad.tar
ok '--skip-bad: behind a bad image each row keeps its own pixels' cmp out good.tsv
run mc-predict --model model.tar --skip-bad bad.tar
ok 'in the end one line says how many' grep -qx \
    'mc-predict: 1 image left out that could not be read or decoded' err
run mc-embed -q --backbone resnet18 --weights random --resize 36 --crop 32 --skip-bad bad.tar
mc-embed -q --backbone resnet18 --weights random --resize 36 --crop 32 good.tar >good.f
ok 'mc-embed too' cmp out good.f

# --- A model that is not as mc-train writes it ----------------------------------

# remake SED [MEMBER]: model.tar with MEMBER (__model__) edited, its digest right.
remake() {
	rm -rf unpacked && mkdir unpacked && tar -xf model.tar -C unpacked
	sed -i "$1" "unpacked/${2:-__model__}"
	(cd unpacked && cat __model__ images.tsv log.tsv head.safetensors | sha256sum | cut -c 1-64 >../digest
	    sed -i "s/^sha256	.*/sha256	$(cat ../digest)/" __end__
	    tar -cf ../remade.tar __model__ images.tsv log.tsv head.safetensors __end__)
	run mc-predict -q --model remade.tar images.tar
}
about="mc-predict: the model's __model__:"
remake 's/x/x/'
is_rc 0 'a model put together by hand is read'
ok 'as the model was' cmp out test.tsv
remake 's/^regime	.*/regime	junk/'
fails 1 "$about regime \"junk\" is neither frozen nor finetune" 'regime'
remake 's/^regime	.*/regime	finetune/'
fails 1 "$about regime \"finetune\" and no backbone.safetensors beside it" 'a backbone that is not there'
remake 's/^seed	.*/seed	99999999999999999999999/'
fails 1 "$about seed \"99999999999999999999999\" is not a number that mc-train writes" 'seed'
remake 's/^arm	.*/arm	/'
fails 1 "$about arm \"\" is not a valid name" 'an empty arm'
remake "s/^task	.*/task	a$(printf '\033')[2J/"
fails 1 "$about task \"a\\x1B[2J\" holds a control byte" 'an escape in the task'
remake 's/^class	OPACITY/class	NORMAL/'
fails 1 "$about class \"NORMAL\" is given twice" 'a class twice'
remake 's/^seed	.*/&\n&/'
ok 'a key twice' grep -q '^mc-predict: remade.tar: __model__:[0-9]*: the key "seed" is given twice$' err
remake 's/^init_seed	.*/init_seed	x/'
fails 1 "$about init_seed \"x\" is not a number that mc-train writes" 'the seed of the weights'
remake 's/^backbone	.*/backbone	resnet17/'
ok 'a backbone that is none' grep -q "^$about unknown backbone \"resnet17\": mc-embed --list " err
remake 's/^backbone	.*/backbone	densenet121/'
fails 1 "mc-predict: the model's head.safetensors: no tensor \"head.weight\" of the shape that the head needs for these features and classes" \
    'another backbone'
remake 's/^precision	.*/precision	fp16/'
fails 1 "$about precision \"fp16\" is neither float32 nor bf16" 'a precision that is none'
remake 's/^preprocess	.*/preprocess	resize=x/'
ok 'a preprocessing that is none' grep -q "^$about preprocess" err
remake 's/^head	.*/head	tail/'
fails 1 "$about the head \"tail\" is not linear, mlp:N with N from 1 to 65536, logistic or knn" 'a head that is none'
remake '2s/^./x/' images.tsv
ok 'a digest that is none' grep -q "^mc-predict: the model's images.tsv:2: sha256: \"x[0-9a-f]*\" is not a SHA-256$" err
remake '2s/train$/test/; 2s/val$/test/' images.tsv
fails 1 "mc-predict: the model's images.tsv:2: role: \"test\" is neither train nor val" 'a role that is none'
"$PYTHON3" - <<'EOT'
data = bytearray(open("model.tar", "rb").read())
at = data.index(b"head.safetensors") + 512
data[at + 1000] ^= 4
open("flipped.tar", "wb").write(data)
EOT
run mc-predict -q --model flipped.tar images.tar
fails 1 'mc-predict: flipped.tar: damaged: its content does not match the digest at its end' \
    'one bit of the head is flipped'

done_testing
