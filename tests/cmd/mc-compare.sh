#!/bin/sh
# mc-compare: golden tables, what a comparison does not depend on, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-compare

# Three arms of 120 images of 60 patients, made without chance.
awk 'BEGIN {
	OFS = "\t"
	print "task", "arm", "model", "regime", "train_seed", "split", "id",
	    "group", "label", "p:sick", "p:well", "sex"
	for (arm = 0; arm < 3; arm++)
		for (i = 0; i < 120; i++) {
			sick = i % 3 == 0
			p = (i * (37 + 3 * arm) % 101) / 101
			p = sick ? 0.3 + 0.1 * arm + 0.6 * p - 0.05 * arm * p : \
			    (0.8 - 0.1 * arm) * p
			p = sprintf("%.4f", p)
			print "chest", "m" arm "/frozen", "m" arm, "frozen", 1,
			    "test", "i" i, "patient " int(i / 2),
			    (sick ? "sick" : "well"), p, 1 - p,
			    (int(i / 2) % 3 ? "F" : "M")
		}
}' >p.tsv
# The same, each image a patient.
awk -F'\t' -v OFS='\t' '{ $8 = NR == 1 ? $8 : $7; print }' p.tsv >lone.tsv

# --- Tables -----------------------------------------------------------------
run mc-compare --metrics accuracy,auroc,log_loss p.tsv
is_golden out bootstrap.tsv 'all pairs, by the bootstrap'
cp out bootstrap
run mc-compare --test permutation --reference m0/frozen \
    --metrics accuracy,auroc --margin 0.05 p.tsv
is_golden out permutation.tsv 'against a reference, by permutation, a margin'
run mc-compare --test mcnemar --positive sick \
    --metrics accuracy,recall:positive,specificity:positive --margin 0.05 lone.tsv
is_golden out mcnemar.tsv 'McNemar'
run mc-compare --test delong --metrics auroc --margin 0.05 p.tsv
is_golden out obuchowski.tsv 'DeLong over patients'
run mc-compare --test delong --metrics auroc lone.tsv
is_golden out delong.tsv 'DeLong over images'
awk -F'\t' 'NR == 1 || substr($7, 2) < 40' p.tsv >twenty.tsv
for test in bootstrap permutation delong; do
	mc-compare --test $test --metrics auroc twenty.tsv |
	    sed -n '2s/.*\(few units[^;]*\).*/\1/p'
done >got
is_file got 'few patients: whether p is in doubt also' <<'END'
few units: interval may be too narrow, and p may be too small
few units: interval may be too narrow
few units: interval and p are approximate
END
run mc-compare --method delong --metrics auroc lone.tsv
is_golden out delong.tsv '--method is the former name of --test'
is_err 'which is said' <<'END'
mc-compare: --method is the former name of --test and will be removed in version 1.0: give --test delong
END
run mc-compare --method delong --test bootstrap --metrics auroc lone.tsv
fails 2 'mc-compare: --method is the former name of --test: give --test alone' \
    'but not beside it'
run mc-compare --by sex --gaps --adjust max-t p.tsv
is_golden out gaps.tsv 'subgroups, gaps and max-T'

# seeds N: N trainings of two arms.
seeds() {
	awk -F'\t' -v OFS='\t' -v n="$1" 'NR == 1 { print; next }
	$2 != "m2/frozen" {
		first = $10
		for (s = 1; s <= n; s++) {
			$5 = s
			p = first * 0.8 + substr($7, 2) * s * 7 % 11 / 55
			$10 = sprintf("%.4f", p)
			$11 = 1 - $10
			print
		}
	}' p.tsv
}
seeds 3 >seeds.tsv
run mc-compare --metrics accuracy,auroc --margin 0.05 seeds.tsv
is_golden out seeds.tsv 'three training seeds'
seeds 2 >two.tsv
run mc-compare two.tsv
ok 'two training seeds are too few, and the note says so' \
    grep -q 'fewer than 3 training seeds per arm: seed-to-seed variation is not included' out

# Six tasks of four fifths of the images each, the same for all arms.
for t in 1 2 3 4 5 6; do
	awk -F'\t' -v OFS='\t' -v t=$t 'NR == 1 { if (t == 1) print; next }
	    (substr($7, 2) * 7 + t * t) % 5 { $1 = "t" t; print }' p.tsv
done >tasks.tsv
run mc-compare --friedman --metrics accuracy,log_loss tasks.tsv
grep -e '^task' -e '	friedman	' -e '	nemenyi	' out >got
is_golden got tasks.tsv 'Friedman and Nemenyi over six tasks'
ok 'two tests of all arms and six of pairs' test "$(sed 1d got | wc -l)" -eq 8

# --- The same bytes ---------------------------------------------------------
options='--metrics accuracy,f1:macro,auroc,log_loss --by sex --gaps'
mc-compare $options --threads 1 p.tsv >one
for threads in 2 7; do
	run mc-compare $options --threads $threads p.tsv
	ok "$threads threads, the same bytes" cmp one out
done
run mc-compare --test permutation --threads 1 p.tsv
cp out permuted
run mc-compare --test permutation --threads 7 p.tsv
ok 'permutations too' cmp permuted out
{ head -n 1 p.tsv; tail -n +2 p.tsv | sort -r -k 7; } >reversed.tsv
run mc-compare $options reversed.tsv
ok 'another order of rows, the same bytes' cmp one out
for m in m0 m1 m2; do { head -n 1 p.tsv; grep "$m/" p.tsv; } >$m.tsv; done
run mc-compare $options m2.tsv m0.tsv m1.tsv
ok 'three files in any order, the same bytes' cmp one out
run mc-compare $options - <p.tsv
ok 'standard input, the same bytes' cmp one out

