#!/bin/sh
# mc-train, mc-predict, mc-embed: what they compute against PyTorch, what they
# record, what they refuse.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

common_behaviour mc-train
common_behaviour mc-predict
common_behaviour mc-embed

make_images 40 || { echo 'Bail out! no images'; exit 99; }
mc-pack -o images.tar manifest.tsv

# Small: --resize 32 is the least that a ResNet takes.
small='--backbone resnet18 --weights random --resize 36 --crop 32'
frozen="mc-train $small --regime frozen --lr 0.01 --epochs 4"
finetune="mc-train $small --regime finetune --lr 0.001 --epochs 2"
column() { # column NAME <TSV
	awk -F'\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { print $c }'
}

# --- Devices (with a GPU: make check-device) -----------------------------------

run mc-embed --device gpu $small images.tar
is_rc 2 'an unknown device is a usage error'
is_err 'which names those that there are' <<'EOF'
mc-embed: device "gpu" is not cpu, cuda, cuda:N or auto (see mc-embed --help)
EOF
for device in cuda: cuda:x cuda:0x cuda:+1 'cuda: 1' cuda:1234 CPU ''; do
	run mc-embed --device "$device" $small images.tar
	is_rc 2 "so is \"$device\""
	ok 'and no GPU is looked for' grep -q 'is not cpu, cuda, ' err
done
if [ -z "$MC_DEVICE" ]; then
	for device in cuda cuda:1; do
		run mc-embed --device $device $small -o embedded.tsv images.tar
		is_rc 2 "without a GPU $device is refused"
		ok 'in one line with what it needs' grep -q "^mc-embed: device \
\"$device\": libtorch [0-9.]* finds no GPU; that needs a GPU, its driver and a \
CUDA build of libtorch (see mc-embed --help)$" err
		ok 'and nothing is written' test ! -e embedded.tsv
	done
	mc-embed -q --device auto $small images.tar >auto.tsv
	mc-embed -q $small images.tar >cpu.tsv
	ok 'and auto is the CPU' cmp auto.tsv cpu.tsv
fi

# --- What is computed ---------------------------------------------------------

run $frozen --task t --log log.tsv --timing timing.tsv -o frozen.tar images.tar
is_rc 0 'a head is trained'
n_test=$(column split <manifest.tsv | grep -c test)
n_train=$(column split <manifest.tsv | grep -c train)
n_val=$(column split <manifest.tsv | grep -c val)
column split <manifest.tsv >splits
n_patients=$(column group <manifest.tsv | paste - splits | grep 'val$' | sort -u | wc -l)
# Speed, time and memory vary.
sed -i 's|, [0-9.]* images/s, [0-9:]* left, [0-9]* MB$|, SPEED|' err
best() { # best LOG: its best epoch, as mc-train says it
	awk -F'\t' '$2 == "val" && (n == 0 || $4 > a || ($4 == a && $3 < l)) { n = $1; a = $4; l = $3 }
		END { printf "epoch %d of 4 is kept: validation accuracy %.3f, loss %.4g\n", n, a, l }' "$1"
}
{
	echo "training on $n_train images, validating on $n_val; $n_test test images not used"
	echo "the validation images are of $n_patients groups (patients), which is few: the validation metrics, and what is chosen by them, depend on chance"
	awk -F'\t' '$2 == "train" { loss = $3 } $2 == "val" {
		printf "epoch %d/4: loss %.4g, validation loss %.4g, accuracy %.3f, SPEED\n", $1, loss, $3, $4 }' log.tsv
	best log.tsv
} | sed 's/^/mc-train: /' >said
grep -v ': the model predicts "' err >err.most
ok 'what is trained on, each epoch, and which is kept, is said' diff said err.most
run $frozen --epochs 2 --progress -o progress.tar images.tar
ok '--progress draws one line instead' \
    test "$(tr '\r' '\n' <err | grep -c '^epoch [12]/2')" -ge 1 -a "$(grep -c '^mc-train: epoch [12]/2' err)" -eq 0
