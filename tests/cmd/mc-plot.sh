#!/bin/sh
# mc-plot: each figure in each format, the numbers in its script, the same bytes
# again, hostile names, and gnuplot that is missing, fails or is killed.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-plot

# script NAME TABLE [OPTION...]: the script, whose text but for its data is golden.
script() {
	name=$1
	shift
	run mc-plot --script "$@"
	is_rc 0 "$name: a script"
	sed '/^\$d/,/^EOD/{ /^[-0-9N]/d; }' out >script
	is_golden script "$name.gp" "$name: what gnuplot is told"
}

# data: the numbers in the script ./out, sorted.
data() {
	sed -n '/^\$d/,/^EOD/{ /^[-0-9N]/p; }' out | sort
}

# says TEXT: the figure of the script ./out has it, perhaps over two lines.
says() {
	sed -n "s/^set label [0-9]* '\(.*\)' at .*/\1/p" out | tr '\n' ' ' |
	    grep -q "$1"
}

# formats NAME TABLE [OPTION...]: drawn in every format, twice.
formats() {
	name=$1
	shift
	command -v gnuplot >/dev/null || {
		skip "$name: is drawn" 'no gnuplot'
		return
	}
	for format in svg pdf png txt; do
		case $format,$* in txt,*--width*) continue ;; esac
		run mc-plot "$@" -o "$name.$format"
		ok "$name: $format is drawn without a word" \
		    test $rc -eq 0 -a ! -s err
		mv "$name.$format" first
		# cairo writes the second into a PDF.
		[ $format != pdf ] || sleep 1
		mc-plot "$@" -o "$name.$format"
		ok "$name: $format has the same bytes again" \
		    cmp first "$name.$format"
	done
	if command -v xmllint >/dev/null; then
		ok "$name: the SVG is well-formed" xmllint --noout --nonet \
		    "$name.svg"
	else
		skip "$name: the SVG is well-formed" 'no xmllint'
	fi
	if command -v pdfinfo >/dev/null; then
		ok "$name: the PDF has one page" sh -c \
		    "pdfinfo $name.pdf | grep -q '^Pages: *1$'"
	else
		skip "$name: the PDF has one page" 'no pdfinfo'
	fi
}

# --- Curves -----------------------------------------------------------------
# Three arms of two tasks, made without chance.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "split", "id", "group", "label", "p:sick", "p:well",
	    "sex"
	for (task = 1; task <= 2; task++)
		for (arm = 0; arm < 3; arm++)
			for (i = 0; i < 120; i++) {
				sick = i % 3 == 0
				p = (i * (37 + arm + task) % 101) / 101
				p = sick ? 0.3 + 0.7 * p : 0.8 * p
				print "t" task, "m" arm, "test", "i" i,
				    "p" int(i / 4), (sick ? "sick" : "well"), p,
				    1 - p, (int(i / 8) % 2 ? "F" : "M")
			}
}' >two.tsv
awk -F'\t' 'NR == 1 || $1 == "t1"' two.tsv >predictions.tsv
for curve in roc pr calibration decision; do
	points=
	case $curve in roc | pr) points=--points ;; esac
	mc-curve --curve $curve $points --positive sick --replicates 399 \
	    -o $curve.tsv predictions.tsv
	script $curve $curve.tsv
	if [ $curve = calibration ]; then
		# From the lower end of each bin to 1, with the last number again.
		sed -n '/^# .images by bin/,/^EOD/{ /^[0-9]/p; }' out >got
		awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		arm != $at["arm"] && NR > 2 { print 1, n }
		{ arm = $at["arm"]; n = $at["n"]; print $at["threshold"], n }
		END { print 1, n }' calibration.tsv >wanted
		ok 'calibration: images by bin are those of the table' \
		    diff -u wanted got
		ok 'calibration: of three arms' test "$(grep -c '^1 ' got)" -eq 3
		sed -i '/^# .images by bin/,/^EOD/d' out
	fi
	data >got
	awk -F'\t' -v all="$curve:all" 'NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i
		n = split("x y lo hi threshold n", name, " ")
		next
	}
	$at["curve"] == all && $at["arm"] != "m0" { next }
	{
		for (i = 1; i <= n; i++) {
			v = $at[name[i]]
			printf "%s%s", v == "" ? "NaN" : v, i < n ? " " : "\n"
		}
	}' $curve.tsv | sort >wanted
	ok "$curve: the numbers in the script are those of the table" \
	    diff -u wanted got
	ok "$curve: many of them" test "$(wc -l <got)" -gt 40
	formats $curve $curve.tsv
done
mc-curve --curve distribution --bins 10 --positive sick --replicates 399 \
    -o distribution.tsv predictions.tsv
script distribution distribution.tsv
data | grep -v '^1 ' >got
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ print $at["threshold"], $at["y"] }' distribution.tsv | sort >wanted
ok 'distribution: the numbers in the script are those of the table' \
    diff -u wanted got
ok 'distribution: of three arms and two sides' test "$(wc -l <got)" -eq 60
formats distribution distribution.tsv
mc-curve -q --curve distribution --bins 20 --positive sick --replicates 399 \
    -o finer.tsv predictions.tsv
run mc-plot distribution.tsv finer.tsv
fails 1 'mc-plot: distribution.tsv: the curve distribution has the bin at 0 behind that at 0.9: give each table once, and its rows in order' \
    'distribution: one arm in two widths of bins'
cut -f 1-15 distribution.tsv >bare.tsv
run mc-plot bare.tsv
fails 1 'mc-plot: bare.tsv: a bin has no threshold, its lower end' \
    'distribution: bins without their lower ends'
# Lines from 0.4,0 to 1,0.4 and from 0,0.6 to 0.6,1 leave no corner to the key.
awk 'BEGIN { OFS = "\t"; print "arm", "curve", "x", "y", "lo", "hi", "threshold"
	print "m0", "calibration", 0.4, 0, "", "", 0.4
	print "m0", "calibration", 1, 0.4, "", "", 0.9
	print "m1", "calibration", 0, 0.6, "", "", 0
	print "m1", "calibration", 0.6, 1, "", "", 0.6 }' >crossed.tsv
