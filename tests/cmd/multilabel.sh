#!/bin/sh
# Multi-label data, from images to a comparison of two arms: one sigmoid per
# finding, against PyTorch's training of the same head and scikit-learn.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

have_python 'multi-label data' || done_testing
mc-phantom --task chest --patients 60 --size 64 -o images ||
    { echo 'Bail out! no images'; exit 99; }
# Opacities as they are drawn, and two findings of chance; some are uncertain.
mc-index --group 'patient[0-9]+' images | awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { l = $c["label"] != "OPACITY" ? "" : NR % 7 ? "Opacity" : "Opacity?"
      if (NR % 3 == 0) l = l (l == "" ? "" : "|") "Bright"
      if (NR % 5 == 0) l = l (l == "" ? "" : "|") (NR % 2 ? "Rare" : "Rare?")
      $c["label"] = l == "" ? "No Finding" : l; print }' >index.tsv
mc-split --multilabel --ratio train=60,val=20,test=20 -o manifest.tsv index.tsv
mc-pack -q -o images.tar manifest.tsv
network='--backbone resnet18 --weights random --resize 36 --crop 32 --threads 1'
mc-embed -q $network -o features.tar images.tar
mc-embed -q $network -o features.tsv images.tar
train='mc-train --multilabel --task chest --regime frozen --threads 1 --optimizer sgd --lr 0.05 --batch 9 --epochs 6'

tune='mc-train -q --backbone resnet18 --weights random --resize 36 --crop 32 --multilabel --regime finetune --batch 8 --epochs 2 --lr 0.001 --class-weights inverse'

# One process compares all at the end: to import PyTorch and scikit-learn takes longer
# than to train.
ask() { # ask NUMBER NAME ARGUMENT...: as many comparisons by multilabel_peer.py
	echo "$1	$2" >>asked
	shift 2
	for argument; do printf '%s\t' "$argument"; done >>questions
	echo >>questions
}
recipe() { # recipe NAME OPTION...: as multilabel_peer.py has it
	name=$1
	shift
	run $train -q --select auroc "$@" --epochs 6 --log "recipe.$name.log" -o kept.tar features.tar
	is_rc 0 "$name: trains"
	$train -q --select last "$@" -o model.tar features.tar
	mc-predict -q --model model.tar -o "recipe.$name.tsv" features.tar
	cp model.tar "recipe.$name.tar"
	ask 4 "$name" train "$name"
}

# --- Training -----------------------------------------------------------------

$train -q --lr 0 --epochs 1 --select last -o start.tar features.tar
recipe plain
records finding Bright,Opacity,Rare
records class ''
records uncertain ignore
records no_finding 'No Finding'
records class_weight ''
records task chest
recipe inverse --class-weights inverse
recipe effective:0.9 --class-weights effective:0.9
printf 'class\tweight\nRare\t4\nOpacity\t0.5\nBright\t2\n' >weights.tsv
recipe 'a file of weights' --class-weights weights.tsv
records class_weight 2,0.5,4
recipe smoothing --label-smoothing 0.2
recipe focal --focal 2
recipe 'weights, focal, smoothing' --class-weights weights.tsv --focal 0.5 --label-smoothing 0.2
recipe zero --uncertain zero
records uncertain zero
recipe one --uncertain one
recipe accumulate --class-weights inverse --accumulate 3

run $train -q --log log.tsv -o model.tar features.tar
records select loss
best=$(awk -F'\t' '$2 == "val" && (best == "" || $3 < best) { best = $3; at = $1 }
    END { print at }' log.tsv)
records epoch "$best"
run $train -q --lr 0.05,0.5 -o model.tar features.tar
records select loss
run $train -q --select f1:positive --log log.tsv -o model.tar features.tar
records select f1:positive
$train -q --select last -o model.tar features.tar
mc-predict -q --split val --model model.tar features.tar |
    mc-bootstrap -q --positive yes --metrics f1:positive --replicates 399 \
    --mean-over-findings >f1.tsv
awk -F'\t' 'NR == FNR { if ($1 == "chest") mean = $13; next }
    FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "f1:positive") c = i }
    $2 == "val" { value = $c; n++ }
    END { print n, ((mean - value) ^ 2 < 1e-18 && mean > 0) }' f1.tsv log.tsv >got