# first METRIC: that row of m0 and m1, without what its family decides.
first() { awk -F'\t' -v m="$1" '$3 == "" && $4 == m && $8 ~ /m1/' |
    cut -f 1-15,19-24; }
first accuracy <one >wanted
mc-compare --metrics accuracy m0.tsv m1.tsv | first accuracy >got
ok 'a comparison does not depend on what else is compared' cmp got wanted
mc-compare --reference m1/frozen m0.tsv m1.tsv | first accuracy >got
ok 'nor on how the pair was asked for' cmp got wanted

# --- What must hold ---------------------------------------------------------
for i in 1 2 3 4 5 6 7 8 9; do
	mc-compare --seed $i $options p.tsv
done | awk -F'\t' '$13 == "percentile" || $13 == "welch" {
	n++
	bad += ($10 > 1e-12 || $11 < -1e-12) != ($15 <= 0.05)
	some += $15 <= 0.05
} END { print n, bad + 0, (some > 0 && some < n) }' >got
is_file got 'p is at most 0.05 exactly where the interval leaves 0 out' <<'END'
432 0 1
END

# Two arms right on 70 and 84 of 100 patients; the second is right where the
# first is: their intervals overlap, and the difference is real.
awk 'BEGIN {
	OFS = "\t"
	print "arm", "id", "label", "predicted"
	for (i = 0; i < 100; i++) {
		print "a", i, "x", (i < 73 ? "x" : "y")
		print "b", i, "x", (i < 82 ? "x" : "y")
	}
}' >overlap.tsv
mc-bootstrap --classes x,y --metrics accuracy overlap.tsv |
    awk -F'\t' 'NR == 2 { hi = $15 } NR == 3 { print (hi > $14) }' >got
mc-compare --classes x,y overlap.tsv |
    awk -F'\t' 'NR == 2 { print ($15 < 0.01) }' >>got
is_file got 'intervals that overlap do not make two arms equal' <<'END'
1
1
END

sed 's,m0/frozen,same/frozen,' m0.tsv >same.tsv
run mc-compare --metrics accuracy,auroc m0.tsv same.tsv
cut -f 9-11,13-15 out | sed 1d >got
is_file got 'an arm against itself' <<'END'
0			none	permutation	1
0			none	permutation	1
END
run mc-compare --test delong --metrics auroc m0.tsv same.tsv
cut -f 9-11,13-15 out | sed 1d >got
is_file got 'and by DeLong' <<'END'
0			none	obuchowski	1
END
run mc-compare --test permutation --metrics accuracy m0.tsv same.tsv
ok 'and by permutation' test "$(cut -f 15 out | sed 1d)" = 1
# --- Where the bootstrap says nothing ----------------------------------------
# toy PATIENTS IMAGES A B: arms right on A and B of all images, by their number.
toy() {
	awk -v n="$1" -v m="$2" -v a="$3" -v b="$4" 'BEGIN {
		OFS = "\t"
		print "arm", "id", "group", "label", "predicted"
		for (i = 0; i < n * m; i++) {
			print "a", i, "p" int(i / m), "x", (i < a ? "x" : "y")
			print "b", i, "p" int(i / m), "x", (i < b ? "x" : "y")
		}
	}'
}
claims() { cut -f 10,11,13-15 out | sed 1d; }
toy 1 6 6 5 >toy.tsv
run mc-compare --classes x,y --margin 0.02 toy.tsv
claims >got
is_file got 'one patient: the exact permutation, and no claim' <<'END'
		none	exact permutation	1
		none	noninferiority bootstrap	
		none	equivalence bootstrap	
END
ok 'and the note says so' grep -q \
    'no interval: the bootstrap interval has no width; few units' out
toy 3 1 3 0 >toy.tsv
run mc-compare --classes x,y --margin 0.02 toy.tsv
claims | awk '{ print $3, $4, $5 < 0.9 ? int(1000 * $5 + 0.5) : "-" }' \
    FS='\t' >got
is_file got 'three images, three discordant: McNemar 1/4, Tango as scored' <<'END'
tango mcnemar 250
tango noninferiority mcnemar 39
tango equivalence mcnemar -
END
for method in bootstrap permutation mcnemar; do
	toy 30 1 30 30 >toy.tsv
	run mc-compare --classes x,y --margin 0.02 --test $method toy.tsv
	claims | awk -F'\t' '{ printf "%.3f %s %.3f\n", $2, $3, $5 }' >got
	is_file got "two arms without a fault on 30 images: $method" <<'END'
0.114 tango 1.000
0.114 tango 0.217
0.114 tango 0.217
END
done
toy 30 2 60 60 >toy.tsv
for method in bootstrap permutation; do
	run mc-compare --classes x,y --margin 0.02 --test $method toy.tsv
	claims >got
	is_file got "on two images of each patient: $method" <<'END'
		none	permutation	1
		none	noninferiority bootstrap	
		none	equivalence bootstrap	
END
done
for method in bootstrap permutation mcnemar; do
	run mc-compare --classes x,y --margin 0.02 --test $method \
	    --metrics recall:class --unit image toy.tsv
	awk -F'\t' '$6 == "y" { print $13, $15, $16 }' out >got
	is_file got "of a class without images nothing is claimed: $method" <<'END'
none  
none  
none  
END
	ok 'since 0/0 is no value' grep -q 'no interval: 0/0 is undefined' out