run mc-plot --script crossed.tsv
awk -F'[ ,]' '/Mean predicted/ { axis = $9 } /.m0. at/ { key = $7 }
	END { print (key > axis && axis > 0 ? "below" : key " " axis) }' out >got
is_file got 'calibration: the key is below where lines cross the corners' <<'END'
below
END
run mc-plot --script calibration.tsv
ok 'calibration: bars are no bands' sh -c \
    'grep -q "Bars: interval" out && ! grep -qi "band" out'
# bare CURVE: a table without intervals, ./bare.tsv.
bare() {
	awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
		NR > 1 { $c["lo"] = $c["hi"] = "" } 1' "$1.tsv" >bare.tsv
}
for curve in roc decision calibration; do
	bare $curve
	run mc-plot --script bare.tsv
	ok "$curve: nothing is said of intervals that the table has not" sh -c \
	    '! grep -qi "bands:\|bars:\|pointwise\|not drawn" out'
done
awk -F'\t' 'NR == 1 || /\tdistribution\t/' distribution.tsv >own.tsv
run mc-plot --script own.tsv
ok 'distribution: no key to other labels where there are none' sh -c \
    'grep -q "sick (n = 40)" out && ! grep -q "Other labels" out'
run mc-plot --script roc.tsv
"$PYTHON3" - predictions.tsv <<'END' >wanted
import csv, sys
from sklearn.metrics import roc_auc_score
rows = list(csv.DictReader(open(sys.argv[1]), delimiter="\t"))
for arm in ("m0", "m1", "m2"):
    own = [r for r in rows if r["arm"] == arm]
    print(f"{arm}, AUROC", "%.3f" % roc_auc_score(
        [r["label"] == "sick" for r in own], [float(r["p:sick"]) for r in own]))
END
sed -n "s/^set label [0-9]* '\(m[0-9], AUROC [0-9.]*\)'.*/\1/p" out >got
ok 'roc: the key has AUROC as scikit-learn computes it' diff -u wanted got
ok 'roc: of three arms' test "$(wc -l <got)" -eq 3
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR == 1 || $c["curve"] == "roc" || $c["x"] > 0' roc.tsv >part.tsv
run mc-plot --script part.tsv
ok 'roc: no AUROC of a part of a curve' sh -c '! grep -q AUROC out'
mc-curve --grid 10 --positive sick --replicates 399 -o tasks.tsv two.tsv
script tasks tasks.tsv --width page --font 'Latin Modern Roman'
run mc-plot --script --no-notes --unit-name patient roc.tsv
ok '--no-notes: they are on standard error' \
    grep -q '^mc-plot: Bands: .* 120 images of 30 patients\.' err
ok 'and not in the figure' sh -c '! grep -q "120 images" out'
run mc-plot --script -v roc.tsv
is_err '-v says what is drawn' <<'END'
mc-plot: figure: roc, rows: 640
END
run mc-plot --script - <roc.tsv
sed 's/^mc-plot.*//' out >first
mc-plot --script roc.tsv >second
ok 'standard input, the same bytes' cmp first second

printf 'key\tname\nm0\tFirst model\nsick\tIll\n' >names.tsv
run mc-plot --script --names names.tsv roc.tsv
ok '--names: the key has them' grep -q 'First model' out
ok 'and nothing is left of the others' sh -c '! grep -qw m0 out'
ok 'each was found' test ! -s err
sed 's/m0/nobody/' names.tsv >wrong.tsv
run mc-plot --script --names wrong.tsv roc.tsv
is_err 'a key that is in no table is named' <<'END'
mc-plot: --names: "nobody" is in no table
END

# --- Forests ----------------------------------------------------------------
# traced NAME TABLE COLUMN...: these columns are what the script ./out draws,
# but for what $strip takes away: the place of a row in its forest.
strip='s/ [0-9.]*$//'
traced() {
	name=$1 table=$2
	shift 2
	data | sed "$strip" | sort -u >got
	awk -F'\t' -v names="$*" 'NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i
		n = split(names, name, " ")
		next
	}
	{
		for (i = 1; i <= n; i++) {
			v = $at[name[i]]
			printf "%s%s", v == "" ? "NaN" : v, i < n ? " " : "\n"
		}
	}' "$table" | sort -u >wanted
	ok "$name: the numbers in the script are those of the table" \
	    diff -u wanted got
	ok "$name: there are some" test -s got
}
mc-bootstrap --positive sick --replicates 399 --metrics \
    accuracy,auroc,brier,f1:class -o metrics.tsv two.tsv
script forest metrics.tsv --width page --metrics accuracy,auroc,brier
mc-bootstrap --positive sick --replicates 399 --metrics accuracy,auroc \
    --by sex -o by.tsv predictions.tsv
run mc-plot --script metrics.tsv --metrics accuracy,auroc,brier,f1:class
traced forest metrics.tsv estimate lo hi
# beside TABLE ESTIMATE: what stands beside the intervals, "84.5 [74.2, 93.2]", is
# what TABLE says.
beside() {
	sed -n "s/^set label [0-9]* '\(.*\[.*\)' at.*/\1/p" out |
	    sed 's/−/-/g' | sort >got
	awk -F'\t' -v estimate="$2" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
		next }
	$at["lo"] != "" {
		by = $at["metric"] == "brier" ? 1 : 100
		f = by == 100 ? "%.1f" : "%.2f"
		printf f " [" f ", " f "]\n", by * $at[estimate], by * $at["lo"],
		    by * $at["hi"]
	}' "$1" | sort >wanted
	ok "$1: the numbers beside the intervals are those of the table" \
	    diff -u wanted got
	ok "$1: there are many" test "$(wc -l <got)" -ge "$3"
}
run mc-plot --script --width 400 --metrics accuracy,auroc,brier,f1:class \
    metrics.tsv
beside metrics.tsv estimate 24
run mc-plot --script --width 400 --figure subgroups by.tsv
beside by.tsv estimate 12
run mc-plot --script metrics.tsv --metrics accuracy
ok 'forest: other metrics are counted' grep -q 'Not drawn: 24 numbers of other' out
run mc-plot --script metrics.tsv --metrics auprc
fails 2 'mc-plot: --metrics: the tables have no "auprc": mctools calls it average_precision; they have: accuracy, f1:class, auroc:class, brier:class' \
    'forest: a metric that is not there'
