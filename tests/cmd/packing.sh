#!/bin/sh
# mc-pack converts images as Pillow does.
. "$abs_srcdir/tests/tap.sh"

# same NAME TAR MANIFEST WORD...: TAR holds what Pillow makes of the files.
same() {
	name=$1
	shift
	"$PYTHON3" "$abs_srcdir/tests/cmd/pack_peer.py" "$@" >log 2>&1
	rc=$?
	case $rc in
	0) pass "$name ($(tail -n 1 log))" ;;
	77) skip "$name" "$(tail -n 1 log)" ;;
	*) fail "$name" log ;;
	esac
}

mc-phantom --task chest --patients 4 --size 70 -o chest
mc-phantom --task dermoscopy --patients 4 --size 90 -o mole
mc-index -q chest >chest.tsv
mc-index -q mole | sed 1d | cat chest.tsv - >m.tsv
run mc-pack -o keep.tar m.tsv
run mc-pack --encode keep -o keep2.tar m.tsv
ok '--encode keep is the default' cmp keep.tar keep2.tar

run mc-pack --encode png -o png.tar m.tsv
is_rc 0 '--encode png'
same 'PNG' png.tar m.tsv
run mc-pack --resize 40 -o small.tar m.tsv
same '--resize has the pixels of torchvision, in a PNG' small.tar m.tsv \
    resize=40
run mc-pack --resize 40 --threads 1 -o again.tar m.tsv
ok 'one thread or many: the same bytes' cmp small.tar again.tar
run mc-pack --resize 140 --filter bicubic --crop 120 -o crop.tar m.tsv
same '--resize, --filter and --crop' crop.tar m.tsv resize=140 crop=120 \
    filter=bicubic
run mc-pack --crop 64 -o only.tar m.tsv
same '--crop alone' only.tar m.tsv crop=64
for quality in 1 75 89 90 100; do
	run mc-pack --encode jpeg:$quality --resize 50 -o jpeg.tar m.tsv
	same "jpeg:$quality" jpeg.tar m.tsv resize=50 jpeg=$quality