done
# Twenty patients, who make an interval: a difference, but no claim.
toy 20 2 37 30 >toy.tsv
run mc-compare --classes x,y --margin 0.05 toy.tsv
cut -f 13-15 out | awk -F'\t' 'NR > 1 { print $1, $2, $3 != "" }' >got
is_file got 'twenty patients are too few for a claim by the bootstrap' <<'END'
percentile bootstrap 1
percentile noninferiority bootstrap 0
percentile equivalence bootstrap 0
END
ok 'and the note says so' grep -q 'too few units for a claim about the margin' out
run mc-compare --metrics ece p.tsv
cut -f 10,13,14 out | sed -n 2p >got
is_file got 'biased replicates make no interval' <<'END'
	none	permutation
END

# Other folds of the second arm: neither replicates nor permutations serve.
awk -F'\t' -v OFS='\t' '$2 == "m2/frozen" { next } {
    f = int(substr($7, 2) / ($2 == "m0/frozen" ? 2 : 4)) % 2 + 1
    print $0, (NR == 1 ? "fold" : f) }' \
    p.tsv >apart.tsv
run mc-compare --folds pool --metrics ece apart.tsv
cut -f 10,11,13-16,21,22 out | sed 1d >got
is_file got 'an error of calibration over other folds has no test' <<'END'
		none					
END
ok 'and the note says why' grep -q \
    'no interval: bootstrap replicates of this metric are biased; no p: arms with different folds cannot be exchanged$' out

# --- Gaps ---------------------------------------------------------------------
# What stands of a gap when the subgroups change their names, but the sign.
turned() {
	awk -F'\t' '$3 ~ / - / { s = $3 ~ /=A/ ? 1 : -1
	    lo = s > 0 ? $10 : -$11
	    printf "%.9f %.9f %s %s %.9f %s\n", s * $9, lo, $13, $14, $15, $24 }'
}
seeds 3 | awk -F'\t' -v OFS='\t' '$2 != "m1/frozen" {
    $12 = NR == 1 ? "sub" : substr($7, 2) < 40 ? "A" : "B"; print }' >first.tsv
sed 's/	A$/	Z/; s/	B$/	A/' first.tsv | sed 's/	A$/	M/; s/	Z$/	N/' >names.tsv
sed 's/	M$/	B/; s/	N$/	A/' names.tsv >same.tsv
ok 'the names go round' cmp -s first.tsv same.tsv
sed 's/	A$/	Z/' first.tsv >last.tsv
for of in '' '--test permutation' '--test delong --metrics auroc'; do
	if [ "$of" ]; then
		for f in first last; do
			awk -F'\t' 'NR == 1 || $5 == 1' $f.tsv >$f.1.tsv
		done
	else
		cp first.tsv first.1.tsv
		cp last.tsv last.1.tsv
	fi
	mc-compare --positive sick --gaps --by sub $of first.1.tsv | turned >got
	mc-compare --positive sick --gaps --by sub $of last.1.tsv |
	    sed 's/sub=B - sub=Z/sub=B - sub=A/' |
	    awk -F'\t' -v OFS='\t' '{ sub(/sub=B - sub=A/, "B - A", $3); print }' |
	    turned >wanted
	ok "a name changes the sign of a gap and nothing else: ${of:-seeds}" \
	    cmp got wanted
	ok 'and there was one' test -s got
done
awk -F'\t' -v OFS='\t' '$7 ~ /[37]$/ { $12 = "" } 1' p.tsv >empty.tsv
run mc-compare --by sex --gaps empty.tsv
cut -f 3 out | sort -u >got
is_file got 'an empty field is no subgroup' <<'END'

sex=F
sex=F - sex=M
sex=M
subgroup
END
is_file err 'and is counted' <<'END'
mc-compare: --by: 72 of 360 rows have an empty "sex", and are in no subgroup
END
awk -F'\t' '$3 ~ / - / { print $18 }' out | sort -u >got
is_file got 'nor a test' <<'END'
1
END

# Of ten patients five are in A, and all and no others are right: 2 of the 252
# ways to deal them out are as far apart.  4999 draws: 0.0013 standard error.
toy 10 1 5 5 | awk -F'\t' -v OFS='\t' '{
    print $0, (NR == 1 ? "side" : $2 < 5 ? "A" : "B") }' >toy.tsv
run mc-compare --classes x,y --gaps --by side --test permutation toy.tsv
awk -F'\t' '$3 ~ / - / { print $14, ($15 - 2 / 252) ^ 2 < 0.0063 ^ 2 }' out >got
is_file got 'each way to deal out the patients of a gap is as likely' <<'END'
permutation 1
permutation 1
END

# Two patients of c in each subgroup, right in F and wrong in M: dealt out anew
# they fall so, or the other way round, in 13 % of all ways; a variance from two
# equal values is 0, and a t test has no doubt.
awk 'BEGIN { OFS = "\t"; print "arm", "id", "group", "sex", "label", "predicted"
	for (i = 0; i < 100; i++) {
		label = i % 50 < 2 ? "c" : i % 50 < 26 ? "a" : "b"
		wrong = label == "c" ? i >= 50 : i % 50 < 4
		print "x", i, i, i < 50 ? "F" : "M", label,
		    wrong ? "b" : label
	} }' >macro.tsv
run mc-compare --gaps --by sex --metrics recall:macro,balanced_accuracy macro.tsv
awk -F'\t' '$3 ~ / - / { print $14, ($15 > 0.05 && $15 < 0.15), $10 }' out |
    uniq >got
is_file got 'the rarest class decides on a plain mean over classes' <<'END'
permutation 1 
END
awk -F'\t' '$3 ~ / - / { print $15 }' out | uniq | wc -l | tr -d ' ' >got
is_file got 'and balanced accuracy is one' <<'END'
1
END

