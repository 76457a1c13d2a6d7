#!/bin/sh
# mc-index --slices: slices of NIfTI volumes become rows, as nibabel says.
. "$abs_srcdir/tests/tap.sh"

peer=$abs_srcdir/tests/image/nifti_study.py
see='(see mc-index --help)'

# --- Usage ------------------------------------------------------------------------
for bad in axial axial: axial:-1 axial:1.5 axial:middle axial:middle:0 \
    axial:every axial:every:0 axial:All axial:all:2 \
    axial:mask: axial:mask:0 axial:mask:x Axial:1 axial:Mask axial:1,2 :1; do
	run mc-index --slices "$bad" .
	fails 2 "mc-index: --slices: \"$bad\" is not AXIS:N, AXIS:middle:N, AXIS:every:N, AXIS:all, AXIS:mask or AXIS:mask:N, such as axial:middle:3; AXIS is axial, coronal or sagittal $see" \
	    "--slices $bad"
done
run mc-index --slices axial:mask .
fails 2 "mc-index: --slices axial:mask needs --mask, such as --mask '*seg*' $see" \
    'axial:mask without --mask'
run mc-index --mask x .
fails 2 "mc-index: --mask and --channels are for --slices, which is not given $see" \
    '--mask alone'
for bad in a a,b a,b,c,d a,,c a,b, ''; do
	run mc-index --slices axial:1 --channels "$bad" .
	fails 2 "mc-index: --channels: \"$bad\": give three patterns with commas between them, such as '*_t1ce*,*_t2*,*_flair*' $see" \
	    "--channels '$bad'"
done

run mc-index --slices axial:1 --mask-label a,b .
fails 2 "mc-index: --mask-label needs --mask $see" '--mask-label alone'
for bad in a a,b,c a, ,b a,a ''; do
	run mc-index --slices axial:1 --mask x --mask-label "$bad" .
	fails 2 "mc-index: --mask-label: \"$bad\": give two labels with a comma between them, such as tumour,normal $see" \
	    "--mask-label '$bad'"
done
run mc-index --slices axial:1 --mask x --mask-label a,b --label c .
fails 2 "mc-index: give one of --label, --one-hot, --findings and --mask-label $see" \
    '--mask-label and --label'

have_python 'slices are those of nibabel' || done_testing
"$PYTHON3" "$peer" make study || fail 'the study is made'

run mc-index study
cat >wanted <<'END'
mc-index: 64 files skipped: NIfTI: choose slices with --slices, such as --slices axial:middle:3: study/high/p00/p00_seg.nii and others
mc-index: study/high: no image of this class can be read, such as study/high/p00/p00_seg.nii: NIfTI: choose slices with --slices, such as --slices axial:middle:3
END
ok 'without --slices a class is lost' test "$rc" -eq 1
is_err 'and told how to choose slices' <wanted
run mc-index -q study/high/p00
fails 1 'mc-index: study/high/p00: contains no readable image: study/high/p00/p00_seg.nii: NIfTI: choose slices with --slices, such as --slices axial:middle:3' \
    'NIfTI alone'

# Without niftilib there is one message per file, and no more to test.
run mc-index -q -v --slices axial:1 study
if grep -q 'built without NIfTI' err; then
	is_rc 1 'without niftilib: an error'
	done_testing
fi

# --- Slices -----------------------------------------------------------------------
group='--group p[0-9]+ --group-from path'
# ask NAME AXIS WHICH [CHANNELS]: what the peer is to find; same NAME: that the
# rows are those of the peer, which is started once, since it takes a while.
mkdir expected
ask() {
	printf '%s\t' "expected/$1" study "$2" "$3" '*_seg*'
	printf '%s\n' "$4"
}
same() {
	run mc-index -q $group --slices "$2:$3" --mask '*_seg*' \
	    ${4:+--channels "$4"} -o m.tsv study
	is_rc 0 "$1"
	sed 1d m.tsv | cut -f 1,2,6,7 >got
	LC_ALL=C cut -f 1-4 "expected/$1" | LC_ALL=C sort >expected.rows
	ok "$1: there are rows" test -s expected.rows
	is_file got "$1: as nibabel says" <expected.rows
}
three='*_t1.nii*,*_t1ce*,*_t2*'
# each COMMAND: COMMAND with each choice of slices.
each() {
	for axis in axial coronal sagittal; do
		for which in mask mask:1 mask:2 mask:99 0 5 middle:1 middle:2 \
		    middle:3 middle:99 all every:3; do
			"$1" "$axis:$which" $axis $which ''
		done
		"$1" "channels, $axis" $axis mask "$three"
	done
	"$1" 'channels in another order' axial middle:2 '*_t2*,*_t1.*,*_t1ce*'
	"$1" 'one volume, not all' axial mask '*_t1.*,*_t1.*,*_t1.*'
}
each ask | sed 's/	$//' >queries
printf 'expected/sizes\tstudy\taxial\tmask\t*_seg*\n' >>queries
ok 'the peer has all rows' "$PYTHON3" "$peer" expect_all queries
each same

