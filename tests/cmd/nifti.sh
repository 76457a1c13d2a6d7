#!/bin/sh
# Slices of NIfTI volumes are those of nibabel, and damaged files are refused.
. "$abs_srcdir/tests/tap.sh"

# pack_slice ADDRESS: a tar of one slice, x.tar.
pack_slice() {
	printf 'id\tpath\na\t%s\n' "$1" >one.tsv
	rm -f x.tar
	run mc-pack -o x.tar one.tsv
}

# refuses ADDRESS MESSAGE NAME
refuses() {
	pack_slice "$1"
	fails 1 "mc-pack: one.tsv:2: $2 (--skip-bad leaves such images out)" "$3"
	ok "$3: no tar" test ! -e x.tar
}

peer=$abs_srcdir/tests/image/nifti.py

# Without niftilib there is one message, and no more to test.
pack_slice none.nii#slice=axial:0
if grep -q 'built without NIfTI' err; then
	fails 1 'mc-pack: one.tsv:2: none.nii: NIfTI, and mctools was built without NIfTI: install libnifti-dev, then configure and make again (--skip-bad leaves such images out)' \
	    'without niftilib: a message'
	done_testing
fi
fails 1 'mc-pack: one.tsv:2: none.nii: No such file or directory (paths are relative to where mc-pack runs, or to --base DIR; --skip-bad leaves such images out)' \
    'no such volume'
have_python 'slices are those of nibabel' || done_testing

# same NAME MANIFEST LOW HIGH: mc-pack draws its slices as nibabel and numpy do.
same() {
	rm -rf drawn
	mkdir drawn
	ok "$1: packed" mc-pack --percentiles "$3,$4" -o "drawn.tar" "$2"
	tar -C drawn -xf drawn.tar
	compared "$1" "$PYTHON3" "$peer" compare "$2" drawn "$3" "$4"
}

"$PYTHON3" "$peer" make v || fail 'the files are made'
same 'made files' v/manifest.tsv 1 99
cp drawn.tar default.tar
# The byte of a PNG that says its colour type: 0 is grey, 2 is RGB.
for slice in 'v/i1_little.nii#slice=axial:1 0' \
    'v/i1_little.nii|v/i1_little.nii|v/i1_little.nii#slice=axial:1 0' \
    'v/i1_little.nii|v/i2_little.nii|v/mask.nii.gz#slice=axial:1 2'; do
	printf 'id\tpath\na\t%s\n' "${slice% *}" >grey.tsv
	mc-pack -q -o grey.tar grey.tsv
	tar -xOf grey.tar "$(tar -tf grey.tar | grep '[.]png$')" |
	    od -An -tu1 -j25 -N1 | tr -d ' ' >got
	is_file got "channels of the PNG of ${slice% *}" <<EOT
