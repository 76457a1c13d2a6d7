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
# Sex is the patient's, the side an image's, and all is what its name says.
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "sex", "side", "all"; next } {
	i = substr($6, 2)
	print $0, (int(i / 2) % 3 ? "F" : "M"), (i % 2 ? "left" : "right"), "x"
}' p.tsv >by.tsv
mc-bootstrap --metrics all --method bca,percentile --by sex,side --threads 1 \
    by.tsv >subgroups
for threads in 2 7; do
	run mc-bootstrap --metrics all --method bca,percentile --by sex,side \
	    --threads $threads by.tsv
	ok "BCa and subgroups, $threads threads, the same bytes" \
	    cmp subgroups out
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
mc-bootstrap --classes sick,well --metrics all p.tsv >declared
ok 'another order of columns, the same bytes' cmp declared out
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
unit() { cut -f 18,22,23,26 "$1" | sed -n 2p; }
run mc-bootstrap --metrics accuracy --unit image p.tsv
unit out >got
is_file got 'images, asked for' <<'END'
image	120	120	images treated as independent, though some are of one group
END
awk -F'\t' -v OFS='\t' '{ $7 = NR == 1 ? "group" : ""; print }' p.tsv >nogroup.tsv
run mc-bootstrap --metrics accuracy nogroup.tsv
unit out >got
is_file got 'no groups: the image, and the note says so' <<'END'
image	120	120	no group: images treated as independent
END
run mc-bootstrap --unit group nogroup.tsv
fails 1 'mc-bootstrap: nogroup.tsv:2: column "group": empty: name the patient of every image, or give --unit image' \
    '--unit group needs groups'
sed '5s/patient 1//' p.tsv >some.tsv
run mc-bootstrap some.tsv
fails 1 'mc-bootstrap: some.tsv:5: column "group": empty: name the patient of every image (its id, where nothing else belongs to it), or give --unit image' \
    'a cell with some groups only'
cut -f 1-6,8- p.tsv >absent.tsv
run mc-bootstrap --unit group absent.tsv
fails 1 'mc-bootstrap: absent.tsv:2: column "group": there is none: name the patient of every image, or give --unit image' \
    '--unit group without the column'

# --- Methods ----------------------------------------------------------------
# Columns metric to note, but for what is the same in all rows.
short() { cut -f 9-19,23,26 out; }
{ head -n 1 p.tsv; grep m0 p.tsv; } >m0.tsv
for method in $(interval_methods); do
	for unit in group image; do
		run mc-bootstrap --method $method --unit $unit --positive sick \
		    --metrics accuracy,recall:positive,f1:positive,f1,auroc,log_loss,ece \
		    m0.tsv
		short
	done
done >methods
is_golden methods methods.tsv 'every method, of patients and of images'
run mc-bootstrap --positive sick --method delong,wilson,bootstrap-t,bca \
    --metrics accuracy,npv:positive,auroc,f1:positive,f1:macro m0.tsv
cut -f 10,17,19,20 out >got
is_file got 'a list of methods: the first that the metric has' <<'END'
metric	method	replicates	resample_seed
accuracy	wilson		
npv	wilson		
auroc	obuchowski		
f1	bootstrap-t	4999	1
f1	bca	4999	1
END
run mc-bootstrap --method delong --metrics accuracy,auroc m0.tsv
cut -f 10,14,15,17,26 out >got
is_file got 'without another method the note says why there is none' <<'END'
metric	lo	hi	method	note
accuracy			none	no interval: the metric is not the AUROC of a class
auroc	0.6857326486123573	0.8711650940233584	obuchowski	
END
run mc-bootstrap --metrics ece,ece_debiased,ece_mass m0.tsv
cut -f 14,15,17,26 out | uniq >got
is_file got 'calibration errors have no interval unless it is asked for' <<'END'
lo	hi	method	note
		none	no interval: bootstrap replicates of this metric are biased upwards
END

# --- Metrics ----------------------------------------------------------------
run mc-bootstrap --positive sick --metrics \
    sensitivity_at_specificity@0.9,sensitivity_at_specificity@0.8:macro,auroc:ovo \
    m0.tsv
cut -f 10-13 out >got
is_file got 'a parameter, and pairs of classes' <<'END'
metric	average	class	estimate
sensitivity_at_specificity@0.9		sick	0.475
sensitivity_at_specificity@0.8	macro		0.575
auroc	ovo		0.7934375
END
run mc-bootstrap --classes sick,well --metrics kappa,kappa_linear m0.tsv
cut -f 10,13 out >got
is_file got 'of two classes, weighted kappa is kappa' <<'END'
metric	estimate
kappa	0.3389830508474576
kappa_linear	0.3389830508474576
END

