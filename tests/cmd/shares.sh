#!/bin/sh
# Shares of the training images: which images train, what the model and the
# predictions record, and how the shares stand apart in metrics, differences and
# the table.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 60
mc-split -q --keep all --shares 20,50 manifest.tsv >shares.tsv
mc-pack -q -o images.tar shares.tsv
mc-embed -q --backbone resnet18 --weights random --resize 32 --crop 32 \
    -o features.tar images.tar

# column NAME <TABLE: a column, without its heading.
column() {
	awk -F'\t' -v n="$1" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	    { print $c[n] }'
}
# within SPLIT SHARE: of the rows of the split within the share, COLUMN.
within() {
	awk -F'\t' -v in_split="$1" -v share="$2" -v column="$3" 'NR == 1 {
		for (i = 1; i <= NF; i++) c[$i] = i; next }
	    $c["split"] == in_split && $c["share"] + 0 <= share { print $c[column] }' \
	    shares.tsv
}
# used TAR ROLE: the digests of a model's images.
used() {
	tar -xOf "$1" images.tsv | awk -v role="$2" '$2 == role { print $1 }'
}
train="mc-train --task t --regime frozen --epochs 3 --lr 0.01"
for share in 20 50 100; do
	$train -q --share $share -o $share.tar features.tar
	within train $share sha256 | sort >wanted
	used $share.tar train >got
	ok "share $share trains on the rows within it, and on no others" \
	    cmp wanted got
	within val 100 sha256 | sort >wanted
	used $share.tar val >got
	ok "and validates on all validation rows" cmp wanted got
	mc-predict -q --model $share.tar -o $share.tsv features.tar
done
$train -q -o all.tar features.tar
tar -xOf all.tar head.safetensors >a
tar -xOf 100.tar head.safetensors >b
ok 'share 100 trains the same head as no share' cmp a b
ok 'without --share the model says nothing of shares' \
    sh -c '! tar -xOf all.tar __model__ | grep -q "share\|units_train"'
tar -xOf 20.tar __model__ |
    awk '$1 ~ /^(share|images_share_left|images_train|units_train)$/' >about
is_file about 'the model records the share, and how many images and patients it has' <<END
images_share_left	$(($(within train 100 id | wc -l) - $(within train 20 id | wc -l)))
images_train	$(within train 20 id | wc -l)
share	20
units_train	$(within train 20 group | sort -u | wc -l)
END
run $train --share 20.0 -o again.tar features.tar
is_rc 0 'a share has one value'
ok 'and one spelling' cmp again.tar 20.tar
ok 'mc-train says what is outside the share' grep -q \
    "^mc-train: training on $(within train 20 id | wc -l) images, .*; $(($(within train 100 id | wc -l) - $(within train 20 id | wc -l))) images outside share 20 and $(within test 100 id | wc -l) test images not used$" err
mc-train -q --task t --regime frozen --head logistic --C 1 --share 50 \
    -o logistic.tar features.tar
used logistic.tar train >got
within train 50 sha256 | sort >wanted
ok 'a head that is not trained by steps has shares too' cmp wanted got

# In a cross-validation it is a share of the other folds.
mc-split -q --folds 3 --keep test --shares 20,50 shares.tsv |
    mc-pack -q -o folds.tar
tar -xOf folds.tar __manifest__ >folds.tsv
run $train --backbone resnet18 --weights random --resize 32 --crop 32 \
    --fold 2 --share 20 -o fold.tar folds.tar
is_rc 0 'a share of the other folds'
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    $c["fold"] != "" && $c["fold"] != 2 && $c["share"] == 20 {
    print $c["sha256"] }' folds.tsv | sort >wanted
used fold.tar train >got
ok 'is what trains' cmp wanted got
ok 'and the message has both' grep -q \
    'images outside share 20, [0-9]* images of fold 2 and [0-9]* test images not used' err

# --- Metrics, differences, tables ---------------------------------------------

for share in 20 100; do
	$train -q --arm other --seed 2 --share $share -o other.tar features.tar
	mc-predict -q --model other.tar -o other$share.tsv features.tar
