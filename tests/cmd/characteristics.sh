#!/bin/sh
# mc-tex --population: the characteristics of a study, as pandas has them, in all
# formats, on a page, and bad input.
. "$abs_srcdir/tests/tap.sh"

cat >m.tsv <<'END'
id	path	label	group	split	age	sex	scanner	dose
a1	a1.png	sick	anna	train	61	F	GE	-0.01
a2	a2.png	well	anna	train	61.0	F	Philips	0.02
a3	a3.png	well	anna	train		F	GE	0.001
b1	b1.png	well	bert	train	48	M	Philips	
c1	c1.png	sick	cleo	test	70	F	GE	0.1
d1	d1.png	sick	dora	val	77	F	GE	0.1
e1	e1.png	well	emil	val	71	M	GE	0.2
END
describe() { mc-describe --columns age,sex,scanner,dose "$@" m.tsv; }
# lines: the table alone; above the empty line.
lines() { sed '/^$/,$d' out >table; }
print() { run mc-tex --population pop.tsv --format tsv "$@"; lines; }

# --- What is printed ------------------------------------------------------------
describe --against split=train >pop.tsv
print --unit-name patient
is_file table 'a small study, by hand' <<'END'
Characteristic	Value	train	val	test	all	SMD val	SMD test
Images	n	4	2	1	7		
Patients	n	2	2	1	5		
label, images (%)	sick	1 (25.0)	1 (50.0)	1 (100.0)	3 (42.9)	0.53	2.45
label, images (%)	well	3 (75.0)	1 (50.0)	0 (0.0)	4 (57.1)	-0.53	-2.45
age	mean (SD)	54.5 (9.2)	74.0 (4.2)	70.0 (–)	65.4 (11.3)	2.72	
sex, patients (%)	F	1 (50.0)	1 (50.0)	1 (100.0)	3 (60.0)	0.00	1.41
sex, patients (%)	M	1 (50.0)	1 (50.0)	0 (0.0)	2 (40.0)	0.00	-1.41
scanner, images (%)	GE	2 (50.0)	2 (100.0)	1 (100.0)	5 (71.4)	1.41	1.41
scanner, images (%)	Philips	2 (50.0)	0 (0.0)	0 (0.0)	2 (28.6)	-1.41	-1.41
dose	mean (SD)	0.0037 (0.0152)	0.1500 (0.0707)	0.1000 (–)	0.0685 (0.0804)	2.86	
dose	missing	1	0	0	1		
END
sed '1,/^$/d' out >below
is_file below 'what is said below' <<'END'
One value per patient: age.
One value per image: dose.
SMD: standardized difference of means or shares from train.
For research use only.
END
describe --against label=well >pop.tsv
print --medians age --decimals 0
is_file table 'labels, where they are compared' <<'END'
Characteristic	Value	sick	well	all	SMD
Images	n	3	4	7	
Groups	n	3	3	5	
split, images (%)	train	1 (33)	3 (75)	4 (57)	
split, images (%)	val	1 (33)	1 (25)	2 (29)	
split, images (%)	test	1 (33)	0 (0)	1 (14)	
age	median [Q1, Q3]	70.0 [65.5, 73.5]	61.0 [54.5, 66.0]	70.0 [61.0, 71.0]	0.94
sex, groups (%)	F	3 (100)	1 (33)	3 (60)	2.00
sex, groups (%)	M	0 (0)	2 (67)	2 (40)	-2.00
scanner, images (%)	GE	3 (100)	2 (50)	5 (71)	1.41
scanner, images (%)	Philips	0 (0)	2 (50)	2 (29)	-1.41
dose	mean (SD)	0.0633 (0.0635)	0.0737 (0.1098)	0.0685 (0.0804)	-0.12
dose	missing	0	1	1	
END
cat >gaps.tsv <<'END'
id	path	label	group	split	sex	scanner
a1	a1.png	sick	anna	train	F	GE
a2	a2.png	well	anna	train	F	GE
b1	b1.png	well	bert	train	M	
c1	c1.png	sick	cleo	test		GE
d1	d1.png	sick	dora	val		GE
e1	e1.png	well	emil	val		Philips
END
mc-describe --columns sex,scanner gaps.tsv | mc-tex --population - \
    --format tsv >out
