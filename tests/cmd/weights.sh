#!/bin/sh
# Weights as people have them: wrappers, heads, optimisers, shards and caches;
# --from, --prefix, --allow-extra; what is recorded and refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 10 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
if ! "$PYTHON3" "$abs_srcdir/tests/cmd/checkpoints.py" 2>python.err; then
	skip 'checkpoints' 'no PyTorch'
	done_testing
	exit
fi
size='--backbone resnet18 --resize 36 --crop 32 --threads 1'
embed="mc-embed $size"
$embed --weights plain.pth images.tar >features.tsv 2>err
ok 'a plain state dict has nothing to say' test ! -s err

same() { # same WHAT LEFT FILE OPTION...: the features of plain.pth, and a note
	what=$1 left=$2 file=$3
	shift 3
	run $embed --weights "$file" "$@" images.tar
	ok "$what: the same features" cmp out features.tsv
	printf '%s' "${left:+mc-embed: $file: left out $left
}" >note
	ok "$what: what is left out is said" cmp err note
}
same 'Lightning' '3 arrays: 1 of a head, 1 of a loss, 1 in "optimizer_states"' \
    lightning.ckpt
same 'MoCo' '104 arrays: 2 of a head, 100 of a momentum encoder, 2 of a queue' \
    moco.pth
same 'DINO' '101 arrays: 1 of a head, 100 in "student"' dino.pth
same 'a training checkpoint' '2 arrays: 2 in "optimizer"' args.pth
same "Hugging Face's ResNet" '' hf.bin
same '--from' '100 arrays: 100 in "model"' both.pth --from model_ema
same '--prefix and --allow-extra' \
    '2 arrays: 1 allowed by --allow-extra, 1 outside of --prefix' \
    extra.pth --prefix a --allow-extra 'odd.*'
same 'an entry without tensors' '' config.pth
same 'a moving average' '1 array: 1 of an average' average.pth
same 'BYOL' '101 arrays: 1 of a projector, 100 of a momentum encoder' byol.pth
same 'one network of two' '100 arrays: 100 outside of --prefix' two.pth --prefix model
same 'an entry as a prefix' '100 arrays: 100 outside of --prefix' names.pth \
    --prefix online.module
same 'a Sequential of networks' '1 array: 1 allowed by --allow-extra' sequential.pth \
    --allow-extra bn1.2.weight
cp -r shards none
rm none/b.safetensors

# --- What is refused
run $embed --weights both.pth images.tar
fails 1 'mc-embed: both.pth: holds both "model" and "model_ema": choose one of them with --from' \
    'two candidates'
run $embed --weights both.pth --from ema images.tar
fails 1 'mc-embed: both.pth: --from ema: there is no dictionary of that name; there are: model, model_ema' \
    'no such entry'
run $embed --weights extra.pth --prefix a images.tar
fails 1 'mc-embed: extra.pth: not the weights of resnet18 for features pooled; unexpected: odd.weight (--allow-extra GLOB leaves them out); left out: 1 array: 1 outside of --prefix' \
    'an array of nobody'
run $embed --weights two.pth images.tar
fails 1 'mc-embed: two.pth: "model.bn1.bias" and "net.bn1.bias" would both be "bn1.bias": choose one network with --prefix' \
    'two networks'
run $embed --weights names.pth images.tar
fails 1 'mc-embed: names.pth: not the weights of resnet18 for features pooled; all of them are below "online.module" and below "target": choose with --prefix' \
    'prefixes that no rule knows'
run $embed --weights whole.pth images.tar
fails 1 'mc-embed: whole.pth: not the weights of resnet18 for features pooled; of whole numbers, not of real ones: conv1.weight' \
    'integers'
run $embed --weights less.pth images.tar
fails 1 'mc-embed: less.pth: not the weights of resnet18 for features pooled; missing: layer1.0.bn1.weight' \
    'an array is missing'
run $embed --weights none images.tar
fails 1 'mc-embed: none/model.safetensors.index.json: a shard that it names: none/b.safetensors: No such file or directory' \
    'a shard is missing'
run $embed --weights shards --from model images.tar
fails 1 'mc-embed: shards/model.safetensors.index.json: --from model: a safetensors file has no entries: choose arrays with --prefix' \
    'an entry of safetensors'
for option in '--from x' '--prefix x' '--allow-extra x'; do
	run $embed --weights random $option images.tar
	fails 2 'mc-embed: --from, --prefix and --allow-extra choose arrays of a file: with --weights random there is none (see mc-embed --help)' \
	    "$option of random weights"
done

