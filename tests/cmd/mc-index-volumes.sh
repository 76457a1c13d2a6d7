#!/bin/sh
# mc-index --slices: which files of a folder of volumes are taken, and what is said.
. "$abs_srcdir/tests/tap.sh"

have_python 'the volumes are made' || done_testing
grep -q '^#define HAVE_NIFTI' "$abs_builddir/config.h" || {
	skip 'volumes' 'built without NIfTI'
	done_testing
}
"$PYTHON3" "$abs_srcdir/tests/image/nifti_study.py" make study ||
    fail 'the study is made'
group='--group p[0-9]+ --group-from path'
seen() { tail -n 1 err | sed 's/.*; skipped/skipped/' >last; is_file last "$1"; }

# --- Masks and --include --------------------------------------------------------------
run mc-index $group --slices axial:mask --mask '*_seg*' -o all.tsv study
run mc-index $group --slices axial:mask --mask '*_seg*' --include '*_t1.*' \
    -o m.tsv study
is_rc 0 '--include leaves out no masks'
awk -F '\t' 'NR == 1 || $2 ~ /_t1\.nii/' all.tsv >wanted
is_file m.tsv 'so the others have the same rows' <wanted
ok 'without a warning' test "$(grep -c 'mask' err)" -eq 1
seen 'and are counted' <<'EOF'
skipped 48: masks 16, not wanted 32
EOF
run mc-index $group --slices axial:mask --mask '*_seg*' --include high \
    -o m.tsv study
ok 'masks of volumes that are not included are not warned of' \
    test "$(grep -c 'belong' err)" -eq 0
ok 'there are slices of high alone' test "$(sed 1d m.tsv | cut -f 3 | sort -u)" = high
mkdir -p text/p00
cp study/high/p00/p00_t1.nii.gz study/high/p00/p00_seg.nii text/p00
printf 'P1\n1 1\n1\n' >text/p00/p00_seg.pbm
run mc-index $group --slices axial:mask --mask '*_seg*' --include '*_t1.*' \
    --left-out left.tsv -o m.tsv text
ok 'an image that is called as masks are is no mask' \
    grep -q "p00_seg.pbm.*not in --include" left.tsv
ok 'and gives no row' test "$(grep -c pbm m.tsv)" -eq 0
run mc-index $group --slices axial:mask --mask '*_seg*' \
    --exclude '*p00_seg*' -o m.tsv study
ok '--exclude leaves out masks' grep -q \
    '^mc-index: 3 NIfTI files skipped: no mask belongs to it: study/high/p00/p00_t1.nii.gz and others' err
run mc-index $group --slices axial:0 --include '*_seg*' -o m.tsv study
ok 'a mask that --mask does not name is a volume' test \
    "$(sed 1d m.tsv | wc -l)" -eq 16

# --- Patterns of --channels -----------------------------------------------------------
channels() { run mc-index -q --slices axial:0 --channels "$1" -o m.tsv "$2"; }
channels t1ce,t2,t1 study
fails 1 "mc-index: --channels: \"t1ce\" matches no NIfTI file, since a pattern is compared with the whole name: try '*_t1ce.*,*_t2.*,*_t1.*'" \
    'words instead of patterns'
channels '*_t1ce.*,*_t2.*,*_t1.*' study
is_rc 0 'what is advised works'
channels '*_t1ce.*,t2,*_t1.*' study
fails 1 "mc-index: --channels: \"t2\" matches no NIfTI file, since a pattern is compared with the whole name: try '*_t1ce.*,*_t2.*,*_t1.*'" \
    'one word'
channels 't1ce,flair,*_t1.*' study
fails 1 'mc-index: --channels: "t1ce" matches no NIfTI file beside the masks; there is study/high/p00/p00_seg.nii' \
    'a sequence that is not there'
channels 'flair,t2,*_t1.*' study
fails 1 'mc-index: --channels: "flair" matches no NIfTI file beside the masks; there is study/high/p00/p00_seg.nii' \
    'and a word: no advice that would not suffice'
