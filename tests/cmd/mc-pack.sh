#!/bin/sh
# mc-pack: the tar is the manifest and the files' own bytes; what is bad is
# named, and left out only when asked.
. "$abs_srcdir/tests/tap.sh"

common_behaviour mc-pack

# An image made of nothing but printf: a PNG of one grey pixel.
png() {
	printf '\211PNG\015\012\032\012\000\000\000\015IHDR\000\000\000\001\000\000\000\001\010\000\000\000\000\072\176\233U'
	printf '\000\000\000\012IDATx\332c\050\007\000\000y\000x\376\273\233s\000\000\000\000IEND\256B\140\202'
}
mkdir -p 'im ages/a'
png >'im ages/a/1.png'
png >'im ages/a/2.jpg'
head -c 40 'im ages/a/1.png' >'im ages/cut.png'
echo hello >'im ages/text.png'
printf 'id\tpath\tlabel\n' >m.tsv
printf 'a/1 \303\251\tim ages/a/1.png\tx\n' >>m.tsv
printf 'a.2\tim ages/a/2.jpg\ty\n' >>m.tsv

run mc-pack m.tsv
is_rc 0 'two images are packed'
run mc-pack --depth 16 m.tsv
is_err '--depth 16 without DICOM' <<'EOT'
mc-pack: --depth 16: no image is grey DICOM, so it does nothing
EOT
run mc-pack m.tsv
on_terminal mc-pack m.tsv
cp out images.tar
tar -tf images.tar >names
is_file names 'members are named by id and kind' <<'EOF'
__manifest__
a/1%20%C3%A9.png
a%2E2.png
__end__
EOF
tar -xOf images.tar __manifest__ >manifest
ok 'the manifest is the first member' cmp manifest m.tsv
tar -xOf images.tar 'a%2E2.png' >one
ok 'an image is the file, byte for byte' cmp one 'im ages/a/2.jpg'
tar -xOf images.tar __end__ | grep -v sha256 >end
is_file end 'the end counts' <<'EOF'
key	value
format	1
images	2
EOF
run mc-pack --threads 1 -o again.tar - <m.tsv
ok 'one thread or many, a file or a pipe: the same bytes' \
    cmp images.tar again.tar
(cd 'im ages' && sed 's/im ages.//' ../m.tsv | mc-pack >../base.tar)
sed 's/im ages.//' m.tsv >rel.tsv
run mc-pack --base 'im ages' -o base2.tar rel.tsv
ok '--base' cmp base.tar base2.tar

# The sha256 column is what mc-split keeps copies together by.
sum=$(sha256sum <'im ages/a/1.png' | cut -d ' ' -f 1)
printf 'id\tpath\tsha256\n1\tim ages/a/1.png\t%s\n' "$sum" >sums.tsv
printf '2\tim ages/changed.png\t%s\n3\tim ages/a/2.jpg\t\n' "$sum" >>sums.tsv
cp 'im ages/a/1.png' 'im ages/changed.png'
run mc-pack -o sums.tar sums.tsv
is_rc 0 'files that have the digests of their rows'
echo >>'im ages/changed.png'
run mc-pack --skip-bad -o changed.tar sums.tsv
fails 1 "mc-pack: sums.tsv:3: im ages/changed.png: its SHA-256 is not the manifest's: it changed since it was indexed: make the manifest again (mc-index, mc-split)" \
    'a file that changed is refused, with --skip-bad too'
ok 'and nothing is left' test ! -e changed.tar
sed "s/$sum/$(echo "$sum" | tr a-f A-F)/" sums.tsv >upper.tsv
cp 'im ages/a/1.png' 'im ages/changed.png'
run mc-pack -o upper.tar upper.tsv
is_rc 0 'digits of either case'
printf 'id\tpath\np\telsewhere/p.png\n' >lost.tsv
run mc-pack lost.tsv
fails 1 'mc-pack: lost.tsv:2: elsewhere/p.png: No such file or directory (paths are relative to where mc-pack runs, or to --base DIR; --skip-bad leaves such images out)' \
    'mc-pack runs in another folder than mc-index did'
printf 'id\tpath\np\t/nowhere/p.png\n' >lost.tsv
run mc-pack lost.tsv
fails 1 'mc-pack: lost.tsv:2: /nowhere/p.png: No such file or directory (--skip-bad leaves such images out)' \
    'an absolute path'