# --- Seeds --------------------------------------------------------------------
# The first seed predicts the class three times as often as the others.
awk 'BEGIN { OFS = "\t"; print "arm", "train_seed", "id", "label", "predicted"
	for (arm = 0; arm < 2; arm++)
		for (seed = 1; seed < 4; seed++)
			for (i = 0; i < 60; i++)
				print "m" arm, seed, i, i % 2 ? "a" : "b",
				    (i * 7 + arm * 3 + seed) % 10 < \
				    (seed == 1 ? 6 : 2) ? "a" : "b" }' >often.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 { $2 = 4 - $2 } 1' often.tsv >names.tsv
of='--positive a --metrics precision:positive'
mc-compare $of often.tsv >wanted
run mc-compare $of names.tsv
ok 'the names of seeds change nothing' cmp out wanted
cut -f 14 out >got
is_file got 'where their spread counts' <<'END'
test
seeds
END

# Each training finds all or none: patients say nothing, whatever seeds say.
awk 'BEGIN { OFS = "\t"; print "arm", "train_seed", "id", "label", "predicted"
	for (arm = 0; arm < 2; arm++)
		for (seed = 1; seed < 4; seed++)
			for (i = 0; i < 8; i++)
				print "m" arm, seed, i, "a",
				    (arm + seed > 3 ? "a" : "b") }' >whole.tsv
run mc-compare --classes a,b whole.tsv
awk -F'\t' 'NR > 1 { printf "%.3f %s%s%s %s %s\n", $9, $10, $11, $13, $14, $15 }' \
    out >got
is_file got 'equal replicates make no interval of seeds' <<'END'
-0.333 none  
END
ok 'and the note says so' grep -q 'no interval: all replicates are equal' out

# --- Families -----------------------------------------------------------------
run mc-compare --metrics recall:class p.tsv
cut -f 18 out | sed 1d | sort -u >got
is_file got 'both classes of three pairs are one family' <<'END'
6
END
# Ten patients with sick images, of which some replicates have none.
awk -F'\t' -v OFS='\t' 'NR > 1 && $9 == "sick" && substr($7, 2) > 14 {
    $9 = "well" } 1' p.tsv >rare.tsv
run mc-compare --metrics auroc --positive sick --adjust max-t --margin 0.05 \
    rare.tsv
cut -f 15-18 out | awk -F'\t' 'NR > 1 { print ($1 != ""), ($2 >= $1), $3, $4 }' \
    >got
is_file got 'max-T leaves single replicates out, and adjusts what has a p' <<'END'
1 1 max-t 3
0 1 none 
0 1 none 
1 1 max-t 3
0 1 none 
0 1 none 
1 1 max-t 3
0 1 none 
0 1 none 
END
run mc-compare --adjust max-t --margin 0.1 p.tsv
cut -f 15-18 out | awk -F'\t' 'NR > 1 { print ($1 != ""), ($2 >= $1 && $2 != ""),
    $3, $4 }' | sort | uniq -c >got
is_file got 'claims about the margin are families of max-T too' <<'END'
      9 1 1 max-t 3
END

# The Brier score of probabilities 0 and 1 is the rate of errors, of which less
# is better: what is claimed of it is claimed of the accuracy.
awk -F'\t' -v OFS='\t' 'NR > 1 { $10 = $10 > 0.5; $11 = 1 - $10 } 1' p.tsv \
    >sure.tsv
for metric in accuracy brier; do
	mc-compare --adjust max-t --metrics $metric --margin 0.1 sure.tsv |
	    awk -F'\t' 'NR > 1 { printf "%s %s %s %.9f %.9f\n", $7, $8, $14, $15,
	    $16 }' >$metric.got
done
ok 'max-T adjusts claims about a loss as those about its gain' \
    cmp accuracy.got brier.got
ok 'of three pairs' test "$(grep -c noninferiority brier.got)" -eq 3

awk -F'\t' -v OFS='\t' 'NR == 1 { print "task", "arm", "split", "id", "group",
    "label", "predicted"; next } { print $1, "hard", $6, $7, $8, $9, $9 }' \
    m0.tsv >hard.tsv
run mc-compare --metrics accuracy,auroc m0.tsv hard.tsv
is_rc 0 'an arm without p: columns'
ok 'has no AUROC to compare' grep -q \
    '"hard": undefined: it needs probabilities, and only classes are predicted' out

run mc-compare --metrics accuracy,auroc hard.tsv m0.tsv m1.tsv
grep '	m0/frozen	m1/frozen	' out | cut -f 4-15 >got
mc-compare --metrics accuracy,auroc m0.tsv m1.tsv |
    grep '	m0/frozen	m1/frozen	' | cut -f 4-15 >wanted
ok 'and takes none from the others' cmp got wanted
ok 'of which there are two rows' test "$(wc -l <got)" -eq 2

# --- Bad input --------------------------------------------------------------
bad() {
	status=$1 name=$2 message=$3
	shift 3
	run mc-compare "$@"
	fails "$status" "mc-compare: $message" "$name"
}
sed '/	i17	/d' m1.tsv >less.tsv
bad 1 'an arm with fewer images' \
    'm0.tsv:19: task "chest": arm "m1/frozen", seed 1 lacks 1 of the 120 images of arm "m0/frozen", seed 1, such as id "i17": arms must have the same images' \
    m0.tsv less.tsv
sed '/	i17	/d' m0.tsv >less.tsv
bad 1 'an arm with more images' \
    'm1.tsv:19: task "chest": arm "m0/frozen", seed 1 lacks 1 of the 120 images of arm "m1/frozen", seed 1, such as id "i17": arms must have the same images' \
    less.tsv m1.tsv