cp metrics.tsv again.tsv
run mc-plot metrics.tsv again.tsv
fails 1 'mc-plot: again.tsv:2: a second number for accuracy of "m0": give each table once' \
    'forest: a table given twice'
script subgroups by.tsv --figure subgroups
traced subgroups by.tsv estimate lo hi
run mc-plot --figure subgroups metrics.tsv
fails 2 'mc-plot: --figure: subgroups is not drawn from metrics.tsv: possible: forest' \
    'subgroups of a table without any'
formats forest metrics.tsv
awk -F "\t" -v OFS="\t" 'NR > 1 && NR % 2 { $1 = "\327\242\327\225\327\250" } 1' metrics.tsv >hebrew.tsv
if command -v gnuplot >/dev/null; then
	run mc-plot --format text --metrics accuracy hebrew.tsv
	ok 'forest: no mark of direction and no form feed in text' sh -c \
	    '! LC_ALL=C grep -q "$(printf "\342\201[\246-\251]")" out && ! grep -q "$(printf "\f")" out'
	ok 'forest: a name from right to left is whole' grep -q "$(printf '^ \327\242\327\225\327\250 ')" out
fi
awk -F'\t' -v OFS='\t' 'NR == 1 { while ($++w != "weights"); } NR > 1 { $w = "random" }
	{ print }' metrics.tsv >weights.tsv
run mc-plot --script weights.tsv
says 'Weights: random, not pretrained\.' && pass 'forest: random weights are told' ||
    fail 'forest: random weights are told' out
sed '2s/random/net.pth/' weights.tsv >some.tsv
run mc-plot --script some.tsv
says 'Weights: some random, not pretrained\.' && pass 'forest: and some' ||
    fail 'forest: and some' out
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "note") n = i }
	NR > 1 { $n = NR == 2 ? "undefined in 12 of 999 replicates" : NR == 3 ? \
	    "undefined in 3 of 999 replicates" : NR < 6 ? "net" NR " is new; at -0." NR : "" }
	{ print }' metrics.tsv >noted.tsv
run mc-plot --script --width page --metrics accuracy,f1:class,auroc:class,brier:class noted.tsv
numbers=$(($(wc -l <noted.tsv) - 1))
for sentence in "Undefined in 3 to 12 of 999 replicates (2 of $numbers numbers)" \
    "Net4 is new (1 of $numbers numbers)" "At -0.4 (1 of $numbers numbers)"; do
	says "$sentence\." && pass "forest: $sentence" || fail "forest: $sentence" out
done
printf 'arm\tregime\tmetric\testimate\nb\t\taccuracy\t0.5\nc\tfrozen\taccuracy\t0.5\na\tfrozen\taccuracy\t0.5\n' >baseline.tsv
run mc-plot --script baseline.tsv
sed -n "s/^set label [0-9]* '\([abc]\)' at .*/\1/p" out >got
is_file got 'forest: an arm without regime is last' <<'END'
c
a
b
END
printf 'model\tregime\tmetric\testimate\nb\t\taccuracy\t0.5\na\t\taccuracy\t0.5\na\tfrozen\taccuracy\t0.5\n' >both.tsv
run mc-plot --script both.tsv
sed -n "s/^set label [0-9]* '\([ab].*\)' at .*/\1/p" out >got
is_file got 'but not a model that has rows of both kinds' <<'END'
a
a, frozen
b
END
formats subgroups by.tsv --figure subgroups
printf 'metric\testimate\tlo\thi\nf2\t0.5\t\t\nf3\t\t\t\n' >small.tsv
formats small small.tsv
run mc-plot --script small.tsv
traced 'metrics of others' small.tsv estimate lo hi
awk -F'\t' -v OFS='\t' 'NR == 1; $1 $2 == "t1m0" { for (a = 1; a <= 40; a++)
	for (t = 1; t <= 4; t++) { $1 = "t" t; $2 = "arm " a; print } }' \
    metrics.tsv >many.tsv
run mc-plot --script --metrics accuracy many.tsv
ok '40 arms and 4 tasks are said to be high' \
    grep -q '^mc-plot: the figure is [0-9]* mm high, and a page has room for 240 mm: choose fewer metrics (--metrics) or draw parts of the table (--only), or give --width page$' err
run mc-plot --script --width page --metrics accuracy many.tsv
ok '--width page is not advised where it is given' \
    grep -q '^mc-plot: the figure is .* or draw parts of the table (--only)$' err
awk -F'\t' 'NR == 1 || ($1 == "t2" && $2 == "arm 7")' many.tsv >few.tsv
mc-plot -q --script few.tsv >wanted
run mc-plot -q --script --only task=t2 --only 'arm=arm 7' many.tsv
ok '--only draws the rows that have these values' cmp out wanted
run mc-plot --script --only task=t9 many.tsv
fails 1 'mc-plot: many.tsv: --only task=t9: no row has this value; column "task" has "t1", "t2", "t3", "t4"' \
    'a value that is not there'
printf 'task\tarm\ttrain_seed\tmetric\testimate\tlo\thi\na\tx\t1\tf1\t0.5\t0.4\t0.6\nb\ty\t2\tf1\t0.5\t0.4\t0.6\n' >apart.tsv
run mc-plot --script --only task=a --only arm=y apart.tsv
fails 1 'mc-plot: apart.tsv: each value of --only is there, but no row has all 2 of them' \
    'values that no row has together'
run mc-plot --script --only task=a --only arm=z apart.tsv
fails 1 'mc-plot: apart.tsv: --only arm=z: no row has this value; column "arm" has "x", "y"' \
    'the values of all rows are named'
mc-plot --script --only arm=y apart.tsv >wanted
run mc-plot --script --only train_seed=2.0 apart.tsv
ok 'a number may be written in another way' cmp out wanted
run mc-plot --script --only site=a many.tsv
fails 2 'mc-plot: --only site=a: many.tsv has no column "site"' 'a column that is not there'
run mc-plot --script --only task many.tsv
fails 2 'mc-plot: --only: "task" is not COLUMN=VALUE' 'a condition without a value'
awk 'BEGIN { print "task\tlabel\tpredicted\timages\tshare"
	for (i = 1; i <= 40; i++) print "t" i "\ta\ta\t1\t1" }' >matrices.tsv
