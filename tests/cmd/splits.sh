#!/bin/sh
# mc-split: numbers of images, strata of several columns, a fold per site.
. "$abs_srcdir/tests/tap.sh"

see='(see mc-split --help)'

# 400 patients of one to three images at three sites.
awk 'BEGIN { print "id\tlabel\tgroup\tsite\tsex"
	for (g = 0; g < 400; g++) for (k = 0; k <= g % 3; k++)
		printf "i%d_%d\t%s\tp%d\t%s\t%s\n", g, k, \
		    g % 7 < 2 ? "sick" : "well", g, substr("ABC", \
		    1 + (g % 10 > 4) + (g % 10 > 7), 1), \
		    g % 11 < 6 ? "F" : "M" }' >m.tsv
rows=$(($(wc -l <m.tsv) - 1))

# --- counts ------------------------------------------------------------------
run mc-split --counts train,val=100,test=200 m.tsv
is_rc 0 "counts"
ok "no message" test ! -s err
cp out counts.tsv
sed 1d out | cut -f 6 | sort | uniq -c | sed 's/^ *//' >got
printf '200 test\n%d train\n100 val\n' $((rows - 300)) >wanted
ok "exactly so many images, and the rest" cmp wanted got
mc-split --ratio train=$((rows - 300)),val=100,test=200 m.tsv >ratio.tsv
ok "which are shares of the whole" cmp ratio.tsv counts.tsv
run mc-split --counts rest,val=50 --keep test counts.tsv
ok "of the rows that are not kept" test \
    "$(cut -f 6 out | sort | uniq -c | tr -d '\n ')" = \
    "$((rows - 250))rest1split200test50val"
run mc-split --counts train,test=$rows m.tsv
fails 1 "mc-split: m.tsv: --counts: $rows images are asked for, and there are $rows: none is left for split \"train\"" \
    "more than there are"
usage() {
	message=$1 name=$2
	shift 2
	run mc-split "$@" m.tsv
	fails 2 "mc-split: $message $see" "$name"
}
rest='--counts: give one split without a number, which takes the rest: train,val=100,test=200'
usage "$rest" "no rest" --counts a=1,b=2
usage "$rest" "two rests" --counts a,b,c=2
usage "$rest" "the rest is kept" --counts a,b=2 --keep a
usage '--counts: b: "1.5" is not a whole number' "half an image" \
    --counts a,b=1.5
usage '--counts: "b" is given twice' "a name twice" --counts b,b=2
usage 'give --ratio or --counts, not both' "both" --counts a,b=2 --ratio a=1

# --- strata of several columns -----------------------------------------------
# uneven COLUMNS FILE: the largest deviation, in images, of a stratum of the awk
# expression COLUMNS in a split.
uneven() {
	awk -F '\t' 'NR > 1 { c = '"$1"'; n[c]++; k[c, $6]++ }
		END { split("train test", name, " "); share["train"] = 0.75
		share["test"] = 0.25
		for (c in n) for (i = 1; i <= 2; i++) {
			d = k[c, name[i]] - share[name[i]] * n[c]
			d = d < 0 ? -d : d; if (d > most) most = d }
		print most }' "$2"
}
run mc-split --ratio train=75,test=25 --stratify label,site,sex m.tsv
is_rc 0 "strata of three columns"
ok "no message" test ! -s err
for columns in '$2' '$4' '$5' '$2 $4 $5'; do
	uneven "$columns" out >got
	ok "each value of $columns has its share, to an image" \
	    awk '{ exit $1 > 1 }' got
done
mc-split --ratio train=75,test=25 m.tsv >label.tsv
uneven '$2 $4 $5' label.tsv >got
ok "which the label alone does not do" awk '{ exit $1 < 2 }' got
run mc-split --ratio a=1 --stratify label,label m.tsv
fails 2 "mc-split: --stratify: \"label\" is given twice $see" "a column twice"
run mc-split --ratio a=1 --stratify label,age m.tsv
fails 1 'mc-split: m.tsv:1: no column "age"; columns are: id, label, group, site, sex' \
    "a column that is not there"
