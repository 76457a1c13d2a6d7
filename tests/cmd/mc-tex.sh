#!/bin/sh
# mc-tex: golden tables in all formats, pages that pdflatex makes, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-tex

# Two tasks, three arms with a tie, one with notes of its own.
cat >m.tsv <<'END'
task	arm	model	regime	features	train_seed	fold	split	subgroup	metric	average	class	estimate	lo	hi	level	method	unit	replicates	resample_seed	threshold	n_images	n_units	note
eye_fundus	a	vgg16	frozen				test		accuracy			0.9	0.85	0.95	0.95	percentile	group	4999	1		516	258	
eye_fundus	a	vgg16	frozen				test		recall	weighted		0.9	0.85	0.95	0.95	percentile	group	4999	1		516	258	weighted recall equals accuracy
chest	a	resnet50	frozen				test		accuracy			0.94234	0.921	0.9601	0.95	percentile	group	4999	1		624	301	few units: interval may be too narrow
chest	a	resnet50	frozen				test		recall	weighted		0.94234	0.921	0.9601	0.95	percentile	group	4999	1		624	301	weighted recall equals accuracy; few units: interval may be too narrow
chest	a	resnet50	frozen				test		recall		sick & "ill"	0.5	0.4	0.6	0.95	percentile	group	4999	1		624	301	
chest	b	resnet50	finetune				test		accuracy			0.94232	0.92	0.96	0.95	percentile	group	4999	1		624	301	
chest	b	resnet50	finetune				test		recall	weighted		0.94	0.92	0.96	0.95	percentile	group	4999	1		624	301	weighted recall equals accuracy
chest	c	vgg16	frozen				test		accuracy			1			0.95	none	group	4999	1		624	301	no interval: all replicates are equal
END
run mc-tex --caption '100 % of R&D' --label tab:main m.tsv
is_rc 0 'metrics give a table'
is_golden out table.tex 'the table'
cp out table.tex
run mc-tex -v m.tsv
is_file err '-v says what was read' <<'END'
mc-tex: rows of metrics: 8
END
{ head -n 1 m.tsv; tail -n +2 m.tsv | sort -r; } >r.tsv
run mc-tex --caption '100 % of R&D' --label tab:main - <r.tsv
ok 'another order of rows, the same bytes' cmp table.tex out
{
	printf 'arm\tmetric\testimate\tlo\thi\tnote\n'
	printf 'a\tf1\t0.5\t0.4\t0.6\ta class has no value in 3 of 9\n'
	printf 'b\tf1\t0.5\t0.4\t0.6\tp adjusted\n'
} >article.tsv
run mc-tex article.tsv
grep -o '~[Aa] class.*\|~[Pp] adj.*' out >got
is_file got 'a remark that begins with an article is a sentence' <<'END'
~A class has no value in 3 of 9.
~p adjusted.
END
run mc-tex --metrics recall:class,accuracy m.tsv
grep Task out >got
is_file got 'the columns that are asked for, in that order' <<'END'
Task & Model & Regime & \multicolumn{1}{c}{Recall (sick \& ``ill'')} & \multicolumn{1}{c}{Accuracy} \\
END

# Digits behind the point have the room of bold ones, beside which they stand.
# table: the table of the output, with these digits as they are.
table() {
	sed -n 's/\\rlap{\([.0-9]*\)}\\hphantom{\\textbf{\1}}/\1/g
	    /toprule/,/bottomrule/p' out
}

# --- What tells lines apart -------------------------------------------------
printf 'model\ttrain_seed\tfold\tarm\tmetric\testimate\nm\t10\t1\tm/f\tf1\t0.5\nm\t9\t1\tm/f\tf1\t0.6\n' >seeds.tsv
run mc-tex seeds.tsv
table >got
is_file got 'seeds that vary are a column, in the order of numbers' <<'END'
\toprule
Model & Training seed & \multicolumn{1}{c}{F1} \\
\midrule
m & 9 & \textbf{60.00} \\
 & 10 & 50.00 \\
\bottomrule
END
ok 'a fold that does not vary is said below' grep -qx 'Fold: 1\.' out
{
	printf 'model\tregime\tarm\tmetric\testimate\n'
	printf 'mobile_v2.pt\tfrozen\tmobilenet/frozen\tf1\t0.5\n'
	printf 'vgg16\tfrozen\tvgg16/frozen\tf1\t0.6\n'
} >files.tsv
run mc-tex files.tsv
table >got
is_file got 'the arm of a TorchScript file is shown, which gives it a name' <<'END'
\toprule
Model & Regime & Arm & \multicolumn{1}{c}{F1} \\
\midrule
mobile\_v2.pt & frozen & mobilenet, frozen & 50.00 \\
VGG-16 & frozen & VGG-16, frozen & \textbf{60.00} \\
\bottomrule
END
sed 's,mobilenet/,mobile_v2.pt/,' files.tsv >unnamed.tsv
run mc-tex unnamed.tsv
ok 'but not the arm that mctools names after the file' grep -qx \
	'Model & Regime & .*F1} .*' out
printf 'model\tarm\tmetric\testimate\nm\tlr=1\tf1\t0.5\nm\tlr=2\tf1\t0.5\n' >arms.tsv
run mc-tex arms.tsv
sed -n '/toprule/,/bottomrule/p' out >got
is_file got 'arms where nothing else differs; a tie is bold twice' <<'END'
\toprule
Model & Arm & \multicolumn{1}{c}{F1} \\
\midrule
m & lr=1 & \textbf{50.00} \\
 & lr=2 & \textbf{50.00} \\
\bottomrule
END

# --- Scales -----------------------------------------------------------------
# A metric that is not known, a tie of losses, a negative number, a threshold.
cat >scales.tsv <<'END'
arm	metric	average	estimate	lo	hi	threshold
a	speed_up		12.3456	-0.0004	20	
a	brier		0.10001	0.05	0.2	
a	mcc		-0.25	-0.5	0.06	
a	accuracy		0.5	0.25	1	0.37
a	calibration_slope		1.5			
a	auroc	ovo	0.75			
b	brier		0.1004			
b	mcc		0.5			
b	accuracy		0.625			
b	calibration_slope		0.9			
b	auroc	ovo	0.7			
c	brier		0.5			
END
run mc-tex scales.tsv
{
	table
	sed -n '/brackets/p; /^AUROC/p; /^Bold/p; /threshold/p' out
} >got
is_file got 'per cent or not, the lowest loss, a sign, a threshold' <<'END'
\toprule
Arm & \multicolumn{1}{c}{Accuracy} & \multicolumn{1}{c}{AUROC (ovo)} & \multicolumn{1}{c}{MCC} & \multicolumn{1}{c}{Brier score} & \multicolumn{1}{c}{Calibration slope} & \multicolumn{1}{c}{speed\_up} \\
\midrule
a & 50 [25, 100]\rlap{\textsuperscript{a}}\hphantom{\textsuperscript{m}} & \textbf{75.00} & $-$0.25 [$-$0.50, 0.06] & \textbf{0.100} [0.050, 0.200] & 1.500 & 12.3 [0.0, 20.0] \\
b & \textbf{62} \hphantom{[00, 000]}\hphantom{\textsuperscript{m}} & 70.00 & \textbf{0.50} \hphantom{[$-$0.00, 0.00]} & \textbf{0.100} \hphantom{[0.000, 0.000]} & 0.900 & -- \hphantom{[0.0, 00.0]} \\
c & -- \hphantom{[00, 000]}\hphantom{\textsuperscript{m}} & -- & -- \hphantom{[$-$0.00, 0.00]} & 0.500 \hphantom{[0.000, 0.000]} & -- & -- \hphantom{[0.0, 00.0]} \\
\bottomrule
Values are percentages (except MCC, Brier score, Calibration slope, speed\_up); intervals are in brackets.
AUROC (ovo): mean over pairs of classes (Hand and Till, 2001).
Bold marks the highest estimate of each metric (Brier score: the lowest); it does not imply a significant difference.
\textsuperscript{a}~At the threshold 0.37.
END
run mc-tex --metrics brier,mcc scales.tsv
ok 'no per cent where there is none' grep -qx 'Intervals are in brackets\.' out
run mc-tex --metrics auroc,accuracy scales.tsv
ok 'a bare name means pairs of classes where there is no other mean' \
    grep -q 'Arm & .*AUROC (ovo)} & .*Accuracy' out

# A ratio 0/0 is printed as 0: no value, and no rival.
printf 'model\tsplit\tsubgroup\tmetric\taverage\tclass\testimate\tn_images\tnote\n' \
    >degenerate.tsv
for of in '' sex=F; do
	row="test	$of"
	cat <<END
a	$row	mcc			0	9	0/0 treated as 0
b	$row	mcc			-0.5	9	
a	$row	precision		x	0	9	one; training seed 2 of 2: 0/0 treated as 0 for class x
b	$row	precision		x	0	9	
a	$row	f1	macro		0.5	9	0/0 treated as 0 for class x
b	$row	f1	macro		0.4	9	
END
done >>degenerate.tsv
sed '1d; s/	test	/	val	/' degenerate.tsv >val.tsv
cat val.tsv >>degenerate.tsv
run mc-tex degenerate.tsv
grep -o 'textbf{[^.}][^}]*}' out | sort | uniq -c | sed 's/^ *//' >got
grep '^Bold\|^Size' out >>got
is_file got 'nothing undefined is bold; what lines are compared within is said' <<'END'
4 textbf{50.00}
Size: test 9 images, test (sex=F) 9 images, val 9 images, val (sex=F) 9 images.
Bold marks the highest estimate of each metric within each split and subgroup; it does not imply a significant difference.
END
cat >pairs.tsv <<'END'
task	subgroup	metric	arm_a	arm_b	difference	n_images
eye		f1	a	b	0.5	9
eye	sex=F	f1	a	b	0.5	5
END
run mc-tex --differences pairs.tsv
ok 'subgroups are named with their sizes, in differences too' \
    grep -qx 'Size: eye 9 images, eye (sex=F) 5 images\.' out

