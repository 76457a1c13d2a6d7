#!/bin/sh
# mc-confusion: golden tables, the order of rows, the unit, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-confusion

# Two arms, three classes of which no image has the last, two images a patient.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "split", "id", "group", "label", "predicted",
	    "p:mel", "p:nv", "p:bkl", "sex"
	for (arm = 0; arm < 2; arm++)
		for (i = 0; i < 40; i++) {
			mel = i % 3 == 0
			p = i * (37 + arm) % 41 / 50
			print "skin", "m" arm, "test", "i" i,
			    "patient " int(i / 2), (mel ? "mel" : "nv"), "",
			    p, 0.9 - p, 0.1, (i % 4 < 2 ? "F" : "M")
		}
}' >p.tsv

run mc-confusion p.tsv
is_rc 0 'predictions give counts'
is_golden out long.tsv 'a row for each pair of classes, empty ones too'
cp out long
run mc-confusion --wide --by sex p.tsv
is_golden out wide.tsv 'a matrix of each subgroup too'

{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r -k 4; } >reversed.tsv
run mc-confusion reversed.tsv
ok 'another order of rows, the same bytes' cmp long out
run mc-confusion - <p.tsv
ok 'standard input, the same bytes' cmp long out
run mc-confusion -o file.tsv p.tsv
ok 'a file, the same bytes' cmp long file.tsv
run mc-confusion -v p.tsv
is_file err '-v says what was read' <<'END'
mc-confusion: predictions: 80, runs: 2
END

# --- The unit ---------------------------------------------------------------
printf 'id\tgroup\tlabel\tpredicted\n' >two.tsv
printf '1\tp\ta\ta\n2\tp\ta\ta\n3\tp\ta\tb\n4\tq\tb\tb\n' >>two.tsv
run mc-confusion two.tsv
cut -f 10-15 out >got
is_file got 'a patient counts once in a place, but in several places' <<'END'
label	predicted	images	units	unit	share
a	a	2	1	group	0.6666666666666666
a	b	1	1	group	0.3333333333333333
b	a	0	0	group	0
b	b	1	1	group	1
END
run mc-confusion --unit image two.tsv
cut -f 12-14 out | sed -n 2p >got
is_file got '--unit image' <<'END'
2	2	image
END
printf 'id\tarm\tgroup\tlabel\tpredicted\n' >bad.tsv
printf '1\tx\tp\ta\tb\n1\ty\tp\ta\tb\n2\ty\t\ta\tb\n' >>bad.tsv
run mc-confusion bad.tsv
fails 1 'mc-confusion: bad.tsv:4: column "group": empty: name the patient of every image (its id, where nothing else belongs to it), or give --unit image' \
    'a patient without a name, found before anything is written'

# --- Bad input --------------------------------------------------------------
printf 'task\tid\tlabel\tpredicted\nx\t1\ta\tb\ny\t1\ta\tc\n' >tasks.tsv
run mc-confusion --wide tasks.tsv
fails 2 'mc-confusion: --wide: task "y" does not have the classes of task "x" in the same order: give one task at a time' \
    '--wide of two tasks'
run mc-confusion tasks.tsv
ok 'two tasks, long' test "$rc" -eq 0
run mc-confusion --join x.tsv p.tsv
fails 2 'mc-confusion: --join adds columns for --by, which is not given' \
    '--join without --by'
run mc-confusion none.tsv
fails 1 'mc-confusion: none.tsv: No such file or directory' 'a missing file'

# --- The page ---------------------------------------------------------------
cp p.tsv predictions.tsv
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-confusion.1" >examples.sh
ok 'the examples of the page run' sh -e examples.sh
ok 'and are three' test "$(wc -l <examples.sh)" -eq 3

# --- Against others ---------------------------------------------------------
if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
	ok 'sklearn_confusion.py agrees' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/sklearn_confusion.py"
else
	skip 'sklearn_confusion.py agrees' 'no scikit-learn for $PYTHON3'
fi

# One fold in four spellings is one fold.
printf 'fold\tid\tlabel\tpredicted\n%s\n%s\n%s\n%s\n' '1	a	x	x' '01	b	x	y' \
    ' 1	c	y	y' '1.0	d	y	y' >folds.tsv
run mc-confusion --unit image folds.tsv
cut -f 7,10-12 out >fields
is_file fields 'folds 1, 01, " 1" and 1.0 are one' <<'END'
fold	label	predicted	images
1	x	x	1
1	x	y	1
1	y	x	0
1	y	y	2
END

done_testing
