#!/bin/sh
# mc-index --preset: data sets as they are downloaded.  tests/layouts.py makes
# copies with the publishers' names, tables and counts, of images of one pixel.
. "$abs_srcdir/tests/tap.sh"

have_python "copies of data sets" || { done_testing; exit; }
see='(see mc-index --help)'
layout() { "$PYTHON3" "$abs_srcdir/tests/layouts.py" "$1" "$1" || exit 1; }
preset() { run mc-index --preset "$@"; }
# seen NAME: the last line of standard error is this.
seen() { tail -n 1 err >last; is_file last "$1"; }
# A manifest without groups and splits, as if nothing were known of patients.
blind() { awk -F '\t' -v OFS='\t' 'NR > 1 { $4 = $5 = "" } { print }' "$1"; }
# leak MANIFEST SPLIT: of the images of test in SPLIT, per cent of a group that is
# in train also; groups are MANIFEST's.
leak() {
	awk -F '\t' 'NR == FNR { group[$1] = $4; next }
	FNR > 1 { split_of[$1] = $5; if ($5 == "train") seen[group[$1]] = 1 }
	END { for (i in split_of) if (split_of[i] == "test") {
			n++; leaks += group[i] in seen
		}
		print 100 * leaks / n }' "$1" "$2"
}
# leaks MANIFEST: image-level splits of 80/20, the mean of five seeds.
leaks() {
	for seed in 1 2 3 4 5; do
		blind "$1" | mc-split -q --ratio train=80,test=20 \
		    --seed $seed -o blind.tsv && leak "$1" blind.tsv
	done | awk '{ sum += $1 } END { print sum / NR }'
}
near() { awk -v x="$1" -v y="$2" 'BEGIN { exit !(x > y - 1 && x < y + 1) }'; }

# --- chest X-rays ---------------------------------------------------------------
layout chest
preset chest-xray -o chest.tsv chest
is_err "chest-xray: what it holds, and what it cannot tell" <<'EOF'
mc-index: 1 file skipped: hidden or a system's: chest/__MACOSX
mc-index: 118 files skipped: this folder is a second copy of the one that contains it: chest/chest_xray
mc-index: chest-xray: a group is a number together with virus, bacteria, IM or NORMAL2-IM, each of which is numbered apart: a child with films of two kinds counts as two
mc-index: 5856 images; 2 classes: NORMAL 1583, PNEUMONIA 4273; 2754 groups of 1 to 9 images, 2.1 on average; 3 splits: test 624, train 5216, val 16; skipped 119: hidden 1, in a second copy 118
EOF
units() {
	awk -F '\t' '$5 == "test" { print $4 }' "$1" | sort | uniq -c |
	    awk '{ n++; if ($1 > most) most = $1 } END { print n, most }'
}
ok "428 units in test, the largest of 9" test "$(units chest.tsv)" = "428 9"
ok "and none in train" mc-split -q --check chest.tsv
mkdir -p other/NORMAL && cp chest/train/NORMAL/IM-0500-0001.jpeg other/NORMAL/x.jpg
preset chest-xray other
fails 1 'mc-index: other/NORMAL/x.jpg: not called as the images of --preset chest-xray are, such as person12_virus_34.jpeg, IM-0001-0001.jpeg or NORMAL2-IM-0381-0001.jpeg (1 of 1 file): is it another data set? Then give its options instead of --preset' \
    "a file of another name"
mkdir -p other/COVID
mv other/NORMAL/x.jpg other/COVID/IM-0001-0001.jpg
preset chest-xray other
fails 1 'mc-index: "COVID" 1: not the classes of --preset chest-xray, which are NORMAL,PNEUMONIA: rename them (--rename), or say which to keep (--classes)' \
    "another class"
preset chest-xray --classes COVID other
is_rc 0 "unless it is asked for"
preset chest-xray --group 'IM-' other --classes COVID
ok "--group replaces the preset's" test "$(sed 1d out | cut -f 4)" = IM-

