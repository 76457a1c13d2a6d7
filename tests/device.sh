#!/bin/sh
# device.sh - the tensor programs on $MC_DEVICE, held against the CPU: `make
# check-device` runs it on a machine with a GPU.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

: "${MC_DEVICE:=cuda}"
make_images 24 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv

# column_p FILE: the probabilities, one per line.
column_p() {
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^p:/) p[i] = 1
	    next } { for (i in p) print $i }' "$1"
}
# near LIMIT FILE FILE: the largest difference of two lists of numbers.
near() {
	paste "$2" "$3" | awk -v limit="$1" 'BEGIN { most = 0 } { d = $1 - $2; if (d < 0) d = -d
	    if (!(d <= most)) most = d; n++ }
	    END { print n " numbers, largest difference " most
		exit !(n > 0 && most <= limit) }'
}

for backbone in vgg16 resnet50 densenet121 dinov2_vits14 dinov2_vitb14 \
    dinov2_vitl14; do
	train="mc-train -q --backbone $backbone --weights random --seed 1"
	$train --regime frozen --epochs 10 --lr 0.001 -o cpu.tar images.tar
	run mc-predict -q --model cpu.tar --device cpu -o cpu.tsv images.tar
	is_rc 0 "$backbone: the CPU predicts"
	run mc-predict -q --model cpu.tar --device "$MC_DEVICE" -o gpu.tsv \
	    images.tar
	is_rc 0 "$backbone: so does the device"
	column_p cpu.tsv >p.cpu
	column_p gpu.tsv >p.gpu
	near 1 p.cpu p.gpu | sed "s/^/# $backbone: /"
	ok "$backbone: the probabilities agree to 1e-4" near 1e-4 p.cpu p.gpu
	mc-predict -q --model cpu.tar --device "$MC_DEVICE" -o again.tsv images.tar
	ok "$backbone: again, the same bytes" cmp gpu.tsv again.tsv
done

# At 56 pixels VGG's maps are smaller than its pool's grid, and DINOv2's
# positions are resampled: both have a gradient of their own on a GPU.
for backbone in vgg16 resnet18 densenet121 dinov2_vits14; do
	train="mc-train -q --backbone $backbone --weights random --resize 64 \
	    --crop 56 --regime finetune --select last --seed 1"
	for i in 1 2; do
		run $train --device "$MC_DEVICE" --epochs 2 --lr 0.0001 \
		    --log log.$i -o tuned.$i images.tar
		is_rc 0 "$backbone: the device fine-tunes, time $i"
	done
	ok "$backbone: twice, the same model" cmp tuned.1 tuned.2
	# Three steps of plain descent change each weight by its gradient.
	for device in cpu "$MC_DEVICE"; do
		$train --device $device --optimizer sgd --lr 0.001 --epochs 1 \
		    --batch 16 -o sgd.$device.tar images.tar
		mc-predict -q --model sgd.$device.tar --device cpu \
		    -o sgd.$device.tsv images.tar
		column_p sgd.$device.tsv >p.$device
	done
	near 1 p.cpu "p.$MC_DEVICE" | sed "s/^/# $backbone, fine-tuned: /"
	ok "$backbone: an epoch of descent agrees with the CPU's to 1e-3" \
	    near 1e-3 p.cpu "p.$MC_DEVICE"
done

done_testing
