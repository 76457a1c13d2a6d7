#!/bin/sh
# --backbone FILE.pt: a TorchScript module in mc-embed, mc-train and mc-predict,
# against PyTorch, and what is no such module.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 20 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
peer="$PYTHON3 $abs_srcdir/tests/cmd/torchscript_peer.py"
$peer modules 2>log || { cat log; echo 'Bail out! no modules'; exit 99; }
statistics='--mean 0.5,0.4,0.3 --std 0.25,0.5,1'
view="--resize 36 --crop 32 $statistics"
embed="mc-embed -q --threads 1"
train="mc-train -q --threads 1 --optimizer sgd --lr 0.05 --batch 7"
input=images.tar
about() { # about TAR: its __features__, without what this machine adds
	tar -xOf "$1" __features__ | grep -v '^\(device\|libraries\|version\|manifest_sha256\)	'
}

# --- Features -------------------------------------------------------------------

$embed --backbone pixels.pt --resize 40 --crop 32 --filter bicubic $statistics -o pixels.tsv images.tar
compared 'torchvision has compared' $peer pixels
$embed --backbone resnet18.pt $view -o traced.tsv images.tar
$embed --backbone resnet18 --weights net.pth $view -o built.tsv images.tar
compared 'PyTorch has compared' $peer features
run $embed --backbone resnet18.pt $view -o features.tar images.tar
is_rc 0 'features in a tar'
about features.tar >made
is_file made 'which says how they were made' <<END
key	value
backbone	resnet18.pt
batch	16
dim	512
family	TorchScript
features	forward
format	1
images_bad	0
precision	float32
preprocess	resize=36 crop=32 filter=bilinear mean=0.5,0.4,0.3 std=0.25,0.5,1
threads	1
weights	resnet18.pt
weights_sha256	$(sha256sum <resnet18.pt | cut -c 1-64)
END
run $embed --backbone prints.pt $view images.tar
ok 'what a module prints is not among them' sh -c '! grep -q printed out'
run $embed --backbone warns.pt $view images.tar
is_rc 0 'a module that warns'
ok 'of which nothing is said' test ! -s err
run $embed --backbone half.pt $view -o half.tsv images.tar
is_rc 0 'a module in half precision is computed in float32'
run $embed --backbone wide.pt $view --precision float32 -o wide.tsv images.tar
is_rc 0 'a module with parameters of no element that returns float64'
run $embed --backbone .pt $view images.tar
fails 2 'mc-embed: unknown backbone ".pt": mc-embed --list prints the names; the name of a TorchScript module ends in .pt' \
    'an ending is no name'

# --- Frozen -----------------------------------------------------------------------

$train --regime frozen --backbone resnet18.pt $view --epochs 2 -o frozen.tar images.tar
run $train --regime frozen --epochs 2 -o model.tar features.tar
ok 'a model of the module is that of its features, byte for byte' cmp frozen.tar model.tar
records family TorchScript
records arm resnet18.pt/frozen
run $train --regime frozen --backbone resnet18.pt $view --epochs 2 -o again.tar features.tar
ok 'the module of the features may be given' cmp frozen.tar again.tar
run $train --regime frozen --backbone small.pt $view -o none.tar features.tar
fails 2 "mc-train: --backbone small.pt: its SHA-256 is $(sha256sum <small.pt | cut -c 1-64), and features.tar was made with $(sha256sum <resnet18.pt | cut -c 1-64)" \
    'another not'
cp resnet18.pt moved.bin
run mc-predict -q --threads 1 --model frozen.tar --weights moved.bin -o frozen.tsv images.tar
is_rc 0 'mc-predict wants the file, under whatever name'
mc-predict -q --threads 1 --model frozen.tar -o features.predicted features.tar
ok 'and predicts the same from its features' cmp frozen.tsv features.predicted
run mc-predict -q --model frozen.tar images.tar
fails 2 'mc-predict: the model was trained on the TorchScript module resnet18.pt, which it does not hold: give that file with --weights' \
    'without the file'
run mc-predict -q --model frozen.tar --weights small.pt images.tar
fails 1 "mc-predict: small.pt: not the weights that the model was trained on: their SHA-256 is $(sha256sum <small.pt | cut -c 1-64), the model's $(sha256sum <resnet18.pt | cut -c 1-64): give their file with --weights" \
    'with another file'
run mc-predict -q --model frozen.tar --weights resnet18.pt --precision bf16 images.tar
fails 2 "mc-predict: --precision bf16: the model's TorchScript module computes in types of its own" 'in bf16'

