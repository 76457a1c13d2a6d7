#!/bin/sh
# mc-split: whole groups, right shares, the same from any order of rows.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-split

# manifest GROUPS: a manifest with 1 to 6 images a group and four classes.
manifest() {
	awk -v groups="$1" 'BEGIN {
		print "id\tlabel\tgroup\tage"
		for (g = 0; g < groups; g++) {
			c = g % 20 < 11 ? "nv" : g % 20 < 16 ? "mel" : \
			    g % 20 < 19 ? "bkl" : "df"
			for (k = 0; k <= (g * 7 + 3) % 6; k++)
				printf "i%d_%d\t%s\tp %d\t%d\n", g, k, c, g, g % 80
		}
	}'
}
# torn COLUMN FILE: the groups with two values in the column, by number.
torn() {
	awk -F '\t' -v c="$1" 'NR > 1 { if (($3 in at) && at[$3] != $c) n++
		at[$3] = $c } END { print n + 0 }' "$2"
}

manifest 200 >m.tsv
run mc-split --ratio train=70,val=10,test=20 m.tsv
is_rc 0 "splits"
cp out s.tsv
is_golden s.tsv split.tsv "seed 1 divides as it always did"
ok "no message" test ! -s err
cut -f 1-4 s.tsv >rows
ok "the rows are those of the input, in its order" cmp rows m.tsv
ok "no group is torn" test "$(torn 5 s.tsv)" -eq 0
ok "every class has its shares to half an image" awk -F '\t' '
	NR > 1 { n[$2]++; k[$2, $5]++ }
	END { split("train val test", name, " "); share["train"] = 0.7
	share["val"] = 0.1; share["test"] = 0.2
	for (c in n) for (i = 1; i <= 3; i++) {
		d = k[c, name[i]] - share[name[i]] * n[c]
		if (d < -1 || d > 1) { print c, name[i], d; bad = 1 } }
	exit bad }' s.tsv
ok "each split has its share of the groups too" awk -F '\t' '
	NR > 1 && !($3 in seen) { seen[$3] = 1; n[$5]++ }
	END { exit n["train"] < 134 || n["train"] > 146 ||
	    n["val"] < 17 || n["val"] > 23 }' s.tsv

{ head -n 1 m.tsv; sed 1d m.tsv | sort -t "$(printf '\t')" -k 4,4n -k 1,1r
} >shuffled.tsv
run mc-split --ratio train=70,val=10,test=20 shuffled.tsv
sort out >a; sort s.tsv >b
ok "the order of the rows does not matter" cmp a b
run mc-split --ratio test=2,train=7,val=1 --seed 1 m.tsv
is_rc 0 "shares need not sum to 100"
run mc-split --ratio train=70,val=10,test=20 --seed 2 m.tsv
ok "another seed, another split" sh -c '! cmp -s out s.tsv'
run mc-split --ratio train=50,test=50 s.tsv
ok "a column that is there is filled in place" \
    test "$(head -n 1 out)" = "$(head -n 1 s.tsv)"
ok "and anew" sh -c '! grep -q "	val$" out'
run mc-split --ratio train=70,val=10,test=20 -v m.tsv
is_err "says what it did with -v" <<'EOF'
mc-split: 702 images in 200 units, seed 1
mc-split: splits: objective 0.001883
EOF

# --- folds and kept rows -----------------------------------------------------
run mc-split --folds 5 --keep test s.tsv
is_rc 0 "folds"
cp out f.tsv
ok "no group is in two folds" test "$(torn 6 f.tsv)" -eq 0
cut -f 1-5 f.tsv >rows
ok "the splits stay as they were" cmp rows s.tsv
ok "kept rows have no fold, others have" awk -F '\t' 'NR > 1 &&
	(($5 == "test") != ($6 == "")) { exit 1 }' f.tsv
ok "folds are equal" awk -F '\t' 'NR > 1 && $6 != "" { n[$6]++; all++ }
	END { for (k = 1; k <= 5; k++) if (n[k] < all / 5 - 1 ||
	n[k] > all / 5 + 1) exit 1 }' f.tsv
run mc-split --ratio train=80,test=20 --folds 4 m.tsv
ok "folds are equal in each split that is made" awk -F '\t' '
	NR > 1 { n[$5, $6]++; all[$5]++ }
	END { for (k = 1; k <= 4; k++) for (s in all) {
	d = n[s, k] - all[s] / 4; if (d < -2 || d > 2) exit 1 } }' out