channels '*_T1*,*_t2*,*_t1.*' study
fails 1 'mc-index: --channels: "*_T1*" matches no NIfTI file beside the masks; there is study/high/p00/p00_seg.nii' \
    'a pattern in another case'
mkdir plain
for name in t1 t1ce t2; do cp study/high/p00/p00_$name.nii.gz plain/$name.nii.gz; done
channels t1ce,t2,t1 plain
fails 1 "mc-index: --channels: \"t1ce\" matches no NIfTI file, since a pattern is compared with the whole name: try 't1ce.*,t2.*,t1.*'" \
    'names that are the words'
channels 't1ce.*,t2.*,t1.*' plain
is_rc 0 'what is advised works there'
ok 'names that share nothing: the first is the id' test \
    "$(cut -f 1 m.tsv | tail -n 1)" = t1ce/axial0
mkdir -p plain/a plain/b
mv plain/*.gz plain/a
cp plain/a/* plain/b
channels 't1ce.*,t2.*,t1.*' plain
ok 'the folder is the id' test "$(cut -f 1 m.tsv | tr '\n' ' ')" = \
    'id a/axial0 b/axial0 '
# Ids of patients in one folder, and of those that would be equal.
mkdir flat
for p in a-1 a-2 b; do
	for name in t1 t1ce t2; do
		cp study/high/p00/p00_$name.nii.gz flat/${p}_$name.nii.gz
	done
done
channels '*_t1ce.*,*_t2.*,*_t1.*' flat
ok 'ids of patients in one folder' test "$(cut -f 1 m.tsv | tr '\n' ' ')" = \
    'id a-1/axial0 a-2/axial0 b/axial0 '
mkdir equal
for p in 1 2; do
	cp study/high/p00/p00_t1.nii.gz equal/a-x$p.nii.gz
	cp study/high/p00/p00_t1.nii.gz equal/a-y$p.nii.gz
	cp study/high/p00/p00_t1.nii.gz equal/a-z$p.nii.gz
done
channels 'a-x*,a-y*,a-z*' equal
ok 'ids that would be equal have the whole name' test \
    "$(cut -f 1 m.tsv | tr '\n' ' ')" = 'id a-x1.nii.gz/axial0 a-x2.nii.gz/axial0 '
mkdir words
for name in p-x p-xa p-xb q--x q--y q--z; do
	cp study/high/p00/p00_t1.nii.gz words/$name.nii.gz
done
channels 'p-x.*,p-xa.*,p-xb.*' words
ok 'the end of the first name is no word of the others' test \
    "$(cut -f 1 m.tsv | tail -n 1)" = p/axial0
channels 'q--x.*,q--y.*,q--z.*' words
ok 'an id ends in a word' test "$(cut -f 1 m.tsv | tail -n 1)" = q/axial0
run mc-index $group --slices axial:mask --mask '*_seg*' \
    --channels '*_t1ce.*,*_t1ce.*,*_t1ce.*' --left-out left.tsv -o m.tsv study
seen 'files that no channel asks for are counted as such' <<'EOF'
skipped 48: NIfTI not in --channels 32, masks 16
EOF
ok 'and listed' test "$(grep -c 'NIfTI, not in --channels' left.tsv)" -eq 32
rm study/high/p00/p00_seg.nii
run mc-index $group --slices axial:mask --mask '*_seg*' \
    --channels '*_t1ce.*,*_t1ce.*,*_t1ce.*' -o m.tsv study
seen 'apart from those without a slice' <<'EOF'
skipped 48: NIfTI not in --channels 32, NIfTI without a slice 1, masks 15
EOF

# --- Whose mask it is -------------------------------------------------------------------
# put MASK VOLUME...: files of one patient at these places in an empty folder.
put() {
	rm -rf at
	mkdir -p "at/$(dirname "$1")"
	cp study/low/p01/p01_seg.nii.gz "at/$1"
	shift
	for to; do
		mkdir -p "at/$(dirname "$to")"
		cp study/low/p01/p01_t1.nii.gz "at/$to"
	done
}
# masked MASK NAME <WANTED: the volumes that have one.
masked() {
	run mc-index --slices axial:mask:1 --mask "$1" -o m.tsv at
	cut -f 2 m.tsv | sed 's/#.*//; 1d' >got
	is_file got "$2"
}
put p1/t1-seg.nii.gz p1/t1.nii.gz p2/t1.nii.gz
masked '*-seg*' 'a mask beside another volume is not that of the next folder' <<'EOF'
at/p1/t1.nii.gz
EOF
put a-seg.nii.gz a_a.nii.gz
masked '*-seg*' 'a mask that is found by both ends of a name is one' <<'EOF'
at/a_a.nii.gz
EOF
put p1-seg.nii.gz p1_t1.nii.gz p11_t1.nii.gz
masked '*-seg*' 'a name that begins with another, but not as a word' <<'EOF'
at/p1_t1.nii.gz
EOF
put t1-seg.nii.gz a_t1.nii.gz a_xt1.nii.gz
masked '*-seg*' 'and one that ends so' <<'EOF'
at/a_t1.nii.gz
EOF
put Tr/p1/t1.nii.gz imagesTr/p1/t1.nii.gz
masked Tr 'the folder of masks ends as that of the volumes does' <<'EOF'
at/imagesTr/p1/t1.nii.gz
EOF
put labelsTr/p1/t1.nii.gz Tr/p1/t1.nii.gz
masked labelsTr 'and the other way round' <<'EOF'
at/Tr/p1/t1.nii.gz
EOF
put x/labelsTr/p1/t1.nii.gz Tr/p1/t1.nii.gz x/Tr/p1/t1.nii.gz
masked '*labelsTr' 'a folder that ends so is another one' <<'EOF'
at/x/Tr/p1/t1.nii.gz
EOF
put p1x/p1/t1.nii.gz p1/t1.nii.gz
masked p1x 'the folder of masks begins as that of the volumes does' <<'EOF'
at/p1/t1.nii.gz
EOF
put seg.nii.gz t1.nii.gz
run mc-index --slices axial:mask:1 --mask ./seg.nii.gz -o m.tsv ./at/.
is_rc 0 'a folder with dots is the same'
mkdir plainly
"$PYTHON3" - <<'END'
import nibabel
import numpy
data = numpy.arange(1, 61).reshape(3, 4, 5).astype("i2")
image = nibabel.Nifti1Image(data, None)
image.header.set_sform(None, 0)
image.header.set_qform(None, 0)
image.header.set_zooms((2, 3, 4))
nibabel.save(image, "plainly/t1.nii")
nibabel.save(nibabel.Nifti1Image(data, nibabel.load("plainly/t1.nii").affine),
             "plainly/seg.nii")
