#!/bin/sh
# mc-index --join: tables by image and by patient, several tables, their columns.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/cmd/indexed.sh"

# --- one row per patient -------------------------------------------------------
jpeg img/p1_1.jpg img/p1_2.jpg img/p1_3.jpg img/p2_1.jpg
cat >patients.csv <<'EOF'
patient,dx,age
p1,sick,30
p2,well,40
p9,well,50
EOF
run mc-index --group 'p[0-9]+' --join patients.csv --key group=patient \
    --label dx img
warned "a patient without an image is a warning" <<'EOF'
mc-index: patients.csv:4: no image for this row (1 such row)
EOF
columns 1,3,4,7- "one row serves all images of a patient" <<'EOF'
id	label	group	patient	dx	age
p1_1	sick	p1	p1	sick	30
p1_2	sick	p1	p1	sick	30
p1_3	sick	p1	p1	sick	30
p2_1	well	p2	p2	well	40
EOF
mkdir inside
cp -R img patients.csv inside
cp patients.csv inside/other.csv
for table in inside/patients.csv inside/../inside/patients.csv; do
	run mc-index --group 'p[0-9]+' --join $table --key group=patient --label dx \
	    --left-out left.tsv inside
	ok "a table in the folder is counted as that" grep -q \
	    '; skipped 2: other files 1, tables of --join 1$' err
	cut -f 3,6 left.tsv | tail -n +2 >reasons
	is_file reasons "and its reason is listed" <<'EOF'
inside/patients.csv	table of --join
inside/other.csv	not an image
EOF
done
printf 'sep=;\r\npatient;dose\r\np1;0,5\r\np2;12\r\n' >german.csv
run mc-index --group 'p[0-9]+' --join german.csv --key group=patient \
    --label dose img
warned "decimal commas between semicolons become points, after Excel's own line" \
    <<'EOF'
mc-index: german.csv: decimal commas are read as points in column dose: "0,5" in line 3 is 0.5
EOF
columns 1,3,7- "and are points in the manifest" <<'EOF'
id	label	patient	dose
p1_1	0.5	p1	0.5
p1_2	0.5	p1	0.5
p1_3	0.5	p1	0.5
p2_1	12	p2	12
EOF
# The key names files, so its commas stay; one field with a point leaves a column.
mkdir -p commas
cp img/p1_1.jpg commas/1,5.jpg
cp img/p1_2.jpg commas/2,5.jpg
printf 'file;dx;dose;size\n1,5;sick;0,5;1,5\n2,5;well;1,5;2.5\n' >commas.csv
run mc-index --join commas.csv --key file --label dx commas
is_rc 0 "keys with commas"
columns 1,3,9- "a key keeps its comma, and so does a column that has a point elsewhere" \
    <<'EOF'
id	label	dose	size
1,5	sick	0.5	1,5
2,5	well	1.5	2.5
EOF
ok "both are said" grep -qx 'mc-index: commas.csv: decimal commas are read as points in column dose: "0,5" in line 2 is 0.5; commas are left in column size: "1,5" in line 2 may be a decimal comma, but "2.5" in line 3 is no such number' err
sed '1s/patient/group/' patients.csv >group.csv
run mc-index -q --group 'p[0-9]+' --join group.csv --key group --label dx img
is_rc 0 "--key group: a column of this name"
run mc-index -q --group 'p[0-9]+' --join patients.csv --key patient --label dx img
fails 1 'mc-index: img/p1_1.jpg: no row for it in patients.csv (4 such images): column "patient" has none of "p1_1.jpg", "img/p1_1.jpg" and "p1_1.jpg", with or without extension; images without a row: "p1_1.jpg", "p1_2.jpg", "p1_3.jpg"; keys without an image: "p1", "p2", "p9": the keys are groups: give --key group=patient' \
    "a patient's key that is taken for an image's says what to do"
sed 's/^p/P0/' patients.csv >other.csv
run mc-index -q --group 'p[0-9]+' --join other.csv --key group=P0atient img
fails 1 'mc-index: img/p1_1.jpg: no row for it in other.csv (4 such images): column "P0atient" has no group "p1"; groups without a row: "p1", "p2"; keys without an image: "P01", "P02", "P09"' \
    "patients that are spelt differently"
