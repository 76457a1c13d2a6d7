#!/bin/sh
# A machine that runs short of descriptors or memory ends a run: what is skipped is
# what is wrong with a file.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

# limited KIND N COMMAND...: it runs with the limit, as `run` does.
limited() {
	limit_kind=$1
	limit_n=$2
	shift 2
	# shellcheck disable=SC3045
	(ulimit "$limit_kind" "$limit_n" && exec "$@") >out 2>err
	rc=$?
}

# whole_or_not FILE: the last run made the FILE that is in FILE.want, or none.
whole_or_not() {
	if [ "$rc" -eq 0 ]; then cmp -s "$1" "$1.want" && [ ! -s err ]
	else [ ! -e "$1" ] && ! grep -q 'left out\|not hashed\|skipped' err; fi
}

# few_files MESSAGE COMMAND...: with few descriptors it fails, once by MESSAGE, or
# writes what it always writes.
few_files() {
	few_message=$1
	shift
	"$@" >whole 2>whole.err
	bad=0 named=0 n=3 rc=1
	while [ "$rc" -ne 0 ] && [ $n -lt 40 ]; do
		n=$((n + 1))
		limited -n $n "$@"
		if [ "$rc" -eq 0 ]; then
			cmp -s out whole && cmp -s err whole.err
		else
			[ ! -s out ] && ! grep -q 'not hashed\|skipped' err
		fi || bad=$((bad + 1))
		! grep -Fqx "$few_message" err || named=$((named + 1))
	done
	ok "$1: with few descriptors all or nothing" \
	    test "$rc" -eq 0 -a $bad -eq 0 -a $named -gt 0
}

# --- Descriptors -----------------------------------------------------------------
# A volume needs two of them at a time, an image one.
mc-phantom --task glioma --patients 2 --size 16 -o scans 2>/dev/null
find scans -name '*.nii.gz' | sort | head -n 1 >name
read -r nii <name
mkdir -p volumes
cp "$nii" volumes/one.nii.gz
mc-index --slices axial:4 volumes >volumes.tsv 2>err
if ! grep -q 'built without NIfTI' err; then
	printf 'id\tpath\na\tvolumes/one.nii.gz#slice=axial:4\n' >m.tsv
	mc-pack -q -o t.tar.want m.tsv
	bad=0 named=0
	for n in 4 5 6 7 8 9 10 11 12 13 14 15; do
		rm -f t.tar
		limited -n $n mc-pack -q --skip-bad --threads 1 -o t.tar m.tsv
		whole_or_not t.tar || bad=$((bad + 1))
		! grep -q '^mc-pack: m.tsv:2: .*Too many open files$' err ||
		    named=$((named + 1))
	done
	ok "mc-pack --skip-bad: few descriptors leave no slice out" \
	    test $bad -eq 0 -a $named -gt 0
	few_files 'mc-phash: m.tsv:2: volumes/one.nii.gz: Too many open files' \
	    mc-phash --skip-bad --threads 1 m.tsv
	few_files 'mc-index: volumes/one.nii.gz: Too many open files' \
	    mc-index --slices axial:4 volumes
	mkdir -p pair
	cp volumes/one.nii.gz pair/a.nii.gz
	cp volumes/one.nii.gz pair/a_mask.nii.gz
	few_files 'mc-index: pair/a.nii.gz: Too many open files' \
	    mc-index --slices axial:mask --mask '*_mask*' pair
else
	skip "slices" "built without NIfTI"
fi

# --- What is a file's own ----------------------------------------------------------
make_images 6 2>/dev/null
awk -F '\t' 'NR == 1 { print "id\tpath"; next } NR < 6 { print $1 "\t" $2 }' \
    manifest.tsv >few.tsv
printf 'gone\tno/such.png\nfolder\timages\nlong\t%0300d.png\n' 0 >>few.tsv
run mc-pack --skip-bad -o few.tar few.tsv
is_rc 0 "a file that is missing, a folder, a name that is too long: left out"
ok "each with its reason" test "$(grep -c ': left out: ' err)" -eq 3

# --- Memory ------------------------------------------------------------------------
# What libvips decodes, in all amounts of memory in which the program starts.
awk -F '\t' 'NR == 1 { print "id\tpath"; next } NR == 2 { print $1 "\t" $2 }' \
    manifest.tsv >one.tsv
mc-pack -q --resize 2400 -o large.tar one.tsv
tar -xf large.tar
printf 'id\tpath\nsmall\t%s\nlarge\t%s\n' "$(tail -n 1 one.tsv | cut -f 2)" \
    "$(tar -tf large.tar | grep 'png$')" >m.tsv
mc-pack -q --encode png -o t.tar.want m.tsv
bad=0 named=0 v=60000 rc=1
while [ "$rc" -ne 0 ] && [ $v -lt 400000 ]; do
	rm -f t.tar
	limited -v $v timeout 60 mc-pack -q --skip-bad --threads 1 --encode png \
	    -o t.tar m.tsv
	whole_or_not t.tar || bad=$((bad + 1))
	! grep -q '^mc-pack: m.tsv:3: .*: no memory is left to ' err ||
	    named=$((named + 1))
	v=$((v + 2000))
done
if [ "$rc" -eq 0 ]; then
	ok "mc-pack --skip-bad: little memory leaves no image out" \
	    test $bad -eq 0 -a $named -gt 0
else
	skip "memory" "no program fits into 400 MB here"
fi

done_testing
