#!/bin/sh
# mc-index --left-out: the flow of a study from the folder to the tar.
. "$abs_srcdir/tests/tap.sh"

see='(see mc-index --help)'
mc-phantom --task dermoscopy --patients 11 --size 40 -o mole
rm mole/truth.tsv
cd mole || exit 1
find . -name '*.png' | sort | sed 's,^\./,,' >../all
cd .. || exit 1
n=$(wc -l <all)
# nth N: the N-th image below mole.
nth() { sed -n "$1p" all; }

# --- One row for each reason ------------------------------------------------------
class=$(nth 1 | sed 's,/.*,,')
echo x >mole/README
echo x >"mole/$class/.DS_Store"
printf '....ftypheic%060d' 1 >"mole/$class/scan.heic"
: >"mole/$class/empty.png"
ln -s .. "mole/$class/up"
mkfifo "mole/$class/pipe"
cp "mole/$(nth 1)" "mole/$class/a_mask.png"
echo x >"mole/$class/a_mask.txt"
head -c 200 "mole/$(nth 2)" >"mole/$class/cut.png"
{
	echo image,patient,dx
	sed '3d' all | awk '{ print $0 ",p" int(NR / 2) "," (NR % 2 ? "x" : "y") }'
	echo "$class/cut.png,p0,x"
	echo "$class/a_mask.png,p0,x"
	echo "gone.png,p99,x"
	sed -n 4p all | sed 's/$/2,p50,z/'
} >meta.csv
cp "mole/$(nth 4)" "mole/$(nth 4)2"
run mc-index --exclude '*_mask*' --join meta.csv --key image --label dx \
    --group-column patient --unmatched skip --classes x,y --left-out left.tsv \
    -o m.tsv mole
is_rc 0 '--left-out'
base=$(nth 4)
is_file left.tsv 'lists each file with its reason' <<END
program	id	path	label	group	reason	images
mc-index		mole/$class/.DS_Store			hidden file or folder	0
mc-index		mole/$class/pipe			pipe, socket or device	0
mc-index		mole/$class/up			link to a folder that contains it	0
mc-index		mole/README			not an image	0
mc-index		mole/$class/empty.png			not an image in spite of its name	1
mc-index		mole/$class/scan.heic			image of a kind that is not read: HEIF or AVIF	1
mc-index		mole/$class/a_mask.png			--exclude *_mask*	1
mc-index		mole/$class/a_mask.txt			--exclude *_mask*	0
mc-index	$(nth 3 | sed 's/\.png$//')	mole/$(nth 3)			no row in meta.csv	1
mc-index	gone.png			p99	no image for its row in meta.csv	1
mc-index	${base}2	mole/${base}2	z	p50	class not in --classes	1
END
run mc-pack -q --skip-bad --left-out packed.tsv -o x.tar m.tsv
is_rc 0 'a damaged image is left out later'
run mc-describe --left-out left.tsv --left-out packed.tsv m.tsv
cp out flow.tsv
awk -F '\t' '{ print $1 "\t" $2 "\t" $3 "\t" $5 }' out >counts
found=$((n + 6))
is_file counts 'the flow from folder to tar' <<END
program	reason	images	images_left
	found	$found	$found
