#!/bin/sh
# mc-index: a folder as it was downloaded becomes a manifest.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-index
ok "--help does not speak of standard input" \
    sh -c '! mc-index --help | grep -q "standard input"'

# jpeg TEXT FILE...: files that begin like a JPEG and differ by their text.
jpeg() {
	text=$1
	shift
	for f; do
		mkdir -p "$(dirname "$f")"
		printf '\377\330\377\340%s%s' "$text" "$f" >"$f"
	done
}
see='(see mc-index --help)'
# warned NAME: standard error holds these lines and that of what was seen.
warned() {
	grep -v '^mc-index: [0-9]* images*; ' err >warnings
	is_file warnings "$1"
}
free='whether the splits are independent cannot be checked there (see --group)'
tab=$(printf '\t')

# --- a download: chest_xray, its second copy, its Mac leftovers --------------
jpeg '' chest_xray/train/NORMAL/IM-0115-0001.jpeg \
    chest_xray/train/NORMAL/NORMAL2-IM-0381-0001.jpeg \
    chest_xray/train/PNEUMONIA/person12_virus_43.jpeg \
    chest_xray/train/PNEUMONIA/person12_bacteria_44.JPEG \
    chest_xray/val/NORMAL/IM-0200-0001.jpeg \
    chest_xray/test/PNEUMONIA/person3_virus_17.jpeg
mkdir chest_xray/__MACOSX chest_xray/chest_xray
cp -R chest_xray/train chest_xray/val chest_xray/test chest_xray/chest_xray
jpeg '' chest_xray/__MACOSX/train/NORMAL/._IM-0115-0001.jpeg \
    chest_xray/test/._x.jpeg
echo x >chest_xray/train/.DS_Store
echo 'not an image' >chest_xray/README.txt
: >chest_xray/train/NORMAL/IM-0116-0001.jpeg
key='person[0-9]+_(virus|bacteria)|(NORMAL2-)?IM-[0-9]+'
run mc-index --group "$key" chest_xray
is_rc 0 "indexes"
is_err "says what it left out" <<'EOF'
mc-index: 3 files skipped: hidden or a system's: chest_xray/__MACOSX and others
mc-index: 6 files skipped: this folder is a second copy of the one that contains it: chest_xray/chest_xray
mc-index: 1 file skipped: called an image, but empty or of no known kind: chest_xray/train/NORMAL/IM-0116-0001.jpeg
mc-index: 6 images; 2 classes: NORMAL 3, PNEUMONIA 3; 6 groups of 1 image; 3 splits: test 1, train 4, val 1; skipped 11: hidden 3, in a second copy 6, no image in spite of the name 1, other files 1
EOF
is_golden out chest.tsv "the manifest"
cp out chest.tsv
sed 1d out | while IFS=$tab read -r id path label group split sha256; do
	echo "$sha256  $path"
done >sums
ok "the digests are those of sha256sum" sha256sum -c sums
run mc-index -q --group "$key" ./chest_xray/
cut -f 1,3- out >a
cut -f 1,3- chest.tsv >b
ok "a slash at the end, or ./ before it, changes nothing but the path" \
    cmp a b
ok "which can be opened" test -e "$(sed -n '2s/^[^	]*	\([^	]*\)	.*/\1/p' out)"
run mc-index -q -v --group "$key" chest_xray
is_err "-v lists every file" <<'EOF'
mc-index: skipped: chest_xray/README.txt: no image
mc-index: skipped: chest_xray/__MACOSX: hidden or a system's
mc-index: skipped: chest_xray/test/._x.jpeg: hidden or a system's
mc-index: skipped: chest_xray/train/.DS_Store: hidden or a system's
mc-index: skipped: chest_xray/train/NORMAL/IM-0116-0001.jpeg: called an image, but empty or of no known kind
EOF
run mc-index -q chest_xray -o whole.tsv
ok "-o writes a file" test "$(wc -l <whole.tsv)" -eq 7
run mc-index chest_xray/train/NORMAL
ok "a folder of images alone has no labels" grep -q \
    '^mc-index: label is empty for 2 of 2 images, the first chest_xray/train/NORMAL/IM-0115-0001.jpeg: nothing can be learned from these (see --label)$' err