ok 'which ends with the last epoch' sh -c "tr '\\r' '\\n' <err | grep -q '^epoch 2/2: loss .* MB *$'"
run $frozen -q --epochs 2 -o quiet.tar images.tar
ok '--quiet says nothing' test ! -s err
for classes in NORMAL,OPACITY OPACITY,NORMAL; do
	run $frozen --lr 0 --epochs 1 --classes $classes -o one.tar images.tar
	mc-predict -q --model one.tar --split val images.tar | column predicted | sort -u >predicted
	if [ "$(wc -l <predicted)" -eq 1 ]; then
		ok "$classes: a model that predicts one class only is named" \
		    grep -q "^mc-train: resnet18/frozen, seed 1: the model predicts \"$(cat predicted)\" for every validation image$" err
	else
		ok "$classes: a model that predicts both classes is not" sh -c '! grep "the model predicts" err'
	fi
done
tar -xOf frozen.tar log.tsv >log2
ok 'the log is in the model too' cmp log.tsv log2
head -n 1 log.tsv | tr '\t' '\n' | xargs >columns
is_file columns 'the columns of the log' <<'EOF'
epoch split loss accuracy precision recall f1 learning_rate
EOF
ok 'two rows an epoch' test "$(wc -l <log.tsv)" -eq 9
ok 'the timing is in a file of its own' grep -q '^embed	' timing.tsv
run $finetune --timing timing.tsv -o tuned.tar images.tar
is_rc 0 'a backbone is fine-tuned'
ok 'its weights are in the model' \
    sh -c 'tar -tf tuned.tar | grep -q "^backbone.safetensors$"'
ok "a frozen one's are not" \
    sh -c '! tar -tf frozen.tar | grep -q backbone.safetensors'

run mc-predict --model frozen.tar -o frozen.tsv images.tar
is_rc 0 'the frozen model predicts'
run mc-predict --model tuned.tar -o tuned.tsv images.tar
is_rc 0 'the fine-tuned model predicts'
ok 'only test images are predicted' \
    test "$(column split <frozen.tsv | sort -u)" = test
ok 'and all of them' test "$(column id <frozen.tsv | wc -l)" -eq "$n_test"
# A learning rate that makes logits of thousands.
$frozen -q --lr 1000 --optimizer adam --epochs 3 --select last -o steep.tar \
    images.tar
run mc-predict -q --model steep.tar -o steep.tsv images.tar
is_rc 0 'a model whose probabilities are 0 and 1 predicts'
ok 'log odds keep the order of its images apart' sh -c '
    test "$(sed -n 1p steep.tsv | tr "\t" "\n" | grep -c "^o:")" -eq 2 -a \
    "$(sed -n 1p frozen.tsv | tr "\t" "\n" | grep -c "^o:")" -eq 0'
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $c["o:NORMAL"] }' steep.tsv | sort -u >odds
ok 'they differ' test "$(wc -l <odds)" -eq "$n_test"
run mc-bootstrap --metrics auroc steep.tsv
is_rc 0 'mc-bootstrap reads them'
run mc-embed $small -o features.tsv images.tar
is_rc 0 'mc-embed'

$frozen -q --lr 0 --epochs 1 --select last -o start.tar images.tar
for optimizer in sgd adam adamw; do
	$frozen -q --batch 1000 --epochs 5 --select last \
	    --optimizer $optimizer -o $optimizer.tar images.tar
done
$frozen -q --lr 0 --epochs 1 --select last --head mlp:8 -o mlp0.tar images.tar
$frozen -q --batch 1000 --epochs 5 --select last --head mlp:8 -o mlp.tar images.tar
mc-predict --model mlp.tar -o mlp.tsv images.tar
compared 'PyTorch has compared' "$PYTHON3" "$abs_srcdir/tests/cmd/train_peer.py" manifest.tsv

# The peer left one network in two files of PyTorch's.
mc-train -q --backbone resnet18 --weights net.pth --regime frozen --resize 36 \
    --crop 32 --epochs 1 -o net.tar images.tar
run mc-predict -q --model net.tar --weights net.pth images.tar
is_rc 0 'a frozen pretrained backbone is read from its file'
run mc-predict -q --model net.tar --weights legacy.pth -o legacy.tsv images.tar
fails 1 "mc-predict: legacy.pth: not the weights that the model was trained on: their SHA-256 is $(sha256sum <legacy.pth | cut -c 1-64), the model's $(sha256sum <net.pth | cut -c 1-64): give their file with --weights" \
    'and from no other'

# --- Bit for bit --------------------------------------------------------------