# --- Sizes ------------------------------------------------------------------------
run mc-index $group --slices axial:mask --mask '*_seg*' -o m.tsv study
awk -F '\t' '{ class = substr($1, 1, 4); n[class]++; s[class, $5 " x " $6]++ }
    $5 == 7 && $6 == 6 { has[class]++ }
    END { printf "%.0f %d\n", 100 * has["high"] / n["high"], has["low/"] }' \
    expected/sizes >share
ok 'the sizes of slices are known' grep -q "label \"high\" goes with the image size: $(cut -d ' ' -f 1 share) % of its images have \"7 x 6\", but $(cut -d ' ' -f 2 share) % of the others" err
ok 'masks are counted' grep -q 'skipped 16: masks 16$' err
ok 'groups are counted' grep -q '; 16 groups of ' err

# --- Threads ----------------------------------------------------------------------
if command -v taskset >/dev/null; then
	taskset -c 0 mc-index -q $group --slices axial:mask --mask '*_seg*' \
	    -o one.tsv study
	ok 'one processor writes the same' cmp m.tsv one.tsv
else
	skip 'one processor writes the same' 'no taskset'
fi

# --- From the folder to the table ---------------------------------------------------
run mc-index -q $group --slices axial:mask --mask '*_seg*' \
    --channels "$three" --left-out left.tsv -o m.tsv study
is_rc 0 'a study: indexed'
run mc-split -q --folds 4 -o s.tsv m.tsv
is_rc 0 'split'
run mc-pack -q -o s.tar s.tsv
is_rc 0 'packed: the digests are those of mc-pack'
ok 'each row has its picture' test "$(tar -tf s.tar | grep -c 'png$')" -eq \
    "$(($(wc -l <m.tsv) - 1))"
run mc-describe --left-out left.tsv s.tsv
is_rc 0 'described'
ok 'the flow counts files: masks, and the volumes of all rows' \
    test "$(cut -f 1,2,7,8 out | tr '\t\n' ',;')" = \
    'program,reason,files,files_left;,found,64,64;mc-index,mask (--mask),16,48;'
rm -rf drawn
mkdir drawn
tar -C drawn -xf s.tar
cut -f 1,2 s.tsv >drawn.tsv
compared 'the pictures' "$PYTHON3" "$abs_srcdir/tests/image/nifti.py" compare \
    drawn.tsv drawn 1 99
printf 'patient,grade\n' >grades.csv
for i in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15; do
	echo "p$i,g$((${i#0} % 3))" >>grades.csv
done
run mc-index -q $group --slices axial:mask --mask '*_seg*' --label grade \
    --join grades.csv --key group=patient -o j.tsv study
is_rc 0 'a row of a patient serves all volumes and slices'
ok 'its label is in each' test "$(sed 1d j.tsv | awk -F '\t' '
    $3 != "g" substr($4, 2) % 3' | wc -l)" -eq 0

{
	echo file,grade
	cd study
	find . -name '*.nii*' ! -name '*_seg*' | sed 's,^\./,,; s/$/,x/'
	cd ..
} >files.csv
run mc-index -q $group --slices axial:middle:2 --mask '*_seg*' --label grade \
    --join files.csv --key file --unmatched skip -o j.tsv study
is_rc 0 'a row of a file serves all of its slices'

