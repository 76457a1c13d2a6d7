#!/bin/sh
# mc-pack selects rows, writes shards that WebDataset reads, and packs tars again;
# programs read sets of shards, and miss none in silence.
. "$abs_srcdir/tests/tap.sh"

see='(see mc-pack --help)'
mc-phantom --task dermoscopy --patients 11 --size 40 -o mole
mc-index -q mole | awk -F '\t' -v OFS='\t' '
    NR > 1 { $1 = "v1." NR "/im.a" NR; $5 = NR < 5 ? "test" : "train" } { print }' >m.tsv
rows=$(sed 1d m.tsv | wc -l)

# --- Rows ---------------------------------------------------------------------
# holds TAR NAME: the manifest of TAR is want, its members are of these rows.
holds() {
	tar -xOf "$1" __manifest__ >got
	ok "$2" cmp got want
	ok "$2: the members" test "$(tar -tf "$1" | wc -l)" -eq \
	    $(($(wc -l <want) + 1))
}
label=$(sed -n 2p m.tsv | cut -f 3)
run mc-pack -v --split test -o x.tar m.tsv
awk -F '\t' 'NR == 1 || $5 == "test"' m.tsv >want
holds x.tar '--split'
is_err '-v counts' <<EOF2
mc-pack: selected 3 of $rows rows
mc-pack: packed 3 images, left out 0
EOF2
run mc-pack --split test,train --label "$label" -o x.tar m.tsv
awk -F '\t' -v label="$label" 'NR == 1 || $3 == label' m.tsv >want
holds x.tar '--label, and a list of splits'
cut -f 1 m.tsv | sed -n '3p;7p' >ids
{ sed -n 1p m.tsv; sed -n '3p;7p' m.tsv; } >want
run mc-pack --ids ids -o x.tar m.tsv
holds x.tar '--ids, a list'
{ sed -n 1p m.tsv; sed -n '7p;3p' m.tsv; } | cut -f 1,3 >ids.tsv
run mc-pack --ids ids.tsv -o x.tar m.tsv
holds x.tar '--ids, a table in another order'
run mc-pack --ids - -o x.tar m.tsv <ids
holds x.tar '--ids from a pipe'
{ echo nobody; cat ids; echo none; } >more
run mc-pack --ids more -o x.tar m.tsv
is_err 'ids that are not there are counted' <<'EOF2'
mc-pack: more: 2 of 4 ids are not in m.tsv: "nobody" and others
EOF2
holds x.tar 'and the others packed'
run mc-pack --split test,tset -o y.tar m.tsv
fails 1 'mc-pack: m.tsv: no row has the split "tset"' 'a split in no row'
run mc-pack --label none -o y.tar m.tsv
fails 1 'mc-pack: m.tsv: no row has the label "none"' 'a label in no row'
{ cat ids; sed 1q ids; } >twice
run mc-pack --ids twice -o y.tar m.tsv
fails 1 "mc-pack: twice:3: the id \"$(sed 1q ids)\" is given twice" \
    'an id that is given twice'
echo nobody >nobody
run mc-pack --ids nobody -o y.tar m.tsv
fails 1 "mc-pack: m.tsv: of its $rows rows, none is selected" 'no row'
cut -f 1-4 m.tsv >nosplit.tsv
run mc-pack --split test -o y.tar nosplit.tsv
fails 1 'mc-pack: nosplit.tsv:1: no column "split" to select rows by' \
    'no such column'
cut -f 1,3 m.tsv | sed 1d >noid
run mc-pack --ids noid -o y.tar m.tsv
fails 1 'mc-pack: noid:1: no column "id"' 'a table without ids'
ok 'nothing is left of these' test ! -e y.tar

# --- The list of what was left out -----------------------------------------------
printf 'no image' >bad.png
{ cat m.tsv; printf 'bad\tbad.png\tx\t\ttrain\t\n'; } >bad.tsv
run mc-pack -q --skip-bad --left-out left.tsv -o x.tar bad.tsv
is_rc 0 '--left-out'
is_file left.tsv 'lists the image' <<'EOF2'
program	id	path	label	group	reason	images
mc-pack	bad	bad.png	x		not an image of a known kind (JPEG, PNG and others)	1
EOF2
mc-describe --left-out left.tsv m.tsv >flow
ok 'for mc-describe' grep -q '^mc-pack	not an image of a known kind (JPEG, PNG and others)	1	' \
    flow