$frozen -q --task t -o again.tar images.tar
ok 'frozen: the same bytes again' cmp frozen.tar again.tar
$finetune -q -o again.tar images.tar
ok 'finetune: the same bytes again' cmp tuned.tar again.tar
$finetune -q --keep files -o again.tar images.tar
ok 'finetune: the same bytes from files' cmp tuned.tar again.tar
$frozen -q --task t <images.tar >piped.tar
ok 'a pipe serves as well as a file' cmp frozen.tar piped.tar
$frozen -q --task t --seed 2 -o other.tar images.tar
ok 'another seed, another model' sh -c '! cmp -s frozen.tar other.tar'
mc-predict --model - images.tar <frozen.tar >again.tsv
ok 'the same predictions again' cmp frozen.tsv again.tsv
mc-predict --model frozen.tar --batch 3 images.tar >batch3.tsv
ok 'the batch hardly matters' "$PYTHON3" -c '
import csv, sys
a, b = (list(csv.DictReader(open(f), delimiter="\t")) for f in sys.argv[1:])
assert len(a) == len(b) > 0
for x, y in zip(a, b):
    for k in x:
        assert abs(float(x[k]) - float(y[k])) < 1e-5 if k.startswith("p:") else x[k] == y[k]
' frozen.tsv batch3.tsv
run $frozen -q --task t --allow-nondeterministic -o again.tar images.tar
ok 'on the CPU --allow-nondeterministic changes nothing' cmp frozen.tar again.tar
tar -xOf frozen.tar __model__ | grep -v libraries >about
ok 'no path, no host, no date in a model' \
    sh -c '! grep -q "$(hostname)\|$PWD\|images.tar\|20[0-9][0-9]-" about'

# --- Selection, folds, unlabelled images --------------------------------------

awk -F'\t' -v OFS='\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } NR > 1 { $c["label"] = "" } 1' manifest.tsv |
	    mc-pack -o nolabel.tar
run mc-predict --model frozen.tar nolabel.tar
is_rc 0 'images without labels are predicted'
run $frozen nolabel.tar
ok 'but not trained on' grep -q '^mc-train: nolabel.tar: id "[^"]*": no label to train on$' err
cut -f 1-4 manifest.tsv | mc-pack -o nosplit.tar
run mc-train $small --regime frozen --epochs 1 --classes OPACITY,NORMAL images.tar
if [ "$(column label <manifest.tsv | sort -u | xargs)" = 'NORMAL OPACITY' ]; then
	cp out order.tar
	tar -xOf order.tar __model__ | awk '$1 == "class" { print $2 }' | xargs >order
	is_file order '--classes fixes the order' <<'EOF'
OPACITY NORMAL
EOF
else
	fail '--classes fixes the order'
fi

# --- Bad input ----------------------------------------------------------------

change() { # change COLUMN VALUE [SPLIT]: rewrite a column of the manifest
	awk -F'\t' -v OFS='\t' -v name="$1" -v value="$2" -v split_="${3:-}" '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && (split_ == "" || $c["split"] == split_) { $c[name] = value } 1' manifest.tsv |
	    mc-pack -o changed.tar
}
run $frozen no.tar
fails 1 'mc-train: no.tar: No such file or directory' 'no such tar'
: >empty.tar
run $frozen empty.tar
fails 1 'mc-train: empty.tar: empty: not a tar archive' 'an empty file'
head -c 20000 images.tar >cut.tar
run $frozen -o model.tar cut.tar
is_rc 1 'a tar that was cut'
ok 'leaves no model' test ! -e model.tar
change label OPACITY
run $frozen changed.tar
fails 1 'mc-train: changed.tar: every image outside the test split has the label "OPACITY": at least two classes are needed' \
    'one class only'
change split train
run $frozen changed.tar
fails 1 'mc-train: changed.tar: no validation image to select the epoch by: make some with mc-split, or give --select last' \
    'no validation image'
run $frozen --select last -o last.tar changed.tar
is_rc 0 'which --select last does without'
change split test
run $frozen changed.tar
fails 1 'mc-train: changed.tar: no image outside the test split to train on' \
    'nothing but test images'
change split dev
run $frozen changed.tar
ok 'an unknown split' grep -q '^mc-train: changed.tar: id "[^"]*": the split "dev" is not train, val or test: use these names in mc-split --ratio$' err
change label other val
run $frozen changed.tar
fails 1 'mc-train: changed.tar: no training image of the class "other": divide the images with mc-split, or leave it out of the labels' \
    'a class that only validates'
