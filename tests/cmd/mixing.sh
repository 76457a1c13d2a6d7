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

mixed draws --draws
printf 'class\tweight\nNORMAL\t0.5\nOPACITY\t2\n' >weights.tsv
run $tune --mixup 0.4 --log log.tsv -o model.tar images.tar
is_rc 0 'mixup'
ok 'is recorded' test "$(key model.tar mixup) $(key model.tar cutmix)" = '0.4 '
mixed mixup --rate $rate --mixup 0.4
run $tune --cutmix 1 --log log.tsv -o model.tar images.tar
is_rc 0 'cutmix'
ok 'is recorded' test "$(key model.tar mixup) $(key model.tar cutmix)" = ' 1'
mixed cutmix --rate $rate --cutmix 1
run $tune --mixup 0.4 --cutmix 1 --label-smoothing 0.1 --class-weights weights.tsv \
    --log log.tsv -o model.tar images.tar
is_rc 0 'both, with label smoothing and class weights'
mixed both --rate $rate --mixup 0.4 --cutmix 1 --smoothing 0.1 --weights 0.5,2
run $tune --mixup 0.4 --cutmix 1 --focal 2 --label-smoothing 0.1 --class-weights weights.tsv \
    --log log.tsv -o model.tar images.tar
is_rc 0 'both, with focal also'
mixed focal --rate $rate --mixup 0.4 --cutmix 1 --focal 2 --smoothing 0.1 --weights 0.5,2
run $tune --mixup 0.4 --cutmix 1 --batch 5 --accumulate 3 --threads 1 --log one.tsv -o model.tar images.tar
is_rc 0 'both, with several batches per step'
run $tune --mixup 0.4 --cutmix 1 --batch 5 --accumulate 3 --threads 3 --log three.tsv -o model.tar images.tar
ok 'and three threads' cmp one.tsv three.tsv
for option in --mixup --cutmix; do
	run $resnet --regime frozen $option 0.4 -o none images.tar
	fails 2 "mc-train: --mixup and --cutmix are for --regime finetune: a frozen backbone's features are computed once (see mc-train --help)" \
	    "$option of features"
done

# --- Several findings ---------------------------------------------------------

awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { l = $c["label"] != "OPACITY" ? "" : NR % 4 ? "Opacity" : "Opacity?"
      if (NR % 7 < 3) l = l (l == "" ? "" : "|") "Bright"
      if (NR % 5 == 0) l = l (l == "" ? "" : "|") (NR % 2 ? "Rare" : "Rare?")
      $c["label"] = l == "" ? "No Finding" : l; print }' manifest.tsv >findings.tsv
mv findings.tsv manifest.tsv
mc-pack -q -o findings.tar manifest.tsv
printf 'class\tweight\nBright\t0.5\nOpacity\t2\nRare\t3\n' >weights.tsv
$resnet --multilabel --regime frozen --lr 0 --epochs 1 --select last -o start.findings.tar findings.tar
several="$tune --multilabel --log log.tsv -o model.tar"
same="--findings --start start.findings.tar --rate $rate"
run $several --mixup 0.4 findings.tar
is_rc 0 'findings: mixup'
mixed 'findings, mixup' $same --mixup 0.4
run $several --cutmix 1 --label-smoothing 0.1 --class-weights weights.tsv --batch 5 \
    --accumulate 3 findings.tar
is_rc 0 'findings: cutmix, with smoothing, weights and several batches per step'
mixed 'findings, cutmix' $same --cutmix 1 --smoothing 0.1 --weights 0.5,2,3 --batch 5 --accumulate 3
run $several --mixup 0.4 --cutmix 1 --focal 2 --class-weights weights.tsv findings.tar
is_rc 0 'findings: both, with focal'
mixed 'findings, focal' $same --mixup 0.4 --cutmix 1 --focal 2 --weights 0.5,2,3
cp log.tsv one.tsv
run $several --mixup 0.4 --cutmix 1 --focal 2 --class-weights weights.tsv --threads 3 findings.tar
is_rc 0 'findings: three threads'
ok 'change nothing' cmp log.tsv one.tsv
ok 'nothing is written' test ! -e none

done_testing
