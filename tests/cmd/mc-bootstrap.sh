#!/bin/sh
# mc-bootstrap: golden tables, the order of rows, threads, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-bootstrap

# Two arms of 120 images of 60 patients, made without chance.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "model", "regime", "split", "id", "group",
	    "label", "predicted", "p:sick", "p:well"
	for (arm = 0; arm < 2; arm++)
		for (i = 0; i < 120; i++) {
			sick = i % 3 == 0
			p = (i * (37 + arm) % 101) / 101
			p = sick ? 0.3 + 0.7 * p : 0.8 * p
			print "chest", "m" arm "/frozen", "m" arm, "frozen",
			    "test", "i" i, "patient " int(i / 2),
			    (sick ? "sick" : "well"), (p > 0.5 ? "sick" : "well"),
			    p, 1 - p
		}
}' >p.tsv

run mc-bootstrap p.tsv
is_rc 0 'predictions give metrics'
is_golden out default.tsv 'the default metrics'
cp out default
run mc-bootstrap --metrics all --positive sick --seed 7 p.tsv
is_golden out all.tsv 'all metrics'
run mc-bootstrap --list-metrics
is_golden out list.tsv 'the table of metrics'

# --- The same bytes ---------------------------------------------------------
mc-bootstrap --metrics all --threads 1 p.tsv >one
for threads in 2 7; do
	run mc-bootstrap --metrics all --threads $threads p.tsv
	ok "$threads threads, the same bytes" cmp one out
done
{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r -k 6; } >reversed.tsv
run mc-bootstrap --metrics all reversed.tsv
ok 'another order of rows, the same bytes' cmp one out
{ head -n 1 p.tsv; grep m0 p.tsv; } >m0.tsv
{ head -n 1 p.tsv; grep m1 p.tsv; } >m1.tsv
run mc-bootstrap --metrics all m1.tsv m0.tsv
ok 'two files in any order, the same bytes' cmp one out
awk -F'\t' -v OFS='\t' '{ print $11, $10, $9, $8, $7, $6, $5, $4, $3, $2, $1 }' \
    p.tsv >columns.tsv
run mc-bootstrap --classes sick,well --metrics all columns.tsv
ok 'another order of columns, the same bytes' cmp one out
run mc-bootstrap --metrics all - <p.tsv
ok 'standard input, the same bytes' cmp one out
mc-bootstrap --metrics all <p.tsv >out
ok 'no file is standard input' cmp one out
run mc-bootstrap --metrics all -o file.tsv p.tsv
ok 'a file, the same bytes' cmp one file.tsv
mc-bootstrap --metrics accuracy p.tsv >a.tsv
head -n 2 default >b.tsv
head -n 2 a.tsv >c.tsv
ok 'an interval does not depend on the metrics beside it' cmp b.tsv c.tsv
run mc-bootstrap --seed 2 p.tsv
ok 'another seed, other limits' sh -c '! cmp -s default out'

# --- The unit ---------------------------------------------------------------
# unit METRICS: the columns unit, n_images, n_units, note.
unit() { cut -f 18,22,23,24 "$1" | sed -n 2p; }
run mc-bootstrap --metrics accuracy --unit image p.tsv
unit out >got
is_file got 'images, asked for' <<'END'
image	120	120	images resampled as if independent, though some are of one group
END
awk -F'\t' -v OFS='\t' '{ $7 = NR == 1 ? "group" : ""; print }' p.tsv >nogroup.tsv
run mc-bootstrap --metrics accuracy nogroup.tsv
unit out >got
is_file got 'no groups: the image, and the note says so' <<'END'
image	120	120	no group: images resampled as if independent
END
run mc-bootstrap --unit group nogroup.tsv
fails 1 'mc-bootstrap: nogroup.tsv:2: column "group": empty: name the patient of every image, or give --unit image' \
    '--unit group needs groups'
sed '5s/patient 1//' p.tsv >some.tsv
run mc-bootstrap some.tsv
fails 1 'mc-bootstrap: some.tsv:5: column "group": empty: name the patient of every image, or give --unit image' \
    'a cell with some groups only'
cut -f 1-6,8- p.tsv >absent.tsv
run mc-bootstrap --unit group absent.tsv
fails 1 'mc-bootstrap: absent.tsv:2: column "group": there is none: name the patient of every image, or give --unit image' \
    '--unit group without the column'

