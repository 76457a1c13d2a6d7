#!/bin/sh
# mc-compare over several test sets: repeated random splits, and folds.
. "$abs_srcdir/tests/tap.sh"

# sets 'A B ...' [TRAIN [STEP]]: arm a, right on 9 of 10 images of each test set,
# and b, right on A, B, ... fewer.  Test set s has ten images from STEP s on (6 s),
# and a patient has two.
sets() {
	awk -v d="$1" -v train="${2:-40}" -v step="${3:-6}" 'BEGIN { OFS = "\t"
		print "arm", "train_seed", "id", "group", "label", "predicted",
		    "train_images"
		n = split(d, less, " ")
		for (s = 1; s <= n; s++) for (i = 0; i < 10; i++) {
			id = step * s + i
			label = id % 2 ? "x" : "y"
			other = id % 2 ? "y" : "x"
			print "a", s, id, "p" int(id / 2), label,
			    i < 9 ? label : other, train
			print "b", s, id, "p" int(id / 2), label,
			    i < 9 - less[s] ? label : other, train
		}
	}'
}

# --- Values -------------------------------------------------------------------
# Differences 0.1 to 0.4: mean 0.25, variance 1/60, corrected (1/4 + 10/40) / 60.
sets '1 2 3 4' >p.tsv
run mc-compare p.tsv
cut -f 7-9,13,14,21,23-25 out >got
is_file got 'chosen without being asked for' <<'END'
arm_a	arm_b	difference	method	test	replicates	n_images	n_units	seeds
a	b	0.25	corrected-t	corrected-t		28	14	4
END
# t = 0.25 / sqrt(1/120), of 3 degrees of freedom: its distribution has a closed
# form, and its quantile at 0.975 is 3.182446305284263.
awk -F'\t' 'NR == 2 { t = 0.25 * sqrt(120); pi = atan2(0, -1); r = t / sqrt(3)
	p = 1 - 2 / pi * (atan2(r, 1) + r / (1 + r * r))
	half = 3.182446305284263 / sqrt(120)
	print ($15 - p) ^ 2 < 1e-24, ($10 - 0.25 + half) ^ 2 < 1e-20,
	    ($11 - 0.25 - half) ^ 2 < 1e-20, $26 ^ 2 < 1e-24,
	    ($27 - sqrt(1 / 60)) ^ 2 < 1e-20 }' out >got
is_file got 'p, interval and deviations by hand' <<'END'
1 1 1 1 1
END
ok 'the note says how' grep -q 'mean over 4 test sets, corrected for training sets that overlap: 0.25 test images per training image' out
cp out wanted
run mc-compare --test corrected-t p.tsv
ok 'asked for, it is the same' cmp out wanted
sed 's/^a	/z	/' p.tsv >turned.tsv
mc-compare turned.tsv | awk -F'\t' 'NR == 2 { printf "%.12f %.12f %.12f\n",
    -$9, -$11, $15 }' >got
awk -F'\t' 'NR == 2 { printf "%.12f %.12f %.12f\n", $9, $10, $15 }' wanted >it
ok 'names change the sign alone' cmp got it
{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r; } >reversed.tsv
mc-compare reversed.tsv >got
ok 'rows in any order' cmp got wanted
for arm in a b; do
	awk -F'\t' -v OFS='\t' -v arm=$arm '$1 == arm { $7 = 80 } 1' p.tsv \
	    >unequal.tsv
	mc-compare unequal.tsv | cut -f 10,15 >got
	cut -f 10,15 wanted >it
	ok "of two arms the one with fewer training images decides, not $arm" \
	    cmp got it
done
sets '1 2 3 4' 100000000000 >big.tsv
mc-compare big.tsv | awk -F'\t' 'NR == 2 { printf "%.8f\n", $11 - $10 }' >got
awk -F'\t' 'NR == 2 { printf "%.8f\n", ($11 - $10) / sqrt(2) }' wanted >it
ok 'many training images: an ordinary t test' cmp got it

# Two trainings on each test set: their mean, not twice as many sets.
awk -F'\t' -v OFS='\t' 'NR > 1 { print; $2 += 10 } 1' p.tsv >twice.tsv
mc-compare twice.tsv | cut -f 9-15,28 >got
cut -f 9-15,28 wanted >it
ok 'several models on a test set count as one' cmp got it