# --- Training seeds ---------------------------------------------------------
awk -F'\t' -v OFS='\t' 'BEGIN {
	print "id", "group", "train_seed", "label", "p:sick", "p:well"
} NR > 1 {
	for (s = 1; s <= 3; s++) {
		p = ($10 + substr($6, 2) * s * 7 % 11 / 11) / 2
		printf "%s\t%s\t%d\t%s\t%.6f\t%.6f\n", $6, $7, s, $8, p, 1 - p
	}
}' m0.tsv >seeds.tsv
for seeds in each mean; do
	run mc-bootstrap --train-seeds $seeds --metrics accuracy,f1:macro,auroc \
	    seeds.tsv
	cut -f 6,10-26 out
done >got
is_golden got seeds.tsv 'a row for each training seed, and the mean of them'
run mc-bootstrap --train-seeds mean --metrics accuracy seeds.tsv
cp out wanted
run mc-bootstrap --seeds mean --metrics accuracy seeds.tsv
ok '--seeds is the former name of --train-seeds' cmp -s wanted out
is_err 'which is said' <<'END'
mc-bootstrap: --seeds is the former name of --train-seeds and will be removed in version 1.0: give --train-seeds mean
END
run mc-bootstrap --train-seeds each --seeds mean --metrics accuracy seeds.tsv
fails 2 'mc-bootstrap: --seeds is the former name of --train-seeds: give --train-seeds alone' \
    'but not beside it'
run mc-bootstrap --train-seeds each --metrics accuracy seeds.tsv
each=$(cut -f 13 out | awk 'NR > 1 { s += $1 } END { printf "%.12f", s / 3 }')
run mc-bootstrap --train-seeds mean --method wilson,percentile --metrics accuracy \
    seeds.tsv
ok 'the mean is the mean' \
    test "$each" = "$(cut -f 13 out | awk 'NR > 1 { printf "%.12f", $1 }')"
cut -f 17 out >got
is_file got 'a mean has no interval by a formula' <<'END'
method
percentile
END
# seeds_differ NAME MESSAGE [OPTION...]: the table is bad.tsv.
seeds_differ() {
	name=$1 message=$2
	shift 2
	run mc-bootstrap --train-seeds mean "$@" bad.tsv
	fails 1 "mc-bootstrap: $message" "$name"
}
# Pooled folds share training images; a fold alone has no others.
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "fold"; next } !seen[$1]++ {
    print $0, NR % 2 }' seeds.tsv >pooled.tsv
shared='cross-validation: the interval does not account for overlapping training sets'
for metrics in accuracy ece; do
	mc-bootstrap --replicates 999 --metrics $metrics --folds pool pooled.tsv \
	    >pooled.out 2>err
	mc-bootstrap --replicates 999 --metrics $metrics pooled.tsv >each.out 2>>err
	ok "pooled folds have a note where they have an interval: $metrics" test \
	    "$(grep -c "$shared" pooled.out) $(grep -c "$shared" each.out)" = \
	    "$([ $metrics = ece ] && echo '0 0' || echo '1 0')"
done
run mc-bootstrap --folds pool --metrics accuracy seeds.tsv
is_err 'rows without a fold are not pooled' <<'END'
mc-bootstrap: --folds pool: no row has a fold, so nothing is pooled
END
awk -F'\t' 'NR == 1 || $NF == 1' pooled.tsv >single.tsv
run mc-bootstrap --folds pool --metrics accuracy single.tsv
ok 'nor are those of one' grep -qx \
    'mc-bootstrap: --folds pool: all rows are of fold 1, so nothing is pooled' err
sed '$d' seeds.tsv >bad.tsv
seeds_differ 'a seed without an image of the others' \
    'bad.tsv:359: arm "", seed 3 lacks 1 of the 120 images of arm "", seed 1, such as id "i119": training seeds are averaged over the same images: give one seed of repeated splits at a time (mc-bootstrap: --train-seeds each)'
awk -F'\t' -v OFS='\t' 'NR == 6 { $4 = "sick" } 1' seeds.tsv >bad.tsv
seeds_differ 'a seed with another label' \
    'bad.tsv:6: column "label": "sick", but "well" at bad.tsv:5 for the same image "i1"'
