#!/bin/sh
# mc-power: golden tables, what mc-bootstrap and mc-compare find, threads, the
# searches, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-power

# Two arms of 120 images of 60 patients, made without chance.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "split", "id", "group", "label", "p:sick", "p:well"
	for (arm = 0; arm < 2; arm++)
		for (i = 0; i < 120; i++) {
			sick = i % 3 == 0
			p = (i * (37 + arm) % 101) / 101
			p = sick ? 0.3 + 0.7 * p : 0.8 * p
			print "chest", "m" arm, "test", "i" i,
			    "patient " int(i / 2), (sick ? "sick" : "well"),
			    p, 1 - p
		}
}' >p.tsv
{ head -n 1 p.tsv; grep m0 p.tsv; } >m0.tsv

# --- Tables -----------------------------------------------------------------
run mc-power --replicates 999 p.tsv
is_rc 0 'predictions give sizes'
is_golden out pilot.tsv 'the default sizes, two arms and their difference'
run mc-power --replicates 999 --assume auroc=0.85,0.9 --images 2 --icc 0.5 \
    --correlation 0.5 --prevalence 0.3 --patients 50,200
is_golden out assumed.tsv 'assumed values'
run mc-power --replicates 999 --metrics accuracy,auroc --width 0.1 \
    --detect 0.1 p.tsv
is_golden out goals.tsv 'the sizes that reach a goal'

# --- A study as large as the pilot ------------------------------------------
# limits FILE: the columns lo and hi of its rows.
limits() {
	awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	    { print $at["lo"], $at["hi"] }' "$1"
}
mc-power --metrics accuracy,auroc --patients 60 p.tsv >power.tsv
limits power.tsv >got
mc-bootstrap --metrics accuracy,auroc --method percentile p.tsv >bootstrap.tsv
mc-compare --metrics accuracy,auroc p.tsv >compare.tsv
{ limits bootstrap.tsv; limits compare.tsv; } >wanted
ok 'the limits of mc-bootstrap and mc-compare' cmp wanted got
ok 'which are six' test "$(wc -l <got)" -eq 6

# --- The same bytes ---------------------------------------------------------
run mc-power --metrics ece --patients 60 p.tsv
awk -F'\t' 'NR > 1 { print $8 ":", $13 $14 $15 $16 $18 $20, \
	($24 ~ /no interval: bootstrap replicates of this metric are biased upwards/) }' \
    out | sort -u >got
is_file got 'a calibration error has no interval, and no power' <<'END'
:  1
m1:  1
END
mc-power --metrics accuracy,auroc --detect 0.1 --threads 1 p.tsv >one
run mc-power --metrics accuracy,auroc --detect 0.1 --threads 7 p.tsv
ok '7 threads, the same bytes' cmp one out
{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r -k 6; } >reversed.tsv
run mc-power --metrics accuracy,auroc --detect 0.1 - <reversed.tsv
ok 'another order of rows, by a pipe, the same bytes' cmp one out
mc-power --assume accuracy=0.9,0.8 --images 3 --threads 1 >one
run mc-power --assume accuracy=0.9,0.8 --images 3 --threads 7
ok 'assumed values: 7 threads, the same bytes' cmp one out
run mc-power --assume accuracy=0.9,0.8 --images 3 --seed 2
ok 'another seed, other numbers' sh -c '! cmp -s one out'
head -n 2 one >wanted
mc-power --assume accuracy=0.9,0.8 --images 3 --patients 50 | head -n 2 >got
ok 'a size does not depend on the sizes beside it' cmp wanted got
mc-power --assume accuracy=0.9 --images 3 --patients 50 >got
ok 'nor does an arm on the arm beside it' cmp wanted got
awk -F'\t' -v OFS='\t' '{ print $0, (NR == 1 ? "train_seed" : 1) }' p.tsv >seeds.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 { if (substr($4, 2) % 5 == 0) {
    t = $7; $7 = $8; $8 = t } print $0, 2 }' p.tsv >>seeds.tsv