# --- Shards and caches
same 'a folder of shards' '' shards
# recorded FOLDER: what features record of the weights in FOLDER.
recorded() {
	mc-embed -q $size --weights "$1" -o recorded.tar images.tar
	tar -xOf recorded.tar __features__ | sed -n 's/^weights	//p'
}
index=model.safetensors.index.json
for folder in shards shards/ "$PWD/shards//"; do
	ok "$folder: the last part of a folder is recorded" \
	    test "$(recorded "$folder")" = shards/$index
done
ok 'of a file that is named its name alone' \
    test "$(recorded ./shards/$index)" = $index
ok 'and of the present folder' \
    test "$(cd shards && mc-embed -q $size --weights . -o ../recorded.tar \
    ../images.tar; tar -xOf ../recorded.tar __features__ |
    sed -n 's/^weights	//p')" = $index
same 'an index' '' shards/model.safetensors.index.json
HF_HOME=$PWD/hf
export HF_HOME
unset HF_HUB_CACHE HUGGINGFACE_HUB_CACHE
mkdir -p hf/hub/models--org--net/refs hf/hub/models--org--net/snapshots
printf 0123abc >hf/hub/models--org--net/refs/main
cp -r shards hf/hub/models--org--net/snapshots/0123abc
same "Hugging Face's cache" '' hf:org/net
run $embed --weights hf:org/none images.tar
fails 1 "mc-embed: hf:org/none is not in Hugging Face's cache: $PWD/hf/hub/models--org--none/refs/main: No such file or directory: download it first, or give the folder of one of its snapshots" \
    'a model that is not there'
run $embed --weights hf:org/net \
    -o hf/hub/models--org--net/snapshots/0123abc/model.safetensors.index.json images.tar

fails 2 'mc-embed: --output hf/hub/models--org--net/snapshots/0123abc/model.safetensors.index.json and '"$PWD"'/hf/hub/models--org--net/snapshots/0123abc/model.safetensors.index.json are the same file: the output would overwrite the input (see mc-embed --help)' \
    'no output onto the index of the cache'
for weights in shards shards/model.safetensors.index.json; do
	run $embed --weights $weights -o shards/b.safetensors images.tar
	fails 2 'mc-embed: --output shards/b.safetensors and shards/b.safetensors are the same file: the output would overwrite the input (see mc-embed --help)' \
	    "no output onto a shard of $weights"
	run mc-weights convert -o shards/a.safetensors $weights
	fails 2 'mc-weights: --output shards/a.safetensors and shards/a.safetensors are the same file: the output would overwrite the input (see mc-weights --help)' \
	    "nor of mc-weights"
done
mv hf/hub/models--org--net/refs/main main
same 'a cache with one snapshot and no refs/main' '' hf:org/net
mkdir hf/hub/models--org--net/snapshots/4567def
run $embed --weights hf:org/net images.tar
fails 1 "mc-embed: hf:org/net is not in Hugging Face's cache: $PWD/hf/hub/models--org--net/refs/main: No such file or directory: download it first, or give the folder of one of its snapshots" \
    'two snapshots'
mkdir bin broken
cp plain.pth bin/open_clip_pytorch_model.bin
same "a folder of open_clip" '' bin
sed 's/a.safetensors/plain.pth/g; s/b.safetensors/plain.pth/g' \
    shards/model.safetensors.index.json >bin/pytorch_model.bin.index.json
mv bin/open_clip_pytorch_model.bin bin/plain.pth
same 'a folder with an index of torch.save files' '' bin
cp plain.pth broken/pytorch_model.bin
ln -s nowhere broken/model.safetensors
run $embed --weights broken images.tar
fails 1 'mc-embed: broken/model.safetensors: a link to what cannot be read (download the model again): No such file or directory' \
    'a broken link, and other weights beside it'

# beside JSON OPTION...: mc-embed of weights beside a config.json that is JSON
mkdir beside
cp plain.pth beside/pytorch_model.bin
beside() {
	echo "$1" >beside/config.json
	shift
	run mc-embed --threads 1 --weights beside "$@" images.tar
}
contradiction() { # contradiction WHAT BACKBONE NAME
	fails 1 "mc-embed: beside/pytorch_model.bin: the configuration beside it says $1, which $2 does not have: choose another --backbone, or give the file from a folder of its own" "$3"
}
vit='--backbone vit_tiny_patch16_224'
quick='--backbone vit_base_patch32_clip_quickgelu_224'
beside '{"num_attention_heads": 12, "hidden_act": "gelu"}' $vit
contradiction '12 heads of attention' vit_tiny_patch16_224 'other heads'
beside '{"hidden_act": "quick_gelu"}' $vit
contradiction 'the activation quick_gelu' vit_tiny_patch16_224 'another activation'
beside '{"vision_config": {"num_attention_heads": 12, "hidden_act": "gelu"}}' $quick
contradiction 'the activation gelu' vit_base_patch32_clip_quickgelu_224 \
    'another activation of a tower'