awk -F'\t' -v OFS='\t' 'NR == 6 { $2 = "patient x" } 1' seeds.tsv >bad.tsv
seeds_differ 'a seed with another group' \
    'bad.tsv:6: column "group": "patient x", but "patient 0" at bad.tsv:5 for the same image "i1"'
awk -F'\t' -v OFS='\t' '{
	print $0, (NR == 1 ? "sex" : NR == 6 ? "F" : "M")
}' seeds.tsv >bad.tsv
seeds_differ 'a seed with another subgroup' \
    'bad.tsv:6: column "sex": "F", but "M" at bad.tsv:5 for the same image "i1"' \
    --by sex

# --- Subgroups --------------------------------------------------------------
{ head -n 1 by.tsv; grep m0 by.tsv; } >m0by.tsv
run mc-bootstrap --metrics accuracy,auroc --by sex,sex+side m0by.tsv
short >got
is_golden got by.tsv 'subgroups by one column, and by two'
run mc-bootstrap --metrics accuracy,f1,auroc --by all m0by.tsv
grep 'all=x' out | cut -f 10- >got
run mc-bootstrap --metrics accuracy,f1,auroc m0by.tsv
tail -n +2 out | cut -f 10- >whole
ok 'a subgroup that is all has the same rows' cmp whole got
run mc-bootstrap --by age m0by.tsv
fails 1 'mc-bootstrap: m0by.tsv:1: no column "age"; columns are: task, arm, model, regime, split, id, group, label, predicted, p:sick, p:well, sex, side, all' \
    'a subgroup by no column'
# Of 60 patients, three are rare: replicates without them have no value, and no
# correlation where those drawn are of one class.
awk -F'\t' -v OFS='\t' '{
	print $0, (NR == 1 ? "rare" : NR < 8 ? "yes" : "no")
}' m0.tsv >rare.tsv
run mc-bootstrap --metrics accuracy,f1:macro,mcc,log_loss --by rare rare.tsv
# (57/60)^60 of 4999 is 230, give or take 5 standard deviations.
awk -F'\t' '$9 == "rare=yes" {
	split($26, word, " ")
	print $10, word[1], word[2], (word[3] > 155 && (word[3] < 305 ||
	    $10 == "mcc"))
}' out >got
is_file got 'replicates without an image of a subgroup are left out' <<'END'
accuracy undefined in 1
f1 undefined in 1
mcc undefined in 1
log_loss undefined in 1
END

# patients.csv: what is known of patients.
{
	echo patient,sex
	seq 0 59 | awk '{ print "patient " $1 "," ($1 % 3 ? "F" : "M") }'
} >patients.csv
run mc-bootstrap --metrics accuracy,auroc --by sex m0by.tsv
cp out wanted
run mc-bootstrap --metrics accuracy,auroc --by sex --join patients.csv \
    --key group=patient m0.tsv
ok 'a joined column is as good as one of the table' cmp wanted out
cut -f 6,12 by.tsv | sort -u >images.tsv
{ grep '^id' images.tsv; grep -v '^id' images.tsv; } >sex.tsv
run mc-bootstrap --metrics accuracy,auroc --by sex --join sex.tsv m0.tsv
ok 'by id, where no key is given' cmp wanted out
awk -F , 'NR == 1 { print "patient;dose" } NR > 1 { print $1 ";" NR % 2 ",5" }' \
    patients.csv >dose.csv
run mc-bootstrap --metrics accuracy --by dose --join dose.csv \
    --key group=patient m0.tsv
is_err 'decimal commas of a joined file are read, and said' <<'END'
mc-bootstrap: dose.csv: decimal commas are read as points in column dose: "0,5" in line 2 is 0.5
END
run mc-bootstrap --by age --join patients.csv --key group=patient m0.tsv
fails 1 'mc-bootstrap: m0.tsv:1: no column "age"; columns are: task, arm, model, regime, split, id, group, label, predicted, p:sick, p:well; in patients.csv: patient, sex' \
    'a column neither here nor there'
sed '/^patient 7,/d' patients.csv >fewer.csv
run mc-bootstrap --by sex --join fewer.csv --key group=patient m0.tsv
fails 1 'mc-bootstrap: m0.tsv:16: column "group": "patient 7" is not in fewer.csv; rows without their key there: 2' \
    'a patient of whom nothing is known'
