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

echo 'no image' >bad.png
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