run mc-plot --script matrices.tsv
ok 'nor metrics where a table has none' \
    grep -q '^mc-plot: the figure is .* 240 mm: draw parts of the table (--only), or' err

mc-compare --positive sick --replicates 399 --metrics accuracy --margin 0.02 \
    -o differences.tsv two.tsv
script differences differences.tsv --width page
ok 'differences: the axis has its unit' \
    says 'Difference in accuracy (percentage points)'
ok 'differences: how p is adjusted' says 'Adjustment of p: Holm'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR > 1 { $at["n_tests"] = 1; $at["p_adjusted"] = $at["p"] } 1' differences.tsv >single.tsv
run mc-plot --script --width page single.tsv
ok 'differences: one test needs no adjustment' sh -c '! grep -q "Adjustment of p" out'
run mc-plot --script --format text differences.tsv
ok 'differences: no ends of bars among the rows of a terminal' \
    grep -qx 'set errorbars 0' out
run mc-plot --script --width page differences.tsv
ok 'differences: the margin is drawn' grep -q '^2 0$' out
sed -i '/from above to below/,/^EOD/d' out
traced differences differences.tsv difference lo hi
run mc-plot --script --width 300 differences.tsv
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 1 || $at["test"] !~ /noninf|equiv/' differences.tsv >tested.tsv
beside tested.tsv difference 6
sed -n "s/^set label [0-9]* '\(\(NI \|EQ \|\)p [=<].*\)' at.*/\1/p" out >got
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{
		p = $at["p_adjusted"] != "" ? $at["p_adjusted"] : $at["p"]
		sign = $at["test"] ~ /^noninf/ ? "NI " : $at["test"] ~ /^equiv/ ? \
		    "EQ " : ""
		now = $at["task"] $at["arm_a"] $at["arm_b"]
		if (NR > 2 && now != last) print line
		if (p == "") next
		line = (now == last ? line ", " : "") sign (p < 0.001 ? "p < 0.001" : \
		    sprintf(p < 0.1 ? "p = %.3f" : "p = %.2f", p))
		last = now
	}
	END { print line }' differences.tsv >wanted
ok 'differences: p is that of the table' diff -u wanted got
ok 'differences: of six' test "$(wc -l <got)" -eq 6
# The names of one reference and of the metrics, and rows of one and two lines.
{
	printf 'task\tmetric\tarm_a\tarm_b\tdifference\tlo\thi\n'
	for m in accuracy auroc brier speed; do
		for arm in short 'a name that is longer than its place is wide' b; do
			printf 't\t%s\t%s\tref\t0.01\t0\t0.02\n' $m "$arm"
		done
	done
} >one.tsv
run mc-plot --script --width page one.tsv
ok 'differences from one arm name it once' test "$(grep -c ref out)" -eq 1
ok 'below the figure' says '\(Differences from ref\..*\)'
sed -n "s/^set label .*'\(Difference in [^(]*[^ (]\).*' at.*/\1/p" out >got
is_file got 'a metric in a sentence: no capital, unless it is a name' <<'END'
Difference in accuracy
Difference in AUROC
Difference in Brier score
Difference in speed
END
run mc-plot --script one.tsv
sed -n 's/^set xtics \(0,[0-9.]*\),.*/\1/p' out >got
is_file got 'long numbers along an axis: fewer of them' <<'END'
0,0.5
0,0.5
0,0.01
0,0.01
END
run mc-plot --script --metrics accuracy one.tsv
sed -n "/^# 'Difference in/,/^EOD/p" out | awk 'NF == 4 { printf "%.3f\n", $4 }' >got
is_file got 'a name of two lines makes its own row higher, and no other' <<'END'
0.500
1.917
3.333
END
awk -F'\t' 'NR == 1 || $2 == "accuracy" && $3 != "b"' one.tsv |
    sed '3s/ref/other/' >pair.tsv
run mc-plot --script pair.tsv
ok 'of several arms both are named' grep -q "'short − ref'" out
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 2 { $at["test"] = $at["p"] = $at["p_adjusted"] = "" }
	$at["test"] !~ /noninf|equiv/' differences.tsv >without.tsv
run mc-plot --script --width 300 without.tsv
ok 'differences: a row without p is no row of another test' \
    sh -c '! grep ", bootstrap" out'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 3 { $at["test"] = "permutation" } 1' without.tsv >other.tsv
run mc-plot --script --width 300 other.tsv
ok 'differences: rows of two tests name them' grep -q ', permutation' out
formats differences differences.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } { for (t = 3; t <= 9; t++) {
	$1 = "t" t; $4 = $4 t; print } }' predictions.tsv >nine.tsv
mc-compare -q --replicates 399 --metrics accuracy --friedman -o ranks.tsv \
    nine.tsv
run mc-plot --script --figure differences ranks.tsv
ok 'differences: tests of ranks are counted' \
    says 'Not drawn: 4 rows of tests'

run mc-plot --script --figure ranks ranks.tsv
ok 'ranks: a script' test $rc -eq 0
# Average ranks from the accuracies themselves: no ties at the top or below.
mc-bootstrap -q --replicates 399 --metrics accuracy nine.tsv |
    awk -F'\t' 'NR > 1 { v[$1, $2] = $13; task[$1]; arm[$2] } END {
	for (t in task) { n++
		for (a in arm) for (b in arm)
			rank[a] += v[t, b] > v[t, a] ? 1 : b == a ? 1 : \
			    v[t, b] == v[t, a] ? 0.5 : 0 }
	for (a in arm) printf "%s  %.2f\n", a, rank[a] / n
    }' | sort >wanted
sed -n "s/^set label [0-9]* '\(m[0-9]  [0-9.]*\)'.*/\1/p" out | sort >got
ok 'ranks: they are those of the metrics' diff -u wanted got
ok 'ranks: of three arms' test "$(wc -l <got)" -eq 3
awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	$at["test"] == "nemenyi" && $at["arm_b"] != "" {
	    printf "Critical difference %.2f\n", ($at["hi"] - $at["lo"]) / 2 }' \
    ranks.tsv | sort -u >wanted