run mc-split --ratio train=70,val=10,test=20 --keep test --seed 5 s.tsv
cp out k.tsv
grep '	test$' s.tsv >a
grep '	test$' k.tsv >b
ok "kept rows are kept, and no others come to them" cmp a b
ok "the others take the shares that are left" awk -F '\t' '
	NR > 1 { n[$5]++ } END { d = n["val"] / (n["val"] + n["train"]) - 1 / 8
	exit d < -0.005 || d > 0.005 }' k.tsv

# --- shares of the training rows ---------------------------------------------
# 220 patients of two images, two classes: 200 train, 10 validate, 10 test.
awk 'BEGIN { print "id\tlabel\tgroup\tsplit"
	for (g = 0; g < 220; g++) for (k = 0; k < 2; k++)
		printf "i%d_%d\t%s\tp%03d\t%s\n", g, k, g % 5 < 3 ? "a" : "b",
		    g, g < 200 ? "train" : g < 210 ? "val" : "test" }' >whole.tsv
run mc-split --shares 10,25,50,100 whole.tsv
is_rc 0 "shares"
ok "no message" test ! -s err
cp out shares.tsv
# Each class has 10, 15, 25 and 50 % of its images with each share.
sed 1d shares.tsv | cut -f 2,4,5 | sort | uniq -c | sed 's/^ *//' >got
is_file got "each class has exactly its shares, in the split train alone" <<'END'
12 a	test	
24 a	train	10
120 a	train	100
36 a	train	25
60 a	train	50
12 a	val	
8 b	test	
16 b	train	10
80 b	train	100
24 b	train	25
40 b	train	50
8 b	val	
END
ok "no group is in two shares" test "$(torn 5 shares.tsv)" -eq 0
run mc-split --shares 10,25,5e1 whole.tsv
ok "100 is added, and a number has one spelling" cmp out shares.tsv
{ head -n 1 whole.tsv; sed 1d whole.tsv | sort -k 2,2r -k 1,1r; } >shuffled.tsv
run mc-split --shares 10,25,50,100 shuffled.tsv
sort out >a; sort shares.tsv >b
ok "the order of the rows does not matter to shares" cmp a b
run mc-split --shares 10,25,50,100 --seed 2 shares.tsv
ok "a column share is filled in place" test "$(head -n 1 out)" = \
    "$(head -n 1 shares.tsv)"
ok "and with another seed anew" sh -c '! cmp -s out shares.tsv'
mc-split --folds 5 --keep test,val whole.tsv >folds.tsv
run mc-split --shares 10,25,50,100 folds.tsv
ok "with folds, the classes have exactly their shares too" awk -F '\t' '
	NR > 1 && $6 != "" { n[$2, $6]++ }
	END { exit n["a", 10] != 24 || n["a", 25] != 36 || n["a", 50] != 60 ||
	    n["b", 10] != 16 || n["b", 25] != 24 || n["b", 50] != 40 }' out
ok "and each fold, give or take a group" awk -F '\t' '
	NR > 1 && $6 != "" { n[$5, $6]++ }
	END { for (k = 1; k <= 5; k++) { if (n[k, 10] < 6 || n[k, 10] > 10 ||
	    n[k, 25] < 10 || n[k, 25] > 14 || n[k, 50] < 18 || n[k, 50] > 22)
		exit 1 } }' out
mc-split --folds 5 --keep test,val --shares 10,25,50,100 whole.tsv >a
ok "folds and shares in one go are the same" cmp a out
run mc-split --ratio train=80,test=20 --shares 20,100 m.tsv
ok "with --ratio the new split train has shares" awk -F '\t' '
	NR > 1 && ($5 == "train") != ($6 != "") { exit 1 }' out
run mc-split --check shares.tsv
is_rc 0 "--check passes shares"
awk 'BEGIN { FS = OFS = "\t" } NR == 2 { $5 = $5 == 10 ? 100 : 10 } 1' \
    shares.tsv >torn.tsv
run mc-split --check torn.tsv
ok "and sees a group in two" grep -q \
    '^mc-split: torn.tsv:3: group "p000" is in share .*(1 such case): divide the manifest with mc-split --shares$' err
{ cat whole.tsv; printf 'r%d\tc\tr%d\ttrain\n' 1 1 2 2 3 3; } >rare.tsv
run mc-split --shares 1,2,100 rare.tsv
is_err "a class that a share has none of is named" <<'END'
mc-split: rare.tsv: class "c" has 3 groups, and none in share 1, 2
END
run mc-split --shares 10 m.tsv
fails 1 'mc-split: m.tsv: --shares: no row is of the split train or has a fold: give --folds, or --ratio with a split train' \
    "shares of no rows"
run mc-split -q --ratio a=1,b=1 --shares 10 m.tsv
fails 1 'mc-split: m.tsv: --shares: no row is of the split train or has a fold: give --folds, or --ratio with a split train' \
    "shares of no split train"