run mc-index -q --join patients.csv --key group=patient img
fails 1 'mc-index: img/p1_1.jpg: no row for it in patients.csv (4 such images): column "patient" has no group ""; groups without a row: ""; keys without an image: "p1", "p2", "p9": the image has no group: give --group, or --group-column of another table' \
    "no patient without a group"
printf 'patient,dx\n1.0,sick\n' >float.csv
run mc-index -q --group 'p([0-9])' --group-part 1 --join float.csv \
    --key group=patient img
fails 1 'mc-index: img/p1_1.jpg: no row for it in float.csv (4 such images): column "patient" has no group "1"; groups without a row: "1", "2"; keys without an image: "1.0": "1.0" and "1" are two spellings: write one of them in the table' \
    "patients whose numbers are spelled as pandas does"
printf 'patient,dx\np1,sick\nP2,well\n' >case.csv
run mc-index -q --group 'p[0-9]' --join case.csv --key group=patient img
fails 1 'mc-index: img/p2_1.jpg: no row for it in case.csv (1 such image): column "patient" has no group "p2"; groups without a row: "p2"; keys without an image: "P2": "P2" and "p2" are two spellings: write one of them in the table' \
    "to leave out a patient who is spelled otherwise is not advised"
# --- keys and headers that nearly match -------------------------------------------
# nearly KEY: what is said of a table whose keys are like KEY for p1_1.jpg.
nearly() {
	printf 'image,dx\n%s,sick\np1_2.jpg,sick\np1_3,sick\np2_1.jpg,well\n' \
	    "$1" >near.csv
	run mc-index -q --join near.csv --key image --label dx img
	fails 1 "mc-index: img/p1_1.jpg: no row for it in near.csv (1 such image): column \"image\" has none of \"p1_1.jpg\", \"img/p1_1.jpg\" and \"p1_1.jpg\", with or without extension; images without a row: \"p1_1.jpg\"; keys without an image: \"$1\": $2" \
	    "an image whose key is \"$1\""
}
for key in P1_1.JPG 'p1_1.jpg ' ' p1_1' /data/nih/p1_1.jpg 'C:\nih\P1_1.png'; do
	nearly "$key" "\"$key\" may be its key: write \"p1_1.jpg\" there"
done
sed 's/^C.*png/p1_1.jpg/' near.csv >followed.csv
run mc-index -q --join followed.csv --key image --label dx img
is_rc 0 "and the advice works"
nearly p1_11.jpg '--unmatched skip leaves such images out'
sed '1s/dx/ DX/' patients.csv >blank.csv
run mc-index -q --group 'p[0-9]+' --join blank.csv --key group=patient --label dx img
fails 1 'mc-index: blank.csv:1: no column "dx"; columns are: patient,  DX, age: " DX" differs from "dx" in case or blanks alone: rename it in the file' \
    "a header with a blank"
run mc-index -q --group 'p[0-9]+' --join blank.csv --key group=Patient img
fails 1 'mc-index: blank.csv:1: no column "Patient"; columns are: patient,  DX, age: "patient" differs from "Patient" in case or blanks alone: rename it in the file' \
    "a key of another case"
printf 'patient,dx\n' >norows.csv
run mc-index -q --group 'p[0-9]' --join norows.csv --key group=patient img
fails 1 'mc-index: img/p1_1.jpg: no row for it in norows.csv (4 such images): column "patient" has no group "p1"; groups without a row: "p1", "p2"; the table has no rows' \
    "a table without rows"
printf 'patient,dx\np1,1\np2,1.0\n' >spelled.csv
run mc-index --group 'p[0-9]' --join spelled.csv --key group=patient \
    --label dx img
warned "two spellings of one class are a warning" <<'EOF'
mc-index: the labels "1" and "1.0" are two spellings of one class, which mc-train refuses: join them with --merge "1=1,1.0"
EOF
run mc-index --group 'p[0-9]' --join spelled.csv --key group=patient \
    --label dx --merge 1=1,1.0 img