# --- The examples of the manual -----------------------------------------------------
printf 'patient,grade\n' >grades.csv
mkdir -p bids Dataset001/imagesTr Dataset001/labelsTr
printf 'participant_id\tdiagnosis\n' >bids/participants.tsv
for folder in study/*/*; do
	p=BraTS20_0${folder##*/p}
	mkdir -p "glioma/$p" "bids/sub-${folder##*/p}/anat"
	cp "$folder"/*_t1.* "glioma/$p/${p}_flair.nii.gz"
	cp "$folder"/*_t1ce.* "glioma/$p/${p}_t1ce.nii.gz"
	cp "$folder"/*_t2.* "glioma/$p/${p}_t2.nii.gz"
	cp "$folder"/*_seg.nii* "glioma/$p"
	cp "$folder"/*_t1.* \
	    "Dataset001/imagesTr/CASE_${folder##*/p}_0000.nii.gz"
	seg=$(ls "$folder"/*_seg.nii*)
	cp "$seg" "Dataset001/labelsTr/CASE_${folder##*/p}.${seg#*.}"
	cp "$folder"/*_t1.* \
	    "bids/sub-${folder##*/p}/anat/sub-${folder##*/p}_T1w.nii.gz"
	echo "$p,$(basename "$(dirname "$folder")")" >>grades.csv
	printf 'sub-%s\tx\n' "${folder##*/p}" >>bids/participants.tsv
done
awk '/^\.Bd/ { on = 1; block = ""; next }
	/^\.Ed/ { on = 0
	    if (block ~ /--slices/) print block "test $? -eq 0 || exit 1" }
	on { block = block $0 "\n" }' "$abs_srcdir/man/mc-index.1" |
    sed 's/\\e$/\\/' >examples
run sh examples
is_rc 0 "the manual's examples run"
ok 'and give the slices of all patients' test "$(awk -F '\t' '$1 != "id" {
    print $4 }' out | sort -u | wc -l)" -eq 48

# --- What gives no row --------------------------------------------------------------
cp -R study lost
rm lost/high/p00/p00_seg.nii
cp lost/high/p02/p02_t1.nii.gz lost/high/p04/p04_t1.nii.gz
head -c 100 lost/low/p01/p01_t2.nii.gz >t2 && mv t2 lost/low/p01/p01_t2.nii.gz
head -c 380 lost/high/p06/p06_seg.nii >seg && mv seg lost/high/p06/p06_seg.nii
"$PYTHON3" - <<'END'
import nibabel, numpy
path = "lost/low/p03/p03_seg.nii.gz"
image = nibabel.load(path)
nibabel.save(nibabel.Nifti1Image(numpy.zeros(image.shape, "u1"),
                                 image.affine), path)
END
cp study/low/p05/p05_t2.nii.gz lost/low/p05/p05_pd.nii.gz
rm lost/low/p07/p07_t1.nii.gz
run mc-index --left-out left.tsv $group --slices axial:mask --mask '*_seg*' \
    --channels "$three" -o m.tsv lost
is_rc 0 'patients that lack something are left out'
grep skipped: err >skipped
is_golden skipped skipped 'and counted by reason'
is_golden left.tsv left 'and listed with --left-out'
ok 'and in what was seen' grep -q '; skipped 33: NIfTI not in --channels 1, NIfTI without a slice 16, damaged NIfTI 1, masks 15$' err
for patient in p00 p01 p03 p04 p06 p07; do
	ok "$patient has no row" test "$(cut -f 4 m.tsv | grep -c $patient)" \
	    -eq 0
done
ok 'the others have' test "$(cut -f 4 m.tsv | sort -u | wc -l)" -eq 11

run mc-describe --left-out left.tsv m.tsv
ok 'the flow adds up' test "$(awk -F '\t' '$2 == "found" { found = $7 }
    $1 != "program" && $2 != "found" { left += $7 } END { print found - left, $8 }' \
    out)" = "30 30"
ok 'to all files' test "$(awk -F '\t' '$2 == "found" { print $7 }' out)" -eq \
    "$(find lost -type f | wc -l)"

cp study/low/p09/p09_seg.nii.gz lost/low/p09/p09_seg2.nii.gz
for which in mask 1; do
	run mc-index -q --slices axial:$which --mask '*_seg*' lost
	fails 1 'mc-index: lost/low/p09/p09_seg.nii.gz and lost/low/p09/p09_seg2.nii.gz may both be the mask of lost/low/p09/p09_t1.nii.gz: choose one with a more precise --mask' \
	    "two masks, axial:$which"
