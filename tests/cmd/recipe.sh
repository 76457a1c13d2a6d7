#!/bin/sh
# mc-train's recipes: schedules, losses and steps, against PyTorch's own.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 40 || { echo 'Bail out! no images'; exit 99; }
# One class has a third of its images.
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    NR == 2 { few = $c["label"] } $c["label"] != few || NR % 3 == 0' manifest.tsv >uneven.tsv
mc-pack -q -o images.tar uneven.tsv
network='--backbone resnet18 --weights random --resize 36 --crop 32 --threads 1'
mc-embed -q $network -o features.tar images.tar
mc-embed -q $network -o features.tsv images.tar
train='mc-train -q --regime frozen --threads 1 --optimizer sgd --lr 0.05 --batch 9 --epochs 7 --select last'
mc-train -q --regime frozen --threads 1 --lr 0 --epochs 1 --select last -o start.tar features.tar

input=features.tar
: >recipes
recipe() { # recipe NAME OPTION...: as recipe_peer.py has it
	name=$1
	shift
	echo "$name" >>recipes
	run $train "$@" --log "$name.log" -o model.tar $input
	is_rc 0 "$name: trains"
	ok "$name: mc-predict reads the model" \
	    mc-predict -q --model model.tar -o predictions.tsv $input
	cp model.tar "$name.tar"
}

# --- Schedules ----------------------------------------------------------------

recipe constant
for key in decay layer_decay unfreeze drop_path lora schedule warmup accumulate clip ema \
    class_weight label_smoothing focal sample; do
	records $key ''
done
recipe cosine --schedule cosine
records schedule cosine
recipe warmup --warmup 1.5
records warmup 1.5
recipe 'cosine, warmup' --schedule cosine --warmup 1.5
recipe step --schedule step:2:0.3
records schedule step:2:0.3
recipe 'step, warmup' --schedule step:2:0.3 --warmup 1.5
recipe one-cycle --schedule one-cycle
$train --schedule step -o model.tar features.tar
records schedule step:30:0.1
names='is not one of constant, cosine, step, step:EPOCHS, step:EPOCHS:FACTOR (EPOCHS at least 1, 0 < FACTOR <= 1), one-cycle'
for spec in '' cosin step: step:0 step:2: step:2:0 step:2:1.1 step:2:0.1:1 cosine:2; do
	refused "--schedule: \"$spec\" $names" --schedule "$spec"
done
refused '--warmup: the schedule one-cycle has its own' --schedule one-cycle --warmup 1
refused '--warmup 7: must be less than --epochs 7' --warmup 7

# --- Steps --------------------------------------------------------------------

