#!/bin/sh
# mc-threshold, and what mc-bootstrap --threshold makes of its tables.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-threshold

# same NAME: got is wanted, and there is something.
same() { ok "$1" sh -c 'test -s wanted && cmp wanted got'; }

# rows SPLIT FIRST: two arms, 60 images of 30 patients, made without chance.
rows() {
	awk -v part="$1" -v first="$2" 'BEGIN {
		OFS = "\t"
		for (arm = 0; arm < 2; arm++)
			for (i = first; i < first + 60; i++) {
				sick = i % 3 == 0
				p = (i * (37 + arm) % 101) / 101
				p = sprintf("%.2f", sick ? 0.3 + 0.6 * p : 0.8 * p)
				print "chest", "m" arm "/frozen", "m" arm,
				    "frozen", part, "i" i,
				    "patient " int(i / 2),
				    (sick ? "sick" : "well"), p, 1 - p
			}
	}'
}
printf '%s\t' task arm model regime split id group label p:sick >header
echo p:well >>header
{ cat header; rows val 0; } >val.tsv
{ cat header; rows test 60; } >test.tsv
{ cat header; rows test 60; rows val 0; rows train 120; } >all.tsv

run mc-threshold --positive sick val.tsv
is_golden out youden.tsv 'a threshold for each arm'
cp out youden.tsv
run mc-threshold --positive sick --criterion sensitivity --replicates 4 val.tsv
is_golden out drawn.tsv 'and those of replicates'
cp out drawn
run mc-threshold --positive sick all.tsv
ok 'rows of other splits are left alone' cmp youden.tsv out
run mc-threshold --positive sick --split train all.tsv
cut -f 8 out | sort -u >got
printf 'split\ntrain\n' >wanted
same 'another split may be asked for'

# --- Criteria ---------------------------------------------------------------
# criterion OPTION...: the columns threshold to specificity of the first arm.
criterion() {
	mc-threshold --positive sick "$@" val.tsv | cut -f 10-13 | sed -n 2p
}
{
	criterion --criterion sensitivity
	criterion --criterion sensitivity --at 0.5
	criterion --criterion specificity --at 0.9
	criterion --criterion cost --cost 1:5
	criterion --criterion cost --cost 1:5 --prevalence 0.02
	criterion --criterion cost --cost 1:1000000 --prevalence 0.5
} >got
is_golden got criteria.tsv 'each criterion, and its text'
{
	printf 'split\tid\tlabel\tp:sick\tp:well\n'
	printf 'val\t1\tsick\t0.1\t0.9\nval\t2\twell\t0.9\t0.1\n'
} >bad.tsv
run mc-threshold --positive sick bad.tsv
cut -f 10,12,13,18 out | tail -n 1 >got
is_file got 'worse than chance: all, and the note says so' <<'END'
0.05	1	0	all images are predicted as "sick"
END
run mc-threshold --positive sick --criterion specificity bad.tsv
cut -f 10,12,13,18 out | tail -n 1 >got
is_file got 'too specific: none, and the note says so' <<'END'
0.95	0	1	no image is predicted as "sick"
END
run mc-threshold --positive sick --replicates 40 bad.tsv
cut -f 10,18 out | tail -n +3 | sort -u >got
is_file got 'a replicate without a class has no threshold' <<'END'
	no images of class "sick"; no group: images treated as independent
	no other than images of class "sick"; no group: images treated as independent
0.05	all images are predicted as "sick"; no group: images treated as independent
END

# --- The same bytes ---------------------------------------------------------
drawn() { run mc-threshold --positive sick --criterion sensitivity "$@"; }
drawn --replicates 300 --threads 1 val.tsv
cp out one
for threads in 2 7; do
	drawn --replicates 300 --threads $threads val.tsv
	ok "$threads threads, the same bytes" cmp one out
done
{ head -n 1 val.tsv; tail -n +2 val.tsv | sort -r -k 6; } >reversed.tsv
drawn --replicates 300 reversed.tsv
ok 'another order of rows, the same bytes' cmp one out
{ cat header; grep m0 val.tsv; } >m0.tsv
{ cat header; grep m1 val.tsv; } >m1.tsv
drawn --replicates 300 m1.tsv m0.tsv
ok 'two files in any order, the same bytes' cmp one out
drawn --replicates 300 - <val.tsv
ok 'standard input, the same bytes' cmp one out
drawn --replicates 300 -o file.tsv val.tsv
ok 'a file, the same bytes' cmp one file.tsv
awk -F'\t' '$17 < 5 || NR == 1' one >got
ok 'replicate b does not depend on how many there are' cmp drawn got
drawn --replicates 300 --seed 2 val.tsv
ok 'another seed, other replicates' sh -c '! cmp -s one out'

