#!/bin/sh
# mc-phantom: studies that are what they say, whole or not there.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-phantom
see='(see mc-phantom --help)'

run mc-phantom --task chest --patients 6 --size 32 -o chest
is_rc 0 "makes a study"
ok "says nothing" test ! -s out -a ! -s err
is_golden chest/truth.tsv truth.tsv "what was drawn for seed 1"
(cd chest && find . -name '*.png') | sed 's/^..//; s/.png$//' | sort >found
sed 1d chest/truth.tsv | cut -f 1 | sort >told
ok "each image is in the table, and lies there" cmp told found
mkdir again
run mc-phantom --task chest --patients 6 --size 32 -o again/ --threads 1
is_rc 0 "an empty folder may be there"
ok "the same options give the same bytes" diff -r chest again
run mc-phantom --task chest --patients 6 --size 32 --seed 2 -o other
ok "another seed, other images" sh -c '! diff -qr chest other'
run mc-phantom --task chest --patients 6 --size 32 -v -o said
is_err "-v says what it made" <<'EOF'
mc-phantom: 10 images of 6 patients, seed 1; the best possible AUROC of two classes is 0.955
EOF

mc-index --group 'patient[0-9]+' chest >m.tsv 2>err
ok "mc-index finds the patients, without a warning" sh -c '
    test "$(wc -l <err)" -eq 1 -a "$(sed 1d m.tsv | cut -f 4 | sort -u | wc -l)" -eq 6'
run mc-index -q --join chest/truth.tsv --key id chest
ok "and joins the truth" test "$(head -n 1 out | cut -f 7-)" = "drawn	sign"

run mc-phantom --task dermoscopy --classes nevus=3,melanoma=1 --patients 40 \
    --images-per-patient 2 --size 16 --noise-labels 0.2 -o mole
ok "weights, two images each, wrong labels" awk -F '[\t/]' '
	NR > 1 { n[$3]++; wrong += $1 != $3 }
	END { exit n["nevus"] != 60 || n["melanoma"] != 20 || wrong != 16 }' \
    mole/truth.tsv
run mc-phantom --task fundus --size 16 --patients 2 -o fundus
ok "fundus" test -d fundus/DRUSEN -a -d fundus/HEALTHY

# The hidden numbers: AUROC Phi(2.4 / sqrt(2)), within-class correlation 1/2.
mc-phantom --task chest --size 16 --patients 3000 --images-per-patient 2 \
    --difficulty 0.4 -o many
sed 1d many/truth.tsv | sort -t "$(printf '\t')" -k 3,3g >sorted
ok "an ideal observer reaches the AUROC that is promised" awk -F '\t' '
	{ if ($2 == "NORMAL") below++; else { n++; sum += below } }
	END { a = sum / n / below; print a; exit a < 0.945 || a > 0.965 }' sorted
ok "images of a patient correlate by one half" awk -F '\t' '
	NR > 1 { x = $3 + ($2 == "NORMAL" ? 1.2 : -1.2); v += x * x; n++
	    if (NR % 2) c += x * last; last = x }
	END { r = 2 * c / v; print r; exit r < 0.44 || r > 0.56 || v / n < 0.95 ||
	    v / n > 1.05 }' many/truth.tsv

# What can be learned is there: the lungs of OPACITY are brighter, and by less
# where it is harder; with nothing to be seen they are not.
cat >lungs.py <<'EOF'
import glob, sys
import numpy as np
from PIL import Image
def auroc(folder):
    value = {}
    for name in ("NORMAL", "OPACITY"):
        value[name] = np.array([np.asarray(Image.open(f).convert("L"), float)
            [16:44, 12:54].mean() for f in glob.glob(f"{folder}/{name}/*")])
    a, b = value["OPACITY"], value["NORMAL"]
    return (a[:, None] > b[None]).mean()
easy, hard = auroc("easy"), auroc("hopeless")
print(easy, hard)
raise SystemExit(int(not (easy > 0.62 and 0.35 < hard < 0.62)))
EOF
mc-phantom --task chest --size 64 --patients 150 --difficulty 0 \
    --images-per-patient 1 -o easy
mc-phantom --task chest --size 64 --patients 150 --difficulty 1 \
    --images-per-patient 1 -o hopeless
if "$PYTHON3" -c 'import numpy, PIL' 2>/dev/null; then
	ok "the classes differ in pixels as far as they should" \
	    "$PYTHON3" lungs.py
else
	skip "the classes differ in pixels as far as they should" "no PIL"
fi

# --- volumes -----------------------------------------------------------------
peer=$abs_srcdir/tests/cmd/phantom_peer.py
run mc-phantom --task glioma --patients 16 --difficulty 0.2 -o glioma
is_rc 0 "makes volumes"
ok "says nothing" test ! -s out -a ! -s err
run mc-phantom --task glioma --patients 16 --difficulty 0.2 --threads 1 -o again_g
ok "the same options give the same bytes" diff -r glioma again_g
ok "one visit of each patient" test \
    "$(sed 1d glioma/truth.tsv | cut -f 1 | sed 's,/,&*,' | sort -u | wc -l)" -eq 16