head -n 4 whole.tsv >few.tsv
run mc-split --shares 10,25 few.tsv
fails 1 'mc-split: few.tsv: 2 groups cannot be divided into 3 shares' \
    "more shares than groups"

# --- the check ---------------------------------------------------------------
run mc-split --check s.tsv
is_rc 0 "--check passes what mc-split made"
is_golden out audit.tsv "and writes the audit"
mc-split --ratio train=70,val=10,test=20 m.tsv | run mc-split --check -
is_golden out audit.tsv "also from standard input"
printf 'id\tlabel\tgroup\tsplit\na\tx\tp 1\ttrain\nb\tx\tp\303\251\ttrain\nc\ty\tp 1\ttest\nd\ty\tp\303\251\ttest\n' >leak.tsv
run mc-split --check leak.tsv
head -n 1 err >first
is_file first "--check says how many images leak" <<'END'
mc-split: leak.tsv: 2 of 2 images of split "test" (100.0 %) share a group with split "train"
END
run mc-split -q --check leak.tsv
fails 1 'mc-split: leak.tsv:4: group "p 1" is in split "test", but in "train" in line 2 (2 such cases): divide the manifest with mc-split' \
    "--check names a group in two splits"
run mc-split --ratio train=1,val=1 --keep test leak.tsv
fails 1 'mc-split: leak.tsv:4: group "p 1" is in split "test", but in "train" in line 2 (2 such cases): it cannot be kept; remove the rows on one side, or split without --keep' \
    "--keep refuses it too"
run mc-split --shares 10,100 leak.tsv
fails 1 'mc-split: leak.tsv:4: group "p 1" is in split "test", but in "train" in line 2 (2 such cases): divide the manifest with mc-split' \
    "and so do shares"
printf 'id\tlabel\tgroup\tsplit\tsha256\na\tx\tp1\ttrain\taa\nb\tx\tp2\ttest\taa\n' >same.tsv
run mc-split --check same.tsv
fails 1 'mc-split: same.tsv:3: image "b" is in split "test", but the same bytes ("a", line 2) in "train" (1 such case): divide the manifest with mc-split' \
    "--check names identical bytes in two splits"
run mc-split --ratio train=1 --keep test same.tsv
fails 1 'mc-split: same.tsv:3: image "b" is in split "test", but the same bytes ("a", line 2) in "train" (1 such case): it cannot be kept; remove the rows on one side, or split without --keep' \
    "--keep refuses them too"
printf 'id\tlabel\tgroup\tsplit\tfold\na\tx\tp1\ttrain\t1\nb\tx\tp1\ttrain\t2\n' >fold.tsv
run mc-split -q --check fold.tsv
fails 1 'mc-split: fold.tsv:3: group "p1" is in fold "2", but in "1" in line 2 (1 such case): divide the manifest with mc-split' \
    "--check sees folds"
printf 'id\tlabel\tgroup\tsplit\tsha256\na\tx\tp1\ttrain\taa\nb\ty\tp1\ttrain\taa\n' >labels.tsv
run mc-split --check labels.tsv
is_err "--check warns of identical bytes with two labels" <<'EOF'
mc-split: labels.tsv:3: image "b" is labelled "y", but the same bytes ("a") are labelled "x" (1 such case)
EOF
is_rc 0 "which is no error"
printf 'id\tpath\tlabel\tgroup\tsplit\tsha256\na\tv#slice=axial:1\tx\tp1\ttrain\taa\nb\tv#slice=axial:2\ty\tp1\ttrain\taa\nc\tw#slice=axial:1\ty\tp1\ttrain\taa\n' >slices.tsv
run mc-split --check slices.tsv
is_err "but not of two slices of a volume" <<'EOF'
mc-split: slices.tsv:4: image "c" is labelled "y", but the same bytes ("a") are labelled "x" (1 such case)
EOF
printf 'id\tlabel\tgroup\tsplit\na\tMelanoma\tp1\ttrain\nb\tmelanoma \tp2\ttest\nc\tnevus\tp3\ttest\n' >two.tsv
run mc-split --check two.tsv
is_err "two spellings of one class are named" <<'EOF'
mc-split: two.tsv: the labels "Melanoma" and "melanoma " are two spellings of one class, which mc-train refuses: write one of them
EOF
# Once each image was counted as a group of its own.
printf 'id\tlabel\tsplit\tgroup\na\tx\ttrain\t\nb\tx\ttest\t\nc\ty\ttest\t\n' \
    >ungrouped.tsv