mc-index	hidden file or folder	0	$found
mc-index	pipe, socket or device	0	$found
mc-index	link to a folder that contains it	0	$found
mc-index	not an image	0	$found
mc-index	not an image in spite of its name	1	$((found - 1))
mc-index	image of a kind that is not read: HEIF or AVIF	1	$((found - 2))
mc-index	--exclude *_mask*	1	$((found - 3))
mc-index	--exclude *_mask*	0	$((found - 3))
mc-index	no row in meta.csv	1	$((found - 4))
mc-index	no image for its row in meta.csv	1	$((found - 5))
mc-index	class not in --classes	1	$((found - 6))
mc-pack	truncated or damaged PNG	1	$((found - 7))
END
awk -F '\t' '$3 == 0 { print $2 "\t" $7 "\t" ($4 "" == "0") }' flow.tsv >others
is_file others 'files that are no images count as files, and lose no patient' <<'END'
hidden file or folder	1	1
pipe, socket or device	1	1
link to a folder that contains it	1	1
not an image	1	1
--exclude *_mask*	1	1
END
cut -f 1,3 m.tsv >pathless.tsv
run mc-describe --left-out left.tsv pathless.tsv
ok 'without paths the other files are counted alone' test "$(awk -F '\t' \
    'NR > 1 && $7 != "" { printf "%s %s %s,", $3, $7, $8 }' out)" = \
    '0 1 ,0 1 ,0 1 ,0 1 ,0 1 ,'
ok 'what remains is in the tar' test "$(tar -tf x.tar | grep -vc '^__')" -eq \
    $((found - 7))
