#!/bin/sh
# mc-describe: golden tables, what counts once, totals, and bad input.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-describe

# Two patients to train on and one to test on; the scanner is the image's.
cat >m.tsv <<'END'
id	path	label	group	split	age	sex	scanner
a1	a1.png	sick	anna	train	61	F	GE
a2	a2.png	well	anna	train	61.0	F	Philips
a3	a3.png	well	anna	train		F	GE
b1	b1.png	well	bert	train	48	M	Philips
c1	c1.png	sick	cleo	test	70	F	GE
END
run mc-describe m.tsv
is_golden out counts.tsv 'images and patients'
run mc-describe --columns age,sex,scanner m.tsv
is_golden out columns.tsv 'numbers, names, values of images'
cp out columns
ok 'without a word' test ! -s err
run mc-describe -v --columns scanner m.tsv
is_err 'with -v, why images are counted' <<'END'
mc-describe: m.tsv:3: column "scanner": "Philips", but "GE" in line 2 for the same group: images are counted
END

# --- Compared with a part ----------------------------------------------------
run mc-describe --columns age --against label=sick m.tsv
ok 'the reference and the total have no difference' awk -F'\t' '
    NR > 1 && ($2 == "sick" || $2 == "all") && $14 != "" { bad = 1 }
    END { exit bad }' out
run mc-describe --against split=val m.tsv
is_rc 1 'a reference that no image has'
is_err 'says which' <<'END'
mc-describe: m.tsv: no image has split "val", with which the others are to be compared
END
run mc-describe --against site=A m.tsv
is_rc 2 'a column that is no part'
is_err 'says what can be compared' <<'END'
mc-describe: --against: "site=A" is not split=NAME or label=NAME (see mc-describe --help)
END

# --- The same bytes ---------------------------------------------------------
{ head -n 1 m.tsv; tail -n +2 m.tsv | sort -r; } >reversed.tsv
run mc-describe --columns age,sex,scanner reversed.tsv
ok 'another order of rows, the same bytes' cmp columns out
run mc-describe --columns age,sex,scanner - <m.tsv
ok 'standard input, the same bytes' cmp columns out
run mc-describe --columns age,sex,scanner -o file.tsv m.tsv
ok 'a file, the same bytes' cmp columns file.tsv
awk 'NR == 1 { print $0 "\tarm\tpredicted" }
    NR > 1 { print $0 "\tm0\tsick"; print $0 "\tm1\twell" }' m.tsv >p.tsv
run mc-describe --columns age,sex,scanner p.tsv
ok 'predictions of two arms, the same bytes' cmp columns out
cut -f 1-5,8 m.tsv >bare.tsv
printf 'who;age;sex\nanna;61;F\nbert;48;M\ncleo;70;F\n' >people.csv
run mc-describe --join people.csv --key group=who --columns age,sex,scanner \
    bare.tsv
ok 'joined by patient, the same bytes' cmp columns out
is_err 'without a word' </dev/null
run mc-describe --join people.csv --key group=who --columns scanner bare.tsv
is_err 'a table of which no column is wanted' <<'END'
mc-describe: --join: no column of --columns is taken from people.csv, so it does nothing
END

printf 'who;age\r\nanna;61,25\r\nbert;48,5\r\ncleo;70\r\n' >german.csv
run mc-describe --join german.csv --key group=who --columns age bare.tsv
is_err 'decimal commas between semicolons are read, and said' <<'END'
mc-describe: german.csv: decimal commas are read as points in column age: "61,25" in line 2 is 61.25
END
awk -F '\t' '$1 == "all" && $2 == "all" && $3 == "age" { print $9, $12 }' \
    out >got
echo '61.25 59.916666666666664' >want
ok 'as numbers' cmp want got