mkfifo 'im ages/pipe'
printf 'id\tpath\np\tim ages/pipe\n' >pipe.tsv
run mc-pack pipe.tsv
fails 1 'mc-pack: pipe.tsv:2: im ages/pipe: not a regular file: a pipe or a device (--skip-bad leaves such images out)' \
    'a pipe is not waited for'
printf '<html>' >'im ages/page.png'
printf 'id\tpath\np\tim ages/page.png\n' >page.tsv
run mc-pack page.tsv
fails 1 'mc-pack: page.tsv:2: im ages/page.png: an HTML page, which mctools does not read: download the file again, logged in where that is needed (--skip-bad leaves such images out)' \
    'a file that is something else is called by its name'

# --- 16 bits, several frames --------------------------------------------------
# png16 FILE VALUES: a row of $depth-bit grey; $chunk between IHDR and IDAT.
depth=16
png16() {
	perl -MCompress::Zlib -e '
	    sub chunk { pack("N", length $_[1]) . $_[0] . $_[1] .
	        pack("N", crc32($_[0] . $_[1])) }
	    open F, ">", shift; binmode F; my $more = shift; my $depth = shift;
	    print F "\x89PNG\r\n\x1a\n", chunk("IHDR", pack("NNC5",
	        scalar @ARGV, 1, $depth, 0, 0, 0, 0)),
	        $more eq "" ? "" : chunk(substr($more, 0, 4),
	        pack("H*", substr($more, 4))),
	        chunk("IDAT", compress(pack($depth == 8 ? "CC*" : "Cn*", 0,
	        @ARGV))),
	        chunk("IEND", "");' "$1" "$chunk" $depth $2
}
chunk=
png16 twelve.png '0 100 4095'
png16 ten.png '1 1023'
png16 dark.png '0 16383'
png16 full.png '0 16384'
printf 'id\tpath\n1\tfull.png\n2\tten.png\n3\ttwelve.png\n4\tim ages/a/1.png\n' >wide.tsv
run mc-pack -v -o wide.tar wide.tsv
is_err 'images that use few of 16 bits are counted' <<'EOF'
mc-pack: 2 of 3 16-bit images use 12 bits at most, and so are dark (the brightest pixel is 15 of 255): ten.png and others: pack with --bits 12 if that is how they are stored
mc-pack: packed 4 images, left out 0
EOF
printf 'id\tpath\n1\tfull.png\n2\tdark.png\n' >dark.tsv
run mc-pack -o dark.tar dark.tsv
is_err 'up to a quarter of the range' <<'EOF'
mc-pack: 1 of 2 16-bit images uses 14 bits at most, and so is dark (the brightest pixel is 63 of 255): dark.png: pack with --bits 14 if that is how they are stored
EOF
sed 2d wide.tsv >narrow.tsv
run mc-pack --bits 12 -o bits.tar narrow.tsv
ok '--bits is obeyed, without a word' test $rc -eq 0 -a ! -s err
tar -xOf bits.tar __manifest__ >manifest
is_file manifest 'and stands in the manifest of the tar' <<'EOF'
id	path	bits
2	ten.png	12
3	twelve.png	12
4	im ages/a/1.png	12
EOF
run mc-pack --bits 11 narrow.tsv
ok 'a sample of more bits is an error' grep -q \
    '^mc-pack: narrow.tsv:3: twelve.png: a sample of 4095 does not fit the 11 bits that the images are said to hold (' err
tar -xOf bits.tar __manifest__ | sed 's/12$/auto/;4s/auto//' >own.tsv
run mc-pack -o own.tar own.tsv
is_rc 0 'the column of the manifest itself'
run mc-pack --bits 12 own.tsv
fails 1 'mc-pack: own.tsv:1: a column "bits" already: leave out --bits or the column' \
    'not both'
sed 's/auto/deep/' own.tsv >deep.tsv
run mc-pack deep.tsv
fails 1 'mc-pack: deep.tsv:2: ten.png: bits: neither "auto" nor a number from 1 to 16: "deep" is not a whole number (--skip-bad leaves such images out)' \
    'a word that is none'
for bits in 0 17 x ''; do
	run mc-pack --bits "$bits" narrow.tsv
	fails 2 'mc-pack: --bits: a number from 1 to 16, or auto (see mc-pack --help)' \
	    "--bits '$bits'"