done
ok 'predictions name the share in their last column but one' test \
    "$(head -n 1 20.tsv | awk -F'\t' '{ print $(NF - 1), $NF }') $(column train_share <20.tsv | sort -u)" = \
    'train_share train_images 20'
mc-predict -q --model all.tar -o all.tsv features.tar
ok 'which is empty without one' test -z "$(column train_share <all.tsv | sort -u)"
mc-bootstrap -q --metrics accuracy --replicates 399 -o metrics.tsv 20.tsv 50.tsv 100.tsv
column train_share <metrics.tsv >got
is_file got 'each share has its row of metrics' <<'END'
100
20
50
END
mc-tex --format tsv metrics.tsv | head -n 4 | cut -f 4 >got
is_file got 'and its line in print, by size' <<'END'
Training share (%)
20
50
100
END
mc-compare -q --replicates 399 20.tsv 100.tsv other20.tsv other100.tsv |
    cut -f 7,8 >got
is_file got 'arms are compared within a share' <<'END'
arm_a	arm_b
other@100	resnet18/frozen@100
other@20	resnet18/frozen@20
END
mc-compare -q --replicates 399 --reference resnet18/frozen@100 20.tsv 50.tsv 100.tsv |
    cut -f 7,8 >got
is_file got 'or with the reference that is named' <<'END'
arm_a	arm_b
resnet18/frozen@20	resnet18/frozen@100
resnet18/frozen@50	resnet18/frozen@100
END
run mc-compare 20.tsv 50.tsv
fails 2 'mc-compare: task "t": no two arms are of one train_share: compare the others with one arm, as with --reference resnet18/frozen@20' \
    'an arm at two shares needs a reference'
run mc-power --metrics accuracy --reference resnet18/frozen --detect 0.1 \
    --replicates 399 20.tsv other20.tsv
is_rc 0 'mc-power finds a reference of one share'
run mc-power --metrics accuracy --reference other 20.tsv 100.tsv other20.tsv \
    other100.tsv
fails 2 'mc-power: --reference: task "t" has "other@100" and "other@20": give one of them' \
    'and asks for one of several'

# --- Refused --------------------------------------------------------------------

run $train --share 30 features.tar
fails 1 'mc-train: features.tar: no training image has the share 30: give one of those of mc-split --shares' \
    'a share that there is none of'
run $train --share 1 -o none.tar features.tar
fails 1 'mc-train: features.tar: no training image has the share 1: give one of those of mc-split --shares' \
    'nor any smaller one'
many=$((5 * $(nproc)))
if [ $many -le 1024 ]; then
	run $train --threads $many --share 30 -o none.tar features.tar
	ok 'far more threads than CPUs are said to be slow' \
	    grep -qx "mc-train: --threads $many: this process may use $(nproc) CPUs, and more threads than that make it slower" err
fi
run $train --share 101 features.tar
is_rc 2 'more than all'
mc-pack -q -o plain.tar manifest.tsv
small="--backbone resnet18 --weights random --resize 32 --crop 32"
run $train $small --share 20 plain.tar
fails 1 'mc-train: plain.tar: the manifest has no column "share" (mc-split --shares makes it)' \
    'a manifest without shares'
first=$(within train 100 id | head -n 1)
awk -F'\t' -v OFS='\t' -v id="$first" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    $1 == id { $c["share"] = "" } 1' shares.tsv | mc-pack -q -o gap.tar
run $train $small --share 20 gap.tar
fails 1 "mc-train: gap.tar: id \"$first\": no share: write the shares again with mc-split --shares" \
    'a training row without a share'
awk -F'\t' -v OFS='\t' -v id="$first" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    $1 == id { $c["share"] = "x" } 1' shares.tsv | mc-pack -q -o word.tar
run $train $small --share 20 word.tar
fails 1 "mc-train: word.tar: id \"$first\": column \"share\": \"x\" is not a number" \
    'a share that is no number'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR > 1 && $c["share"] != "" { $c["share"] = $c["label"] == "NORMAL" ? 20 : 100 } 1' \
    shares.tsv | mc-pack -q -o one.tar
run $train $small --share 20 one.tar
ok 'a share of one class' grep -q 'at least two classes are needed\|no training image of the class "OPACITY" in the share: give a larger --share' err

done_testing