# --- Refused ----------------------------------------------------------------
usage() {
	name=$1 message=$2
	shift 2
	run mc-threshold "$@" val.tsv
	fails 2 "mc-threshold: $message" "$name"
}
usage 'no class' \
    '--positive CLASS is missing: the class predicted at or above the threshold'
usage 'an unknown class' '--positive: "ill" is not a class of task "chest"; classes are: sick, well' \
    --positive ill
usage 'thresholds chosen on the test labels' \
    "--split test: a threshold from test rows makes the test's results too good: choose it on validation rows" \
    --positive sick --split test
usage 'a split without a name' '--split: an empty name' --positive sick --split ''
usage '--at without its criterion' \
    '--at applies only to --criterion sensitivity and specificity' --positive sick --at 0.9
usage 'a cost without its criterion' \
    '--cost FP:FN and --criterion cost: give both or none' \
    --positive sick --cost 1:5
usage 'the criterion without a cost' \
    '--cost FP:FN and --criterion cost: give both or none' \
    --positive sick --criterion cost
usage 'a prevalence without a cost' '--prevalence applies only to --criterion cost' \
    --positive sick --prevalence 0.1
for cost in 5 1:0 x:1 1:1:1 -1:2; do
	usage "a cost of $cost" \
	    "--cost: \"$cost\": give two numbers above 0, as 1:5" \
	    --positive sick --criterion cost --cost $cost
done
refused() {
	name=$1 message=$2
	run mc-threshold --positive sick bad.tsv
	fails 1 "mc-threshold: bad.tsv$message" "$name"
}
cp test.tsv bad.tsv
refused 'no rows of the split' ': no rows of split "val"; splits are: "test"'
cut -f 1-4,6- test.tsv >bad.tsv
refused 'no column split' ': no rows of split "val"; splits are: ""'
sed 's/	sick	/	well	/' val.tsv >bad.tsv
refused 'no image of the class' \
    ':2: task "chest", arm "m0/frozen", split "val": no image is of class "sick": a threshold needs images of it and others'
sed 's/	well	/	sick	/' val.tsv >bad.tsv
refused 'no image of others' \
    ':2: task "chest", arm "m0/frozen", split "val": all images are of class "sick": a threshold needs images of it and others'
printf 'split\tid\tlabel\tpredicted\nval\t1\tsick\twell\n' >bad.tsv
refused 'no probabilities' ':2: no p: columns, which a threshold needs'
{ cat header; rows val 0 | sed '40,$s/	patient [0-9]*	/		/'; } >bad.tsv
refused 'groups for some rows only' \
    ':41: column "group": empty: name the patient of every image (its id, where nothing else belongs to it), or give --unit image'
mc-threshold --positive sick val.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-threshold: standard output: cannot write: No space left on device' \
    'a full disk'

# --- Predicting by thresholds -----------------------------------------------
# numbers FILE: what does not say how an image was predicted.
numbers() { cut -f 1-20,22,23 "$1"; }
# by_hand THRESHOLDS PREDICTIONS: the same with predicted alone, by awk.
by_hand() {
	awk -F'\t' -v OFS='\t' 'NR == FNR { at[$2] = $10; next }
	    FNR == 1 { print "task", "arm", "model", "regime", "split", "id",
		"group", "label", "predicted"; next }
	    { print $1, $2, $3, $4, $5, $6, $7, $8,
		($9 >= at[$2] ? "sick" : "well") }' "$1" "$2"
}
counts=accuracy,precision:macro,recall:class,f1:class,specificity:class,mcc
run mc-bootstrap --threshold youden.tsv --metrics $counts,npv:positive test.tsv
is_golden out metrics.tsv 'metrics at thresholds'
by_hand youden.tsv test.tsv >hard.tsv
for method in percentile bca,percentile wilson,percentile \
    bootstrap-t,percentile; do
	mc-bootstrap --threshold youden.tsv --classes sick,well \
	    --metrics $counts --method $method test.tsv | cut -f 1-20 >got
	mc-bootstrap --classes sick,well --metrics $counts \
	    --method $method hard.tsv | cut -f 1-20 >wanted
	same "$method: as if predicted by hand"
done
soft=auroc,brier,ece,calibration_slope:positive
mc-bootstrap --threshold youden.tsv --metrics $soft test.tsv >got
mc-bootstrap --positive sick --metrics $soft test.tsv >wanted
same 'probabilities have no threshold'
run mc-bootstrap --metrics recall:positive --threshold youden.tsv - <test.tsv
is_rc 0 'predictions on standard input'