# --- skin lesions ---------------------------------------------------------------
layout ham
lesions='7 classes: akiec 327, bcc 514, bkl 1099, df 115, mel 1113, nv 6705, vasc 142; 7470 groups of 1 to 2 images, 1.3 on average, 1302 in several folders'
preset ham10000 -o ham.tsv ham/HAM10000_images_part_1 ham/HAM10000_images_part_2
is_err "ham10000: 10015 images of 7470 lesions" <<EOF
mc-index: ham10000: a group is a lesion, not a patient: lesions of a patient may stand in several splits
mc-index: 10015 images; $lesions
EOF
preset ham10000 ham
seen "also by the folder above" <<EOF
mc-index: 10015 images; $lesions; skipped 1: tables of --join 1
EOF
of_class() {
	awk -F '\t' 'NR > 1 && !($4 in was) { n[$3]++; was[$4] = 1 }
	END { print n["akiec"], n["bcc"], n["bkl"], n["df"], n["mel"], n["nv"],
	    n["vasc"] }' ham.tsv
}
ok "and as many of each class" test "$(of_class)" = "228 327 727 73 614 5403 98"
cd ham/HAM10000_images_part_1 || exit 1
mc-index --preset ham10000 . >/dev/null 2>../../err
cd ../..
seen "from within a folder" <<'EOF'
mc-index: 5000 images; 6 classes: akiec 327, bcc 514, bkl 1099, df 115, mel 1113, nv 1832; 3801 groups of 1 to 2 images, 1.3 on average
EOF
mv ham/HAM10000_metadata.csv meta.csv
preset ham10000 ham
fails 1 'mc-index: ham: --preset ham10000 needs HAM10000_metadata.csv, in this folder or the one above it: download it, or name it with --join' \
    "a table that is missing"
preset ham10000 --join meta.csv -o named.tsv ham
ok "or named" sh -c 'cut -f 3,4,6 named.tsv | sort >a
    cut -f 3,4,6 ham.tsv | sort | cmp - a'
sed 's/,nv,/,NV,/' meta.csv >renamed.csv
preset ham10000 --join renamed.csv ham
fails 1 'mc-index: "NV" 6705: not the classes of --preset ham10000, which are akiec,bcc,bkl,df,mel,nv,vasc: rename them (--rename), or say which to keep (--classes)' \
    "a copy with other classes"
sed -n '2p' meta.csv >>meta.csv
preset ham10000 --join meta.csv ham
fails 1 'mc-index: meta.csv:10017: the key "ISIC_0024306" is also in line 2: keep one row per key' \
    "a copy with repeated rows"

layout isic
preset isic2018 isic/ISIC2018_Task3_Training_Input
seen "isic2018: two tables" <<EOF
mc-index: 10015 images; $(echo "$lesions" | tr abcdefiklmnv ABCDEFIKLMNV |
    sed 's/;.*//; s/CLASSEs/classes/; s/VAsC/VASC/; s/CLAssEs/classes/'); 7470 groups of 1 to 2 images, 1.3 on average; skipped 1: other files 1
EOF
rm isic/ISIC2018_Task3_Training_LesionGroupings.csv
preset isic2018 isic/ISIC2018_Task3_Training_Input
fails 1 'mc-index: isic/ISIC2018_Task3_Training_Input: --preset isic2018 needs ISIC2018_Task3_Training_LesionGroupings.csv, in this folder or the one above it: download it, or say which images belong together with --group' \
    "the table of lesions is a download of its own"
preset isic2018 --group 'ISIC_[0-9]+' isic/ISIC2018_Task3_Training_Input
is_rc 0 "which is not needed with --group"

