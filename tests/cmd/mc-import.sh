#!/bin/sh
# mc-import: predictions of others, their layouts, and what is refused.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-import
see='(see mc-import --help)'
tab=$(printf '\t')
# table NAME: ./out is the TSV on standard input, in which | stands for TAB.
table() {
	tr '|' '\t' >wanted
	is_out "$1" <wanted
}

# --- probabilities, metadata, further columns --------------------------------
cat >preds.csv <<'END'
filename,p_nv,p_mel,note
test/a.jpg,0.25,0.75,"x, y"
test/b.JPG,0.5,0.5,
c.nii.gz,1,0.0001,z
END
cat >meta.csv <<'END'
image_id;dx;patient;sex;age
c;nv;P2;m;60
a;mel;P1;f;
b;mel;P1;f;41
unused;nv;P9;m;1
END
run mc-import --task skin --arm vit/finetune --train-seed 3 --fold 2 \
    --train-share 25 --split test --strip --key filename=image_id --prob 'p_*' --join meta.csv \
    --group patient --label dx --columns sex,note,age preds.csv
is_rc 0 'two files'
cp out whole.tsv
table 'probabilities as they are, classes as in the file, metadata joined' <<'END'
task|arm|train_seed|fold|split|train_share|id|group|label|predicted|p:nv|p:mel|sex|note|age
skin|vit/finetune|3|2|test|25|a|P1|mel|mel|0.25|0.75|f|x, y|
skin|vit/finetune|3|2|test|25|b|P1|mel|nv|0.5|0.5|f||41
skin|vit/finetune|3|2|test|25|c|P2|nv|nv|1|0.0001|m|z|60
END
ok 'without a warning' test ! -s err
run mc-bootstrap --metrics accuracy whole.tsv
is_rc 0 'mc-bootstrap takes it'
plain="mc-import --strip --key filename=image_id --join meta.csv --label dx"
run $plain --classes mel,nv --prob 'p_*' preds.csv
table '--classes gives the order, and decides a tie' <<'END'
id|label|predicted|p:mel|p:nv
a|mel|mel|0.75|0.25
b|mel|mel|0.5|0.5
c|nv|nv|0.0001|1
END
cp out mel.tsv
sed '1s/p_nv/score1/; 1s/p_mel/score2/' preds.csv >scores.csv
run $plain --classes mel,nv --prob score1,score2 scores.csv
cut -f 4,5 out | sed -n 2p >got
is_file got 'names in a list that are no classes take the order of --classes' <<END
0.25${tab}0.75
END
sed '1s/p_//g' preds.csv >bare.csv
run $plain --classes mel,nv --prob nv,mel bare.csv
ok 'names in a list that are classes are those' cmp out mel.tsv
run $plain --classes mel,nv --prob '*' --columns note bare.csv
cut -f 1-5 out >got
ok '* alone: all columns that nothing else names' cmp got mel.tsv
mc-import --strip --key filename=image_id --join meta.csv --label dx \
    --classes mel,nv --prob 'p_*' <preds.csv >out
ok 'standard input' cmp out mel.tsv
run mc-import --strip --key filename=image_id --join - --label dx \
    --classes mel,nv --prob 'p_*' preds.csv <meta.csv
ok 'metadata on standard input' cmp out mel.tsv
sed -n '1p;2p' preds.csv >one.csv
awk -F, -v OFS=, 'NR != 2 { print $3, $2, $1 }' preds.csv >two.csv
run $plain --classes mel,nv --prob 'p_*' -v -o file.tsv one.csv two.csv
ok 'two files, each with its own order of columns' cmp file.tsv mel.tsv
is_err '-v counts the rows' <<'END'
mc-import: 3 rows
END
$plain --prob 'p_*' preds.csv >/dev/full 2>err
rc=$?
: >out
fails 1 'mc-import: standard output: cannot write: No space left on device' \
    'a full disk'

# --- logits ------------------------------------------------------------------
cat >logits.csv <<'END'
id,l_a,l_b,l_c,s,y
1,1000,1000,-1000,0,a
2,-3,-3,-3,800,b
3,0,0,-745,-800,a
END
run mc-import --key id --label y --logit 'l_*' logits.csv
table 'softmax of logits whose exp would overflow' <<'END'
id|label|predicted|p:a|p:b|p:c|o:a|o:b|o:c
1|a|a|0.5|0.5|0|0|0|-2000.69314718056
2|b|a|0.3333333333333333|0.3333333333333333|0.3333333333333333|-0.6931471805599454|-0.6931471805599454|-0.6931471805599454
3|a|a|0.5|0.5|0|0|0|-745.6931471805599
END
is_err 'one class throughout is worth a warning' <<'END'
mc-import: all 3 rows are predicted as "a": check that the scores are in order of class, not of probability (--ranked)
END
run mc-import -q --key id --label y --logit 'l_*' logits.csv
ok 'which -q silences' test ! -s err
sed 2q logits.csv >first.csv
run mc-import --key id --label y --logit 'l_*' first.csv
ok 'and one row is none' test ! -s err
run mc-import --key id --label y --logit s --positive b --classes a,b logits.csv
table 'one logit, however large' <<'END'
id|label|predicted|p:a|p:b
1|a|a|0.5|0.5
2|b|b|0|1
3|a|a|1|0
END

# The data of Lightning-AI/torchmetrics#2819; scikit-learn on the logits gives
# an AUROC of 0.928571 and an average precision of 0.995238.
awk 'BEGIN { print "id,y,logit"
	n = split("98.0950 98.4612 98.1145 98.1506 97.6037 98.9425 99.2644 " \
	    "99.5014 99.728 99.6595 99.6931 99.4667 99.9623 99.8949 99.8768", x)
	for (i = 1; i <= n; i++)
		print i "," (i == 1 ? "neg" : "pos") "," x[i] }' >large.csv
run mc-import -q --key id --label y --logit logit --positive pos \
    --classes neg,pos large.csv
