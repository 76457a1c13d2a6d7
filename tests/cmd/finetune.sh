#!/bin/sh
# mc-train --regime finetune against PyTorch's own training, epoch by epoch; the
# order of the rows; what of weights and steps is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 40 || { echo 'Bail out! no images'; exit 99; }
peer="$PYTHON3 $abs_srcdir/tests/cmd/finetune_peer.py"
resnet='mc-train -q --backbone resnet18 --threads 1'
split() { # split TRAIN VAL: that many rows, from the top, the rest test
	awk -F'\t' -v OFS='\t' -v train="$1" -v val="$2" '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 { $c["split"] = NR < train + 2 ? "train" : NR < train + val + 2 ? "val" : "test" } 1'
}

# --- The trajectory ------------------------------------------------------------

(head -n 1 manifest.tsv; sed 1d manifest.tsv | LC_ALL=C sort -t"$(printf '\t')" -k6,6) >mixed.tsv
split 52 20 <mixed.tsv >manifest.tsv
mc-pack -q -o images.tar manifest.tsv
$peer weights
rate=2e-6
tune="$resnet --weights net.pth --resize 64 --crop 64 --regime finetune --optimizer sgd --lr $rate --batch 17 --epochs 3"
$resnet --weights net.pth --resize 64 --crop 64 --regime frozen --lr 0 --epochs 1 \
    --select last -o start.tar images.tar
for decay in 0 0.7; do
	run $tune --ema $decay --log log.tsv -o tuned.tar images.tar
	is_rc 0 "three epochs of 52 images in batches of 17, the last of 1, --ema $decay"
	compared 'PyTorch has compared' $peer trajectory $rate $decay
done

# A head with dropout: vgg16, with a rate of 0, two epochs of two steps.
split 6 0 <manifest.tsv >few.tsv
mc-pack -q -o few.tar few.tsv
run mc-train -q --backbone vgg16 --weights random --threads 1 --resize 32 --crop 32 \
    --regime finetune --optimizer sgd --momentum 0 --lr 0 --epochs 2 --batch 4 --select last \
    --log vgg.log -o vgg.tar few.tar
is_rc 0 'vgg16, with dropout'
compared 'PyTorch has compared' $peer dropout
rm -f vgg.tar

# --- The order of the rows -----------------------------------------------------

(head -n 1 manifest.tsv; sed 1d manifest.tsv | LC_ALL=C sort -t"$(printf '\t')" -k1,1r) |
    mc-pack -q -o order.tar
small="$resnet --weights random --resize 36 --crop 32 --batch 16"
for regime in frozen finetune; do
	for tar in images order; do
		$small --regime $regime --epochs 2 --lr 0.01 -o model.tar $tar.tar
		rm -rf $tar.d && mkdir $tar.d && tar -xf model.tar -C $tar.d
	done
	if [ $regime = finetune ]; then
		ok "$regime: the order of the rows does not matter: the log" cmp images.d/log.tsv order.d/log.tsv
		ok "$regime: nor for the backbone" cmp images.d/backbone.safetensors order.d/backbone.safetensors
		ok "$regime: nor for the head" cmp images.d/head.safetensors order.d/head.safetensors
	else
		ok "$regime: the order of the rows does not matter, but for rounding" "$PYTHON3" -c '
import csv
a, b = (list(csv.DictReader(open(d + "/log.tsv"), delimiter="\t")) for d in ("images.d", "order.d"))
assert len(a) == len(b) == 4
for x, y in zip(a, b):
    assert all(abs(float(x[k]) - float(y[k])) < 1e-5 for k in x if k != "split"), (x, y)
'
	fi
	ok "$regime: nor for what is recorded of the images" cmp images.d/images.tsv order.d/images.tsv
done

# --- The number of threads ------------------------------------------------------

for net in resnet18 dinov2_vits14 'resnet18 --unfreeze 3' 'dinov2_vits14 --lora 4 --drop-path 0.5' convnext_tiny \
    'resnet18 --precision bf16' 'dinov2_vits14 --precision bf16'; do
	mc-train --backbone $net --weights random --resize 112 --crop 112 --regime finetune \
	    --epochs 1 --batch 4 --select last -o any.tar few.tar 2>err
	if grep -q 'another number gives another model' err; then
		skip "$net: any number of threads" "threads here change the order of sums"
		continue
	fi
	for threads in 1 2 3; do
		mc-train -q --backbone $net --weights random --threads $threads \
		    --resize 112 --crop 112 --regime finetune --epochs 1 --lr 0.01 \
		    --batch 4 --select last -o $threads.tar few.tar
		mc-predict -q --model $threads.tar --threads $threads -o $threads.tsv few.tar
		rm -rf $threads.d && mkdir $threads.d && tar -xf $threads.tar -C $threads.d
		for member in backbone.safetensors head.safetensors log.tsv; do
			ok "$net on $threads threads: the same $member" \
			    cmp 1.d/$member $threads.d/$member
		done
		ok 'and the same predictions' cmp 1.tsv $threads.tsv
		ok 'and the record, but for their number' test "$(diff 1.d/__model__ \
		    $threads.d/__model__ | grep -c '^[<>]')" -eq $((threads > 1 ? 2 : 0))
	done