# --- Differences ------------------------------------------------------------
# Two families, a loss, an undefined number, three rows that compare no arms.
cat >d.tsv <<'END'
task	split	subgroup	metric	average	class	arm_a	arm_b	difference	lo	hi	level	method	test	p	p_adjusted	adjustment	n_tests	margin	unit	replicates	resample_seed	n_images	n_units	seeds	note
chest	test		brier			vit_b/finetune	resnet50/frozen	-0.0521	-0.0713	-0.0304	0.95	percentile	bootstrap	0.0002	0.0006	holm	3		group	4999	1	624	301	1	one training seed
chest	test		brier			vgg16/frozen	resnet50/frozen				0.95	none	bootstrap			holm	3		group	4999	1	624	301	1	one training seed; vgg16/frozen has no probabilities
chest	test		accuracy			vit_b/finetune	resnet50/frozen	0.0312	0.0049	0.0581	0.95	percentile	bootstrap	0.0124	0.0372	holm	3		group	4999	1	624	301	1	one training seed
chest	test		accuracy			vgg16/frozen	resnet50/frozen	-0.0123	-0.0304	0.0112	0.95	percentile	bootstrap	0.3122	1	holm	3		group	4999	1	624	301	1	one training seed; few units: interval may be too narrow
eye_fundus	test		accuracy			vit_b/finetune	resnet50/frozen	0.12	0.09	0.1512	0.95	percentile	bootstrap	0.001	0.001	holm	1		group	4999	1	516	258	1	one training seed
eye_fundus	test	sex=F - sex=M	accuracy			vit_b/finetune		0.02	-0.02	0.06	0.95	percentile	bootstrap	0.3					group	4999	1	516	258	1	
eye_fundus	test	sex=F - sex=M	f1	macro		vit_b/finetune		0.02	-0.02	0.06	0.95	percentile	bootstrap	0.3					group	4999	1	516	258	1	
	test		accuracy					7.2			0.95	none	friedman	0.0273					group			1140	559	1	
END
run mc-tex --caption 'Who wins' --label tab:d --differences d.tsv <m.tsv
is_rc 0 'differences give a table'
is_golden out differences.tex 'the table of differences, without metrics'
cp out differences.tex
{ head -n 1 d.tsv; tail -n +2 d.tsv | sort -r; } >r.tsv
run mc-tex --caption 'Who wins' --label tab:d --differences - <r.tsv
ok 'another order of differences, the same bytes' cmp differences.tex out
run mc-tex --caption 'Who wins' --label tab:d --differences d.tsv m.tsv
cp out both.tex
ok 'with metrics it is the second of two tables' sh -c \
    'test "$(grep -c "^.begin{table}" both.tex)" -eq 2 &&
    sed -n "/caption{Who wins}/,/caption{/p" both.tex | grep -q "^chest & ResNet-50"'
grep '^.caption\|^.label' out >got
is_file got 'and is named after the first' <<'END'
\caption{Who wins}
\label{tab:d}
\caption{Who wins (differences)}
\label{tab:d-differences}
END
sed '1,/^.caption/d' differences.tex | grep -v label >alone
sed '1,/(differences)/d' both.tex | grep -v label >second
ok 'and else is the same' cmp alone second
run mc-tex --metrics recall,brier --differences d.tsv m.tsv
fails 2 'mc-tex: --metrics: the tables have no "brier"; they have: accuracy, recall:weighted, recall:class (see mc-tex --help)' \
    'metrics that are asked for are in the first table'
run mc-tex --metrics recall,accuracy --differences d.tsv m.tsv
ok 'and need not all have been compared' grep -q '^chest & Accuracy & ' out
run mc-tex --metrics recall --differences d.tsv m.tsv
fails 2 'mc-tex: --metrics: the tables have none of "recall"; they have: accuracy, brier (see mc-tex --help)' \
    'but some must'
run mc-tex --metrics accuracy,recall --differences d.tsv
fails 2 'mc-tex: --metrics: the tables have no "recall"; they have: accuracy, brier (see mc-tex --help)' \
    'without metrics all must'

# What varies is a column; what does not is said below.
# vary COLUMNS ROW...: the table, by its first lines
vary() {
	printf '%s\n' "$@" | tr ' ' '\t' >vary.tsv
	run mc-tex --differences vary.tsv
	sed -n '/toprule/,/bottomrule/p; /^Subgroup:/p; /^Margin:/p; /adjusted/p' \
	    out | grep -v 'rule\|addlinespace' >got
}
vary 'metric arm_a arm_b difference test margin p n_tests adjustment' \
    'f1 a2 b 0.01 noninferiority 0.02 0.0009999 1 none' \
    'f1 a2 b 0.01 permutation  0.5 1 none' \
    'f1 a10 b 0.01 permutation  0.99951 1 none'
is_file got 'a test and its margin' <<'END'
Metric & Comparison & Test & Margin & \multicolumn{2}{c}{Difference} & \multicolumn{1}{c}{p\textsuperscript{a}} \\
F1 & a2 $-$ b & non-inferiority & 2.00 & 1.00 &  & $<$0.001 \\
 & a2 $-$ b & permutation &  & 1.00 &  & 0.500 \\
 & a10 $-$ b & permutation &  & 1.00 &  & 1.000 \\
\textsuperscript{a}~p not adjusted (one test).
END
vary 'metric arm_a arm_b difference subgroup margin adjustment p_adjusted' \
    'f1 a b 0.01  0.02 bh 0.5' 'f1 a b 0.02 sex=F 0.02 bh ' \
    'mcc a c -0.0004 sex=F 0.02 bh 0.25'
is_file got 'a subgroup; the margin of a metric is on its scale' <<'END'
Subgroup & Metric & Comparison & Margin & \multicolumn{2}{c}{Difference} & \multicolumn{1}{c}{Adjusted p\textsuperscript{a}} \\
 & F1 & a $-$ b & 2.00 & 1.00\hphantom{0} &  & 0.500 \\
sex=F & F1 & a $-$ b & 2.00 & 2.00\hphantom{0} &  & -- \\
 & MCC & a $-$ c & 0.020 & 0.000 &  & 0.250 \\
Intervals are not adjusted for the number of tests.
\textsuperscript{a}~p adjusted (Benjamini-Hochberg).
END
vary 'metric arm_a arm_b difference subgroup margin' \
    'f1 a b 0.01 sex=F 0.02'
is_file got 'no p, no column; what does not vary stands below' <<'END'
Metric & Comparison & \multicolumn{2}{c}{Difference} \\
F1 & a $-$ b & 1.00 &  \\
Subgroup: sex=F.
Margin: 2.00.
END
vary 'metric arm_a arm_b difference test p n_tests adjustment' \
    'f1 a b 0.01 permutation 0.5 1 none' 'mcc a b 0.01    ' 'accuracy a b 0.01  0.25 1 none'
is_file got 'a line without p has no test' <<'END'
Metric & Comparison & Test & \multicolumn{2}{c}{Difference} & \multicolumn{1}{c}{p\textsuperscript{a}} \\
Accuracy & a $-$ b & not stated & 1.00\hphantom{0} &  & 0.250 \\
F1 & a $-$ b & permutation & 1.00\hphantom{0} &  & 0.500 \\
MCC & a $-$ b &  & 0.010 &  & -- \\
\textsuperscript{a}~p not adjusted (one test).
END
vary 'metric arm_a arm_b difference test p p_adjusted n_tests adjustment' \
    'f1 a b 0.01 permutation 0.5 0.5 1 holm' 'mcc a b 0.01     ' \
    'accuracy a b 0.01 permutation 0.25 0.25 1 holm'
is_file got 'nor do one test of each family and a line without p make a column' <<'END'
Metric & Comparison & \multicolumn{2}{c}{Difference} & \multicolumn{1}{c}{p\textsuperscript{a}} \\
Accuracy & a $-$ b & 1.00\hphantom{0} &  & 0.250 \\
F1 & a $-$ b & 1.00\hphantom{0} &  & 0.500 \\
MCC & a $-$ b & 0.010 &  & -- \\
\textsuperscript{a}~p not adjusted (one test).
END
ok 'and the test is said below' grep -qx 'Test: permutation\.' out
for note in 'cross-validation: no overlap' 'few units' 'a tie' 'p of 0' 'resnet50/x' \
    't-test' 'vgg16: x'; do
	printf 'metric\tarm_a\tarm_b\tdifference\tnote\nf1\ta\tb\t0.01\t%s\n' "$note" |
	    mc-tex --format tsv --differences - | grep -i "^$note"
done >got
is_file got 'a note that begins with a word is a sentence' <<'END'
Cross-validation: no overlap.
Few units.
A tie.
p of 0.
resnet50/x.
t-test.
vgg16: x.
END

vary 'metric arm_a arm_b difference lo hi p p_adjusted adjustment note' \
    'f1 a b 0.01 0 0.02 0.5 0.5 holm the_interval_is_not_adjusted' \
    'f1 a c 0.01 0 0.02 0.5 0.5 holm few;_the_interval_is_not_adjusted'
sed '2,$s/_/ /g' vary.tsv >once.tsv
run mc-tex --differences once.tsv
grep 'not adjusted\|few\|^Test' out >got
is_file got 'that intervals are not adjusted is said once; the test is not known' <<'END'
Test: not stated.
Intervals are not adjusted for the number of tests.
END
cut -f 1-4,7,10 once.tsv >unknown.tsv
run mc-tex --differences unknown.tsv
sed -n 's/.*~\(.*djusted\)/\1/p' out >got
is_file got 'nor is an adjustment that no column states' <<'END'
The interval is not adjusted.
Not stated whether p is adjusted.
END

# Every number, as Python prints it.
awk 'BEGIN {
	OFS = "\t"
	srand(1)
	print "task", "metric", "average", "arm_a", "arm_b", "difference",
	    "lo", "hi", "p", "p_adjusted", "n_tests", "adjustment", "note"
	for (t = 1; t <= 2; t++) for (m = 0; m < 3; m++)
		for (a = 1; a <= 25; a++) {
			d = 2 * rand() - 1
			print "task " t, m ? "f1" : "log_loss",
			    m ? substr("weightedmacro", 8 * m - 7, 8) : "",
			    "a_long_name_of_an_arm/finetune" a,
			    "a_long_name_of_another_arm/frozen", d,
			    d - rand(), d + rand(), rand() ^ 4, rand(), 25,
			    "max-t", "note " a
		}
}' >longd.tsv
mc-tex --standalone --decimals 2 --differences longd.tsv >longd.tex
cat >numbers.py <<'END'
import csv, sys
for r in csv.DictReader(open("longd.tsv"), delimiter="\t"):
    scale, digits = (1, 3) if r["metric"] == "log_loss" else (100, 2)
    d, lo, hi = (("%.*f" % (digits, scale * float(r[c]))).replace("-", "$-$")
                 for c in ("difference", "lo", "hi"))
    p, q = ("$<$0.001" if float(r[c]) < 0.001 else "%.3f" % float(r[c])
            for c in ("p", "p_adjusted"))
    arm = r["arm_a"].replace("_", r"\_")
    print(f"{arm} {d} [{lo}, {hi}] {p} {q}")
END
sed 's/\\hphantom{[^\\{}]*}//g' longd.tex |
    sed -n 's/^.*& \([^ ]*\) \$-\$ [^&]* & \([^ ]*\) & \(\[.*\]\)[^]]* & \([^ ]*\) & \([^ ]*\) .*/\1 \2 \3 \4 \5/p' |
    sort >found
if have_python 'every number, as Python prints it'; then
	"$PYTHON3" numbers.py | sort >wanted
	ok 'every number, as Python prints it' cmp wanted found
fi
ok 'and there are 150' test "$(wc -l <found)" -eq 150

# --- Formats ----------------------------------------------------------------
formats=$(choices mc-tex format)
for format in $formats; do
	[ $format != latex ] || continue
	run mc-tex --format $format --caption '100 % of R&D' m.tsv
	is_golden out table.$format "the table in $format"
	run mc-tex --format $format --caption 'Who wins' --differences d.tsv
	is_golden out differences.$format "the differences in $format"
