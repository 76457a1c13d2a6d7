#!/bin/sh
# mc-phash: the hash is Pillow's and SciPy's, whatever the threads; bad images.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

common_behaviour mc-phash
make_images 12 2>/dev/null

run mc-phash manifest.tsv
is_rc 0 "hashes"
ok "no message" test ! -s err
cp out hashed.tsv
ok "phash comes behind the other columns" test "$(head -n 1 out)" = \
    "$(head -n 1 manifest.tsv)	phash"
awk -F '\t' -v OFS='\t' '{ NF--; print }' out >rows
ok "which pass through" cmp rows manifest.tsv
mc-phash --threads 1 - <manifest.tsv >out
ok "from standard input, on one thread: the same" cmp out hashed.tsv
sed 's/[0-9a-f]$/x/' hashed.tsv | mc-phash >out
ok "a column phash is filled in place" cmp out hashed.tsv
mkdir -p elsewhere && (cd elsewhere && mc-phash --base .. ../manifest.tsv) >out
ok "--base" cmp out hashed.tsv

peer() {
	compared "$1: compared" "$PYTHON3" "$abs_srcdir/tests/image/phash.py" \
	    "$2" "$3"
}
if "$PYTHON3" -c 'import PIL, scipy' 2>/dev/null; then
	peer "images of mc-phantom" hashed.tsv 1
	"$PYTHON3" - <<'END'
from PIL import Image
Image.new("RGB", (50, 40), (9, 90, 200)).save("flat.png")
Image.new("L", (1, 1), 255).save("dot.png")
Image.linear_gradient("L").resize((400, 3)).save("flat.tiff")
Image.radial_gradient("L").resize((31, 70)).save("ring.png")
END
	printf 'id\tpath\na\tflat.png\nb\tdot.png\n' | mc-phash |
	    cut -f 3 >got
	is_file got "images of one colour have one hash" <<'END'
phash
8000000000000000
8000000000000000
END
	printf 'id\tpath\na\tflat.tiff\nb\tring.png\n' | mc-phash >odd.tsv
	peer "smaller and narrower than 32 pixels" odd.tsv 1
	if have_real ham10000 "real images"; then
		for set in ham10000/images chest_xray; do
			mc-index -q "$real/$set" |
			    awk 'NR == 1 || NR % 20 == 0' | mc-phash >real.tsv
			peer "$set" real.tsv 1
		done
	fi
else
	skip "Pillow's hashes" "no PIL or SciPy for $PYTHON3"
fi

# --- DICOM and NIfTI: the hash is that of the picture that mc-pack makes ---
# packed MANIFEST: its hash is the one of what mc-pack makes of it.
packed() {
	rm -rf packed
	mkdir packed
	mc-phash "$1" | cut -f 3 | tail -n +2 >here
	mc-pack -q -o packed.tar "$1" && tar -C packed -xf packed.tar
	{ printf 'id\tpath\n'; tail -n +2 "$1" | cut -f 1 |
	    sed 's,\(.*\),\1\tpacked/\1.png,'; } >packed.tsv
	mc-phash packed.tsv | cut -f 3 | tail -n +2 >there
	grep -cx '[0-9a-f]\{16\}' here | grep -qx "$(grep -c . packed.tsv |
	    awk '{ print $1 - 1 }')" && diff here there
}
if grep -q '^with_dcmtk = no' "$abs_builddir/Makefile"; then
	skip 'DICOM' 'built without DCMTK'
elif ! "$PYTHON3" -c 'import nibabel, pydicom' 2>/dev/null; then
	skip 'DICOM' 'python3-pydicom or python3-nibabel is missing'