lines
grep -E '^(sex|scanner)' table >gaps
is_file gaps 'categories that some patients lack: shares of the others' <<'END'
sex, groups (%)	F	1 (50.0)	0 (–)	0 (–)	1 (50.0)
sex, groups (%)	M	1 (50.0)	0 (–)	0 (–)	1 (50.0)
sex, groups (%)	missing	0	2	1	3
scanner, groups (%)	GE	1 (100.0)	1 (50.0)	1 (100.0)	3 (75.0)
scanner, groups (%)	Philips	0 (0.0)	1 (50.0)	0 (0.0)	1 (25.0)
scanner, groups (%)	missing	1	0	0	1
END
cut -f 1,2,4,6 gaps.tsv | mc-describe --columns sex | mc-tex --population - \
    --format tsv >out
ok 'likewise where nothing divides the columns' grep -qx \
    'sex, groups (%)	missing	3' out
print --across split
ok 'no differences of labels between splits' sh -c \
    '! grep -q SMD out && head -n 1 out | grep -q "train	val	test	all$"'
print --medians '*'
ok '--medians "*" is all columns of numbers' test \
    "$(grep -c 'median \[' out) $(grep -c mean table)" = '2 0'
printf 'key\tname\nage\tAge, years\nF\tGE\n' >names.tsv
print --medians age --names names.tsv
ok '--medians takes the names of the table' grep -q '^Age, years	median' out
ok 'the values of two columns may have one name' grep -q '^sex.*	GE	' out
run mc-tex --population pop.tsv --medians years --names names.tsv
fails 2 "mc-tex: --medians: pop.tsv has no column of numbers \"years\" (see mc-tex --help)" \
    'and not those that are printed'
printf 'key\tname\nF\tM\n' >names.tsv
run mc-tex --population pop.tsv --names names.tsv
is_rc 1 'but not two values of one column'
ok 'which says so' grep -q 'pop.tsv:[0-9]*: column "value": "F" and "M" would both be printed as "M"' err
describe --total everyone | mc-tex --population - --format tsv >out
lines
ok 'the name of the total is that of the last row' sh -c \
    'head -n 1 table | grep -q "train	val	test	everyone$"'
ok 'without --against no differences' sh -c '! grep SMD out'
cut -f 1,3,6 m.tsv >bare.tsv
mc-describe --columns age bare.tsv | mc-tex --population - --format tsv >out
lines
is_file table 'no splits: the labels; no groups: n' <<'END'
Characteristic	Value	sick	well	all
Images	n	3	4	7
age	mean (SD)	69.3 (8.0)	60.0 (11.5)	64.7 (10.3)
age	missing	0	1	1
END
ok 'and nothing of units' sh -c '! grep -q Described out'
cut -f 1,5 m.tsv >alone.tsv
mc-describe alone.tsv | mc-tex --population - --format tsv | sed '/^$/,$d' >table
is_file table 'splits alone' <<'END'
Characteristic	Value	train	val	test	all
Images	n	4	2	1	7
END
printf 'id\tlabel\tx\ty\tz\n1\ta|b\t1000\t-0.00004\t7\n2\tb\t3000\t-0.00001\t7\n' \
    >scales.tsv
mc-describe --multilabel --columns x,y,z scales.tsv |
    mc-tex --population - --format tsv | sed '/^$/,$d' >table
is_file table 'numbers of any size have three digits; findings' <<'END'
Characteristic	Value	a	b	all
Images	n	1	2	2
x	mean (SD)	1000 (–)	2000 (1414)	2000 (1414)
y	mean (SD)	-0.0000400 (–)	-0.0000250 (0.0000212)	-0.0000250 (0.0000212)
z	mean (SD)	7.0 (–)	7.0 (0.0)	7.0 (0.0)
END

# --- A peer -------------------------------------------------------------------
awk 'BEGIN { srand(3); OFS = "\t"
	print "id", "label", "group", "split", "age", "sex", "grade", "depth"
	for (i = 0; i < 400; i++) {
		p = int(rand() * 150)
		print "i" i, substr("abc", 1 + int(rand() * 3), 1), "p" p,
		    p % 7 == 0 ? "site b" : p % 5 ? "train" : "test",
		    p % 11 ? 20 + p * 37 % 61 : "", p % 3 ? "F" : "M",
		    1 + int(rand() * 4), rand() < 0.2 ? "" : rand() * 1e-3 }
}' | awk -F '\t' -v OFS='\t' 'NR > 1 { $7 = "g" $7 } { print }' >study.tsv
if ! "$PYTHON3" -c 'import pandas' 2>/dev/null; then
	skip 'pandas' 'no pandas for $PYTHON3'