done
mkdir any.d && tar -xf any.tar -C any.d
ok 'bf16 is recorded' grep -qx 'precision	bf16' any.d/__model__
ok 'and the weights are in float32' test "$(head -c 20000 any.d/backbone.safetensors | grep -ao '"dtype":"[A-Z0-9]*"' | sort -u)" = '"dtype":"F32"'
mc-predict -q --model any.tar --threads 1 -o any.tsv few.tar
mc-predict -q --model any.tar --threads 1 --precision float32 -o float32.tsv few.tar
ok 'and predict in float32 also, other probabilities' sh -c '! cmp -s any.tsv float32.tsv && test -s float32.tsv'

# --- What cannot be trained on --------------------------------------------------

# 16 + 16 + 1 images: at 32 pixels the last step has one value a channel.
split 33 10 <manifest.tsv | mc-pack -q -o one.tar
tiny="$resnet --weights random --resize 32 --crop 32 --regime finetune --epochs 1"
run $tiny --batch 16 -o one.model.tar one.tar
fails 1 'mc-train: one image of 32 x 32 pixels, which is left of 33 training images in batches of 16, gives batch norm one value per channel: give --batch 17, or a larger --crop' \
    'a batch of one image'
ok 'and leaves no model' test ! -e one.model.tar
run $tiny --batch 17 -o one.model.tar one.tar
is_rc 0 'the batch that is advised does'
run $tiny --batch 16 --resize 64 --crop 64 -o one.model.tar one.tar
is_rc 0 'and so does the crop'
run $tiny --batch 1 one.tar
is_rc 1 '--batch 1'
run $tiny --batch 65536 -o one.model.tar one.tar
is_rc 0 'a batch larger than the data takes no more room than they need'
split 50 0 <manifest.tsv | mc-pack -q -o noval.tar
run $resnet --weights random --resize 36 --crop 32 --regime frozen --epochs 1 --batch 1000 \
    --select last --optimizer sgd --lr 1e38 --weight-decay 1e6 -o diverged.tar noval.tar
ok 'a last step to what is not finite' grep -q '^mc-train: epoch 1, step 1: the parameter "head.[a-z]*" is not finite: try a smaller --lr than 1e+38$' err
is_rc 1 'is an error'
ok 'and nothing of it is saved' test ! -e diverged.tar

"$PYTHON3" - <<'EOT'
import torch
for name, tensor, value in (("nan", "layer3.0.conv2.weight", float("nan")),
                            ("minus", "layer1.0.bn1.running_var", -0.1),
                            ("huge", "conv1.weight", 3e38)):
    net = torch.load("net.pth")
    net[tensor].view(-1)[5:] = value
    torch.save(net, name + ".pth")
EOT
embed='mc-embed -q --backbone resnet18 --threads 1 --resize 36 --crop 32'
run $embed --weights nan.pth noval.tar
fails 1 "mc-embed: nan.pth: the weights' tensor \"layer3.0.conv2.weight\" holds a value that is not finite" \
    'weights that are not finite'
run $resnet --weights nan.pth --regime frozen noval.tar
ok 'for mc-train too' grep -q 'mc-train: nan.pth: .*layer3.0.conv2.weight' err
run $embed --weights minus.pth noval.tar
fails 1 "mc-embed: minus.pth: the weights' tensor \"layer1.0.bn1.running_var\" holds a variance below 0" \
    'a variance below 0'
run $embed --weights huge.pth -o huge.tsv noval.tar
ok 'features that are not finite: the id' grep -q '^mc-embed: noval.tar: id "[^"]*": the network.s output is not finite: its weights are too large$' err
ok 'and no table' test ! -e huge.tsv
run $resnet --weights huge.pth --regime frozen --resize 36 --crop 32 --select last noval.tar
ok 'for mc-train too' grep -q '^mc-train: noval.tar: id "[^"]*": the network.s output is not finite: its weights are too large$' err

# --- Weights that are not those they are taken for --------------------------------

cp net.pth resnet18-f37072fd.pth
run $resnet --weights resnet18-f37072fd.pth --regime frozen noval.tar
ok 'a published name with another digest' grep -q '^mc-train: resnet18-f37072fd.pth: .*SHA-256' err
is_rc 1 'is refused'

# The ImageNet head of the features lc is a file of its own, or in the backbone's:
# a model of the first is not computed with the second.
dino='mc-train -q --backbone dinov2_vits14 --features lc --threads 1 --resize 14 --crop 14 --epochs 1 --select last'
$dino --weights random --regime finetune -o lc.tar few.tar
tar -xOf lc.tar backbone.safetensors >lc.safetensors
$dino --weights lc.safetensors --regime frozen -o lc.tar few.tar
mc-predict -q --model lc.tar --weights lc.safetensors -o lc.tsv few.tar
rm -rf lc.d && mkdir lc.d && tar -xf lc.tar -C lc.d
zeros=$(printf %064d 0)
printf 'lc_weights	head.pth\nlc_weights_sha256	%s\n' "$zeros" >>lc.d/__model__
(cd lc.d && digest=$(cat __model__ images.tsv log.tsv head.safetensors | sha256sum | cut -c 1-64) &&
	sed -i "s/^sha256	.*/sha256	$digest/" __end__ &&
	tar -cf ../lc.tar __model__ images.tsv log.tsv head.safetensors __end__)
ok 'one with the head in the same file is' test -s lc.tsv
run mc-predict -q --model lc.tar --weights lc.safetensors few.tar
fails 1 "mc-predict: lc_weights: not the weights that the model was trained on: their SHA-256 is unknown, the model's $zeros" \
    'a head that the model was not trained on'

done_testing