sed 's/^patient 7,/Patient 7 ,/' patients.csv >spelled.csv
run mc-bootstrap --by sex --join spelled.csv --key group=patient m0.tsv
fails 1 'mc-bootstrap: m0.tsv:16: column "group": "patient 7" is not in spelled.csv; rows without their key there: 2: "Patient 7 " there is another spelling: write one of them in both files' \
    'a patient who is spelled otherwise'
run mc-bootstrap --by Sex --join patients.csv --key group=patient m0.tsv
fails 1 'mc-bootstrap: m0.tsv:1: no column "Sex"; columns are: task, arm, model, regime, split, id, group, label, predicted, p:sick, p:well; in patients.csv: patient, sex: "sex" differs from "Sex" in case or blanks alone: rename it in the file' \
    'a column that is spelled otherwise'
run mc-bootstrap --by sex --join patients.csv m0.tsv
fails 1 'mc-bootstrap: patients.csv:1: no column "id"; columns are: patient, sex' \
    'no such key'

# --- Strata -----------------------------------------------------------------
run mc-bootstrap --stratify --metrics accuracy,auroc,f1 \
    --method delong,percentile m0.tsv
short >got
is_golden got stratify.tsv 'resampling within classes, and its note'

# --- Traps ------------------------------------------------------------------
# 40 patients of whom 30 are well, with 2 images each, all right.
awk 'BEGIN {
	OFS = "\t"
	print "id", "group", "label", "p:sick", "p:well"
	for (i = 0; i < 80; i++) {
		p = int(i / 2) % 4 == 0 ? 0.6 + i / 300 : 0.1 + i / 300
		print i, "patient " int(i / 2), (p > 0.5 ? "sick" : "well"),
		    p, 1 - p
	}
}' >perfect.tsv
# 0.025^(1/40), 0.025^(1/10) and 0.025^(1/30).
for method in percentile basic normal bca bootstrap-t clopper-pearson; do
	run mc-bootstrap --method $method --metrics accuracy,recall:class \
	    perfect.tsv
	cut -f 12-15,17 out >got
	is_file got "accuracy 1 by $method: Clopper and Pearson's, on patients" <<'END'
class	estimate	lo	hi	method
	1	0.9119026971211976	1	clopper-pearson
sick	1	0.6915028921812392	1	clopper-pearson
well	1	0.8842966917779722	1	clopper-pearson
END
done
# Ten of the patients are sick: 10 pairs of patients that share none, 0.025^(1/10).
for method in percentile basic normal bca bootstrap-t delong; do
	run mc-bootstrap --method $method --metrics auroc perfect.tsv
	cut -f 13-15,17 out >got
	is_file got "AUROC 1 by $method: Clopper and Pearson's, on pairs" <<'END'
estimate	lo	hi	method
1	0.6915028921812392	1	clopper-pearson
END
done

# --- Few patients of a class --------------------------------------------------
# few K N: K of N are of class pos, and all found; 11 of the others are not.
few() {
	awk -v k="$1" -v n="$2" 'BEGIN {
		print "id\tlabel\tpredicted"
		for (i = 0; i < n; i++)
			print i "\t" (i < k ? "pos\tpos" : \
			    "neg\t" (i < k + 11 ? "pos" : "neg"))
	}' >few.tsv
}
# limits ARGUMENT...: those of the recall of class pos.
limits() {
	run mc-bootstrap --positive pos --metrics recall:positive "$@" few.tsv
	cut -f 13-15,17 out | tail -n 1
}
# Clopper and Pearson's lower limit of k of k is 0.025^(1/k).
for k in 1 3 4 5 8 10; do
	few $k 100
	for method in percentile basic normal bca bootstrap-t; do
		limits --method $method
	done >got
	limits --seed 6 >>got
	awk -v k=$k '{ print $1, ($2 - 0.025 ^ (1 / k)) ^ 2 < 1e-24, $3, $4 }' \
	    got | uniq >limits
	is_file limits "recall $k of $k, by every method and seed" <<'END'
