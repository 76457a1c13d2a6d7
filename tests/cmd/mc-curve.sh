#!/bin/sh
# mc-curve: curves by hand, golden tables, mc-bootstrap's numbers, threads, and
# bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-curve

# columns NAME,...: these columns of ./out, without the header, numbers rounded.
columns() {
	awk -F'\t' -v names="$1" 'NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i
		n = split(names, name, ",")
		next
	}
	{
		for (i = 1; i <= n; i++) {
			v = $at[name[i]]
			if (v ~ /^-?[0-9.]+$/) v = sprintf("%.5g", v)
			printf "%s%s", v, i < n ? "\t" : "\n"
		}
	}' out
}

# --- By hand ----------------------------------------------------------------
# By falling p: s; w and s; s; w.
cat >tiny.tsv <<'END'
id	label	p:s	p:w
1	s	0.9	0.1
2	w	0.8	0.2
3	s	0.8	0.2
4	s	0.4	0.6
5	w	0.2	0.8
END
run mc-curve --positive s --grid 4 --points tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'a ROC curve by hand: half way up a tie, the upper end elsewhere' <<'END'
roc	0	0.33333		
roc	0.25	0.5		
roc	0.5	1		
roc	0.75	1		
roc	1	1		
roc:points	0	0		0
roc:points	0	0.33333	0.9	1
roc:points	0.5	0.66667	0.8	3
roc:points	0.5	1	0.4	4
roc:points	1	1	0.2	5
END
run mc-curve --curve pr --positive s --grid 3 --points tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'precision and recall by hand' <<'END'
pr	0.33333	1	0.9	1
pr	0.66667	0.66667	0.8	3
pr	1	0.75	0.4	4
pr:points	0.33333	1	0.9	1
pr:points	0.66667	0.66667	0.8	3
pr:points	1	0.75	0.4	4
pr:points	1	0.6	0.2	5
END
run mc-curve --curve calibration --bins 4 --positive s tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'bins by hand, one of them empty' <<'END'
calibration	0.2	0	0	1
calibration	0.4	1	0.25	1
calibration			0.5	0
calibration	0.83333	0.66667	0.75	3
END
run mc-curve --curve calibration --bins 2 --bins-of mass --positive s tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'bins of equal mass by hand: a tie stays together' <<'END'
calibration	0.3	0.5	0.2	2
calibration	0.83333	0.66667	0.8	3
END
run mc-curve --curve decision --positive s --grid 4 tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'net benefit by hand' <<'END'
decision	0.25	0.53333	0.25	4
decision	0.5	0.2	0.5	3
decision	0.75	-0.2	0.75	3
decision:all	0.25	0.46667		5
decision:all	0.5	0.2		5
decision:all	0.75	-0.6		5
END

run mc-curve --curve distribution --bins 4 --positive s tiny.tsv
columns curve,x,y,threshold,n >got
is_file got 'shares of the images of each label by hand' <<'END'
distribution	0.125	0	0	0
distribution	0.375	0.33333	0.25	1
distribution	0.625	0	0.5	0
distribution	0.875	0.66667	0.75	2
distribution:rest	0.125	0.5	0	1
distribution:rest	0.375	0	0.25	0
distribution:rest	0.625	0	0.5	0
distribution:rest	0.875	0.5	0.75	1
END

# --- Golden tables ----------------------------------------------------------
# Two arms of 240 images of 60 patients, made without chance.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "model", "regime", "split", "id", "group",
	    "label", "p:sick", "p:well", "sex"
	for (arm = 0; arm < 2; arm++)
		for (i = 0; i < 240; i++) {
			sick = i % 3 == 0
			p = (i * (37 + arm) % 101) / 101
			p = sick ? 0.3 + 0.7 * p : 0.8 * p
			print "chest", "m" arm "/frozen", "m" arm, "frozen",
			    "test", "i" i, "patient " int(i / 4),
			    (sick ? "sick" : "well"), p, 1 - p,
			    (int(i / 8) % 2 ? "F" : "M")
		}
}' >p.tsv
run mc-curve --grid 10 --positive sick --seed 7 p.tsv
is_golden out roc.tsv 'ROC curves of two arms'
run mc-curve --curve pr --grid 10 --positive sick p.tsv
is_golden out pr.tsv 'precision-recall curves of two arms'
run mc-curve --curve calibration --positive sick p.tsv
is_golden out calibration.tsv 'calibration curves of two arms'
run mc-curve --curve distribution --bins 5 --positive sick p.tsv
is_golden out distribution.tsv 'distributions of two arms'
run mc-curve --curve decision --grid 10 --positive sick p.tsv
is_golden out decision.tsv 'decision curves of two arms'

