#!/bin/sh
# mc-train's recipes: schedules, losses and steps, against PyTorch's own.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 40 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
network='--backbone resnet18 --weights random --resize 36 --crop 32 --threads 1'
mc-embed -q $network -o features.tar images.tar
mc-embed -q $network -o features.tsv images.tar
train='mc-train -q --regime frozen --threads 1 --optimizer sgd --lr 0.05 --batch 9 --epochs 7 --select last'
mc-train -q --regime frozen --threads 1 --lr 0 --epochs 1 --select last -o start.tar features.tar

recipe() { # recipe NAME OPTION...: as recipe_peer.py has it
	name=$1
	shift
	run $train "$@" --log log.tsv -o model.tar features.tar
	is_rc 0 "$name: trains"
	"$PYTHON3" "$abs_srcdir/tests/cmd/recipe_peer.py" "$name" model.tar start.tar log.tsv \
	    >peer 2>peer.err
	while IFS='	' read -r verdict what; do
		case $verdict in
		ok) pass "$what" ;;
		*) fail "$what" peer peer.err ;;
		esac
	done <peer
	ok "$name: PyTorch has compared" test "$(wc -l <peer)" -eq 3
}
records() { # records KEY VALUE: in the last model
	ok "the model records $1 ${2:-not}" test "$(tar -xOf model.tar __model__ |
	    awk -F'\t' -v key="$1" '$1 == key { print $2 }')" = "$2"
}
refused() { # refused MESSAGE OPTION...
	message=$1
	shift
	run $train "$@" -o model.tar features.tar
	fails 2 "mc-train: $message" "refused: $*"
}

# --- Schedules ----------------------------------------------------------------

recipe constant
for key in schedule warmup accumulate clip; do
	records $key ''
done
recipe cosine --schedule cosine
records schedule cosine
recipe warmup --warmup 1.5
records warmup 1.5
recipe 'cosine, warmup' --schedule cosine --warmup 1.5
recipe step --schedule step:2:0.3
records schedule step:2:0.3
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

done_testing