sed -n '1p;2p' out | cut -f 4- >got
is_file got 'logits that saturate keep their order in o:' <<END
p:neg${tab}p:pos${tab}o:neg${tab}o:pos
2.4996706888655956e-43${tab}1${tab}-98.095${tab}98.095
END
mv out large.tsv
mc-bootstrap --replicates 399 --positive pos \
    --metrics auroc:positive,average_precision:positive large.tsv |
    awk -F'\t' 'NR > 1 { printf "%s %.6f\n", $10, $13 }' >got
mc-bootstrap --replicates 399 --positive neg --metrics auroc:positive \
    large.tsv | awk -F'\t' 'NR > 1 { printf "%s %.6f\n", $10, $13 }' >>got
is_file got 'which rankings use, whichever class is positive' <<'END'
auroc 0.928571
average_precision 0.995238
auroc 0.928571
END
cut -f 1-5 large.tsv | mc-bootstrap --replicates 399 --positive pos \
    --metrics auroc:positive | awk -F'\t' 'NR > 1 { print $13 "|" $26 }' |
    cut -d ';' -f 1 >got
is_file got 'without them a note says that images tie' <<'END'
0.5|15 of 15 images are tied at p = 0 or 1 of class "pos"
END
sed '2s/98.095$/9/' large.tsv >bad.tsv
run mc-bootstrap --metrics auroc bad.tsv
ok 'log odds that are not those of p are refused' sh -c '
    test "$1" -eq 1 && grep -q "^mc-bootstrap: bad.tsv:2: column \"o:pos\": 9 is not the log odds of 1 in column \"p:pos\": correct the o: columns, or leave them out$" err' - "$rc"

# --- sums -----------------------------------------------------------------------
cat >decimals.csv <<'END'
id,y,p_a,p_b,p_c
1,a,0.7,0.2,0.099
2,b,0.334,0.333,0.334
3,a,0.333,0.333,0.333
END
run mc-import -q --key id --label y --prob 'p_*' decimals.csv
table 'probabilities of three decimals, as they stand' <<'END'
id|label|predicted|p:a|p:b|p:c
1|a|a|0.7|0.2|0.099
2|b|a|0.334|0.333|0.334
3|a|a|0.333|0.333|0.333
END
mv out decimals.tsv
run mc-bootstrap --metrics accuracy decimals.tsv
is_rc 0 'which mc-bootstrap reads too'
printf 'id,y,p_a,p_b,p_c\n1,a,0.33,0.33,0.33\n2,b,0.5,0.25,0.250001\n' >coarse.csv
run mc-import --key id --label y --prob 'p_*' coarse.csv
fails 1 'mc-import: coarse.csv:2: the probabilities sum to 0.99, not to 1: if they were rounded, write more decimals; if these are logits, give --logit' \
    'a sum that the decimals do not allow'
printf 'id,y,p_a,p_b\n1,a,90,10\n2,b,20,80\n' >percent.csv
run mc-import --key id --label y --prob 'p_*' percent.csv
fails 1 'mc-import: percent.csv:2: column "p_a": 90 is not a probability, and its row sums to 100: divide percentages by 100' \
    'percentages'
run mc-import --key id --label y --prob p_a --positive a --classes b,a percent.csv
fails 1 'mc-import: percent.csv:2: column "p_a": 90 is not a probability: divide percentages by 100; if these are logits, give --logit' \
    'percentages of one class'
awk -F, -v OFS=, 'NR > 1 { $3 /= 100; $4 /= 100 } 1' percent.csv >share.csv
run mc-import --key id --label y --prob 'p_*' share.csv
is_rc 0 'and the advice works'

# --- multi-label data --------------------------------------------------------
cat >findings.csv <<'END'
image,p_Mass,p_Effusion,dx,patient,sex
x/a.png,0.75,0.25,Effusion|Mass?,P1,f
x/b.png,0.5,0.9,No Finding,P2,m
x/c.png,0,1,Mass,P2,m
END
multi='mc-import --multilabel --key image --prob p_*'
run $multi --task chest --arm vit/finetune --label dx --group patient \
    --columns sex --strip findings.csv
table 'one row per image and finding, but for an uncertain one' <<'END'
task|arm|id|group|label|predicted|p:no|p:yes|sex
chest:Effusion|vit/finetune|a|P1|yes|no|0.75|0.25|f
chest:Mass|vit/finetune|b|P2|no|no|0.5|0.5|m
chest:Effusion|vit/finetune|b|P2|no|yes|0.09999999999999998|0.9|m
chest:Mass|vit/finetune|c|P2|yes|no|1|0|m
chest:Effusion|vit/finetune|c|P2|no|yes|0|1|m
END
is_err 'without a warning' </dev/null
cp out ignore.tsv
run $multi --task chest --arm vit/finetune --label dx --group patient \
    --columns sex --strip --uncertain ignore findings.csv
ok '--uncertain ignore is the default' cmp out ignore.tsv
for policy in zero:no one:yes; do
	run $multi --label dx --uncertain ${policy%:*} findings.csv
	sed -n '2p;3p' out | cut -f 1-3 >got
	is_file got "--uncertain ${policy%:*}" <<END