sed '/	i17	/s/	well	/	sick	/' m1.tsv >other.tsv
bad 1 'another label' \
    'other.tsv:19: column "label": "sick", but "well" at m0.tsv:19 for the same image "i17"' \
    m0.tsv other.tsv
sed '/	i17	/s/patient 8/patient 9/' m1.tsv >other.tsv
bad 1 'another group' \
    'other.tsv:19: column "group": "patient 9", but "patient 8" at m0.tsv:19 for the same image "i17"' \
    m0.tsv other.tsv
sed '/	i17	/s/F$/M/' m1.tsv >other.tsv
bad 1 'another value in a column of --by' \
    'other.tsv:19: column "sex": "M", but "F" at m0.tsv:19 for the same image "i17"' \
    --by sex m0.tsv other.tsv
bad 1 'a single arm' \
    'm0.tsv: task "chest" has only one arm, "m0/frozen": also give the predictions of another' \
    m0.tsv
cut -f 7-11 m0.tsv >nameless.tsv
sed 's/	m0	frozen	1	/	other	frozen	2	/' m0.tsv >again.tsv
bad 1 'seeds of one arm on two models' \
    'again.tsv:2: arm "m0/frozen" of task "chest" has model "other", but "m0" at m0.tsv:2: give each a name of its own in the column arm (mc-train --arm)' \
    m0.tsv again.tsv
awk -F'\t' -v OFS='\t' '{ print $0, (NR == 1 ? "weights" : "random") }' \
    m0.tsv >random.tsv
sed '1d; s/	random$/	aa/; s/	frozen	1	/	frozen	2	/' random.tsv |
    cat random.tsv - >again.tsv
bad 1 'seeds of one arm with two weights' \
    'again.tsv:122: arm "m0/frozen" of task "chest" has weights "aa", but "random" at again.tsv:2: give each a name of its own in the column arm (mc-train --arm)' \
    again.tsv m1.tsv
bad 1 'an arm without a name' \
    'nameless.tsv:2: column "arm": empty, and so are model and regime: name what is compared' \
    nameless.tsv
awk -F'\t' -v OFS='\t' '{ print $0, (NR == 1 ? "fold" : NR % 2 + 1) }' p.tsv >fold.tsv
bad 1 'folds' \
    'fold.tsv:3: task "chest", split "test" has folds "1" and "2": give --folds pool or --test corrected-t, or compare one at a time' \
    fold.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 { $6 = (NR % 4 < 2 ? "test" : "val") } 1' \
    fold.tsv >splits.tsv
bad 1 'folds of two splits' \
    'splits.tsv:105: task "chest", split "test" has folds "1" and "2": give --folds pool or --test corrected-t, or compare one at a time' \
    --friedman splits.tsv
awk -F'\t' -v OFS='\t' '{
	print $0, (NR == 1 ? "weights" : $NF == 2 ? "random" : "imagenet")
}' fold.tsv >unlike.tsv
bad 1 'folds that are no one arm' \
    'unlike.tsv:3: task "chest", split "test": --folds pool finds no other fold to pool with "2": the folds of an arm must agree in model, regime, features, train_seed, weights and train_share' \
    --folds pool unlike.tsv
awk -F'\t' -v OFS='\t' 'NR > 1 { $6 = substr($7, 2) % 4 < 2 ? "test" : "val" } 1' \
    p.tsv >splits.tsv
run mc-compare --metrics accuracy,auroc splits.tsv
sed 1d out >got
for split in test val; do
	awk -F'\t' -v s=$split 'NR == 1 || $6 == s' splits.tsv |
	    mc-compare --metrics accuracy,auroc | sed 1d
done >wanted
ok 'two splits are compared each by itself' cmp got wanted
ok 'in three pairs, of two metrics' test "$(wc -l <got)" -eq 12
run mc-compare --folds pool --metrics accuracy fold.tsv
cut -f 9-11 out >got
mc-compare --metrics accuracy p.tsv | cut -f 9-11 >wanted
ok 'pooled, they are the whole' cmp got wanted
bad 1 'five tasks' '--friedman needs 6 tasks and 3 arms, not 1 and 3' \
    --friedman p.tsv
sed '/^t3	m2/s/m2/mx/g' tasks.tsv >other.tsv
bad 1 'other arms in a task' \
    '--friedman ranks the same arms in every task, and task "t3" has no "m2/frozen"' \
    --friedman other.tsv

# --- Means over findings ------------------------------------------------------
# findings ARMS: finding C has no positive image; those of g1, and of M in D, are
# uncertain.
findings() {
	awk -v arms="$1" 'BEGIN { print "task\tarm\tid\tgroup\tlabel\tp:no\tp:yes\tsex"
	split("A B C D", name, " ")
	for (a = 0; a < arms; a++) for (f = 1; f <= 4; f++)
	for (g = 1; g <= 60; g++) for (i = 1; i < 3; i++) {
		if ((f == 2 && g == 1) || (f == 4 && g % 2 == 0)) continue
		y = f != 3 && (g * 7 + f * 3 + i) % (f + 3) == 0
		p = (y * 29 + g * 13 + i * 31 + f * 17 + a * (g * i % 19)) % 97 / 100
		printf "chest:%s\tm%d\ti%d_%d\tg%d\t%s\t%.2f\t%.2f\t%s\n", name[f],
		    a, g, i, g, y ? "yes" : "no", 1 - p, p, g % 2 ? "F" : "M" } }'
}
findings 2 >findings.tsv
means='mc-compare --mean-over-findings --positive yes --metrics auroc,recall:positive,accuracy'
run $means --by sex findings.tsv
is_rc 0 'means over findings'
cp out means.tsv
awk -F'\t' '$1 == "chest" { sub(/one training.*models, not about how they were trained/,
    "...", $28); print $3, $4, $7, $8, $14, $18, $23, $24, $28 }' out >got