patients=$(tar -xOf x.tar __manifest__ | awk -F '\t' -v cut="$class/cut" '
    NR > 1 && $1 != cut && !seen[$4]++ { n++ } END { print n }')
ok 'with its patients' test "$(tail -n 1 flow.tsv | cut -f 6)" -eq "$patients"

# --- The class and the patient of a file that is left out ------------------------------
run mc-index -q --exclude '*_mask*' --group '[^/]*$' \
    --left-out left.tsv mole
is_rc 0 'groups by an expression'
ok 'a file that was meant as an image has a label and a group' grep -q \
    "^mc-index		mole/$class/a_mask.png	$class	a_mask.png	--exclude " left.tsv
ok 'another has none' grep -q \
    "^mc-index		mole/README			not an image	0$" left.tsv

for file in 'empty.png	not an image in spite of its name' \
    'scan.heic	image of a kind that is not read: HEIF or AVIF'; do
	name=${file%%	*}
	ok "$name has, which was called an image" grep -qx \
	    "mc-index		mole/$class/$name	$class	$name	${file#*	}	1" left.tsv
done
run mc-index -q --exclude "$class/a_mask.png" --left-out left.tsv mole
ok 'a pattern with the folders' grep -q \
    "	mole/$class/a_mask.png	$class		--exclude $class/a_mask.png	1$" left.tsv
run mc-index -q --include "*/*.png" --left-out left.tsv mole
ok 'what no pattern includes' grep -q \
    "	mole/$class/scan.heic	$class		not in --include	1$" left.tsv
ok 'unless it is no image' grep -q "	mole/$class/a_mask.txt	.*	not in --include	0$" left.tsv
mkdir -p twin/twin
cp -r "mole/$(dirname "$(nth 1)")" twin/one
rm twin/one/pipe twin/one/up
cp -r twin/one twin/two
cp -r twin/one twin/two twin/twin
run mc-index -q --exclude '*.heic' --left-out left.tsv -o twin.tsv twin
is_rc 0 'a folder that holds a copy of itself'
ok 'the files of the copy have no class' grep -qx \
    "mc-index		twin/twin/one/$(basename "$(nth 1)")			in a second copy of the folder	1" left.tsv
ok 'but the images of it are images' test "$(awk -F '\t' '
    /second copy/ { n[$7] += ($3 ~ /txt$/) == ($7 == 0) } /second copy/ { all++ }
    END { print all == n[0] + n[1], n[0] }' left.tsv)" = '1 2'
mkdir uids
cp "mole/$(nth 1)" uids/1.2.840.10008.77
cp "mole/$(nth 1)" uids/IM0001
cp "mole/$(nth 1)" uids/keep.png
run mc-index -q --exclude '1.*' --exclude 'IM*' --left-out left.tsv -o uids.tsv uids
ok 'a name like those of DICOM files may be an image' test \
    "$(grep -c '	1$' left.tsv)" -eq 2

# --- Both outputs or none --------------------------------------------------------------
rm left.tsv
run mc-index -q --left-out left.tsv -o no/m.tsv mole
ok 'no list without the manifest' test $rc -eq 1 -a ! -e left.tsv
run mc-index -q --left-out no/left.tsv -o new.tsv mole
ok 'no manifest without the list' test $rc -eq 1 -a ! -e new.tsv
run mc-index --left-out - mole
fails 2 "mc-index: --left-out and --output cannot both go to standard output $see" \
    'each needs its own place'

# --- Patterns, and groups that join two patients ------------------------------------------
run mc-index -q --exclude "./$class/" mole
ok 'a folder may be written with ./ and a slash' test "$(grep -c "$class/" out)" -eq 0
mkdir -p pair/a pair/b
for f in a/a1 a/a2 b/b1 b/b2; do cp "mole/$(nth 1)" pair/$f.png; done
run mc-index --group '[0-9]+' --group-from name pair
ok 'a number of two folders is one patient, with a warning' grep -qxF \
    'mc-index: group "1" has files of several folders whose names differ just before the match: pair/a/a1.png and pair/b/b1.png (2 such groups): if these are two patients, let --group match more of the path' err
ok 'and a count' grep -q '; 2 groups of 2 images, 2 in several folders$' err
mv pair/b/b1.png pair/b/a1-2.png
mv pair/b/b2.png pair/b/a2b.png
run mc-index --group '[0-9]+' --group-from name pair
ok 'images of one patient in two folders are counted alone' test \
    "$(grep -c 'just before' err)" -eq 0 -a "$(grep -c ', 2 in several' err)" -eq 1

# --- mc-split leaves out none ------------------------------------------------------------
sed 1d m.tsv | cut -f 1 | sort >ids
for how in '--ratio train=7,test=1' '--counts train,test=2' '--folds 2' \
    '--leave-out group' '--hash --ratio train=1,test=1' '--keep all'; do
	# shellcheck disable=SC2086
	mc-split -q $how m.tsv 2>err | sed 1d | cut -f 1 | sort >got
	ok "mc-split $how" cmp ids got
done
for how in '--check' '--keep all' '--leave-out group'; do
	# shellcheck disable=SC2086
	run mc-split $how --seed 2 m.tsv
	fails 2 "mc-split: --seed has no effect on ${how% group}, which draws nothing (see mc-split --help)" \
	    "$how with --seed"
done

# --- Other files where a table is expected ---------------------------------------------------
image="mole/$(nth 1)"
gzip -c m.tsv >m.gz
for p in mc-split mc-describe mc-phash; do
	case $p in mc-split) how=--check ;; *) how=-q ;; esac
	run "$p" $how "$image"
	fails 1 "$p: $image: PNG, not a table: mc-index makes the manifest of a folder of images" \
	    "$p: an image"
	run "$p" $how m.gz
	fails 1 "$p: m.gz: gzip, not a table: unpack it" "$p: gzip"
done
run mc-describe x.tar
fails 1 'mc-describe: x.tar: a tar, not a table: tar -xOf FILE __manifest__ prints the manifest of an image tar' \
    'an image tar'

# --- Pairs of equal images ---------------------------------------------------------------------
awk 'BEGIN { print "id\tpath\tlabel\tgroup\tsplit\tphash"
	for (i = 0; i < 600; i++)
		print i "\tx\ta\t" i "\t" (i % 3 ? "train" : "test") "\t0123456789abcdef" }' >same.tsv
run mc-split --check --near 0 same.tsv
is_rc 0 'pairs of equal images'
ok 'are as many as the images' test "$(wc -l <out)" -eq 600
ok 'each of which is in one' test "$(sed 1d out | cut -f 2,3 | tr '\t' '\n' |
    sort -u | wc -l)" -eq 600
ok 'and the others are counted' grep -qF ': 79401 further pairs are not listed' err

done_testing