run mc-index -q --group 'person[0-9]+' chest_xray
fails 1 'mc-index: chest_xray/train/NORMAL/IM-0115-0001.jpeg: --group matches nothing in the path (3 such images): give it an alternative for such names' \
    "every image must have a group"
run mc-index -q --group 'x*' chest_xray/val
ok "an empty match is none" grep -q 'matches nothing in the path, nor in that of any other' err
run mc-index --group '(' chest_xray
is_rc 2 "a bad expression is a usage error"
ok "and is quoted" \
    grep -q '^mc-index: --group: "(" is not a POSIX extended regular expression: ' err
run mc-index -q --group 'person\d+' chest_xray
fails 1 'mc-index: chest_xray/test/PNEUMONIA/person3_virus_17.jpeg: --group matches nothing in the path, nor in that of any other image: it is a POSIX extended regular expression, in which a digit is [0-9] and not \d' \
    "an expression of another language"

# Chest X-rays: [0-9]+ finds the 2 of NORMAL2 in 21 names of 21 children.
for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21; do
	jpeg '' "coarse/NORMAL/NORMAL2-IM-05$i-0001.jpeg" \
	    "coarse/ILL/person10${i}_virus_1.jpeg" \
	    "coarse/ILL/person11${i}_virus_1.jpeg"
done
run mc-index --group '[0-9]+' coarse
warned "a group that is no patient is named" <<'EOF'
mc-index: group "2" holds 21 of the 63 images (43 groups in all): if it is more than one patient, let --group match more of the path
EOF
run mc-index --group 'person[0-9]+|NORMAL2-IM-[0-9]+' coarse
warned "and patients are not" </dev/null
run mc-index --group 'L?2|person' --group-from name coarse
warned "but one of two that holds most" <<'EOF'
mc-index: group "person" holds 42 of the 63 images (2 groups in all): if it is more than one patient, let --group match more of the path
EOF
run mc-index --group '[A-Z]+' coarse
is_err "nor folders, and in a line is what was seen" <<'EOF'
mc-index: the group of 63 of 63 images is part of a folder's name, such as "ILL" in coarse/ILL/person1001_virus_1.jpeg: give --group-from name if the file's name says who the patient is, or --group-from path if the folder does
mc-index: group "ILL" holds 42 of the 63 images (2 groups in all): if it is more than one patient, let --group match more of the path
mc-index: 63 images; 2 classes: ILL 42, NORMAL 21; 2 groups of 21 to 42 images, 31.5 on average
EOF
run mc-index --group 'e' coarse
warned "one group of all" <<'EOF'
mc-index: group "e" has files of several folders whose names differ just before the match: coarse/ILL/person1001_virus_1.jpeg and coarse/NORMAL/NORMAL2-IM-0501-0001.jpeg (1 such group): if these are two patients, let --group match more of the path
mc-index: group "e" holds 63 of the 63 images (1 group in all): if it is more than one patient, let --group match more of the path
EOF

# Patients whose images lie in two folders, which have numbers as they have.
jpeg '' 'FUNDUS1/0001_OI_1.jpg' 'FUNDUS1/0002_OD_1.jpg' 'FUNDUS2/0001_OD_2.jpg'
mkdir eyes && mv FUNDUS1 FUNDUS2 eyes
groups() { cut -f 4 out | sort -u | tr '\n' ' ' | sed 's/ $//'; }
run mc-index --group '[0-9]+' eyes
warned "the first expression that comes to mind takes the folders" <<'EOF'
mc-index: the group of 3 of 3 images is part of a folder's name, such as "1" in eyes/FUNDUS1/0001_OI_1.jpg: give --group-from name if the file's name says who the patient is, or --group-from path if the folder does
EOF
run mc-index --group '[0-9]+' --group-from name eyes
ok "--group-from name" test "$(groups)" = '0001 0002 group'
warned "has nothing to warn of" </dev/null
run mc-index --group '^[0-9]+' --group-from name eyes
ok "where ^ is the start of the name" test "$(groups)" = '0001 0002 group'
run mc-index --group '[0-9]+' --group-from path eyes
ok "--group-from path" test "$(groups)" = '1 2 group'
warned "is not warned of" </dev/null
run mc-index --group '/([0-9]+)_(OI|OD)' --group-part 1 eyes
ok "--group-part 1" test "$(groups)" = '0001 0002 group'
run mc-index --group '/([0-9]+)_(OI|OD)' --group-part 2 eyes
ok "--group-part 2" test "$(groups)" = 'OD OI group'
run mc-index --group '/([0-9]+)_OI|_OD' --group-part 1 eyes
fails 1 "mc-index: eyes/FUNDUS1/0002_OD_1.jpg: --group matches nothing in the path (2 such images): give it an alternative for such names, which has the parenthesis of --group-part also" \
    "a match without the parenthesis"