done
run mc-tex --format html --label tab:main m.tsv --differences d.tsv
grep '^<table' out >got
is_file got 'a label is an id of HTML' <<'END'
<table id="tab:main">
<table id="tab:main-differences">
END
run mc-tex --caption "$(printf 'of two\nlines,\ta tab')" m.tsv
grep '^.caption' out >got
is_file got 'a caption of several lines' <<'END'
\caption{of two lines, a tab}
END
run mc-tex --caption ' ' m.tsv
fails 2 'mc-tex: --caption: empty: leave the option out for a table without a caption (see mc-tex --help)' \
    'a caption without a word'
for option in caption unit-name; do
	run mc-tex --$option "$(printf 'a\351b')" m.tsv
	fails 2 "mc-tex: --$option: bytes that are not UTF-8: convert the text, as with iconv -f latin1 -t utf8 (see mc-tex --help)" \
	    "--$option in Latin 1"
done
run mc-tex --label tab:main m.tsv
is_err 'a label of no number' <<'END'
mc-tex: --label: without --caption, \ref gives the number of the section, not of the table
END
run mc-tex --format markdown --label tab:main m.tsv
fails 2 'mc-tex: --label: a table in markdown has none (see mc-tex --help)' \
    'a label where there is none'
run mc-tex --format tsv --standalone m.tsv
fails 2 'mc-tex: --standalone: tsv has no frame around its tables (see mc-tex --help)' \
    'a document where there is none'
run mc-tex --format pdf m.tsv
fails 2 'mc-tex: --format: "pdf" is not one of latex|markdown|html|tsv (see mc-tex --help)' \
    'no such format'
run mc-tex --format tsv --differences d.tsv m.tsv
awk -F '\t' '!NF { below = !below; n = 0; next }
    !below { n = n ? n : NF; lines += NF == n; others += NF != n }
    END { print lines, others + 0 }' out >got
is_file got 'numbers have fields of their own, and lines all of them' <<'END'
11 0
END
printf 'task\tmodel\tmetric\testimate\tlo\thi\nt\ta\taccuracy\t0.94236\t0.9\t0.98765\nt\ta\tbrier\t0.12345\t\t\nt\tb\taccuracy\t0.94244\t0.9\t1\nt\tb\tbrier\t0.2\t\t\n' >few.tsv
printf 'task\tmetric\tarm_a\tarm_b\tdifference\tlo\thi\tp\tmargin\ttest\nt\taccuracy\ta\tb\t-0.00512\t-0.02\t0.01\t0.0456\t0.005\tx\n' >pair.tsv
run mc-tex --format markdown --decimals 1 --differences pair.tsv few.tsv
grep '^|.*[0-9]' out >got
is_file got '--decimals: percentages, and one more of others; bold is by what is printed' <<'END'
| t | a | **94.2** [90.0, 98.8] | **0.12** |
|  | b | **94.2** [90.0, 100.0] | 0.20 |
| t | Accuracy | a − b | −0.5 [−2.0, 1.0] | 0.046 |
END
run mc-tex --format markdown --decimals 0 few.tsv
grep '^|.*[0-9]' out >got
is_file got 'no decimals' <<'END'
| t | a | **94** [90, 99] | **0.1** |
|  | b | **94** [90, 100] | 0.2 |
END
run mc-tex --format tsv few.tsv
sed -n 1,3p out | tr '\t' '|' >got
is_file got 'in TSV the limits of an interval have columns of their own' <<'END'
Task|Model|Accuracy|Accuracy lower|Accuracy upper|Brier score
t|a|94.2|90.0|98.8|0.123
t|b|94.2|90.0|100.0|0.200
END
# decimals METRIC HALF...: an estimate of it as it is printed, where its intervals
# have these half-widths.
decimals() {
	metric=$1
	shift
	{
		printf 'arm\tmetric\testimate\tlo\thi\n'
		echo "$@" | tr ' ' '\n' | awk -v m=$metric '{
			printf "a%d\t%s\t0.123456789\t%.17g\t%.17g\n",
			    NR, m, 0.5 - $1, 0.5 + $1 }'
	} | mc-tex --format tsv - | sed -n 2p | cut -f 2
}
{
	for half in 0.4 0.0996 0.0994 0.00996 0.00994 0.000996 0.000994 0.0000001
	do
		decimals accuracy $half
	done
	for half in 20 0.996 0.994 0.0996 0.0994 0.0000001; do
		decimals brier $half
	done
	decimals speed_up 0.03
	decimals accuracy 0.2 0.001 0.01
	decimals accuracy 0.2 0.2 0.001 0.001
	decimals accuracy 0.2 0.001
	decimals accuracy 0.12 0.05
	decimals accuracy 0 0 0.01
	decimals accuracy 0
} | tr '\n' ' ' >got
echo >>got
is_file got 'the median half-width has two digits' <<'END'
12 12 12.3 12.3 12.35 12.35 12.346 12.346 0.1 0.1 0.12 0.12 0.123 0.12346 0.123 12.3 12 12 12.3 12.3 12.35 
END
printf 'metric\tarm_a\tarm_b\tdifference\tlo\thi\nf1\ta\tc\t-0.12345\t-0.2\t0.2\nf1\tb\tc\t-0.12345\t-0.2\t0.2\nbrier\tb\tc\t0.12345\t0.12\t0.13\n' |
    mc-tex --format tsv --differences - | sed '/^$/,$d; 1d' | cut -f 3- >got
is_file got 'as of differences, metric by metric' <<'END'
-12	-20	20
-12	-20	20
0.1235	0.1200	0.1300
END
run mc-tex --decimals 10 few.tsv
fails 2 'mc-tex: --decimals: 10 is not between 0 and 9 (see mc-tex --help)' 'too many decimals'
printf 'metric\testimate\tnote\n' >counts.tsv
for n in '3 of 499' '14 of 499' '5 of 99' '7 of 499'; do
	printf 'f1@%s\t0.5\tundefined in %s replicates\n' "$n" "$n"
done >>counts.tsv
run mc-tex --format tsv counts.tsv
grep '^(' out >got
is_file got 'notes that differ in a count are one' <<'END'
(a) Undefined in 3 to 14 of 499 replicates.
(b) Undefined in 5 of 99 replicates.
END

awk 'BEGIN { print "metric\testimate\tnote"
	for (i = 10; i < 64; i++)
		print "f1@0." i "\t0.5\tremark number " i }' >letters.tsv
run mc-tex --format tsv letters.tsv
sed -n 's/^(\(.*\)) Remark number.*/\1/p' out | tr '\n' ' ' |
    cut -d ' ' -f 25-28,51-54 >got
is_file got 'after z comes aa, after az comes ba' <<'END'
y z aa ab ay az ba bb
END
printf 'metric\tarm\testimate\tnote\n' >marks.tsv
printf 'f1\t%s\t0.5\t%s\n' a one b 'one; two' c two d '' >>marks.tsv
run mc-tex marks.tsv
grep -o '.hphantom[^ ]*' out | uniq >got
is_file got 'each number has room for the widest letters of its column' <<'END'
\hphantom{\textsuperscript{m,m}}
END
printf 'metric\tarm\ttrain_seed\testimate\nf1\ta\t7\t0.5\nf1\tb\t\t0.5\n' >once.tsv
run mc-tex once.tsv
ok 'the only seed is said once, whichever lines have none' \
    grep -q '^Training seed: 7\.$' out
{
	printf 'task\tsubgroup\tmetric\tarm_a\tarm_b\tdifference\n'
	for task in t u; do
		for of in F M; do
			printf "$task\tsex=$of\tf1\t%s\tz\t0\n" a b
		done
	done
} >rules.tsv
run mc-tex --format html --differences rules.tsv
grep -o '^<tbody>\|^<th scope="row".*>[tu]<' out >got
is_file got 'no cell spans a rule' <<'END'
<tbody>
<th scope="row" rowspan="2">t<
<tbody>
<th scope="row" rowspan="2">t<
<tbody>
<th scope="row" rowspan="2">u<
<tbody>
<th scope="row" rowspan="2">u<
END
printf 'metric\testimate\tnote\n' >begin.tsv
printf 'f1@0.%d\t0.5\t%s begins\n' 1 '#' 2 + 3 - 4 = >>begin.tsv
run mc-tex --format markdown begin.tsv
grep -o '[^ ]* begins' out >got
is_file got 'no sentence begins a list or a heading in Markdown' <<'END'
\# begins
\+ begins
\- begins
\= begins
END
printf 'metric\testimate\tnote\nf1\t0.5\tone\177two\n' >delete.tsv
run mc-tex --format html delete.tsv
ok 'HTML has no DEL' grep -q '[Oo]ne two\.' out

# Each format holds the same cells, whatever is in them.
cat >hard.tsv <<'END'
task	model	metric	class	estimate	lo	hi	threshold	note
a|b <i>	x_1 & *y* [z] `c` ~t~ $1$ \ {s}	recall	c|d "e" <1>	0.5	0.4	0.6	0.5	note <one> | two; p "quoted" 1 * 2 * 3
a|b <i>	- dash --	recall	c|d "e" <1>	-0.25	-0.5	0.1		-starts so; undefined in 3 of 4999 replicates
a|b <i>	www.x.org <http://x.org/a_b> Mail.me@x.org HTTPS://x ftp://x.y/z WWW.X.org	recall	c|d "e" <1>	0.5			0.5	undefined in 14 of 4999 replicates
z #1	**bold**	recall	c|d "e" <1>	0.125	0.1	0.2		undefined in 3 of 500 replicates; # heading
z #1	1. item	auroc	c|d "e" <1>	0.75	0.1	0.2		
END
# same_cells NAME ARGUMENT...: convert each format back to a grid of texts
# again, with the names of the tables, as TSV has them.
same_cells() {
	name=$1
	shift
	files=
	{
		echo 'key	name'
		for file; do [ ! -f "$file" ] || cat "$file"; done | tr '\t' '\n' |
		    grep -x 'resnet50\|vgg16\|finetune\|.*/f[a-z]*' | sort -u |
		    sed 's/.*/&	&/'
	} >asis.tsv
	set -- -q --names asis.tsv "$@"
	for format in $formats; do
		mc-tex --format $format "$@" >same.$format || return
		[ $format = markdown ] || files="$files same.$format"
	done
	if command -v cmark-gfm >/dev/null; then
		cmark-gfm --unsafe -e table -e strikethrough -e autolink \
		    same.markdown >same.markdown.html
		files="$files same.markdown.html"
	fi
	have_python "the same cells in all formats: $name" || return
	ok "the same cells in all formats: $name" \
	    "$PYTHON3" "$abs_srcdir/tests/cmd/grids.py" $files
}
same_cells 'two tables' --caption 'Who wins' m.tsv --differences d.tsv
same_cells 'other scales' scales.tsv
same_cells 'signs' --caption 'A | B < C & *D* _e_' hard.tsv
same_cells '150 comparisons' --caption x --differences longd.tsv
# Each row of the tables of metrics, of interval methods and of tests says how it
# is printed.
mc-bootstrap --list-metrics | awk -F '\t' 'BEGIN { print "metric\testimate" }
    NR > 1 && $2 ~ /^@X/ { print $1 "@0.95\t0.5\n" $1 "@0.9\t0.5"; next }
    NR > 1 { print $1 "\t0.5" }' >every.tsv