# --- Fine-tuned -------------------------------------------------------------------

tune="$train --regime finetune --backbone small.pt $view --epochs 3 --select last"
$train --regime frozen --lr 0 --backbone small.pt $view --epochs 1 --select last -o start.tar images.tar
run $tune --log small.log -o small.tar images.tar
is_rc 0 'fine-tunes'
compared 'PyTorch has compared' $peer steps
run $train --regime finetune --backbone ends.pt $view --epochs 3 --select last --log ends.log -o ends.tar images.tar
is_rc 0 'fine-tunes a module that returns float64'
ok 'in float32' cmp small.log ends.log
run $tune --backbone last.pt --log last.log -o last.tar images.tar
is_rc 0 'fine-tunes a module whose kernels have their channels innermost'
ok 'as one of the usual order' cmp small.log last.log
tar -xOf small.tar backbone.safetensors >1
tar -xOf last.tar backbone.safetensors >2
ok 'and keeps the same parameters' cmp 1 2
tar -xOf small.tar module.pt >stored.pt
ok 'the model holds the module' cmp small.pt stored.pt
mkdir elsewhere && cp small.tar images.tar elsewhere
(cd elsewhere && run mc-predict -q --threads 1 --model small.tar -o predictions.tsv images.tar
 echo "$rc" >rc && cat err)
ok 'mc-predict needs no other file' grep -qx 0 elsewhere/rc
run mc-predict -q --model small.tar --weights small.pt images.tar
fails 2 'mc-predict: --weights is for models without their pretrained backbone; this one holds its own weights' \
    'and takes none'
mc-train --regime finetune --backbone small.pt $view --epochs 1 --select last -o threads.tar images.tar 2>err
ok 'another number of threads is warned of' \
    grep -q '^mc-train: fine-tuning on [0-9]* threads; with this TorchScript module another number gives another model: give --threads [0-9]* to get the same elsewhere$' err

# Of 12 steps each takes 5 % off the parameters that are weights.
run $tune --optimizer adamw --lr 0.0005 --weight-decay 100 --decay weights --epochs 4 -o decayed.tar images.tar
tar -xOf decayed.tar backbone.safetensors | mc-weights show - |
    awk -F'\t' '$1 == "norm.weight" { print ($5 > 0.98 && $5 < 1.02) ? "kept" : $5 }' >norm
ok '--decay weights leaves out the weight of a norm' grep -qx kept norm

# Killed in an epoch, and started again: with dropout, batch norm and an average.
long="$tune --optimizer adamw --lr 0.001 --decay weights --ema 0.5 --epochs 6"
$long --log plain.tsv -o plain.tar images.tar
for signal in TERM KILL; do
	rm -f c.tar
	$long --checkpoint c.tar --checkpoint-every 0.00001 --log log.tsv -o model.tar images.tar &
	until [ -e c.tar ]; do sleep 0.02; done
	kill -$signal $!
	wait $!
	[ -e c.tar ] || fail "SIG$signal came too late"
	$long --checkpoint c.tar --checkpoint-every 0.00001 --log log.tsv -o model.tar images.tar
	ok "ended by SIG$signal and started again: the same model" cmp plain.tar model.tar
	ok 'and the same log' cmp plain.tsv log.tsv
done

# --- Options ----------------------------------------------------------------------

train="mc-train --regime finetune --backbone small.pt"
refused '--mean and --std are needed: the TorchScript module small.pt does not say for which it was trained' --mean 0.5,0.5,0.5
refused '--features: the TorchScript module small.pt has those that it returns: leave the option out' --features pooled
for option in '--weights net.pth' '--init-seed 0' '--prefix a' '--from a' '--allow-extra a'; do
	refused "${option%%[ =]*}: the TorchScript module small.pt has weights of its own: leave the option out" $option
done
refused '--precision: the TorchScript module small.pt computes in types of its own: leave the option out' --precision bf16
for option in '--unfreeze 1' '--lora 2' '--layer-decay 0.5' '--drop-path 0.1'; do
	set -- $option
	refused "$1: what the blocks of the TorchScript module small.pt are is not known: leave the option out" $statistics $option
done
run mc-train --regime frozen --backbone small.pt $view -o small.pt images.tar
is_rc 2 'the module is no output'
run mc-train --regime finetune --backbone frozen.pt $view --threads 1 -o none.tar images.tar
fails 1 'mc-train: frozen.pt: has no parameters to train: give --regime frozen, or save it without torch.jit.freeze' \
    'a frozen module'