is_file got 'F1 of the images that have the finding, as mc-bootstrap has it' <<'END'
6 1
END
$train -q --classes Rare,Opacity,Bright --select last -o model.tar features.tar
records finding Rare,Opacity,Bright
$train -q --class-weights weights.tsv -o weighted.tar features.tar
$train -q --head mlp:7 -o mlp.tar features.tar

# --- What is said -------------------------------------------------------------

count() { # count SPLIT FINDING: rows with it, and rows where it is uncertain
	awk -F'\t' -v part="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	    $c["split"] == part { l = "|" $c["label"] "|"
		yes += index(l, "|" name "|") > 0; maybe += index(l, "|" name "?|") > 0 }
	    END { printf "%d%s", yes, maybe ? " (" maybe " uncertain)" : "" }' manifest.tsv
}
run $train --epochs 1 -o model.tar features.tar
sed -n 2p err >said
is_file said 'the training images of each finding are counted' <<END
mc-train: training images with each finding: Bright $(count train Bright), Opacity $(count train Opacity), Rare $(count train Rare)
END
ok 'no label set is named' test -z "$(grep '|' err)"
run $train -o model.tar features.tar
tail -n 1 err >said
is_file said 'a finding that no image is predicted to have is named' <<'END'
mc-train: chest, resnet18/frozen, seed 1: at a probability of 0.5 every validation image is predicted "no" for Rare: mc-threshold chooses other thresholds
END
# Which ones depends on the machine's rounding: the predictions say it.
run $train --class-weights inverse -o model.tar features.tar
tail -n 1 err >said
mc-predict -q --model model.tar --split val -o val.tsv features.tar
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    { n[$c["task"]]++; yes[$c["task"]] += $c["predicted"] == "yes" }
    END { split("Bright Opacity Rare", name, " ")
	for (i = 1; i <= 3; i++) { t = "chest:" name[i]
	    if (yes[t] == 0) no = no (no == "" ? "" : ", ") name[i]
	    if (yes[t] == n[t]) all = all (all == "" ? "" : ", ") name[i] }
	printf "mc-train: chest, resnet18/frozen, seed 1: at a probability of 0.5 every validation image is predicted "
	print (no != "" ? "\"no\" for " no (all != "" ? ", and " : "") : "") (all != "" ? "\"yes\" for " all : "") \
	    ": mc-threshold chooses other thresholds" }' val.tsv >wanted
ok 'and those that every image is predicted to have' grep -q '"yes" for' wanted
is_file said 'as the predictions have it' <wanted
label() { # label AWK: features with other labels
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
	    { l = $c["label"]; part = $c["split"]; '"$1"'; $c["label"] = l; print }' manifest.tsv >other.tsv
	mc-pack -q -o other.tar other.tsv
	mc-embed -q $network -o other.features.tar other.tar
}
label 'l = ""; for (k = 0; k < 21; k++) if ((NR + k * 7) % 5 == 0) l = l "|" "F" k; l = substr(l, 2)
    if (part != "test") l = l (l == "" ? "" : "|") (NR % 2 ? "More" : "No Finding")'