for of in '2 2 2 2' '3 3'; do
	sets "$of" >same.tsv
	run mc-compare --margin 0.5 same.tsv
	cut -f 10,11,13-15 out | sed 1d >got
	is_file got "the same difference everywhere: nothing is claimed ($of)" <<'END'
		none		
		none	noninferiority corrected-t	
		none	equivalence corrected-t	
END
	ok 'and the note says so' grep -q \
	    'no interval: the difference is the same in all test sets$' out
done
sets '1 2' >two.tsv
mc-compare --margin 0.1 two.tsv | awk -F'\t' 'NR > 1 { print $14, $15 != "" }' \
    >got
is_file got 'two test sets are enough, and a margin has its tests' <<'END'
corrected-t 1
noninferiority corrected-t 1
equivalence corrected-t 1
END
cut -f 1-3,5-7 two.tsv >lone.tsv
mc-compare lone.tsv | cut -f 28 | sed 1d >got
is_file got 'the note says nothing of seeds, or of images as units' <<'END'
mean over 2 test sets, corrected for training sets that overlap: 0.25 test images per training image
END
# Class x is in no image of the third test set.
awk -F'\t' -v OFS='\t' '$2 == 3 && $5 == "x" { next } 1' p.tsv >absent.tsv
run mc-compare --classes x,y --metrics recall:class absent.tsv
awk -F'\t' 'NR > 1 { print $6, $13, $15 != "" }' out >got
is_file got 'a recall without images in one test set' <<'END'
x none 0
y corrected-t 1
END
# Scores that order arm a rightly; the third test set has no image of x.
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "p:x", "p:y"; next }
    !($2 == 3 && $5 == "x") { p = 0.5 + ($5 == "x" ? 0.1 : -0.1)
    p += ($3 * 7 % 10 - 5) / 100
    $6 = p >= 0.5 ? "x" : "y"; print $0, p, 1 - p }' p.tsv >absent.tsv
run mc-compare --metrics auroc absent.tsv
cut -f 9,13,15 out | sed 1d >got
is_file got 'an AUROC that one test set has not' <<'END'
	none	
END
ok 'and the note names the class' grep -q 'undefined: no images of class "x"' out

# Nine images of ten in common, and no fewer, make other test sets.
sets '1 2 3' 40 1 >near.tsv
mc-compare near.tsv | cut -f 14 | sed 1d >got
is_file got 'test sets may share nine tenths' <<'END'
corrected-t
END

# --- Folds --------------------------------------------------------------------
awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "fold"; next } { f = $2; $2 = 1
    print $0, f }' p.tsv >folds.tsv
run mc-compare folds.tsv
fails 1 'mc-compare: folds.tsv:22: task "", split "" has folds "1" and "2": give --folds pool or --test corrected-t, or compare one at a time' \
    'folds are not chosen for'
mc-compare --test corrected-t folds.tsv | cut -f 9-28 >got
cut -f 9-28 wanted >it
ok 'asked for, each fold is a test set' cmp got it
run mc-compare --test corrected-t --folds pool folds.tsv
fails 2 'mc-compare: --test corrected-t takes each fold as a test set: leave out --folds pool' \
    'pooled they are none'

# --- Bad input ----------------------------------------------------------------
bad() {
	status=$1 name=$2 message=$3
	shift 3
	run mc-compare "$@"
	fails "$status" "mc-compare: $message" "$name"
}
needs='the column train_images does not say on how many images the model was trained, which a comparison over several test sets needs: predict again with mc-predict, or add the column'
cut -f 1-6 p.tsv >unknown.tsv
bad 1 'no column train_images' "unknown.tsv:10: arm \"a\": $needs" unknown.tsv
for value in '' 0 many 40.5; do
	awk -F'\t' -v OFS='\t' -v v="$value" '$1 == "b" && $2 == 2 { $7 = v } 1' \
	    p.tsv >unknown.tsv
	bad 1 "train_images \"$value\"" "unknown.tsv:23: arm \"b\": $needs" \
	    unknown.tsv
done
for row in 12 17 21; do
	awk -F'\t' -v OFS='\t' -v row=$row '$1 == "b" && $2 == 2 && $3 == row {
	    $7 = 41 } 1' p.tsv >unknown.tsv
	bad 1 "two numbers of training images in one run, at $row" \
	    "unknown.tsv:23: arm \"b\": $needs" unknown.tsv
done
run mc-bootstrap --metrics accuracy unknown.tsv
is_rc 0 'which others do not need'
awk -F'\t' '!($1 == "a" && $2 == 3)' p.tsv >lack.tsv
bad 1 'an arm without a test set' \
    'lack.tsv:42: arm "a" has 0 models that were tested on these images, and 1 on others: arms must have the same test sets, equally often' \
    lack.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 && $2 == 3 { print; $2 = 13 } 1' p.tsv >more.tsv