sed -n "s/^set label [0-9]* '\(Critical.*\)' at.*/\1/p" out >got
ok 'ranks: the critical difference is that of the table' diff -u wanted got
ok 'ranks: it is there' test -s got
ok 'ranks: the metric has its printed name' grep -q 'Accuracy: Fried' out
script ranks ranks.tsv --figure ranks
formats ranks ranks.tsv --figure ranks
awk -F'\t' '!($14 == "nemenyi" && $7 == "m0" && $8 == "m1")' ranks.tsv >part.tsv
run mc-plot --figure ranks part.tsv
fails 1 'mc-plot: part.tsv: average ranks: "m0" is not compared once with each other arm: give the whole table of mc-compare --friedman, once' \
    'ranks: a pair is missing'

# --- Counts -----------------------------------------------------------------
mc-confusion -o confusion.tsv predictions.tsv
script confusion confusion.tsv
sed -n "s/^set label [0-9]* '\([0-9.]*\)'.*/\1/p" out >got
awk -F'\t' 'NR > 1 { printf "%d\n%.1f\n", $12, 100 * $15 }' confusion.tsv >wanted
ok 'confusion: counts and shares are those of the table' diff -u wanted got
ok 'confusion: of three arms' test "$(wc -l <got)" -eq 24
ok 'confusion: on how many images' says 'Size: t1 (test) 120 images\.'
formats confusion confusion.tsv
cp confusion.tsv again.tsv
run mc-plot confusion.tsv again.tsv
fails 1 'mc-plot: again.tsv:2: a second number of images with the label "sick" that are predicted as "sick": give each table once' \
    'confusion: a table given twice'
awk 'BEGIN { OFS = "\t"; print "id", "label", "predicted"
	for (i = 0; i < 700; i++)
		print i, "class " i % 7, "class " int(i * i / 7) % 7 }' >seven.tsv
mc-confusion --unit image -o seven.c.tsv seven.tsv
formats seven seven.c.tsv -q
run mc-plot --script --format text seven.c.tsv
is_err 'confusion: a terminal of 80 columns has no room for shares of 7 classes' <<'END'
mc-plot: there is no room for the shares: widen the terminal
END
ok 'confusion: names that fit stand below' test \
    "$(grep -c "^set label .* 'class 6' " out)" -eq 2
sed '1!s/class /dermatofibroma /g' seven.tsv | mc-confusion --unit image |
    mc-plot -q --script --format text - >out
ok 'confusion: on a terminal no name is broken within a word: numbers stand for them' \
    test "$(grep -c "^set label .* 'dermatofibroma 6'" out)" -eq 1 -a \
    "$(grep -c "^set label .* '7'" out)" -eq 2
run mc-plot --script seven.c.tsv
is_err 'confusion: there is room for 49 shares' </dev/null
run mc-plot --script --font-size 12 seven.c.tsv
is_err 'confusion: that there is no room for shares is a warning' <<'END'
mc-plot: there is no room for the shares: give --width page
END
ok 'and not in the figure' sh -c '! grep -q "no room" out'
ok 'confusion: 49 cells of 7 classes' \
    test "$(grep -c '^set object .* rectangle' out)" -eq 49

# --- Over a number ----------------------------------------------------------
strip=
mc-power --metrics accuracy --replicates 399 -q -o power.tsv predictions.tsv
script power power.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print "x", "y", "lo"; next }
	{ print $10, ($8 == "" ? $16 : $20), "" }' power.tsv >drawn.tsv
traced power drawn.tsv x y lo lo
formats power power.tsv
cp power.tsv again.tsv
run mc-plot power.tsv again.tsv
fails 1 'mc-plot: power.tsv: "m0" has the number of patients 50 behind 50: give each table once, and its rows in order' \
    'power: a table given twice'
# The width of 15 % is 0.15000000000000002, which is drawn also.
awk -F'\t' -v OFS='\t' 'NR > 1 && $8 == "" {
	$16 = $10 == 50 ? "0.15000000000000002" : "0.01" } 1' power.tsv >rounded.tsv
run mc-plot --script rounded.tsv
ok 'power: the axis has a number above 15 by a rounding error' \
    grep -q '^set yrange \[0:15.000005\]' out
awk 'BEGIN { OFS = "\t"
	print "epoch", "split", "loss", "accuracy", "precision", "recall", "f1",
	    "learning_rate"
	for (e = 1; e <= 9; e++) {
		print e, "train", 1 / e, 0.9, 0.9, 0.9, 1 - 0.5 / e, 0.1
		print e, "val", 1.5 / e, 0.8, 0.8, 0.8, 0.9 - 0.5 / e, 0.1
	} }' >run1.log.tsv
script training run1.log.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { print "x", "y", "lo"; next }
	{ print $1, $3, ""; print $1, $7, "" }' run1.log.tsv >drawn.tsv
traced training drawn.tsv x y lo lo
formats training run1.log.tsv
cp run1.log.tsv run2.log.tsv
run mc-plot --script run1.log.tsv run2.log.tsv
ok 'training: several logs are lines of their names' \
    grep -q "^set label [0-9]* 'run2' at" out
mkdir -p one two
cp run1.log.tsv one/log.tsv
sed '2,$s/0\.9/0.8/' run1.log.tsv >two/log.tsv
for name in 'one/log' 'two/log'; do
	run mc-plot --script one/log.tsv two/log.tsv
	ok "training: logs of one name have their folders: $name" \
	    grep -q "^set label [0-9]* '$name' at" out
done
cp one/log.tsv lr0.1.tsv
cp two/log.tsv lr0.01.tsv
run mc-plot --script lr0.1.tsv lr0.01.tsv
ok 'training: no name ends where another goes on' \
    grep -q "^set label [0-9]* 'lr0.01' at" out
sed 1d run1.log.tsv | cat run1.log.tsv - >twice.tsv
run mc-plot twice.tsv
fails 1 'mc-plot: twice.tsv: "train" has the epoch 1 behind 9: give each table once, and its rows in order' \
    'training: a log given twice'
awk -F'\t' -v OFS='\t' 'NR > 1 { $8 = 0.01 } 1' run1.log.tsv | sed 1d |
    cat run1.log.tsv - >rates.tsv