same_cells 'every metric' every.tsv
sed -n 1p same.tsv | tr '\t' '\n' >headings
sed -n 2p same.tsv | tr '\t' '\n' >numbers
ok 'each metric, and each of its parameters, has a heading of its own' \
    test "$(sort -u headings | wc -l)" -eq "$(sed 1d every.tsv | wc -l)"
ok 'which is not the bare name' sh -c '! grep "[_@]\|^[a-z]" headings'
ok 'and a scale' sh -c '! grep -vx "50\.00\|0\.500" numbers'

methods=$(interval_methods)
printf 'arm\tmetric\testimate\tlo\thi\tmethod\n' >methods.tsv
for method in $methods; do
	printf '%s\tf1\t0.5\t0.4\t0.6\t%s\n' $method $method
done >>methods.tsv
same_cells 'every interval method' methods.tsv
sed -n 's/^Interval method: \(.*\)\./\1/p' same.tsv | tr ',' '\n' |
    sed 's/^ //' | tr '[:upper:]' '[:lower:]' | sort >printed
printf '%s\n' $methods | sort >names
ok 'each interval method has a printed name' cmp names printed

tests=$(choices mc-compare test)
printf 'metric\tarm_a\tarm_b\tdifference\ttest\tp\n' >tests.tsv
for test in $tests noninferiority equivalence; do
	printf 'f1\ta\tb\t0.5\t%s\t0.5\n' $test
done >>tests.tsv
same_cells 'every test' --differences tests.tsv
sed -n '2,/^$/p' same.tsv | cut -f 3 | tr '[:upper:]' '[:lower:]' | sort >printed
printf '%s\n' '' $tests non-inferiority equivalence |
    sed 's/corrected-t/corrected resampled t/' | sort >names
ok 'each test has a printed name' cmp names printed
if command -v cmark-gfm >/dev/null; then
	ok 'GitHub reads the Markdown' grep -q '<td align="right"' \
	    same.markdown.html
else
	skip 'GitHub reads the Markdown' 'no cmark-gfm'
fi
if command -v tidy >/dev/null; then
	mc-tex --standalone --format html --label x --caption 'A < B' \
	    m.tsv hard.tsv --differences d.tsv >page.html
	ok 'HTML without a fault' sh -c '! tidy -q -e page.html 2>&1 | grep .'
else
	skip 'HTML without a fault' 'no tidy'
fi

# --- Words of the readers ---------------------------------------------------
{ cat m.tsv; printf 'brain\t\tvgg16\tfrozen\t\t\t\ttest\t\taccuracy\t\t\t0.5\t0.4\t0.6\t0.95\twilson\timage\t\t\t\t90\t90\t\n'; } >units.tsv
run mc-tex --unit-name patient m.tsv
grep ' unit:\|^Size' out >got
is_file got 'patients, not groups' <<'END'
Resampling unit: patient.
Size: chest 624 images of 301 patients, eye\_fundus 516 images of 258 patients.
END
sed 's/^brain/derma/' units.tsv >between.tsv
run mc-tex between.tsv
grep ' unit:\|^Size' out >got
is_file got 'also where the first and the last have the same' <<'END'
Size: chest 624 images of 301 groups (unit: group), derma 90 images (unit: image), eye\_fundus 516 images of 258 groups (unit: group).
END
run mc-tex --unit-name biopsy,biopsies --differences d.tsv units.tsv
grep ' unit:\|^Size' out >got
is_file got 'units that differ between tasks are said by task' <<'END'
Size: brain 90 images (unit: image), chest 624 images of 301 biopsies (unit: biopsy), eye\_fundus 516 images of 258 biopsies (unit: biopsy).
Resampling unit: biopsy.
Size: chest 624 images of 301 biopsies, eye\_fundus 516 images of 258 biopsies.
END
sed 's/	90	90	/	90	85	/' units.tsv >copies.tsv
run mc-tex copies.tsv
ok 'identical images are one, and said to be' \
    grep -q 'brain 90 images, 85 distinct (unit: image)' out
for name in '' , a, ,b a,b,c; do
	run mc-tex --unit-name "$name" m.tsv
	fails 2 "mc-tex: --unit-name: \"$name\" is not a name, or singular and plural: biopsy,biopsies (see mc-tex --help)" \
	    "--unit-name '$name'"
done
printf 'arm\tmodel\tmetric\testimate\tweights\na\tm\tf1\t0.5\trandom\nb\tn\tf1\t0.25\trandom\nc\tlargest class\tf1\t0.125\t\n' >random.tsv
run mc-tex random.tsv
ok 'random weights are named' grep -q '^Weights: random, not pretrained\.$' out
sed 's/0.25\trandom/0.25\tn.pth/' random.tsv >mixed.tsv
run mc-tex mixed.tsv
{
	table | sed '/rule$/d; 2d'
	grep 'andom' out
} >got
is_file got 'and marked where others are pretrained' <<'END'
largest class & 12.50\hphantom{\textsuperscript{m}} \\
m & \textbf{50.00}\rlap{\textsuperscript{a}}\hphantom{\textsuperscript{m}} \\
n & 25.00\hphantom{\textsuperscript{m}} \\
\textsuperscript{a}~Random weights, not pretrained.
END
sed 's/b\tn\tf1\t0.25\t/a\tm\tf1\t0.25\t/; /largest/d' mixed.tsv >two.tsv
run mc-tex two.tsv
table | sed -n '/midrule/,$p' >got
is_file got 'two kinds of weights of one model are two lines' <<'END'
\midrule
m & n.pth & 25.00 \\
 & random & \textbf{50.00} \\
\bottomrule
END
printf 'metric\tclass\testimate\naccuracy\t\t0.5\nauroc\tsick\t0.75\nrecall\tsick\t0.6\nrecall\twell\t0.7\n' >positive.tsv
run mc-tex positive.tsv
sed -n '/toprule/,/bottomrule/p' out >got
is_file got 'a metric of the positive class alone has a column' <<'END'
\toprule
\multicolumn{1}{c}{Accuracy} & \multicolumn{1}{c}{AUROC (sick)} \\
\midrule
50.00 & 75.00 \\
\bottomrule
END

# Four tasks, 45 arms and five metrics.
awk 'BEGIN {
	OFS = "\t"
	srand(5)
	print "task", "arm", "metric", "estimate", "lo", "hi", "note"
	split("accuracy f1 auroc mcc brier", metric)
	for (t = 1; t <= 4; t++) for (a = 10; a < 55; a++)
		for (m = 1; m <= 5; m++) {
			x = 0.2 + 0.6 * rand()
			print "task " t, "an arm of number " a, metric[m], x,
			    x - 0.1, x + 0.1, a == 30 && t < 3 ? "thirty" : ""
		}
}' >many.tsv

# Blocks of 20 lines, two of which fill a page.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "metric", "estimate"
	for (t = 1; t <= 6; t++) for (a = 1; a <= 20; a++)
		print "task " t, "arm " a, "f1", a / 40
}' >pages.tsv
run mc-tex --caption '~a^ "b" ("c" d) e -- f --- g [h] *i* <j> | `_#$%&{}' --label l pages.tsv
sed -n '/^.caption/p; s/^.begin{table}.*/page/p; s/^.label.*/label/p; s/^.midrule/rule/p; s/^\(task [0-9]\).*/\1/p' out >got
is_file got 'each page ends with a block, and names its first; a caption in LaTeX' <<'END'
page
\caption{\textasciitilde{}a\textasciicircum{} ``b'' (``c'' d) e -{}- f -{}-{}- g {[}h] {*}i{*} \textless{}j\textgreater{} \textbar{} \textasciigrave{}\_\#\$\%\&\{\}}
label
rule
task 1
rule
task 2
page
rule
task 3
rule
task 4
page
rule
task 5
rule
task 6
END
awk -F'\t' -v OFS='\t' '{ print $1, NR == 1 ? "model\tregime" : "m\t" $2, $3, $4 }' pages.tsv | grep -v 'task [1-5]' >model.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } { for (i = 1; i < 4; i++) { $3 = "r" i + 3 * (NR - 2); print } }' model.tsv >lines.tsv
mc-tex lines.tsv | grep -c '^task 6 & m & ' >got
is_file got 'a page that begins within a block names it again' <<'END'
2
END

# --- pdflatex ---------------------------------------------------------------
# compiles FILE NAME
compiles() {
	if pdflatex -halt-on-error -interaction=nonstopmode "$1" >tex.out 2>&1
	then
		if grep -q 'Overfull\|Undefined\|Missing\|too large' tex.out; then
			fail "$2" tex.out
		else pass "$2"; fi
	else fail "$2" tex.out; fi
}
awk 'BEGIN {
	OFS = "\t"
	print "task", "model", "regime", "metric", "average", "estimate",
	    "lo", "hi", "note"
	for (t = 1; t <= 3; t++) for (m = 1; m <= 25; m++)
		for (f = 0; f < 2; f++) for (c = 0; c < 5; c++)
			print "task " t, "a_long_name_of_a_model" m,
			    f ? "finetune" : "frozen",
			    substr("precisionrecall   f1       auroc    accuracy ",
			    1 + 9 * c, 9), c < 3 ? "weighted" : "",
			    (m + c) / 40, m / 40, (m + 5) / 40, "note " m
}' | sed 's/ *\tweighted/\tweighted/; s/\(auroc\|accuracy\) *\t/\1\t/' >long.tsv
cat >characters.awk <<'END'
# Every printable ASCII character, and Latin-1 to Latin Extended-A.
BEGIN {
	print "model\tmetric\testimate"
	for (i = 33; i < 127; i++)
		printf "%c%c\taccuracy\t0.5\n", i, i
	for (i = 160; i < 384; i++)
		printf "%c%c x\taccuracy\t0.5\n", 192 + int(i / 64), 128 + i % 64
	print "中αμ–“”≤\t" "accuracy\t0.5"
}
END
awk -f characters.awk >characters.tsv
printf 'arm\tmetric\testimate\tlo\thi\tnote\n' >marks.tsv
for m in accuracy f1 auroc average_precision; do
	printf 'a\t%s\t0.5\t0.4\t0.6\t\n' $m
	printf 'b\t%s\t0.5\t0.4\t0.6\t%s; two; three; four\n' $m $m
done >>marks.tsv
cat >boxes.py <<'END'
# Words of one line must not overlap.
import re, sys
words = [tuple(map(float, m[:4])) + (m[4],) for m in re.findall(
    r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<',
    open("boxes.html").read())]