run $train --epochs 1 -o model.tar other.features.tar
ok 'of many findings two are named' grep -q '^mc-train: 22 findings: "F[0-9]*" has the fewest training images, [0-9]*, and "[A-Z0-9a-z]*" the most, [0-9]*$' err
run $train --lr 0 --epochs 1 -o model.tar other.features.tar
ok 'of many findings those predicted one way are counted' grep -qx 'mc-train: chest, resnet18/frozen, seed 1: at a probability of 0.5 every validation image is predicted "no" for [0-9]* of the 22 findings, and "yes" for [0-9]* of the 22 findings: mc-threshold chooses other thresholds' err
label 'if (part == "val" && l ~ /Rare/) l = "Bright"'
run $train --epochs 1 -o model.tar other.features.tar
ok 'a finding without a validation image' grep -qx 'mc-train: no validation image with the finding "Rare"' err
lone='mc-train: every image has one finding, and no label is "No Finding": leave out --multilabel if these are classes, or say with --no-finding which label means no finding'
label 'l = l ~ /Opacity/ ? "PNEUMONIA" : "NORMAL"'
run $train --epochs 1 -o model.tar other.features.tar
ok 'classes for findings are named' grep -qxF "$lone" err
run $train --epochs 1 --no-finding NORMAL -o model.tar other.features.tar
ok 'a word for no finding makes them findings' test -z "$(grep 'every image has one finding' err)"
run $train --epochs 1 --no-finding None -o model.tar other.features.tar
ok 'a word for no finding that no label has, where each has one' grep -qxF \
    "$(echo "$lone" | sed 's/No Finding/None/')" err
label 'l = l ~ /Opacity/ ? "PNEUMONIA|Mass" : "NORMAL"'
run $train --epochs 1 --no-finding None -o model.tar other.features.tar
ok 'or several' grep -qx 'mc-train: --no-finding "None": no label has this word' err
for word in 'NORMAL|PNEUMONIA' 'PNEUMONIA?' 'No Finding'; do
	label 'l = l !~ /Opacity/ ? "NORMAL" : NR % 8 ? "PNEUMONIA" : "'"$word"'"'
	run $train --epochs 1 -o model.tar other.features.tar
	ok "and so does a label $word" test "$rc" -eq 0 -a -z "$(grep 'every image has one finding' err)"
done
label 'l = NR % 2 ? "Rare|Bright" : "Bright"'
run mc-train --regime frozen --epochs 1 -o none other.features.tar
ok 'without --multilabel it is suggested' grep -qx 'mc-train: the label "Rare|Bright" is treated as a class of its own; give --multilabel to train on each finding' err

# --- Refused ------------------------------------------------------------------

usage() { # usage MESSAGE OPTION...
	message=$1
	shift
	run mc-train --regime frozen "$@" -o none features.tar
	fails 2 "mc-train: $message" "refused: $*"
}
refused() { # refused MESSAGE TAR OPTION...
	message=$1 tar=$2
	shift 2
	run $train -q "$@" -o none "$tar"
	fails 1 "mc-train: $message" "refused: $message"
}
usage '--head logistic is for one class per image: with --multilabel give linear or mlp:N' \
    --multilabel --head logistic
usage '--sample balanced is for one class per image: with --multilabel give --class-weights inverse' \
    --multilabel --sample balanced
usage '--uncertain needs --multilabel' --uncertain zero
usage '--no-finding needs --multilabel' --no-finding none
for word in '' 'a|b' 'none?'; do
	usage '--no-finding: the word must be UTF-8 without control bytes and "|", not empty, and not end in "?"' \
	    --multilabel --no-finding "$word"
done
usage '--classes: finding "Rare" is given twice' --multilabel --classes Rare,Opacity,Rare
refused 'features.tar: no training image with the finding "Absent": divide the images with mc-split --multilabel, or leave it out of --classes' features.tar \
    --classes Bright,Opacity,Rare,Absent
# Labels in the order of the tar.
run $train -q --classes Bright,Opacity -o none features.tar
ok 'a finding that is not declared' grep -q '^mc-train: features.tar: label ".*": "Rare" is not one of the findings: Bright, Opacity: take it out of the label, or add it to --classes$' err
label 'if (part == "train") l = l == "No Finding" ? "All" : l "|All"'
refused 'other.features.tar: no training image without the finding "All": divide the images with mc-split --multilabel, or leave it out of the labels' other.features.tar
label 'if (part == "train" && l != "No Finding") l = "Bright?"'
for as in ignore zero; do
	refused 'other.features.tar: no training image with the finding "Bright": --uncertain one counts those where it is uncertain' \
	    other.features.tar --uncertain $as