# --- As mc-bootstrap --------------------------------------------------------
# The same curves, the same replicates: its numbers are points and areas.  It
# interpolates no ties, so there must be none.
awk -F'\t' -v OFS='\t' 'NR > 1 {
	$9 = sprintf("%.9f", 0.99 * $9 + NR * 1.37e-6); $10 = 1 - $9
} 1' p.tsv >untied.tsv
mc-bootstrap --positive sick --by sex --metrics \
    sensitivity_at_specificity@0.9,sensitivity_at_specificity@0.75 untied.tsv |
	awk -F'\t' 'NR > 1 { print $2, $9, $10, $13, $14, $15 }' |
	sed 's/sensitivity_at_specificity@0.9 /0.1 /
	    s/sensitivity_at_specificity@0.75 /0.25 /' >wanted
run mc-curve --positive sick --by sex untied.tsv
awk -F'\t' '$12 == 0.1 || $12 == 0.25 { print $2, $9, $12, $13, $14, $15 }' \
    out >got
ok "points and bands are mc-bootstrap's sensitivities" diff wanted got
ok 'twelve of them were compared' test "$(wc -l <got)" -eq 12
mc-bootstrap --positive sick --metrics auroc,average_precision p.tsv |
	awk -F'\t' 'NR > 1 { printf "%s %.12f\n", $2, $13 }' | sort >wanted
for curve in roc pr; do
	mc-curve --curve $curve --positive sick --points p.tsv
done | awk -F'\t' '
	$11 == "roc:points" {
		area[$2] += ($12 - x[$2]) * ($13 + y[$2]) / 2
		x[$2] = $12; y[$2] = $13
	}
	$11 == "pr:points" {
		step[$2] += ($12 - recall[$2]) * $13
		recall[$2] = $12
	}
	END {
		for (arm in area) {
			printf "%s %.12f\n", arm, area[arm]
			printf "%s %.12f\n", arm, step[arm]
		}
	}' | sort >got
ok 'areas are AUROC and average precision' diff wanted got
ok 'of two arms' test "$(wc -l <got)" -eq 4

# --- The same bytes ---------------------------------------------------------
{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r -k 6; } >reversed.tsv
for curve in roc pr calibration decision distribution; do
	set -- --curve $curve --positive sick --by sex
	mc-curve "$@" --threads 1 p.tsv >one
	run mc-curve "$@" --threads 7 p.tsv
	ok "$curve: 7 threads, the same bytes" cmp one out
	run mc-curve "$@" reversed.tsv
	ok "$curve: another order of rows, the same bytes" cmp one out
done
run mc-curve "$@" - <p.tsv
ok 'standard input, the same bytes' cmp one out
run mc-curve "$@" -o file.tsv p.tsv
ok 'a file, the same bytes' cmp one file.tsv
run mc-curve "$@" --seed 2 p.tsv
ok 'another seed, other bands' sh -c '! cmp -s one out'