1 1 1 clopper-pearson
END
done
few 4 100
run mc-bootstrap --positive pos --metrics recall:positive,mcc few.tsv
cut -f 10,26 out | sed 's/undefined in [0-9]*/undefined in N/' >got
is_file got 'replicates without the class are left out, and counted' <<'END'
metric	note
recall	undefined in N of 4999 replicates; all replicates are equal: Clopper-Pearson on 4 units; no group: images treated as independent
mcc	undefined in N of 4999 replicates; few units: interval may be too narrow; no group: images treated as independent
END
# Without the class a replicate has one class's specificity, whose weight is 0.
run mc-bootstrap --metrics specificity few.tsv
cut -f 10,26 out | sed 's/undefined in [0-9]*/undefined in N/' >got
is_file got 'an undefined mean is no mean over the other classes' <<'END'
metric	note
specificity	undefined in N of 4999 replicates; few units: interval may be too narrow; no group: images treated as independent
END
printf 'id\tlabel\tpredicted\n1\ta\ta\n2\ta\ta\n3\tb\ta\n' >no_b.tsv
run mc-bootstrap --metrics mcc no_b.tsv
cut -f 10,13-15,26 out >got
is_file got 'a correlation with a constant is 0/0, and the note says so' <<'END'
metric	estimate	lo	hi	note
mcc	0			0/0 treated as 0; no interval: undefined in every replicate; no group: images treated as independent
END
{
	echo 'train_seed	id	label	predicted'
	printf '1\t1\ta\ta\n1\t2\tb\tb\n1\t3\tb\ta\n'
	printf '2\t1\ta\ta\n2\t2\tb\ta\n2\t3\tb\ta\n'
} >seed_2.tsv
run mc-bootstrap --train-seeds mean --positive b --metrics precision:positive seed_2.tsv
cut -f 13,26 out | cut -d';' -f 1 >got
is_file got 'the note tells of 0/0 in another seed than the first' <<'END'
estimate	note
0.5	training seed 2 of 2: 0/0 treated as 0 for class "b"
END
# The same number has the same interval, whatever it is called.
few 3 100
run mc-bootstrap --metrics recall:macro,balanced_accuracy few.tsv
cut -f 13-15,17 out | tail -n +2 | uniq | wc -l | tr -d ' ' >got
is_file got 'macro recall is balanced accuracy' <<'END'
1
END
cut -f 26 out | sed 's/ in [0-9]* of/ in N of/' >got
is_file got 'and one of them says what it is of' <<'END'
note
a class has no value in N of 4999 replicates, where the mean is over the others; few units: interval may be too narrow; no group: images treated as independent
few units: interval may be too narrow; no group: images treated as independent
END
# 60 of 60, but in the replicates that draw one patient five times, 1 in 270: no
# interval of no width.
awk 'BEGIN {
	print "id\tlabel\tp:neg\tp:pos"
	for (i = 0; i < 260; i++) {
		p = i < 60 ? 0.7 + i / 1000 : i / 1000
		if (i == 60)
			p = 0.99
		print i "\t" (i < 60 ? "pos" : "neg") "\t" 1 - p "\t" p
	}
}' >nearly.tsv
for method in percentile basic normal; do
	run mc-bootstrap --positive pos --method $method \
	    --metrics sensitivity_at_specificity@0.98 nearly.tsv
	cut -f 13-15,17,26 out | tail -n 1
done >got
is_file got 'a few odd replicates make no interval' <<'END'
1			none	no interval: nearly all replicates are equal; no group: images treated as independent
1			none	no interval: nearly all replicates are equal; no group: images treated as independent
1			none	no interval: nearly all replicates are equal; no group: images treated as independent
END

# Twelve images, one of them sick: DeLong has no variance.
awk 'BEGIN {
	OFS = "\t"
	print "id", "label", "p:sick", "p:well"
	for (i = 0; i < 12; i++)
		print i, (i == 7 ? "sick" : "well"), i / 20, 1 - i / 20
}' >lone.tsv
run mc-bootstrap --method delong --positive sick --metrics auroc lone.tsv
cut -f 13-15,17,26 out >got
is_file got 'DeLong with one positive' <<'END'
estimate	lo	hi	method	note
0.6363636363636364			none	no interval: the class or the rest has fewer than two units; no group: images treated as independent
END
run mc-bootstrap --method delong,percentile --positive sick \
    --metrics auroc,accuracy lone.tsv
cut -f 10,13-15,17,26 out >got
is_golden got lone.tsv 'a replicate without a class leaves out its AUROC alone'