# --- The original study's interval ------------------------------------------
awk 'BEGIN {
	print "id\tlabel\tpredicted"
	for (i = 0; i < 624; i++)
		print i "\t" (i % 2) "\t" (i < 562 ? i % 2 : 1 - i % 2)
}' >study.tsv
limits() { cut -f 13-15,17 out | sed -n 2p |
	awk '{ printf "%.4f %.3f %.3f %s\n", $1, $2, $3, $4 }'; }
run mc-bootstrap --metrics accuracy study.tsv
limits >got
is_file got 'the right interval: 87.66 to 92.47 but for chance' <<'END'
0.9006 0.877 0.925 percentile
END
run mc-bootstrap --metrics accuracy --method original study.tsv
limits >got
is_file got "the original's: less than one image" <<'END'
0.9006 0.900 0.901 original
END
ok 'the original is labelled' grep -q 'not an interval of the metric' out

# --- Names ------------------------------------------------------------------
printf 'id\tlabel\tpredicted\n1\tμ\tμ\n2\t"b; c\tμ\n' >names.tsv
run mc-bootstrap --metrics f1:class names.tsv
cut -f 12 out >got
is_file got 'a class name may be any text' <<'END'
class
"b; c
μ
END
printf 'id\tlabel\tpredicted\tp:a\tp:b\n1\ta\tb\t0.5\t0.5\n2\ta\t\t0.5\t0.5\n' >tie.tsv
run mc-bootstrap --metrics accuracy tie.tsv
cut -f 13 out >got
is_file got 'a tie goes to predicted, and without it to the first' <<'END'
estimate
0.5
END
printf 'id\tlabel\tpredicted\n1\ta\ta\n' >row.tsv
run mc-bootstrap --classes a,b --metrics accuracy row.tsv
cut -f 13-17 out | sed -n 2p >got
is_file got 'one row: an interval of one unit' <<'END'
1	0.025000000000000022	1	0.95	clopper-pearson
END

# --- Bad input --------------------------------------------------------------
# bad NAME MESSAGE [OPTION...]: the table is bad.tsv.
bad() {
	name=$1 message=$2
	shift 2
	run mc-bootstrap "$@" bad.tsv
	fails 1 "mc-bootstrap: $message" "$name"
}
run mc-bootstrap none.tsv
fails 1 'mc-bootstrap: none.tsv: No such file or directory' 'a missing file'
: >bad.tsv
bad 'an empty file' 'bad.tsv: empty: not even a header line'
printf 'id\tlabel\tpredicted\n' >bad.tsv
bad 'a header alone' \
    'bad.tsv: a header, but no rows'
printf 'id\tlabel\n1\ta\n' >bad.tsv
bad 'no predictions' \
    'bad.tsv:1: no column "predicted"; there are: id, label'
printf 'x\n1\n' >bad.tsv
bad 'no column of ours' \
    'bad.tsv:1: no column "id", "label", "predicted"; there are: x'
printf 'id\tlabel\tpredicted\n1\ta\ta\n' >bad.tsv
bad 'one class' \
    'bad.tsv: the only class of task "" is "a": declare the others with --classes'
printf 'id\tlabel\tpredicted\n1\ta\n' >bad.tsv
bad 'a ragged row' \
    'bad.tsv:2: 2 fields, but the header has 3'
printf 'id\tlabel\tpredicted\n1\t\ta\n' >bad.tsv
bad 'no label' \
    'bad.tsv:2: column "label": empty: leave out the rows whose truth is unknown'
printf 'id\tlabel\tpredicted\n\ta\ta\n' >bad.tsv
bad 'no id' \
    'bad.tsv:2: column "id": empty'
printf 'id\tlabel\tpredicted\n1\ta\tb\n2\tb\ta\n1\tb\tb\n' >bad.tsv
bad 'an id twice' \
    'bad.tsv:4: id "1" of the same task, arm, model, regime, features, train_seed, fold and split stands at bad.tsv:2 too'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t0.5\t0.6\n' >bad.tsv
bad 'a sum that is not 1' \
    'bad.tsv:2: the p: columns sum to 1.1, not to 1'