run mc-compare more.tsv
is_rc 1 'more models on one test set than on another'
ok 'are named' grep -q 'arm "a" has 1 model that was tested on these images, and 2 on others' err
awk -F'\t' '!($1 == "a" && $2 == 3 && $3 == 20)' p.tsv >lack.tsv
bad 1 'a test set that lacks an image' \
    'lack.tsv:46: arm "a", seed 3 lacks 1 of the 10 images of arm "b", seed 3, such as id "20": arms must have the same images' \
    lack.tsv
awk -F'\t' -v OFS='\t' '$2 == 2 && $3 == 12 { $5 = "x"; $6 = "x" } 1' p.tsv >label.tsv
bad 1 'an image with another label in another test set' \
    'label.tsv:22: column "label": "x", but "y" at label.tsv:14 for the same image "12"' \
    label.tsv
bad 2 'subgroups' \
    '--by: subgroups are not compared over several test sets: leave it out, and give the rows of one train_seed (or fold), or of one subgroup' \
    --by group p.tsv
awk -F'\t' 'NR == 1 || $2 == 1' p.tsv >one.tsv
bad 2 'one test set' \
    '--test corrected-t compares arms over several test sets, and "a" has one: use bootstrap' \
    --test corrected-t one.tsv
for test in bootstrap permutation mcnemar delong; do
	bad 2 "another test asked for: $test" \
	    "--test $test is for one test set, and the training seeds of an arm were tested on different images: use --test corrected-t" \
	    --test $test p.tsv
done
for test in '' '--test corrected-t'; do
	# shellcheck disable=SC2086
	bad 2 "strata: $test" \
	    '--stratify: --test corrected-t draws no replicates: leave it out' \
	    --stratify $test p.tsv
done
awk -F'\t' 'NR == 1 || $2 == 2' p.tsv >seed.tsv
run mc-compare --by group seed.tsv
is_rc 0 'the rows of one training seed have subgroups, as the message says'
# Nadeau and Bengio's ratio where the splits have unequal sizes: 10 / 40 three
# times and 10 / 20.
awk -F'\t' -v OFS='\t' '$2 == 3 { $7 = 20 } 1' p.tsv >sizes.tsv
mc-compare sizes.tsv | cut -f 28 | sed 1d >got
is_file got 'unequal splits: the mean of the ratios' <<'END'
mean over 4 test sets, corrected for training sets that overlap: 0.312 test images per training image
END
awk -F'\t' -v OFS='\t' '$2 == 3 && $1 == "a" { $7 = 20 } 1' p.tsv >sizes.tsv
mc-compare sizes.tsv | cut -f 28 >got
ok 'of two arms the larger' grep -q ': 0.312 test images' got
bad 2 'max-T' \
    '--adjust max-t ignores the spread between training seeds, and "a" has 4: use holm' \
    --adjust max-t p.tsv

awk -F'\t' -v OFS='\t' 'NR == 1 || $2 < 3 { print }
    $2 == 1 && $3 < 11 { $2 = 3; print }' p.tsv >part.tsv
bad 1 'a part of a test set is not another one' \
    'part.tsv:22: arm "a", seed 3 lacks 5 of the 10 images of arm "a", seed 1, such as id "11": training seeds are averaged over the same images: give one seed of repeated splits at a time (mc-bootstrap: --train-seeds each)' \
    part.tsv
# Pooled folds of other images are no test sets.
sets '1 2 3 4' 40 20 | awk -F'\t' -v OFS='\t' 'NR == 1 { print $0, "fold"; next }
    { f = $2 % 2 + 1; $2 = $2 > 2 ? 2 : 1; print $0, f }' >pooled.tsv
run mc-compare --folds pool pooled.tsv
is_rc 1 'pooled folds of other images'
ok 'are not compared over test sets' grep -q 'training seeds are averaged over the same images' err

# Seeds that have the same images are seeds.
awk -F'\t' -v OFS='\t' 'NR == 1 { print; next } $2 <= 2 { if ($2 == 2) {
    $3 -= 6; $4 = "p" int($3 / 2) } print }' p.tsv >seeds.tsv
mc-compare seeds.tsv | cut -f 14 | sed 1d >got
is_file got 'seeds with the same images are still seeds' <<'END'
bootstrap
END

done_testing