# --- What is missing, what is a number ---------------------------------------
# total: the rows on all, without split and label.
total() { awk -F'\t' '$1 == "all" && $2 == "all" && $3 != ""' out | cut -f 3-11; }
sed 's/61.0/NA/' m.tsv >na.tsv
run mc-describe --columns age na.tsv
is_err 'text among numbers is said' <<'END'
mc-describe: na.tsv:3: column "age": "NA" is not a number, though others are: treated as categories; --missing "NA" leaves it out, --text age confirms
END
sed 's/61.0/57,5/' m.tsv >comma.tsv
run mc-describe --columns age comma.tsv
is_err 'a decimal comma, which no list can hold' <<'END'
mc-describe: comma.tsv:3: column "age": "57,5" is not a number, though others are: treated as categories; write numbers with a decimal point, not a comma, --text age confirms
END
sed 's/61.0/61,0/; s/61	F/61,0	F/; s/48/48,5/; s/70/70,25/' m.tsv >commas.tsv
run mc-describe --columns age commas.tsv
is_err 'decimal commas in all of a column' <<'END'
mc-describe: commas.tsv:2: column "age": "61,0" is not a number: treated as categories; write numbers with a decimal point, not a comma, --text age confirms
END
run mc-describe --columns age --text age commas.tsv
ok '--text confirms that too' test ! -s err
sed 's/57,5/57.5/' comma.tsv >point.tsv
run mc-describe --columns age point.tsv
ok 'the advice works' test ! -s err
run mc-describe --columns age --missing NA,none na.tsv
ok 'and not where it is missing' test ! -s err
total >got
is_file got 'the age of three patients' <<'END'
age		group	3	0		61	54.5	65.5
END
run mc-describe --columns age --text age --missing NA na.tsv
total >got
is_file got '--text' <<'END'
age	48	group	1	0	0.3333333333333333			
age	61	group	1	0	0.3333333333333333			
age	70	group	1	0	0.3333333333333333			
END
printf 'id\tgroup\tage\nz\tq\t7\na\tp\t50\nb\tp\t50.0\nc\tp\t51\nd\tp\t52\n' >torn.tsv
run mc-describe -v --columns age torn.tsv
ok 'the first other value of a group is named, and the first one' grep -qx \
    'mc-describe: torn.tsv:5: column "age": "51", but "50" in line 3 for the same group: images are counted' err
run mc-describe --columns age --text age torn.tsv
cut -f 3,4,6 out | grep '^age' >got
is_file got '--text: a number that is written in two ways is one value' <<'END'
age	50	2
age	51	1
age	52	1
age	7	1
END
printf 'id\tage\na\t-0\nb\t-0.0\n' >zero.tsv
run mc-describe --columns age zero.tsv
ok 'no mean is -0' test "$(grep '	age	' out | cut -f 9-13)" = '0	0	0	0	0'
printf 'id\tage\na\t-1\nb\t-1.0\nc\t40\n' >spelled.tsv
for missing in -1 -1.0; do
	run mc-describe --columns age --missing $missing spelled.tsv
	cut -f 3,6,7,9 out | grep '^age' >got
	is_file got "--missing $missing: however the number is spelled" <<'END'
age	1	2	40
END
done
run mc-describe --columns sex --missing F,M m.tsv
total >got
is_file got 'a column without a value still has its row' <<'END'
sex		group	0	3				
END
run mc-describe --columns sex --unit image m.tsv
total >got
is_file got '--unit image' <<'END'
sex	F	image	4	0	0.8			
sex	M	image	1	0	0.2			
END
ok 'and no groups' sh -c '! grep group out'

# --- Totals -----------------------------------------------------------------
cut -f 1-4 m.tsv >nosplit.tsv
run mc-describe nosplit.tsv
cut -f 1,2,5,6 out >got
is_file got 'no split: the rows on all alone' <<'END'
split	label	unit	n
all	sick	image	2
all	sick	group	2
all	well	image	3
all	well	group	2
all	all	image	5
all	all	group	3
END
printf 'id\n1\n2\n' >ids.tsv
run mc-describe ids.tsv
is_out 'nothing but ids' <<'END'
split	label	column	value	unit	n	missing	share	median	q1	q3	mean	sd	smd
all	all			image	2		1						
END
printf 'id\tlabel\n1\tall\n2\t\n' >all.tsv
run mc-describe all.tsv
fails 1 'mc-describe: all.tsv: column "label": "all" is the name of the rows over all images: rename those with --total' \
    'a class called as the rows on all'
run mc-describe --total any all.tsv
cut -f 2,6 out >got
is_file got '--total; an image without a label' <<'END'
label	n
	1
all	1
any	2
END
run mc-describe --total '' all.tsv
fails 1 'mc-describe: all.tsv: column "label": "" is the name of the rows over all images: rename those with --total' \
    'an empty name, and an empty label'
run mc-describe --total '' ids.tsv
is_out 'an empty name for what is not known' <<'END'
split	label	column	value	unit	n	missing	share	median	q1	q3	mean	sd	smd
				image	2		1						
END

# --- Bad input --------------------------------------------------------------
# bad NAME MESSAGE [OPTION...]: the table is bad.tsv.
bad() {
	name=$1 message=$2
	shift 2
	run mc-describe "$@" bad.tsv
	fails 1 "mc-describe: $message" "$name"
}
printf 'id\n' >bad.tsv
bad 'a header alone' \
    'bad.tsv: a header, but no rows'