run mc-index --group '([0-9]+)' --group-part 2 eyes
fails 2 'mc-index: --group-part 2: "([0-9]+)" has 1 parenthesis' \
    "a parenthesis that is not there"
run mc-index --group x --group-from name eyes
fails 1 "mc-index: eyes/FUNDUS1/0001_OI_1.jpg: --group matches nothing in the file's name, nor in that of any other image: it is a POSIX extended regular expression, in which a digit is [0-9] and not \\d" \
    "an expression that matches no name"
run mc-index --group-part 1 eyes
fails 2 "mc-index: --group-part and --group-from are for --group, which is not given" \
    "--group-part without --group"

# A class may be called as the folder is.
jpeg '' normal/normal/a.jpg normal/ill/b.jpg
run mc-index -q normal
ok "a class folder called as its folder is no copy" \
    test "$(wc -l <out)" -eq 3
jpeg '' one/A/a.jpg one/B/A/b.jpg
run mc-index -q one
ok "one folder of the same name makes no copy" test "$(wc -l <out)" -eq 3
jpeg '' once/train/A/a.jpg once/once/train/A/a.jpg
run mc-index -q once
ok "but in a folder of its folder's name it does" test "$(wc -l <out)" -eq 2
jpeg '' archive/chest/train/a/x.jpg
run mc-index -q archive
fails 1 "mc-index: archive/chest/train/a/x.jpg: a split folder within the class folder \"chest\": give a folder that holds the splits or the classes" \
    "a folder too high up"
jpeg '' case/TRAIN/A/1.jpg case/Valid/A/2.jpg case/validation/A/3.jpg \
    case/Test/deep/A/er/4.jpg case/test/5.jpg
run mc-index -q case
cut -f 1,3,5 out >a
is_file a "splits in any case; the label is the folder below" <<'EOF'
id	label	split
TRAIN/A/1	A	train
Test/deep/A/er/4	deep	test
Valid/A/2	A	val
test/5		test
validation/A/3	A	val
EOF

# --- ids and names -----------------------------------------------------------
jpeg '' 'n/A/a b.jpg' n/A/é.jpg n/A/x.jpg n/A/noext n/A/1.2.840
printf '\211PNG\r\n\032\n' >n/A/x.png
printf 'II*\0' >n/A/t.TIF
printf 'RIFF1234WEBP' >n/A/w.webp
run mc-index -q n
cut -f 1,2 out >a
is_file a "ids: without extension, unless that makes two of one" <<'EOF'
id	path
A/1.2.840	n/A/1.2.840
A/a b	n/A/a b.jpg
A/noext	n/A/noext
A/t	n/A/t.TIF
A/w	n/A/w.webp
A/x.jpg	n/A/x.jpg
A/x.png	n/A/x.png
A/é	n/A/é.jpg
EOF
run mc-index -q normal case
is_rc 0 "several folders"
ok "sorted together" sh -c 'cut -f 1 out | sed 1d | sort -c'
cp out a
run mc-index -q case normal
ok "in any order" cmp a out
run mc-index -q n n
fails 1 'mc-index: n/A/1.2.840 and n/A/1.2.840 would both be "A/1.2.840": index the folder above them' \
    "the same id twice"
jpeg '' "tab/A/a${tab}b.jpg"
run mc-index -q tab
fails 1 'mc-index: tab/A/a\x09b.jpg: a TAB, a line break or bytes that are not UTF-8 in this name: rename it' \
    "a TAB in a name"
mkdir -p latin/A
printf '\377\330\377' >"latin/A/$(printf '\351').jpg"
run mc-index -q latin
is_rc 1 "a name in Latin 1"