cut -f 1-3 ungrouped.tsv >nogroups.tsv
for table in ungrouped nogroups; do
	run mc-split -q --check $table.tsv
	cut -f 1-4 out >audited
	is_file audited "--check counts no groups: $table" <<'EOF'
split	label	images	groups
test	x	1	
test	y	1	
train	x	1	
train	y	0	
EOF
done
is_rc 0 "before anything is trained"

# A chain: p1 and p2 share an image, p2 and p3 another.
{ printf 'id\tlabel\tgroup\tsha256\n'
printf 'a\tx\tp1\t1\nb\tx\tp2\t1\nc\tx\tp2\t2\nd\tx\tp3\t2\ne\tx\tp4\t3\n'
printf 'f\tx\tp5\t\ng\tx\tp6\t\n'; } >chain.tsv
run mc-split --ratio a=1,b=1 -v chain.tsv
ok "groups that share an image stay together" awk -F '\t' '
	$3 ~ /^p[123]$/ { n[$5]++ } END { exit n["a"] % 4 || n["b"] % 4 }' out
is_err "and -v counts them" <<'EOF'
mc-split: copies join 2 groups or images to others
mc-split: 7 images in 4 units, seed 1
mc-split: splits: objective 0.04082
EOF

# --- units -------------------------------------------------------------------
# column NAME FILE: a column of a table.
column() {
	awk -F '\t' -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++)
		if ($i == name) c = i; next } { print $c }' "$2"
}
ok "the group is the unit where it says everything" \
    sh -c '! head -n 1 s.tsv | grep -q unit'
run mc-split --ratio a=1,b=1 chain.tsv
ok "a column unit comes behind the others" test "$(head -n 1 out)" = \
    "$(printf 'id\tlabel\tgroup\tsha256\tsplit\tunit')"
cp out united.tsv
column unit united.tsv >a
is_file a "what is joined has the name of its first group" <<'END'
p1
p1
p1
p1
p4
p5
p6
END
run mc-split --ratio a=1,b=1 united.tsv
ok "divided again, it is the same" cmp out united.tsv
{ head -n 1 united.tsv; sed 1d united.tsv | sort -r; } >reversed.tsv
run mc-split --ratio a=1,b=1 reversed.tsv
sort out >a; sort united.tsv >b
ok "the order of the rows does not matter to units" cmp a b

# The unit holds together what shares no bytes any more, and a row to come.
{ grep -v '^[bc]	' united.tsv; printf 'h\tx\tp3\t9\ta\t\n'; } >fewer.tsv
run mc-split --folds 2 -v fewer.tsv
is_err "a unit stays one without the image that made it" <<'END'
mc-split: 6 images in 4 units, seed 1
mc-split: folds: objective 0
END
column unit out >a
is_file a "a new row of one of its groups is of it" <<'END'
p1
p1
p4
p5
p6
p1
END
run mc-split --check fewer.tsv
fails 1 'mc-split: fewer.tsv:7: group "p3" is in unit "", but in "p1" in line 3 (1 such case): write the units again with mc-split --keep all' \
    "--check sees units that are not whole"
awk -F '\t' 'BEGIN { OFS = FS } NR == 3 { $5 = $5 == "a" ? "b" : "a" } 1' \
    fewer.tsv >torn.tsv
run mc-split --check torn.tsv
ok "and a unit in two splits" grep -q 'group "p3" is in split\|unit "p1" is in split' err
run mc-split --keep all fewer.tsv
is_rc 0 "--keep all"
mc-split --check out >audit.tsv 2>err
ok "writes them" test ! -s err
column split fewer.tsv >a; column split out >b
ok "and divides nothing" cmp a b
run mc-split --keep all torn.tsv
ok "where that can be" test "$rc" -eq 1
run mc-split --keep all --folds 2 fewer.tsv
fails 2 "mc-split: --keep all leaves nothing to divide: give it without --ratio, --counts, --folds and --leave-out (see mc-split --help)" \
    "--keep all and --folds"
cut -f 1-5 united.tsv >old.tsv
run mc-split --check old.tsv
is_err "--check says that copies are no unit yet" <<'END'
mc-split: old.tsv: copies join 2 groups or images to others, and no column "unit" says so: mc-split --keep all writes it
END
sed 1d out | awk -F '\t' '{ n += $4 } END { print n }' >a
is_file a "and counts groups" <<'END'
6
END
run mc-split --keep all old.tsv
mc-split --check out | sed 1d | awk -F '\t' '{ n += $4 } END { print n }' >a
is_file a "with the column unit it counts what copies join as one" <<'END'
4
END

