#!/bin/sh
# mc-train --augment: the training images alone are changed, in the same way
# whatever the threads and however they are kept.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 14 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
tune='mc-train -q --regime finetune --weights random --batch 5 --epochs 2'
resnet="$tune --backbone resnet18 --resize 72 --crop 64 --lr 0.001"
list=crop:0.3-1,flip,vflip,rotate:15,jitter:0.3,erase:0.5

unpack() { # unpack NAME: the parts of model.tar that are no record
	rm -rf "$1"
	mkdir "$1" && tar -xf model.tar -C "$1" backbone.safetensors \
	    head.safetensors log.tsv
}
same_model() { # same_model NAME OPTION...: as the first
	name=$1
	shift
	run $resnet --augment $list "$@" -o model.tar images.tar
	is_rc 0 "$name: trains"
	unpack other
	ok "$name: the same model and log" diff -r first other
}

# --- The same bytes -----------------------------------------------------------

run $resnet --augment $list --threads 1 -o model.tar images.tar
is_rc 0 'an augmented training'
unpack first
tar -xOf model.tar __model__ | grep '^augment' >recorded
is_file recorded 'the model records the list' <<END
augment	$list
END
same_model '2 threads' --threads 2
same_model '3 threads' --threads 3
same_model '--keep files' --threads 1 --keep files
same_model '--keep files, 3 threads' --threads 3 --keep files
run $resnet --augment erase:0.5,jitter:.3,vflip,crop:0.3-1.0,rotate:15,flip --threads 1 -o again.tar images.tar
run $resnet --augment $list --threads 1 -o model.tar images.tar
ok 'the order of the words does not matter' cmp model.tar again.tar
run $resnet --augment $list --seed 2 --threads 1 -o model.tar images.tar
unpack other
ok 'another seed gives another model' sh -c '! diff -r first other'
for words in flip rotate:20; do # need the crop alone
	run $resnet --augment $words --threads 1 --epochs 1 -o model.tar images.tar
	unpack first
	run $resnet --augment $words --threads 2 --epochs 1 --keep files -o model.tar images.tar
	unpack other
	ok "$words: kept as pixels or as files" diff -r first other
done

# --- The preview ----------------------------------------------------------------

run $resnet --augment flip --seed 3 --threads 1 -o model.tar images.tar
cp model.tar plain.tar
run $resnet --augment flip --seed 3 --threads 1 --augment-preview preview.tar -o model.tar images.tar
is_rc 0 'a preview, and a training'
ok 'the model is the same' cmp plain.tar model.tar
compared 'Pillow has compared' "$PYTHON3" "$abs_srcdir/tests/cmd/augment_peer.py" manifest.tsv 3
for keep in pixels files; do
	run $resnet --augment $list --threads 2 --keep $keep --epochs 1 --augment-preview $keep.tar \
	    -o model.tar images.tar
done
ok 'the preview does not depend on --keep' cmp pixels.tar files.tar
run $resnet --epochs 1 --lr 1e30 --augment flip --augment-preview stays.tar -o none.tar images.tar
ok 'it is there before the first step' test -s stays.tar -a ! -e none.tar
mc-train -q --regime finetune --weights random --backbone resnet18 --epochs 1 --resize 64 --crop 64 \
    --select last --classes NORMAL,OPACITY --augment vflip -o model.tar preview.tar 2>err
ok 'the preview is an image tar' grep -q 'the manifest has no column "split"' err
run $resnet --augment-preview preview.tar -o model.tar images.tar
fails 2 'mc-train: --augment-preview needs --augment' 'a preview of nothing'

# --- Training images alone ------------------------------------------------------
# A network that keeps no running means, and does not learn.

still="$tune --backbone dinov2_vits14 --resize 40 --crop 28 --lr 0 --threads 1"
run $still --log plain.tsv -o plain.tar images.tar
for words in crop:0.3-0.5 flip jitter:0.5; do
	run $still --augment $words --log log.tsv -o model.tar images.tar
	for split in train val; do
		for file in plain log; do
			awk -v which=$split '$2 == which { print $1, $3 }' \
			    $file.tsv >$file.$split
		done
	done
	ok "$words: validation images are as they are" cmp plain.val log.val
	ok "$words: training images are not" sh -c '! cmp plain.train log.train'
	ok "$words: and in each epoch others" test "$(cut -d' ' -f2 log.train | sort -u |
	    wc -l)" -eq 2
done
tar -xOf plain.tar __model__ >recorded
ok 'a model without augmentation records none' sh -c '! grep augment recorded'

# --- What is refused ------------------------------------------------------------

run mc-train --backbone resnet18 --regime frozen --augment flip -o model.tar images.tar
fails 2 "mc-train: --augment is for --regime finetune: a frozen backbone's features are computed once" \
    'frozen features'
run $resnet --augment flip,blur -o model.tar images.tar
fails 2 'mc-train: --augment: "blur" is not an augmentation: they are crop:A-B, flip, vflip, rotate:X, trivial, jitter:X, erase:P' \
    'an unknown word'
run $resnet --augment rotate:200 -o model.tar images.tar
fails 2 'mc-train: --augment: rotate: 200 is not between 0 and 180' 'a number'

done_testing
