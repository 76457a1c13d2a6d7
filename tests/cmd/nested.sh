#!/bin/sh
# mc-split --outer: the training part of a fold, which is divided again.
. "$abs_srcdir/tests/tap.sh"

see='(see mc-split --help)'

# 120 patients of one to three images, some of which have copies.
awk 'BEGIN { print "id\tlabel\tgroup\tsha256"
	for (g = 0; g < 120; g++) for (k = 0; k <= g % 3; k++)
		printf "i%d_%d\t%s\tp%d\t%064d\n", g, k, \
		    g % 7 < 2 ? "sick" : "well", g, \
		    g % 20 == 5 && k == 0 ? 9000 : g * 10 + k }' >m.tsv
mc-split --ratio train=80,test=20 m.tsv |
    mc-split --folds 4 --keep test -o outer.tsv

# --- what is left --------------------------------------------------------------
for k in 1 2 3 4; do
	run mc-split -v --outer $k --folds 3 outer.tsv
	is_rc 0 "the training part of fold $k"
	cp out inner$k.tsv
	awk -F '\t' -v k=$k 'NR == 1 || ($5 != "test" && $7 != k)' outer.tsv |
	    cut -f 1-6 >wanted
	cut -f 1-6 out >got
	ok "has the rows of the other folds, in their order" cmp wanted got
	awk -F '\t' -v k=$k 'NR > 1 { if ($5 == "test") t++
		else if ($7 == k) f++; else n++ }
		END { printf "mc-split: left out: %d rows of fold %d, %d of the split test\n", f, k, t
		print "mc-split: " n " images" }' outer.tsv >wanted
	grep -e ' left out: ' -e ' images in ' err | sed 's/ in [0-9]* units.*//' >got
	ok "and -v counts the others" cmp wanted got
	ok "it has three folds" test "$(sed 1d out | cut -f 7 | sort -u |
	    tr '\n' ' ')" = '1 2 3 '
	run mc-split --check inner$k.tsv
	is_rc 0 "which share no patient and no copy"
	ok "nor any with the fold that was left out" awk -F '\t' -v k=$k '
		FNR == 1 { next }
		FNR == NR { unit[$6]; bytes[$4]; next }
		$7 == k && ($6 in unit || $4 in bytes) { exit 1 }' \
	    inner$k.tsv outer.tsv
done
ok "copies were in the test" awk -F '\t' 'NR > 1 && $3 != $6 { n++ }
	END { exit n < 3 }' outer.tsv
run mc-split --outer 2 --folds 3 outer.tsv
ok "the same bytes again" cmp inner2.tsv out
{ head -n 1 outer.tsv; sed 1d outer.tsv | sort -r; } >reversed.tsv
mc-split --outer 2 --folds 3 reversed.tsv | sort >got
sort inner2.tsv >wanted
ok "and from another order of rows" cmp wanted got
awk -F '\t' 'NR == 1 || ($5 != "test" && $7 != 2)' outer.tsv |
    mc-split --folds 3 -o awk.tsv
ok "as if the other rows had never been there" cmp inner2.tsv awk.tsv
mc-split --outer 2 --folds 3 --seed 2 outer.tsv >got
ok "another seed, other folds" sh -c '! cmp -s got inner2.tsv'

# --- the other ways to divide --------------------------------------------------
run mc-split --outer 3 --ratio train=75,val=25 outer.tsv
is_rc 0 "--ratio"
cut -f 7 out | sort -u | tr '\n' ' ' >got
ok "leaves the outer folds" test "$(cat got)" = '1 2 4 fold '
run mc-split --outer 3 --shares 25,50 outer.tsv
cp out shares.tsv
ok "--shares" test "$(sed 1d out | cut -f 8 | sort -u | tr '\n' ' ')" = \
    '100 25 50 '
run mc-split --check shares.tsv
is_rc 0 "of whole patients"
awk -F '\t' -v OFS='\t' '{ print $0, NR == 1 ? "site" : $6 ~ /[02468]$/ ? "A" : "B" }' \
    outer.tsv | mc-split --outer 1 --leave-out site >sites.tsv
ok "--leave-out" test "$(sed 1d sites.tsv | cut -f 7,8 | sort -u |
    tr '\t\n' '- ')" = '1-A 2-B '

awk -F '\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i }
	NR > 1 && NR % 2 && $c["fold"] != "" { $c["fold"] = $c["fold"] ".0" } 1' \
    outer.tsv >pandas.tsv
mc-split --outer 2 --folds 3 outer.tsv | cut -f 1 >wanted
run mc-split --outer 2 --folds 3 pandas.tsv
ok "fold 2.0 is fold 2" sh -c 'cut -f 1 out | cmp - wanted && test -s wanted'

# --- what is refused -------------------------------------------------------------
run mc-split --outer 5 --folds 3 outer.tsv
fails 1 'mc-split: outer.tsv: --outer 5: no row outside the test split has this fold' \
    "no such fold"
run mc-split --outer 1 --folds 3 m.tsv
fails 1 'mc-split: m.tsv:1: no column "fold"; columns are: id, label, group, sha256' \
    "no folds"
awk -F '\t' 'NR == 1 || $7 == 2' outer.tsv >lone.tsv
run mc-split --outer 2 --folds 3 lone.tsv
fails 1 'mc-split: lone.tsv: --outer 2: all rows outside the test split have this fold: none is left to divide' \
    "one fold alone"
awk -F '\t' -v OFS='\t' '$5 == "train" && !n++ { $7 = "" } 1' outer.tsv >gap.tsv
line=$(awk -F '\t' '$5 == "train" { print NR; exit }' outer.tsv)
run mc-split --outer $(($(sed -n ${line}p outer.tsv | cut -f 7) % 4 + 1)) \
    --folds 3 gap.tsv
is_rc 1 "a row without a fold, or one of a patient in another"
printf 'id\tlabel\tgroup\tfold\na\tx\tp\t1\nb\tx\tq\t2\nc\tx\tp\t2\n' >torn.tsv
run mc-split --outer 1 --folds 2 torn.tsv
fails 1 'mc-split: torn.tsv:4: group "p" is in fold "2", but in "1" in line 2 (1 such case): a model would be trained on one and tested on the other: make the folds again (mc-split --folds)' \
    "a patient of two folds"
printf 'id\tlabel\tgroup\tfold\na\tx\tp\t1\nb\tx\tq\t2\nc\tx\tr\t\n' >empty.tsv
run mc-split --outer 1 --folds 2 empty.tsv
fails 1 'mc-split: empty.tsv:4: column "fold": empty, and the split is not test: give all other rows a fold (mc-split --folds)' \
    "a fold that is empty"
run mc-split --outer 1 outer.tsv
fails 2 "mc-split: give --ratio, --counts, --folds, --leave-out, --shares, --keep all or --check $see" \
    "--outer alone"
run mc-split --outer 1 --check outer.tsv
fails 2 "mc-split: --outer takes rows to divide: give it without --check $see" \
    "--check"
run mc-split --outer 1 --hash --folds 3 outer.tsv
is_rc 2 "--hash"

done_testing