# Images without a group, with and without a twin, and one whose id is a group.
printf 'id\tlabel\tgroup\tsha256\nq\tx\t\t1\na\tx\t\t2\nb\tx\t\t2\nc\tx\tq\t3\n' >alone.tsv
run mc-split -q --folds 2 alone.tsv
column unit out >a
is_file a "an image without a group has its id, or its first twin's" <<'END'
q'
a
a
q
END
printf "d\tx\tq'\t4\n" >>alone.tsv
run mc-split -q --folds 2 alone.tsv
column unit out | sed -n '1p;4p;5p' >a
is_file a "which is no other's, wherever the other's name comes from" <<'END'
q''
q
q'
END
printf 'id\tlabel\tgroup\nq\tx\t\na\tx\t\n' >lone.tsv
run mc-split -q --folds 2 lone.tsv
ok "no unit where nothing is known" sh -c '! head -n 1 out | grep -q unit'
printf 'id\tlabel\tgroup\tsite\na\tx\tp\ts\nb\tx\tq\ts\nc\tx\tp\ts\nd\tx\tr\tt\n' >site.tsv
run mc-split --folds 2 --group site site.tsv
ok "--group keeps together, and leaves the group the unit" \
    test "$(head -n 1 out)" = "$(printf 'id\tlabel\tgroup\tsite\tfold')"
cut -f 1,2,4 site.tsv >nogroup2.tsv
run mc-split --folds 2 --group site nogroup2.tsv
column unit out >a
is_file a "unless nothing else is known" <<'END'
s
s
s
t
END

# 254 images, 230 distinct, no patients: nothing else but the bytes joins.
awk 'BEGIN { print "id\tlabel\tgroup\tsha256"
	for (i = 0; i < 254; i++) {
		digest = i < 230 ? i : (i - 230) * 9
		printf "i%03d\t%s\t\t%d\n", i, digest % 3 ? "no" : "yes",
		    digest } }' >brain.tsv
run mc-split -q --ratio train=80,test=20 brain.tsv
cp out brain-split.tsv
run mc-split -q --check brain-split.tsv
ok "copies are in one split" test "$rc" -eq 0
# predictions MANIFEST: of its test rows, right for four in five.
predictions() {
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i
		print "split\tid\tgroup\tlabel\tpredicted\tunit"; next }
	$at["split"] == "test" { n++; print "test\t" $1 "\t" $3 "\t" $2 "\t" \
	    (n % 5 ? $2 : $2 == "no" ? "yes" : "no") "\t" $at["unit"] }' "$1"
}
predictions brain-split.tsv >predictions.tsv
awk -F '\t' '$5 == "test" && !seen[$4]++' brain-split.tsv | wc -l >distinct
images=$(grep -c '^test' predictions.tsv)
ok "there are copies in the test part" test "$(cat distinct)" -lt "$images"
mc-bootstrap --metrics accuracy predictions.tsv | cut -f 18,22,23,26 >got
printf 'unit\tn_images\tn_units\tnote\nimage\t%d\t%d\t%s\n' "$images" \
    "$(cat distinct)" 'few units: interval may be too narrow; no group: images treated as independent, identical ones as one' >wanted
ok "mc-bootstrap counts distinct images, and says so" cmp wanted got
mc-describe predictions.tsv | cut -f 5 | grep -c group >got
ok "mc-describe counts images where no patient is known" \
    test "$(cat got)" -eq 0

# Two patients with one film: the same numbers as if they had one name.
awk 'BEGIN { print "id\tlabel\tgroup\tsha256"
	for (i = 0; i < 120; i++)
		printf "i%03d\t%s\tp%02d\t%d\n", i, i % 3 ? "no" : "yes",
		    i / 2, i == 117 ? 3 : i }' >films.tsv
run mc-split -v --ratio test=1 films.tsv
is_err "-v says how many are joined" <<'END'
mc-split: copies join 1 group or image to others
mc-split: 120 images in 59 units, seed 1
mc-split: splits: objective 0
END
cp out split.tsv
predictions split.tsv >predictions.tsv
sed 's/	p58	/	p01	/' predictions.tsv | cut -f 1-5 >renamed.tsv
ok "two patients are joined" test \
    "$(grep -c '	p58	.*	p01$' predictions.tsv)" -eq 2
for command in "mc-bootstrap --metrics accuracy,f1" mc-confusion \
    "mc-bootstrap --metrics accuracy --method clopper-pearson" mc-describe
do
	$command predictions.tsv >got; $command renamed.tsv >wanted
	ok "$command: as if they were one" cmp got wanted
done
ok "which are 59 patients" test "$(mc-bootstrap --metrics accuracy \
    renamed.tsv | cut -f 18,22,23 | tail -n 1)" = "group	120	59"
