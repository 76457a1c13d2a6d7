#!/bin/sh
# mc-train with heads that are not trained by steps: against scikit-learn, what
# is recorded, and what is refused.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"
. "$abs_srcdir/tests/fixture.sh"

have_python 'probes' || done_testing
peer="$PYTHON3 $abs_srcdir/tests/cmd/probe_peer.py"
$peer make
train='mc-train -q --regime frozen --head logistic'

# --- The logistic regression ----------------------------------------------------

run mc-train --regime frozen --head logistic --threads 1 --log log.tsv \
    -o logistic.tar features.tar
is_rc 0 'a logistic regression is fitted'
awk -F'\t' '$2 == "val" && (n == 0 || $4 > a || ($4 == a && $3 < l)) { n = $1; a = $4; l = $3; c = $8 }
	END { printf "mc-train: C %s, number %d of 45, is kept: validation accuracy %.3f, loss %.4g\n", c, n, a, l }' log.tsv >said
ok 'what is kept is said' sh -c 'tail -n 1 err | cmp - said'
$train --select loss -o loss.tar features.tar
mc-predict -q --model logistic.tar -o predictions.tsv features.tar
compared 'the peer has come to its end' $peer logistic "$abs_builddir/tests/stats/logistic"
$train --threads 3 -o again.tar features.tar
tar -xOf again.tar head.safetensors >head.again
ok 'three threads give the head of one' sh -c 'tar -xOf logistic.tar head.safetensors | cmp - head.again'
$train -o shuffled.model shuffled.tar
ok 'and so does another order of the rows' sh -c 'tar -xOf shuffled.model head.safetensors | cmp - head.again'
$train --seed 7 -o seed.tar features.tar
ok 'and another seed' sh -c 'tar -xOf seed.tar head.safetensors | cmp - head.again'
ok 'the optimiser and the values are recorded' test "$(key logistic.tar optimizer) $(key logistic.tar C_tried | tr , '\n' | wc -l) $(key logistic.tar select)" = 'lbfgs 45 accuracy'
ok 'and nothing of steps' test -z "$(key logistic.tar lr)$(key logistic.tar batch)$(key logistic.tar epochs)$(key logistic.tar weight_decay)"
run $train --C 10,0.1,1 --log log3.tsv -o three.tar features.tar
is_rc 0 'values of one'"'"'s own'
ok 'are tried in their order' test "$(awk -F'\t' '$2 == "val" { print $1, $8 }' log3.tsv | xargs)" = '1 0.1 2 1 3 10'
ok 'and recorded' test "$(key three.tar C_tried)" = 0.1,1,10
for threads in 1 2 3; do
	$train --C 1 --threads $threads -o wider.model wider.tar
	tar -xOf wider.model head.safetensors >head.$threads
done
ok 'more features than images: any number of threads gives the same head' \
    sh -c 'cmp head.1 head.2 && cmp head.1 head.3'
run $train -o wide.model wide.tar
is_rc 0 'more features than images, classes that separate'
run mc-predict -q --model wide.model --split val wide.tar
ok 'give finite probabilities' sh -c '! grep -i "nan\|inf" out'

# --- The nearest neighbours -----------------------------------------------------

