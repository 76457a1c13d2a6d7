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
fails 1 "mc-pack: sums.tsv:3: im ages/changed.png: its SHA-256 is not the manifest's: it changed since it was indexed: make the manifest anew (mc-index, mc-split)" \
    'a file that changed is refused, with --skip-bad too'
ok 'and nothing is left' test ! -e changed.tar
sed "s/$sum/$(echo "$sum" | tr a-f A-F)/" sums.tsv >upper.tsv
cp 'im ages/a/1.png' 'im ages/changed.png'
run mc-pack -o upper.tar upper.tsv
is_rc 0 'digits of either case'
mkfifo 'im ages/pipe'
printf 'id\tpath\np\tim ages/pipe\n' >pipe.tsv
run mc-pack pipe.tsv
fails 1 'mc-pack: pipe.tsv:2: im ages/pipe: not a regular file: a pipe or a device (--skip-bad leaves such images out)' \
    'a pipe is not waited for'
printf '<html>' >'im ages/page.png'
printf 'id\tpath\np\tim ages/page.png\n' >page.tsv
run mc-pack page.tsv
fails 1 'mc-pack: page.tsv:2: im ages/page.png: an HTML page, not a JPEG, PNG, TIFF or WebP image: download the file again, logged in where that is needed (--skip-bad leaves such images out)' \
    'a file that is something else is called by its name'

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
fails 1 'mc-pack: header.tsv: a header and no row: there is no image in it' \
    'a header alone'
printf 'id\tlabel\na\tx\n' >nopath.tsv
run mc-pack nopath.tsv
fails 1 'mc-pack: nopath.tsv:1: no column "path"; there are: id, label' \
    'no column path'
printf 'id\tpath\na\tim ages/a/1.png\nb\t\n' >emptypath.tsv
run mc-pack --skip-bad -o emptypath.tar emptypath.tsv
fails 1 'mc-pack: emptypath.tsv:3: column "path": empty' 'an empty path'
run mc-pack a b
fails 2 'mc-pack: one manifest at a time (see mc-pack --help)' 'two manifests'
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