# 72000 of each class, half of them at each of two scores: AUROC 3/4, and the
# variance is (1/16) (1/71999 + 1/71999).
awk 'BEGIN {
	OFS = "\t"
	print "id", "label", "p:neg", "p:pos"
	for (i = 0; i < 144000; i++) {
		p = (i % 2 ? 0.4 : 0.2) + (int(i / 2) % 2 ? 0.4 : 0)
		print i, (i % 2 ? "pos" : "neg"), 1 - p, p
	}
}' >large.tsv
run timeout 20 mc-bootstrap --method delong --metrics auroc large.tsv
is_rc 0 'DeLong of 144000 images'
# On the log odds, log(3); the quantile is that of t(71999), z + (z^3 + z) / 4 df.
cut -f 13-15,17 out | awk 'NR > 1 {
	half = 1.9599969278 * sqrt(2 / 16 / 71999) / (0.75 * 0.25)
	print $1, $4, ($2 - 1 / (1 + exp(half) / 3)) ^ 2 < 1e-20, \
	    ($3 - 1 / (1 + exp(-half) / 3)) ^ 2 < 1e-20
}' >got
is_file got 'its interval, in closed form' <<'END'
0.75 delong 1 1
END

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
    'bad.tsv:1: no column "predicted"; columns are: id, label'
printf 'x\n1\n' >bad.tsv
bad 'no column of ours' \
    'bad.tsv:1: no column "id", "label", "predicted"; columns are: x'
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
    'bad.tsv:4: duplicate key: id "1" with the same task, arm and so on is also at bad.tsv:2'
printf 'id\tlabel\tpredicted\n1\ta\tb\n2\tb\ta\n' >good.tsv
cp good.tsv other.tsv
run mc-bootstrap good.tsv other.tsv
fails 1 'mc-bootstrap: other.tsv:2: duplicate key: id "1" with the same task, arm and so on is also at good.tsv:2: if they are two arms, name one with mc-predict --arm' \
    'two arms of one name'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t0.5\t0.7\n' >bad.tsv
bad 'a sum that is not 1' \
    'bad.tsv:2: the probabilities sum to 1.2, not to 1: classes must exclude each other: several findings an image are several tasks; if these are logits, mc-import --logit makes probabilities of them'
printf 'id\tlabel\tp:a\tp:b\n1\ta\tnan\t0.6\n' >bad.tsv
bad 'not a number' \
    'bad.tsv:2: column "p:a": "nan" is not a number'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t-0.1\t1.1\n' >bad.tsv
bad 'a negative probability' \
    'bad.tsv:2: column "p:a": -0.1 is not a probability: if these are logits, mc-import --logit makes probabilities of them'
printf 'id\tlabel\tp:a\tp:b\n1\ta\t\t1\n' >bad.tsv
bad 'an empty probability' \
    'bad.tsv:2: column "p:a": "" is not a number'
printf 'id\tlabel\tp:\n1\ta\t1\n' >bad.tsv
bad 'a class without a name' \
    'bad.tsv:1: column "p:" names no class'
printf 'id\tlabel\tp:a\tp:b\n1\tc\t0.5\t0.5\n' >bad.tsv
bad 'a label of no class' \
    'bad.tsv:2: column "label": "c" is not one of the classes: a, b'
printf 'id\tlabel\tpredicted\n1\ta\tc\n' >bad.tsv
bad 'a prediction of no class' \
    'bad.tsv:2: column "predicted": "c" is not one of the classes: a, b' \
    --classes a,b
printf 'id\tlabel\tpredicted\tp:a\tp:b\n1\ta\ta\t0.4\t0.6\n' >bad.tsv
bad 'a prediction that is not the most probable' \
    'bad.tsv:2: column "predicted": "a", but "b" is more probable: correct the column, or leave it out'
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
    '--metrics: unknown metric "speed": mc-bootstrap --list-metrics lists them' --metrics speed
usage 'a metric by another name' \
    '--metrics: unknown metric "Sensitivity": mctools calls it recall:class: mc-bootstrap --list-metrics lists them' \
    --metrics accuracy,Sensitivity:positive
usage 'an unknown positive class' \
    '--positive: "ill" is not a class of task "chest"; classes are: sick, well' --metrics auroc --positive ill
usage 'a class twice' '--classes: "a" is given twice' --classes a,a
usage 'an unknown method' \
    '--method: "jackknife" is not one of percentile, basic, normal, bca, bootstrap-t, wilson, clopper-pearson, delong, original' \
    --method bca,jackknife
usage 'a method twice' '--method: "bca" is given twice' \
    --method bca,percentile,bca
usage 'weighted kappa without an order' \
    '--metrics: "kappa_linear" depends on the distance between classes: give their order with --classes' \
    --metrics kappa_linear
usage 'average precision of two classes' \
    '--metrics: "average_precision" depends on which class is positive: give --positive CLASS' \
    --metrics average_precision