beside '{"model_type": "clip", "vision_config": {}}' $vit
contradiction 'the activation quick_gelu' vit_tiny_patch16_224 "CLIP's default"
beside '{"model_type": "clip", "hidden_act": "gelu"}' $quick
contradiction 'the activation gelu' vit_base_patch32_clip_quickgelu_224 \
    'which it may be other than'
beside '{"architecture": "vit_base_patch32_clip_224"}' $quick
contradiction 'the activation gelu' vit_base_patch32_clip_quickgelu_224 "timm's name"
beside '{"architecture": "vit_base_patch32_clip_quickgelu_224"}' $vit
contradiction 'the activation quick_gelu' vit_tiny_patch16_224 'and its other one'
beside '{"architecture": "vit_base_patch32_224"}' $quick
ok 'of another network it says nothing' grep -q 'quickgelu_224 for features cls; missing' err
beside '{"architecture": "tf_efficientnet_b0"}' --backbone efficientnet_b0
contradiction "TensorFlow's padding (tf_)" efficientnet_b0 'padding'
for json in '{"num_attention_heads": 3, "hidden_act": "gelu"}' \
    '{"architecture": "vit_tiny_patch16_224"}' '{"hidden_act": 3}' '{"image_size": 224}' '{"image_size": [224, 224]}' \
    '{"pretrained_cfg": {"input_size": [3, 224, 224]}}'; do
	beside "$json" $vit
	ok "$json is no contradiction" grep -q 'vit_tiny_patch16_224 for features cls; missing' err
done
for json in '{"image_size": [128, 288]}' '{"vision_config": {"image_size": [128, 288]}}' \
    '{"pretrained_cfg": {"input_size": [3, 128, 288]}}' \
    '{"model_args": {"img_size": [128, 288]}}'; do
	beside "$json" $vit
	contradiction 'position embeddings for 128 x 288 pixels, no square,' \
	    vit_tiny_patch16_224 "$json"
done
beside '{"image_size": [128, 288]}' --backbone dinov3_vits16
ok 'a network without such embeddings' grep -q 'dinov3_vits16 for features cls; missing' err
damaged() { # damaged WHY NAME
	run mc-embed --threads 1 --weights beside $vit images.tar
	fails 1 "mc-embed: beside/pytorch_model.bin: the configuration beside it, which can say what arrays do not: beside/config.json$1: mend it, or give the file from a folder of its own" "$2"
}
printf '{"num_attention_heads": 3,\n' >beside/config.json
damaged ":2: not JSON: string or '}' expected near end of file" 'a configuration that is cut'
: >beside/config.json
damaged ":1: not JSON: '[' or '{' expected near end of file" 'an empty configuration'
truncate -s 17M beside/config.json
damaged ': larger than 16 MiB' 'a configuration without end'
rm beside/config.json
mkfifo beside/config.json
damaged ': not a regular file: a pipe or a device' 'a configuration that is a pipe'
rm beside/config.json
ln -s nowhere beside/config.json
damaged ': No such file or directory' 'a configuration that is a broken link'
rm beside/config.json
mv beside/pytorch_model.bin beside/open_clip_pytorch_model.bin
open_clip() { # open_clip JSON BACKBONE MESSAGE
	echo "$1" >beside/open_clip_config.json
	run mc-embed $2 --threads 1 --weights beside images.tar
	ok "open_clip's configuration: $1" grep -q "$3" err
}
open_clip '{"model_cfg": {"quick_gelu": true}}' "$vit" 'says the activation quick_gelu'
open_clip '{"model_cfg": {"vision_cfg": {"image_size": [128, 288]}}}' "$vit" 'says position embeddings for 128 x 288'
open_clip '{"model_cfg": {}}' "$quick" 'says the activation gelu'
open_clip '{}' "$quick" 'quickgelu_224 for features cls; missing'
mkdir safe
cp shards/a.safetensors safe/model.safetensors
echo '{"num_attention_heads": 12}' >safe/config.json
run mc-embed $vit --threads 1 --weights safe images.tar
ok 'the configuration beside safetensors' grep -q 'says 12 heads of attention' err
sed 's/"conv1.weight": "[ab].safetensors", //' shards/model.safetensors.index.json >shards/short.index.json
run $embed --weights shards/short.index.json images.tar
fails 1 'mc-embed: shards/short.index.json: not the weights of resnet18 for features pooled; missing: conv1.weight; left out: 1 array: 1 that the index does not name' \
    'an index that does not name an array'