# --- the others -----------------------------------------------------------------
layout amd
preset ichallenge-amd amd/Training400
is_err "ichallenge-amd: no patients" <<'EOF'
mc-index: group is empty for 400 of 400 images, the first amd/Training400/AMD/A0001.jpg: whether the splits are independent cannot be checked there (see --group)
mc-index: ichallenge-amd: the data set names neither patients nor eyes: both eyes of a patient may stand in several splits
mc-index: 400 images; 2 classes: AMD 89, Non-AMD 311; no groups
EOF
layout nih
preset nih-chestxray14 nih
seen "nih-chestxray14: findings, patients" <<'EOF'
mc-index: 1200 images; findings: Effusion 360, Hernia 240, Mass 360, No Finding 600; 480 groups of 1 to 4 images, 2.5 on average; skipped 1: tables of --join 1
EOF
layout chexpert
preset chexpert -o chexpert.tsv chexpert/CheXpert-v1.0-small
seen "chexpert: two tables of one header, splits" <<'EOF'
mc-index: 587 images; findings: Cardiomegaly 480, Lung Opacity 480 (uncertain 480), No Finding 107, Support Devices 480; 320 groups of 1 to 3 images, 1.8 on average, 160 in several folders; 2 splits: train 550, val 37; skipped 2: tables of --join 2
EOF
ok 'lateral views are spoken of' grep -q 'by a program; frontal and lateral views are taken together' err
preset chexpert --include '*_lateral*' chexpert/CheXpert-v1.0-small
ok 'but not where all views are' test "$(grep -c 'by a program$' err)" -eq 1
preset chexpert --exclude '*_lateral*' chexpert/CheXpert-v1.0-small
ok 'nor where none is' test "$(grep -c 'by a program$' err)" -eq 1
seen "without lateral views" <<'EOF'
mc-index: 480 images; findings: Cardiomegaly 480, Lung Opacity 480 (uncertain 480), Support Devices 480; 320 groups of 1 to 2 images, 1.5 on average, 160 in several folders; 2 splits: train 450, val 30; skipped 109: not wanted 107, tables of --join 2
EOF
layout medmnist
preset medmnist-folder medmnist/pathmnist
seen "medmnist-folder: a table without a header" <<'EOF'
mc-index: 1000 images; 9 classes: 0 113, 1 112, 2 111, 3 111, 4 111, 5 111, 6 111, 7 110, 8 110; no groups; 3 splits: test 200, train 700, val 100
EOF
ok "whose columns stay there" test "$(head -n 1 out | awk '{ print NF }')" -eq 6
preset medmnist-folder medmnist/chestmnist
fails 1 'mc-index: medmnist/chestmnist.csv: --preset medmnist-folder: several labels per image: name their columns, 3 to 5, with --findings' \
    "several findings"
preset medmnist-folder --findings 3,4,5 medmnist/chestmnist
ok "by their columns" test "$(sed 1d out | cut -f 3)" = 4

# --- gliomas --------------------------------------------------------------------
if grep -q '^#define HAVE_NIFTI' "$abs_builddir/config.h"; then
	layout brats
	caveat='nearly every centre of BraTS has patients of one grade only, so a network can tell the grades apart by the scanner; the slices are those that experts marked, which are not known of a new patient'
	preset brats -o brats.tsv brats/MICCAI_BraTS_2019_Data_Training
	sed 's,brats/MIC[^ ]*,PATH,' err >said
	is_file said "brats: what it holds, and what it cannot tell" <<EOF
mc-index: 335 NIfTI files skipped: not in --channels: PATH and others
mc-index: brats: $caveat
mc-index: 502 images; 2 classes: HGG 388, LGG 114; 335 groups of 1 to 2 images, 1.5 on average; skipped 672: NIfTI not in --channels 335, masks 335, other files 2
EOF
	ok "a picture has t1ce, t2 and flair" sh -c '
	    sed 1d brats.tsv | cut -f 2 | sed "s/^.*_\(.*\)\.nii.*_\(.*\)\.nii.*_\(.*\)\.nii.*/\1 \2 \3/" |
	    sort -u >a; echo t1ce t2 flair | cmp - a'
	ok "the group is the patient" sh -c '
	    sed 1d brats.tsv | cut -f 4 | sort -u | grep -c "^BraTS19_[A-Z0-9]*_[A-Z0-9]*$" |
	    grep -x 335'
	preset brats --slices axial:middle:1 brats/MICCAI_BraTS_2019_Data_Training
	seen "other slices, and masks are no images" <<'EOF'
mc-index: 335 images; 2 classes: HGG 259, LGG 76; 335 groups of 1 image; skipped 672: NIfTI not in --channels 335, masks 335, other files 2
EOF
	layout brats2020
	preset brats2020 brats2020/MICCAI_BraTS2020_TrainingData
	sed 's,brats2020/MIC[^ ]*,PATH,' err >said
	is_file said "brats2020: grades from the table, a mask of another name" <<EOF