is_file got 'come last, for all images and for subgroups' <<'END'
 auroc m0 m1 bootstrap 1 120 60 mean of 3 findings; left out, since undefined there: "C"; ...; few units: interval may be too narrow, and p may be too small
sex=F auroc m0 m1 bootstrap 2 60 30 mean of 3 findings; left out, since undefined there: "C"; ...; few units: interval may be too narrow, and p may be too small; the interval is not adjusted
sex=M auroc m0 m1 bootstrap 2 60 30 mean of 2 findings; left out, since undefined there: "C", "D"; ...; few units: interval may be too narrow, and p may be too small; the interval is not adjusted
 recall m0 m1 bootstrap 1 120 60 mean of 3 findings; left out, since undefined there: "C"; ...; few units: interval may be too narrow, and p may be too small
sex=F recall m0 m1 permutation 2 60 30 mean of 3 findings; left out, since undefined there: "C"; no interval: few units, and nearly all replicates equal, in "B"; ...; few units
sex=M recall m0 m1 bootstrap 2 60 30 mean of 2 findings; left out, since undefined there: "C", "D"; ...; few units: interval may be too narrow, and p may be too small; the interval is not adjusted
 accuracy m0 m1 bootstrap 1 120 60 mean of 4 findings; ...; few units: interval may be too narrow, and p may be too small
sex=F accuracy m0 m1 bootstrap 2 60 30 mean of 4 findings; ...; few units: interval may be too narrow, and p may be too small; the interval is not adjusted
sex=M accuracy m0 m1 bootstrap 2 60 30 mean of 3 findings; left out, since undefined there: "D"; ...; few units: interval may be too narrow, and p may be too small; the interval is not adjusted
END
mc-bootstrap --mean-over-findings --positive yes --by sex \
    --metrics auroc,recall:positive,accuracy findings.tsv >estimates.tsv
ok 'they are the differences of the means of mc-bootstrap' awk -F'\t' '
    NR == FNR { of[$1, $2, $9, $10] = $13; next }
    $1 == "chest" { d = $9 - (of[$1, $7, $3, $4] - of[$1, $8, $3, $4]); n++
	if (d < -1e-12 || d > 1e-12) exit 1 }
    END { exit n != 9 }' estimates.tsv means.tsv
mc-compare --positive yes --metrics auroc,recall:positive,accuracy --by sex findings.tsv >alone.tsv
grep -v '^chest	' means.tsv >got
ok 'and change no other row' cmp got alone.tsv
awk -F'\t' -v OFS='\t' '$2 == "m1" { $7 ^= 3; $6 = 1 - $7 } 1' findings.tsv >cubes.tsv
for f in findings cubes; do
	run $means --metrics auroc --test permutation $f.tsv
	awk -F'\t' '$1 == "chest" { print $9, $15 }' out >$f.auroc
done
ok 'exchanges are of ranks: what keeps them changes no p' test -s cubes.auroc -a \
    "$(cat cubes.auroc)" = "$(cat findings.auroc)"
{ head -n 1 findings.tsv; sed 1d findings.tsv | sort -t '	' -k 3,3r; } >rows.tsv
run $means --by sex --threads 1 rows.tsv
ok 'neither the order of rows nor threads change them' cmp out means.tsv
findings 3 >three.tsv
run $means three.tsv
grep '^chest	.*	m0	m1	' out | cut -f 1-15 >got
grep '^chest			.*	m0	m1	' means.tsv | cut -f 1-15 >wanted
ok 'nor does another arm' cmp got wanted
ok 'of which there are three' test "$(wc -l <got)" -eq 3
cut -f 1,18 out | grep '^chest	' | uniq >got
is_file got 'they are a family of their own' <<'END'
chest	3
END
awk -F'\t' -v OFS='\t' 'NR > 1 { $1 = $1 == "chest:A" ? "chest" : 0 } $1' three.tsv >plain.tsv
run $means three.tsv plain.tsv
cut -f 1,18 out | grep '^chest	' | uniq >got
is_file got 'even beside a task of the same name' <<'END'
chest	3
END
run $means --family all findings.tsv
cut -f 18 out | sed 1d | sort | uniq -c >got
is_file got 'unless all tests are one' <<'END'
      2 
     13 13
END
run $means --adjust max-t --margin 0.05 three.tsv
awk -F'\t' '$1 == "chest" { print $4, $14, $17, ($16 >= $15 && ($15 != "") == ($16 != "")) }' \
    out | sort -u >got
is_file got 'max-T and margins' <<'END'
accuracy bootstrap max-t 1
accuracy equivalence bootstrap none 1
accuracy noninferiority bootstrap none 1
auroc bootstrap max-t 1
auroc equivalence bootstrap none 1
auroc noninferiority bootstrap none 1
recall bootstrap max-t 1
recall equivalence bootstrap none 1
recall noninferiority bootstrap none 1
END
sed 's/	m0	/	m9	/' findings.tsv >turned.tsv
run $means turned.tsv
awk -F'\t' '$1 == "chest" { printf "%s %.9f %.9f %.9f %s\n", $4, -$9, -$11, -$10, $15 }' out >got
awk -F'\t' '$1 == "chest" && $3 == "" { printf "%s %.9f %.9f %.9f %s\n", $4, $9, $10, $11, $15 }' means.tsv >wanted
ok 'the order of the arms is the sign' cmp got wanted
sed -n 's/	m0	/	m1	/p' findings.tsv | cat - findings.tsv |
    awk -F'\t' 'NR == 1 { head = "task\tarm" } $1 == "task" { print > "equal.tsv"; next }
	!seen[$1, $2, $3]++ { print > "equal.rows" }'