cut -f 1-5 predictions.tsv | sed 's/$/	/' | sed '1s/	$/	unit/' >wanted
mc-bootstrap predictions.tsv >a; mc-bootstrap wanted >b
ok "and an empty unit is the group" sh -c '! cmp -s a b'
cut -f 1-5 predictions.tsv >plain.tsv
mc-bootstrap plain.tsv >a
ok "alone" cmp a b

# 40 classes, most of one image: some lines, and a count.
awk 'BEGIN { print "id\tlabel"; for (i = 0; i < 60; i++)
	print i "\t" (i < 20 ? "a" : "c" i) }' >rare.tsv
run mc-split --ratio a=1,b=1 rare.tsv
grep -v 'no column' err | sed 's/"c[0-9]*"/C/; s/split [ab]/S/' >got
is_file got "a few lines on rare classes, and a count" <<'END'
mc-split: rare.tsv: class C has 1 group, and none in S
mc-split: rare.tsv: class C has 1 group, and none in S
mc-split: rare.tsv: class C has 1 group, and none in S
mc-split: rare.tsv: class C has 1 group, and none in S
mc-split: rare.tsv: class C has 1 group, and none in S
mc-split: rare.tsv: 35 more classes are missing in a split
END

# --- the audit of folds ------------------------------------------------------
mc-split --folds 12 m.tsv >folds.tsv
run mc-split --check folds.tsv
is_rc 0 "--check of folds without splits"
ok "has a column fold" test "$(head -n 1 out)" = \
    "$(printf 'fold\tlabel\timages\tgroups\tclass_share\tdeviation')"
sed 1d out | cut -f 1 | uniq >got
ok "in the order of the numbers" sh -c 'seq 12 | cmp - got'
awk -F '\t' 'NR > 1 { n[$5 FS $2]++; g[$5 FS $2 FS $3] }
	END { for (k in g) { split(k, f, FS); m[f[1] FS f[2]]++ }
	for (k in n) print k FS n[k] FS m[k] }' folds.tsv | sort >wanted
sed 1d out | cut -f 1-4 | awk '$3 > 0' | sort >got
ok "its counts are those of the rows" cmp wanted got
awk -F '\t' 'NR == FNR { if (FNR > 1) { n[$5]++; k[$5 FS $2]++; c[$2]++; all++ }
	next }
FNR > 1 { share = k[$1 FS $2] / n[$1]; rows++
	d = share - $5; e = share - c[$2] / all - $6
	if (d * d > 1e-20 || e * e > 1e-20) exit 1 }
END { exit rows != 48 }' folds.tsv out
ok "its shares too, for each class in each fold" test $? -eq 0
mc-split --ratio train=80,test=20 m.tsv | mc-split --folds 3 --keep test >both.tsv
run mc-split --check both.tsv
sed 1d out | cut -f 1,2 | uniq >got
is_file got "splits and folds" <<'END'
test	
train	1
train	2
train	3
END

# --- what is missing ---------------------------------------------------------
printf 'id\tlabel\na\tx\nb\tx\nc\ty\n' >nogroup.tsv
run mc-split --ratio a=1,b=1 nogroup.tsv
is_err "no groups: a warning, and one for a class with one image" <<'EOF'
mc-split: nogroup.tsv: no column "group": every image is treated as independent, and nothing shows that it is
mc-split: nogroup.tsv: class "y" has 1 group, and none in split b
EOF
is_rc 0 "no groups is no error"
printf 'id\tgroup\tlabel\na\tp\t\nb\t\t\nc\t\t\n' >nolabel.tsv
run mc-split --ratio a=1,b=1 nolabel.tsv
is_err "no labels, some groups: warnings" <<'EOF'
mc-split: nolabel.tsv: column "group" is empty in 2 of 3 rows: each of these images is treated as a group of its own
mc-split: nolabel.tsv: column "label" is empty: nothing is stratified
EOF
is_rc 0 "no labels is no error"
run mc-split -q --ratio a=1,b=1 nolabel.tsv
ok "-q is quiet" test ! -s err
printf 'id\tgroup\tlabel\na\tp\tx\nb\tq\t\n' >somelabel.tsv
run mc-split --ratio a=1,b=1 somelabel.tsv
fails 1 'mc-split: somelabel.tsv:3: column "label": empty (1 such row): fill it, or give --stratify none' \
    "an empty label among others is refused"
run mc-split --ratio a=1,b=1 --stratify none somelabel.tsv
is_rc 0 "--stratify none takes it"
run mc-split --ratio a=1,b=1 --stratify sex m.tsv
fails 1 'mc-split: m.tsv:1: no column "sex"; columns are: id, label, group, age' \
    "--stratify names a missing column"