run mc-plot --script rates.tsv
sed -n "s/^set label [0-9]* '\(learning.*\)' at.*/\1/p" out >got
is_file got 'training: the learning rates of --lr LIST are lines' <<'END'
learning rate 0.1
learning rate 0.01
END
awk -F'\t' -v OFS='\t' 'NR == 1 { print "x", "y", "lo"; next }
	{ print $1, $3, ""; print $1, $7, "" }' rates.tsv >drawn.tsv
traced rates drawn.tsv x y lo lo
cut -f 1-7 run1.log.tsv >logistic.tsv
run mc-plot --script logistic.tsv
ok 'training: without a learning rate no epochs' sh -c \
    "grep -q 'Number of the C or k' out && ! grep -q Epoch out"
sed '2s/^1//' run1.log.tsv >bad.tsv
run mc-plot bad.tsv
fails 1 'mc-plot: bad.tsv:2: column "epoch": empty' 'training: no epoch'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; print; next }
	{ for (s = 25; s <= 100; s += 25) { $c["train_share"] = s; print } }' \
    metrics.tsv >shares.tsv
run mc-plot --script --figure shares --metrics accuracy shares.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i
	print "x", "estimate", "lo", "hi"; next }
	$c["metric"] == "accuracy" { print $c["train_share"], $c["estimate"],
	    $c["lo"], $c["hi"] }' shares.tsv >drawn.tsv
traced shares drawn.tsv x estimate lo hi
script shares shares.tsv --figure shares --metrics accuracy
formats shares shares.tsv --figure shares --metrics accuracy
run mc-plot --script --figure shares --metrics accuracy shares.tsv metrics.tsv
ok 'shares: rows without one are counted' \
    says 'Not drawn: 6 numbers without'

awk -F'\t' -v OFS='\t' 'NR == 1; $2 == "m0" { for (a = 1; a <= 12; a++) {
	$2 = "arm " a; print } }' shares.tsv >twelve.tsv
run mc-plot --script --figure shares --metrics accuracy twelve.tsv
ok 'shares: intervals of 12 arms are not drawn, and that is said' sh -c \
    'grep -q "Intervals are not drawn" out && ! grep -q yerrorbars out'
ok 'shares: nor how they were made' sh -c \
    '! grep -q "Replicates\|too narrow" out'
awk -F'\t' -v OFS='\t' 'NR == 1; NR > 1 && $2 == "m0" {
	for (a = 1; a <= 5; a++) { $2 = "arm " a; print } }' roc.tsv >five.tsv
run mc-plot --script five.tsv
ok 'roc: bands of 5 arms are not drawn, and nothing is said of them' sh -c \
    'grep -q "Intervals are not drawn" out &&
    grep -q "120 images of 30 groups" out &&
    ! grep -q "Replicates\|too narrow\|filledcurves" out'
run mc-plot --script --width 40 differences.tsv
ok 'differences: without room for p, no word of p NI' sh -c \
    '! grep -q "NI, EQ\|no room" out'
is_err 'differences: what has no room is a warning' <<'END'
mc-plot: there is no room for the numbers beside their intervals: give --width page
END
sed 's/\tm0\t/\ta model of a long name\t/' differences.tsv >long.tsv
run mc-plot --script --width page --font-size 22 long.tsv
ok 'without room on a page, another remedy' grep -qx 'mc-plot: there is no room for the numbers beside their intervals: give a larger --width or a smaller --font-size' err

# --- Missing intervals ------------------------------------------------------
# gnuplot marks the estimate of each interval that it draws with a dot.
# intervals_are NAME N TABLE [OPTION...]
intervals_are() {
	name=$1 n=$2
	shift 2
	command -v gnuplot >/dev/null || {
		skip "$name: no bar without an interval" 'no gnuplot'
		return
	}
	mc-plot "$@" -o missing.svg
	ok "$name: no bar without an interval" test \
	    "$(grep -c "href=.#gpDot" missing.svg)" -eq "$n"
}
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $2 == "m1" { $c["lo"] = $c["hi"] = "" } 1' metrics.tsv >missing.tsv
intervals_are forest 4 missing.tsv --metrics accuracy
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && $2 == "m1" { $c["lo"] = $c["hi"] = "" } 1' shares.tsv >missing.tsv
intervals_are shares 16 missing.tsv --figure shares --metrics accuracy

# --- The flow ---------------------------------------------------------------
{
	printf 'program\treason\timages\tgroups\timages_left\tgroups_left\n'
	printf '\tfound\t8\t4\t8\t4\nmc-index\tBMP\t1\t0\t7\t4\n'
	printf 'mc-index\tno row\t2\t1\t5\t3\nmc-pack\tdamaged\t1\t1\t4\t2\n'
} >flow.tsv
script flow flow.tsv --unit-name patient
sed -n "s/^set label [0-9]* '\(.*\)' at.*/\1/p" out >got
is_file got 'flow: what was found, left out and analysed' <<'END'
Found: 8 images of
4 patients
Left out by mc-index: 3
images; 1 patient has no
image left
1  BMP
2  no row
Remaining: 5
images of 3
patients
Left out by mc-pack: 1
image; 1 patient has no
image left
1  damaged
Analysed: 4 images
of 2 patients
END
formats flow flow.tsv
{
	printf 'program\treason\timages\timages_left\tfiles\n'
	printf '\tfound\t8\t8\t11\nmc-index\tnot an image\t0\t8\t2\n'
	printf 'mc-index\tBMP\t1\t7\t1\nmc-pack\thidden\t0\t7\t1\n'
} >files.tsv
run mc-plot --script --width page files.tsv
sed -n "s/^set label [0-9]* '\(.*\)' at.*/\1/p" out >got
is_file got 'flow: files that are no images are not called images' <<'END'
Found: 8 images
Left out by mc-index: 1 image and 2 other files
2 files  not an image
1  BMP
Remaining: 7 images
Left out by mc-pack: 1 other file
1 file  hidden
Analysed: 7 images
END
sed 2d flow.tsv >begun.tsv
run mc-plot --script --width page begun.tsv
ok 'flow: without its first row' \
    grep -q "'Found: 8 images of 4 groups'" out
cp flow.tsv other.tsv
run mc-plot flow.tsv other.tsv
fails 1 'mc-plot: other.tsv:2: column "program": empty, and the counts do not go on from the row before: give one flow' \
    'flow: two flows'