mc-index: 369 NIfTI files skipped: not in --channels: PATH and others
mc-index: brats2020: $caveat
mc-index: 554 images; 2 classes: HGG 440, LGG 114; 369 groups of 1 to 2 images, 1.5 on average; skipped 740: NIfTI not in --channels 369, masks 369, other files 1, tables of --join 1
EOF
	ok "the centre is a column" test \
	    "$(head -n 1 out | cut -f 12)" = BraTS_2019_subject_ID
	preset brats brats2020/MICCAI_BraTS2020_TrainingData
	ok "one is not the other: its files are counted, and names shown" grep -qx 'mc-index: brats2020/MICCAI_BraTS2020_TrainingData/BraTS20_Training_001/BraTS20_Training_001_flair.nii: not called as the images of --preset brats are, such as BraTS19_CBICA_AAB_1_t1ce.nii.gz (1104 of 1104 files): is it another data set? Then give its options instead of --preset' err
	mc-phantom -q --task glioma --patients 4 --images-per-patient 2 \
	    --size 32 -o phantom
	preset brats -o phantom.tsv phantom
	is_rc 0 "brats reads what mc-phantom writes"
	ok "whose group is the patient" sh -c '
	    sed 1d phantom.tsv | cut -f 4 | sort -u | tr "\n" " " |
	    grep -x "patient001 patient002 patient003 patient004 "'
	ok "and classes are the grades" sh -c '
	    sed 1d phantom.tsv | cut -f 3 | sort -u | tr "\n" " " |
	    grep -x "HGG LGG "'
	mv phantom/LGG phantom/x
	mkdir phantom/LGG
	for d in phantom/x/*; do
		to=phantom/LGG/case${d##*patient}
		mkdir "$to"
		for f in "$d"/*; do cp "$f" "$to/case${f##*patient}"; done
	done
	rm -r phantom/x
	preset brats phantom
	ok "a part has other names" grep -q '^mc-index: phantom/LGG/case[0-9_]*/case[0-9_]*_flair.nii.gz: not called as the images of --preset brats are, such as BraTS19_CBICA_AAB_1_t1ce.nii.gz (12 of 24 files): leave out such files (--exclude)$' err
	preset brats -q --exclude '*/case*' phantom
	is_rc 0 "and may be left out, as it says"
else
	skip "brats" "built without NIfTI"
fi

preset none amd
fails 2 "mc-index: --preset none: there are: chest-xray, ham10000, isic2018, ichallenge-amd, nih-chestxray14, chexpert, medmnist-folder, brats, brats2020 $see" \
    "no such preset"
ok "the manual has each of them" sh -c '
    sed "s/.*there are: //; s/ (see.*//; s/, /\n/g" err >a
    awk "/^.Ss Presets/ { on = 1 } /^.Sh EXIT/ { on = 0 }
	on && /^.It Cm/ { print \$3 }" "$abs_srcdir/man/mc-index.1" |
    cmp - a'

# --- real images; what leaks without groups --------------------------------------
if have_real chest_xray "chest-xray: the real one"; then
	preset chest-xray -o real.tsv "$real/chest_xray"
	ok "chest-xray: 428 units of the real test set" \
	    test "$(units real.tsv)" = "428 9"
	awk -F '\t' 'NR == 1 || $5 == "train"' real.tsv >train.tsv
	ok "split by image, 39.6 % of held-out films show a child of train" \
	    near "$(leaks train.tsv)" 39.6
	mc-split -q --ratio train=80,test=20 -o split.tsv train.tsv
	ok "and none by group" test "$(leak train.tsv split.tsv)" = 0
fi
if have_real ham10000 "ham10000: the real one"; then
	preset ham10000 -o real.tsv "$real/ham10000/images"
	seen "ham10000: 7470 lesions of the real one" <<'EOF'
mc-index: 10015 images; 7 classes: akiec 327, bcc 514, bkl 1099, df 115, mel 1113, nv 6705, vasc 142; 7470 groups of 1 to 6 images, 1.3 on average
EOF
	ok "split by image, 38.6 % of held-out images show a lesion of train" \
	    near "$(leaks real.tsv)" 38.6
	mc-split -q --ratio train=80,test=20 -o split.tsv real.tsv
	ok "and none by group" test "$(leak real.tsv split.tsv)" = 0
fi

done_testing