done
have_real ham10000 'real dermoscopy as JPEG' && {
	ls "$real"/ham10000/images/*.jpg | sed -n '1~100p' | awk '
	    BEGIN { print "id\tpath" } { print NR "\t" $0 }' >real.tsv
	run mc-pack --resize 224 --encode jpeg:95 -o real.tar real.tsv
	same 'real dermoscopy as JPEG' real.tar real.tsv resize=224 jpeg=95
}

# --- Every kind that is read ---------------------------------------------------
# Files of one picture without loss, and of two frames, of which one is used.
kinds='png bmp pgm tif gif jp2'
grep -q '^with_dcmtk = no' "$abs_builddir/Makefile" && kinds=${kinds% jp2}
"$PYTHON3" - $kinds <<'EOF' || exit 1
import sys
from PIL import Image
im = Image.effect_noise((30, 20), 90)
other = Image.new("L", (30, 20), 7)
rows = ["id\tpath"]
for kind in sys.argv[1:]:
    more = dict(save_all=True, append_images=[other]) if kind == "gif" else {}
    im.save("kind." + kind, **more)
    rows.append("k%s\tkind.%s" % (kind, kind))
open("kinds.tsv", "w").write("\n".join(rows) + "\n")
EOF
run mc-pack -o kinds.tar kinds.tsv
is_rc 0 'every kind is packed'
grep pages err >said
is_file said 'of frames the first is used, and that is said' <<'EOF'
mc-pack: 1 image has several pages or frames, of which the first is used: kind.gif
EOF
tar -tf kinds.tar | grep -v __ | sed 's/.*\.//' | tr '\n' ' ' >said
echo "$kinds " | sed 's/pgm/pnm/' | tr -d '\n' >want
ok 'the members are called by their kinds' cmp said want
for f in $kinds; do
	tar -xOf kinds.tar "$(tar -tf kinds.tar | grep "^k$f\\.")" >member
	ok "the bytes of a $f are kept" cmp member kind.$f
done
run mc-pack --encode png -o pixels.tar kinds.tar
for f in $kinds; do
	tar -xOf pixels.tar "k$f.png" >"$f.out"
	ok "a $f from a tar has the pixels of the PNG" cmp "$f.out" png.out
done

# --- Large images ---------------------------------------------------------------
printf 'id\tpath\nx\tkind.png\n' >one.tsv
run mc-pack --max-pixels 599 -o large.tar one.tsv
ok 'an image above --max-pixels is refused' grep -q \
    'kind.png: 30 x 20 pixels, more than the limit of 599: reduce it, or raise the limit (--max-pixels)' err
run mc-pack --max-pixels 600 -o large.tar one.tsv
is_rc 0 'and one of so many pixels is not'
# 14000 x 13000 pixels, above what is decoded without this option.
"$PYTHON3" -c '
import struct, zlib
def chunk(kind, body):
    return (struct.pack(">I", len(body)) + kind + body +
            struct.pack(">I", zlib.crc32(kind + body)))
open("large.png", "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
    ">IIBBBBB", 14000, 13000, 1, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(
    bytes(13000 * 1751), 1)) + chunk(b"IEND", b""))'
printf 'id\tpath\nx\tlarge.png\n' >large.tsv
run mc-pack --resize 8 -o large.tar large.tsv
fails 1 'mc-pack: large.tsv:2: large.png: 14000 x 13000 pixels, more than the limit of 178956970: reduce it, or raise the limit (--max-pixels) (--skip-bad leaves such images out)' \
    'a slide is refused'
run mc-pack --max-pixels 200000000 --resize 8 -o large.tar large.tsv
is_rc 0 'the advice helps'
run mc-phash --max-pixels 599 one.tsv
ok 'mc-phash' grep -q 'more than the limit of 599' err
if [ -x "$abs_builddir/cmd/mc-embed" ]; then
	mc-split -q --ratio train=60,val=20,test=20 chest.tsv |
	    mc-pack -q --resize 40 -o few.tar
	how='--backbone resnet18 --weights random --resize 32 --crop 32'
	# shellcheck disable=SC2086
	run mc-embed --max-pixels 599 $how -o features.tar few.tar
	ok 'mc-embed' grep -q 'more than the limit of 599' err
	# shellcheck disable=SC2086
	run mc-train --max-pixels 599 --regime frozen $how -o model.tar few.tar
	ok 'mc-train' grep -q 'more than the limit of 599' err
	# shellcheck disable=SC2086
	mc-train -q --epochs 1 --regime frozen $how -o model.tar few.tar
	run mc-predict --max-pixels 599 --model model.tar few.tar
	ok 'mc-predict' grep -q 'more than the limit of 599' err
fi

# --- What the tar's manifest says ---------------------------------------------
tar -xOf small.tar __manifest__ | cut -f 1,6- >said
cut -f 1,6 m.tsv | awk -F '\t' -v OFS='\t' '
    NR == 1 { print $0, "source_sha256"; next } { print $1, "", $2 }' >want
ok 'the digest of the file moves to source_sha256' cmp said want
cut -f 1-5 m.tsv >no.tsv
run mc-pack --resize 40 -o no.tar no.tsv
tar -xOf no.tar __manifest__ >said
ok 'a manifest without digests stays as it is' cmp said no.tsv
sed "2s/[0-9a-f]*\$/$(printf %064d 0)/" m.tsv >wrong.tsv
run mc-pack --resize 40 -o wrong.tar wrong.tsv
ok 'the file is held against its digest before it is converted' sh -c '
    grep -q "^mc-pack: wrong.tsv:2: .*its SHA-256 is not" err'

if built mc-embed; then
	embed() {
		mc-embed -q --backbone resnet18 --weights random --resize 40 \
		    --crop 32 "$@"
	}
	embed keep.tar | awk -F '\t' -v OFS='\t' '{ $6 = ""; print }' >a
	embed small.tar | cut -f 1-6,8- | awk -F '\t' -v OFS='\t' \
	    '{ $6 = ""; print }' >b
	ok 'resized beforehand or by the network: the same features' cmp a b
	embed -o keep.features.tar keep.tar
	embed -o small.features.tar small.tar
	for f in keep small; do
		tar -xOf $f.features.tar __manifest__ | awk -F '\t' '
		    { print $1, $NF }' >$f.digests
	done
	ok 'an image is known by the digest of its file' sh -c '
	    grep -Eq " [0-9a-f]{64}$" keep.digests && cmp keep.digests small.digests'
	sed 's/[0-9a-f]*$/xyz/' want | awk -F '\t' -v OFS='\t' '
	    NR == FNR { path[$1] = $2; next }
	    FNR == 1 { print "id", "path", "source_sha256"; next }
	    { print $1, path[$1], $3 }' m.tsv - >odd.tsv
	mc-pack -o odd.tar odd.tsv
	run embed odd.tar
	ok 'a digest that is none is refused' grep -q \
	    '^mc-embed: odd.tar: the image of .*: source_sha256: "xyz" is not a SHA-256$' err
fi

# --- What is refused -----------------------------------------------------------
see='(see mc-pack --help)'
for word in jpeg jpeg:0 jpeg:101 jpeg:x gif ''; do
	run mc-pack --encode "$word" m.tsv
	fails 2 "mc-pack: --encode: \"$word\" is not keep, png or jpeg:Q, with a quality Q from 1 to 100 $see" \
	    "--encode '$word'"
done
run mc-pack --encode keep --crop 3 m.tsv
fails 2 "mc-pack: --encode keep: an image that is resized or cropped must be encoded: use png or jpeg:Q $see" \
    'keep and --crop'
run mc-pack --filter bicubic m.tsv
fails 2 "mc-pack: --filter: only with --resize $see" '--filter alone'
printf 'P\n' >bad
printf 'id\tpath\nx\tbad\n' >bad.tsv
run mc-pack --resize 3 -o bad.tar bad.tsv
ok 'what cannot be decoded is refused as without conversion' grep -q \
    '^mc-pack: bad.tsv:2: bad: not an image of a known kind (JPEG' err
ok 'and nothing is left' test ! -e bad.tar

done_testing