done
# A network sees the same, whether 12 bits are scaled by us or beforehand.
png16 see16.png '0 160 1600 4095 800'
depth=8
png16 see8.png '0 10 100 255 50'
depth=16
embed() {
	mc-embed -q --backbone resnet18 --weights random --resize 32 \
	    --crop 32 "$@" | sed 1d | tr '\t' '\n' | tail -n 512
}
printf 'id\tpath\tbits\na\tsee8.png\t\n' | mc-pack -o see8.tar
printf 'id\tpath\tbits\na\tsee16.png\t12\n' | mc-pack -o see16.tar
printf 'id\tpath\tbits\na\tsee16.png\t\n' | mc-pack -q -o dark.tar
if built mc-embed; then
	embed see8.tar >a
	embed see16.tar >b
	embed dark.tar >c
	ok 'what reads the tar decodes by the column bits' sh -c '
	    test "$(wc -l <a)" -eq 512 && cmp a b && ! cmp -s a c'
fi
chunk=acTL0000000300000000
png16 moving.png '0 65535'
printf 'id\tpath\n1\tmoving.png\n' >moving.tsv
run mc-pack -o moving.tar moving.tsv
is_err 'several frames are said' <<'EOF'
mc-pack: 1 image has several pages or frames, of which the first is used: moving.png
EOF

printf 'bad\tim ages/cut.png\tx\n' >>m.tsv
printf 'worse\tim ages/text.png\tx\n' >>m.tsv
printf 'none\tim ages/none.png\tx\n' >>m.tsv
run mc-pack -o bad.tar m.tsv
ok 'a bad image is an error with its place' \
    grep -q '^mc-pack: m.tsv:4: im ages/cut.png: .*(--skip-bad leaves such images out)$' err
is_rc 1 'a bad image is a failure'
ok 'no output is left' test ! -e bad.tar
run mc-pack --skip-bad -o bad.tar m.tsv
is_rc 0 '--skip-bad goes on'
ok 'and names each' test "$(grep -c '^mc-pack: left out: im ages/' err)" -eq 3
tar -xOf bad.tar __end__ | grep -v sha256 >end
is_file end 'and records the ids' <<'EOF'
key	value
format	1
images	2
skipped	bad
skipped	worse
skipped	none
EOF
sed -n '1p;4,$p' m.tsv >only-bad.tsv
run mc-pack -q --skip-bad only-bad.tsv
is_rc 1 'not one good image is a failure'

run mc-pack no.tsv
fails 1 'mc-pack: no.tsv: No such file or directory' 'a missing manifest'
: >empty.tsv
run mc-pack empty.tsv
fails 1 'mc-pack: empty.tsv: empty: not even a header line' 'an empty one'
printf 'id\tpath\n' >header.tsv
run mc-pack header.tsv
fails 1 'mc-pack: header.tsv: a header, but no rows' \
    'a header alone'
printf 'id\tlabel\na\tx\n' >nopath.tsv
run mc-pack nopath.tsv
fails 1 'mc-pack: nopath.tsv:1: no column "path"; columns are: id, label' \
    'no column path'
printf 'id\tpath\na\tim ages/a/1.png\nb\t\n' >emptypath.tsv
run mc-pack --skip-bad -o emptypath.tar emptypath.tsv
fails 1 'mc-pack: emptypath.tsv:3: column "path": empty' 'an empty path'
run mc-pack m.tsv sums.tsv
fails 2 'mc-pack: m.tsv: not a tar: give several tars, or one manifest (see mc-pack --help)' \
    'two manifests'
run mc-pack images.tar -
fails 2 'mc-pack: standard input: tars are read twice, and so from files only (see mc-pack --help)' \
    'a tar and standard input'
run mc-pack --threads 0 m.tsv
fails 2 'mc-pack: --threads: 0 is not between 1 and 1024 (see mc-pack --help)' \
    'no thread'

sed -n 1,3p m.tsv >good.tsv
run mc-pack -o /dev/full good.tsv
fails 1 'mc-pack: /dev/full: cannot write: No space left on device' \
    'a full disk'
ok 'which -o does not replace' test -c /dev/full
closed_pipe mc-pack good.tsv

i=0
while [ $i -lt 3000 ]; do
	printf 'x%d\tim ages/a/1.png\tx\n' $i
	i=$((i + 1))
done >many
{ sed -n 1p good.tsv; cat many; } >many.tsv
interrupted mc-pack -o outdir/x.tar --threads 1 many.tsv

done_testing