# --- Notes ------------------------------------------------------------------
cat >three.tsv <<'END'
id	label	p:a	p:b	p:c
1	a	0.5	0.5	0
2	a	0.25	0.5	0.25
3	b	0.25	0.5	0.25
END
run mc-curve --grid 2 --seed 1 three.tsv
columns class,x,y,method,unit,note | sed 's/in [0-9]* of/in N of/' >got
is_file got 'every class; replicates and classes that are undefined; equal ones' <<'END'
a	0	0.5	percentile	image	the band is pointwise: it holds at each x, not for the whole curve; undefined in N of 4999 replicates; few units: interval may be too narrow; no group: images treated as independent
a	0.5	0.75	percentile	image	undefined in N of 4999 replicates; few units: interval may be too narrow
a	1	1	none	image	undefined in N of 4999 replicates; no interval: (nearly) all replicates are equal
b	0	0	none	image	the band is pointwise: it holds at each x, not for the whole curve; undefined in N of 4999 replicates; no interval: (nearly) all replicates are equal; no group: images treated as independent
b	0.5	0.5	none	image	undefined in N of 4999 replicates; no interval: (nearly) all replicates are equal
b	1	1	none	image	undefined in N of 4999 replicates; no interval: (nearly) all replicates are equal
c	0		none	image	undefined: no images of class "c"; no group: images treated as independent
c	0.5		none	image	
c	1		none	image	
END
run mc-curve --curve calibration --bins 2 --positive c three.tsv
columns class,x,y,lo,hi,n,method,note >got
is_file got 'a bin whose replicates are all equal' <<'END'
c	0.16667	0	0	0.7076	3	clopper-pearson	no images of class "c"; the interval of a bin holds for that bin, not for all bins at once; (nearly) all replicates are equal: Clopper-Pearson on 3 units; no group: images treated as independent
c					0	none	
END

# --- Bad input and usage ----------------------------------------------------
printf 'id\tlabel\tpredicted\n1\ta\tb\n2\tb\tb\n' >hard.tsv
run mc-curve --positive a hard.tsv
fails 1 'mc-curve: hard.tsv:1: no p: columns: a curve needs probabilities' \
    'hard labels have no curve'
run mc-curve none.tsv
fails 1 'mc-curve: none.tsv: No such file or directory' 'a missing file'
sed '9s/patient 1/patient 2/; 5s/patient 0//' p.tsv >some.tsv
run mc-curve --positive sick some.tsv
fails 1 'mc-curve: some.tsv:5: column "group": empty: name the patient of every image (its id, where nothing else belongs to it), or give --unit image' \
    'a cell with some groups only'
# usage NAME MESSAGE [OPTION...]
usage() {
	name=$1 message=$2
	shift 2
	run mc-curve "$@" p.tsv
	fails 2 "mc-curve: $message" "$name"
}
usage 'two classes, none of them positive' \
    '--positive: each of the two classes of task "chest" has its own curve: give "sick" or "well"'
usage 'an unknown positive class' \
    '--positive: "ill" is not a class of task "chest"; classes are: sick, well' --positive ill
usage 'bins of a ROC curve' \
    '--bins applies only to --curve calibration and --curve distribution' \
    --bins 10
usage 'bins of a decision curve' \
    '--bins-of applies only to --curve calibration' \
    --curve decision --bins-of mass
usage 'a distribution over bins of equal mass' \
    '--bins-of applies only to --curve calibration' \
    --curve distribution --bins-of mass
usage 'a grid of bins' '--grid does not apply to --curve calibration: give --bins' \
    --curve calibration --grid 10
usage 'points of a decision curve' '--points applies only to --curve roc and --curve pr' \
    --curve decision --points
usage 'too few replicates' \
    '--replicates: 100 are too few for level 0.95: give 399 or more' \
    --replicates 100
mc-curve --positive sick p.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-curve: standard output: cannot write: No space left on device' \
    'a full disk'
mc-curve -o gone.tsv --positive ill p.tsv 2>err
ok 'a failed run leaves no file' test ! -e gone.tsv

# --- The manual's examples --------------------------------------------------
page=$abs_srcdir/man/mc-curve.1
cp p.tsv predictions.tsv
sed -n 's/^\$ //p' "$page" >examples.sh
ok 'the examples of the manual run' sh -e examples.sh
ok 'they were more than one' test "$(wc -l <examples.sh)" -gt 1
ok 'and left a ROC curve' grep -q roc:points roc.tsv
sed -n '/^set terminal/,/^\.Ed/p' "$page" | sed '$d; s/\\e$/\\/' >roc.gp
if command -v gnuplot >/dev/null; then
	ok 'gnuplot draws it' gnuplot roc.gp
	ok 'without a word' test ! -s tap.log
	ok 'and leaves a picture' grep -q '<path' roc.svg
else
	skip 'gnuplot draws it' 'no gnuplot'
fi

# --- Against others ---------------------------------------------------------
if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
	ok 'sklearn_curves.py agrees' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/sklearn_curves.py"
else
	skip 'sklearn_curves.py agrees' 'no scikit-learn for $PYTHON3'
fi

done_testing