knn='mc-train -q --regime frozen --head knn'
run mc-train --regime frozen --head knn --threads 1 --log log.tsv -o knn.tar features.tar
is_rc 0 'nearest neighbours'
sed -i 's/validation accuracy .*/validation .../' err
is_err 'what is tried and kept is said' <<EOT
mc-train: training on 160 images, validating on 50; 50 test images not used
mc-train: 1 of the 4 candidates of k is left out: each of the 160 training images has 159 others, and the largest k tried is 100
mc-train: k $(key knn.tar k), number $(key knn.tar epoch) of 3, is kept: validation ...
EOT
mc-predict -q --threads 1 --model knn.tar -o predictions.tsv features.tar
$knn --k 5 --temperature 0.005 -o sharp.tar features.tar
mc-predict -q --model sharp.tar -o sharp.tsv features.tar
compared 'the peer has come to its end' $peer knn
ok 'a probability of 0 has no log odds' sh -c '! grep -q "o:a" sharp.tsv'
run mc-bootstrap -q --metrics log_loss,auroc,accuracy sharp.tsv
is_rc 0 'mc-bootstrap reads probabilities of exactly 0'
ok 'and its values are finite' sh -c '! grep -iq "nan\|inf" out'
ok 'what was tried is recorded' test "$(key knn.tar k_tried) $(key knn.tar temperature)" = '10,20,100 0.07'
ok 'and nothing of steps' test -z "$(key knn.tar optimizer)$(key knn.tar lr)$(key knn.tar batch)$(key knn.tar epochs)"
tar -xOf knn.tar head.safetensors log.tsv >head.one
for threads in 2 3; do
	$knn --threads $threads -o again.tar features.tar
	tar -xOf again.tar head.safetensors log.tsv >head.again
	ok "$threads threads give the model of one" cmp head.one head.again
	mc-predict -q --threads $threads --batch $((threads * 7)) --model knn.tar -o again.tsv features.tar
	ok 'and its predictions' cmp predictions.tsv again.tsv
done
$knn --seed 7 -o shuffled.model shuffled.tar
tar -xOf shuffled.model head.safetensors log.tsv >head.again
ok 'another order of the rows, and another seed, also' cmp head.one head.again
$knn --k 3 --select last -o ties.model ties.tar
mc-predict -q --model ties.model -o tied.tsv ties.tar
compared 'the peer has come to its end' $peer ties
run $knn --k 20 -o none ties.tar
fails 1 'mc-train: ties.tar: 20 training images: each has 19 others: give at most that as --k' 'more neighbours than images'
run $knn --k 3,4 -o none noval.tar
fails 1 'mc-train: noval.tar: no validation image to select k by: make some with mc-split, or give one value with --k' \
    'nothing to choose k by'
run $knn --fold 1 -o none features.tar
fails 2 'mc-train: --fold 1 is to be predicted: choose k on another fold with --val-fold, or give one value with --k (see mc-train --help)' \
    'the fold that is to be predicted chooses no k'
run $knn --k 2.5 -o none features.tar
fails 2 'mc-train: --k: 2.5 is not a whole number (see mc-train --help)' 'half a neighbour'
for k in 0 -1 x 3,3; do
	run $knn --k "$k" -o none features.tar
	is_rc 2 "--k $k is refused"
done
run $knn --C 1 -o none features.tar
fails 2 'mc-train: --C is for --head logistic (see mc-train --help)' '--C for knn'
for option in '--k 3' '--temperature 1'; do
	run $train $option -o none features.tar
	fails 2 "mc-train: ${option% *} is for --head knn (see mc-train --help)" "${option% *} for logistic"
done
run mc-train -q --regime finetune --backbone resnet18 --head knn -o none features.tar
fails 2 'mc-train: --head knn is for --regime frozen (see mc-train --help)' 'fine-tuning neighbours'
# remake SED: sharp.tar with its __model__ edited.
remake() {
	rm -rf unpacked && mkdir unpacked && tar -xf sharp.tar -C unpacked
	sed -i "$1" unpacked/__model__
	(cd unpacked && sed -i "s/^sha256	.*/sha256	$(cat __model__ images.tsv log.tsv head.safetensors | sha256sum | cut -c 1-64)/" __end__
	    tar -cf ../remade.tar __model__ images.tsv log.tsv head.safetensors __end__)
	run mc-predict -q --model remade.tar features.tar
}
remake 's/x/x/'
ok 'a model put together by hand is read' cmp out sharp.tsv
remake 's/^k	.*/k	161/'
fails 1 'mc-predict: the model'"'"'s __model__: k "161" is more than the 160 training images' 'more votes than images'
remake '/^k	/d'
fails 1 'mc-predict: the model'"'"'s __model__ has no key "k"' 'no number of votes'
remake 's/^temperature	.*/temperature	0/'
fails 1 'mc-predict: the model'"'"'s __model__: temperature "0" is not a number that mc-train writes' 'no temperature'
remake '/^class	c/d'
fails 1 'mc-predict: the model'"'"'s head.safetensors: the tensor "head.labels" has the label 2, where there are 2 classes' \
    'a label without a class'