run mc-bootstrap --positive sick --metrics accuracy,precision,recall,f1 p.tsv
is_err 'a positive class leaves some metrics weighted' <<'END'
mc-bootstrap: weighted means over the classes: precision, recall, f1: for the positive class alone, give precision:positive and so on
END
run mc-bootstrap --positive sick p.tsv
ok 'nothing is said of those that nobody gave' test ! -s err
run mc-bootstrap --positive sick --metrics auroc,recall,f1:positive p.tsv
is_err 'those without a suffix' <<'END'
mc-bootstrap: weighted means over the classes: recall: for the positive class alone, give recall:positive
END
usage 'a parameter that is none' \
    '--metrics: "sensitivity_at_specificity@1": give a number between 0 and 1' \
    --metrics sensitivity_at_specificity@1
usage 'a parameter of a metric without' \
    '--metrics: "auroc" takes no @X' --metrics auroc@0.9
usage 'pairs of classes of a metric without' \
    '--metrics: "f1" has no "ovo": mc-bootstrap --list-metrics lists what it has' \
    --metrics f1:ovo
usage 'an empty term' '--by: an empty name' --by sex,
usage 'an empty column' '--by: an empty name' --by sex+
usage 'a table to join for nothing' \
    '--join adds columns for --by, which is not given' --join by.tsv
usage 'a key to nothing' \
    '--key joins the table of --join, which is not given' --key id

mc-bootstrap p.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-bootstrap: standard output: cannot write: No space left on device' \
    'a full disk'
mc-bootstrap -o gone.tsv --positive ill p.tsv 2>err
ok 'a failed run leaves no file' test ! -e gone.tsv

# --- The mean over findings -------------------------------------------------
# Finding C has no positive image; those of g1 are uncertain in B.
awk 'BEGIN { print "task\tarm\tid\tgroup\tlabel\tp:no\tp:yes\tsex"
	split("A B C", name, " ")
	for (f = 1; f <= 3; f++) for (g = 1; g <= 60; g++) for (i = 1; i < 3; i++) {
		if (f == 2 && g == 1) continue
		y = f < 3 && (g * 7 + f * 3 + i) % (f + 3) == 0
		p = (y * 29 + g * 13 + i * 31 + f * 17) % 97 / 100
		printf "chest:%s\tm\ti%d_%d\tg%d\t%s\t%.2f\t%.2f\t%s\n", name[f],
		    g, i, g, y ? "yes" : "no", 1 - p, p, g % 2 ? "F" : "M" } }' \
    >findings.tsv
mean="mc-bootstrap --positive yes --mean-over-findings --metrics auroc,recall:positive,accuracy"
run $mean findings.tsv
is_rc 0 'the mean over findings'
cp out means.tsv
awk -F '\t' 'NR > 1 { print $1, $10, $17, $22, $23, $26 }' out >a
is_file a 'rows of each finding, then their means, with notes' <<'END'
chest:A auroc percentile 120 60 
chest:A recall percentile 120 60 
chest:A accuracy percentile 120 60 
chest:B auroc percentile 118 59 few units: interval may be too narrow
chest:B recall percentile 118 59 few units: interval may be too narrow
chest:B accuracy percentile 118 59 
chest:C auroc none 120 60 undefined: no images of class "yes"
chest:C recall none 120 60 no images of class "yes"; 0/0 treated as 0 for class "yes"; no interval: undefined in every replicate
chest:C accuracy percentile 120 60 
chest auroc percentile 120 60 mean of 2 findings; left out, since undefined there: "C"; few units: interval may be too narrow
chest recall percentile 120 60 mean of 2 findings; left out, since undefined there: "C"; few units: interval may be too narrow
chest accuracy percentile 120 60 mean of 3 findings
END
ok 'they are the means of the findings' awk -F '\t' '
	NR > 1 && ($1 != "chest:C" || $10 == "accuracy") && $1 != "chest" {
	sum[$10] += $13; n[$10]++ }
	$1 == "chest" { d = $13 - sum[$10] / n[$10]
	if (d < -1e-12 || d > 1e-12) exit 1 }' means.tsv
{ head -n 1 findings.tsv; sed 1d findings.tsv | sort -t '	' -k 3,3r; } >rows.tsv
run $mean --threads 1 rows.tsv
ok 'neither the order of the rows nor threads change them' cmp out means.tsv
run $mean --by sex findings.tsv
awk -F '\t' '$1 == "chest" { print $9, $10, $22, $23 }' out >a
is_file a 'the means of subgroups' <<'END'
 auroc 120 60
 recall 120 60
 accuracy 120 60
