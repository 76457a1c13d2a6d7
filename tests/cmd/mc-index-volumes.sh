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
done_testing