run mc-split --ratio a=1,b=1 --group sex m.tsv
fails 1 'mc-split: m.tsv:1: no column "sex"; columns are: id, label, group, age' \
    "--group names a missing column"
run mc-split --check m.tsv
fails 1 'mc-split: m.tsv:1: no column "split"; columns are: id, label, group, age' \
    "--check needs splits"
run mc-split --ratio a=1 --keep val,test s.tsv
is_rc 0 "several splits are kept"
run mc-split --ratio a=1 --keep test,nope s.tsv
fails 1 'mc-split: s.tsv: --keep nope: no row has this split' \
    "a kept split that is not there"
run mc-split --folds 4 nogroup.tsv -q
fails 1 'mc-split: nogroup.tsv: 3 groups cannot be divided into 4 folds' \
    "more folds than groups"
printf 'id\tlabel\tgroup\na\tx\tp\nb\tx\tq\nc\tx\tr\n' >one.tsv
run mc-split --ratio a=98,b=1,c=1 one.tsv
is_rc 0 "one class, and as many splits as groups"
cut -f 4 out | sed 1d | sort >a
is_file a "leaves no split empty" <<'EOF'
a
b
c
EOF
run mc-split --ratio a=1,b=1 missing.tsv
fails 1 'mc-split: missing.tsv: No such file or directory' "a missing file"
: >empty.tsv
run mc-split --ratio a=1,b=1 empty.tsv
fails 1 'mc-split: empty.tsv: empty: not even a header line' "an empty file"
printf 'id\tlabel\n' >header.tsv
run mc-split --ratio a=1,b=1 header.tsv
fails 1 'mc-split: header.tsv: a header, but no rows' \
    "a header alone"

# --- usage -------------------------------------------------------------------
see='(see mc-split --help)'
usage() {
	message=$1 name=$2
	shift 2
	run mc-split "$@" m.tsv
	fails 2 "mc-split: $message $see" "$name"
}
usage 'give --ratio, --counts, --folds, --leave-out, --shares, --keep all or --check' \
    "nothing asked"
usage '--check takes no --ratio, --counts, --folds, --leave-out, --shares or --keep' \
    "check and fold" --check --folds 3
usage '--check takes no --ratio, --counts, --folds, --leave-out, --shares or --keep' \
    "check and shares" --check --shares 10
usage '--keep is for --ratio, --counts, --folds and --leave-out, and none is given' \
    '--keep, where nothing is divided' --shares 50,100 --keep test
usage '--shares: 25 after 50: give increasing numbers' "shares in disorder" \
    --shares 50,25
usage '--shares: "" is not a number' "no share" --shares 50,
usage '--shares: 101 is not above 0 and at most 100' "more than all" \
    --shares 101
usage '--ratio: "train": give NAME=SHARE' "no share" --ratio train
usage "--ratio: \"a b\": a split's name is made of letters, digits, _ and -" \
    "a bad name" --ratio 'a b=1'
usage '--ratio: "a" is given twice' "a name twice" --ratio a=1,a=2
usage '--ratio: a: "x" is not a number' "a bad share" --ratio a=x
usage '--ratio: every split is kept, and none is left for the other rows' \
    "nothing left" --ratio test=1 --keep test
run mc-split --ratio a=1 m.tsv s.tsv
fails 2 "mc-split: s.tsv: one manifest at a time $see" "two manifests"

# --- output ------------------------------------------------------------------
run mc-split --folds 2 -o made.tsv m.tsv
ok "-o writes a file" test -s made.tsv
run mc-split --folds 2 -o /dev/full m.tsv
fails 1 'mc-split: /dev/full: cannot write: No space left on device' \
    "a full disk"
ok "which is still a device" test -c /dev/full
mkfifo pipe
(exec 3>pipe; printf 'id\tlabel\na\t' >&3; sleep 1) &
mc-split --folds 2 -o cut.tsv pipe 2>err
rc=$?
: >out
fails 1 'mc-split: pipe:2: the last line has no line feed: was the file cut?' \
    "a producer that dies"
ok "leaves no file" test ! -e cut.tsv
mkfifo waits
mc-split --folds 2 -o stopped.tsv waits 2>err &
pid=$!
exec 4>waits
head -n 3 m.tsv >&4
kill "$pid"
wait "$pid"
ok "a signal ends it" test $? -eq 143
exec 4>&-
ok "and no file is left, nor a temporary" sh -c '
    ! ls -A | grep -q stopped'
manifest 20000 >big.tsv
{ mc-split --folds 2 big.tsv 2>err; echo $? >status; } | head -n 1 >out
ok "a closed pipe ends it, without a word" test "$(cat status)" -ge 128 -a \
    ! -s err

