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
    dinov2_vitl14 resnext50_32x4d efficientnet_b0 mobilenet_v3_large \
    dinov3_vits16 vit_base_patch16_siglip_224 swin_t convnext_tiny; do
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

# tuned NAME BACKBONE OPTION...: twice the same model, and that of the CPU.
tuned() {
	name=$1
	train="mc-train -q --backbone $2 --weights random --resize 64 --crop 56 \
	    --regime finetune --select last --seed 1"
	shift 2
	for i in 1 2; do
		run $train "$@" --device "$MC_DEVICE" --epochs 2 --lr 0.0001 \
		    --log log.$i -o tuned.$i $images
		is_rc 0 "$name: the device fine-tunes, time $i"
	done
	ok "$name: twice, the same model" cmp tuned.1 tuned.2
	# Three steps of plain descent change each weight by its gradient.
	for device in cpu "$MC_DEVICE"; do
		rm -f sgd.$device.tar sgd.$device.tsv
		$train "$@" --device $device --optimizer sgd --lr 0.001 \
		    --epochs 1 --batch 16 -o sgd.$device.tar $images
		mc-predict -q --model sgd.$device.tar --device cpu \
		    -o sgd.$device.tsv $images
		column_p sgd.$device.tsv >p.$device
	done
	near 1 p.cpu "p.$MC_DEVICE" | sed "s/^/# $name, fine-tuned: /"
	ok "$name: an epoch of descent agrees with the CPU's to 1e-3" \
	    near 1e-3 p.cpu "p.$MC_DEVICE"
}

# At 56 pixels VGG's maps are smaller than its pool's grid, and DINOv2's
# positions are resampled: both have a gradient of their own on a GPU.
images=images.tar
# Not a ResNet of 50 layers: at random weights it turns the rounding of another
# instruction set, on CPUs alone, into differences of 0.004 and more.
for backbone in vgg16 resnet18 densenet121 dinov2_vits14 efficientnet_b0; do
	tuned $backbone $backbone
done
tuned dinov3_vits16 dinov3_vits16 --crop 64
# Its maps have 14 pixels and 1, and its downsampling sees all of them.
tuned convnext_tiny convnext_tiny --resize 72 --crop 64
tuned 'mixup, cutmix and EMA' resnet18 --mixup 0.4 --cutmix 1 --ema 0.9 \
    --augment crop:0.8-1,flip,rotate:10
tuned 'focal loss with label smoothing' resnet18 --focal 2 \
    --label-smoothing 0.1 --class-weights inverse
tuned '--unfreeze of a CNN' resnet18 --unfreeze 3
tuned '--unfreeze, decay by depth, drop path' dinov2_vits14 --unfreeze 4 \
    --layer-decay 0.75 --decay weights --weight-decay 0.1 --drop-path 0.2
tuned 'LoRA' dinov2_vits14 --lora 4:8

# Several findings per image: what the labels say, and one of chance.
awk -F'\t' -v OFS='\t' '
    NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
    { l = $c["label"] == "OPACITY" ? "Opacity" : ""
      if (NR % 3 == 0) l = l (l == "" ? "" : "|") "Bright"
      $c["label"] = l == "" ? "No Finding" : l; print }' manifest.tsv |
    mc-pack -q -o findings.tar
images=findings.tar
tuned 'several findings' resnet18 --multilabel --class-weights inverse

# A TorchScript module: its features, and steps in which its batch norms move.
"$PYTHON3" - 2>log <<'END' || { cat log; echo 'Bail out! no module'; exit 99; }
import torch
torch.manual_seed(1)
net = torch.nn.Sequential(
    torch.nn.Conv2d(3, 8, 3, stride=2), torch.nn.BatchNorm2d(8),
    torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(),
    torch.nn.Linear(8, 16))
torch.jit.script(net).save("module.pt")
END
images=images.tar
view='--resize 64 --crop 56 --mean 0.5,0.5,0.5 --std 0.25,0.25,0.25'
for device in cpu "$MC_DEVICE"; do
	run mc-embed -q --backbone module.pt $view --device $device \
	    -o module.tsv $images
	is_rc 0 "module.pt: $device computes features"
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^f[0-9]/) f[i] = 1
	    next } { for (i in f) print $i }' module.tsv >p.$device
	rm -f module.$device.tar
	mc-train -q --regime finetune --backbone module.pt $view --select last \
	    --seed 1 --device $device --optimizer sgd --lr 0.001 --epochs 1 \
	    --batch 16 -o module.$device.tar $images
	mc-predict -q --model module.$device.tar --device cpu -o out.tsv $images
	column_p out.tsv >trained.$device
done
ok 'module.pt: the features agree to 1e-4' near 1e-4 p.cpu "p.$MC_DEVICE"
ok "module.pt: an epoch of descent agrees with the CPU's to 1e-3" \
    near 1e-3 trained.cpu "trained.$MC_DEVICE"

# Without gradients: neighbours, and the mean over views.
mc-train -q --backbone resnet18 --weights random --regime frozen --head knn \
    --k 5,10 -o knn.tar images.tar
mc-train -q --backbone resnet18 --weights random --regime frozen --epochs 10 \
    --lr 0.001 -o linear.tar images.tar
for what in 'knn.tar' 'linear.tar --tta flip' \
    'linear.tar --tta crop:0.8-1,rotate:10 --tta-views 3'; do
	for device in cpu "$MC_DEVICE"; do
		run mc-predict -q --model $what --device $device -o out.tsv \
		    images.tar
		is_rc 0 "$what: $device predicts"
		column_p out.tsv >p.$device
	done
	near 1 p.cpu "p.$MC_DEVICE" | sed "s/^/# $what: /"
	ok "$what: the probabilities agree to 1e-4" \
	    near 1e-4 p.cpu "p.$MC_DEVICE"
done

done_testing