# Images: their features are computed again, and compared with the model's.
make_images 24 && mc-pack -q -o images.tar manifest.tsv
small='--backbone resnet18 --weights random --resize 36 --crop 32'
$knn $small --k 3 -o images.model images.tar
mc-embed -q $small -o embedded.tar images.tar
$knn --k 3 -o embedded.model embedded.tar
for model in images embedded; do
	tar -xOf $model.model head.safetensors >$model.head
	for input in images embedded; do
		mc-predict -q --model $model.model -o $model.$input.tsv $input.tar
	done
done
ok 'images and their features give the same neighbours' cmp images.head embedded.head
ok 'and predictions' test "$(cat images.images.tsv images.embedded.tsv embedded.images.tsv embedded.embedded.tsv | sort -u | wc -l)" = "$(wc -l <images.images.tsv)"

# --- Several learning rates -------------------------------------------------------

steps='mc-train --regime frozen --epochs 3 --batch 16'
choose() { # choose KEY: of the val rows of all.log, "rate epoch" of the best
	awk -F'\t' -v by="$1" '$2 == "val" { s = by == "loss" ? -$3 : $4
		if (n++ == 0 || s > best || (s == best && $3 < l)) { best = s; l = $3; c = $8 " " $1 } }
		END { print c }' all.log
}
for head in linear mlp:4; do
	run $steps --head $head --lr 0.1,0.0001,0.01 --log all.log -o all.tar features.tar
	is_rc 0 "$head: three learning rates"
	for lr in 0.0001 0.01 0.1; do
		$steps -q --head $head --lr $lr --log $lr.log -o $lr.tar features.tar
	done
	{ cat 0.0001.log; tail -n +2 0.01.log; tail -n +2 0.1.log; } >one.log
	ok 'their log is that of each' cmp all.log one.log
	ok 'the best epoch of all is kept' test "$(key all.tar lr) $(key all.tar epoch)" = "$(choose accuracy)"
	tar -xOf "$(key all.tar lr).tar" head.safetensors >head.one
	tar -xOf all.tar head.safetensors >head.all
	ok 'as if its rate had been given alone' cmp head.one head.all
	ok 'and what was tried is recorded' test "$(key all.tar lr_tried)" = 0.0001,0.01,0.1
	ok 'which is said' grep -q "^mc-train: learning rate $(key all.tar lr), epoch $(key all.tar epoch) of 3, is kept: " err
	ok 'one rate records no others' test -z "$(key 0.1.tar lr_tried)"
	$steps -q --head $head --lr 0.1,0.0001,0.01 --select loss -o all.tar features.tar
	ok 'or the one with the lowest loss' test "$(key all.tar lr) $(key all.tar epoch)" = "$(choose loss)"
done
run $steps --lr 0.01,1e38 --optimizer sgd -o all.tar features.tar
is_rc 0 'a rate that diverges'
ok 'is left out, which is said' grep -q '^mc-train: learning rate 1e+38 is left out: epoch 1, step [0-9]*: .* is not finite: try a smaller --lr than 1e+38$' err
ok 'and not kept' test "$(key all.tar lr)" = 0.01
run $steps -q --lr 1e37,1e38 --optimizer sgd -o none features.tar
is_rc 1 'several that all diverge'
ok 'are an error' grep -q '^mc-train: epoch 1, step [0-9]*: .* is not finite' err
run $steps -q --lr 1,2 -o none noval.tar
fails 1 'mc-train: noval.tar: no validation image to select the learning rate by: make some with mc-split, or give --select last and one value with --lr' \
    'nothing to choose a rate by'