# --- What is no file
mkdir pipes
mkfifo pipe.pth pipes/a.safetensors pipes/model.safetensors
for weights in pipe.pth pipes; do
	file=$weights
	[ -d $file ] && file=$file/model.safetensors
	run $embed --weights $weights images.tar
	fails 1 "mc-embed: $file: not a regular file: a pipe or a device" "$weights: a pipe"
	run mc-weights show $weights
	fails 1 "mc-weights: $file: not a regular file: a pipe or a device" \
	    "$weights: a pipe, to mc-weights"
done
rm pipes/model.safetensors
cp shards/model.safetensors.index.json pipes
run $embed --weights pipes images.tar
fails 1 'mc-embed: pipes/model.safetensors.index.json: a shard that it names: pipes/a.safetensors: not a regular file: a pipe or a device' \
    'a shard that is a pipe'
rm pipes/model.safetensors.index.json
mkfifo pipes/model.safetensors.index.json
run mc-weights show pipes
fails 1 'mc-weights: pipes/model.safetensors.index.json: not a regular file: a pipe or a device' \
    'an index that is a pipe'
cat plain.pth | mc-weights show - >piped
mc-weights show plain.pth >out
ok 'standard input can be a pipe' cmp out piped
run mc-embed --backbone vit_small_patch16_224 --threads 1 --weights mocov3.pth images.tar
fails 1 "mc-embed: mocov3.pth: names of MoCo v3, whose ViT-S has 12 heads of attention, where vit_small_patch16_224 has 6: no network here has them: give it as a TorchScript module (--backbone FILE.pt)" \
    "MoCo v3's ViT-S"
run mc-embed --backbone vit_base_patch16_224 --threads 1 --weights mocov3.pth images.tar
ok "MoCo v3's ViT-B has the heads of others" grep -q 'vit_base_patch16_224 for features cls; missing' err

# --- What is recorded
key() { # key TAR MEMBER: what was chosen
	tar -xOf "$1" "$2" | grep '^weights_[afp]' | tr '\t\n' '  '
}
chosen='--weights both.pth --from model_ema'
train='mc-train -q --regime frozen --head linear --epochs 1'
$train $size $chosen -o model.tar images.tar
ok 'a model records --from' test "$(key model.tar __model__)" = \
    'weights_from model_ema '
run mc-predict --model model.tar --weights both.pth --split test images.tar
is_rc 0 'mc-predict reads the same entry'
mv out predictions.tsv
$train $size --weights plain.pth -o plain.tar images.tar
mc-predict --model plain.tar --weights plain.pth --split test images.tar >plain.tsv
numbers() { # numbers TABLE: all but the columns that name the file
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /^(p|logit|o):/) c[++n] = i }
	    { for (i = 1; i <= n; i++) printf "%s ", $c[i]; print "" }' "$1"
}
numbers predictions.tsv >1
numbers plain.tsv >2
ok 'and computes with it' cmp 1 2
ok 'numbers are compared' grep -q '[0-9]' 1
$embed -q --weights extra.pth --prefix a. --allow-extra '*.weight' -o features.tar images.tar
ok 'features record --prefix and --allow-extra' test \
    "$(key features.tar __features__)" = 'weights_allow_extra *.weight weights_prefix a. '
run $train --prefix a. -o f.tar features.tar
is_rc 0 'features of the same arrays'
ok 'whose model records it' test "$(key f.tar __model__)" = \
    'weights_allow_extra *.weight weights_prefix a. '
run $train --prefix b -o g.tar features.tar
fails 2 'mc-train: --prefix b: features.tar was made with a.' 'and not of others'
run $train --from x -o g.tar features.tar
fails 2 'mc-train: --from x: features.tar was made with none' 'nor of an entry'
run $train --allow-extra x -o g.tar features.tar
fails 2 'mc-train: --allow-extra x: features.tar was made with *.weight' 'nor without others'
mkdir -p torch/hub/checkpoints
cp plain.pth torch/hub/checkpoints/resnet18-f37072fd.pth
TORCH_HOME=$PWD/torch run mc-embed --backbone resnet18 -o torch/hub/checkpoints/resnet18-f37072fd.pth images.tar
is_rc 2 'the output is not the default file of weights'
ok 'which stays' cmp plain.pth torch/hub/checkpoints/resnet18-f37072fd.pth
rm torch/hub/checkpoints/resnet18-f37072fd.pth
run mc-predict --model model.tar --split test features.tar
is_rc 1 'a model of other arrays does not take features'