change label other test
run mc-predict --model frozen.tar changed.tar
ok 'a label in test that training never saw' grep -q '^mc-predict: changed.tar: id "[^"]*": the label "other" is not one of the 2 classes that the model was trained on$' err
is_rc 1 'is an error'
run $frozen nosplit.tar
fails 1 'mc-train: nosplit.tar: the manifest has no column "split" (mc-split makes it)' \
    'no column split'
run $frozen --lr 1e38 --optimizer sgd -o model.tar images.tar
ok 'a step to what is not finite' grep -q '^mc-train: epoch 1, step [0-9]*: the parameter "head.[a-z]*" is not finite: try a smaller --lr than 1e+38$\|^mc-train: epoch 1, step [0-9]*: the training loss is not finite: try a smaller --lr than 1e+38$' err
is_rc 1 'ends the training'
ok 'and leaves no model' test ! -e model.tar
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
    $c["split"] != "val" || $c["label"] == "NORMAL"' manifest.tsv | mc-pack -q -o one-sided.tar
run $frozen --epochs 1 -o model.tar one-sided.tar
ok 'a class without a validation image is named' \
    grep -q '^mc-train: no validation image of the class "OPACITY"$' err
is_rc 0 'and is no error'
rm model.tar
run $frozen -q --epochs 200 --log /dev/full -o model.tar images.tar
fails 1 'mc-train: /dev/full: No space left on device' 'a log on a full disk'
run $frozen --log no/such/log.tsv -o model.tar images.tar
fails 1 'mc-train: no/such/log.tsv: No such file or directory' \
    'a log that cannot be written is no surprise after the training'
run $frozen --log - images.tar
fails 2 'mc-train: --log and --output cannot both go to standard output (see mc-train --help)' \
    'the model and the log on one standard output'
run $frozen -q --epochs 1 --log - -o model.tar images.tar
on_terminal mc-train --backbone resnet18 --weights random --regime frozen images.tar
on_terminal mc-embed --backbone resnet18 --weights random --format tar images.tar
ok 'the log alone there' test "$(wc -l <out)" -eq 3
rm model.tar
run mc-train --regime frozen images.tar
fails 2 'mc-train: images.tar: has images: --backbone is needed (see mc-train --help)' 'no backbone'
run mc-train images.tar
fails 2 'mc-train: --regime is needed: frozen or finetune (see mc-train --help)' \
    'no regime'
run mc-train --backbone dinov2_vits14 --regime frozen --crop 100 images.tar
fails 2 'mc-train: --crop: dinov2_vits14 takes multiples of 14 (see mc-train --help)' \
    'a crop that patches do not fill'
run mc-train --backbone resnet18 --regime frozen --crop 16 images.tar
fails 2 'mc-train: --crop: resnet18 takes 32 pixels or more (see mc-train --help)' \
    'a crop that is too small'
run mc-train --backbone images.tar --regime frozen images.tar
fails 2 'mc-train: --backbone: images.tar is a file: give it as --weights images.tar, with --backbone NAME, the network that it is for (see mc-train --help)' \
    'a file of weights as the backbone'
mkdir folder
run mc-train --backbone folder --regime frozen images.tar
fails 2 'mc-train: unknown backbone "folder": mc-embed --list prints the names; the name of a TorchScript module ends in .pt (see mc-train --help)' \
    'a folder as the backbone'
run $frozen --arm "$(printf 'a\177')" images.tar
is_rc 2 'a name with DEL'
TORCH_HOME=$PWD/none run mc-train --backbone resnet18 --regime frozen --crop 64 --resize 32 --mean 0.5,0.5,0.5 images.tar
is_err 'a crop with borders and a mean alone are warned about' <<'EOF'
mc-train: --crop 64 is larger than --resize 32: the images are padded with black
mc-train: --mean without --std: the channels are divided by the standard deviations of the backbone
mc-train: the weights resnet18-f37072fd.pth are missing: run mc-weights fetch resnet18, or give --weights FILE, or --weights random
EOF
run $frozen --keep files images.tar
fails 2 "mc-train: --keep is for --regime finetune: a frozen backbone's features are kept (see mc-train --help)" \
    '--keep for a frozen backbone'
run $frozen --head mlp:0 images.tar
fails 2 'mc-train: --head: the head "mlp:0" is not linear, mlp:N with N from 1 to 65536, logistic or knn (see mc-train --help)' \
    'no such head'
