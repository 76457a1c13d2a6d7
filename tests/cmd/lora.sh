#!/bin/sh
# mc-train --lora-apart: a model that holds the matrices of LoRA, and not their
# backbone, predicts as the one that holds the sums.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 14 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
vit='--backbone dinov2_vits14 --resize 28 --crop 28 --threads 1'
train="mc-train -q --regime finetune $vit --optimizer sgd --lr 0.2 --batch 9 --epochs 1 --select last --lora 3:5"
input=images.tar
predict='mc-predict -q --threads 1'
adapter=adapter_model.safetensors

# --- Random weights -------------------------------------------------------------

run $train --weights random -o merged.tar images.tar
is_rc 0 'merged'
$train --weights random --lora-apart -o model.tar images.tar
records lora 3:5
records lora_apart yes
ok 'it holds no backbone' test "$(tar -tf model.tar | paste -s -d,)" = \
    __model__,images.tsv,log.tsv,head.safetensors,$adapter,__end__
ok 'and is small' test "$(wc -c <model.tar)" -lt 600000
tar -xOf merged.tar log.tsv >merged.log
ok 'it is trained like one that is merged' sh -c 'tar -xOf model.tar log.tsv | cmp - merged.log'
$predict --model merged.tar -o merged.tsv images.tar
run $predict --model model.tar -o apart.tsv images.tar
is_rc 0 'the backbone is drawn again'
ok 'and the predictions are the same bytes' cmp merged.tsv apart.tsv
run $predict --model model.tar --weights merged.tar images.tar
fails 2 "mc-predict: --weights is for models without their pretrained backbone; this one's weights are random" \
    'no file in its place'

# --- Weights of a file ----------------------------------------------------------

tar -xOf merged.tar backbone.safetensors >base.safetensors
$train --weights base.safetensors -o merged.tar images.tar
$train --weights base.safetensors --lora-apart -o model.tar images.tar
$predict --model merged.tar -o merged.tsv images.tar
run $predict --model model.tar --weights base.safetensors -o apart.tsv images.tar
is_rc 0 'the backbone is read from its file'
ok 'and the predictions are the same bytes' cmp merged.tsv apart.tsv
mkdir cache
TORCH_HOME=$PWD/cache run $predict --model model.tar images.tar
is_rc 1 'without the file'
ok 'a remedy is said' grep -q '^mc-predict: .*dinov2_vits14.*--weights' err
tar -xOf merged.tar backbone.safetensors >merged.safetensors
run $predict --model model.tar --weights merged.safetensors images.tar
fails 1 "mc-predict: merged.safetensors: not the weights that the model was trained on: their SHA-256 is $(sha256sum <merged.safetensors | cut -c 1-64), the model's $(sha256sum <base.safetensors | cut -c 1-64): give their file with --weights" \
    'another file'
run $predict --model merged.tar --weights base.safetensors images.tar
fails 2 'mc-predict: --weights is for models without their pretrained backbone; this one holds its own weights' \
    'a file for a model that is merged'
tar -xOf model.tar $adapter >$adapter
ok 'the matrices have the names of peft, and their product is what is merged' "$PYTHON3" -c '
import json, struct, numpy as np
def read(path):
    data = open(path, "rb").read()
    n, = struct.unpack("<Q", data[:8])
    return {k: np.frombuffer(data, "<f4", offset=8 + n + v["data_offsets"][0],
                             count=int(np.prod(v["shape"]))).reshape(v["shape"])
            for k, v in json.loads(data[8:8 + n]).items()}
adapter, base, merged = (read(f + ".safetensors") for f in ("adapter_model", "base", "merged"))
layers = [f"blocks.{i}.attn.{name}" for i in range(12) for name in ("qkv", "proj")]
assert set(adapter) == {f"base_model.model.{l}.lora_{x}.weight" for l in layers for x in "AB"}
for l in layers:
    a, b = (adapter[f"base_model.model.{l}.lora_{x}.weight"].astype(float) for x in "AB")
    w, wanted = merged[l + ".weight"], base[l + ".weight"] + 5 / 3 * (b @ a)
    assert a.shape == (3, 384) and np.abs(b).max() > 0
    assert np.abs(w - wanted).max() < 1e-6 * np.abs(wanted).max()
'

# --- What is no such model ------------------------------------------------------

# remake SED MEMBER...: model.tar with its __model__ edited, and these members, of which
# those in ./changed take the place of its own.
mkdir changed
remake() {
	rm -rf unpacked && mkdir unpacked && tar -xf model.tar -C unpacked
	sed -i "$1" unpacked/__model__
	shift
	cp -r changed/. unpacked
	(cd unpacked && sed -i "s/^sha256	.*/sha256	$(cat __model__ images.tsv log.tsv head.safetensors "$@" | sha256sum | cut -c 1-64)/" __end__
	    tar -cf ../remade.tar __model__ images.tsv log.tsv head.safetensors "$@" __end__)
	run $predict --model remade.tar --weights base.safetensors images.tar
}
remake 's/x/x/' $adapter
ok 'a model put together by hand is read' cmp out apart.tsv
remake '/^lora	/d' $adapter
fails 1 'mc-predict: the model'"'"'s __model__ has no key "lora"' 'no rank'
for lora in 3 0:5 3:0 x:5 3:x 1025:5; do
	remake "s/^lora	.*/lora	$lora/" $adapter
	fails 1 "mc-predict: the model's __model__: lora \"$lora\" is not RANK:ALPHA" "lora $lora"
done
remake 's/^lora	.*/lora	4:5/' $adapter
fails 1 'mc-predict: the model'"'"'s adapter_model.safetensors: no tensor "base_model.model.blocks.0.attn.qkv.lora_A.weight" of the right shape' \
    'another rank'
remake 's/x/x/'
fails 1 'mc-predict: the model'"'"'s __model__: regime "finetune" and no backbone.safetensors beside it' 'no matrices'
remake 's/^regime	.*/regime	frozen/' $adapter
fails 1 'mc-predict: the model'"'"'s __model__: regime "frozen" and an adapter_model.safetensors beside it' \
    'matrices of a frozen backbone'
cp base.safetensors changed/backbone.safetensors
remake 's/x/x/' backbone.safetensors $adapter
fails 1 'mc-predict: the model has both backbone.safetensors and adapter_model.safetensors' 'both'
rm changed/*
"$PYTHON3" -c '
data = bytearray(open("adapter_model.safetensors", "rb").read())
data[-4:] = b"\0\0\xc0\x7f"
open("changed/adapter_model.safetensors", "wb").write(data)'
remake 's/x/x/' $adapter
fails 1 'mc-predict: the model'"'"'s adapter_model.safetensors: the tensor "base_model.model.blocks.11.attn.proj.lora_B.weight" holds a value that is not finite' \
    'a matrix that is not finite'

done_testing
