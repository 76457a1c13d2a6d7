#!/bin/sh
# mc-train --select: the epoch, the C and the learning rate that are kept are the
# best by scikit-learn's metric of mc-predict's table, and mc-bootstrap's.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/model.sh"

have_python 'select' || done_testing
"$PYTHON3" "$abs_srcdir/tests/cmd/probe_peer.py" make
steps='mc-train --threads 1 --regime frozen --optimizer sgd --lr 0.02 --batch 7 --classes a,b,c'
refused() { # refused MESSAGE OPTION...
	message=$1
	shift
	run $steps "$@" -o none features.tar
	fails 2 "mc-train: --select: $message (see mc-train --help)" "refused: $*"
}

# --- Epochs ---------------------------------------------------------------------

# The val rows as each of eight epochs predicts them.
for epoch in 1 2 3 4 5 6 7 8; do
	$steps -q --epochs $epoch --select last -o epoch.tar features.tar
	mc-predict -q --model epoch.tar --split val -o epoch.$epoch.tsv features.tar
	mc-bootstrap -q --replicates 1000 --classes a,b,c --metrics all epoch.$epoch.tsv |
	    awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
		$c["class"] == "" { average = $c["average"] == "" ? "" : ":" $c["average"]
		    print $c["metric"] average, $c["estimate"] }' >bootstrap.$epoch
done
for metric in auroc:macro auroc:ovo balanced_accuracy f1:macro mcc \
    kappa_quadratic brier accuracy; do
	run $steps --epochs 8 --select $metric --log log.tsv -o model.tar features.tar
	is_rc 0 "$metric selects"
	tail -n 1 err >said
	key model.tar epoch >>kept
	compared "$metric: scikit-learn has compared" "$PYTHON3" \
	    "$abs_srcdir/tests/cmd/select_peer.py" $metric log.tsv "$(key model.tar epoch)" said
	ok "$metric is recorded" test "$(key model.tar select)" = $metric
	[ $metric != accuracy ] || continue
	for epoch in 1 2 3 4 5 6 7 8; do
		awk -v metric=$metric '$1 == metric { print $2 }' bootstrap.$epoch
	done >bootstrap
	awk -F'\t' '$2 == "val" { print $9 }' log.tsv >logged
	# Where ranks do not decide, the rounding of a batch's size is seen.
	paste bootstrap logged | awk -v most="$([ $metric = brier ] && echo 1e-6 || echo 0)" '
	    { d = $1 - $2; bad += !(d <= most && d >= -most) } END { exit bad || NR != 8 }'
	ok "$metric: the log has mc-bootstrap's values" test $? -eq 0
done
ok 'metrics choose different epochs' test "$(sort -u kept | wc -l)" -ge 3
run $steps -q --epochs 3 --select auroc --log log.tsv -o model.tar features.tar
ok 'the average that is meant is recorded' test "$(key model.tar select)" = auroc:macro
head -n 3 log.tsv | cut -f 1,2,9 | awk -F'\t' '$3 + 0 > 0 { $3 = "x" } { print $1, $2, $3 }' >column
is_file column 'and names the column, which is empty for training images' <<'END'
epoch split auroc:macro
1 train 
1 val x
END
run $steps -q --epochs 3 --select f1 --log log.tsv -o model.tar features.tar
ok 'a metric that the log has anyway has no other column' \
    test "$(head -n 1 log.tsv | awk -F'\t' '{ print NF, $NF }')" = '8 learning_rate'
run $steps --epochs 2 --select mcc -o model.tar features.tar
ok 'each epoch is told with the metric' test "$(grep -c '^mc-train: epoch [12]/2: loss [0-9.]*, validation loss [0-9.]*, accuracy [0-9.]*, mcc [0-9.]*, ' err)" -eq 2
run $steps -q --epochs 8 --select last --patience 2 -o none features.tar
is_rc 2 'the last epoch is no better than another'
run $steps -q --epochs 200 --select auroc --patience 2 --log log.tsv -o model.tar features.tar
ok 'patience goes by the metric' test "$(tail -n 1 log.tsv | cut -f 1)" = \
    "$(awk -F'\t' '$2 == "val" { if (n++ == 0 || $9 > best) { best = $9; at = $1 }
	if ($1 == at + 2) { print $1; exit } }' log.tsv)"