run mc-train --regime finetune --backbone nogradient.pt $view --threads 1 -o none.tar images.tar
ok 'one whose parameters no gradient reaches' \
    grep -q '^mc-train: nogradient.pt: .*: no gradient reaches its parameters (no_grad or detach), so that it cannot be fine-tuned: give --regime frozen, or make it without$' err
run $embed --backbone changes.pt --resize 36 --crop 32 --mean 0,0,0 --std 0.1,0.1,0.1 images.tar
ok 'one that returns other numbers of features' \
    grep -q '^mc-embed: changes.pt: for [0-9]* images of 32 x 32, it returns 8 features for these images, and 4 for others$' err

# --- What is not such a module ------------------------------------------------------

bad() { # bad FILE MESSAGE
	run $embed --backbone "$1" $view images.tar
	fails 1 "mc-embed: $1: $2" "$1"
}
make='load it in Python, and make one with torch.jit.trace or torch.jit.script and its method save'
images='for images of 32 x 32, forward:'
again='if it wants another size, give that with --crop; if it was made on a GPU or in half or double precision, make it after net.cpu().float()'
wrap='wrap it in a module that returns one row of numbers per image'
bad pair.pt "$images it returns a Tuple, not a tensor: $wrap"
bad maps.pt "$images it returns [2, 3, 32, 32], not 2 x D: $wrap"
bad nothing.pt "$images it returns [2, 0], not 2 x D: $wrap"
bad onerow.pt "$images it returns [1, 6144], not 2 x D: $wrap"
bad numbers.pt "$images it returns Long, not floating point: $wrap"
bad large.pt "$images RuntimeError: mat1 and mat2 shapes cannot be multiplied (2x3072 and 12288x2): $again"
bad raises.pt "$images builtins.ValueError: it returns nothing: $again"
bad doubles.pt "$images RuntimeError: mat1 and mat2 must have the same dtype: $again"
chance='the features of an image depend on chance, on the images before or on those beside it: trace the network after net.eval()'
for module in training chance centred slight alone; do
	bad $module.pt "$chance"
done
bad two.pt 'TorchScript: its method is forward(__torch__.Two self, Tensor x, Tensor y) -> Tensor, which one tensor N x 3 x H x W does not suit: wrap it in a module that takes one'
quantised='it is quantised, so that its features depend on the processor, or on the other images of a batch: make the module of the network before quantisation'
for module in quantised frozen-quantised unknown; do
	bad $module.pt "TorchScript: $quantised"
done
bad tied.pt 'TorchScript: its parameters a.weight and b.weight share their memory, which cannot be trained'
weights="weights, not a TorchScript module: give the name of their network with --backbone, and this file with --weights; or $make"
bad weights.pt "$weights"
bad old-weights.pt "$weights"
bad pickled.pt "what Python's pickle wrote, not a TorchScript module: $make"
bad old-pickled.pt "what Python's pickle wrote, not a TorchScript module: $make"
bad pickle.pt "what Python's pickle wrote, not a TorchScript module: $make"
mc-weights convert -o safetensors.pt net.pth
bad safetensors.pt "$weights"
bad five.pt 'its tensor conv.weight has 5 dimensions: mctools holds at most 4'
bad later-export.pt "an archive of torch.export, not a TorchScript module: $make"
bad export.pt "an archive of torch.export, not a TorchScript module: $make"
bad zip.pt 'a zip archive, but not a TorchScript module'
echo text >text.pt
bad text.pt 'not a TorchScript module: one is made in Python with torch.jit.trace or torch.jit.script and its method save'
: >empty.pt
bad empty.pt 'the file is empty'
bad absent.pt 'No such file or directory'
head -c 5000 resnet18.pt >cut.pt
bad cut.pt 'no directory at the end: the zip archive is cut or damaged'
for part in data/0 resnet.py; do
	$peer spoil resnet18.pt spoilt.pt $part
	run $embed --backbone spoilt.pt $view images.tar
	is_rc 1 "a byte of $part is another"
	ok 'and the line says where' grep -q "^mc-embed: spoilt.pt: .*$part: the zip archive is cut or damaged$" err
done
run $embed --backbone nan.pt $view images.tar
ok 'features that are not finite' \
    grep -q '^mc-embed: images.tar: id ".*": the network.s output is not finite' err
done_testing