else
	compared 'pandas has the same numbers' "$PYTHON3" \
	    "$abs_srcdir/tests/cmd/characteristics_peer.py" study.tsv depth \
	    age sex grade depth
	if have_real ham10000 'HAM10000, as pandas has it'; then
		awk -F , -v OFS='\t' 'NR == 1 {
			print "id", "group", "label", "split", "age", "sex"
			next }
			{ print $2, $1, $3, NR % 4 ? "train" : "test", $5, $6 }' \
		    "$real/ham10000/HAM10000_metadata.csv" >ham.tsv
		compared 'HAM10000, as pandas has it' "$PYTHON3" \
		    "$abs_srcdir/tests/cmd/characteristics_peer.py" ham.tsv \
		    age age sex
	fi
fi

# --- Formats ------------------------------------------------------------------
sed 's/Philips/a|b <i> \& 5 % [x]/; s/	GE/	*G_E*/' m.tsv >signs.tsv
mc-describe --columns age,scanner,dose --against split=train signs.tsv >pop.tsv
files=
for format in $(choices mc-tex format); do
	mc-tex --population pop.tsv --medians dose --caption 'A & B' \
	    --format $format >same.$format
	[ $format = markdown ] || files="$files same.$format"
done
if command -v cmark-gfm >/dev/null; then
	cmark-gfm --unsafe -e table -e strikethrough -e autolink \
	    same.markdown >same.markdown.html
	files="$files same.markdown.html"
fi
if have_python 'the same cells in all formats'; then
	ok 'the same cells in all formats' "$PYTHON3" \
	    "$abs_srcdir/tests/cmd/grids.py" $files
fi
if command -v tidy >/dev/null; then
	mc-tex --standalone --format html --population pop.tsv >page.html
	ok 'HTML without a fault' sh -c '! tidy -q -e page.html 2>&1 | grep .'
else
	skip 'HTML without a fault' 'no tidy'
fi
if command -v pdflatex >/dev/null; then
	mc-tex --standalone --population pop.tsv --medians dose >page.tex
	ok 'a page of LaTeX' pdflatex -halt-on-error -interaction=nonstopmode \
	    page.tex
	ok 'without a complaint' sh -c \
	    '! grep "Overfull\|Undefined\|Missing" page.log'
	pdftotext -layout page.pdf page.txt
	ok 'with its numbers' grep -q \
	    '^age *mean (SD) *54.5 (9.2) *74.0 (4.2) *70.0 (–)' page.txt
else
	skip 'a page of LaTeX' 'no pdflatex'
fi
run mc-tex -v --population pop.tsv
is_err '-v says what was read' <<'END'
mc-tex: rows of the population: 72
END

# --- Bad input ----------------------------------------------------------------
see='(see mc-tex --help)'
for operand in m.tsv '--metrics f1' '--differences m.tsv'; do
	run mc-tex --population pop.tsv $operand
	fails 2 "mc-tex: --population prints another table: METRICS, --differences and --metrics have no effect on it $see" \
	    "--population with $operand"
done
for option in '--across label' '--medians age'; do
	run mc-tex $option m.tsv
	fails 2 "mc-tex: --across and --medians are for --population, which is not given $see" \
	    "$option alone"
done
for name in scanner height; do
	run mc-tex --population pop.tsv --medians age,$name
	fails 2 "mc-tex: --medians: pop.tsv has no column of numbers \"$name\"" \
	    "--medians $name"
done
run mc-tex --population study.tsv
fails 1 'mc-tex: study.tsv:1: no column "column", "value", "unit", "n"; columns are: id, label, group, split, age, sex, grade, depth' \
    'another table'
sed 1q pop.tsv >head.tsv
run mc-tex --population head.tsv
fails 1 'mc-tex: head.tsv: a header, but no rows: run mc-describe again' 'no rows'
sed '$d' pop.tsv | sed -n '1,/val	all/p' >cut.tsv
run mc-tex --population cut.tsv
fails 1 "mc-tex: cut.tsv:$(wc -l <cut.tsv): split \"val\" and label \"all\", but the last row must be of the total: give the table as mc-describe writes it" \
    'a table that was cut'
{ cat pop.tsv; tail -n 1 pop.tsv; } >twice.tsv
run mc-tex --population twice.tsv
fails 1 "mc-tex: twice.tsv:74: duplicate: the same number is at twice.tsv:73" \
    'a number twice'
run mc-tex --population alone.tsv
mc-describe alone.tsv >unlabelled.tsv
run mc-tex --population unlabelled.tsv --across label
fails 1 'mc-tex: unlabelled.tsv: no row of a label: the study is not divided by it' \
    'labels that are not there'
awk -F '\t' -v OFS='\t' 'NR == 3 { $6 = "" } { print }' pop.tsv >empty.tsv
run mc-tex --population empty.tsv
fails 1 'mc-tex: empty.tsv:3: column "n": empty' 'no number'

done_testing