printf 'label\nx\n' >bad.tsv
bad 'no id' 'bad.tsv:1: no column "id"; columns are: label'
printf 'id\tlabel\na\tx\n\tx\n' >bad.tsv
bad 'an empty id' 'bad.tsv:3: column "id": empty'
printf 'id\tlabel\na\tx\nb\tx\na\tx\n' >bad.tsv
bad 'an id twice' 'bad.tsv:4: duplicate key: id "a" is also in line 2'
printf 'id\tarm\tlabel\na\tm\tx\na\tn\ty\n' >bad.tsv
bad 'arms that differ in a label' \
    'bad.tsv:3: column "label": "y", but "x" in line 2 for the same image "a"'
printf 'id\tarm\tp:x\na\tm\t0.5\na\tn\t0.6\n' >bad.tsv
bad 'a column that is the arm'\''s' \
    'bad.tsv:3: column "p:x": "0.6", but "0.5" in line 2 for the same image "a"' \
    --columns p:x
printf 'id\tfold\tsplit\na\t1\ttrain\na\t2\ttest\n' >bad.tsv
bad 'folds that differ in the split' \
    'bad.tsv:3: column "split": "test", but "train" in line 2 for the same image "a"'
printf 'task\tid\nskin\ta\nchest\tb\n' >bad.tsv
bad 'two tasks' \
    'bad.tsv:3: column "task": "chest", but "skin" in line 2: describe one task at a time'
printf 'id\tgroup\na\tp\nb\t\n' >bad.tsv
bad 'a patient without a name' \
    'bad.tsv:3: column "group": empty: name the patient of every image (its id, where nothing else belongs to it), or give --unit image'
bad 'no such column' 'bad.tsv:1: no column "age"; columns are: id, group' \
    --columns age
bad 'nor in the joined table' \
    'bad.tsv:1: no column "height"; columns are: id, group; in people.csv: who, age, sex' \
    --columns height --join people.csv --key group=who
bad 'a key that is not there' \
    'bad.tsv:2: column "group": "p" is not in people.csv; rows without their key there: 2' \
    --columns age --join people.csv --key group=who
bad 'no column of keys' 'bad.tsv:1: no column "patient"; columns are: id, group' \
    --columns age --join people.csv --key patient=who
printf 'id\tage\tgroup\na\t1\tanna\n' >bad.tsv
bad 'a column in both' \
    'bad.tsv:1: column "age" is also in people.csv: rename one of the two' \
    --columns age --join people.csv --key group=who
cut -f 1,2 m.tsv >bad.tsv
bad '--unit group without a group' \
    'bad.tsv:2: column "group": there is none: name the patient of every image, or give --unit image' \
    --unit group
awk 'BEGIN { print "id\tsplit\tlabel"
    for (i = 0; i < 1001; i++) print i "\t" i "\t" i }' >bad.tsv
bad 'too many parts' 'bad.tsv: 1001 splits of 1001 labels are too many: is one of these the wrong column?'

# misused NAME MESSAGE OPTION...
misused() {
	name=$1 message=$2
	shift 2
	run mc-describe "$@"
	fails 2 "mc-describe: $message" "$name"
}
see='(see mc-describe --help)'
misused 'two tables' "other.tsv: one table at a time $see" m.tsv other.tsv
misused '--key alone' \
    "--key joins the table of --join, which is not given $see" \
    --key x --columns age m.tsv
misused '--join alone' "--join, --missing and --text are for --columns, which is not given $see" \
    --join people.csv m.tsv
misused '--total with a TAB' "--total: a TSV cannot hold this name $see" \
    --total 'a	b' m.tsv
misused 'a column without a name' '--columns: an empty name' \
    --columns age, m.tsv
misused 'a column twice' '--columns: a name is given twice' \
    --columns age,sex,age m.tsv
misused '--text of no column' '--text: "sex" is not one of --columns' \
    --columns age --text sex m.tsv