mc-bootstrap -q --metrics accuracy -o metrics.tsv test.tsv
run mc-bootstrap --threshold metrics.tsv test.tsv
fails 1 'mc-bootstrap: metrics.tsv: --threshold: is a table of metrics: give the table of mc-threshold' \
    'metrics, which are no thresholds'
mc-curve -q --positive sick -o curves.tsv test.tsv
run mc-bootstrap --threshold curves.tsv test.tsv
fails 1 'mc-bootstrap: curves.tsv: --threshold: is a table of curves: give the table of mc-threshold' \
    'curves, which are none'
run mc-bootstrap --threshold youden.tsv --folds pool test.tsv
fails 2 'mc-bootstrap: --threshold: each fold has its own threshold, so folds cannot be pooled' \
    'pooled folds have no one threshold'

# The threshold's own uncertainty.
mc-threshold --positive sick --replicates 399 -o many.tsv val.tsv
run mc-bootstrap --threshold many.tsv --replicates 399 --threads 1 \
    --metrics recall:positive,auroc test.tsv
cp out one
cut -f 11,12,21,26 out | sed -n 2,3p >got
is_file got 'the note says what the interval holds' <<'END'
	sick	0.295	few units: interval may be too narrow; interval includes the uncertainty of the threshold
	sick		few units: interval may be too narrow
END
run mc-bootstrap --threshold many.tsv --replicates 399 --threads 5 \
    --metrics recall:positive,auroc test.tsv
ok 'five threads, the same bytes' cmp one out
{ head -n 1 many.tsv; tail -n +2 many.tsv | sort -r; } >shuffled.tsv
run mc-bootstrap --threshold shuffled.tsv --replicates 399 \
    --metrics recall:positive,auroc test.tsv
ok 'another order of thresholds, the same bytes' cmp one out
run mc-bootstrap --threshold many.tsv --metrics accuracy test.tsv
fails 2 'mc-bootstrap: --replicates: 4999, but the thresholds of many.tsv have only 399: choose as many there, or give --replicates 399' \
    'replicates are not used twice'

# More than two classes: the class against the rest.
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "p:odd"; next }
    { if (NR % 5 == 0) $8 = "odd"; half = $10 / 2; $10 -= half; print $0, half
    }' val.tsv >val3.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "p:odd"; next }
    { if (NR % 5 == 0) $8 = "odd"; half = $10 / 2; $10 -= half; print $0, half
    }' test.tsv >test3.tsv
mc-threshold --positive sick val3.tsv >three.tsv
by_hand three.tsv test3.tsv | sed 's/	odd	/	well	/; s/well/not sick/g' \
    >hard.tsv
mc-bootstrap --threshold three.tsv --metrics $counts test3.tsv >out
numbers out >got
mc-bootstrap --classes 'sick,not sick' --metrics $counts hard.tsv >out
numbers out >wanted
same 'of three classes, one against the rest'
mc-bootstrap --threshold three.tsv --metrics auroc test3.tsv >got
mc-bootstrap --positive sick --metrics auroc test3.tsv >wanted
same 'and its AUROC as before'

# Subgroups, and the mean over training seeds.
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "train_seed", "sex"; next }
    { print $0, $2 == "m0/frozen" ? 1 : 2, NR % 4 < 2 ? "F" : "M" }' \
    val.tsv | sed 's/m[01]/m/g' >seeds_val.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "train_seed", "sex"; next }
    { print $0, $2 == "m0/frozen" ? 1 : 2, NR % 4 < 2 ? "F" : "M" }' \
    test.tsv | sed 's/m[01]/m/g' >seeds.tsv
mc-threshold --positive sick seeds_val.tsv >seeds_t.tsv
run mc-bootstrap --threshold seeds_t.tsv --metrics recall:positive,auroc \
    --train-seeds mean --by sex seeds.tsv
cut -f 6,9,10,21,22 out >got
is_file got 'a mean over seeds has a threshold of each, in subgroups too' <<'END'
train_seed	subgroup	metric	threshold	n_images
		recall	0.295,0.275	60
		auroc		60
	sex=F	recall	0.295,0.275	30
	sex=F	auroc		30
	sex=M	recall	0.295,0.275	30
	sex=M	auroc		30
END