run $steps --lr 1,2 --select last -o none features.tar
fails 2 'mc-train: --select last does not choose among learning rates: give one with --lr (see mc-train --help)' 'nor does the last epoch'
run $steps --lr 1,2 --fold 1 -o none features.tar
fails 2 'mc-train: --fold 1 is to be predicted: choose the learning rate on another fold with --val-fold, or give one with --lr (see mc-train --help)' 'nor the fold that is to be predicted'
run $steps --lr 1,2 --checkpoint state -o none features.tar
fails 2 'mc-train: --checkpoint is for one learning rate: give one with --lr (see mc-train --help)' 'a checkpoint of several'
run mc-train --regime finetune --backbone resnet18 --lr 1,2 -o none features.tar
fails 2 'mc-train: --lr: several learning rates are for --regime frozen (see mc-train --help)' 'fine-tuning at several'
run $steps --lr x -o none features.tar
is_rc 2 'a rate that is no number'

# --- Which rows choose ------------------------------------------------------------

run $train -o none noval.tar
fails 1 'mc-train: noval.tar: no validation image to select C by: make some with mc-split, or give one value with --C' \
    'nothing to choose C by'
run mc-train --regime frozen --head logistic --C 2 -o one.tar noval.tar
is_rc 0 'one value needs none'
ok 'which is said' sh -c 'tail -n 1 err | grep -qx "mc-train: C 2 is kept"'
ok 'and recorded' test "$(key one.tar C) $(key one.tar select)" = '2 last'
run $train --fold 1 -o none features.tar
fails 2 'mc-train: --fold 1 is to be predicted: choose C on another fold with --val-fold, or give one value with --C (see mc-train --help)' \
    'the fold that is to be predicted chooses nothing'
run $train --select last -o none features.tar
fails 2 'mc-train: --select last needs one value of C: give --C (see mc-train --help)' 'no last of several'

# --- What a reader should know ------------------------------------------------------

at_end() { # at_end VALUES LINE: what is said of the C that is kept
	run mc-train --regime frozen --head logistic --select loss --C $1 -o end.tar features.tar
	grep ' was tried: ' err | cat >said
	ok "C $(key end.tar C) of $1" test "$(cat said)" = "${2:+mc-train: $2 values to see whether one of them does better}"
}
at_end 1e-6,1e-5 'C 1e-05 is the largest that was tried: give --C larger'
at_end 10,100,1000 'C 10 is the smallest that was tried: give --C smaller'
at_end 0.001,0.1,10 ''

for name in same nearly; do
	for head in 'logistic --C 1' knn; do
		run mc-train --regime frozen --head $head -o one.tar $name.tar
		is_rc 0 "$head: features that are $name equal"
		grep -c 'images have the same features, so no head can tell them apart: check the images, --mean, --std and --weights$' err >said
		ok "$head: which is said if they are" test "$(cat said)" = $([ $name = same ] && echo 1 || echo 0)
	done
done

# --- Options that do not apply ------------------------------------------------------

for option in '--lr 0.1' '--batch 8' '--epochs 2' '--optimizer sgd' '--momentum 0.9' \
    '--weight-decay 0' '--schedule cosine' '--warmup 1' '--accumulate 2' '--clip 1' \
    '--checkpoint state'; do
	run $train $option -o none features.tar
	fails 2 "mc-train: ${option% *} is not for --head logistic, which is not trained by steps (see mc-train --help)" \
	    "${option% *} is refused"
done
run mc-train -q --regime frozen --C 1 -o none features.tar
fails 2 'mc-train: --C is for --head logistic (see mc-train --help)' '--C for another head'
run mc-train -q --regime finetune --backbone resnet18 --head logistic -o none features.tar
fails 2 'mc-train: --head logistic is for --regime frozen (see mc-train --help)' 'fine-tuning'
run $train --C 1,2,1.0 -o none features.tar
fails 2 'mc-train: --C: 1 is given twice (see mc-train --help)' 'a value twice'
for C in 0 -1 x 1, nan; do
	run $train --C "$C" -o none features.tar
	is_rc 2 "--C $C is refused"
	ok 'in one line' test "$(wc -l <err)" -eq 1
done
ok 'nothing is written' test ! -e none

done_testing