if len([w for w in words if "]" in w[4]]) != 8:
    sys.exit("the intervals are not found")
for a in words:
    for b in words:
        if a[0] < b[0] < a[2] - 0.5 and a[1] < b[3] - 1 and b[1] < a[3] - 1:
            sys.exit(f"{a} and {b}")
END
# Numbers of other widths, signs and decimals, some without an interval.
printf 'model\tmetric\testimate\tlo\thi\n' >points.tsv
while read -r model estimate lo hi; do
	printf '%s\taccuracy\t%s\t%s\t%s\n' $model $estimate "$lo" "$hi"
	printf '%s\tmcc\t%s\t%s\t%s\n' $model -$estimate "${hi:+-$hi}" "${lo:+$lo}"
done >>points.tsv <<'END'
a 0.9423 0.091 0.9601
b 0.0542 0.0121 1
c 1 0.9421 1
d 0.3
END
printf 'metric\tarm_a\tarm_b\tdifference\tlo\thi\naccuracy\ta\tb\t0.1\t-0.02\t0.3\nmcc\ta\tb\t-0.1\t-0.2\t0.03\naccuracy\ta\tc\t0.01\t0\t0.1\n' >points.d.tsv
cat >points.py <<'END'
# The points of the numbers of a column are below each other.  A word that ends in
# N digits has its point N digits before its end, all digits being equally wide.
import re, sys
from collections import defaultdict
text = open("points.html").read()
words = re.findall(r'xMin="(.*?)" yMin=".*?" xMax="(.*?)" yMax="(.*?)">(.*?)<', text)
lines = defaultdict(list)
for x0, x1, y, word in words:
    y = next((k for k in lines if abs(k - float(y)) < 4), float(y))
    lines[y].append((float(x0), float(x1), word))
points = defaultdict(list)
for line in lines.values():
    numbers = [w for w in sorted(line) if re.match(r"\[?\W?\d+\.\d+[],]?$", w[2])]
    if not numbers:
        continue
    # A line of the second table compares two arms.
    table = sum(re.match("[a-d]$", w[2]) is not None for w in line) - 1
    for x0, x1, word in numbers:
        behind = re.search(r"\.(\d+)([],]?)$", word)
        points[table].append(x1 - 5 * len(behind[1]) - 2.8 * len(behind[2]))
wanted = {0: 6, 1: 3}
for table, places in points.items():
    places.sort()
    columns = 1 + sum(b - a > 4 for a, b in zip(places, places[1:]))
    if columns != wanted[table]:
        sys.exit(f"table {table}: points at {columns} places: {places}")
if len(points) != 2 or len(points[0]) < 20:
    sys.exit(f"the numbers are not found: {dict(points)}")
END
mc-tex --standalone characters.tsv >characters.tex
if command -v pdflatex >/dev/null; then
	mc-tex --standalone m.tsv >page.tex
	compiles page.tex 'a page of its own'
	mc-tex --standalone long.tsv >long.tex
	compiles long.tex '150 long lines'
	ok '150 long lines are several pages' grep -q '([3-9] pages' tex.out
	mc-tex --standalone --caption x --label y m.tsv --differences d.tsv \
	    >two.tex
	compiles two.tex 'two tables'
	compiles longd.tex '150 comparisons'
	mc-tex --standalone --caption x --rows arm --columns task,metric many.tsv \
	    >many.tex
	compiles many.tex 'many lines and columns'
	ok '150 comparisons are several pages' grep -q '([3-9] pages' tex.out
	compiles characters.tex 'every character'
	cat >paper.tex <<'END'
\documentclass{article}
\usepackage{booktabs}
\usepackage{graphicx}
\begin{document}
Table~\ref{tab:main}.
\input{table}
\end{document}
END
	compiles paper.tex 'a paper that takes the table'
	# Marks of three letters beside those of none, in every column.
	mc-tex --standalone marks.tsv >marks.tex
	compiles marks.tex 'numbers with several marks'
	if have_python 'no mark runs into the next column'; then
		pdftotext -bbox marks.pdf boxes.html
		ok 'no mark runs into the next column' "$PYTHON3" boxes.py
	fi
	mc-tex --standalone --decimals 2 --differences points.d.tsv points.tsv \
	    >points.tex
	compiles points.tex 'numbers of several widths'
	if have_python 'decimal points are aligned'; then
		pdftotext -bbox points.pdf points.html
		ok 'decimal points are aligned' "$PYTHON3" points.py
	fi
	ok 'a paper has its label' grep -q 'tab:main' paper.aux
else
	skip 'pages' 'no pdflatex'
fi
ok 'what the fonts lack is named' grep -q '{\[}U+4E2D\]' characters.tex

# --- From predictions -------------------------------------------------------
printf 'id\tlabel\tpredicted\n1\ta\ta\n2\tb\ta\n3\ta\ta\n' >p.tsv
mc-bootstrap p.tsv >metrics.tsv
mc-tex <metrics.tsv >out
ok 'what mc-bootstrap writes is read' grep -q '^67 \[0, 100\]' out
ok 'the original is labelled in the table' sh -c \
    'mc-bootstrap --method original p.tsv | mc-tex |
    grep -q "Not an interval of the metric"'
printf 'metric\testimate\tlo\thi\tlevel\treplicates\tresample_seed\tn_images\tn_units\n' >big.tsv
printf 'f1\t1\t0.5\t1\t0.9999\t%s\t%s\t%s\t%s\n' 9223372036854775807 \
    9223372036854775807 9223372036854775807 9223372036854775807 >>big.tsv
run mc-tex big.tsv
is_rc 0 'the largest numbers'

# --- The manual's examples --------------------------------------------------
cp p.tsv predictions.tsv
printf "id\tlabel\tsplit\tage\tsex\n1\ta\ttrain\t50\tF\n2\tb\ttest\t60\tM\n" \
    >manifest.tsv
cp d.tsv differences.tsv
# A command goes on in the lines that follow it.
awk '/^[.]/ { on = 0 } /^[$] / { on = 1 } on { sub(/^[$] /, "")
    sub(/\\e$/, "\\"); print }' "$abs_srcdir/man/mc-tex.1" >examples.sh
ok 'each fits into 80 columns' awk 'length > 66 { exit 1 }' examples.sh
if command -v pdflatex >/dev/null; then
	ok 'the examples of the manual run' sh -e examples.sh
	ok 'and left a page' test -s table.pdf
	ok 'and a table of differences' grep -q 'label{tab:pairs}' pairs.tex
	mc-tex --format tsv metrics.tsv | sed '/^$/,$d' >wanted
	echo >>wanted
	mc-tex --format tsv --differences d.tsv | sed '/^$/,$d' >>wanted
	ok 'and both tables without what is below them' cmp wanted tables.tsv
else
	skip 'examples' 'no pdflatex'
fi

# --- Bad input --------------------------------------------------------------
run mc-tex none.tsv
fails 1 'mc-tex: none.tsv: No such file or directory' 'a missing file'
: >empty.tsv
run mc-tex empty.tsv
fails 1 'mc-tex: empty.tsv: empty: not even a header line' 'an empty file'
printf 'metric\testimate\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv: a header, but no rows: run mc-bootstrap again' 'a header alone'
printf 'metric\nf1\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv:1: no column "estimate"; columns are: metric' \
    'no estimates'
printf 'metric\testimate\nf1\tnan\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv:2: column "estimate": "nan" is not a number' 'NaN'
printf 'metric\testimate\tlo\thi\nf1\t0.5\t0.6\t0.4\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv:2: lo and hi are not an interval' 'limits the wrong way'
printf 'metric\testimate\tn_images\nf1\t0.5\tx\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv:2: column "n_images": "x" is not a whole number' \
    'a count that is none'
printf 'metric\testimate\n\t0.5\n' >bad.tsv
run mc-tex bad.tsv
fails 1 'mc-tex: bad.tsv:2: column "metric": empty' 'a metric without a name'
run mc-tex m.tsv m.tsv
fails 2 'mc-tex: m.tsv is given twice: give each input once (see mc-tex --help)' \
    'a file twice'
cp m.tsv copy.tsv
run mc-tex m.tsv copy.tsv
fails 1 'mc-tex: copy.tsv:7: duplicate: the table has "accuracy" of the same line at m.tsv:7' \
    'a copy of a file'
run mc-tex --metrics brier m.tsv
fails 2 'mc-tex: --metrics: the tables have no "brier"; they have: accuracy, recall:weighted, recall:class (see mc-tex --help)' \
    'a metric that is not there'
run mc-tex --differences none.tsv
fails 1 'mc-tex: none.tsv: No such file or directory' 'no such differences'
run mc-tex --differences m.tsv
fails 1 'mc-tex: m.tsv:1: no column "arm_a", "arm_b", "difference"; columns are: '"$(head -n 1 m.tsv | sed 's/	/, /g')" \
    'metrics are no differences'
run mc-tex --differences - - <d.tsv
fails 2 'mc-tex: standard input can be METRICS or --differences, not both (see mc-tex --help)' \
    'one input for two'
printf 'metric\tarm_a\tarm_b\tdifference\n' >bad.tsv
run mc-tex --differences bad.tsv
fails 1 'mc-tex: bad.tsv: a header, but no rows: run mc-compare again' \
    'a header of differences alone'
printf 'metric\tarm_a\tarm_b\tdifference\tp\nf1\ta\tb\t0\t1\nf1\ta\tb\t0\t2\n' >bad.tsv
run mc-tex --differences bad.tsv
fails 1 'mc-tex: bad.tsv:3: column "p": not in [0, 1]' 'p is 2'
printf 'metric\tarm_a\tarm_b\tdifference\nf1\ta\tb\t0\nf1\ta\tb\t0\n' >bad.tsv
run mc-tex --differences bad.tsv
fails 1 'mc-tex: bad.tsv:3: duplicate: the same comparison is at bad.tsv:2' \
    'a comparison twice'
run mc-tex --label 'a}b' m.tsv
fails 2 'mc-tex: --label: "a}b": only letters, digits, and : . - (see mc-tex --help)' \
    'a label that would act'

# A baseline has no training seed; that does not make the seed vary.
printf 'id\tmodel\ttrain_seed\tlabel\tpredicted\n1\tnet\t7\ta\ta\n2\tnet\t7\tb\ta\n' >net.tsv
printf 'id\tmodel\tlabel\tpredicted\n1\tbaseline\ta\ta\n2\tbaseline\tb\ta\n' >baseline.tsv
mc-bootstrap -q net.tsv baseline.tsv | mc-tex >seed.tex
ok 'one seed is said below the table' grep -q '^Training seed: 7\.$' seed.tex
ok 'and takes no column' sh -c '! grep -q "Training seed &" seed.tex'
sed 's/baseline/net/' baseline.tsv >same.tsv
mc-bootstrap -q net.tsv same.tsv | mc-tex >seed.tex
ok 'unless it tells two lines apart' grep -q 'Training seed &' seed.tex