# --- The trap: thresholds from test rows ------------------------------------
# refuses NAME STATUS MESSAGE [OPTION...]: --threshold bad.tsv is refused.
refuses() {
	name=$1 status=$2 message=$3
	shift 3
	run mc-bootstrap --threshold bad.tsv "$@" test.tsv
	fails "$status" "mc-bootstrap: $message" "$name"
}
sed 's/	val	/	test	/' youden.tsv >bad.tsv
refuses 'thresholds from test rows' 1 \
    "bad.tsv:2: column \"split\": \"test\": a threshold from test rows makes the test's results too good: choose it on validation rows"
sed 's/	val	/		/' youden.tsv >bad.tsv
refuses 'thresholds from unknown rows' 1 \
    'bad.tsv:2: column "split": empty: say which rows the threshold was chosen on'
run mc-bootstrap --threshold youden.tsv val.tsv
fails 1 'mc-bootstrap: youden.tsv:2: chosen on the rows of split "val", and not for use on them: give only predictions of another split' \
    'thresholds on the rows that they were chosen on'
run mc-bootstrap --threshold youden.tsv test.tsv val.tsv
fails 1 'mc-bootstrap: youden.tsv:2: chosen on the rows of split "val", and not for use on them: give only predictions of another split' \
    'and on such rows among others'

# --- Bad tables of thresholds -----------------------------------------------
grep -v m1 youden.tsv >bad.tsv
refuses 'no threshold for an arm' 1 \
    'bad.tsv: no threshold for task "chest", arm "m1/frozen": choose it with mc-threshold'
sed 's/	m1	/	m7	/' youden.tsv >bad.tsv
refuses 'another model' 1 \
    'bad.tsv: no threshold for task "chest", arm "m1/frozen": choose it with mc-threshold'
sed 's/	m1	/		/' youden.tsv >bad.tsv
run mc-bootstrap --threshold bad.tsv --metrics accuracy test.tsv
is_rc 0 'a model that is not named is any'
{ cat youden.tsv; tail -n 1 youden.tsv; } >bad.tsv
refuses 'two thresholds' 1 \
    'bad.tsv:4: the threshold of task "chest", arm "m1/frozen", replicate 0, is also at bad.tsv:3'
grep -v '	2		*$' drawn >bad.tsv
refuses 'a replicate is missing' 1 \
    'bad.tsv:5: replicate 4 among 4 rows of the same arm: some are missing'
{ cat youden.tsv; sed -n '/m0/{n;p;}' drawn | head -n 1; } >bad.tsv
refuses 'replicates for one arm only' 1 \
    'bad.tsv: 0 replicates for arm "m1/frozen", but 1 for another: give each arm as many'
sed '3s/	sick	/	well	/' youden.tsv >bad.tsv
refuses 'two classes in a task' 1 \
    'bad.tsv: of task "chest" some thresholds are of class "sick", others of "well"'
sed 's/	sick	/	ill	/' youden.tsv >bad.tsv
refuses 'no class of the task' 1 'bad.tsv: "ill" is not a class of task "chest"'
cp youden.tsv bad.tsv
refuses 'another positive class' 2 \
    '--positive: "well", but the thresholds of bad.tsv are of class "sick"' \
    --positive well
awk -F'\t' -v OFS='\t' 'NR == 3 { $10 = "" } { print }' youden.tsv >bad.tsv
refuses 'no number' 1 'bad.tsv:3: column "threshold": empty'
awk -F'\t' -v OFS='\t' 'NR == 3 { $10 = 40.5 } { print }' youden.tsv >bad.tsv
refuses 'a percentage' 1 'bad.tsv:3: column "threshold": not between 0 and 1'
cut -f 1-9 youden.tsv >bad.tsv
refuses 'no column' 1 \
    'bad.tsv:1: no column "threshold"; columns are: task, arm, model, regime, features, train_seed, fold, split, class'
printf 'arm\tid\tlabel\tpredicted\nm0/frozen\t1\tsick\twell\n' >hard.tsv
run mc-bootstrap --threshold youden.tsv hard.tsv
fails 1 'mc-bootstrap: hard.tsv:2: no p: columns, which --threshold needs' \
    'predictions without probabilities'

# --- The manual's examples --------------------------------------------------
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-threshold.1" >examples.sh
ok 'the examples of the manual run' sh -e examples.sh
ok 'they were more than two' test "$(wc -l <examples.sh)" -gt 2

# --- Against others ---------------------------------------------------------
if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
	ok 'sklearn_thresholds.py agrees' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/sklearn_thresholds.py"
else
	skip 'sklearn_thresholds.py agrees' 'no scikit-learn for $PYTHON3'
fi

done_testing