# --- mc-weights
run mc-weights show --from model_ema --prefix module.layer1 --allow-extra '*.bn?.*' both.pth
sed 1d out | cut -f 1 >names
is_file names 'mc-weights show takes them' <<'EOT'
0.conv1.weight
0.conv2.weight
1.conv1.weight
1.conv2.weight
EOT
is_err 'and says what is left out' <<'EOT'
mc-weights: both.pth: left out 196 arrays: 16 allowed by --allow-extra, 80 outside of --prefix, 100 in "model"
EOT
run mc-weights -v --backbone resnet18 show hf.bin
ok 'and whose names they are' grep -qx \
    "mc-weights: hf.bin: resnet18: names of Hugging Face's ResNet" err
run mc-weights --backbone resnet18 convert -o converted.safetensors moco.pth
is_rc 0 'mc-weights convert'
run $embed --weights converted.safetensors images.tar
ok 'writes what is loaded' cmp out features.tsv
run mc-weights -v show hf.bin
ok 'mc-weights -v show says which backbones a file fills' grep -qx \
    'mc-weights: hf.bin: fills resnet18' err
filled() { # filled FILE WANTED WHAT OPTION...: the backbones that FILE fills
	file=$1 wanted=$2 what=$3
	shift 3
	run mc-weights -v "$@" show $file
	ok "$what fills $wanted" grep -qx "mc-weights: $file: fills $wanted" err
}
filled headed.pth resnet18 'a file with the head of ImageNet'
filled extra.pth 'no backbone of mc-embed --list' 'one with an array too many' --prefix a
filled extra.pth resnet18 'one without it' --prefix a --allow-extra odd.weight
filled xray.pth torchxrayvision-densenet121 'one that lacks two of three channels'
filled tiny.pth 'vit_tiny_patch16_224, deit_tiny_patch16_224' 'one of two backbones'
refuses() { # refuses FILE BACKBONE WHY FILLS WHAT OPTION...
	file=$1 backbone=$2 why=$3 fills=$4 what=$5
	shift 5
	run mc-weights --backbone $backbone "$@" convert -o other.safetensors $file
	fails 1 "mc-weights: $file: not the weights of $backbone: $why; it fills $fills" \
	    "convert refuses $what"
}
none='no backbone of mc-embed --list'
refuses grey.pth resnet18 'besides heads it has 100 arrays with 11179840 elements, not 100 with 11186112' \
    "$none" 'another number of elements'
refuses extra.pth resnet18 'besides heads it has 101 arrays with 11448256 elements, not 100 with 11186112' \
    "$none" 'another number of arrays' --prefix a
refuses misnamed.pth resnet18 'its arrays have other names or shapes' "$none" 'other names'
refuses extra.pth resnet34 'besides heads it has 100 arrays with 11186112 elements, not 180 with 21301696' \
    resnet18 'another network, without what --allow-extra leaves out' --prefix a --allow-extra odd.weight
run mc-weights --backbone resnet18 --prefix a --allow-extra odd.weight convert -o allowed.safetensors extra.pth
is_rc 0 'convert without an array too many'
run mc-weights --backbone resnet18 convert -o head.safetensors head.pth
is_rc 0 'convert of a head alone, which has no size'
run mc-weights --backbone resnet50 convert -o other.safetensors hf.bin
other='hf.bin: not the weights of resnet50: besides heads it has 100 arrays with 11186112 elements, not 265 with 23561152; it fills resnet18'
fails 1 "mc-weights: $other" 'convert refuses the weights of another network'
ok 'and writes nothing' test ! -e other.safetensors
run mc-weights --backbone resnet50 --any-size convert -o other.safetensors hf.bin
is_rc 0 '--any-size converts them'
run mc-weights --backbone resnet50 show hf.bin
is_rc 0 'show writes the names'
is_err 'and warns' <<EOT
mc-weights: $other
EOT
run mc-weights --any-size convert hf.bin
fails 2 'mc-weights: --any-size needs --backbone' 'nothing is compared without a backbone'
for name in radimagenet-resnet50 radimagenet-densenet121; do
	TORCH_HOME=$PWD/torch mc-weights --allow-unverified --from hf.bin \
	    fetch $name >out 2>err
	rc=$?
	is_rc 1 "fetch does not keep a resnet18 as $name"
done
run mc-weights --prefix x list
fails 2 'mc-weights: list: takes no --prefix (see mc-weights --help)' 'list takes none'

done_testing