${slice##* }
EOT
done
printf 'id\tpath\n' >flat.tsv
for name in empty.nii.gz mask.nii.gz i1_little.nii; do
	printf '%s\tv/%s#slice=axial:1\n' "$name" "$name"
done >>flat.tsv
run mc-pack -o flat.tar flat.tsv
is_err 'slices without grey levels are counted' <<'END'
mc-pack: 2 slices are black and white without grey levels, since both percentiles of a volume are equal: v/empty.nii.gz#slice=axial:1 and others: leave out masks (mc-index --mask); for other volumes choose other --percentiles
END
printf 'id\tpath\na\tv/i1_little.nii|v/mask.nii.gz|v/i2_little.nii#slice=axial:1\n' >flat.tsv
run mc-pack -o flat.tar flat.tsv
is_err 'also of one channel' <<'END'
mc-pack: 1 slice is black and white without grey levels, since both percentiles of a volume are equal: v/i1_little.nii|v/mask.nii.gz|v/i2_little.nii#slice=axial:1: leave out masks (mc-index --mask); for other volumes choose other --percentiles
END
ok 'the default is 1,99' mc-pack -o again.tar v/manifest.tsv
ok 'it is the same tar' cmp default.tar again.tar
ok 'one thread' mc-pack --threads 1 -o again.tar v/manifest.tsv
ok 'the tar does not depend on the threads' cmp default.tar again.tar
same 'other percentiles' v/manifest.tsv 0 50.5
if have_real nifti 'real volumes'; then
	"$PYTHON3" "$peer" list $(ls "$real"/nifti/*.nii* | grep -v dconn) \
	    >real.tsv
	same 'real volumes' real.tsv 1 99
	refuses "$real/nifti/row_major.dconn.nii#slice=axial:0" \
	    "$real/nifti/row_major.dconn.nii: not a series of volumes: dimension 5 has size 10 (CIFTI, a vector field?)" \
	    'a CIFTI file'
fi

# What other programs leave out of a header: the offset of the voxels, which is then
# the least one (nibabel takes the header for voxels), and the size of voxels along
# an axis, of which nibabel says nothing if it is not finite.
"$PYTHON3" - <<'END'
import struct
def change(name, source, *values):
    raw = bytearray(open(f"v/{source}.nii", "rb").read())
    for at, kind, value in values:
        struct.pack_into(kind, raw, at, value)
    open(f"v/{name}.nii", "wb").write(raw)
inf = float("inf")
change("no_offset1", "oblique0", (108, "<f", 0))
change("no_offset2", "two", (168, "<q", 0))
change("one_mm", "neither", (80, "<f", 1))
change("endless", "neither", (80, "<f", inf))
change("flat_one_mm", "neither", (40, "<h", 2), (88, "<f", 1))
change("flat_endless", "neither", (40, "<h", 2), (88, "<f", inf))
END
for pair in oblique0,no_offset1 two,no_offset2 one_mm,endless \
    flat_one_mm,flat_endless; do
	for name in "${pair%,*}" "${pair#*,}"; do
		printf 'id\tpath\na\tv/%s.nii#slice=axial:0\n' "$name" >one.tsv
		run mc-pack -o "$name.tar" one.tsv
		tar -xOf "$name.tar" a.png >"$name.png"
	done
	ok "${pair#*,}: as ${pair%,*}" cmp "$name.png" "${pair%,*}.png"
	ok '... which is a picture' test -s "$name.png"
done

# Digests, with and without channels; --base.
digest() { sha256sum "$@" | cut -c 1-64 | tr -d '\n'; }
three='channel_RAS.nii.gz|channel_LPS.nii.gz|channel_PIR.nii.gz'
{
	printf 'id\tpath\tsha256\n'
	printf 'one\tf4_big.nii#slice=axial:1\t%s\n' "$(digest v/f4_big.nii)"
	printf 'pair\tpair.hdr#slice=axial:1\t%s\n' \
	    "$(digest v/pair.hdr v/pair.img | digest)"
	printf 'three\t%s#slice=axial:1\t%s\n' "$three" "$(cd v && digest \
	    channel_RAS.nii.gz channel_LPS.nii.gz channel_PIR.nii.gz | digest)"
} >digests.tsv
run mc-pack --base v -o d.tar digests.tsv
is_rc 0 'digests of files, pairs and channels; --base'
tar -xOf d.tar __manifest__ >d.tsv
ok 'sha256 becomes source_sha256' grep -q 'source_sha256' d.tsv
sed 's/\(three.*\)[0-9a-f]$/\1x/' digests.tsv >wrong.tsv
run mc-pack --base v -o w.tar wrong.tsv
fails 1 "mc-pack: wrong.tsv:4: v/$(echo "$three" | sed 's,|,|v/,g')#slice=axial:1: its SHA-256 is not the manifest's: it changed since it was indexed: make the manifest again (mc-index, mc-split)" \
    'a volume that changed'

# Addresses.
for bad in 'v/two.nii#slice=' 'v/two.nii#slice=axial' 'v/two.nii#slice=axial:' \
    'v/two.nii#slice=axial:-1' 'v/two.nii#slice=Axial:1' \
    'v/two.nii#slice=axial:1,volume=' 'v/two.nii#slice=axial:1,frame=2' \
    'v/two.nii#slice=axial:1.5'; do
	refuses "$bad" "$bad: not a slice: after the path comes #slice=AXIS:INDEX, such as #slice=axial:77" \
	    "$bad"
done
for bad in 'a.nii|b.nii#slice=axial:0' '|a|b#slice=axial:0' \
    'a|b|c|d#slice=axial:0'; do
	refuses "$bad" "$bad: before #slice= comes one path, or three with \"|\" between them" \
	    "$bad"
done
refuses 'v/two.nii#slice=axial:6' 'v/two.nii: no slice axial:6: they are 0 to 5' \
    'a slice too high'
refuses 'v/four.nii.gz#slice=axial:0,volume=3' \
    'v/four.nii.gz: no volume 3: it has volumes 0 to 2' 'a volume too high'
refuses 'v/two.nii|v/one.nii|v/two.nii#slice=axial:0' \
    'v/two.nii and v/one.nii: volumes of different sizes cannot be channels of one picture: register them to one grid first' \
    'channels of different sizes'
for bad in 1 99 'a,b' '99,1' '5,5' '-1,5' '1,101' '1,nan'; do
	run mc-pack --percentiles "$bad" -o x.tar digests.tsv
	is_rc 2 "--percentiles $bad is a usage error"
done

# The limit of voxels, in all programs that read volumes.
"$PYTHON3" -c 'import nibabel, numpy
n = numpy.prod(nibabel.load("v/two.nii").shape[:3])
print(n - 1, n)' >limits
read -r below voxels <limits
printf 'id\tpath\na\tv/two.nii#slice=axial:1\n' >one.tsv
mkdir many
cp v/two.nii many
over="v/two.nii: $voxels voxels, more than the limit of $below: raise the limit (--max-voxels) if that is no damage"
run mc-pack --max-voxels "$below" -o x.tar one.tsv
fails 1 "mc-pack: one.tsv:2: $over (--skip-bad leaves such images out)" \
    'mc-pack: a volume above --max-voxels is refused'
ok 'mc-pack: a volume of --max-voxels is packed' \
    mc-pack --max-voxels "$voxels" -o limit.tar one.tsv
run mc-phash --max-voxels "$below" one.tsv
ok 'mc-phash: a volume above --max-voxels is refused' grep -qF "$over" err
ok 'mc-phash: a volume of --max-voxels is hashed' \
    mc-phash --max-voxels "$voxels" one.tsv
run mc-index --slices axial:1 --max-voxels "$below" many
ok 'mc-index: a volume above --max-voxels is left out and counted' \
    grep -qF "1 NIfTI file skipped: unreadable: many/${over#v/}" err
ok 'mc-index: a volume of --max-voxels is a row' \
    mc-index --slices axial:1 --max-voxels "$voxels" many

# Damaged files: one line each, no tar, and soon.
"$PYTHON3" "$peer" hostile h || fail 'the damaged files are made'
for file in h/*; do
	printf 'id\tpath\na\t%s#slice=axial:0\n' "$file" >one.tsv
	run timeout 20 mc-pack -o x.tar one.tsv
	echo "$rc $(wc -l <err) $(test -e x.tar && echo tar)" >tap.got
	ok "$file: one line" grep -qx '1 1 ' tap.got
	sed 's/^mc-pack: one.tsv:2: //; s/ (--skip-bad .*//' err
done >messages.tap
grep -E '^(not )?ok|^#' messages.tap
grep -vE '^(not )?ok|^#' messages.tap >messages
is_golden messages messages 'what is said of damaged files'

# What follows the last voxel does not matter.
gunzip -c v/mask.nii.gz >mask.raw
{ cat mask.raw; head -c 100000000 /dev/zero; } | gzip -1 >bomb.nii.gz
run timeout 20 mc-pack -o x.tar - <<END
id	path
a	bomb.nii.gz#slice=axial:0
END
is_rc 0 'a volume with much behind its last voxel'

printf 'id\tpath\nbad\th/flat.nii#slice=axial:0\ngood\tv/two.nii#slice=axial:0\n' \
    >some.tsv
run mc-pack --skip-bad -o some.tar some.tsv
is_rc 0 '--skip-bad'
is_err '--skip-bad leaves a volume out' <<'END'
mc-pack: left out: h/flat.nii: the affine of its header does not have three directions: which side is left is not known
END
done_testing