done
rm lost/low/p09/p09_seg2.nii.gz
run mc-index -q --slices axial:1 --mask '*_seg*' --channels '*_t1*,*_t1ce*,*_t2*' \
    lost
fails 1 'mc-index: lost/high/p00/p00_t1.nii.gz and lost/high/p00/p00_t1ce.nii.gz both match "*_t1*" of --channels: make the pattern more precise, or give each patient a folder' \
    'two files for one channel'
run mc-index -q --slices axial:99 study
fails 1 'mc-index: study/high/p00/p00_seg.nii: none of the NIfTI files gives a slice' \
    'a slice that no volume has'
run mc-index --slices axial:1 --mask '*_no*' -o m.tsv study
ok 'a mask that matches nothing' grep -qx 'mc-index: --mask "\*_no\*" matches no NIfTI file' err
for name in a b; do
	mkdir -p two
	cp study/high/p00/p00_seg.nii two/$name-seg.nii
done
cp study/high/p00/p00_t1.nii.gz two/c.nii.gz
run mc-index -q --slices axial:mask --mask '*seg*' two
fails 1 'mc-index: two/a-seg.nii and two/b-seg.nii are two masks in one folder, neither called after two/c.nii.gz: choose one with a more precise --mask' \
    'two masks, called after other files'

# --- Where masks are ------------------------------------------------------------------
"$PYTHON3" "$peer" layouts lay || fail 'the layouts are made'
# finds LAYOUT GLOB: each volume has the rows of its mask, and one has none.
finds() {
	run mc-index --slices axial:mask --mask "$2" -o m.tsv "lay/$1"
	is_rc 0 "$1"
	sed 1d m.tsv | cut -f 2,7 | LC_ALL=C sort >got
	LC_ALL=C sort "lay/$1.tsv" >wanted
	is_file got "$1: each volume has its own mask" <wanted
	ok "$1: one has none" grep -q '1 NIfTI file skipped: no mask belongs to it: ' err
}
finds nnunet labelsTr
finds nnunet './labelsTr/'
finds nnunet '*/labelsTr/*.nii.gz'
finds parallel masks
finds parallel 'masks/*'
finds bids '*_mask*'
finds lits 'segmentation-*'
finds flat '*_seg*'
finds flat '*_seg.nii.gz'
finds inner 'masks'
finds kits 'seg*'
finds other '*-roi*'
run mc-index -q --slices axial:mask --mask masks -o m.tsv lay/parallel/images \
    ./lay/parallel/masks
is_rc 0 'two folders, of which one has the masks'
sed 1d m.tsv | cut -f 2,7 | LC_ALL=C sort >got
is_file got 'are a tree also' <lay/parallel.tsv
run mc-index --slices axial:all --mask masks -o m.tsv lay/parallel
ok 'a volume without a mask has slices without a share' test "$(awk -F '\t' '
    $7 == "" { print $2 }' m.tsv | grep -c 'p4/t1')" -eq 9
ok 'with a warning' grep -qx 'mc-index: mask_share is empty for the slices of 1 NIfTI file: no mask belongs to it: lay/parallel/images/p4/t1.nii.gz' err
run mc-index --slices axial:all --mask masks --mask-label yes,no --left-out l.tsv \
    -o m.tsv lay/parallel
sed 1d m.tsv | cut -f 3,7 | sort | uniq -c | sed 's/^ *//' >got
printf '9 \t\n32 no\t0\n4 yes\t0.1\n' >wanted
is_file got 'labels of slices' <wanted
ok 'empty labels are warned of' grep -q '^mc-index: label is empty for 9 of 45 images, the first lay/parallel/images/p4/t1.nii.gz' err
ok 'two slices of a file may have two labels' test "$(grep -c identical err)" -eq 0
rm lay/parallel/images/p2/t1.nii.gz
run mc-index --slices axial:mask --mask masks -o m.tsv lay/parallel
ok 'a mask of no volume is warned of' grep -qx 'mc-index: 1 mask belongs to no NIfTI file: lay/parallel/masks/p2/t1.nii.gz (mc-index(1), --mask, says which names and folders go together)' err
cp lay/flat/p_1_t1.nii.gz lay/flat/p_1_t2.nii.gz
cp lay/flat/p_1_t1.nii.gz lay/flat/p_1_fl.nii.gz
cp lay/flat/p_2_t1.nii.gz lay/flat/p_2_t2.nii.gz
run mc-index --slices axial:mask --mask '*_seg*' --channels '*_t1*,*_t2*,*_fl*' \
    -o m.tsv lay/flat