# --- Several findings per image ----------------------------------------------
cat >findings.tsv <<'END'
id	label	group	split
a	Mass|Effusion	p1	train
b	Effusion	p1	train
c	none	p2	train
d	Mass?	p3	test
END
run mc-describe --multilabel --no-finding nothing findings.tsv
is_err 'a word for no finding that no label has' <<'END'
mc-describe: findings.tsv: --no-finding "nothing": no label has this word
END
run mc-describe --multilabel --no-finding none findings.tsv
is_rc 0 'findings are described'
ok 'without a message' test ! -s err
cut -f 1,2,5,6,8 out | grep -v '^all' >counts
is_file counts 'an image is counted under each finding, and once in all' <<'END'
split	label	unit	n	share
test	Effusion	image	0	0
test	Effusion	group	0	0
test	Mass	image	0	0
test	Mass	group	0	0
test	Mass?	image	1	1
test	Mass?	group	1	1
test	none	image	0	0
test	none	group	0	0
test	all	image	1	0.25
test	all	group	1	0.3333333333333333
train	Effusion	image	2	0.6666666666666666
train	Effusion	group	1	0.5
train	Mass	image	1	0.3333333333333333
train	Mass	group	1	0.5
train	Mass?	image	0	0
train	Mass?	group	0	0
train	none	image	1	0.3333333333333333
train	none	group	1	0.5
train	all	image	3	0.75
train	all	group	2	0.6666666666666666
END
run mc-describe findings.tsv
fails 1 'mc-describe: findings.tsv: 1 label holds "|", such as "Mass|Effusion": give --multilabel to count each finding' \
    'without --multilabel they are one line'
misused '--no-finding alone' "--no-finding is for --multilabel, which is not given $see" \
    --no-finding none findings.tsv

# --- The flow of exclusions ----------------------------------------------------
# q1's patient has other images; cleo is lost with c1, which the manifest still has.
{
	printf 'program\tid\tpath\tlabel\tgroup\treason\n'
	printf 'mc-index\t\tx/a.bmp\t\t\tBMP\n'
	printf 'mc-index\tq1\tq1.png\twell\tanna\tno row\n'
	printf 'mc-index\tz\tz.png\t\tzoe\tno row\n'
} >index.tsv
printf 'program\tid\tgroup\treason\nmc-pack\tc1\tcleo\tdamaged\n' >pack.tsv
run mc-describe --left-out index.tsv --left-out pack.tsv m.tsv
is_out 'what each program left out, and what remained' <<'END'
program	reason	images	groups	images_left	groups_left	files	files_left
	found	8	4	8	4	8	8
mc-index	BMP	1	0	7	4	1	7
mc-index	no row	2	1	5	3	2	5
mc-pack	damaged	1	1	4	2	1	4
END
cp out flow.tsv
printf 'program\tid\treason\nmc-pack\tc1\tdamaged\n' >ids.tsv
run mc-describe --left-out index.tsv --left-out ids.tsv m.tsv
ok 'the group of an image in the manifest is known from there' cmp flow.tsv out
printf 'program\tid\tgroup\treason\nmc-pack\tc1\tother\tdamaged\n' >other.tsv
run mc-describe --left-out index.tsv --left-out other.tsv m.tsv
ok 'and another group in the table changes nothing' cmp flow.tsv out
printf 'program\tpath\treason\nmc-pack\tc1.png\tdamaged\n' >bypath.tsv
run mc-describe --left-out index.tsv --left-out bypath.tsv m.tsv
ok 'an image may be named by its path' cmp flow.tsv out
run mc-describe --unit image --left-out index.tsv m.tsv
ok 'no groups, no numbers of groups' awk -F'\t' 'NR > 1 && ($4 != "" ||
    $6 != "") { bad = 1 } END { exit bad }' out
cp out ungrouped.tsv
awk -F'\t' -v OFS='\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "group")
    g = i } NR == 2 { $g = "" } 1' m.tsv >some.tsv
run mc-describe --left-out index.tsv some.tsv
is_rc 0 'an image without a group'
ok 'groups are not counted then' cmp ungrouped.tsv out
is_err 'which is said' <<'END'
mc-describe: some.tsv: images without a group: 1: groups are not counted
END
run mc-describe --unit group --left-out index.tsv some.tsv
ok 'unless groups are asked for' test $rc -eq 1
run mc-describe --left-out index.tsv --left-out index.tsv m.tsv
fails 2 'mc-describe: --left-out: index.tsv is given twice: give each input once (see mc-describe --help)' \
    'a table that is given twice'
cp index.tsv copied.tsv
run mc-describe --left-out index.tsv --left-out copied.tsv m.tsv
fails 1 'mc-describe: copied.tsv:2: "x/a.bmp" is left out twice' \
    'a copy of a table'
printf 'id\tpath\treason\timages\nq1\tq1.png\ty\t2\n' >two.tsv
run mc-describe --left-out two.tsv m.tsv
fails 1 'mc-describe: two.tsv:2: column "images": a row is one image (1), or a file that is none (0)' \
    'a row of several images'