printf 'id\tlabel\tp:a\tp:b\n1\ta\tnan\t0.6\n' >bad.tsv
bad 'not a number' \
    'bad.tsv:2: column "p:a": "nan" is not a number'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t-0.1\t1.1\n' >bad.tsv
bad 'a negative probability' \
    'bad.tsv:2: column "p:a": -0.1 is not between 0 and 1.001'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t\t1\n' >bad.tsv
bad 'an empty probability' \
    'bad.tsv:2: column "p:a": "" is not a number'
printf 'id\tlabel\tp:\n1\ta\t1\n' >bad.tsv
bad 'a class without a name' \
    'bad.tsv:1: column "p:" names no class'
printf 'id\tlabel\tp:a\tp:b\n1\tc\t0.5\t0.5\n' >bad.tsv
bad 'a label of no class' \
    'bad.tsv:2: column "label": "c" is none of the classes: a, b'
printf 'id\tlabel\tpredicted\n1\ta\tc\n' >bad.tsv
bad 'a prediction of no class' \
    'bad.tsv:2: column "predicted": "c" is none of the classes: a, b' \
    --classes a,b
printf 'id\tlabel\tpredicted\tp:a\tp:b\n1\ta\ta\t0.4\t0.6\n' >bad.tsv
bad 'a prediction that is not the most probable' \
    'bad.tsv:2: column "predicted": "a", but "b" is the more probable: correct the column, or leave it out'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t0.5\t0.5\n' >bad.tsv
bad 'a class without its column' \
    'bad.tsv:1: no column "p:c", a class of the task' --classes a,b,c
printf 'id\tlabel\tp:a\tp:b\n1\ta\t0.5\t0.5\n' >bad.tsv
bad 'a column without its class' \
    'bad.tsv:1: column "p:b": not one of the task'\''s classes' --classes a,c
printf 'id\tlabel\tp:a\tp:b\n1\ta\t0.5\t0.5\n' >ab.tsv
printf 'id\tlabel\tp:b\tp:a\n2\ta\t0.5\t0.5\n' >ba.tsv
run mc-bootstrap ab.tsv ba.tsv
fails 1 'mc-bootstrap: ba.tsv:1: the p: columns come in another order than in another file of the task: give the order with --classes' \
    'two files of one task, two orders of classes'
printf 'id\tlabel\tpredicted\n2\ta\tb\n' >hard.tsv
run mc-bootstrap ab.tsv hard.tsv
fails 1 'mc-bootstrap: hard.tsv:2: has no p: columns, unlike ab.tsv:2 of the same task, arm and split' \
    'half a cell with probabilities'

# --- Usage ------------------------------------------------------------------
usage() {
	name=$1 message=$2
	shift 2
	run mc-bootstrap "$@" p.tsv
	fails 2 "mc-bootstrap: $message" "$name"
}
usage 'too few replicates' \
    '--replicates: 100 are too few for level 0.95: give 399 or more' \
    --replicates 100
usage 'an unknown metric' \
    '--metrics: no metric "speed": --list-metrics shows them' --metrics speed
usage 'an unknown positive class' \
    '--positive: "ill" is no class of task "chest"' --positive ill
usage 'a class twice' '--classes: "a" stands there twice' --classes a,a
usage 'an unknown method' \
    '--method: "bca" is not one of percentile|original (see mc-bootstrap --help)' \
    --method bca

mc-bootstrap p.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-bootstrap: standard output: cannot write: No space left on device' \
    'a full disk'
mc-bootstrap -o gone.tsv --positive ill p.tsv 2>err
ok 'a failed run leaves no file' test ! -e gone.tsv

# --- The manual's examples --------------------------------------------------
cp p.tsv predictions.tsv
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-bootstrap.1" >examples.sh
ok 'the examples of the manual run' sh -e examples.sh
ok 'they were more than one' test "$(wc -l <examples.sh)" -gt 1
ok 'and left a table' grep -q bottomrule table.tex

# --- Against others ---------------------------------------------------------
for script in sklearn_metrics numpy_bootstrap; do
	if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
		ok "$script.py agrees" \
		    "$PYTHON3" "$abs_srcdir/tests/stats/$script.py"
	else
		skip "$script.py agrees" 'no scikit-learn for $PYTHON3'
	fi
done

done_testing