done
label 'if (part == "train") l = l ~ /Bright/ ? "Bright" : "Bright?"'
refused 'other.features.tar: no training image without the finding "Bright": --uncertain zero counts those where it is uncertain' \
    other.features.tar --uncertain one
label 'if (part == "train") l = "Bright?"'
refused 'other.features.tar: no training image with the finding "Bright": divide the images with mc-split --multilabel, or leave it out of the labels' \
    other.features.tar
label 'l = "No Finding"'
refused 'other.features.tar: no image outside the test split has a finding' other.features.tar
label 'if (part == "val") l = "No Finding"'
refused '--select auroc:macro has no value: no finding has validation images with it and without it: make some with mc-split, or give --select loss' \
    other.features.tar --select auroc
refused '--select recall:positive has no value: no finding has validation images with it and without it: make some with mc-split, or give --select loss' \
    other.features.tar --select recall:positive
run $train -q -o none other.features.tar
is_rc 0 'but the loss has one'
label 'if (part == "val") l = "Bright?|Opacity?|Rare?"'
refused '--select loss has no value: every finding of the validation images is uncertain: give --uncertain zero, --uncertain one or --select last' \
    other.features.tar
label 'if (part == "test" && l ~ /Rare/) l = "New"'
run mc-predict --model mlp.tar other.features.tar
ok 'mc-predict: a finding that the model does not know' \
    grep -q '^mc-predict: other.features.tar: id "[^"]*": label "New": "New" is not one of the findings: [^:]*: take it out of the label$' err

label 'if (part == "test") l = "Bright?|Opacity?|Rare?"'
run mc-predict --model mlp.tar -o uncertain.tsv other.features.tar
ok 'mc-predict: findings without a row are counted' \
    grep -qx "mc-predict: uncertain findings without a row: $((3 * $(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	$c["split"] == "test" { n++ } END { print n }' manifest.tsv))): the model was trained with --uncertain ignore" err

# --- One finding, and labels as they may be -----------------------------------

label 'l = l ~ /Opacity/ ? "Opacity" : "none"; if (part == "test" && NR % 2) l = ""'
run $train -q --no-finding none -o model.tar other.features.tar
records finding Opacity
records no_finding none
mc-predict -q --model model.tar -o predictions.tsv other.features.tar
ok 'one finding: one task' test "$(sed 1d predictions.tsv | cut -f 1 | sort -u)" = chest:Opacity
ok 'a row without a label has none' test "$(sed 1d predictions.tsv | cut -f 11 | sort -u | paste -s -d,)" = ,no,yes
label 'l = l ~ /Opacity/ ? "Opacity|No Finding" : "No Finding"'
$train -q --task '' -o model.tar other.features.tar
mc-predict -q --model model.tar -o predictions.tsv other.features.tar
ok 'without a task, the finding is the task' test "$(sed 1d predictions.tsv | cut -f 1 | sort -u)" = Opacity
# A step whose batch counts nothing.
label 'if (part == "train" && NR % 4 && l !~ /Rare/) l = "Bright?|Opacity?|Rare?"'
run $train -q --batch 1 --log log.tsv --select last -o model.tar other.features.tar
is_rc 0 'batches of which nothing counts'
ok 'and the loss is a number' test -z "$(grep -i nan log.tsv)"

# --- Prediction ---------------------------------------------------------------

$train -q --lr 3000 --select last -o model.tar features.tar
mc-predict -q --model model.tar -o wide.tsv features.tar
ask 2 'extreme logits' wide wide.tsv
mc-train -q $network --multilabel --task chest --regime frozen --optimizer sgd --lr 0.05 \
    --batch 9 --epochs 6 --head mlp:7 -o model.tar images.tar
ok 'a model of images is that of their features' cmp model.tar mlp.tar
mc-predict -q --threads 1 --model model.tar -o predictions.tsv images.tar
mc-predict -q --model model.tar -o features.predictions.tsv features.tar
ok 'and so are its predictions' cmp predictions.tsv features.predictions.tsv

