#!/bin/sh
# mc-train --regime finetune: which tensors change, and how, against PyTorch's
# parameter groups.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

make_images 14 || { echo 'Bail out! no images'; exit 99; }
mc-pack -q -o images.tar manifest.tsv
"$PYTHON3" "$abs_srcdir/tests/cmd/tuning_peer.py" weights
train='mc-train -q' input=images.tar
resnet='--backbone resnet18 --weights resnet18.pth --resize 64 --crop 64 --batch 64 --threads 1'
vit='--backbone dinov2_vits14 --weights dinov2_vits14.pth --resize 28 --crop 28 --filter bilinear --batch 5 --threads 1'
sgd='--optimizer sgd --epochs 2 --select last'
adamw='--optimizer adamw --lr 0.0002 --weight-decay 0.5 --epochs 2 --select last'
convnext='--backbone convnext_tiny --weights convnext_tiny.pth --resize 32 --crop 32 --batch 5 --threads 1'
for network in resnet18:"$resnet" dinov2_vits14:"$vit" convnext_tiny:"$convnext"; do
	mc-train -q --regime frozen ${network#*:} --lr 0 --epochs 1 --select last \
	    -o "${network%%:*}.start.tar" images.tar
done

# One process compares all, each at once, since the models are large: to import PyTorch
# takes as long as a training.
mkfifo questions verdicts
"$PYTHON3" "$abs_srcdir/tests/cmd/tuning_peer.py" compare <questions >verdicts 2>peer.err &
exec 3>questions 4<verdicts
trap '' PIPE
tune() { # tune NETWORK RECIPE OPTION...: as tuning_peer.py has it
	network=$1 name=$2
	shift 2
	case $network in resnet18) of=$resnet ;; convnext_tiny) of=$convnext ;; *) of=$vit ;; esac
	run mc-train -q --regime finetune $of "$@" --log log.tsv -o model.tar $input
	is_rc 0 "$network, $name: trains"
	echo "$network	$name" >&3
	head -n 3 <&4 >peer
	verdicts peer
	ok "$network, $name: PyTorch has compared" test "$(wc -l <peer)" -eq 3
}

# --- Weight decay -------------------------------------------------------------

tune resnet18 'decay of weights, sgd' $sgd --lr 2e-4 --weight-decay 10 --decay weights
records decay weights
tune dinov2_vits14 'decay of weights, adamw' $adamw --decay weights
refused '--decay weights needs a --weight-decay above 0' --regime finetune $resnet --decay weights

# --- Learning rates -----------------------------------------------------------

tune dinov2_vits14 'layer decay, adamw' $adamw --layer-decay 0.9
records layer_decay 0.9
tune dinov2_vits14 'layer decay, cosine' $sgd --lr 0.02 --schedule cosine --layer-decay 0.9
refused '--layer-decay 0: must be above 0' --regime finetune $vit --layer-decay 0
refused '--layer-decay is for ViTs, Swin and ConvNeXt, such as dinov2_vits14: resnet18 is none of them' \
    --regime finetune $resnet --layer-decay 0.9
refused '--layer-decay is for --regime finetune: a frozen backbone does not change' \
    --regime frozen $vit --layer-decay 0.9

# --- Blocks -------------------------------------------------------------------

tune resnet18 'unfreeze 2' $sgd --lr 2e-4 --unfreeze 2
records unfreeze 2
tune dinov2_vits14 'unfreeze 2' $sgd --lr 0.02 --unfreeze 2
tune dinov2_vits14 'layer decay, unfreeze 12' $sgd --lr 0.02 --layer-decay 0.9 --unfreeze 12
refused '--unfreeze 9: resnet18 has 8 blocks: give at most that, or leave it out to train all' \
    --regime finetune $resnet --unfreeze 9
refused '--unfreeze is for --regime finetune: a frozen backbone does not change' \
    --regime frozen $vit --unfreeze 1

# --- Drop path ----------------------------------------------------------------

tune dinov2_vits14 'drop path' $sgd --lr 0.02 --drop-path 0.5
records drop_path 0.5
tune dinov2_vits14 'drop path, unfreeze 4' $sgd --lr 0.02 --drop-path 0.5 --unfreeze 4
tune convnext_tiny "torchvision's drop path" $sgd --lr 0.02
tune convnext_tiny 'layer decay, unfreeze 14, drop path' $sgd --lr 0.02 --layer-decay 0.9 --unfreeze 14 --drop-path 0.5
refused '--drop-path 1: must be less than 1' --regime finetune $vit --drop-path 1
refused '--drop-path is for ViTs, Swin and ConvNeXt, such as dinov2_vits14: resnet18 is none of them' \
    --regime finetune $resnet --drop-path 0.1

# --- LoRA ---------------------------------------------------------------------

tune dinov2_vits14 lora $sgd --lr 0.2 --lora 4
records lora 4:4
mc-predict -q --split val --model model.tar --threads 1 -o val.tsv images.tar
ok 'the merged model predicts as the last validation did' "$PYTHON3" -c '
import csv, math
rows = list(csv.DictReader(open("val.tsv"), delimiter="\t"))
loss = sum(-math.log(float(r["p:" + r["label"]])) for r in rows) / len(rows)
last = list(csv.DictReader(open("log.tsv"), delimiter="\t"))[-1]
assert abs(loss - float(last["loss"])) < 1e-6 * loss, (loss, last)
'
tune dinov2_vits14 'lora, ema' $sgd --lr 0.2 --lora 4 --ema 0.7
tune dinov2_vits14 'lora, adamw, drop path' $adamw --lr 0.002 --lora 4:16 --drop-path 0.5
records lora 4:16
for spec in '' 0 4: 4:0 x 2000 4:1:1; do
	refused "--lora: \"$spec\" is not RANK or RANK:ALPHA (RANK from 1 to 1024, ALPHA above 0)" \
	    --regime finetune $vit --lora "$spec"
done
refused '--lora 385: the matrices of attention of dinov2_vits14 have no rank above 384: give at most that' \
    --regime finetune $vit --lora 385
refused '--unfreeze: --lora trains no block itself: give one of them' \
    --regime finetune $vit --lora 4 --unfreeze 2
refused '--layer-decay: --lora trains no block itself: give one of them' \
    --regime finetune $vit --lora 4 --layer-decay 0.9
refused '--lora-apart needs --lora' --regime finetune $vit --lora-apart
refused '--lora is for ViTs, such as dinov2_vits14: resnet18 is not one' --regime finetune $resnet --lora 4
refused '--lora is for --regime finetune: a frozen backbone does not change' --regime frozen $vit --lora 4

done_testing