# --- links -------------------------------------------------------------------
jpeg '' links/A/a.jpg
ln -s .. links/A/up
ln -s ../../n/A/w.webp links/A/b.webp
run mc-index links
ok "a loop of links ends" test "$(wc -l <out)" -eq 3
warned "and is named" <<EOF
mc-index: 1 file skipped: a link to a folder that contains it: links/A/up
mc-index: group is empty for 2 of 2 images, the first links/A/a.jpg: $free
EOF
ln -s nowhere links/A/c.jpg
run mc-index -q links
nowhere='a broken link: fetch its target, or remove it'
fails 1 "mc-index: links/A/c.jpg: $nowhere" "a dangling link"
rm links/A/c.jpg
ln -s /mnt/not/mounted links/B
run mc-index -q links
fails 1 "mc-index: links/B: $nowhere" \
    "a class folder that is a link to a disk that is not there"
rm links/B
ln -s self links/self
run mc-index -q links
fails 1 "mc-index: links/self: $nowhere" "a link to itself"
rm links/self
mkfifo links/A/pipe.png
run mc-index links
ok "a pipe is not waited for, and is said" grep -q \
    '^mc-index: 1 file skipped: a pipe, a socket or a device: links/A/pipe.png$' err
ok "nor is it an image" test "$(wc -l <out)" -eq 3

# --- images that cannot be read ----------------------------------------------
jpeg '' kinds/A/1.jpg kinds/B/1.jpg
for f in kinds/A/x.heic kinds/B/y.jpg; do
	printf '....ftypheic' >$f
done
printf 'NRRD0004' >kinds/B/z.nrrd
printf '<html>' >kinds/B/page.png
printf '\010\000\005' >kinds/B/old.dcm
printf '\037\213' >kinds/B/v.nii.gz
{ printf 'II*\000'; head -c 124 /dev/zero; printf DICM; } >kinds/A/tiff
png='convert it to PNG (ImageMagick: mogrify -format png)'
run mc-index --group . --group-from path kinds
ok "images that cannot be read are left out" test "$(wc -l <out)" -eq 3
grep -v DICOM err >err.other
mv err.other err
warned "counted by their kind, with what to do" <<EOF
mc-index: 2 files skipped: HEIF or AVIF, which mctools does not read: $png: kinds/A/x.heic and others
mc-index: 1 file skipped: called an image, but an HTML page: download the file again, logged in where that is needed: kinds/B/page.png
mc-index: 1 file skipped: NIfTI: choose slices with --slices, such as --slices axial:middle:3: kinds/B/v.nii.gz
mc-index: 1 file skipped: NRRD, which mctools does not read: write its slices as PNG files: kinds/B/z.nrrd
EOF
run mc-index -q -v kinds
ok "and listed with -v" grep -q "^mc-index: skipped: kinds/B/y.jpg: HEIF or AVIF, which mctools does not read: $png\$" err
mkdir kinds/C
cp kinds/A/x.heic kinds/C
run mc-index -q kinds
fails 1 "mc-index: kinds/C: no image of this class can be read, such as kinds/C/x.heic: HEIF or AVIF, which mctools does not read: $png" \
    "a class does not go in silence"
mkdir -p parts/train parts/val
cp -R kinds/A kinds/B parts/train
cp -R kinds/A kinds/C parts/val
run mc-index -q parts
fails 1 "mc-index: parts/val/C: no image of this class can be read, such as parts/val/C/x.heic: HEIF or AVIF, which mctools does not read: $png" \
    "nor within a split"
printf 'image,dx\n1.jpg,x\n' >dx.csv
run mc-index -q --join dx.csv --key image --label dx kinds/A
is_rc 0 "labels of a table have no class folder"
run mc-index -q kinds/C
fails 1 "mc-index: kinds/C: contains no readable image: kinds/C/x.heic: HEIF or AVIF, which mctools does not read: $png" \
    "a folder of nothing else"
mkdir kinds/docs
echo >kinds/docs/notes.txt
rm -r kinds/C
run mc-index -q kinds
is_rc 0 "a folder without images is no class"

# --- metadata ----------------------------------------------------------------
jpeg 1 ham/part_1/ISIC_1.jpg ham/part_1/ISIC_2.jpg
jpeg 2 ham/part_2/ISIC_3.jpg
printf 'lesion_id,image_id,dx,note\r\nL1,ISIC_1,mel,"a, ""b"""\r\nL1,ISIC_3,mel,\r\nL2,ISIC_2,nv,x\r\nL9,ISIC_9,nv,\r\n' >ham.csv
run mc-index --join ham.csv --key image_id --label dx \
    --group-column lesion_id ham/part_1 ham/part_2