awk -F '\t' -v OFS='\t' 'NR == 5 { $4 = "" } 1' m.tsv >gap.tsv
run mc-split --ratio a=1 --stratify label,site gap.tsv
fails 1 'mc-split: gap.tsv:5: column "site": empty (1 such row): fill it, or give --stratify none' \
    "an empty field"
run mc-split --multilabel --ratio a=1 --stratify label,site m.tsv
fails 2 "mc-split: --multilabel stratifies by the findings of one column $see" \
    "findings have one column"
sed '1s/site/a,b/' m.tsv >comma.tsv
run mc-split --ratio a=1 --stratify a,b comma.tsv
is_rc 0 "a column whose name has a comma"
mc-split --ratio train=1,test=1 --stratify site,sex m.tsv |
    mc-split --check --stratify site,sex - | sed 1d | cut -f 2 | sort -u |
    head -n 4 >got
is_file got "the audit counts each value and combination" <<'END'
sex=F
sex=M
site=A
site=A, sex=F
END

# --- a fold per site ---------------------------------------------------------
run mc-split -v --leave-out site m.tsv
is_rc 0 "--leave-out"
cut -f 4,6 out | sed 1d | sort -u >got
is_file got "each site is a fold, in byte order" <<'END'
A	1
B	2
C	3
END
printf 'mc-split: %s\n' "$rows images in 400 units, seed 1" >wanted
awk -F '\t' 'NR > 1 { n[$4]++ } END {
	for (i = 1; i <= 3; i++) { s = substr("ABC", i, 1)
	printf "mc-split: fold %d: site \"%s\", %d images\n", i, s, n[s] } }' \
    m.tsv >>wanted
ok "-v says which" cmp wanted err
run mc-split --leave-out site --keep test counts.tsv
ok "kept rows have no fold" awk -F '\t' 'NR > 1 && ($6 == "test") != ($7 == "") {
	exit 1 }' out
{ head -n 1 m.tsv; sed 1d m.tsv | sort -r; } >reversed.tsv
mc-split --leave-out site reversed.tsv | cut -f 4,6 | sed 1d | sort -u >again
ok "whichever comes first" cmp got again
awk -F '\t' -v OFS='\t' '$NF == "test" { $4 = n++ ? "Z" : "" } 1' counts.tsv >kept.tsv
run mc-split --leave-out site --keep test kept.tsv
is_rc 0 "a kept row may have no site, or one of its own"
ok "which are no folds" test "$(cut -f 7 out | sed 1d | sort -u | xargs)" = '1 2 3'
awk -F '\t' -v OFS='\t' 'NR == 1 || $3 == "p2" && !n++ { $4 = NR > 1 ? "B" : $4 } 1' \
    m.tsv >two.tsv
run mc-split --leave-out site two.tsv
fails 1 'mc-split: two.tsv:6: group "p2" is in site "A", but in "B" in line 5 (1 such case): one of them would be trained on and tested on: remove the rows of one side' \
    "a patient of two sites"
run mc-split --leave-out site gap.tsv
fails 1 'mc-split: gap.tsv:5: column "site": empty: fill it, or keep such rows (--keep)' \
    "an empty site"
grep -v '	[BC]	' m.tsv >one.tsv
run mc-split --leave-out site one.tsv
fails 1 'mc-split: one.tsv: --leave-out: column "site" has 1 value: it must have 2 to 1000' \
    "a single site"
run mc-split --leave-out age m.tsv
fails 1 'mc-split: m.tsv:1: no column "age"; columns are: id, label, group, site, sex' \
    "no such column"
usage '--leave-out makes the folds of all rows that are not kept: give it without --ratio, --counts and --folds' \
    "with --folds" --leave-out site --folds 3

done_testing
