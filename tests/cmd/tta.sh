#!/bin/sh
# mc-predict --tta: probabilities averaged over views, against the views as
# images of their own: Pillow's mirror images, and those of --augment-preview.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

have_python 'views' || done_testing
peer="$PYTHON3 $abs_srcdir/tests/cmd/tta_peer.py"
make_images 16 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
net='mc-train -q --backbone resnet18 --weights random --resize 64 --crop 64 --threads 1'
# The model has seen none of the images.
mc-phantom --task chest --patients 8 --size 64 --seed 9 -o seen
mc-index seen | mc-split -q --ratio train=80,val=10,test=10 | mc-pack -q -o seen.tar
$net --regime finetune --epochs 1 --lr 0.001 --select last -o model.tar seen.tar
predict='mc-predict -q --model model.tar'
arm() {
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next } { print $c["arm"] }' "$1" | sort -u
}

# --- Mirror images ---------------------------------------------------------------

$peer mirror
mc-pack -q -o mirrored.tar mirrored.tsv
$predict -o mirrored.out.tsv mirrored.tar
$predict -o plain.tsv images.tar
for list in flip vflip flip,vflip; do
	run $predict --tta $list -o "$list.tsv" images.tar
	is_rc 0 "--tta $list"
	compared 'the peer has come to its end' $peer mirrored "$list"
	ok 'the arm says so' test "$(arm "$list.tsv")" = "resnet18/finetune+tta:$(echo $list | tr , +)"
done
run mc-compare -q --metrics accuracy plain.tsv flip.tsv
is_rc 0 'a model is compared with itself'
ok 'by its two arms' grep -q 'resnet18/finetune	resnet18/finetune+tta:flip' out
$predict --tta flip --arm mirrored -o named.tsv images.tar
ok '--arm names it otherwise' test "$(arm named.tsv)" = mirrored
$predict --arm plain -o named.tsv images.tar
ok 'also without --tta' test "$(arm named.tsv)" = plain

# --- Views that are drawn ----------------------------------------------------------

words=crop:0.5-1,flip,rotate:20,jitter:0.3,erase:0.5
mc-train -q --backbone resnet18 --weights random --resize 64 --crop 64 --threads 1 --regime finetune \
    --epochs 1 --select last --seed 5 --augment $words --augment-preview preview.tar -o other.tar images.tar
$predict --split all -o preview.tsv preview.tar
run $predict --tta $words --tta-views 6 --tta-seed 5 --split train -o drawn.tsv images.tar
is_rc 0 'views that are drawn'
compared 'the peer has come to its end' $peer drawn
ok 'the arm says so' test "$(arm drawn.tsv)" = 'resnet18/finetune+tta:crop:0.5-1+flip+rotate:20+jitter:0.3+erase:0.5*6'
for threads in 2 3; do
	$predict --tta $words --tta-views 6 --tta-seed 5 --split train --threads $threads --batch $((threads + 1)) -o again.tsv images.tar
	ok "$threads threads and another batch: the same classes" test "$(cut -f 9,12 drawn.tsv | cksum)" = "$(cut -f 9,12 again.tsv | cksum)"
done
{ head -n 1 manifest.tsv; tail -n +2 manifest.tsv | tac; } >reversed.tsv
mc-pack -q -o reversed.tar reversed.tsv
$predict --batch 1 --tta $words --split train -o one.tsv images.tar
$predict --batch 1 --tta $words --split train reversed.tar | { read -r line; echo "$line"; tac; } >again.tsv
ok 'nor does the order of the rows matter' cmp one.tsv again.tsv
ok 'there are eight views' test "$(arm one.tsv | sed 's/.*\*//')" = 8
$predict --batch 1 --tta $words --tta-seed 1 --split train -o again.tsv images.tar
ok 'of seed 1' cmp one.tsv again.tsv
$predict --batch 1 --tta $words --tta-seed 2 --split train -o again.tsv images.tar
ok 'another seed draws others' sh -c '! cmp -s one.tsv again.tsv'

# --- What is refused ----------------------------------------------------------------

run $predict --tta spin images.tar
is_rc 2 'an unknown word'
ok 'is named' grep -q '^mc-predict: --tta: .*spin' err
run $predict --tta flip --tta-views 4 images.tar
fails 2 'mc-predict: --tta: "flip" has each view once, and needs no number of them (see mc-predict --help)' 'a number of mirror images'
run $predict --tta-views 4 images.tar
fails 2 'mc-predict: --tta-views needs --tta (see mc-predict --help)' '--tta-views alone'
run $predict --tta-seed 4 images.tar
fails 2 'mc-predict: --tta-seed needs --tta (see mc-predict --help)' '--tta-seed alone'
run $predict --arm '' images.tar
fails 2 'mc-predict: --arm: a name must be UTF-8 without control bytes, and not empty (see mc-predict --help)' 'an arm without a name'
mc-embed -q --backbone resnet18 --weights random --resize 64 --crop 64 -o features.tar images.tar
mc-train -q --regime frozen --head knn --k 3 -o frozen.tar features.tar
run mc-predict -q --model frozen.tar --tta flip features.tar
fails 2 'mc-predict: features.tar: has features: --tta needs the image tar (see mc-predict --help)' 'views of features'
run mc-predict -q --model frozen.tar --tta flip images.tar
is_rc 0 'nearest neighbours of two views'
ok 'give finite probabilities' sh -c '! grep -i "nan\|inf" out'

done_testing
