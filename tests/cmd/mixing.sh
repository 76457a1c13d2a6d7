#!/bin/sh
# mc-train --mixup, --cutmix: against PyTorch with torchvision's formulas; what is
# recorded and refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 40 || { echo 'Bail out! no images'; exit 99; }
"$PYTHON3" "$abs_srcdir/tests/cmd/finetune_peer.py" weights
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    NR > 1 { $c["split"] = NR % 3 ? "train" : "val" } 1' manifest.tsv >mixed.tsv
head -n 61 mixed.tsv >manifest.tsv
mc-pack -q -o images.tar manifest.tsv
resnet='mc-train -q --backbone resnet18 --weights net.pth --resize 64 --crop 64 --threads 1'
rate=2e-6
tune="$resnet --regime finetune --optimizer sgd --lr $rate --batch 17 --epochs 2 --select last"
$resnet --regime frozen --lr 0 --epochs 1 --select last -o start.tar images.tar
mixed() { # mixed NAME ARGUMENT...: what the peer says
	name=$1
	shift
	"$PYTHON3" "$abs_srcdir/tests/cmd/mixing_peer.py" "$@" >peer 2>peer.err
	verdicts peer "$name: "
	ok "$name: PyTorch has compared" test "$(wc -l <peer)" -ge 2
}

mixed draws draws
printf 'class\tweight\nNORMAL\t0.5\nOPACITY\t2\n' >weights.tsv
run $tune --mixup 0.4 --log log.tsv -o model.tar images.tar
is_rc 0 'mixup'
ok 'is recorded' test "$(key model.tar mixup) $(key model.tar cutmix)" = '0.4 '
mixed mixup $rate 0.4 0 0
run $tune --cutmix 1 --log log.tsv -o model.tar images.tar
is_rc 0 'cutmix'
ok 'is recorded' test "$(key model.tar mixup) $(key model.tar cutmix)" = ' 1'
mixed cutmix $rate 0 1 0
run $tune --mixup 0.4 --cutmix 1 --label-smoothing 0.1 --class-weights weights.tsv \
    --log log.tsv -o model.tar images.tar
is_rc 0 'both, with label smoothing and class weights'
mixed both $rate 0.4 1 0.1 0.5,2
run $tune --mixup 0.4 --cutmix 1 --batch 5 --accumulate 3 --threads 1 --log one.tsv -o model.tar images.tar
is_rc 0 'both, with several batches per step'
run $tune --mixup 0.4 --cutmix 1 --batch 5 --accumulate 3 --threads 3 --log three.tsv -o model.tar images.tar
ok 'and three threads' cmp one.tsv three.tsv
for option in --mixup --cutmix; do
	run $resnet --regime frozen $option 0.4 -o none images.tar
	fails 2 "mc-train: --mixup and --cutmix are for --regime finetune: a frozen backbone's features are computed once (see mc-train --help)" \
	    "$option of features"
done
ok 'nothing is written' test ! -e none

done_testing