sed 1d m.tsv | cut -f 2 >got
is_file got 'channels of patients in one folder' <<'END'
lay/flat/p_1_t1.nii.gz|lay/flat/p_1_t2.nii.gz|lay/flat/p_1_fl.nii.gz#slice=axial:1
END
ok 'and who lacks one' grep -q '5 NIfTI files skipped: another channel is missing or damaged: ' err

# --- Grids ------------------------------------------------------------------------------
"$PYTHON3" "$peer" grids grids || fail 'the grids are made'
while IFS='	' read -r name apart; do
	run mc-index --slices axial:mask --mask 'seg*' -o m.tsv "grids/$name"
	case $name in
	same | rounded)
		is_rc 0 "$name: one grid"
		ok "$name: nothing is said" test "$(grep -c voxels err)" -eq 0
		;;
	near | turned)
		is_rc 0 "$name: one grid"
		ok "$name: a warning" grep -qx "mc-index: the voxels of 2 pairs of NIfTI files differ in place by less than half a voxel, and are taken as the same: those of grids/$name/t1.nii.gz and grids/$name/seg.nii.gz by $apart mm and others" err
		;;
	*)
		is_rc 1 "$name: another grid"
		ok "$name: both are named" grep -qx "mc-index: 2 NIfTI files skipped: its mask is on another grid: voxels of grids/$name/t1.nii.gz and grids/$name/seg.nii.gz that have the same indices lie up to $apart mm apart and others" err
		;;
	esac
done <grids.tsv >verdicts.tap
grep -E '^(not )?ok|^#' verdicts.tap
for name in same order; do
	run mc-index -q --slices axial:mask --mask 'seg*' -o $name.tsv \
	    grids/$name
	cut -f 1,7 $name.tsv >$name.rows
done
ok 'a mask in another order of axes marks the same' cmp same.rows order.rows
mkdir grids/three
cp grids/same/t1.nii.gz grids/three/a.nii.gz
cp grids/same/t1.nii.gz grids/three/b.nii.gz
cp grids/far/seg.nii.gz grids/three/c.nii.gz
run mc-index --slices axial:2 --channels 'a*,b*,c*' grids/three
ok 'channels on two grids' grep -q '^mc-index: 3 NIfTI files skipped: channels on different grids: voxels of grids/three/c.nii.gz and grids/three/a.nii.gz that have the same indices lie up to 3 mm apart and others$' err
printf 'id\tpath\nx\tgrids/three/a.nii.gz|grids/three/b.nii.gz|grids/three/c.nii.gz#slice=axial:2\n' >m.tsv
run mc-pack -o x.tar m.tsv
fails 1 'mc-pack: m.tsv:2: grids/three/a.nii.gz and grids/three/c.nii.gz: voxels of the same indices lie up to 3 mm apart, so they cannot be channels of one picture: register them to one grid first (--skip-bad leaves such images out)' \
    'mc-pack refuses them too'

# --- Columns of names ---------------------------------------------------------------------
run mc-index -q $group --slices axial:1 --mask '*_seg*' \
    --from-name 'sequence=_(t1ce|t1|t2)\.' --from-name 'half=p[0-9]' -o m.tsv study
is_rc 0 '--from-name'
ok 'its columns' test "$(sed -n 1p m.tsv | cut -f 7-)" = "mask_share	sequence	half"
ok 'the parenthesis, and the whole match' test "$(sed 1d m.tsv | awk -F '\t' '{
    n = split($2, a, /[\/._]/) } $8 != a[5] || $9 != substr(a[4], 1, 2)' |
    wc -l)" -eq 0