warned "a row without an image is a warning" <<'EOF'
mc-index: ham.csv:5: no image for this row (1 such row)
EOF
cut -f 1-5,7- out >a
is_file a "label and group come from the metadata, which pass through" <<'EOF'
id	path	label	group	split	lesion_id	image_id	dx	note
ISIC_1	ham/part_1/ISIC_1.jpg	mel	L1		L1	ISIC_1	mel	a, "b"
ISIC_2	ham/part_1/ISIC_2.jpg	nv	L2		L2	ISIC_2	nv	x
ISIC_3	ham/part_2/ISIC_3.jpg	mel	L1		L1	ISIC_3	mel	
EOF
joined() {
	run mc-index -q --join meta.csv --key image "$@" ham
}
printf 'image\tMEL\tNV\tsplit\nISIC_1.jpg\t1.0\t0.0\tVALID\nISIC_2.jpg\t0\t1\ttrain\nISIC_3.jpg\t1\t0\tfive\n' >meta.csv
joined --one-hot MEL,NV --split-column split
cut -f 1,3,5 out >a
is_file a "TSV, file names as keys, one-hot labels, splits" <<'EOF'
id	label	split
part_1/ISIC_1	MEL	val
part_1/ISIC_2	NV	train
part_2/ISIC_3	MEL	five
EOF
printf 'image,path,A,sha256,B,A,unit\nISIC_1,/x,1,0,2,3,HU\nISIC_2,/y,1,0,2,3,HU\nISIC_3,,,,,,\n' >own.csv
run mc-index --join own.csv --key image --group ISIC_. ham
warned "names of the manifest's own, and doubled ones, are left out" <<'EOF'
mc-index: own.csv: left out, since the manifest has such columns (see --label, --group-column, --split-column): path, sha256, unit
mc-index: own.csv: left out, since the name is used twice: A, A
EOF
cut -f 1,7- out | head -n 2 >a
is_file a "and the others pass through" <<'EOF'
id	image	B
part_1/ISIC_1	ISIC_1	2
EOF
run mc-index -q --join own.csv --key image --label A ham
fails 1 'mc-index: own.csv:1: column "A" occurs twice: rename one of the two' \
    "but a doubled one cannot be asked for"
run mc-index -q --join own.csv --key image --label unit ham
is_rc 0 "while one of the manifest's own can"
printf 'image,report,dx\nISIC_1,"one\r\ntwo",a\nISIC_2,\351t\351,b\nISIC_3,"a\tb",\351\n' >bad.csv
run mc-index --join bad.csv --key image --group ISIC_. ham
warned "what no TSV can hold passes through changed, with a word" <<'EOF'
mc-index: bad.csv:2: column "report": a TAB, a line break or bytes that are not UTF-8 (4 such fields): replaced by blanks or "?"
EOF
cut -f 8 out >a
is_file a "as blanks and question marks" <<'EOF'
report
one  two
?t?
a b
EOF
run mc-index -q --join bad.csv --key image --label dx ham
fails 1 'mc-index: bad.csv:5: column "dx": bytes that are not UTF-8: convert the file, as with iconv -f latin1 -t utf8' \
    "but not as a label"
iconv -f latin1 -t utf8 bad.csv >good.csv
run mc-index -q --join good.csv --key image --label dx ham
is_rc 0 "and the advice helps"

# keys FOLDER KEY...: index FOLDER by these keys; -q, so that errors alone show.
keys() {
	folder=$1; shift
	{ echo key,dx; printf "%s,x\n" "$@"; } >keys.csv
	run mc-index -q --join keys.csv --key key --label dx $folder
}
for keys in 'ham/part_1/ISIC_1.jpg ham/part_1/ISIC_2.jpg ham/part_2/ISIC_3.jpg' \
    'part_1/ISIC_1.jpg part_1/ISIC_2.jpg part_2/ISIC_3.jpg' \
    './part_1/ISIC_1.jpg ./part_1/ISIC_2.jpg ./part_2/ISIC_3.jpg' \
    'ISIC_1.JPG ISIC_2.jpeg part_2/ISIC_3.JPEG' \
    'ham/part_1/ISIC_1 ham/part_1/ISIC_2 ham/part_2/ISIC_3'