Mass${tab}x/a.png${tab}${policy#*:}
Effusion${tab}x/a.png${tab}yes
END
done
run $multi --task '' findings.csv
cut -f 1-3 out | sed 3q >got
is_file got 'no label, and a task without a name' <<END
task${tab}id${tab}label
Mass${tab}x/a.png${tab}
Effusion${tab}x/a.png${tab}
END
cut -d, -f 1-3 findings.csv | sed 's,x/,,' >chest.csv
printf 'Image Index;Finding Labels\nc.png;Mass\nb.png;normal\na.png;Effusion\n' \
    >entry.csv
sed 's/normal/Mass|Effusion/' entry.csv >all.csv
run mc-import --multilabel --key 'image=Image Index' --join all.csv \
    --label 'Finding Labels' --no-finding healthy --prob 'p_*' \
    --classes Effusion,Mass chest.csv
ok 'a word for no finding that no label has' grep -qx \
    'mc-import: --no-finding "healthy": no label has this word' err
run mc-import --multilabel --key 'image=Image Index' --join entry.csv \
    --label 'Finding Labels' --no-finding normal --prob 'p_*' \
    --classes Effusion,Mass chest.csv
table 'labels of the metadata, --no-finding, findings in the order of --classes' <<'END'
task|id|label|predicted|p:no|p:yes
Effusion|a.png|yes|no|0.75|0.25
Mass|a.png|no|yes|0.25|0.75
Effusion|b.png|no|yes|0.09999999999999998|0.9
Mass|b.png|no|no|0.5|0.5
Effusion|c.png|no|yes|0|1
Mass|c.png|yes|no|1|0
END
printf 'id,a,b,y\n1,40,0,a\n2,50,50,b\n3,-50,-1000,a|b\n' >saturated.csv
run mc-import --multilabel --key id --label y --logit a,b saturated.csv
table 'one logit per finding; o: where two images of a finding tie' <<'END'
task|id|label|predicted|p:no|p:yes|o:no|o:yes
a|1|yes|yes|4.248354255291589e-18|1|-40|40
b|1|no|no|0.5|0.5|0|0
a|2|no|yes|1.9287498479639178e-22|1|-50|50
b|2|yes|yes|1.9287498479639178e-22|1|-50|50
a|3|yes|no|1|1.9287498479639178e-22|50|-50
b|3|yes|no|1|0|1000|-1000
END
printf 'id,a,b,y\n1,0,50,a\n2,40,0,b\n' >apart.csv
run mc-import --multilabel --key id --label y --logit a,b apart.csv
sed 1q out >got
is_file got 'but not where images of two findings do' <<END
task${tab}id${tab}label${tab}predicted${tab}p:no${tab}p:yes
END
printf 'id,a,y\n1,0.1,a?\n2,0.9,a?\n' >unknown.csv
run mc-import --multilabel --key id --label y --prob a unknown.csv
fails 1 'mc-import: unknown.csv: all findings are uncertain in all images: give --uncertain zero or one' \
    'no row is left'
run mc-import --multilabel --key id --label y --prob a --uncertain one \
    unknown.csv
is_rc 0 'the advice works, also with one finding'
# label NAME MESSAGE LABEL OPTION...: the label of image 2
label() {
	name=$1 message=$2
	printf 'id,p_a,p_b,y\n1,.1,.2,a\n2,.3,.4,%s\n' "$3" >x.csv
	shift 3
	run mc-import --multilabel --key id --label y --prob 'p_*' "$@" x.csv
	fails 1 "mc-import: $message" "$name"
}
label 'a finding without scores' \
    'x.csv:3: label "a|c": "c" is not one of the findings: a, b: take it out of the label, or give a column of its scores' 'a|c'
label 'a finding twice' 'x.csv:3: label "b|b": "b" is given twice' 'b|b'
label 'an image without a label' \
    'x.csv:3: column "y": empty: leave such rows out, or write "No Finding" where an image has none of the findings' ''
label 'and its own word for none' \
    'x.csv:3: column "y": empty: leave such rows out, or write "normal" where an image has none of the findings' \
    '' --no-finding normal
label 'another word for none' \
    'x.csv:3: label "normal": "normal" is not one of the findings: a, b: take it out of the label, or give a column of its scores' normal
label 'more columns than findings' \
    'x.csv:1: 2 columns of scores, but 1 finding: give a column for each finding of --classes' \
    a --classes a
sed 's/p_a/p_x:y/' x.csv >colon.csv
run mc-import --multilabel --key id --label y --prob 'p_*' colon.csv
fails 1 'mc-import: colon.csv:1: finding "x:y": the name of a finding holds ":": list the columns, and name the findings with --classes' \
    'a column that cannot be a finding'
run mc-import --multilabel --key id --label y --prob p_x:y,p_b \
    --classes a,b colon.csv
is_rc 0 'and the advice works'
run mc-import --multilabel --key id --label y --prob p_x:y,p_b \
    --classes 'No Finding,c' colon.csv
fails 2 'mc-import: --classes: finding "No Finding": this word means that there is no finding (see mc-import --help)' \
    'the word for none as a finding'
printf 'id,p_a,p_b\n1,.1,90\n' >percent.csv
run mc-import --multilabel --key id --prob 'p_*' percent.csv
fails 1 'mc-import: percent.csv:2: column "p_b": 90 is not a probability: divide percentages by 100; if these are logits, give --logit' \
    'percentages of findings'

# --- hard labels, numbers for names ------------------------------------------
printf 'id\ty\tsaid\tmodel\n1\ta\tb\tx\n2\tb\tb\tx\n1\ta\ta\ty\n' >hard.tsv
run mc-import --key id --label y --predicted said --columns model hard.tsv
table 'hard labels; an id once for each model' <<'END'
id|label|predicted|model
1|a|b|x
2|b|b|x
1|a|a|y
END
run mc-import --key id --label y --predicted said hard.tsv
fails 1 'mc-import: hard.tsv:4: duplicate key: id "1" is also at hard.tsv:2' 'but not twice'
printf '1;0.0;1;.25;.75\n2;1e0;1;.5;.5\n' >headless.csv
run mc-import --no-header --key 1 --label 2 --predicted 3 --prob 4,5 \
    --classes a,b headless.csv
table 'no header; numbers count the classes; --predicted decides a tie' <<'END'
id|label|predicted|p:a|p:b
1|a|b|0.25|0.75
2|b|b|0.5|0.5
END
printf 'id,y,1,2\nx,1,.25,.75\ny,2,1,0\n' >names.csv
run mc-import --key id --label y --prob '*' --classes 2,1 names.csv
table 'names that are numbers are names' <<'END'
id|label|predicted|p:2|p:1
x|1|2|0.75|0.25
y|2|1|0|1
END
printf 'id,y,p\nx,a,1.0000000000000002\ny,b,0\nz,b,1e-20\n' >pair.csv
run mc-import --key id --label y --prob p --positive b --classes b,a pair.csv
table 'one probability as it stands, rounded above 1' <<'END'
id|label|predicted|p:b|p:a
x|a|b|1.0000000000000002|0
y|b|a|0|1
z|b|a|1e-20|1
END

# --- names or numbers: one decision ---------------------------------------------
printf 'id,y,pred\na,0,1\nb,1,1\nc,2,2\nd,3,3\n' >codes.csv
run mc-import --key id --label y --predicted pred --classes 1,2,3,4 codes.csv
table 'predictions that might be names are numbers, since the labels are' <<'END'
id|label|predicted
a|1|2
b|2|2
c|3|3
d|4|4
END
cat >codes_prob.csv <<'END'
id,y,prob_0,prob_1,prob_2,prob_3
a,1,0,1,0,0
b,2,0,0,1,0
c,3,0,0,0,1
END
run mc-import --key id --label y --prob 'prob_*' --classes 1,2,3,4 \
    codes_prob.csv
cut -f 1-3 out >got
is_file got 'and labels, since the columns of probabilities are' <<END
id${tab}label${tab}predicted
a${tab}2${tab}2
b${tab}3${tab}3
c${tab}4${tab}4
END
printf 'id,y,pred\na,4,1\nb,1,1\nc,2,2\n' >grades.csv
run mc-import --key id --label y --predicted pred --classes 1,2,3,4 grades.csv
table 'all are names where one can be nothing else' <<'END'
id|label|predicted
a|4|1
b|1|1
c|2|2
END
sed 2d grades.csv >both.csv
run mc-import --key id --label y --predicted pred --classes 1,2,3,4 both.csv
fails 1 'mc-import: both.csv:2: column "y": "1" is a class by name, and by number from 0 it is class "2": if it is a name, leave out --classes; if it is a number, call the classes otherwise in --classes, as in c1,c2' \
    'names or numbers, and nobody can tell'
run mc-import --key id --label y --predicted pred both.csv
table 'the advice for names works' <<'END'
id|label|predicted
b|1|1
c|2|2
END
run mc-import --key id --label y --predicted pred --classes c1,c2,c3,c4 both.csv
table 'and that for numbers' <<'END'
id|label|predicted
b|c2|c2
c|c3|c3
END
printf 'id,y,p_0,p_1\n1,1,0.25,0.75\n' >swap.csv
run mc-import --key id --label y --prob 'p_*' --classes 1,0 swap.csv
fails 1 'mc-import: swap.csv:1: column "p_1": "1" is a class by name, and by number from 0 it is class "0": if it is a name, leave out --classes; if it is a number, call the classes otherwise in --classes, as in c1,c2' \
    'columns that nobody can tell'
printf 'id,y,p_a,p_b\n1,a,0.75,0.25\n2,b,0.25,0.75\n' >swapped.csv
run mc-import --key id --label y --prob p_a,p_b --classes b,a swapped.csv
fails 1 'mc-import: swapped.csv:1: column "p_a": listed at the place of class "b" of --classes, but called after "a": list the columns in the order of --classes' \
    'a listed column at the place of another class'
run mc-import --key id --label y --prob p_b,p_a --classes b,a swapped.csv
is_rc 0 'the advice works'

# --- one class, one spelling --------------------------------------------------
# spelled NAME MESSAGE LABEL LABEL PREDICTION PREDICTION
spelled() {
	printf 'id,y,pred\n1,%s,%s\n2,%s,%s\n' "$3" "$5" "$4" "$6" >x.csv
	run mc-import --key id --label y --predicted pred x.csv
	fails 1 "mc-import: x.csv:2: column \"pred\": $2" "$1"
}
write="are two spellings of one class: write one of them"
numbers="$write, or let numbers from 0 count those of --classes"
spelled 'a point and a zero' \
    "\"1\" and \"1.0\" (column \"y\", line 2) $numbers" 1.0 0.0 1 0
spelled 'True and 1' "\"1\" and \"True\" (column \"y\", line 2) $write" \
    True False 1 0
spelled 'case' "\"melanoma\" and \"Melanoma\" (column \"y\", line 2) $write" \
    Melanoma nevus melanoma nevus
spelled 'a blank' "\"GON+\" and \"GON+ \" (column \"y\", line 2) $write" \
    'GON+ ' GON- GON+ GON-
printf 'id,y,pred\na,1.0,1\nb,0.0,0\nc,1.0,1\nd,0.0,1\n' >float.csv
run mc-import --key id --label y --predicted pred --classes 0,1 float.csv
table 'the advice works: three of four are right' <<'END'
id|label|predicted
a|1|1
b|0|0
c|1|1
d|0|1
END
printf 'id,y,pred\n1,benign,0\n2,malignant,1\n' >x.csv
run mc-import --key id --label y --predicted pred x.csv
fails 1 'mc-import: x.csv:2: column "pred": "0", and no prediction is a label, such as "benign": if these are numbers, give their names in order with --classes; if all are wrong, give all classes with it' \
    'no prediction is a label'
run mc-import --key id --label y --predicted pred --classes benign,malignant \
    x.csv
is_rc 0 'and the advice works'
printf 'id,y,p\n1,ill,0.1\n2,well,0.2\n' >rare.csv
run mc-import --key id --label y --prob p --positive ill --classes well,ill \
    rare.csv
is_err 'the warning of one class throughout, with --positive' <<'END'
mc-import: all 2 rows are predicted as "well": check that --positive names the class of the scores
END

# --- lists in order of probability -------------------------------------------
cat >top3.csv <<'END'
filename,index_0,index_1,index_2,prob_0,prob_1,prob_2,y
1.jpg,2,0,1,0.5,0.375,0.125,c
2.jpg,1,2,0,1,0,0,b
END
top="mc-import --key filename --label y --prob prob_*"
run $top --ranked 'index_*' --classes a,b,c top3.csv
table 'a list of all classes' <<'END'
id|label|predicted|p:a|p:b|p:c
1.jpg|c|c|0.375|0.125|0.5
2.jpg|b|b|0|1|0
END
cp out ranked.tsv
sed 's/prob/logit/g
s/,0.5,0.375,0.125,/,-0.6931471805599453,-0.9808292530117262,-2.0794415416798357,/
s/,1,0,0,/,0,-800,-800,/' top3.csv >ranklogit.csv
mc-import --key filename --label y --logit 'logit_*' --ranked 'index_*' \
    --classes a,b,c ranklogit.csv |
    awk -F'\t' 'NR == 2 { printf "%.12g %.12g %.12g\n", $4, $5, $6 }' >got
is_file got 'logits in such an order' <<'END'
0.375 0.125 0.5
END
run $top --classes a,b,c top3.csv
fails 1 "mc-import: top3.csv:1: column \"index_0\" beside \"prob_0\": these are in order of probability, not of class: give --ranked 'index_*', or list the columns if they are classes" \
    'its columns are no classes'
cut="a top-k list that was cut: write all (timm's inference.py: --topk 0 --results-separate-col)"
run $top --ranked 'index_*' --classes a,b,c,d top3.csv
fails 1 "mc-import: top3.csv:1: scores of 3 classes out of 4: $cut" \
    'a list that was cut'
cut -d, -f 1,5- top3.csv >probs.csv
run $top --classes a,b,c,d probs.csv
fails 1 "mc-import: probs.csv:1: scores of 3 classes out of 4: $cut" \
    'cut, without an index'
sed 's/0.125/0.0625/' top3.csv >short.csv
run $top --ranked 'index_*' --classes a,b,c short.csv
fails 1 'mc-import: short.csv:2: the probabilities sum to 0.9375, not to 1: if the list was cut (top-k), write all classes; if these are logits, give --logit' \
    'cut, and not so declared'
printf 'filename,index,prob,y\n1.jpg,2,0.5,c\n2.jpg,1,1,b\n' >top1.csv
run mc-import --key filename --label y --prob prob --ranked index \
    --classes a,b,c top1.csv
fails 1 "mc-import: top1.csv:1: scores of 1 class out of 3: $cut" \
    'the best alone has no probabilities of the others'
run mc-import --key filename --label y --predicted index --classes a,b,c \
    top1.csv
cut -f 1-3 ranked.tsv >wanted
is_out 'but is a hard label' <wanted
printf 'filename,index,prob,y\n1.jpg,[2 0 1],[0.5   0.375 0.125],c\n' >list.csv
list="a list in one field"
remedy="write a column for each class (timm's inference.py: --topk 0 --results-separate-col)"
run mc-import --key filename --label y --prob prob --ranked index \
    --classes c list.csv
fails 1 "mc-import: list.csv:2: column \"index\": $list, \"[2 0 1]\": $remedy" \
    'a list in one field, as classes'
run mc-import --key filename --label y --predicted index list.csv
fails 1 "mc-import: list.csv:2: column \"index\": $list, \"[2 0 1]\": $remedy" \
    'as a prediction'
run mc-import --key filename --label y --prob prob --positive c --classes b,c \
    list.csv
fails 1 "mc-import: list.csv:2: column \"prob\": $list, \"[0.5   0.375 0.125]\": $remedy" \
    'as a probability'
sed 's/,2,0,1,/,2,2,1,/' top3.csv >twice.csv
run $top --ranked 'index_*' --classes a,b,c twice.csv
fails 1 'mc-import: twice.csv:2: class "c" is given twice' \
    'a class ranked twice'
run $top --ranked index_0,index_1 --classes a,b,c top3.csv
fails 1 'mc-import: top3.csv:1: 2 columns "index_0,index_1", but 3 "prob_*"' \
    'as many ranked as scores'
sed '1s/index_1/index_9/' top3.csv >pairs.csv
run $top --ranked 'index_*' --classes a,b,c pairs.csv
fails 1 'mc-import: pairs.csv:1: columns "index_9" and "prob_1" are not a pair' \
    'and the same ones'

# --- what is refused ---------------------------------------------------------
# bad NAME MESSAGE HEADER ROW OPTION...: x.csv is HEADER, a good row and ROW.
bad() {
	name=$1 message=$2
	printf '%s\n1,a,0.75,0.25,P1\n%s\n' "$3" "$4" >x.csv
	shift 4
	run mc-import --label y "$@" x.csv
	fails 1 "mc-import: x.csv:$message" "$name"
}
h=id,y,p_a,p_b,g
bad 'no such key' '1: no column "name"; columns are: id, y, p_a, p_b, g' \
    $h 2,b,0,1,P2 --key name --prob 'p_*'
bad 'a pattern that matches nothing' \
    '1: no column matches "q_*"; columns are: id, y, p_a, p_b, g' \
    $h 2,b,0,1,P2 --key id --prob 'q_*'
bad 'an id twice' '3: duplicate key: id "1" is also at x.csv:2' \
    $h 1,b,0,1,P2 --key id --prob 'p_*'
bad 'an empty id' '3: column "id": empty' $h ,b,0,1,P2 --key id --prob 'p_*'
bad 'above 1' \
    '3: column "p_b": 1.7 is not a probability: if these are logits, give --logit' \
    $h 2,b,0,1.7,P2 --key id --prob 'p_*'
bad 'below 0' \
    '3: column "p_a": -1e-09 is not a probability: if these are logits, give --logit' \
    $h 2,b,-1e-9,1,P2 --key id --prob 'p_*'
bad 'NaN' '3: column "p_a": "nan" is not a number' \
    $h 2,b,nan,1,P2 --key id --prob 'p_*'
bad 'a decimal comma' \
    '3: column "p_a": "0,5" is not a number: use a decimal point, not a comma' \
    $h '2,b,"0,5","0,5",P2' --key id --prob 'p_*'
printf 'id;y;p_a;p_b\n1;a;0,75;0,25\n2;b;1e-3;0,999\n' >german.csv
run mc-import --key id --label y --prob 'p_*' german.csv
is_err 'decimal commas between semicolons are read, and said' <<'END'
mc-import: german.csv: decimal commas are read as points in columns p_a, p_b: "0,75" in line 2 is 0.75
END
is_out 'as probabilities' <<'END'
id	label	predicted	p:a	p:b
1	a	a	0.75	0.25
2	b	b	0.001	0.999
END
printf 'id;y\n1;1,5\n2;2,5\n' >german.csv
printf 'id,predicted\n1,1.5\n2,1.5\n' >said.csv
run mc-import --key id --label y --predicted predicted --join german.csv said.csv
is_err 'also in the metadata' <<'END'
mc-import: german.csv: decimal commas are read as points in column y: "1,5" in line 2 is 1.5
END
bad 'no value' '3: column "p_b": "" is not a number' \
    $h 2,b,1,,P2 --key id --prob 'p_*'
bad 'an infinite logit' '3: column "p_b": "inf" is not a number' \
    $h 2,b,1,inf,P2 --key id --logit 'p_*'
bad 'a sum that is not 1' \
    '3: the probabilities sum to 0.8, not to 1: if the list was cut (top-k), write all classes; if these are logits, give --logit' \
    $h 2,b,0,.8,P2 --key id --prob 'p_*'
bad 'a label that is no class' \
    '3: column "y": "B" is not one of the classes: a, b' \
    $h 2,B,0,1,P2 --key id --prob 'p_*'
bad 'names and numbers mixed' \
    '3: column "y": "1" is not one of the classes: a, b' \
    $h 2,1,0,1,P2 --key id --prob 'p_*' --classes a,b
bad 'no label' '3: column "y": empty: leave such rows out' \
    $h 2,,0,1,P2 --key id --prob 'p_*'
bad 'a prediction that is no class' \
    '2: column "g": "P1" is not one of the classes: a, b' \
    $h 2,b,0,1,P2 --key id --predicted g --prob 'p_*'
bad 'a group for some' \
    '3: column "g": empty, but not in every row: name the patient of every image (its id, where nothing else belongs to it), or leave out --group' \
    $h 2,b,0,1, --key id --group g --prob 'p_*'
bad 'a column that is no class' \
    '1: column "p_b": "b" is not one of the classes: a, c' \
    $h 2,b,0,1,P2 --key id --prob 'p_*' --classes a,c
bad 'listed names of which some are classes' \
    '1: column "p_a": "p_a" is not one of the classes: p_b, c' \
    $h 2,b,0,1,P2 --key id --prob p_a,p_b --classes p_b,c
bad 'two columns of one class' \
    '1: columns "p_0" and "p_00" are of the same class' \
    id,y,p_0,p_00,g 2,b,0,1,P2 --key id --prob 'p_*' --classes a,b
bad 'more columns than classes' '1: 3 columns of scores, but 2 classes' \
    $h 2,b,0,1,0 --key id --prob p_a,p_b,g --classes a,b
bad 'one column of unknown class' \
    '1: column "p_a": the only one: give a column for each class, or name its class with --positive' \
    $h 2,b,0,1,P2 --key id --prob p_a
bad 'two columns and --positive' \
    '1: 2 columns of scores, but --positive is for one' \
    $h 2,b,0,1,P2 --key id --prob 'p_*' --positive b --classes a,b
bad 'what no CSV is' '3: 2 fields, but the header has 5' \
    $h 2,b --key id --prob 'p_*'
printf '%s\n1,a,.75,.25,\n2,b,0,1,\n' $h >none.csv
run mc-import --key id --label y --group g --prob 'p_*' none.csv
cut -f 1,2 out >got
is_file got 'a group for none' <<END
id${tab}group
1$tab
2$tab
END
printf 'id,y,said,p\n1,0,0,.25\n2,1,0,.75\n3,2,1,.75\n' >number.csv
number='mc-import --key id --label y --prob p --positive b --classes a,b'
run $number number.csv
fails 1 'mc-import: number.csv:4: column "y": "2" is not one of the classes: a, b' \
    'a number too large'
run $number --no-header number.csv
fails 1 'mc-import: number.csv:1: no column "y"; columns are: 1, 2, 3, 4' \
    '--no-header has no names'
sed 3q number.csv >two.csv
run $number --predicted said two.csv
fails 1 'mc-import: two.csv:3: column "said": "a", but "b" is more probable: leave out --predicted, or the probabilities' \
    'a prediction that is not the most probable'
printf '%s\n' $h >x.csv
run mc-import --key id --label y --prob 'p_*' x.csv
fails 1 'mc-import: x.csv: a header, but no rows' 'no rows'
printf 'id,y,p_a,p_c\n3,a,0,1\n' >other.csv
run mc-import --key id --label y --prob 'p_*' none.csv other.csv
fails 1 'mc-import: other.csv:1: column "p_c": "c" is not one of the classes: a, b' \
    'two files of different classes'
run mc-import --key id --label y --prob 'p_*' none.csv none.csv
fails 2 'mc-import: none.csv is given twice: give each input once (see mc-import --help)' \
    'a file twice'
run mc-import --key id --label y --prob 'p_*' missing.csv
fails 1 'mc-import: missing.csv: No such file or directory' 'no such file'

# --- metadata that do not fit ------------------------------------------------
join() {
	run mc-import --key filename=image_id --join meta.csv --prob 'p_*' "$@"
}
join --label dx preds.csv
fails 1 'mc-import: preds.csv:2: id "test/a.jpg": no row for it in meta.csv (3 such rows): --strip takes folders and extensions off' \
    'ids that do not match'
sed '3s/b/d/' preds.csv >d.csv
join --strip --label dx d.csv
fails 1 'mc-import: d.csv:3: id "d": no row for it in meta.csv (1 such row)' \
    'an id without a row'
sed '3s/b/B/' preds.csv >d.csv
join --strip --label dx d.csv
fails 1 'mc-import: d.csv:3: id "B": no row for it in meta.csv (1 such row): "b" there is another spelling: write one of them in both files' \
    'an id that is spelled otherwise'
join --strip --label y preds.csv
fails 1 'mc-import: preds.csv:1: no column "y"; columns are: filename, p_nv, p_mel, note; in meta.csv: image_id, dx, patient, sex, age' \
    'a column that is in neither'
sed '1s/note/sex/' preds.csv >both.csv
join --strip --label dx --columns sex both.csv
fails 1 'mc-import: both.csv:1: column "sex" is also in meta.csv: rename one of them' \
    'a column that is in both'
run mc-import --key filename --join meta.csv --label dx --prob 'p_*' preds.csv
fails 1 'mc-import: meta.csv:1: no column "filename"; columns are: image_id, dx, patient, sex, age' \
    'the key is called otherwise there'
echo 'x/a.png;nv;P3;f;' >line
cat meta.csv line >again.csv
run mc-import --strip --key filename=image_id --join again.csv --label dx \
    --prob 'p_*' preds.csv
fails 1 'mc-import: again.csv:6: column "image_id": "a" is also in line 3: keep one row per key' \
    'a key twice'
sed '3s/^a//' meta.csv >again.csv
run mc-import --strip --key filename=image_id --join again.csv --label dx \
    --prob 'p_*' preds.csv
fails 1 'mc-import: again.csv:3: column "image_id": empty' 'an empty key'
sed '3s/mel/melanoma/' meta.csv >again.csv
run mc-import --strip --key filename=image_id --join again.csv --label dx \
    --prob 'p_*' preds.csv
fails 1 'mc-import: again.csv:3: column "dx": "melanoma" is not one of the classes: nv, mel' \
    'a label of the metadata is named at its place'
sed '2s,test,train,; 3s,b.JPG,a.png,' preds.csv >folders.csv
join --strip --label dx folders.csv
fails 1 'mc-import: folders.csv:3: duplicate key: id "a" is also at folders.csv:2' \
    '--strip makes two ids one'

# --- usage -------------------------------------------------------------------
# usage NAME MESSAGE OPTION...
usage() {
	name=$1 message=$2
	shift 2
	run mc-import "$@" none.csv
	fails 2 "mc-import: $message" "$name"
}
all='--key id --label y --prob p_a,p_b --classes a,b'
usage 'no key' "--key and --label are needed $see" --label y --prob 'p_*'
usage 'no label' "--key and --label are needed $see" --key id --prob 'p_*'
usage 'nothing predicted' "give --prob, --logit or --predicted $see" \
    --key id --label y
usage 'two kinds of scores' "give --prob or --logit, not both $see" \
    $all --logit 'p_*'
usage 'the label as prediction' "--label and --predicted name the same column $see" \
    $all --predicted y
usage 'a key of no metadata' "--key: \"id=x\" needs --join $see" \
    --label y --prob 'p_*' --key id=x
usage 'what is for --multilabel' \
    "--no-finding and --uncertain are for --multilabel, which is not given $see" \
    $all --uncertain one
usage 'what is for labels' \
    "--no-finding and --uncertain are for --label, which is not given $see" \
    --multilabel --key id --prob 'p_*' --no-finding none
usage 'findings and a prediction' \
    "--multilabel needs a score column for each finding: it cannot be given with --predicted, --ranked or --positive $see" \
    --multilabel $all --positive b
usage 'findings without scores' "give --prob or --logit $see" \
    --multilabel --key id --label y
usage 'findings without a key' "--key is needed $see" \
    --multilabel --prob 'p_*'
usage '--ranked and --positive' "give --ranked or --positive, not both $see" \
    $all --ranked g --positive b
usage '--positive without classes' \
    "--ranked and --positive need --classes, and --prob or --logit $see" \
    --key id --label y --prob p_a --positive b
usage '--ranked without scores' \
    "--ranked and --positive need --classes, and --prob or --logit $see" \
    --key id --label y --predicted g --ranked g --classes a,b
usage 'two stars' "--prob: \"*_*\": only one * is allowed $see" \
    --key id --label y --prob '*_*'
usage 'a pattern without names' \
    "--logit: with --no-header list the columns, as in 2,3,4 $see" \
    --no-header --key 1 --label 2 --logit '*'
usage 'a class twice' '--classes: "a" is given twice' $all --classes a,a
usage 'a class without a name' '--classes: an empty name' $all --classes a,
usage 'a third class' '--positive is for two classes, not 3' \
    --key id --label y --prob p_a --positive b --classes a,b,c
usage 'a positive class that is none' '--positive: "c" is not one of --classes' \
    --key id --label y --prob p_a --positive c --classes a,b
usage 'a column twice' '"p_a,p_a": "p_a" is given twice' \
    --key id --label y --prob p_a,p_a --classes a,b
usage 'a further column of a name in use' \
    '--columns: the output has a column "id" of its own' $all --columns id
sed '1s/g$/p:x/' none.csv >px.csv
run mc-import --key id --label y --prob 'p_*' --columns p:x px.csv
fails 2 'mc-import: --columns: the output has a column "p:x" of its own' \
    'a further column that would be a class'
run mc-import $all --join - </dev/null
fails 2 "mc-import: the predictions and --join cannot both be standard input $see" \
    'two files on standard input'
run mc-import --key id --label y --prob 'p_*' --arm "a${tab}b" none.csv
fails 1 'mc-import: the output:2: column "arm": a TAB, a line break or bytes that are not UTF-8 are not allowed in a table: "a\x09b"' \
    'a TAB in a name'
mc-import --key id --label x --prob 'p_*' -o gone.tsv none.csv 2>err
ok 'a failed run leaves no file' test ! -e gone.tsv

# --- against others ----------------------------------------------------------
if "$PYTHON3" -c 'import pandas, sklearn' 2>/dev/null; then
	"$PYTHON3" "$abs_srcdir/tests/cmd/import_peer.py" >peer 2>peer.err
	verdicts peer
	ok 'thirteen files of others were compared' \
	    sh -c 'test $(wc -l <peer) -eq 13 -a ! -s peer.err'
else
	skip 'files of others' 'no pandas and scikit-learn for $PYTHON3'
fi
if have_real ham10000 'HAM10000: 10015 predictions find their rows'; then
	awk -F, 'NR == 1 { print "filename,prob_0,prob_1"; next }
		{ print "images/" $2 ".jpg," ($3 == "mel" ? "0,1" : "1,0") }' \
	    "$real/ham10000/HAM10000_metadata.csv" >ham.csv
	sed 's/,\(bkl\|nv\|bcc\|akiec\|vasc\|df\),/,other,/' \
	    "$real/ham10000/HAM10000_metadata.csv" >ham_meta.csv
	run mc-import --strip --key filename=image_id --group lesion_id \
	    --label dx --classes other,mel --prob 'prob_*' \
	    --join ham_meta.csv ham.csv
	ok 'HAM10000: 10015 predictions find their rows' sh -c '
	    test $(wc -l <out) -eq 10016 -a \
	    $(awk "NR > 1 && \$3 != \$4" out | wc -l) -eq 0'
fi

# --- the manual's examples ---------------------------------------------------
awk 'BEGIN {
	print "filename,p_well,p_ill" >"preds.csv"
	print "filename,patient,dx" >"meta.csv"
	print "lesion_id,image_id,dx,dx_type,age,sex,localization" \
	    >"HAM10000_metadata.csv"
	print "filename,prob_0,prob_1,prob_2" >"topk0.csv"
	print "filename,index_0,index_1,index_2,prob_0,prob_1,prob_2" \
	    >"topk3.csv"
	print "filename,index,prob" >"top1.csv"
	print ",bkl,mel,nv,y" >"frame.csv"
	print "id,truth" >"labels.csv"
	print "id,true_0,score_0,score_1,score_2" >"results.csv"
	print "id,truth,score" >"binary.csv"
	print "id,p_Effusion,y_Effusion,p_Mass,y_Mass" >"findings.csv"
	print "image,p_Effusion,p_Mass" >"chest.csv"
	print "Image Index,Finding Labels,Patient ID" >"Data_Entry.csv"
	split("bkl mel nv", class, " ")
	for (i = 0; i < 60; i++) {
		c = i % 3
		p = i % 5 / 8
		rest = "0.125," 0.875 - p
		print i ".png," p "," 1 - p >"preds.csv"
		print i ".png,P" int(i / 2) "," (i % 2 ? "well" : "ill") \
		    >"meta.csv"
		print "HAM_" int(i / 2) ",ISIC_" i "," class[c + 1] ",histo,50.0,f,back" \
		    >"HAM10000_metadata.csv"
		print "ISIC_" i ".jpg," p "," rest >"topk0.csv"
		print "ISIC_" i ".jpg," c "," (c + 1) % 3 "," (c + 2) % 3 \
		    ",0.75,0.25,0" >"topk3.csv"
		print "ISIC_" i ".jpg," i % 2 ",0.75" >"top1.csv"
		print i "," p "," rest "," class[c + 1] >"frame.csv"
		print c ".0" >"y.txt"
		print p " 0.125 " 0.875 - p >"proba.txt"
		print i "," p "," rest \
		    >"dermamnist_test_[AUC]0.912_[ACC]0.754@run1.csv"
		print i "," c >"labels.csv"
		print i "," c "," p "," rest >"results.csv"
		print i "," (i % 2 ? "well" : "ill") "," p - 0.3 >"binary.csv"
		print i ".png," i % 5 / 4 "," i % 9 / 8 >"chest.csv"
		print i ".png," (i % 2 ? "Effusion" (i % 3 == 2 ? "|Mass" : \
		    "") : i % 3 == 2 ? "Mass" : "No Finding") "," int(i / 2) \
		    >"Data_Entry.csv"
		print i "," i % 5 / 4 "," i % 2 "," i % 9 / 8 "," int(i % 3 / 2) \
		    >"findings.csv"
	}
}'
awk '/^\.Bd/ { on = 1; next }
	/^\.Ed/ { on = 0; print "test $? -eq 0 || exit 1" }
	on' "$abs_srcdir/man/mc-import.1" | sed 's/^\$ //; s/\\e$/\\/' >examples