# --- several findings per image ----------------------------------------------
cat >findings.tsv <<'END'
id	label	group	split	sha256
a	Mass|Effusion	p1	train	1
b	Effusion|Mass	p1	train	1
c	No Finding	p2	train	3
d	Mass?|Nodule	p3	test	4
e	No Finding|Nodule	p3	test	5
f	No Finding	p4	test	6
END
run mc-split --check --multilabel findings.tsv
is_rc 0 "an audit of findings"
cut -f 1-5 out >got
is_file got "counts each finding, not each label" <<'END'
split	label	images	groups	class_share
test	Effusion	0	0	0
test	Mass	0	0	0
test	Mass?	1	1	0.3333333333333333
test	No Finding	1	1	0.3333333333333333
test	Nodule	2	1	0.6666666666666666
train	Effusion	2	1	0.6666666666666666
train	Mass	2	1	0.6666666666666666
train	Mass?	0	0	0
train	No Finding	1	1	0.3333333333333333
train	Nodule	0	0	0
END
ok "the order of findings makes no other label" test ! -s err
run mc-split --check findings.tsv
fails 1 'mc-split: findings.tsv: 4 labels hold "|", such as "Mass|Effusion": give --multilabel to count each finding, or --stratify none to count the images' \
    "without --multilabel labels of several findings are not counted"
run mc-split -q --check --stratify none findings.tsv
is_out "the images are" <<'END'
split	label	images	groups	class_share	deviation
test		3	2	1	0
train		3	2	1	0
END
run mc-split --multilabel --no-finding none --ratio a=1,b=1 findings.tsv
is_err "another word for no finding makes this one a finding" <<'END'
mc-split: findings.tsv: --no-finding "none": no label has this word
mc-split: findings.tsv: finding "Effusion" has 1 group, and none in split a
mc-split: findings.tsv: finding "Mass" has 1 group, and none in split a
mc-split: findings.tsv: finding "Mass?" has 1 group, and none in split b
mc-split: findings.tsv: finding "Nodule" has 1 group, and none in split b
END
printf 'id\tlabel\tgroup\tsplit\na\tA|A\tp\ttrain\n' >twice.tsv
run mc-split --check --multilabel twice.tsv
fails 1 'mc-split: twice.tsv:2: label "A|A": "A" is given twice' \
    "a finding given twice"
run mc-split --check --no-finding none findings.tsv
fails 2 'mc-split: --no-finding is for --multilabel, which is not given (see mc-split --help)' \
    "--no-finding alone"
run mc-split --check --multilabel --stratify none findings.tsv
fails 2 'mc-split: --multilabel stratifies by findings: it cannot be given with --stratify none (see mc-split --help)' \
    "--multilabel without strata"

# Ten thousand label sets make one line.
awk 'BEGIN { print "id\tlabel\tgroup"; for (i = 0; i < 10000; i++)
	printf "i%d\tA%d|B%d\tg%d\n", i, i % 100, int(i / 100), i / 2 }' >sets.tsv
run mc-split --ratio a=1,b=1 sets.tsv
head -n 1 err >first
ok "ten thousand label sets are one line" test \
    "$(grep -c 'hold "|"' err) $(wc -l <err)" = "1 7"
mv first err
is_err "which suggests --multilabel" <<'END'
mc-split: sets.tsv: 10000 labels hold "|", such as "A0|B0": each is treated as a class of its own; give --multilabel to stratify by each finding
END
run mc-split --multilabel --ratio a=1,b=1 sets.tsv
ok "findings are stratified" test ! -s err

if "$PYTHON3" -c 'import numpy' 2>/dev/null; then
	peer=$abs_srcdir/tests/stats/iterative.py
	for groups in 50 200 1000 5000; do
		"$PYTHON3" "$peer" make "$groups" >many.tsv
		for what in train=70,val=10,test=20 folds=5 folds=10; do
			case $what in
			folds*) set -- --folds "${what#folds=}" ;;
			*) set -- --ratio "$what" ;;
			esac
			mc-split -q --multilabel "$@" -o divided.tsv many.tsv
			ok "as close as iterative stratification: $groups, $what" \
			    "$PYTHON3" "$peer" compare "$what" divided.tsv
		done
	done
else
	skip "as close as iterative stratification" "no numpy for $PYTHON3"
fi

# --- the manual's examples ---------------------------------------------------
cp s.tsv manifest.tsv
# Those of "Repeated and nested folds" are run by repeated.sh.
awk '/^\.Sh EXAMPLES/ { there = 1 } !there { next } /^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0; print "test $? -eq 0 || exit 1" }
	on' "$abs_srcdir/man/mc-split.1" >examples
ok "the manual's examples run" sh examples

done_testing