run mc-pack -q --skip-bad --left-out left.tsv -o x.tar m.tsv
ok 'or nothing' test "$(wc -l <left.tsv)" -eq 1
run mc-pack --left-out left.tsv m.tsv
fails 2 "mc-pack: --left-out: only with --skip-bad $see" '--left-out alone'
rm left.tsv
run mc-pack --skip-bad --left-out left.tsv -o no/x.tar bad.tsv
ok 'no list without the tar' test $rc -eq 1 -a ! -e left.tsv

# --- Shards ----------------------------------------------------------------------
mc-pack -o one.tar m.tsv
run mc-pack --shards 4 -o 'set-%06d.tar' m.tsv
is_rc 0 '--shards'
n=$(((rows + 3) / 4))
last=$(printf %06d $((n - 1)))
ls set-*.tar >names
i=0
while [ $i -lt $n ]; do
	printf 'set-%06d.tar\n' $i
	i=$((i + 1))
done >want
ok 'shards are named as by WebDataset' cmp names want
ok 'none holds more images' test "$(tar -tf set-000000.tar | wc -l)" -eq 6
for f in set-*.tar; do
	tar -xOf $f __manifest__ | sed 1d
done >got
sed 1d m.tsv >want
ok 'together they have the rows, in their order' cmp got want
whole=$(sha256sum <m.tsv | cut -d ' ' -f 1)
tar -xOf set-000001.tar __end__ | grep -v '^sha256' >end
is_file end 'a shard knows its place' <<EOF2
key	value
format	1
images	4
set	$whole
shard	1
EOF2
ok 'the last one knows how many there are' sh -c "
    tar -xOf set-$last.tar __end__ | grep -q '^shards	$n\$'"