do
	keys ham $keys
	is_rc 0 "keys such as ${keys%% *}"
done
cd ham || exit 1
cp ../keys.csv .
run mc-index -q --join keys.csv --key key --label dx .
cp out err ..
cd ..
rm -f ham/keys.csv ham/out ham/err
is_rc 0 "from within the folder"
keys ham ISIC_1.png ISIC_1.jpg ISIC_2.tif ISIC_2.png ISIC_3.jpg
ok "the file's own extension comes first, and two others are none" \
    grep -q 'ISIC_2.jpg: no row.*(1 such image)' err
keys ham x/ISIC_1.jpg y/ISIC_2.jpg ISIC_3.jpg z/4 z/5
fails 1 'mc-index: ham/part_1/ISIC_1.jpg: no row for it in keys.csv (2 such images): column "key" has none of "part_1/ISIC_1.jpg", "ham/part_1/ISIC_1.jpg" and "ISIC_1.jpg", with or without extension; images without a row: "part_1/ISIC_1.jpg", "part_1/ISIC_2.jpg"; keys without an image: "x/ISIC_1.jpg", "y/ISIC_2.jpg", "z/4": "x/ISIC_1.jpg" may be its key: write "part_1/ISIC_1.jpg" there' \
    "what was looked for, and what there is"
printf 'image,A,B\npart_1/ISIC_1,1,1\npart_1/ISIC_2,0,1\npart_2/ISIC_3,0,1\n' >meta.csv
joined --one-hot A,B
fails 1 'mc-index: meta.csv:2: not exactly one of the columns of --one-hot is 1' \
    "two ones"
joined --label B
is_rc 0 "ids as keys"

# Several findings per image.
labels() { cut -f 1,3 out >a; is_file a "$1"; }
cat >meta.csv <<'END'
image,No Finding,Mass,Pleural Effusion,p_A,p_B
ISIC_1,,1.0,-1.0,0,1
ISIC_2,1.0,0.0,,,-1
ISIC_3,,,,0,0
END
run mc-index --group ISIC_. --join meta.csv --key image \
    --findings 'Pleural Effusion,Mass,No Finding' ham
warned 'a row without an entry is said' <<'END'
mc-index: meta.csv:4: no finding has an entry (1 such row): read as "No Finding"
END
labels 'CheXpert: 1, 0, -1 and empty' <<'END'
id	label
part_1/ISIC_1	Pleural Effusion?|Mass
part_1/ISIC_2	No Finding
part_2/ISIC_3	No Finding
END
joined --findings 'p_*' --no-finding none
labels 'a pattern of columns, and another word for no finding' <<'END'
id	label
part_1/ISIC_1	B
part_1/ISIC_2	B?
part_2/ISIC_3	none
END
run mc-index --group ISIC_. --join meta.csv --key image --label Mass --multilabel \
    --no-finding none ham
ok 'a word for no finding that no label has' grep -qx \
    'mc-index: meta.csv: --no-finding "none": no label has this word' err
sed 's/,-1$/,0.5/' meta.csv >half.csv
run mc-index -q --join half.csv --key image --findings p_A,p_B ham
fails 1 'mc-index: half.csv:3: column "p_B": "0.5" is not 1 (yes), 0 (no), -1 (uncertain) or empty (no)' \
    'half a finding'
sed 's/^ISIC_2,1.0/ISIC_2,-1.0/' meta.csv >half.csv
run mc-index -q --join half.csv --key image --findings 'No Finding,Mass' ham
fails 1 'mc-index: half.csv:3: label "No Finding?": the word for no finding cannot be uncertain' \
    'no finding, perhaps'
joined --findings Mass,Mass
fails 2 "mc-index: \"Mass,Mass\": \"Mass\" is given twice $see" 'a finding twice'
joined --findings 'q_*'
fails 1 'mc-index: meta.csv:1: no column matches "q_*"; columns are: image, No Finding, Mass, Pleural Effusion, p_A, p_B' \
    'a pattern that matches nothing'