for bad in x =x x= 'x=(' 'x=a' label=t1 fold=t1 mask_share=t1; do
	run mc-index --slices axial:1 --mask '*_seg*' --from-name "$bad" study
	cat err
done 2>&1 | grep from-name | sed 's/\(regular expression\): .*/\1: WHY/' >got
is_file got 'what is refused' <<END
mc-index: --from-name: "x": give COLUMN=REGEX, such as sequence='(t1ce|t1|t2|flair)' $see
mc-index: --from-name: "=x": give COLUMN=REGEX, such as sequence='(t1ce|t1|t2|flair)' $see
mc-index: study/high/p00/p00_t1.nii.gz: --from-name x matches nothing in the file's name (48 such images): give it an alternative for such names, or leave them out (--exclude)
mc-index: --from-name: "(" is not a POSIX extended regular expression: WHY
mc-index: study/high/p00/p00_t1.nii.gz: --from-name x matches nothing in the file's name (48 such images): give it an alternative for such names, or leave them out (--exclude)
mc-index: --from-name: "label": the manifest has this column: choose another name $see
mc-index: --from-name: "fold": the manifest has this column: choose another name $see
mc-index: --from-name: "mask_share": the manifest has this column: choose another name $see
END
printf 'patient,sequence,mask_share\n' >grades.csv
for i in 00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15; do
	echo "p$i,x,y" >>grades.csv
done
run mc-index $group --slices axial:1 --mask '*_seg*' --from-name 'sequence=t[12]' \
    --join grades.csv --key group=patient -o m.tsv study
ok 'columns of tables give way' grep -q '^mc-index: grades.csv: left out, since the manifest has such columns (see --label, --group-column, --split-column): sequence, mask_share$' err

mkdir bar
cp study/high/p00/p00_t1.nii.gz 'bar/a|b.nii.gz'
run mc-index -q --slices axial:1 bar
fails 1 'mc-index: bar/a|b.nii.gz: "|" in this name, which is between the channels of a slice: rename it' \
    'a name with "|"'

# --- Damaged files: one line each, and soon -------------------------------------------
"$PYTHON3" "$abs_srcdir/tests/image/nifti.py" hostile h ||
    fail 'the damaged files are made'
for file in h/*; do
	rm -rf one
	mkdir one
	cp "$file" one
	cp study/high/p02/p02_t1.nii.gz one/good.nii.gz
	run timeout 20 mc-index --slices axial:0 -o x.tsv one
	ok "$file: done" test "$rc" -eq 0
	grep 'skipped:' err | sed 's,one/,,' >>messages
	ok "$file: the other has its row" grep -q '^good/axial0	' x.tsv
	# As a mask.
	rm -rf one
	mkdir one
	cp "$file" one/seg.nii"$(case $file in *.gz) echo .gz ;; esac)"
	cp study/high/p02/p02_t1.nii.gz one/t1.nii.gz
	run timeout 20 mc-index --slices axial:mask --mask 'seg*' -o y.tsv one
	ok "$file, a mask: an error" test "$rc" -eq 1
	ok "$file, a mask: no output" test ! -e y.tsv
	rm -f x.tsv y.tsv
done >verdicts.tap
grep -E '^(not )?ok|^#' verdicts.tap
is_golden messages messages 'what is said of damaged headers'

# --- Real volumes ---------------------------------------------------------------------
if have_real nifti 'real volumes'; then
	mkdir real
	for file in "$real"/nifti/*.nii*; do
		ln -s "$file" real
	done
	run mc-index --slices axial:middle:2 -o r.tsv real
	is_rc 0 'real volumes'
	ok 'a CIFTI file is skipped' grep -q '^mc-index: 1 NIfTI file skipped: unreadable: real/row_major.dconn.nii: not a series of volumes' err
	ok 'files of several volumes are counted' grep -q 'NIfTI files have several volumes, of which the first is taken: ' err
	sed 1d r.tsv | cut -f 1,2,6 >got
	mkdir volumes
	cp -P real/*.nii* volumes && rm volumes/*dconn*
	"$PYTHON3" "$peer" expect volumes axial middle:2 none |
	    sed 's,	volumes/,	real/,' | cut -f 1-3 | LC_ALL=C sort >wanted
	is_file got 'as nibabel says' <wanted
fi
done_testing