ok 'the examples of the manual run' sh examples
ok 'they were more than eight' test "$(grep -c mc-import examples)" -gt 8
sh examples >out 2>err
ok 'and wrote the rows of eight tables, without a warning' \
    sh -c 'test $(grep -c "	p:\|	predicted$" out) -eq 8 -a \
    $(wc -l <out) -gt 488 -a ! -s err'
ok 'and two means over two findings' \
    sh -c 'test $(grep -c "^chest	.*mean of 2 findings" out) -eq 2'

# --- what nobody asks for ----------------------------------------------------
printf 'id,y,p_a,p_b,report,x,x\n1,a,0.6,0.4,"no\neffusion",1,2\n2,b,0.1,0.9,\351t\351,1,2\n' >unused.csv
printf 'id,notes,sex\n1,"a\tb",F\n2,\351t\351,M\n' >meta.csv
run mc-import --key id --label y --prob 'p_*' --join meta.csv --columns sex \
    unused.csv
is_file out "newlines, TABs, Latin-1 and doubled names in other columns" <<'END'
id	label	predicted	p:a	p:b	sex
1	a	a	0.6	0.4	F
2	b	b	0.1	0.9	M
END
ok "without a word" test ! -s err
run mc-import --key id --label y --prob 'p_*' --columns report unused.csv
fails 1 'mc-import: unused.csv:2: column "report": a TAB or a line break within the field: replace it with a blank' \
    "asked for, they are errors"
run mc-import --key id --label y --prob 'p_*' --join meta.csv --columns notes \
    unused.csv
fails 1 'mc-import: meta.csv:2: column "notes": a TAB or a line break within the field: replace it with a blank' \
    "in the metadata too"
run mc-import --key id --label x --prob 'p_*' unused.csv
fails 1 'mc-import: unused.csv:1: column "x" occurs twice: rename one of the two' \
    "and a doubled name"

done_testing