sex=F auroc 60 30
sex=F recall 60 30
sex=F accuracy 60 30
sex=M auroc 60 30
sex=M recall 60 30
sex=M accuracy 60 30
END
# Four patients have finding R, and all are found; then forty.
for n in 4 40; do
	awk -F '\t' -v OFS='\t' -v n=$n '$1 == "chest:A" {
		y = substr($4, 2) + 0 <= n; $1 = "chest:R"; $5 = y ? "yes" : "no"
		$7 = y ? 0.9 : 0.1; $6 = 1 - $7; print }' findings.tsv |
	    cat findings.tsv - >rare.tsv
	run $mean --metrics recall:positive rare.tsv
	awk -F '\t' '$1 == "chest" { print ($14 != ""), $17, $26 }' out
done >a
is_file a 'few units that agree make no interval' <<'END'
0 none mean of 3 findings; left out, since undefined there: "C"; a finding has no value in 93 of 4999 replicates, where the mean is over the others; no interval: few units, and nearly all replicates equal, in "R"
1 percentile mean of 3 findings; left out, since undefined there: "C"; few units: interval may be too narrow
END
sed 's/chest://' findings.tsv >bare.tsv
run $mean bare.tsv
ok 'tasks without a name before the colon have one mean' test \
    "$(cut -f 1 out | grep -c '^$')" -eq 3
run mc-bootstrap --mean-over-findings p.tsv
fails 1 'mc-bootstrap: --mean-over-findings: no two tasks with the classes no and yes are findings of one task, as in chest:Mass and chest:Nodule' \
    'no findings'
awk -F '\t' '$1 != "chest:C"' findings.tsv >two.tsv
sed 's/	m	/	n	/; /chest:B/d' two.tsv >other.tsv
run $mean two.tsv other.tsv
is_rc 0 'an arm with one finding has no mean'
sed '1!s/	m	/	m	2	/; 1s/arm	/arm	train_seed	/; /chest:B/d' two.tsv >other.tsv
run $mean --train-seeds mean two.tsv other.tsv
fails 1 'mc-bootstrap: two.tsv: task "chest:B" does not have the same arms and training seeds as task "chest:A": give predictions of all findings, or leave out --mean-over-findings' \
    'a finding with fewer seeds'
run $mean --method delong,wilson findings.tsv
fails 2 'mc-bootstrap: --mean-over-findings: delong has no interval of a mean over findings: also give percentile, basic, normal or bca to --method (see mc-bootstrap --help)' \
    'a method that has none'
run $mean --method delong,bca findings.tsv
ok 'the first method that has one' test "$(awk -F '\t' '$10 == "auroc" {
	printf "%s ", $17 }' out)" = 'obuchowski obuchowski none bca '
run $mean --stratify findings.tsv
fails 2 'mc-bootstrap: --stratify draws within the classes of one task: it cannot be given with --mean-over-findings (see mc-bootstrap --help)' \
    'strata of one finding'
if "$PYTHON3" -c 'import sklearn, scipy' 2>/dev/null; then
	mkdir peer
	(cd peer && "$PYTHON3" "$abs_srcdir/tests/stats/numpy_findings.py" \
	    bootstrap) >peer.log 2>&1
	ok 'numpy_findings.py agrees' test $? -eq 0
else
	skip 'numpy_findings.py agrees' 'no scikit-learn for $PYTHON3'
fi

# --- The manual's examples --------------------------------------------------
cp p.tsv predictions.tsv
awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0 } on' \
    "$abs_srcdir/man/mc-bootstrap.1" | sed 's/^\$ //; s/\\e$/\\/' >examples.sh
ok 'the examples of the manual run' sh -e examples.sh
ok 'they were more than one' test "$(grep -c mc-bootstrap examples.sh)" -gt 1
ok 'and left a table' grep -q bottomrule table.tex

# --- Against others ---------------------------------------------------------
for script in sklearn_metrics numpy_bootstrap; do
	if "$PYTHON3" -c 'import sklearn, statsmodels' 2>/dev/null; then
		ok "$script.py agrees" \
		    "$PYTHON3" "$abs_srcdir/tests/stats/$script.py"
	else
		skip "$script.py agrees" 'no scikit-learn or statsmodels for $PYTHON3'
	fi
done

done_testing