printf 'id\tpath\na\ta.png\nb\tb.png\nc\tc.png\n' >studied.tsv
printf 'id\treason\nb\tno consent\n' >own.tsv
mc-describe --left-out own.tsv -o own.flow.tsv studied.tsv
run mc-plot --script own.flow.tsv
sed -n "s/^set label [0-9]* '\(.*\)' at.*/\1/p" out >got
is_file got "flow: a table of the user's own" <<'END'
Found: 3 images
Left out: 1 image
1  no consent
Analysed: 2 images
END
sed '3s/\t1\t0/\t\t0/' flow.tsv >bad.tsv
run mc-plot bad.tsv
fails 1 'mc-plot: bad.tsv:3: column "images": empty: a flow needs both counts of images' \
    'flow: no count'

# --- Which figure -----------------------------------------------------------
cp roc.tsv again.tsv
run mc-plot roc.tsv again.tsv
fails 1 'mc-plot: roc.tsv: the curve of "m0" has the point 0 behind 1: give each table once, and its rows in order' \
    'roc: a table given twice'
run mc-plot --script roc.tsv
ok 'remarks on a curve are of all its points' sh -c '
	sed -n "s/^set label [0-9]* .\(.*\). at.*/\1/p" out | tr "\n" " " |
	    grep -q "at each x, not for the whole curve\. "'
run mc-plot --figure pr roc.tsv
fails 2 'mc-plot: --figure: pr is not drawn from roc.tsv: possible: roc' \
    'a figure that the table does not suit'
run mc-plot --script --figure pr roc.tsv pr.tsv
ok 'tables of two kinds of curves: what is not drawn is counted' \
    grep -q 'Not drawn: .* of other curves' out
run mc-plot --script --figure roc predictions.tsv
fails 1 'mc-plot: predictions.tsv:1: no figure shows a table with these columns: give one of mc-curve, or another that mc-plot(1) lists' \
    'a table that is not drawn'
head -n 1 roc.tsv >empty.tsv
run mc-plot empty.tsv
fails 1 'mc-plot: empty.tsv: a header, but no rows' 'a table without rows'
cut -f 1-11 roc.tsv >narrow.tsv
run mc-plot narrow.tsv
fails 1 'mc-plot: narrow.tsv:1: no figure shows a table with these columns: give one of mc-curve, or another that mc-plot(1) lists' \
    'a table without its columns'
run mc-plot none.tsv
fails 1 'mc-plot: none.tsv: No such file or directory' 'a missing file'
sed '3s/\troc\t[^\t]*/\troc\tx/' roc.tsv >bad.tsv
run mc-plot bad.tsv
fails 1 'mc-plot: bad.tsv:3: column "x": "x" is not a number' 'no number'

# --- Numbers that cannot be -------------------------------------------------
# impossible TABLE COLUMN VALUE MESSAGE [OPTION...]: VALUE in the column of line 2.
impossible() {
	table=$1 column=$2 value=$3 message=$4
	shift 4
	awk -F'\t' -v OFS='\t' -v column="$column" -v value="$value" 'NR == 1 {
		for (i = 1; i <= NF; i++) at[$i] = i }
		NR == 2 { $at[column] = value } 1' "$table" >bad.tsv
	run mc-plot --script bad.tsv "$@"
	fails 1 "mc-plot: bad.tsv:2: $message" "$table: $column $value"
}
for curve in roc pr calibration distribution; do
	for column in x y; do
		impossible $curve.tsv $column 1e300 \
		    "column \"$column\": not between 0 and 1"
	done
	impossible $curve.tsv y -0.25 'column "y": not between 0 and 1'
	impossible $curve.tsv threshold 1.5 \
	    'column "threshold": not between 0 and 1'
done
impossible roc.tsv hi 2 'lo and hi are not between 0 and 1'
impossible decision.tsv x 1.5 'column "x": not between 0 and 1'
impossible decision.tsv y 1.5 'column "y" or "hi": a net benefit above 1'
impossible confusion.tsv share 1.5 'column "share": not between 0 and 1'
impossible power.tsv power 2 'column "power": not between 0 and 1'
impossible run1.log.tsv f1 2 'column "f1": not between 0 and 1'
impossible metrics.tsv estimate 1e300 \
    'column "estimate": 1e+300 is no value of accuracy, which is from 0 to 1'
impossible shares.tsv estimate -1 \
    'column "estimate": -1 is no value of accuracy, which is from 0 to 1' \
    --figure shares
impossible differences.tsv difference 1.5 \
    'column "difference": 1.5 is no difference in accuracy, which is from 0 to 1'
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
	NR == 2 { $at["curve"] = "lift"; $at["y"] = 7 } 1' roc.tsv >other.tsv
run mc-plot --script other.tsv
ok 'a curve that is not ours may have any numbers' \
    grep -q 'Not drawn: 1 row of other curves' out

# --- Names and sizes --------------------------------------------------------
# An arm's name is text, whatever gnuplot or SVG would make of it.
name='a_{b}^2 &amp; <x> "q" '"it's"' `touch hacked` @x \\n $d1 %d ü'
awk -F'\t' -v OFS='\t' -v name="$name" '$2 == "m0" { $2 = name } 1' \
    roc.tsv >hostile.tsv
formats hostile hostile.tsv
name="''s-Gravenhage'; system('touch hacked') '"
awk -F'\t' -v OFS='\t' -v name="$name" '$2 == "m0" { $2 = name } 1' \
    roc.tsv >quoted.tsv
formats quoted quoted.tsv
# No font has the last character of the private planes, U+10FFFD.
awk -F'\t' -v OFS='\t' '$2 == "m0" { $2 = "ü\364\217\277\275" } 1' roc.tsv >bare.tsv
if command -v gnuplot >/dev/null && command -v fc-list >/dev/null; then
	for format in png pdf; do
		run mc-plot -o bare.$format bare.tsv
		fails 1 "mc-plot: no font is installed that has \"$(
		    printf '\364\217\277\275')\" (U+10FFFD), and gnuplot would spoil the figure: install one (fc-list \":charset=10fffd\" lists them), give another name with --names, or draw SVG" \
		    "$format: a character that no font has"
		ok "$format: is not drawn" test ! -e bare.$format
	done
	run mc-plot -o bare.svg bare.tsv
	ok 'SVG is drawn with the font of its reader' test $rc -eq 0