cat equal.rows >>equal.tsv
run $means equal.tsv
awk -F'\t' '$1 == "chest" { print $4, $9, $10, $13, $14, $15 }' out >got
is_file got 'equal arms differ by 0 exactly' <<'END'
auroc 0  none permutation 1
recall 0  none permutation 1
accuracy 0  none permutation 1
END
ok 'of which replicates say nothing' grep -q \
    '^chest	.*no interval: few units, and nearly all replicates equal, in "B", "D";' out
run $means --metrics ece findings.tsv
awk -F'\t' '$1 == "chest" { print $10 $13, $14, ($15 > 0), $28 }' out >got
ok 'as of biased replicates' grep -q '^none permutation 1 mean of 4 findings; .*replicates of this metric are biased' got
# rare IMAGES OTHERS FIRST MANY: of findings X and Y, of IMAGES, X is in 4, of
# which m0 finds all and m1 none; Y in OTHERS, from FIRST on, likewise, and
# unless MANY is 0 in MANY more, of which each arm finds some.
rare() {
	awk -v n="$1" -v others="$2" -v first="$3" -v many="$4" 'BEGIN {
	OFS = "\t"; print "task", "arm", "id", "label", "p:no", "p:yes"
	for (a = 0; a < 2; a++) for (f = 0; f < 2; f++) for (i = 1; i <= n; i++) {
		y = f == 0 ? i <= 4 : i >= first && i < first + others + many
		p = y ? (a == 0 ? 0.9 : 0.1) : 0.2
		if (f == 1 && i >= first + others)
			p = i * (a + 3) % 7 / 10
		print "c:" (f ? "Y" : "X"), "m" a, "i" i, y ? "yes" : "no",
		    1 - p, p } }'
}
mean_row() { awk -F'\t' '$1 == "c" { print $9, $10 $11, $13, $14, $15 }' out; }
recall='mc-compare --mean-over-findings --positive yes --metrics recall:positive'
rare 12 3 5 0 >rare.tsv
run $recall rare.tsv
mean_row >got
is_file got 'few patients who agree: all 2^12 exchanges, of 7 patients who matter' <<'END'
1  none exact permutation 0.015625
END
ok 'and the note names their findings' grep -q \
    'no interval: few units, and nearly all replicates equal, in "X", "Y";' out
rare 12 4 1 0 >same.tsv
run $recall same.tsv
mean_row >got
is_file got 'a patient changes arms in all findings at once' <<'END'
1  none exact permutation 0.125
END
rare 100 0 11 80 >mixed.tsv
run $recall mixed.tsv
mean_row | cut -d ' ' -f 2-4 >got
is_file got 'one such finding takes the interval from the mean' <<'END'
 none permutation
END
ok 'and is named' grep -q 'equal, in "X";' out
run $recall --margin 0.05 mixed.tsv
awk -F'\t' '$1 == "c" { print $14, ($15 > 0) }' out >got
is_file got 'and its claims' <<'END'
permutation 1
noninferiority bootstrap 0
equivalence bootstrap 0
END
run $recall --test permutation mixed.tsv
mean_row | cut -d ' ' -f 2-4 >wanted
is_file wanted 'a mean has the permutation test by name also' <<'END'
 none permutation
END
awk -F'\t' '!($1 == "c:X" && $2 == "m1" && $4 == "yes")' mixed.tsv |
    awk -F'\t' -v OFS='\t' '{ print } $1 == "c:X" && $2 == "m0" && $4 == "yes" {
	$2 = "m1"; print }' >alike.tsv
run $recall alike.tsv
ok 'equal arms in one are no better' grep -q 'equal, in "X";' out
awk -F'\t' -v OFS='\t' '$1 == "c:X" && $3 ~ /^i[1-4].?$/ { $4 = "yes"
    $5 = 0.1; $6 = 0.9 } 1' alike.tsv >many.tsv
run $recall many.tsv
mean_row | awk '{ print ($2 != ""), $3, $4 }' >got
is_file got 'many patients who agree are known' <<'END'
1 percentile bootstrap
END
for s in 1 2 3; do awk -F'\t' -v OFS='\t' -v s=$s 'NR > 1 || s == 1 {
    print $0, NR == 1 ? "train_seed" : s }' mixed.tsv; done >trained.tsv
awk -F'\t' -v OFS='\t' '$1 == "c:Y" && $7 == 2 && $2 == "m0" { $6 = ($6 + 0.05) % 1
    $5 = 1 - $6 } 1' trained.tsv >apart.tsv
run $recall apart.tsv
mean_row | cut -d ' ' -f 2- >got
is_file got 'with several seeds there is no test' <<'END'
 none  
END
ok 'and the note says why' grep -q \
    'no p: the permutation test is for one training seed of each arm' out
sed 's/chest://' findings.tsv >bare.tsv
run $means bare.tsv
ok 'tasks without a name before the colon have one mean' test \
    "$(cut -f 1 out | grep -c '^$')" -eq 3
bad 1 'no findings' \
    '--mean-over-findings: no two tasks with the classes no and yes are findings of one task, as in chest:Mass and chest:Nodule' \
    --mean-over-findings p.tsv
sed '/chest:B	m2/d' three.tsv >less.tsv
bad 1 'an arm without a finding' \
    'less.tsv: task "chest:B" does not have the same arms and training seeds as task "chest:A": give predictions of all findings, or leave out --mean-over-findings' \
    --mean-over-findings less.tsv