# The mean over findings follows them.
printf 'task\tmetric\testimate\nchest\tf1\t0.5\nchest:B\tf1\t0.4\nchest2\tf1\t0.3\nchest:A\tf1\t0.6\nchest!\tf1\t0.1\n' >tasks.tsv
mc-tex --format tsv tasks.tsv | sed -n '2,6s/	.*//p' >order
is_file order 'a task comes after its findings' <<'END'
chest:A
chest:B
chest
chest!
chest2
END
printf 'task\tmetric\tarm_a\tarm_b\tdifference\nchest\tf1\ta\tb\t0.5\nchest:B\tf1\ta\tb\t0.4\nchest2\tf1\ta\tb\t0.3\nchest:A\tf1\ta\tb\t0.6\n' >pairs.tsv
mc-tex --format tsv --differences pairs.tsv | sed -n '2,5s/	.*//p' >order
is_file order 'as in the table of differences' <<'END'
chest:A
chest:B
chest
chest2
END
printf 'task\tmetric\testimate\n\tf1\t0.5\nB\tf1\t0.4\nA\tf1\t0.6\n' >tasks.tsv
mc-tex --format tsv tasks.tsv | sed -n '2,4s/	.*//p' >order
is_file order 'and the task without a name last' <<'END'
A
B

END

printf 'task\tmetric\testimate\tn_images\tnote\nx:A\tf1\t0.5\t9\t\nx:B\tf1\t0.4\t9\t\nx\tf1\t0.45\t9\tmean of 2 findings; few\n\tf1\t0.2\t9\tleft out, since undefined there: "A", "B"\n' >tasks.tsv
mc-tex --format tsv tasks.tsv | sed -n '2,5s/	.*//p; /^Size/p' >order
is_file order 'which is called what it is' <<'END'
x:A
x:B
x (mean over findings)
mean over findings
Size: x:A 9 images, x:B 9 images, x (mean over findings) 9 images, mean over findings 9 images.
END
sed 's/estimate/difference/; s/	n_images/	arm_a	arm_b&/; 2,$s/	9	/	a	b&/' tasks.tsv >pairs.tsv
mc-tex --format tsv --differences pairs.tsv | sed -n '2,5s/	.*//p; /^Size/p' >differences
ok 'in the table of differences also' cmp differences order

# --- The order of names -------------------------------------------------------
cat >names.tsv <<'END'
arm	model	regime	metric	estimate
Any	Any		accuracy	0.5
x10/frozen	x10	frozen	accuracy	0.5
X9/frozen	X9	frozen	accuracy	0.5
dinov2_vits14/frozen	dinov2_vits14	frozen	accuracy	0.5
densenet121/frozen	densenet121	frozen	accuracy	0.5
densenet121/none	densenet121		accuracy	0.5
END
run mc-tex --format markdown names.tsv
sed -n 's/^| \([^|:]*\) | \([^|]*\) |.*/\1,\2/p' out >order
is_file order 'names go from A to Z whatever the case, and a model without regime is last' <<'END'
Model,Regime
DenseNet-121,
,frozen
DINOv2 ViT-S/14,frozen
X9,frozen
x10,frozen
Any,
END
run mc-tex --format tsv --rows arm names.tsv
sed -n '1d; /^$/q; s/	.*//p' out >order
is_file order 'and so do arms' <<'END'
densenet121/frozen
dinov2_vits14/frozen
X9/frozen
x10/frozen
Any
densenet121/none
END
printf 'arm_a\tarm_b\tmetric\tdifference\nDb\ta\taccuracy\t0\nda\tB\taccuracy\t0\nda\ta\taccuracy\t0\n' >pairs.tsv
mc-tex -q --format tsv --differences pairs.tsv | sed -n '2,4p' | cut -f 2 >order
is_file order 'and differences' <<'END'
da - a
da - B
Db - a
END