cat >pad.csv <<'END'
image,Labels
ISIC_1,"['cardiomegaly', ' pleural effusion ', ""cardiomegaly"", 'Chilaiditi sign']"
ISIC_2,"['normal']"
ISIC_3,[]
END
run mc-index --group ISIC_. --join pad.csv --key image --label Labels \
    --multilabel --no-finding normal ham
warned 'an empty list is said' <<'END'
mc-index: pad.csv:4: no finding has an entry (1 such row): read as "normal"
END
labels 'PadChest: lists as Python prints them' <<'END'
id	label
part_1/ISIC_1	cardiomegaly|pleural effusion|Chilaiditi sign
part_1/ISIC_2	normal
part_2/ISIC_3	normal
END
sed "s/'normal'/'normal/" pad.csv >half.csv
run mc-index -q --join half.csv --key image --label Labels --multilabel ham
fails 1 "mc-index: half.csv:3: column \"Labels\": \"['normal]\" is not a list as Python prints it: ['a', 'b']" \
    'a list without its end'
printf 'image,L\nISIC_1,Mass|Nodule\nISIC_2,No Finding\nISIC_3,Mass|Mass\n' >nih.csv
run mc-index -q --join nih.csv --key image --label L --multilabel ham
fails 1 'mc-index: nih.csv:4: label "Mass|Mass": "Mass" is given twice' \
    'NIH: the label is checked'
printf 'image,L\nISIC_1,Mass|Nodule\nISIC_2,No Finding\nISIC_3,\n' >nih.csv
run mc-index -q --join nih.csv --key image --label L --multilabel ham
labels 'and is the label; an empty one stays empty' <<'END'
id	label
part_1/ISIC_1	Mass|Nodule
part_1/ISIC_2	No Finding
part_2/ISIC_3	
END
run mc-index --multilabel ham
fails 2 "mc-index: --multilabel is for --label, which is not given $see" \
    '--multilabel without --label'
run mc-index --no-finding x ham
fails 2 "mc-index: --no-finding is for --findings and --multilabel, and neither is given $see" \
    '--no-finding alone'
joined --findings 'a*b*'
fails 2 "mc-index: --findings: \"a*b*\": only one * is allowed $see" 'two *'
printf ',image,A\n0,ISIC_1,x\n1,ISIC_2,y\n2,ISIC_3,z\n' >meta.csv
joined
cut -f 7- out | sed -n 1,2p >a
is_file a "the index of pandas" <<'EOF'
unnamed1	image	A
0	ISIC_1	x
EOF
printf 'image,A,B\npart_1/ISIC_1,1,1\npart_1/ISIC_2,0,1\npart_2/ISIC_3,0,1\n' >meta.csv
joined --label C
fails 1 'mc-index: meta.csv:1: no column "C"; columns are: image, A, B' \
    "no such column"
printf 'image,A\nISIC_1,x\n' >meta.csv
joined
fails 1 'mc-index: ham/part_1/ISIC_2.jpg: no row for it in meta.csv (2 such images): column "image" has none of "part_1/ISIC_2.jpg", "ham/part_1/ISIC_2.jpg" and "ISIC_2.jpg", with or without extension; images without a row: "part_1/ISIC_2.jpg", "part_2/ISIC_3.jpg"; every row has another image: --unmatched skip leaves such images out' \
    "an image without a row"
printf 'image,A\nISIC_1,x\nISIC_1,y\n' >meta.csv
joined
fails 1 'mc-index: meta.csv:3: the key "ISIC_1" is also in line 2: keep one row per key' \
    "a key twice"
printf 'image,A\nISIC_1,x\n,y\n' >meta.csv
joined
fails 1 'mc-index: meta.csv:3: the key is empty' "an empty key"
jpeg '' two/A/1.jpg two/B/1.jpg
printf 'image,A\n1,x\n' >meta.csv
run mc-index -q --join meta.csv --key image two
fails 1 'mc-index: meta.csv:2: this row is for two/A/1.jpg and for two/B/1.jpg: leave one out (--exclude), or use the id as key' \
    "a row for two images"