nibabel.save(nibabel.Nifti1Image(data[..., None].repeat(2, 3), image.affine),
             "four.nii")
END
run mc-index --slices axial:mask:1 --mask seg.nii -o m.tsv plainly
is_rc 0 'a file without an affine lies where nibabel puts it'
ok 'to the rounding' test "$(grep -c 'differ in place' err)" -eq 0
mv four.nii plainly/seg.nii
run mc-index -q -v --slices axial:mask --mask seg.nii -o m.tsv plainly
ok 'a mask of several volumes is not read' grep -q '^mc-index: skipped: plainly/t1.nii: its mask cannot be read: plainly/seg.nii: a mask of 2 volumes, where one is expected$' err
put seg.nii.gz t1.nii.gz t2.nii.gz t3.nii.gz
cp study/low/p01/p01_seg.nii.gz at/t3_seg.nii.gz
rm at/seg.nii.gz
cp study/low/p01/p01_seg.nii.gz at/t_seg.nii.gz
cp study/low/p01/p01_seg.nii.gz at/t1_seg.nii.gz
cp study/low/p01/p01_seg.nii.gz at/t2_seg.nii.gz
run mc-index --slices axial:1 --mask '*_seg*' --channels 't1.*,t2.*,t3.*' -o m.tsv at
ok 'channels that have several masks make no picture' grep -q \
    '^mc-index: 3 NIfTI files skipped: channels with different masks: ' err