sed '/chest:B	m1	i9_/d' findings.tsv >less.tsv
bad 1 'a finding of other images in one arm' \
    'less.tsv:136: task "chest:B": arm "m1" lacks 2 of the 118 images of arm "m0", such as id "i9_1": arms must have the same images: if these are uncertain findings, train both arms with the same mc-train --uncertain' \
    --mean-over-findings less.tsv
sed '/chest:B	m1	i[89]_/s/	no	/	yes	/' findings.tsv >other.tsv
bad 1 'a finding of other labels in one arm' \
    'other.tsv:552: task "chest:B": label "yes", but "no" at other.tsv:134 for the same image "i8_1"; labels that differ: 3 of 118: if these are uncertain findings, train both arms with the same mc-train --uncertain' \
    --mean-over-findings other.tsv
bad 2 'another test' \
    '--test delong has no mean over findings: with --mean-over-findings use bootstrap or permutation' \
    --mean-over-findings --test delong findings.tsv
bad 2 'strata of one finding' \
    '--stratify draws within the classes of one task: it cannot be given with --mean-over-findings' \
    --mean-over-findings --stratify findings.tsv
bad 2 'gaps' \
    '--gaps compares subgroups within one task: it cannot be given with --mean-over-findings' \
    --mean-over-findings --gaps --by sex findings.tsv

# --- Usage ------------------------------------------------------------------
for option in '--replicates 999' '--seed 1' --stratify; do
	bad 2 "$option with McNemar" \
	    "${option%% *}: --test mcnemar draws no replicates: leave it out" \
	    --test mcnemar $option lone.tsv
	bad 2 "$option with DeLong" \
	    "${option%% *}: --test delong draws no replicates: leave it out" \
	    --test delong --metrics auroc $option lone.tsv
done
bad 2 'McNemar with groups' \
    '--test mcnemar is for independent images, and some are of one group: use permutation' \
    --test mcnemar p.tsv
bad 2 'McNemar of F1' \
    '--test mcnemar is for accuracy, and recall and specificity of a class, not for "f1"' \
    --test mcnemar --metrics f1 lone.tsv
# Of one arm in folds and one without, whichever is called first.
awk -F'\t' -v OFS='\t' '$2 == "m2/frozen" { next }
    NR > 1 && $2 == "m0/frozen" { $NF = "" } 1' fold.tsv >half.tsv
sed 's/	m0/	m9/' half.tsv >turned.tsv
for f in half turned; do
	bad 2 "DeLong of folds: $f" \
	    '--test delong is for one ranking of all images, and the AUROC of "m1/frozen" is the mean over folds: use bootstrap' \
	    --test delong --folds pool --metrics auroc:macro $f.tsv
done
bad 2 'DeLong of accuracy' \
    '--test delong is for the auroc of a class, not for "accuracy"' \
    --test delong p.tsv
for method in permutation delong mcnemar; do
	bad 2 "$method with several seeds" \
	    "--test $method compares single training runs, and \"m0/frozen\" has 3 training seeds: use bootstrap" \
	    --test $method seeds.tsv
done
bad 2 'max-T with several seeds' \
    '--adjust max-t ignores the spread between training seeds, and "m0/frozen" has 3: use holm' \
    --adjust max-t seeds.tsv
bad 2 'max-T of a permutation' \
    '--adjust max-t needs --test bootstrap and --family metric' \
    --adjust max-t --test permutation p.tsv
bad 2 'gaps without subgroups' '--gaps compares the subgroups of --by' \
    --gaps p.tsv
bad 2 'gaps by McNemar' \
    '--gaps: subgroups have different images, which --test mcnemar cannot compare: use permutation' \
    --gaps --by sex --test mcnemar lone.tsv
bad 2 'an unknown reference' \
    '--reference: task "chest" has no arm "m9"' --reference m9 p.tsv
bad 2 'pairs and a reference' '--pairs and --reference: give one of them' \
    --pairs all --reference m0/frozen p.tsv
bad 2 'too few replicates' \
    '--replicates: 100 are too few for level 0.95: give 399 or more' \
    --replicates 100 p.tsv
bad 2 'Friedman of a class' \
    '--friedman: "recall" is of one class, which differs between tasks: use a mean over classes' \
    --friedman --positive sick --metrics recall:positive tasks.tsv
bad 2 'no margin' \
    '--margin: 0 is not between 1e-09 and 1e+09 (see mc-compare --help)' \
    --margin 0 p.tsv

mc-compare p.tsv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-compare: standard output: cannot write: No space left on device' \
    'a full disk'
mc-compare -o gone.tsv --reference m9 p.tsv 2>err
ok 'a failed run leaves no file' test ! -e gone.tsv

# --- The manual's examples --------------------------------------------------
cp p.tsv predictions.tsv
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-compare.1" >examples.sh
ok 'the examples of the manual run' sh -e examples.sh
ok 'they were more than three' test "$(wc -l <examples.sh)" -gt 3
ok 'and left both tables' test "$(grep -c bottomrule table.tex)" -eq 2

# --- Against others ---------------------------------------------------------
for what in $(choices mc-compare test) gaps adjust findings tasks; do
	"$PYTHON3" "$abs_srcdir/tests/stats/comparisons.py" \
	    "$abs_builddir/tests/stats/inside" $what >log 2>&1
	case $? in
	0) pass "against others: $what ($(tail -n 1 log))" ;;
	77) skip "against others: $what" "$(tail -n 1 log)" ;;
	*) fail "against others: $what" log ;;
	esac
done

done_testing