mc-power --metrics accuracy,auroc --patients 50 seeds.tsv |
    grep '	auroc	' >got
mc-power --metrics auroc --patients 50 seeds.tsv | grep '	auroc	' >wanted
ok 'nor does a metric of several seeds on that beside it' cmp wanted got
ok 'and it was there' test -s got

# --- The searches -----------------------------------------------------------
# Limits are known to a few in a hundred, so a tenth fewer patients must not do.
for goal in width:16 detect:18; do
	name=${goal%:*}
	column=${goal#*:}
	n=$(mc-power --$name 0.08 p.tsv | awk -F'\t' 'NR == 2 { print $10 }')
	mc-power --patients $n,$((n * 9 / 10)) p.tsv >near.tsv
	ok "--$name: the size reaches it, and a smaller one does not" \
	    awk -F'\t' -v c="$column" -v n="$n" 'NR > 1 && $7 == "m0" &&
	    (c == 16) == ($8 == "") { bad += ($10 == n) != ($c <= 0.08); k++ }
	    END { exit bad > 0 || k != 2 }' near.tsv
done
run mc-power --width 0.0001 m0.tsv
cut -f 10,24 out | sed -n 2p >got
is_file got 'a goal that no size reaches' <<'END'
100000	the goal is not reached with 100000 units, the most that are tried
END
# cpu COMMAND...: the CPU seconds of COMMAND.
cpu() {
	sh -c '"$@" >/dev/null 2>&1; times' sh "$@" | awk 'END {
		n = split($1, t, /[ms]/); print t[1] * 60 + t[2] }'
}
# The sizes between would take three times as long as the largest.
most=$(cpu mc-power --threads 1 --patients 100000 p.tsv)
goal=$(cpu mc-power --threads 1 --detect 1e-7 --patients 100000 p.tsv)
ok "a goal that is far away costs one size more ($goal s, and $most s without it)" \
    awk "BEGIN { exit !($goal < 2.6 * $most) }"

# --- What is not known ------------------------------------------------------
printf 'id\tgroup\tlabel\tpredicted\n1\tg\ta\ta\n2\th\tb\tb\n' >same.tsv
run mc-power --metrics accuracy,auroc --patients 50 same.tsv
cut -f 4,12-17,24 out | sed 1d >got
is_file got 'no variation, no probabilities, a pilot of two' <<'END'
accuracy	1					0.95	a pilot of 2 units is too small to be reliable; few units: interval may be too narrow; (nearly) all studies are equal
auroc						0.95	undefined: it needs probabilities, and only classes are predicted; a pilot of 2 units is too small to be reliable; few units: interval may be too narrow
END
run mc-power --metrics auroc --width 0.1 same.tsv
is_rc 0 'a search for what is undefined ends'

# --- Bad input --------------------------------------------------------------
run mc-power --patients 50,1 p.tsv
fails 2 'mc-power: --patients: 1 is not between 2 and 100000' \
    'one patient'
run mc-power --patients 50,x p.tsv
fails 2 'mc-power: --patients: "x" is not a whole number' \
    'no number of patients'
run mc-power --metrics acuracy p.tsv
fails 2 'mc-power: --metrics: unknown metric "acuracy": mc-bootstrap --list-metrics lists them' \
    'an unknown metric'
run mc-power --reference m7 p.tsv
fails 2 'mc-power: --reference: task "chest" has no arm "m7"' \
    'an unknown reference'
run mc-power --reference m0 m0.tsv
fails 2 'mc-power: --reference: task "chest" has only one arm, "m0": also give the predictions of another' \
    'a reference of a single arm'
run mc-power --detect 0.1 m0.tsv
fails 2 'mc-power: --detect: task "chest" has only one arm, "m0": also give the predictions of another' \
    '--detect of a single arm'