# --- Values of C, learning rates -------------------------------------------------

best() { # best: of the val rows of log.tsv by the last column, "number parameter"
	awk -F'\t' '$2 == "val" && (n++ == 0 || $9 > best || ($9 == best && $3 < loss)) {
		best = $9; loss = $3; found = $1 " " $8 } END { print found }' log.tsv
}
logistic='mc-train --regime frozen --head logistic'
run $logistic --select auroc --log log.tsv -o model.tar features.tar
ok 'C is chosen by the metric' test "$(key model.tar epoch) $(key model.tar C)" = "$(best)"
ok 'which is said' grep -q "^mc-train: C $(key model.tar C), number $(key model.tar epoch) of 45, is kept: validation auroc:macro 0.[0-9]*, accuracy 0.[0-9]*, loss [0-9.]*$" err
$logistic -q -o accuracy.tar features.tar
ok 'and is not that of accuracy' test "$(key model.tar C)" != "$(key accuracy.tar C)"
run $steps --epochs 4 --lr 0.01,0.1,1 --select brier --log log.tsv -o model.tar features.tar
ok 'a rate is chosen by the metric' test "$(key model.tar epoch) $(key model.tar lr)" = \
    "$(awk -F'\t' '$2 == "val" && (n++ == 0 || $9 < best) { best = $9; found = $1 " " $8 } END { print found }' log.tsv)"
ok 'which is said' grep -q "^mc-train: learning rate $(key model.tar lr), epoch $(key model.tar epoch) of 4, is kept: validation brier 0.[0-9]*, accuracy 0.[0-9]*, loss [0-9.]*$" err

# --- What is refused -------------------------------------------------------------

refused 'unknown metric "acuracy": mc-bootstrap --list-metrics lists them' --select acuracy
refused 'unknown metric "auroc,mcc": mc-bootstrap --list-metrics lists them' --select auroc,mcc
refused 'unknown metric "all": mc-bootstrap --list-metrics lists them' --select all
refused 'unknown metric "": mc-bootstrap --list-metrics lists them' --select ''
refused '"mcc" has no "macro": mc-bootstrap --list-metrics lists what it has' --select mcc:macro
refused '"mcc" has no "class": mc-bootstrap --list-metrics lists what it has' --select mcc:class
for metric in auroc:class auroc:positive brier:class; do
	refused "\"$metric\" has a value per class: give a metric of all classes, such as auroc:macro" \
	    --select $metric
done
refused '"calibration_slope": neither its highest nor its lowest value is the best one' \
    --select calibration_slope
refused '"sensitivity_at_specificity@0.9" depends on which of two classes is positive: give sensitivity_at_specificity@0.9:macro' \
    --select sensitivity_at_specificity@0.9
run $steps -q --epochs 2 --select sensitivity_at_specificity@0.9:macro -o model.tar features.tar
is_rc 0 'which does'
ok 'and is recorded with its parameter' test "$(key model.tar select)" = sensitivity_at_specificity@0.9:macro
run mc-train --regime frozen --select kappa_linear -o none features.tar
fails 2 'mc-train: --select: "kappa_linear" depends on the order of the classes: give it with --classes (see mc-train --help)' \
    'a metric of ordered classes'
run $steps --select auroc --fold 1 -o none features.tar
fails 2 'mc-train: --select auroc would choose the epoch on fold 1, which is to be predicted: choose it on another with --val-fold, or give --select last (see mc-train --help)' \
    'the fold that is to be predicted chooses nothing'

# No validation image of the class c.
"$PYTHON3" "$abs_srcdir/tests/cmd/select_peer.py" absent
run $steps --select auroc -o none absent.tar
fails 1 'mc-train: --select auroc:macro has no value: no validation image of the class "c": make some with mc-split, or give --select balanced_accuracy' \
    'a metric that no epoch could have'
run $steps -q --epochs 2 --select balanced_accuracy --log log.tsv -o model.tar absent.tar
is_rc 0 'what is advised does'
ok 'nothing is written' test ! -e none

done_testing