warned "the advice is followed" </dev/null
columns 3 "and joins them" <<'EOF'
label
1
1
1
1
EOF
run mc-index -q --group p. --join patients.csv --key patient=x img
fails 2 "mc-index: --key patient=x: give COLUMN or id=COLUMN, which names the image, or group=COLUMN, which names the patient $see" \
    "another side of the key"
run mc-index -q --join patients.csv --key group=patient --group-column dx img
fails 2 "mc-index: --group-column dx: patients.csv is joined by the group, so another table or --group must give it $see" \
    "a group from the table that it is the key of"

# --- several tables -------------------------------------------------------------
cat >images.csv <<'EOF'
image,patient,view
p1_1,p1,AP
p1_2,p2,PA
p1_3,p1,PA
p2_1,p2,AP
EOF
run mc-index --join patients.csv --key group=patient --join images.csv \
    --key id=image --group-column patient --label dx img
fails 2 "mc-index: --group-column patient: patients.csv is joined by the group, so another table or --group must give it $see" \
    "a column is that of the first table that has it"
run mc-index --join images.csv --key id=image --join patients.csv \
    --key group=patient --group-column patient --label dx img
columns 1,3,4,7- "the images' table gives the patient, the patients' the label" <<'EOF'
id	label	group	image	patient	view	dx	age
p1_1	sick	p1	p1_1	p1	AP	sick	30
p1_2	well	p2	p1_2	p2	PA	well	40
p1_3	sick	p1	p1_3	p1	PA	sick	30
p2_1	well	p2	p2_1	p2	AP	well	40
EOF
sed 1,2d images.csv | sed '1i image,patient,view' >b.csv
head -n 2 images.csv >a.csv
run mc-index --join a.csv --join b.csv --key image --group-column patient img
cut -f 1,4,7- out >a
run mc-index --join images.csv --key image --group-column patient img
columns 1,4,7- "tables with one header are parts of one" <a
cat images.csv >b.csv
run mc-index --join a.csv --join b.csv --key image img
fails 1 'mc-index: b.csv:2: the key "p1_1" is also in a.csv:2: keep one row per key' \
    "in which no key occurs twice"
{ sed -n 1p images.csv; sed -n 3,4p images.csv; sed -n 4p images.csv; } >twice.csv
key=$(sed -n 4p twice.csv | cut -d , -f 1)
run mc-index --join twice.csv --key image img
fails 1 "mc-index: twice.csv:4: the key \"$key\" is also in line 3: keep one row per key" \
    "nor in one table"
printf 'file,dx\np1_1.png,sick\np1_1.bmp,well\n' >two.csv
run mc-index --join two.csv --key file --label dx img
ok "a key that two rows have but for the extension is nobody's" sh -c \
    "test $rc -eq 1 && grep -q '^mc-index: img/p1_1.jpg: no row for it' err"
printf 'file,dx\np1_1,sick\n' >one.csv
run mc-index --join one.csv --key file --label dx img
ok "a table whose rows all have an image" grep -q \
    '; every row has another image: --unmatched skip leaves such images out$' err
printf 'file,dx\nimg/p1_1.jpg,a\nimg/p1_2.jpg,b\nimg/p1_3.jpg,a\nimg/p2_1.jpg,b\n' \
    >paths.csv
(cd img && mc-index -q --join ../paths.csv --key file --label dx .) >out
columns 1,3 "the folder's name in the keys, though it is given as ." <<'EOF'
id	label
p1_1	a
p1_2	b
p1_3	a
p2_1	b
EOF
mkdir -p set/v1/train
cp img/p1_[12].jpg set/v1/train
printf 'file,dx\nset/v1/train/p1_1.png,a\nv1/train/p1_2,b\n' >above.csv
run mc-index -q --join above.csv --key file --label dx set/v1/train
columns 1,3 'folders above the one that is given, in the keys' <<'EOF'
id	label
p1_1	a
p1_2	b
EOF
printf 'file,dx\n%s,a\n%s,b\n' "$PWD/set/v1/train/p1_1.jpg" \
    v2/train/p1_2.jpg >above.csv
run mc-index -q --join above.csv --key file --label dx --unmatched skip \
    set/v1/train
columns 1,3 'a path from the root; other folders are others' <<'EOF'
id	label
p1_1	a
EOF
run mc-index --join a.csv --join b.csv --join images.csv --key image \
    --key image img