run $frozen --classes NORMAL,NORMAL images.tar
fails 2 'mc-train: --classes: a class is given twice' 'a class twice'
for other in normal 'NORMAL '; do
	awk -F'\t' -v OFS='\t' -v other="$other" 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
		$c["label"] == "NORMAL" && $c["split"] == "train" && n++ < 2 { $c["label"] = other } 1' manifest.tsv >spelled.tsv
	mc-pack -q -o spelled.tar spelled.tsv
	run $frozen -q --epochs 1 -o spelled.model.tar spelled.tar
	fails 1 "mc-train: spelled.tar: the labels \"NORMAL\" and \"$other\" are two spellings of one class: write one of them" \
	    'two spellings of one class are not two classes'
done
TORCH_HOME=$PWD/none run mc-train --backbone resnet18 --regime frozen images.tar
fails 1 'mc-train: the weights resnet18-f37072fd.pth are missing: run mc-weights fetch resnet18, or give --weights FILE, or --weights random' \
    'weights that are not here: how to get them'
TORCH_HOME=$PWD/none run mc-train --backbone radimagenet-resnet50 --regime frozen images.tar
fails 1 'mc-train: the weights radimagenet-resnet50.pt are missing: get them from https://github.com/BMEII-AI/RadImageNet and run mc-weights --allow-unverified --from FILE fetch radimagenet-resnet50, or give --weights FILE, or --weights random' \
    'weights that come by hand: from where'
run mc-predict images.tar
fails 2 'mc-predict: --model is needed (see mc-predict --help)' 'no model'
run mc-predict --model - <frozen.tar
fails 2 'mc-predict: --model and the images cannot both be standard input (see mc-predict --help)' \
    'two inputs from one standard input'
run mc-predict --model frozen.tar --weights random images.tar
fails 2 "mc-predict: --weights is for models without their pretrained backbone; this one's weights are random" \
    'weights for a model that needs none'
run $frozen --classes clear images.tar
fails 2 'mc-train: --classes: at least two classes are needed' \
    'one class declared'
run mc-predict --model images.tar images.tar
fails 1 'mc-predict: images.tar: not a model tar: its first member is not __model__' \
    'an image tar is no model'
mkdir unpacked
tar -xf frozen.tar -C unpacked
sed -i 's/^format	2$/format	1/' unpacked/__model__
(cd unpacked && tar -cf ../version.tar __model__ log.tsv head.safetensors __end__)
run mc-predict --model version.tar images.tar
fails 1 'mc-predict: version.tar: of format 1; this version of mctools reads format 2: train again, or use the version that wrote it' \
    'a model of another version'
run mc-predict --model frozen.tar --split dev -o dev.tsv images.tar
fails 1 'mc-predict: images.tar: no image to predict: none has split "dev" (--split all predicts every image)' \
    'a split that is not there'
run mc-embed $small --split dev images.tar
is_rc 1 'the same for mc-embed'
for program in "$frozen" "mc-predict --model frozen.tar" "mc-embed $small"; do
	run $program -q -o /dev/full images.tar
	fails 1 "${program%% *}: /dev/full: cannot write: No space left on device" \
	    "${program%% *}: a full disk"
done
ok '/dev/full is still there' test -c /dev/full

# An image that mc-pack has not seen: a foreign shard.
mkdir shard
mc-phantom --task chest --patients 4 --size 64 --seed 9 -o external
cp external/*/*.png shard
i=0
for f in shard/*.png; do
	i=$((i + 1))
	mv "$f" shard/$i.png
	echo OPACITY >shard/$i.cls
done
head -c 100 shard/1.png >shard/bad && mv shard/bad shard/1.png
(cd shard && tar -cf ../shard.tar --sort=name 1.png 1.cls 2.png 2.cls)
run mc-predict --model frozen.tar shard.tar
ok 'an image that does not decode is named' \
    grep -q '^mc-predict: shard.tar: 1: .* (--skip-bad leaves such images out)$' err
run mc-predict -q --model frozen.tar --skip-bad shard.tar
is_rc 0 '--skip-bad goes on'
ok 'with the others' test "$(column id <out | xargs)" = 2
(cd shard && tar -cf ../bad.tar 1.png 1.cls)
run mc-predict -q --model frozen.tar --skip-bad -o bad.tsv bad.tar
fails 1 'mc-predict: bad.tar: of 1 image wanted, none can be decoded' \
    'nothing but bad images'

interrupted $frozen --epochs 100000 -o outdir/model.tar images.tar

done_testing