run mc-phantom --task glioma --patients 2 --images-per-patient 2 --size 16 -o visits
ok "or two" test "$(find visits -name '*_02_seg.nii.gz' | wc -l)" -eq 2
if "$PYTHON3" -c 'import nibabel' 2>/dev/null; then
	compared "nibabel reads them" "$PYTHON3" "$peer" nifti glioma
else
	skip "nibabel reads them" "no nibabel"
fi

# --- DICOM -------------------------------------------------------------------
run mc-phantom --task chest --dicom --patients 16 --size 48 -o films
if grep -q '^with_dcmtk = no' "$abs_builddir/Makefile"; then
	is_rc 1 "DICOM needs DCMTK"
	ok "and says so" grep -q 'DICOM, and mctools was built without it' err
else
	is_rc 0 "makes DICOM"
	ok "says nothing" test ! -s out -a ! -s err
	run mc-phantom --task chest --dicom --patients 16 --size 48 --threads 1 \
	    -o again_f
	ok "the same options give the same bytes" diff -r films again_f
	mc-phantom --task chest --patients 16 --size 48 -o png
	cut -f 2- films/truth.tsv >a
	cut -f 2- png/truth.tsv >b
	ok "what was drawn is the same as for PNG" cmp a b
	mc-index -q --keep-ids --join films/labels.tsv --key group=patient \
	    --label label films | cut -f 3 | sort | uniq -c >a
	mc-index -q png | cut -f 3 | sort | uniq -c >b
	ok "mc-index finds the patients, whose labels are in a table" cmp a b
	if "$PYTHON3" -c 'import gdcm, PIL, pydicom' 2>/dev/null; then
		compared "pydicom reads them" "$PYTHON3" "$peer" dicom films png
	else
		skip "pydicom reads them" "no pydicom or gdcm"
	fi
fi
run mc-phantom --task glioma --size 513 -o x
fails 2 "mc-phantom: --size: at most 512 for --task glioma $see" "too many voxels"
# A full disk: whatever the format is, one line and no folder.
for how in '--task fundus --size 224' '--task glioma' '--task chest --dicom'; do
	(trap '' XFSZ; ulimit -f 8; run mc-phantom $how -o full 2>/dev/null
	 echo $rc >rc)
	rc=$(cat rc)
	grep -q 'built without it' err && continue
	is_rc 1 "$how: a disk that is full is an error"
	ok "$how: with one line" test "$(wc -l <err)" -eq 1
	ok "$how: and no folder" sh -c '! ls -d full* 2>/dev/null'
done
run mc-phantom --task fundus --dicom -o x
fails 2 "mc-phantom: --dicom is for --task chest $see" "DICOM of another task"

# --- refusals ----------------------------------------------------------------
run mc-phantom --task chest -o chest
fails 1 'mc-phantom: chest: already exists and is not empty: remove it or choose another name' \
    "a folder with something in it"
run mc-phantom --task chest -o m.tsv
fails 1 'mc-phantom: m.tsv: Not a directory' "a file"
run mc-phantom --task chest -o /dev/full
fails 1 'mc-phantom: /dev/full: Not a directory' "a device"
ok "which is still there" test -c /dev/full
run mc-phantom --task chest -o none/here
fails 1 'mc-phantom: none/here: No such file or directory' "no place for it"
run mc-phantom -o x
fails 2 "mc-phantom: give --task chest, fundus, dermoscopy or glioma $see" "no task"
run mc-phantom --task chest
fails 2 "mc-phantom: give the folder to make, with -o $see" "no folder"
run mc-phantom --task chest -o x y
fails 2 "mc-phantom: y: unexpected operand $see" "an operand"
run mc-phantom --task chest -o x --classes NORMAL,nevus
fails 2 "mc-phantom: --classes: unknown class \"nevus\"; classes are: NORMAL, OPACITY $see" \
    "a class of another task"
run mc-phantom --task chest -o x --classes NORMAL,NORMAL
fails 2 "mc-phantom: --classes: \"NORMAL\" is given twice $see" \
    "a class twice"
run mc-phantom --task chest -o x --images-per-patient 3-1
fails 2 "mc-phantom: --images-per-patient: 1 is not between 3 and 99 $see" \
    "a range that is none"
run mc-phantom --task chest -o x --classes NORMAL --noise-labels 0.1
fails 2 "mc-phantom: --noise-labels needs two classes $see" "nothing to swap"
run mc-phantom --task chest -o x --patients 1
fails 2 "mc-phantom: --patients: 1 is less than the 2 classes $see" \
    "too few patients"

# --- interrupted -------------------------------------------------------------
mkdir place
mc-phantom --task chest --patients 100000 -o place/x &
pid=$!
sleep 1
ok "it works under another name" sh -c 'ls place | grep -q "^x\.[^.]*$"'
kill "$pid"
wait "$pid"
ok "a signal ends it" test $? -eq 143
ok "and leaves nothing" test -z "$(ls place)"

# --- the manual's examples ---------------------------------------------------
awk '/^\.Bd/ { on = 1; next } /^\.Ed/ { on = 0; print "test $? -eq 0 || exit 1" }
	on' "$abs_srcdir/man/mc-phantom.1" | sed 's/\\e$/\\/' >examples
ok "the manual's examples run" sh examples

done_testing