fails 2 "mc-index: 2 --key for 3 --join: give one for all, or one for each in the same order $see" \
    "how many keys"
run mc-index --join images.csv --join patients.csv --key image --key \
    group=patient --group-column patient --label none img
fails 1 'mc-index: images.csv:1: no column "none"; columns are: image, patient, view; in patients.csv: patient, dx, age' \
    "a column that none of them has"

# --- what has no match ----------------------------------------------------------
head -n 3 images.csv >few.csv
echo p9_1,p9,AP >>few.csv
few() { run mc-index --group p. --label image --join few.csv --key image "$@" img; }
few
fails 1 'mc-index: img/p1_3.jpg: no row for it in few.csv (2 such images): column "image" has none of "p1_3.jpg", "img/p1_3.jpg" and "p1_3.jpg", with or without extension; images without a row: "p1_3.jpg", "p2_1.jpg"; keys without an image: "p9_1": --unmatched skip leaves such images out' \
    "an image without a row is an error"
few --unmatched skip
warned "or left out, and counted" <<'EOF'
mc-index: 2 of 4 images left out, since they have no row in few.csv: img/p1_3.jpg and others
mc-index: few.csv:4: no image for this row (1 such row)
EOF
sed 's/^p9_1/ P2_1.JPG/' few.csv >near.csv
run mc-index --group p. --label image --join near.csv --key image \
    --unmatched skip img
ok "a key that is spelled otherwise is named" grep -qx 'mc-index: 2 of 4 images left out, since they have no row in near.csv: img/p1_3.jpg and others; 1 of them may have a row under another spelling: " P2_1.JPG" may be the key of "p2_1.jpg": write the latter there' err
printf 'patient,dx\np1,a\nP2 ,b\n' >near.csv
run mc-index --group p. --label dx --join near.csv --key group=patient \
    --unmatched skip img
ok "so is a patient" grep -q '^mc-index: 1 of 4 images left out, since they have no row in near.csv: img/p2_1.jpg; 1 of them may have a row under another spelling: "P2 " may be the key of "p2": write the latter there$' err
few --unmatched skip
columns 1,7- "and the others have theirs" <<'EOF'
id	image	patient	view
p1_1	p1_1	p1	AP
p1_2	p1_2	p2	PA
EOF
run mc-index --group 'p[0-9]+' --join patients.csv --key group=patient \
    --unmatched refuse img
fails 1 'mc-index: patients.csv:4: no image for this row, "p9" (1 such row of 3): are all folders given?' \
    "a row without an image can be refused"
sed 's/^p/q/' few.csv >none.csv
run mc-index -q --join none.csv --key image --unmatched skip img
is_rc 1 "not all images can be left out"
run mc-index -q --unmatched skip img
fails 2 "mc-index: --columns, --drop and --unmatched need --join $see" \
    "--unmatched without --join"

# --- columns --------------------------------------------------------------------
printf 'image,path,age,p_a,p_b,note\np1_1,/x,1,2,3,"a\nb"\np1_2,/x,1,2,3,\np1_3,/x,1,2,3,\np2_1,/x,1,2,3,\n' >wide.csv
wide() { run mc-index --group p. --label p_a --join wide.csv --key image "$@" img; }
wide --columns age
warned "what is not asked for is not spoken of" </dev/null
columns 7- "--columns" <<'EOF'
age
1
1
1
1
EOF
wide --columns 'p_*,note'
columns 3,7- "a pattern; the label is another column" <<'EOF'
label	p_a	p_b	note
2	2	3	a b
2	2	3	
2	2	3	
2	2	3	
EOF
wide --drop 'path,p_*,note,image'
warned "what is dropped neither" </dev/null
ok "--drop" test "$(head -n 1 out | cut -f 7-)" = age
wide --columns age,none
fails 1 'mc-index: wide.csv:1: no column "none"; columns are: image, path, age, p_a, p_b, note' \
    "a column that is not there"
wide --columns path
fails 2 "mc-index: --columns: the manifest has a column \"path\" of its own: rename that of the table $see" \
    "a column of the manifest's own"
wide --columns age --drop note
fails 2 "mc-index: give --columns or --drop, not both $see" "both"

done_testing