cp study/low/p01/p01_t1.nii.gz "at/a	b.nii.gz"
run mc-index --slices axial:1 at
fails 1 'mc-index: at/a\x09b.nii.gz: a TAB, a line break or bytes that are not UTF-8 in this name: rename it' \
    'a TAB in a name'

# --- Pairs of .hdr and .img -------------------------------------------------------------
mkdir pairs
"$PYTHON3" - <<'END'
import gzip
import nibabel
import numpy
data = numpy.arange(60).reshape(3, 4, 5).astype("i2")
for name in ("t1", "seg", "packed"):
    nibabel.save(nibabel.Nifti1Pair(data, numpy.eye(4)), f"pairs/{name}.hdr")
raw = open("pairs/packed.img", "rb").read()
gzip.open("pairs/packed.img.gz", "wb").write(raw)
END
rm pairs/packed.img
cp pairs/t1.img pairs/alone.img
run mc-index -v --slices axial:1 --mask 'seg.*' --left-out left.tsv -o m.tsv pairs
is_rc 0 'pairs'
grep 'skipped: ' err >got
is_file got 'the .img of a pair is no other file' <<'EOF'
mc-index: skipped: pairs/alone.img: no image
mc-index: skipped: pairs/packed.img.gz: the voxels of a .hdr file
mc-index: skipped: pairs/seg.hdr: a mask (--mask)
mc-index: skipped: pairs/seg.img: the voxels of a .hdr file
mc-index: skipped: pairs/t1.img: the voxels of a .hdr file
EOF
seen 'and counted apart' <<'EOF'
skipped 5: masks 1, other files 1, voxels of .hdr files 3
EOF
cut -f 3,6 left.tsv | sed 1d >got
is_file got 'and listed apart' <<'EOF'
pairs/alone.img	not an image
pairs/packed.img.gz	voxels of a .hdr file
pairs/seg.img	voxels of a .hdr file
pairs/t1.img	voxels of a .hdr file
pairs/seg.hdr	mask (--mask)
EOF
# --- Rows of a table, and files that are not wanted -----------------------------------
{
	echo file,age
	find study -name '*_t1.nii*' | LC_ALL=C sort | sed 's/$/,61/'
} >ages.csv
cp ages.csv study
run mc-index $group --include '*_t1.*' --slices axial:middle:2 \
    --join study/ages.csv --key file -o m.tsv study
is_rc 0 'slices of one file have one row of a table'
ok 'all of them' test "$(sed 1d m.tsv | grep -c '	61$')" -eq \
    $((2 * $(sed 1d ages.csv | wc -l)))
seen 'a table that is not wanted is counted as such' <<'EOF'
skipped 48: not wanted 48
EOF
rm study/ages.csv
mkdir pair
"$PYTHON3" -c "
import glob, nibabel
image = nibabel.load(sorted(glob.glob('study/**/*_t1.nii*', recursive=True))[0])
pair = nibabel.Nifti1Pair(image.get_fdata(), image.affine)
nibabel.save(pair, 'pair/p1_t1.hdr')"
run mc-index $group --slices axial:middle:2 -o m.tsv pair
seen 'the voxels of a pair are no file of their own' <<'EOF'
skipped 1: voxels of .hdr files 1
EOF
run mc-index $group --exclude '*.img' --slices axial:middle:2 -o m.tsv pair
seen 'unless they are not wanted' <<'EOF'
skipped 1: not wanted 1
EOF

done_testing