printf 'id\tpath\tgroup\treason\timages\nr\tr.txt\tzoe\ty\t0\ns\ts.png\tzoe\ty\t\n' >zoe.tsv
run mc-describe --left-out zoe.tsv m.tsv
ok 'a file that is no image loses no patient, one without a number does' test \
    "$(sed -n '3,$p' out | cut -f 3,4,7 | tr '\t\n' ' ,')" = '0 0 1,1 1 1,'
printf 'program\tid\tpath\treason\nx\tc\ta.png\ty\nx\tc\tb.png\ty\n' >twice.tsv
run mc-describe --left-out twice.tsv m.tsv
fails 1 'mc-describe: twice.tsv:3: "c" is left out twice' 'an id with two paths'
printf 'program\tid\tpath\treason\nx\t\t\ty\n' >nameless.tsv
run mc-describe --left-out nameless.tsv m.tsv
fails 1 'mc-describe: nameless.tsv:2: no id and no path' 'a row without an image'
sed 's/no row//' index.tsv >reasonless.tsv
run mc-describe --left-out reasonless.tsv m.tsv
fails 1 'mc-describe: reasonless.tsv:3: no reason' 'a row without a reason'
misused '--left-out with --columns' \
    "--left-out writes another table: --columns, --against, --total and --multilabel have no effect on it $see" \
    --left-out index.tsv --columns age m.tsv
for opt in '--total x' --multilabel; do
	# shellcheck disable=SC2086
	misused "--left-out with $opt" \
	    "--left-out writes another table: --columns, --against, --total and --multilabel have no effect on it $see" \
	    --left-out index.tsv $opt m.tsv
done
printf 'id\tlabel\tsex\n1\ta\tm\n2\ta\tM\n3\tb\tf\n4\tb\tf \n' >spelled.tsv
run mc-describe --columns sex spelled.tsv
is_rc 0 'values that differ in case or blanks'
is_err 'are named' <<'END'
mc-describe: spelled.tsv: column "sex": "f" and "f " are two spellings of one value, and are counted apart: write one of them in the table
END
printf 'id\tlabel\tgrade\n1\ta\t01\n2\ta\t1\n3\tb\t1.0\n4\tb\t2\n' >codes.tsv
run mc-describe --columns grade --text grade codes.tsv
is_err '01 and 1 are named' <<'END'
mc-describe: codes.tsv: column "grade": "01" and "1" are two spellings of one value, and are counted apart: write one of them in the table
END
awk -F'\t' '$1 == "all" && $2 == "all" && $3 == "grade" { print $4, $6 }' out >got
is_file got 'and counted apart, but 1.0 is 1' <<'END'
01 1
1 2
2 1
END
run mc-describe --columns grade codes.tsv
ok 'as numbers all three are 1' test "$(tail -n 1 out | cut -f 6,9,11)" = \
    "$(printf '4\t1\t1.25')"

# --- The page ---------------------------------------------------------------
cp m.tsv manifest.tsv
printf 'patient,age,sex\nanna,61,F\nbert,48,M\ncleo,70,F\n' >patients.csv
cut -f 1-5 m.tsv >plain.tsv
sed -n 's/^\$ //p' "$abs_srcdir/man/mc-describe.1" >examples.sh
ok 'the examples of the page run' sh -e examples.sh
ok 'and are four' test "$(wc -l <examples.sh)" -eq 4

# --- Against others ---------------------------------------------------------
if ! "$PYTHON3" -c 'import numpy' 2>/dev/null; then
	skip 'numpy_describe.py agrees' 'no numpy for $PYTHON3'
else
	ok 'numpy_describe.py agrees' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/numpy_describe.py"
	if have_real ham10000 'numpy_describe.py agrees on HAM10000'; then
		ok 'numpy_describe.py agrees on HAM10000' \
		    "$PYTHON3" "$abs_srcdir/tests/stats/numpy_describe.py" \
		    "$real/ham10000/HAM10000_metadata.csv"
	fi
fi

# --- a joined CSV, whatever it is called -------------------------------------
printf 'id\tlabel\na\tx\nb\ty\n' >two.tsv
printf 'id;note;sex\na;"1\n2";F\nb;\351;M\na;;F\n' >meta.txt
run mc-describe --join meta.txt --columns sex two.tsv
cp out got
printf 'id\tlabel\tsex\na\tx\tF\nb\ty\tM\n' >joined.tsv
mc-describe --columns sex joined.tsv >wanted
ok 'a CSV is known by its content, and by what is asked of it' cmp wanted got
run mc-describe --join meta.txt --columns note two.tsv
fails 1 "mc-describe: meta.txt:2: column \"note\": a TAB or a line break within the field: replace it with a blank" \
    'what is asked for is checked'

done_testing
