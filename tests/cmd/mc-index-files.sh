#!/bin/sh
# mc-index: what it says of the files' bytes: sizes, copies, errors in reading.
. "$abs_srcdir/tests/tap.sh"

have_python "images of known sizes" || { done_testing; exit; }
# images FOLDER FORMAT WIDTH HEIGHT [OPTION=VALUE]: twelve images by Pillow.
images() {
	mkdir -p "$1"
	"$PYTHON3" - "$@" <<'EOF' || exit 1
import sys
from PIL import Image
folder, kind, width, height = sys.argv[1:5]
options = {k: int(v) if v.isdigit() else v.encode() if k == "exif" else v
           for k, v in (a.split("=") for a in sys.argv[5:])}
for i in range(12):
    image = Image.new("RGB", (int(width), int(height)), (i, 20 * i, 9))
    image.save("%s/%s%d.%s" % (folder, kind, i, kind), **options)
EOF
}
# warned NAME: standard error holds these lines and that of what was seen.
warned() {
	grep -v '^mc-index: [0-9]* images*; ' err >warnings
	is_file warnings "$1"
}
index() { run mc-index --group '[a-z0-9]+$|[a-z]+[0-9]+' --group-from name "$@"; }

# --- sizes ----------------------------------------------------------------------
# size NAME FORMAT OPTION...: the size in a header is Pillow's.
size() {
	name=$1 kind=$2
	shift 2
	rm -rf sizes
	images sizes/ill "$kind" 613 41 "$@"
	images sizes/well png 7 1025
	index sizes
	warned "$name" <<'EOF'
mc-index: label "ill" goes with the image size: 100 % of its images have "613 x 41", but 0 % of the others: a network may learn that instead
EOF
}
size "JPEG" jpg
size "progressive JPEG" jpg progressive=1
size "JPEG with Exif" jpg exif=abc
size "PNG" png
size "TIFF" tif
size "TIFF, LZW" tif compression=tiff_lzw
size "WebP" webp
size "WebP, lossless" webp lossless=1
size "WebP with metadata" webp exif=abc
size "GIF" gif
size "BMP" bmp
size "PPM" ppm
if ! grep -q '^with_dcmtk = no' "$abs_builddir/Makefile"; then
	size "JPEG 2000" jp2
	size "JPEG 2000, bare" j2k no_jp2=1
fi

rm -rf sizes
images sizes/a jpg 50 40
images sizes/b png 50 40
index sizes
warned "equal sizes" </dev/null
rm -f sizes/b/png[0-7].png
cp sizes/a/jpg0.jpg sizes/b/x1.jpg
images other jpg 41 40
cp other/jpg1.jpg sizes/b/y1.jpg
index --exclude 'x1*' sizes
warned "one image of another size is no rule" </dev/null

# Films of NORMAL are larger, and no two have one size.
mkdir -p films
"$PYTHON3" - <<'EOF' || exit 1
import os
from PIL import Image
for label, first in ("NORMAL", 60), ("PNEUMONIA", 20):
    os.makedirs("films/" + label)
    for i in range(20):
        Image.new("L", (first + i, first + 2 * i), i).save(
            "films/%s/%s%d.png" % (label, label.lower(), i))
EOF
index films
warned "larger films, of which no two have one size" <<'EOF'
mc-index: label "NORMAL" goes with the image size: 0 % of its images have at most 0.0023 megapixels, but 100 % of the others: a network may learn that instead
EOF

# --- scanners -------------------------------------------------------------------
{ echo id,dx,dataset,sex
  for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
	echo "jpg$i,mel,$(test $i -lt 11 && echo rosendahl || echo vidir),$(
	    test $i -lt 9 && echo F || echo M)"
	test $i -gt 7 && echo "png$i,nv,vidir,M"
  done
  echo x1,nv,vidir,M; echo y1,nv,vidir,M; } >scan.csv
images set jpg 50 40
cp sizes/b/png*.png set
for i in 1 2 3 4 5 6; do cp set/png8.png set/z$i.png; printf $i >>set/z$i.png
    echo z$i,nv,vidir,M >>scan.csv; done
index -v --join scan.csv --key id --label dx --unmatched skip set
warned "a label goes with where the images come from" <<'EOF'
mc-index: scan.csv:18: no image for this row (2 such rows)
mc-index: label "mel" goes with the column dataset: 92 % of its images have "rosendahl", but 0 % of the others: a network may learn that instead
EOF
index --drop dataset --join scan.csv --key id --label dx set
warned "but sex is not a scanner" <<'EOF'
mc-index: scan.csv:18: no image for this row (2 such rows)
EOF

# --- copies ---------------------------------------------------------------------
mkdir -p two/A two/B
cp set/jpg1.jpg two/A/a1.jpg
cp set/jpg1.jpg two/A/b1.jpg
index two
warned "a copy of one label is none of mc-index's business" </dev/null
cp set/jpg1.jpg two/B/c1.jpg
cp set/jpg2.jpg two/B/d1.jpg
cp set/jpg2.jpg two/A/e1.jpg
index two
warned "but two labels are" <<'EOF'
mc-index: identical files with different labels (2 such sets): two/A/a1.jpg is "A", but two/B/c1.jpg is "B": correct or exclude them
EOF

# --- many files -----------------------------------------------------------------
mkdir -p many/a many/b
for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do
	printf '\377\330\377\340%s' $i$j >many/a/p$i$j.jpg
	printf '\377\330\377\340%s' b$i$j >many/b/q$i$j.jpg
done; done
index many
cp out all.tsv
sed 1d out | awk -F '\t' '{ print $6 "  " $2 }' >sums
ok "digests of two hundred files, by all processors" sha256sum --quiet -c sums
warned "files without a size" </dev/null
if command -v taskset >/dev/null; then
	taskset -c 0 mc-index -q --group '[a-z0-9]+$|[a-z]+[0-9]+' \
	    --group-from name many >out
	ok "and by one" cmp out all.tsv
fi

# --- options for other kinds of files -------------------------------------------
printf 'a key of more than 16 bytes\n' >key
for option in '--frames all' --keep-ids '--id-key key'; do
	index $option many
	warned "$option without DICOM" <<EOF
mc-index: ${option%% *}: no file is DICOM, so it does nothing
EOF
done
index --slices axial:1 many
warned "--slices without NIfTI" <<'EOF'
mc-index: --slices: no file is NIfTI, so it does nothing
EOF

done_testing