# Logits so large that their mean is not that of the probabilities, which still differ.
$train -q --lr 5 --select last -o model.tar features.tar
mkdir mirrored
(cd images && find . -type d) | while read -r dir; do mkdir -p "mirrored/$dir"; done
"$PYTHON3" - <<'END'
import glob
from PIL import Image, ImageOps
for name in glob.glob("images/*/*.png"):
    ImageOps.mirror(Image.open(name)).save("mirrored/" + name[7:])
END
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { sub("^images", "mirrored", $c["path"]); $c["sha256"] = ""; print }' manifest.tsv |
    cut -f "$(head -n 1 manifest.tsv | tr '\t' '\n' | grep -nvx sha256 | cut -d : -f 1 | paste -s -d ,)" >mirrored.tsv
mc-pack -q -o mirrored.tar mirrored.tsv
mc-predict -q --threads 1 --model model.tar -o unmirrored.tsv images.tar
mc-predict -q --threads 1 --model model.tar -o mirrored.p.tsv mirrored.tar
mc-predict -q --threads 1 --model model.tar --tta flip -o both.tsv images.tar
ask 1 --tta tta unmirrored.tsv mirrored.p.tsv both.tsv

# --- Two arms -----------------------------------------------------------------

$train -q --arm plain -o plain.tar features.tar
$train -q --arm weighted --class-weights inverse -o weighted.tar features.tar
for arm in plain weighted; do
	mc-predict -q --model $arm.tar -o $arm.tsv features.tar
done
mc-bootstrap -q --metrics auroc --replicates 399 -o metrics.tsv plain.tsv
ask 1 mc-bootstrap bootstrap plain.tsv metrics.tsv
run mc-compare -q --reference plain --metrics auroc --replicates 399 plain.tsv weighted.tsv
is_rc 0 'mc-compare: two arms'
ok 'it compares them in each finding' test "$(sed 1d out | cut -f 1 | sort -u | grep chest: | paste -s -d,)" = chest:Bright,chest:Opacity,chest:Rare

# --- Folds, fine-tuning, threads ----------------------------------------------

mc-split --multilabel --folds 3 -o folds.tsv index.tsv
mc-pack -q -o folds.tar folds.tsv
mc-embed -q $network -o folds.features.tar folds.tar
$train -q --fold 2 -o model.tar folds.features.tar
records fold 2
mc-predict -q --model model.tar --fold 2 -o predictions.tsv folds.features.tar
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } $c["fold"] == 2 { print $c["id"] }' \
    folds.tsv | sort >wanted
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["id"] }' predictions.tsv | sort -u >found
ok 'the images of the fold are predicted' cmp wanted found

for n in 1 2 3; do
	$tune --threads $n --log $n.log -o $n.tar images.tar
	$train -q --threads $n --head mlp:7 -o frozen.$n.tar features.tar
	for tar in $n frozen.$n; do
		tar -xOf $tar.tar head.safetensors >$tar.head
	done
done
ok 'frozen: the same head on 2 and 3 threads' cmp frozen.1.head frozen.2.head
ok 'and on 3' cmp frozen.1.head frozen.3.head
mc-train ${tune#mc-train -q} -o any.tar images.tar 2>err
if grep -q 'another number gives another model' err; then
	skip 'finetune: any number of threads' 'threads here change the order of sums'
else
	ok 'finetune: the same head on 1 and 2 threads' cmp 1.head 2.head
	ok 'and on 3' cmp 1.head 3.head
fi
mc-predict -q --model 1.tar -o predictions.tsv images.tar
ok 'a fine-tuned model predicts each finding' test "$(sed 1d predictions.tsv | cut -f 1 | sort -u | paste -s -d,)" = Bright,Opacity,Rare

# --- The comparisons ------------------------------------------------------------

"$PYTHON3" "$abs_srcdir/tests/cmd/multilabel_peer.py" <questions >peer 2>peer.err
verdicts peer
while IFS='	' read -r number name; do
	ok "$name: the peer has compared" test "$(grep -cF "	$name" peer)" -eq "$number"
done <asked

done_testing