run mc-pack --shards 4 --threads 1 -o 'again-%06d.tar' m.tsv
for f in set-*.tar; do
	cmp $f again${f#set} || echo differs
done >differs 2>&1
ok 'one thread or many: the same shards' test ! -s differs
run mc-pack --shards 5 -o 'set-%06d.tar' m.tsv
is_err 'shards of an earlier run are noticed' <<EOF2
mc-pack: set-$(printf %06d $(((rows + 4) / 5))).tar: from an earlier packing into more shards: remove it, and those after it
EOF2
rm -f set-*.tar
mc-pack --shards 4 -o 'set-%06d.tar' m.tsv
run mc-pack --shards 20K -o 'size-%d.tar' m.tsv
ok 'shards of a size are no larger' sh -c '
    test -e size-1.tar || exit 1
    for f in size-*.tar; do test "$(wc -c <"$f")" -le 20480 || exit 1; done'
run mc-pack --shards 1K -o 'tiny-%02d.tar' m.tsv
ok 'but hold one image' test "$(ls tiny-*.tar | wc -l)" -eq "$rows"
mkdir pages
run mc-pack -q --skip-bad --shards 4 -o 'pages/%d.tar' bad.tsv
for f in pages/*.tar; do
	tar -xOf "$f" __end__
done | grep '^skipped' >got
ok 'an image left out is named in its shard' test "$(cat got)" = 'skipped	bad'
{ cat m.tsv; printf 'bad\tbad.png\tx\t\ttrain\t\n'; } >late.tsv
run mc-pack --shards 4 -o 'late-%06d.tar' late.tsv
ok 'all shards, or none' sh -c "test $rc -eq 1; ls | grep -q late- && exit 1
    ls -A | grep -q '^[.]late' && exit 1; exit 0"
run mc-pack --shards 2 -o 'set-%06d.tar' set-000000.tar
fails 2 "mc-pack: set-000000.tar: is an input, and a shard would replace it: use another name $see" \
    'no shard replaces an input'
for name in x.tar 'x-%s.tar' 'x-%d-%d.tar' 'x-%'; do
	run mc-pack --shards 2 -o "$name" m.tsv
	fails 2 "mc-pack: --shards: the output's name needs a place for the number, as in -o set-%06d.tar $see" \
	    "-o $name"
done
for size in 0 x 1T -1 K ''; do
	run mc-pack --shards="$size" -o 'x-%d.tar' m.tsv
	fails 2 "mc-pack: --shards: \"$size\" is not a number of images, nor a size such as 500M or 1G $see" \
	    "--shards '$size'"
done
sed 1q m.tsv >many.tsv
first=$(sed -n 2p m.tsv | cut -f 2-)
i=0
while [ $i -lt 1500 ]; do
	printf '%d\t%s\n' $i "$first"
	i=$((i + 1))
done >>many.tsv
mkdir many
run mc-pack --shards 1 -o 'many/%d.tar' many.tsv
ok 'more shards than a process may usually open' sh -c "
    test $rc -eq 0 && test \$(ls many | wc -l) -eq 1500"

# --- WebDataset reads them ----------------------------------------------------------
peer() {
	"$PYTHON3" "$abs_srcdir/tests/cmd/webdataset_peer.py" "$@"
}
peer "set-{000000..$last}.tar" >theirs
awk -F '\t' 'NR > 1 { print $1, "png=" $6 }' m.tsv >want
ok "WebDataset's rules find each image, under a key that has no dot" \
    cmp theirs want
first=$(sed -n 2p m.tsv | cut -f 2)
while read -r id; do
	mkdir -p "odd/${id%/*}" && cp "$first" "odd/$id.png"
done <<'EOF2'
__a__/1
__a__/__b__/2.x
b/__c__
b/__manifest__.png
é ü/x.y.z
w/.h
EOF2
mc-index -q odd >odd.tsv
mc-pack -q -o odd.tar odd.tsv
peer odd.tar >theirs
awk -F '\t' 'NR > 1 { print $1, "png=" $6 }' odd.tsv >want
ok 'also of odd names' cmp theirs want
awk '/^labels = /, /^\.Ed/' "$abs_srcdir/man/mctools.5" |
    sed '$d; s/\\e/\\/g' >page
{
	echo 'import csv, io, tarfile'
	cat page
	echo 'for id in labels: print(id, labels[id], sep="\t")'
} | sed 's/"images.tar"/"odd.tar"/' >labels.py
"$PYTHON3" labels.py | sort >got
sed 1d odd.tsv | cut -f 1,3 | sort >want
ok "the page's lines of Python find the labels" cmp got want

# --- and what it writes is read ---------------------------------------------------------
mkdir -p plain/a plain/é
for i in 1 2 3 4 5 6; do
	cp "$(sed -n $((i + 1))p m.tsv | cut -f 2)" plain/a/$i.png
	cp "$(sed -n $((i + 7))p m.tsv | cut -f 2)" plain/é/$i.png
done
find plain -type f | LC_ALL=C sort >files
peer --write 'theirs-%06d.tar' $(cat files)
run mc-pack -o x.tar 'theirs-{000000..000002}.tar'
is_rc 0 'shards of its writer'
{ printf 'id\tlabel\n'; awk -F '[/.]' -v OFS='\t' \
    '{ print $1 "/" $2 "/" $3, $2 }' files; } >want
holds x.tar 'give keys and classes'
{ printf 'id\tlabel\tsplit\n'; awk -F '[/.]' -v OFS='\t' \
    '{ print $1 "/" $2 "/" $3, $2, $3 < 4 ? "train" : $3 < 6 ? "val" : "test" }' \
    files; } >splits.tsv
if built mc-train; then
	for tars in 'theirs-{000000..000002}.tar' x.tar; do
		mc-train -q --manifest splits.tsv --backbone resnet18 \
		    --weights random --resize 36 --crop 32 --regime frozen \
		    --epochs 2 -o model.tar "$tars"
		mc-predict -q --manifest splits.tsv --model model.tar "$tars" |
		    tee predicted.tsv | cksum
	done >sums
	ok 'a model is trained on them, and predicts them' test \
	    "$(sort -u sums | wc -l)" -eq 1 -a "$(wc -l <predicted.tsv)" -eq 3
fi
mkdir -p __meta__ c
cp plain/a/1.png __meta__/1.png
cp plain/a/1.png c/1.png
tar -cf meta.tar __meta__/1.png c/1.png
run mc-pack -v -o x.tar meta.tar
is_err 'a folder __x__ is no sample' <<'EOF2'
mc-pack: packed 1 image, left out 0
EOF2

# --- Patterns, and shards that are missing --------------------------------------------
run mc-pack -o all.tar "set-{000000..$last}.tar"
ok 'a set of shards is packed into the tar that they were made from' \
    cmp all.tar one.tar
run mc-pack -o all.tar set-*.tar
ok 'likewise from a list' cmp all.tar one.tar
run mc-pack -o x.tar "set-{000000..000099}.tar"
fails 1 "mc-pack: set-$(printf %06d $n).tar: No such file or directory" \
    'a shard that is missing is named'
run mc-pack -o x.tar 'set-{{0,1}}.tar'
fails 2 "mc-pack: set-{{0,1}}.tar: braces within braces: write them one behind the other, or have the shell expand them $see" \
    'braces within braces'
run mc-pack -o 'set-000001.tar' 'set-{000000..000001}.tar'
ok 'an output that a pattern names is refused' test $rc -eq 2
cp one.tar 'odd{1,2}.tar'
run mc-pack -o x.tar 'odd{1,2}.tar'
ok 'a file with braces in its name is a file' cmp x.tar one.tar
run mc-pack -o x.tar set-000000.tar set-000002.tar
is_err 'shards that were not given are named' <<'EOF2'
mc-pack: the set of set-000000.tar has further shards, which were not read: 1, 3 and later
EOF2
run mc-pack -o x.tar set-$last.tar
ok 'also before the last' grep -q 'were not read: 0' err
if built mc-embed; then
	embed() {
		mc-embed --backbone resnet18 --weights random --resize 32 \
		    --crop 32 "$@"
	}
	embed one.tar >a
	embed "set-{000000..$last}.tar" >b 2>err
	ok 'mc-embed reads a pattern' cmp a b
	ok 'without a word' test ! -s err
	run embed 'set-{000000..000001}.tar'
	is_err 'and says what was not read' <<'EOF2'
mc-embed: the set of set-000000.tar has further shards, which were not read: 2 and later
EOF2
	run embed 'set-{000000..000099}.tar'
	ok 'a missing shard is named at once' grep -q \
	    "^mc-embed: set-$(printf %06d $n).tar: No such file" err
fi

# --- Tars as input ---------------------------------------------------------------------
run mc-pack --split test --resize 20 -o small.tar one.tar
is_rc 0 'a tar is filtered and converted'
mc-pack --split test --resize 20 -o want.tar m.tsv
ok 'as its files would be' cmp small.tar want.tar
run mc-pack -o again.tar small.tar
ok 'converted images are kept' cmp again.tar small.tar
run mc-pack --encode png -o png.tar small.tar
tar -xOf png.tar __manifest__ | cut -f 6- >got
tar -xOf small.tar __manifest__ | cut -f 6- >want
ok 'the digest of the first file stays' cmp got want
mkdir f f/a
i=0
for f in $(sed 1d m.tsv | cut -f 2 | sed 5q); do
	cp "$f" f/a/x$i.input.png
	echo $((i % 2)) >f/a/x$i.cls
	i=$((i + 1))
done
tar -cf foreign.tar -C f --sort=name a
run mc-pack --label 1 -o own.tar foreign.tar
tar -xOf own.tar __manifest__ >got
is_file got "a WebDataset shard's keys and classes are the rows" <<'EOF2'
id	label
a/x1	1
a/x3	1
EOF2
tar -xOf own.tar a/x3.png | cmp - f/a/x3.input.png >differs 2>&1
ok 'its images are kept' test ! -s differs
gzip f/a/*.cls
tar -cf zipped.tar -C f --sort=name a
run mc-pack -o own.tar zipped.tar
is_rc 0 'labels that are compressed'
is_err 'are not read, which is said' <<'EOF2'
mc-pack: zipped.tar: no label was found for 5 images, such as that of member "a/x0.cls.gz": write labels to KEY.cls, or as "label" to KEY.json
EOF2
run mc-embed --backbone resnet18 --weights random -o x.tar zipped.tar
ok 'also where features are computed' grep -q 'no label was found for 5 images' err
mc-pack -q --skip-bad -o left.tar bad.tsv
run mc-pack -o x.tar left.tar
is_err 'what was left out before is said' <<'EOF2'
mc-pack: left.tar: 1 image was left out when this was packed
EOF2
run mc-pack --depth 16 -o y.tar one.tar
fails 2 "mc-pack: --depth 16: only with a manifest $see" \
    '--depth 16 needs the files themselves'
head -c 5000 one.tar >cut.tar
run mc-pack -o y.tar cut.tar
ok 'a tar that was cut is refused' grep -q '^mc-pack: cut.tar: damaged or cut off' err
ok 'nothing is left' test ! -e y.tar

done_testing