# --- what is missing; usage --------------------------------------------------
mkdir nothing
run mc-index nothing
fails 1 'mc-index: nothing: contains no image' "an empty folder"
run mc-index missing
fails 1 'mc-index: missing: No such file or directory' "a missing folder"
run mc-index ham.csv
fails 1 'mc-index: ham.csv: not a folder' "a file"
run mc-index
fails 2 "mc-index: no folder given $see" "no folder"
run mc-index --join ham.csv n
fails 2 "mc-index: --join needs --key $see" "no key"
run mc-index --label x n
fails 2 "mc-index: --key, --label, --one-hot, --findings, --group-column and --split-column need --join $see" \
    "no --join"
run mc-index --group x --group-column y --join ham.csv --key z n
fails 2 "mc-index: give --group or --group-column, not both $see" "two groups"
run mc-index -q -o /dev/full n
fails 1 'mc-index: /dev/full: cannot write: No space left on device' \
    "a full disk"
ok "which is still a device" test -c /dev/full

# --- the manual's examples ---------------------------------------------------
mv ham/part_1 HAM10000_images_part_1
mv ham/part_2 HAM10000_images_part_2
cp ham.csv HAM10000_metadata.csv
mkdir -p CheXpert-v1.0-small/train/patient00001/study1 images padchest
one=HAM10000_images_part_1/ISIC_1.jpg
cp $one CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg
cp $one images/00000001_000.png
cp $one padchest/20586.png
cat >train.csv <<'END'
Path,Sex,No Finding,Cardiomegaly,Edema,Pleural Effusion
CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,F,,1.0,,-1.0
END
cat >Data_Entry_2017.csv <<'END'
Image Index,Finding Labels,Patient ID
00000001_000.png,Cardiomegaly|Emphysema,1
END
cat >PadChest.csv <<'END'
ImageID,PatientID,Labels
20586.png,839860,"['pulmonary fibrosis', 'kyphosis']"
END
mkdir photos
for i in benign malignant normal; do
	mkdir -p busi/$i && cp $one busi/$i && cp $one busi/$i/x_mask_1.png
done
cp $one photos/p12_3.jpg
printf 'patient,diagnosis,age,sex,note\np12,flu,3,F,x\n' >patients.csv
# Those with --slices run in mc-index-nifti.sh, that with --id-key in dicom.sh.
awk '/^\.Bd/ { on = 1; block = ""; next }
	/^\.Ed/ { on = 0
	    if (block !~ /--slices|--id-key/) print block "test $? -eq 0 || exit 1" }
	on { block = block $0 "\n" }' "$abs_srcdir/man/mc-index.1" |
    sed 's/\\e$/\\/' >examples
ok "the manual's examples run" sh examples

# --- the real thing ----------------------------------------------------------
if have_real chest_xray "chest X-rays: 5840 images, no patient in two splits"
then
	run mc-index --group "$key" -o chest.tsv "$real/chest_xray"
	ok "chest X-rays: 5840 images, no patient in two splits" sh -c '
	    test "$(wc -l <chest.tsv)" -eq 5841 && mc-split --check chest.tsv'
	ok "428 patients in the test part" sh -c '
	    test "$(awk "\$5 == \"test\" { print \$4 }" FS="\t" chest.tsv |
	    sort -u | wc -l)" -eq 428'
	ok "30 groups of identical images" sh -c '
	    test "$(cut -f 6 chest.tsv | sort | uniq -d | wc -l)" -eq 30'
	mc-index -q --group 'person[0-9]+|(NORMAL2-)?IM-[0-9]+' \
	    -o number.tsv "$real/chest_xray"
	run mc-split --check number.tsv
	ok "by number alone 170 patients leak" \
	    grep -q '(170 such cases): divide' err
fi
if have_real ham10000 "HAM10000: 10015 images of 7470 lesions"; then
	run mc-index --join "$real/ham10000/HAM10000_metadata.csv" \
	    --key image_id --label dx --group-column lesion_id \
	    "$real/ham10000/images"
	ok "HAM10000: 10015 images of 7470 lesions" sh -c '
	    test "$(wc -l <out)" -eq 10016 &&
	    test "$(sed 1d out | cut -f 4 | sort -u | wc -l)" -eq 7470'
	is_err "which is all that it says" <<'EOF'
mc-index: 10015 images; 7 classes: akiec 327, bcc 514, bkl 1099, df 115, mel 1113, nv 6705, vasc 142; 7470 groups of 1 to 6 images, 1.3 on average
EOF
fi

done_testing