# --- Training seeds, and the order of letters ---------------------------------
cat >sds.tsv <<'END'
arm	metric	estimate	seed_sd	note
a	f1	0.5	0.0123	of one; of f1
b	f1	0.4	0.02	of f1
a	brier	0.2	0.03	of b
b	brier	0.3		last; of one
END
run mc-tex --format markdown sds.tsv
sed 's/ \{1,\}/ /g' out | grep '^Std\|^Standard\|^|\|^-' >got
is_file got 'letters come in the order of reading, and standard deviations below' <<'END'
| Arm | F1<sup>a</sup> | Brier score |
| :--- | ---: | ---: |
| a | **50.00**<sup>b</sup> | **0.200**<sup>c</sup> |
| b | 40.00 | 0.300<sup>b,d</sup> |
Standard deviation over training seeds: F1 1.23 to 2.00, Brier score 0.030.
- <sup>a</sup> Of f1.
- <sup>b</sup> Of one.
- <sup>c</sup> Of b.
- <sup>d</sup> Last.
END
cat >seeds.tsv <<'END'
metric	arm_a	arm_b	difference	lo	hi	method	test	p	seeds	seed_sd_a	seed_sd_b
f1	a	b	0.01	-0.01	0.03	seeds	seeds	0.3	3	0.02	0.01
f1	a	b	0.01	-0.01	0.03	seeds	noninferiority seeds	0.04	3	0.02	0.01
f1	a	c	0.01	-0.01	0.03	welch	equivalence welch	0.04	3	0.02	
END
run mc-tex --format tsv --differences seeds.tsv
cut -f 3 out | sed -n 2,4p >got
grep '^Interval m\|^Standard' out >>got
is_file got 'tests on seeds have names that a reader knows' <<'END'
non-inferiority (Student's t including training seeds)
Student's t including training seeds
equivalence (Welch's t)
Interval method: Student's t including training seeds, Welch's t.
Standard deviation over training seeds: F1 1.0 to 2.0.
END

# --- Rows and columns -----------------------------------------------------------
# Two tasks, three arms, of which one was not tested on fundus; two metrics, also
# by class, and a subgroup.
awk 'BEGIN {
	OFS = "\t"
	srand(3)
	print "task", "arm", "model", "regime", "split", "subgroup", "metric",
	    "average", "class", "estimate", "lo", "hi", "method", "unit",
	    "n_images", "note"
	split("vgg16 vgg16 resnet50", model)
	split("frozen finetune frozen", regime)
	split("chest fundus", task)
	split("accuracy mcc recall recall f1 f1", metric)
	split("akiec mel", class)
	for (t = 1; t <= 2; t++) for (a = 1; a <= 4 - t; a++)
		for (m = 0; m < 6; m++) for (s = 0; s < 2; s++) {
			x = 0.6 + 0.3 * rand()
			print task[t], model[a] "/" regime[a], model[a],
			    regime[a], "test", s ? "sex=F" : "",
			    metric[m + 1], "", m < 2 ? "" : class[m % 2 + 1], x, x - 0.1 * rand(),
			    x + 0.1 * rand(), "percentile", "group", 9,
			    m == 1 && t == 2 ? "a remark" : ""
		}
}' >laid.tsv
awk -F'\t' '$6 != "sex=F"' laid.tsv >whole.tsv
# laid N FROM ROWS COLUMNS [METRICS]: each number of the table has its row, and
# there are N.
laid() {
	name="each number in its place: rows $3, columns $4"
	run mc-tex --format tsv --rows "$3" --columns "$4" \
	    ${5:+--metrics "$5"} "$2"
	is_rc 0 "rows $3, columns $4"
	have_python "$name" || return
	cp out laid.out
	"$PYTHON3" "$abs_srcdir/tests/cmd/layout_peer.py" "$2" laid.out "$3" \
	    "$4" $(echo "$5" | sed 's/:class//g; s/,/ /g') >got 2>&1
	is_file got "$name" <<-END
		$1
	END
}
laid 30 whole.tsv model,regime task,metric
laid 30 whole.tsv task,model,freeze metric
laid 30 whole.tsv metric,task arm
laid 60 laid.tsv arm task,subgroup,metric
laid 60 laid.tsv task subgroup,freeze,model,metric
laid 60 whole.tsv class,arm task,metric recall:class,f1:class
laid 60 whole.tsv task,metric,class arm recall:class,f1:class
laid 15 whole.tsv task arm accuracy
run mc-tex --format tsv --rows metric,task,arm --decimals 2 whole.tsv
sed 's/	Estimate lower.*//; /^$/,$d; 1q' out >got
is_file got 'without a column key, the metric being of the rows' <<'END'
Metric	Task	Arm	Estimate
END
same_cells 'groups of columns' --rows model,regime --columns task,metric whole.tsv
same_cells 'groups of groups' --caption x --rows arm \
    --columns subgroup,task,metric laid.tsv
same_cells 'many lines and columns' --rows arm --columns task,metric many.tsv
grep '^.begin{tabular}\|rotatebox\|continued' same.latex | cut -c 1-60 | uniq -c |
    sed 's/^ *//' >got
is_file got 'which are divided between groups of columns' <<'END'
1 \rotatebox{90}{\begin{minipage}{0.98\textheight}
1 \begin{tabular}{@{}lrrrrrrrrrr@{}}
1 \rotatebox{90}{\begin{minipage}{0.98\textheight}
1 \begin{tabular}{@{}lrrrrrrrrrr@{}}
1 \rotatebox{90}{\begin{minipage}{0.98\textheight}
1 \begin{tabular}{@{}lrrrrrrrrrr@{}}
1 \rotatebox{90}{\begin{minipage}{0.98\textheight}
1 \begin{tabular}{@{}lrrrrrrrrrr@{}}
END
same_cells 'a group that alone is too wide' --rows task --columns arm,metric many.tsv
same_cells 'no key, and too wide' --rows task --columns metric,arm \
    --caption 'A % b' many.tsv
run mc-tex --rows regime --columns task,metric,model --metrics accuracy \
    --decimals 0 whole.tsv
sed -n '/toprule/,/midrule$/p' out >got
is_file got 'groups of columns have a rule below' <<'END'
\toprule
 & \multicolumn{2}{c}{chest} & \multicolumn{1}{c}{fundus} \\
\cmidrule(lr){2-3}\cmidrule(lr){4-4}
 & \multicolumn{2}{c}{Accuracy} & \multicolumn{1}{c}{Accuracy} \\
\cmidrule(lr){2-3}\cmidrule(lr){4-4}
Regime & \multicolumn{1}{c}{ResNet-50} & \multicolumn{1}{c}{VGG-16} & \multicolumn{1}{c}{VGG-16} \\
\midrule
END
run mc-tex --format html --columns task,metric --metrics f1:class,accuracy \
    whole.tsv
sed -n '/<thead/,/<.thead/p' out >got
is_file got 'and in HTML a cell of their own' <<'END'
<thead>
<tr>
<th scope="col" rowspan="2">Model</th>
<th scope="col" rowspan="2">Regime</th>
<th scope="colgroup" colspan="3">chest</th>
<th scope="colgroup" colspan="3">fundus</th>
</tr>
<tr>
<th scope="col">F1 (akiec)</th>
<th scope="col">F1 (mel)</th>
<th scope="col">Accuracy</th>
<th scope="col">F1 (akiec)</th>
<th scope="col">F1 (mel)</th>
<th scope="col">Accuracy</th>
</tr>
</thead>
END
for layout in '--rows task,model,regime' '--columns metric' \
    '--rows task,model,regime --columns metric'; do
	mc-tex whole.tsv >wanted
	run mc-tex $layout whole.tsv
	ok "the default is $layout" cmp wanted out
done
run mc-tex --rows class --columns model --metrics f1:class --format tsv whole.tsv
fails 1 'mc-tex: whole.tsv:12: "f1" falls into the same cell as that at whole.tsv:6: they differ in regime, arm, none of which is a row or a column: add one of them to --rows or --columns' \
    'two numbers for one place'
printf 'model\tfold\tmetric\testimate\nm\t1\tf1\t0.5\nm\t2\tf1\t0.6\n' >folds.tsv
run mc-tex --rows model folds.tsv
fails 1 'mc-tex: folds.tsv:3: "f1" falls into the same cell as that at folds.tsv:2: they differ in fold, which is no row or column: add it to --rows or --columns' \
    'a key that is left out and tells two numbers apart'
printf 'model\tsplit\tmetric\testimate\nm\ttest\tf1\t0.5\nn\tval\tf1\t0.6\n' >parts.tsv
run mc-tex --format markdown --rows model parts.tsv
sed '/^|.*[0-9]\./p; /^Size/p; /^- /p; d' out >got
is_file got 'and one that does not is a note' <<'END'
| m | 50.00<sup>a</sup> |
| n | 60.00<sup>b</sup> |
- <sup>a</sup> Split test.
- <sup>b</sup> Split val.
END
run mc-tex --rows class --columns arm,metric --format tsv folds.tsv
fails 1 'mc-tex: nothing to print: the tables hold no metric of a single class: leave class out of --rows and --columns' \
    'no metric of a class'
run mc-tex --rows task,backbone whole.tsv
fails 2 'mc-tex: --rows: "backbone" is not one of task, arm, model, regime, features, train_seed, fold, split, weights, train_share, subgroup, metric, average, class, freeze (see mc-tex --help)' \
    'no such key'
run mc-tex --rows task,model --columns model,metric whole.tsv
fails 2 'mc-tex: --columns: "model" is given twice: a key is of the rows or of the columns (see mc-tex --help)' \
    'a key twice'
run mc-tex --rows task --differences d.tsv
fails 2 'mc-tex: --rows and --columns are of the table of METRICS, which is not printed (see mc-tex --help)' \
    'a layout of no table'
# laid_order OPTION...: the keys of each line, and the headings.
laid_order() {
	mc-tex --format tsv --decimals 2 --metrics accuracy,mcc "$@" whole.tsv \
	    2>err | sed '/^$/,$d; s/ (.)//g' | cut -f 1,2,3,6,9,12 |
	    sed 's/[0-9]*\.[0-9]*//g; s/	*$//' | tr '\t' '|'
}
printf 'key\tname\nvgg16\tV\nfundus\tF\n' >ranks.tsv
{
	laid_order --columns task,metric --order names --names ranks.tsv
	laid_order --columns task,metric --order given
	laid_order --rows model,regime --columns metric,task --order estimate
} >got
is_file got 'the order of columns' <<'END'
Model|Regime|F / Accuracy|F / MCC|chest / Accuracy|chest / MCC
V|finetune
V|frozen
resnet50|frozen
Model|Regime|chest / Accuracy|chest / MCC|fundus / Accuracy|fundus / MCC
vgg16|frozen
vgg16|finetune
resnet50|frozen
Model|Regime|Accuracy / chest|Accuracy / fundus|MCC / chest|MCC / fundus
vgg16|frozen
vgg16|finetune
resnet50|frozen
END

mc-tex --format tsv --order estimate --rows task --columns model,regime,metric \
    --metrics accuracy,mcc whole.tsv | sed 's/ (.)//g; 1q' | tr '\t' '\n' |
    grep 'y$\|C$' >got
is_file got 'by estimate, groups of columns stay together' <<'END'
resnet50 / frozen / Accuracy
resnet50 / frozen / MCC
vgg16 / finetune / Accuracy
vgg16 / finetune / MCC
vgg16 / frozen / Accuracy
vgg16 / frozen / MCC
END
printf 'key\tname\nvgg16\tvgg16\nfundus\tfundus\n' >same.names.tsv
for order in name given estimate names; do
	mc-tex -q --format tsv --order $order --names same.names.tsv \
	    --rows model,regime --columns task,metric whole.tsv >laid.out
	have_python "numbers go with their headings: --order $order" || continue
	"$PYTHON3" "$abs_srcdir/tests/cmd/layout_peer.py" whole.tsv laid.out \
	    model,regime task,metric >got 2>&1
	is_file got "numbers go with their headings: --order $order" <<-'END'
		30
	END
done

printf 'task\tarm\tmetric\testimate\nu\tz\tf1\t0.5\nt\tb\tf1\t0.5\nu\ta\tf1\t0.5\nt\ta\tf1\t0.5\n' |
    mc-tex --format tsv --order given --rows task,arm - | sed '1d; /^$/,$d' |
    cut -f 1,2 >got
is_file got 'in the order given the lines of a task are together' <<'END'
u	z
u	a
t	b
t	a
END

awk -F'\t' 'NR == 1 || $4 == "frozen"' whole.tsv >frozen.tsv
run mc-tex --rows task,model,freeze frozen.tsv
ok 'freeze stands for the regime' sh -c '! grep "^Regime" out'
run mc-tex --format tsv --columns arm,metric whole.tsv
ok 'where columns are arms, lines have nothing of arms' \
    grep -q '^Task	resnet50/frozen / Accuracy	' out

# --- Marks of significance --------------------------------------------------------
cat >tested.tsv <<'END'
task	arm	metric	average	class	fold	split	subgroup	estimate	note
t	ref	f1	macro			test		0.5	
t	a	f1	macro			test		0.6	
t	b	f1	macro			test		0.7	few units
t	c	f1	macro			test		0.8	
t	ref	f1	macro			test	sex=F	0.5	
t	a	f1	macro			test	sex=F	0.6	
t	ref	recall		x		test		0.5	
t	a	recall		x		test		0.6	
t	a	recall		y		test		0.7	
t	a	recall	macro			test		0.7	
t	ref	accuracy			1	test		0.5	
t	a	accuracy			1	test		0.6	
t	a	accuracy			2	test		0.6	
u	ref	f1	macro			test		0.5	
u	a	f1	macro			val		0.6	
u	b	f1	macro			test		0.6	
END
cat >tests.tsv <<'END'
task	split	subgroup	metric	average	class	arm_a	arm_b	difference	test	p	p_adjusted	adjustment	n_tests	margin
t	test		f1	macro		a	ref	0.1	bootstrap	0.02	0.05	holm	3	
t	test		f1	macro		b	ref	0.2	bootstrap	0.001	0.003	holm	3	
t	test		f1	macro		c	ref	0.3	bootstrap	0.04	0.0501	holm	3	
t	test		f1	macro		c	ref	0.3	noninferiority bootstrap	0.001	0.001	holm	3	0.02
t	test		f1	macro		c	ref	0.3	equivalence bootstrap	0.001	0.001	holm	3	0.02
t	test	sex=F	f1	macro		ref	a	-0.1	permutation	0.04	0.04	none	1	
t	test		recall		x	a	ref	0.1	mcnemar	0.05		none		
t	test		accuracy			a	ref	0.1	bootstrap	0.001	0.001	holm	1	
u	test		f1	macro		b	ref	0.1		0.06	0.01	bh	2	
u	test		f1	macro		a	ref	0.1	bootstrap	0.001	0.001	holm	2	
t	test	sex=F - sex=M	f1	macro		a		0.1	bootstrap	0.001	0.001	holm	1	
END
# marked OPTION...: the lines with a mark, and the notes of marks.
marked() {
	mc-tex --format markdown --rows task,split,subgroup,arm,fold \
	    --columns metric,class --metrics f1,recall:class,recall,accuracy \
	    --differences tests.tsv "$@" tested.tsv >out 2>err
	sed '/^For research/q' out | awk -F' *\\| *' '
	    /^\|/ && /<sup>/ { line = $5 "/" $4
		for (i = 7; i < NF; i++) if ($i ~ /sup/) {
			gsub(/<.?sup>/, " ", $i); line = line " " i - 6 ": " $i }
		print line }
	    /^- / { print }'
}
marked >got
is_file got 'what is significant has a mark, and what it means is said' <<'END'
a/All images 1: 60.00 a  2: **60.00** b 
b/ 1: 70.00 a,c 
a/sex=F 1: **60.00** d 
b/All images 1: **60.00** e 
- <sup>a</sup> Difference from ref: p ≤ 0.05 (test: bootstrap), p adjusted for 3 tests (Holm).
- <sup>b</sup> Difference from ref: p ≤ 0.05 (test: McNemar), p not adjusted.
- <sup>c</sup> Few units.
- <sup>d</sup> Difference from ref: p ≤ 0.05 (test: permutation), p not adjusted (one test).
- <sup>e</sup> Difference from ref: p ≤ 0.05 (test: not stated), p adjusted for 2 tests (Benjamini-Hochberg).
END
marked --alpha 0.01 | grep Difference >got
is_file got 'at another level' <<'END'
- <sup>b</sup> Difference from ref: p ≤ 0.01 (test: bootstrap), p adjusted for 3 tests (Holm).
- <sup>c</sup> Difference from ref: p ≤ 0.01 (test: not stated), p adjusted for 2 tests (Benjamini-Hochberg).
END
marked --alpha 0 >got
is_file got 'or at none' <<'END'
b/ 1: 70.00 a 
- <sup>a</sup> Few units.
END
sed 's/	b	ref	/	b	a	/' tests.tsv >pairs.tsv
mc-tex --format markdown --metrics f1 --differences pairs.tsv tested.tsv |
    sed '/^For research/q' >got
ok 'all pairs have no reference' sh -c 'grep -q "Few units" got && ! grep Difference got'
printf 'task\tsplit\tmetric\taverage\tarm_a\tarm_b\tdifference\tp\n' >first.tsv
printf 't\ttest\tf1\tmacro\tref\t%s\t-0.1\t%s\n' a 0.01 b 0.5 >>first.tsv
mc-tex --format markdown --metrics f1 --differences first.tsv tested.tsv |
    grep -c '^| t .*a | .*sup\|Difference from ref: p ≤ 0.05 (test: not stated)' >got
is_file got 'the reference may be the first arm' <<'END'
2
END
for options in '--differences tests.tsv' tested.tsv; do
	run mc-tex --alpha 0.05 $options
	fails 2 'mc-tex: --alpha marks METRICS by --differences, which are not both given (see mc-tex --help)' \
	    "--alpha with $options"
done

# --- Names in print -------------------------------------------------------------
cat >named.tsv <<'END'
task	arm	model	regime	metric	class	estimate
chest	resnet50/frozen	resnet50	frozen	f1	sick	0.5
chest	resnet50/finetune	resnet50	finetune	f1	sick	0.6
chest	own.pt/frozen	own.pt	frozen	f1	sick	0.4
chest	largest class	largest class		f1	sick	0.3
END
cat >pairs.tsv <<'END'
task	metric	arm_a	arm_b	difference
chest	f1	resnet50/frozen	own.pt/frozen	0.1
chest	f1	resnet50/frozen	resnet50.random/frozen	0.1
END
# printed COLUMNS OPTION...: those cells of the tables in Markdown, or TSV.
printed() {
	cells=$1
	shift
	mc-tex "$@" named.tsv --differences pairs.tsv 2>said |
	    sed '/^|/!d; /---/d; s/^| *//; s/ *| */|/g' | cut -d '|' -f "$cells"
}
printed 2,3 --format markdown >got
is_file got 'known backbones and regimes have the names of their papers' <<'END'
Model|Regime
own.pt|frozen
ResNet-50|fine-tuned
|frozen
largest class|
Metric|Comparison
F1|ResNet-50, frozen − own.pt, frozen
|ResNet-50, frozen − resnet50.random, frozen
END
printf 'key\tname\nchest\tPneumonia\nresnet50\tRN50\nsick\tIll & old\nlargest class\tMajority\nown.pt/frozen\tOurs\n' >names.tsv
printed 1,2,3 --format markdown --names names.tsv >got
is_file got 'or those of --names' <<'END'
Task|Model|Regime
Pneumonia|own.pt|frozen
|RN50|fine-tuned
||frozen
|Majority|
Task|Metric|Comparison
Pneumonia|F1|RN50, frozen − Ours
||RN50, frozen − resnet50.random, frozen
END
ok 'of which each was found' test ! -s said
echo 'elsewhere	x' >>names.tsv
printed 1 --format markdown --names names.tsv >got
is_file said 'a key that is in no table is named' <<'END'
mc-tex: --names: "elsewhere" is in no table
END
mc-tex --format tsv named.tsv | cut -f 2 | sed -n 2,4p >got
is_file got 'TSV keeps the names of the tables' <<'END'
own.pt
resnet50
resnet50
END
mc-tex --format tsv --names names.tsv named.tsv 2>said | cut -f 2 | sed -n 2,4p >got
is_file got 'unless others are given' <<'END'
own.pt
RN50
RN50
END
# order WORD [OPTION...]: task, model and regime of each line, as numbers.
cat >order.tsv <<'END'
task	model	regime	split	metric	estimate
b	m2	frozen	test	accuracy	0.7
b	m1	frozen	test	accuracy	0.9
b	m10	frozen	test	accuracy	0.8
b	base		test	accuracy	
a	m2	frozen	val	accuracy	0.6
a	m10	frozen	val	accuracy	0.5
a	m1	frozen	test	accuracy	0.4
a	m10	frozen	test	accuracy	0.7
b	m1	frozen	test	brier	0.3
b	m2	frozen	test	brier	0.1
END
order() {
	mc-tex --format tsv --order "$@" order.tsv 2>err | sed '1d; /^$/,$d' |
	    awk -F'\t' '{ printf "%s%s%s ", $1, $2, substr($4, 1, 1) }
	    END { print "" }'
}
{
	order name
	order given
	order estimate
	order estimate --metrics brier,accuracy
	printf 'key\tname\nb\tB\nm10\tTen\nm2\tTwo\n' >ranks.tsv
	order names --names ranks.tsv
} >got
is_file got 'the order of lines' <<'END'
am1t am2v am10t am10v bm1t bm2t bm10t bbaset 
bm2t bm1t bm10t bbaset am2v am10v am1t am10t 
am10t am1t am2v am10v bm1t bm10t bm2t bbaset 
am1t am10t am2v am10v bm2t bm1t bm10t bbaset 
BTent BTwot Bm1t Bbaset aTent aTenv aTwov am1t 
END
mc-tex --format tsv order.tsv >by-name
mc-tex --format tsv --order name order.tsv >got
ok 'the default is by name' cmp by-name got
for order in given estimate; do
	mc-tex --format tsv --order $order order.tsv | sed '/^$/,$d' | sort >got
	ok "--order $order changes nothing else" sh -c \
	    'sed "/^$/,\$d" by-name | sort | cmp - got'
done
cat >contrasts.tsv <<'END'
task	split	subgroup	metric	arm_a	arm_b	difference
u	test		f1	m10	m1	0.1
t	test		f1	m2	m1	-0.2
t	test		f1	m10	m1	
t	test		f1	b	m1	0.3
t	test		f1	b	a	0.2
t	test		brier	b	m1	0.2
t	test		brier	a	m1	0.1
t	test		brier	m2	m1	-0.1
t	test	sex=F	f1	m2	m1	0.1
t	test	sex=F	f1	b	m1	0.4
t	test		calibration_slope	m2	m1	0.1
t	test		calibration_slope	b	m1	0.4
END
contrasts() {
	mc-tex --format tsv --order "$@" --differences contrasts.tsv 2>err |
	    sed '1d; /^$/,$d' | awk -F'\t' '{ printf "%s%s%s:%s ", $1,
	    substr($2, 5), substr($3, 1, 1), $4; } END { print "" }' |
	    sed 's/ - /-/g'
}
{
	contrasts name
	contrasts given
	contrasts estimate
	printf 'key\tname\nu\tU\nm10\tTen\nm2\tTwo\na\tA\n' >ranks.tsv
	contrasts names --names ranks.tsv
} >got
is_file got 'the order of differences' <<'END'
tF:b-a tF:b-m1 tF:m2-m1 tF:m10-m1 tB:a-m1 tB:b-m1 tB:m2-m1 tC:b-m1 tC:m2-m1 tFF:b-m1 tFF:m2-m1 uF:m10-m1 
uF:m10-m1 tF:m2-m1 tF:m10-m1 tF:b-m1 tF:b-a tB:b-m1 tB:a-m1 tB:m2-m1 tC:m2-m1 tC:b-m1 tFF:m2-m1 tFF:b-m1 
tF:b-m1 tF:b-a tF:m2-m1 tF:m10-m1 tB:m2-m1 tB:a-m1 tB:b-m1 tC:b-m1 tC:m2-m1 tFF:b-m1 tFF:m2-m1 uF:m10-m1 
UF:Ten-m1 tF:Ten-m1 tF:Two-m1 tF:b-A tF:b-m1 tB:Two-m1 tB:A-m1 tB:b-m1 tC:Two-m1 tC:b-m1 tFF:Two-m1 tFF:b-m1 
END
mc-tex --format tsv --differences contrasts.tsv >by-name
for order in given estimate; do
	mc-tex --format tsv --differences contrasts.tsv --order $order |
	    sed '/^$/,$d' | sort >got
	ok "--order $order changes nothing else in differences" sh -c \
	    'sed "/^$/,\$d" by-name | sort | cmp - got'
done
printf 'split\tlabel\tcolumn\tvalue\tunit\tn\nall\tall\t\t\timage\t9\n' >pop.tsv
run mc-tex --order given --population pop.tsv
fails 2 'mc-tex: --order has no effect on --population (see mc-tex --help)' \
    '--order without lines that it is of'
run mc-tex --order names named.tsv
fails 2 'mc-tex: --order names is the order of the keys of --names, which is not given (see mc-tex --help)' \
    '--order names without names'
{
	printf 'model\tmetric\testimate\n'
	mc-embed --list | sed 1d | cut -f 1 | sed 's/$/	f1	0.5/'
} >all.tsv
mc-tex --format markdown all.tsv | sed '/^|/!d; s/^| *//; s/ *|.*//' | sed 1,2d >got
ok 'no two backbones have one name' test -z "$(sort got | uniq -d)"
ok 'and none is lost' test "$(wc -l <got)" -eq "$(sed 1d all.tsv | wc -l)"
# bad NAME MESSAGE ROWS: a table of names that is refused.
bad() {
	printf 'key\tname\n'"$3" >bad.tsv
	run mc-tex --names bad.tsv named.tsv
	fails 1 "mc-tex: bad.tsv:$2" "$1"
}
bad 'an empty key' '2: column "key": empty' '\tx\n'
bad 'an empty name' '3: column "name": empty' 'a\tx\nb\t\n'
bad 'a key twice' '3: "a" is also in line 2' 'a\tx\na\ty\n'
# alike NAME COLUMN TEXT TEXT PRINTED ROWS: names that would hide a difference.
alike() {
	printf 'key\tname\n'"$6" >bad.tsv
	run mc-tex --names bad.tsv named.tsv
	fails 1 "mc-tex: named.tsv:$2: \"$3\" and \"$4\" would both be printed as \"$5\": --names can give one of them another name" "$1"
}
alike 'one name for two' '4: column "model"' resnet50 own.pt x \
    'resnet50\tx\nown.pt\tx\nresnet50/frozen\ta\nresnet50/finetune\tb\nown.pt/frozen\tc\n'
alike 'one name for two models is one for their arms' '4: column "arm"' \
    resnet50/frozen own.pt/frozen 'x, frozen' 'resnet50\tx\nown.pt\tx\n'
alike 'the name that another has by default' '4: column "arm"' \
    resnet50/frozen own.pt/frozen 'ResNet-50, frozen' 'own.pt\tResNet-50\n'
alike 'the name that another has in the table' '5: column "model"' \
    own.pt 'largest class' own.pt 'largest class\town.pt\n'
cat >bad.tsv <<'END'
key	name
own.pt	resnet50
resnet50	own.pt
elsewhere	own.pt
END
run mc-tex --format tsv --names bad.tsv named.tsv
is_rc 0 'two may change their names, and share one with a key that is not there'
sed 's/own.pt/ResNet-50/g' named.tsv >clash.tsv
run mc-tex clash.tsv
fails 1 'mc-tex: clash.tsv:4: column "arm": "resnet50/frozen" and "ResNet-50/frozen" would both be printed as "ResNet-50, frozen": --names can give one of them another name' \
    'two that are printed alike without --names'
{ printf 'key\tname\n'; printf '%s\tx\n' a b c d e f g; } >many.tsv
run mc-tex --names many.tsv -o many.tex named.tsv
is_err 'keys that are in no table are named, the first five' <<'END'
mc-tex: --names: "a", "b", "c", "d", "e" and 2 more are in no table
END
sed 3q many.tsv >two.tsv
run mc-tex --names two.tsv -o many.tex named.tsv
is_err 'or both' <<'END'
mc-tex: --names: "a", "b" are in no table
END
printf 'key\ttext\na\tb\n' >bad.tsv
run mc-tex --names bad.tsv named.tsv
is_rc 1 'a table without names'
run mc-tex --names - named.tsv
fails 2 'mc-tex: --names: give a file: standard input is for tables (see mc-tex --help)' \
    'names from standard input'

mc-tex m.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-tex: standard output: cannot write: No space left on device' \
    'a full disk'

done_testing