recipe accumulate --schedule cosine --accumulate 3
records accumulate 3
recipe clip --clip 1.5
records clip 1.5
recipe ema --ema 0.9
records ema 0.9
recipe 'ema, cosine, accumulate' --ema 0.7 --schedule cosine --accumulate 3
refused '--ema 1: must be less than 1' --ema 1
averages() { # averages EPOCHS BATCHES DECAY: what is said of so many batches per step
	run mc-train ${train#mc-train -q} --epochs "$1" --accumulate "$2" --ema "$3" \
	    -o model.tar features.tar
	grep -e --ema err >said
}
averages 7 1 0.999
is_file said 'a moving average over more steps than there are: a decay that fits' <<'END'
mc-train: --ema 0.999 averages over about 1000 steps, more than the 28 of this training, so the first ones would dominate: give --ema 0.6 or less
END
averages 3 4 0.9
is_file said 'or that there is none' <<'END'
mc-train: --ema 0.9 averages over about 10 steps, more than the 3 of this training, so the first ones would dominate: leave out --ema
END
averages 5 2 0.9
ok 'over all steps is not too many' test ! -s said
$train --clip 0 -o model.tar features.tar
records clip ''

refused '--lr 1e+38: must be at most 1e+37' --optimizer adamw --lr 1e38
refused '--lr 1e+38: must be at most 1e+37' --optimizer adam --lr 1e38,0.1 --select loss

plain="mc-train -q --regime frozen --threads 1 --optimizer sgd --lr 0.05 --batch 9 --epochs 7 --select loss"
$plain --log plain.log -o model.tar features.tar
for patience in 1 3; do
	last=$(awk -F'\t' -v n=$patience '$2 == "val" {
		if (best == "" || $3 < best) { best = $3; at = $1 }
		if ($1 - at == n) { print $1; exit } last = $1 } END { print last }' plain.log | head -n 1)
	run $plain --patience $patience --log log.tsv -o model.tar features.tar
	awk -F'\t' -v last="$last" 'NR == 1 || $1 <= last' plain.log >wanted
	ok "patience $patience: ends after epoch $last, as the log says" cmp wanted log.tsv
	records patience $patience
done
ok 'a training without patience is longer' test "$(wc -l <plain.log)" -gt "$(wc -l <log.tsv)"
refused '--patience: with --select last no epoch is better than another' --patience 2

# --- Imbalance ----------------------------------------------------------------

printf 'weight\tclass\tnote\n' >weights.tsv
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
    !seen[$c["label"]]++ { printf "%s\t%s\t\n", n++ ? 0.25 : 2, $c["label"] }' uneven.tsv >>weights.tsv
recipe inverse --class-weights inverse
recipe effective --class-weights effective
recipe effective:0.9 --class-weights effective:0.9
recipe 'a file of weights' --class-weights weights.tsv
records class_weight "$(sed 1d weights.tsv | sort -k2,2 | cut -f 1 | paste -s -d,)"
recipe smoothing --label-smoothing 0.2
records label_smoothing 0.2
recipe 'weights, smoothing, accumulate' --class-weights weights.tsv --label-smoothing 0.2 --accumulate 3
recipe focal --focal 2
records focal 2
recipe 'weights, focal:0.5' --class-weights weights.tsv --focal 0.5
recipe balanced --sample balanced
records sample balanced

# One process for all: to import PyTorch and scikit-learn takes longer than to train.
"$PYTHON3" "$abs_srcdir/tests/cmd/recipe_peer.py" <recipes >peer 2>peer.err
verdicts peer
while read -r name; do
	ok "$name: PyTorch has compared" test "$(grep -cF "	$name: the " peer)" -eq 3
done <recipes

refused '--class-weights: "effective:1": a number from 0 to below 1 must follow the colon' \
    --class-weights effective:1
refused '--label-smoothing 1: must be less than 1' --label-smoothing 1
refused '--momentum is for --optimizer sgd' --momentum 0.5 --optimizer adam
refused '--momentum is for --optimizer sgd' --momentum 0 --optimizer adamw
weights() { # weights MESSAGE ROW...: a file that is refused
	message=$1
	shift
	printf 'class\tweight\n' >bad.tsv
	[ $# -eq 0 ] || printf '%b\n' "$@" >>bad.tsv
	run $train --class-weights bad.tsv -o model.tar features.tar
	fails 1 "mc-train: bad.tsv$message" "refused: $message"
}
a=$(sed -n 2p weights.tsv | cut -f 2) b=$(sed -n 3p weights.tsv | cut -f 2)
weights ": no weight of the class \"$a\"" "$b\t1"
weights ":3: \"x\" is not one of the classes" "$a\t1" "x\t1"
weights ":3: the class \"$a\" is given twice" "$a\t1" "$a\t1"
for x in 0 -1 '' nan; do
	weights ":2: column \"weight\": \"$x\" is not a number above 0" "$a\t$x"
done
run mc-train -q --regime frozen --class-weights Inverse -o model.tar no-images.tar
fails 1 'mc-train: --class-weights Inverse: No such file or directory: give inverse, effective, effective:BETA or a TSV' \
    'weights that are neither a word nor a file: before images are read'
run $train --lr -0 --weight-decay -0 -o model.tar features.tar
records lr 0
records weight_decay 0
mkdir folder
run mc-train -q --regime frozen --class-weights folder -o model.tar no-images.tar
fails 1 'mc-train: --class-weights folder: Is a directory: give inverse, effective, effective:BETA or a TSV' \
    'nor a folder'
printf 'class\n' >bad.tsv
run $train --class-weights bad.tsv -o model.tar features.tar
fails 1 'mc-train: bad.tsv: no column "weight"' 'weights without their column'

done_testing