run mc-power --assume f1=0.9
fails 2 'mc-power: --assume: "f1=0.9": give accuracy=X or auroc=X' \
    'another metric assumed'
run mc-power --assume accuracy=1
fails 2 'mc-power: --assume: 1 is not between 0.001 and 0.999' \
    'an accuracy of 1 assumed'
run mc-power --assume accuracy=0.7,0.8,0.9
fails 2 'mc-power: --assume: 3 values: give one or two arms' \
    'three arms assumed'
run mc-power --assume accuracy=0.9 --detect 0.1
fails 2 'mc-power: --detect compares two arms, and --assume has one: give METRIC=X,X' \
    '--detect of one assumed arm'
run mc-power --assume accuracy=0.9 --correlation 0.5
fails 2 'mc-power: --correlation is between two arms, and --assume has one: give METRIC=X,X' \
    '--correlation of one assumed arm'
run mc-power --assume accuracy=0.8,0.8 --correlation 1 --detect 0.1
fails 2 'mc-power: --correlation 1 makes two arms of the same value one: give a smaller one' \
    'two arms that never differ'
run mc-power --assume accuracy=0.9 --icc 0.5
fails 2 'mc-power: --icc is between the images of a patient, who has one: also give --images' \
    '--icc of one image a patient'
run mc-power --assume accuracy=0.9 --prevalence 0.5
fails 2 'mc-power: --prevalence applies only to --assume auroc=X' \
    '--prevalence of an accuracy'
run mc-power --assume accuracy=0.9 p.tsv
fails 2 'mc-power: --assume takes neither predictions nor their options' \
    'both ways at once'
run mc-power --icc 0.5 p.tsv
fails 2 'mc-power: --correlation, --icc, --images and --prevalence need --assume' \
    '--icc without --assume'
run mc-power --replicates 100 p.tsv
fails 2 'mc-power: --replicates: 100 are too few for level 0.95: give 399 or more' \
    'too few replicates'
run mc-power </dev/null
fails 1 'mc-power: standard input: empty: not even a header line' \
    'an empty input'
run mc-power -o left.tsv --reference m7 p.tsv
ok 'an error leaves no file' test ! -e left.tsv

# --- Seeds ------------------------------------------------------------------
# The first seed predicts the class three times as often as the others: of each
# side the seed decides that has the fewest units, whatever it is called.
awk 'BEGIN { OFS = "\t"; print "arm", "train_seed", "id", "label", "predicted"
	for (arm = 0; arm < 2; arm++)
		for (seed = 1; seed < 4; seed++)
			for (i = 0; i < 150; i++)
				print "m" arm, seed, i, i % 2 ? "a" : "b",
				    (i * 7 + arm * 3 + seed) % 10 < \
				    (seed == 1 ? 6 : 2) ? "a" : "b" }' >often.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 { $2 = 4 - $2 } 1' often.tsv >names.tsv
of='--positive a --metrics precision:positive --replicates 999 --patients 100'
# Sums of seeds in another order differ in the last bit.
limits_and_note() {
	awk -F'\t' '{ printf "%.9g %.9g %.9g %s\n", $14, $15, $18, $24 }'
}
mc-power $of often.tsv | limits_and_note >wanted
mc-power $of names.tsv | limits_and_note >got
ok 'the names of seeds change nothing' cmp got wanted
ok 'and a seed of few units is enough for the note' \
    test "$(grep -c 'few units' wanted)" -eq 3

# --- The page ---------------------------------------------------------------
cp p.tsv predictions.tsv
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-power.1" >examples.sh
ok 'the examples of the page run' sh -e examples.sh
ok 'and are three' test "$(wc -l <examples.sh)" -eq 3

# --- Against others ---------------------------------------------------------
if "$PYTHON3" -c 'import sklearn, statsmodels' 2>/dev/null; then
	ok 'numpy_power.py agrees' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/numpy_power.py"
else
	skip 'numpy_power.py agrees' 'no scikit-learn for $PYTHON3'
fi

done_testing