else
	skip 'a character that no font has' 'no gnuplot or fc-list'
fi
ok 'nothing in a name is run' test ! -e hacked
if [ -s hostile.svg ]; then
	grep -q 'a_{b}^2 &amp;amp; &lt;x' hostile.svg
	ok 'a name is drawn as it is' test $? -eq 0
	sed 's/&#39;/'\''/g; s/&apos;/'\''/g' quoted.svg |
	    grep -qF "''s-Gravenhage'; system('touch hacked') '"
	ok 'also where it begins with quotes' test $? -eq 0
fi
{ head -n 1 roc.tsv; sed -n 2p roc.tsv; } >point.tsv
formats point point.tsv
# A figure that is higher than 32767 dots at 1200 per inch.
run mc-plot -q --metrics accuracy --dpi 1200 -o high.png many.tsv
sed 's/ is [0-9]* mm/ is N mm/' err >got
is_file got 'a PNG that would be too high is refused' <<'END'
mc-plot: the figure is N mm high, more than a PNG can be at 1200 dots per inch: draw parts of the table (--only), or give a smaller --dpi or a PDF
END
ok 'and is not there' test $rc -eq 1 -a ! -e high.png
# 40 arms in one figure, each with a look of its own.
awk -F'\t' -v OFS='\t' 'NR == 1; $2 == "m0" {
	for (a = 1; a <= 40; a++) { $2 = "arm " a; print } }' tasks.tsv >forty.tsv
run mc-plot --script --width page forty.tsv
ok '40 arms' test $rc -eq 0
sed -n 's/^set style line [0-9]* lc \(.*\) pt .*/\1/p' out | sort | uniq -d >twice
ok 'no two look alike' test ! -s twice
ok 'and are forty' test "$(grep -c '^set style line .* pt ' out)" -eq 40
formats forty forty.tsv --width page
run mc-plot --script --width 300 roc.tsv
ok '--width in millimetres' grep -q '^W = 850\.$' out
run mc-plot --script --format png --dpi 600 roc.tsv
ok '--dpi' grep -q 'pngcairo .* size 2033,' out
run mc-plot --script --font-size 10 roc.tsv
ok '--font-size' grep -q "font 'Helvetica,10'" out
if [ -s roc.pdf ] && command -v pdfinfo >/dev/null; then
	ok 'a PDF of 86 mm' sh -c \
	    "pdfinfo roc.pdf | grep -q '^Page size: *244 x '"
	ok 'its date is no date' sh -c \
	    "grep -aq '/CreationDate (D:20000101000000' roc.pdf"
fi
[ ! -s roc.svg ] || ok 'an SVG of 86 mm' grep -q 'width="244pt"' roc.svg
[ ! -s roc.png ] || ok 'a PNG of 300 dots per inch' \
    "$PYTHON3" -c 'import struct, zlib
b = open("roc.png", "rb").read()
at = b.index(b"pHYs")
x, y, unit = struct.unpack(">IIB", b[at + 4:at + 13])
assert (x, y, unit) == (11811, 11811, 1), (x, y, unit)
assert struct.unpack(">I", b[at + 13:at + 17])[0] == zlib.crc32(b[at:at + 13])'

# --- Usage ------------------------------------------------------------------
# usage NAME MESSAGE OPTION...
usage() {
	name=$1 message=$2
	shift 2
	run mc-plot "$@" roc.tsv
	fails 2 "mc-plot: $message" "$name"
}
usage 'an ending that is no format' \
    '--output: the ending of "x.jpeg" names no format: give --format, or .svg, .pdf, .png or .txt' \
    -o x.jpeg
usage 'a font with its size' \
    '--font: "Helvetica,9": give the name of one font; its size is --font-size' \
    --font Helvetica,9
usage 'dots of an SVG' '--dpi applies only to PNG' --dpi 600
usage 'the width of text' '--width: text is as wide as the terminal' \
    --format text --width page
usage 'a width that is none' \
    '--width: "wide" is not a number: give column, page, or 40 to 1000 millimetres' \
    --width wide

# --- Where gnuplot fails ----------------------------------------------------
mkdir none failing killed silent
program=$(command -v mc-plot)
printf '#!/bin/sh\necho "line 0: it is broken" >&2\nexit 1\n' >failing/gnuplot
printf '#!/bin/sh\nkill -9 $$\n' >killed/gnuplot
printf '#!/bin/sh\nexit 0\n' >silent/gnuplot
chmod +x */gnuplot
# without PATH MESSAGE NAME: no figure, and nothing else, is left.
without() {
	mkdir -p figures
	PATH=$1:$3 "$program" -o figures/roc.svg roc.tsv >out 2>err
	rc=$?
	fails 1 "mc-plot: gnuplot: $2" "$4"
	ok "$4: no file is left" test -z "$(ls -A figures)"
}
PATH_KEPT=$PATH
case $program in */mc-plot) ;; *) program=$PWD/$program ;; esac
PATH=none "$program" -o gone.svg roc.tsv >out 2>err
rc=$?
fails 1 'mc-plot: gnuplot: not found in $PATH: install it (Debian: apt install gnuplot-nox), or give mc-plot --script and draw the figure where it is' \
    'no gnuplot'
ok 'no gnuplot: no file is left' test ! -e gone.svg
without failing 'it is broken: mc-plot --script shows what it was told' "$PATH" \
    'gnuplot fails'
without killed 'ended by signal 9 (Killed): no figure was drawn' "$PATH" \
    'gnuplot is killed'
without silent 'drew nothing: mc-plot --script shows what it was told' "$PATH" \
    'gnuplot is silent'
mc-plot --script roc.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-plot: standard output: cannot write: No space left on device' \
    'a full disk'

# --- The page ---------------------------------------------------------------
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-plot.1" >examples.sh
ok 'the page has examples' test "$(wc -l <examples.sh)" -gt 5
if command -v gnuplot >/dev/null; then
	ok 'the examples of the page run' sh -e examples.sh
else
	skip 'the examples of the page run' 'no gnuplot'
fi

done_testing