else
	mkdir made
	"$PYTHON3" "$abs_srcdir/tests/cmd/dicom_make.py" made
	"$PYTHON3" "$abs_srcdir/tests/image/nifti.py" make v
	{
		printf 'id\tpath\n'
		for f in voi exact sigmoid inverted_window rgb palette; do
			printf '%s\tmade/%s.dcm\n' $f $f
		done
		grep 'pair' v/manifest.tsv
	} >scans.tsv
	ok "made files" packed scans.tsv
	echo 'made/frames.dcm#frame=2' >frame
	printf 'id\tpath\na\t%s\nb\tauto.png\n' "$(cat frame)" >auto.tsv
	printf 'id\tpath\nauto\t%s\n' "$(cat frame)" | mc-pack --window auto \
	    -o auto.tar && tar -xf auto.tar auto.png
	mc-phash auto.tsv | cut -f 3 | tail -n +2 | sort -u >got
	ok "without a window, from the least value to the largest" test \
	    "$(grep -c . got)" = 1
	if have_real dicom "real DICOM"; then
		mc-index -q --keep-ids --exclude '*/rtdose*' "$real/dicom" \
		    2>/dev/null | cut -f 1,2 >real.tsv
		mc-phash --skip-bad real.tsv >hashed 2>err
		is_rc 0 "real DICOM"
		awk -F '\t' 'NR > 1 && $3 == "" { n++ } END { print (NR - 1 >= 50),
		    n + 0 }' hashed >got
		grep -c 'not hashed' err >>got
		cat got | tr '\n' ' ' >words
		ok "each image has a hash, or a line says why not" awk \
		    '{ exit !($1 == 1 && $2 == $3) }' words
		awk -F '\t' '$1 ~ /^MR_small(_RLE|_bigendian|_implicit|_expb)?$/ {
			print $3 }' hashed | sort | uniq -c | awk '{ print $1 }' >got
		is_file got "one picture in five encodings has one hash" <<'END'
5
END
	fi
	run mc-phash - <<END
id	path
a	made/plain.dcm#frame=2
END
	fails 1 'mc-phash: standard input:2: made/plain.dcm#frame=2: no frame 2: it has 1 (--skip-bad leaves the hash of such images empty)' \
	    "no such frame"
	run mc-phash - <<END
id	path
a	gone.nii#slice=axial:0
END
	fails 1 'mc-phash: standard input:2: gone.nii: No such file or directory (paths are relative to where mc-phash runs, or to --base DIR; --skip-bad leaves the hash of such images empty)' \
	    "no such volume"
	run mc-phash -o made/plain.dcm - <<END
id	path
a	made/plain.dcm#frame=1
END
	is_rc 2 "a file of a frame is no output"
fi

echo 'no image' >bad.png
printf 'id\tpath\na\tbad.png\n' >none.tsv
run mc-phash --skip-bad -o none none.tsv
is_rc 1 "no image can be decoded"
is_err "is an error with --skip-bad also" <<'END'
mc-phash: not hashed: bad.png: not an image of a known kind (JPEG, PNG and others)
mc-phash: none.tsv: of its 1 image, none can be decoded
END
ok "... and leaves no output" test ! -e none
{ cat manifest.tsv; awk -F '\t' -v OFS='\t' 'NR == 2 { $1 = "bad"
	$2 = "bad.png"; print }' manifest.tsv; } >bad.tsv
run mc-phash bad.tsv
fails 1 'mc-phash: bad.tsv:25: bad.png: not an image of a known kind (JPEG, PNG and others) (--skip-bad leaves the hash of such images empty)' \
    "an image that is none"
run mc-phash --skip-bad bad.tsv
is_err "--skip-bad names it" <<'END'
mc-phash: not hashed: bad.png: not an image of a known kind (JPEG, PNG and others)
END
tail -n 1 out | awk -F '\t' '{ print $1 "," $NF }' >got
is_file got "and leaves its hash empty" <<'END'
bad,
END
grep -v '^bad' out >a
ok "the others have theirs" cmp a hashed.tsv
sed 's/bad.png/gone.png/' bad.tsv >gone.tsv
run mc-phash gone.tsv
fails 1 'mc-phash: gone.tsv:25: gone.png: No such file or directory (paths are relative to where mc-phash runs, or to --base DIR; --skip-bad leaves the hash of such images empty)' \
    "an image that is not there"
printf 'id\tpath\na\t\n' >nopath.tsv
run mc-phash nopath.tsv
fails 1 'mc-phash: nopath.tsv:2: column "path": empty' "no path"
run mc-phash -o bad.png bad.tsv
fails 2 'mc-phash: --output bad.png and bad.png are the same file: the output would overwrite the input (see mc-phash --help)' \
    "an image is no output"
run mc-phash a b
fails 2 'mc-phash: one manifest at a time' "two manifests"

done_testing
