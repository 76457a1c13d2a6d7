#!/bin/sh
# How grey levels are made travels with the images, the features and the model, and
# a mismatch is refused.
. "$abs_srcdir/tests/tap.sh"

if grep -q '^with_dcmtk = no' "$abs_builddir/Makefile"; then
	skip 'all' 'built without DCMTK'
	done_testing
fi
if ! "$PYTHON3" -c 'import nibabel, numpy, pydicom' 2>/dev/null; then
	skip 'all' 'python3-pydicom or python3-nibabel is missing'
	done_testing
fi
mkdir made
"$PYTHON3" "$abs_srcdir/tests/cmd/dicom_make.py" made || fail 'files are made'
"$PYTHON3" "$abs_srcdir/tests/image/nifti.py" make v || fail 'volumes are made'

# grey TAR: how the grey levels of its images are made.
grey() {
	tar -xOf "$1" __manifest__ | awk -F '\t' 'NR == 1 {
		for (i = 1; i <= NF; i++) if ($i == "grey_levels") c = i }
		{ print $1 "\t" (c ? $c : "-") }'
}

# rows PREFIX FILE...: files to train on and to test, with a window of their own.
rows() {
	prefix=$1
	shift
	printf 'id\tpath\tlabel\tsplit\twindow\tsha256\n'
	n=0
	for f; do
		printf '%s%s\t%s\t%s\t%s\t%s\t%s\n' "$prefix" "$n" "$f" \
		    "$(printf 'a\nb\n' | sed -n "$((n % 2 + 1))p")" \
		    "$(printf 'train\ntrain\ntest\n' | sed -n "$((n % 3 + 1))p")" \
		    "bay $n" "$(sha256sum "${f%#*}" | cut -c 1-64)"
		n=$((n + 1))
	done
}

# --- mc-pack ---
rows i made/plain.dcm made/inverted.dcm made/voi.dcm made/rgb.dcm \
    'made/frames.dcm#frame=2' made/palette.dcm 'v/two.nii#slice=axial:1' >m.tsv
for window in file auto bits 40,400 ' 4e1,400.0' -0,1; do
	mc-pack -q --window="${window# }" -o t.tar m.tsv
	echo "$window"
	grey t.tar | sed -n '2p;4,8p'
done | cut -f 2 >said
is_file said 'the column grey_levels' <<'END'
file
window:file
window:file

window:file

percentiles:1,99
auto
window:auto
window:auto

window:auto

percentiles:1,99
bits
window:bits
window:bits

window:bits

percentiles:1,99
40,400
window:40,400
window:40,400

window:40,400

percentiles:1,99
 4e1,400.0
window:40,400
window:40,400

window:40,400

percentiles:1,99
-0,1
window:0,1
window:0,1

window:0,1

percentiles:1,99
END
mc-pack -q --percentiles 0.5,1e2 -o t.tar m.tsv
grey t.tar | tail -n 1 >said
is_file said '--percentiles' <<'END'
i6	percentiles:0.5,100
END
tar -xOf t.tar __manifest__ | cut -f 5 | tail -n 1 >said
is_file said 'a column window of the user stays as it is' <<'END'
bay 6
END
head -n 5 m.tsv >some.tsv
mc-pack -q --depth 16 -o t.tar some.tsv
grey t.tar | cut -f 2 >said
is_file said '--depth 16' <<'END'
grey_levels
depth:16
depth:16
depth:16

END
mc-pack -q --resize 20 -o small.tar t.tar
tar -xOf small.tar __manifest__ | awk -F '\t' '
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i
	    if (!("value_slope" in c)) print "no column" }
	NR > 1 { print $c["value_slope"] $c["value_intercept"] }' | sort -u >said
is_file said 'a sample of 8 bits has no value' <<'END'

END
tar -xf t.tar i0.png
printf 'id\tpath\tgrey_levels\np\ti0.png\t\nq\ti0.png\twindow:file\nr\ti0.png\t17\n' >png.tsv
run mc-pack -o png.tar png.tsv
is_rc 0 'no file of a scanner'
tar -xOf png.tar __manifest__ | cmp - png.tsv >tap.log 2>&1
ok '... and the manifest is as it was' test ! -s tap.log
printf 'd\tmade/plain.dcm\t40\n' >>png.tsv
run mc-pack -o t.tar png.tsv
fails 1 'mc-pack: png.tsv:4: column "grey_levels": "17", but mc-pack writes there how grey levels are made: rename the column' \
    'a column grey_levels of the user'
mc-pack -q --window 40,400 -o w.tar m.tsv
tar -xOf w.tar __manifest__ >again.tsv
mc-pack -q --window auto -o t.tar again.tsv
grey t.tar | cut -f 2 | sort -u >said
is_file said 'files that are packed again have the new window' <<'END'

grey_levels
percentiles:1,99
window:auto
END
mc-pack -q --resize 20 --label a -o t.tar w.tar
grey t.tar >said
is_file said 'images of a tar keep what they are' <<'END'
id	grey_levels
i0	window:40,400
i2	window:40,400
i4	window:40,400
i6	percentiles:1,99
END
run mc-pack --window 40,400 --percentiles 1,99 -o t.tar w.tar
is_err 'options that do nothing to a tar' <<'END'
mc-pack: --window: no image is grey DICOM, so it does nothing
mc-pack: --percentiles: no image is a slice of NIfTI, so they do nothing
END
run mc-pack --base . -o u.tar w.tar
fails 2 'mc-pack: --base: only with a manifest: a tar has the images themselves (see mc-pack --help)' \
    'a tar has no paths'
cp made/plain.dcm 0.dcm
cp made/rgb.dcm 1.dcm
printf 0 | tee 0.cls >1.cls
tar -cf shard.tar 0.dcm 0.cls 1.dcm 1.cls
run mc-pack --window 40,400 -o t.tar shard.tar
ok 'DICOM in a foreign shard' test $rc -eq 0 -a ! -s err
grey t.tar >said
is_file said '... says so, too' <<'END'
id	grey_levels
0	window:40,400
1	
END
mc-split -q --ratio train=80,test=20 again.tsv | cut -f 1,5,7-8 >said
cut -f 1,5,7-8 again.tsv | cmp - said >tap.log 2>&1
ok 'mc-split passes the column' test ! -s tap.log
printf 'name,grey_levels\nplain,window:file\n' >join.csv
mkdir ix ix/A
cp made/plain.dcm ix/A
mc-index -q --keep-ids --join join.csv --key name ix | mc-pack -q \
    --window bits -o t.tar 2>err
grey t.tar >said
is_file said 'a column of --join is that column' <<'END'
id	grey_levels
A/plain	window:bits
END

built mc-train || done_testing

# --- Models ---
# train OUTPUT TAR...
train() {
	to=$1
	shift
	run mc-train --backbone resnet18 --weights random --regime frozen \
	    --select last --epochs 1 -o "$to" "$@"
}
# how MODEL: its keys grey_levels.
how() {
	tar -xOf "$1" __model__ | sed -n 's/^grey_levels	//p'
}
only="made/plain.dcm made/inverted.dcm made/voi.dcm made/slope.dcm made/exact.dcm
    made/sigmoid.dcm"
# shellcheck disable=SC2086
rows i $only >m.tsv
mc-pack -q --window file -o file.tar m.tsv
mc-pack -q --window 40,400 -o w.tar m.tsv
mc-pack -q --depth 16 -o d.tar m.tsv
for t in file w d; do
	train $t.model $t.tar
	is_rc 0 "a model of $t.tar"
	how $t.model
done >messages.tap
grep -E '^(not )?ok|^#' messages.tap
grep -vE '^(not )?ok|^#' messages.tap >said
is_file said 'says how grey levels were made' <<'END'
window:file
window:40,400
depth:16
END
for t in file w d; do
	run mc-predict --model $t.model -o p.tsv $t.tar
	ok "$t: the same is silent" test $rc -eq 0 -a ! -s err
done
run mc-predict --model w.model -o no.tsv file.tar
fails 1 'mc-predict: file.tar: id "i2": its grey levels are made by window:file, those of the training by window:40,400: pack the images with mc-pack --window=40,400, or give --allow-other-levels to predict them as they are' \
    'another window'
ok '... and no table' test ! -e no.tsv
run mc-predict --model d.model -o no.tsv w.tar
fails 1 'mc-predict: w.tar: id "i2": its grey levels are made by window:40,400, those of the training by depth:16: pack the images with mc-pack --depth=16, or give --allow-other-levels to predict them as they are' \
    'another depth'
mc-pack -q --depth=16 -o again.tar m.tsv
run mc-predict --model d.model -o p.tsv again.tar
ok 'the advice helps' test $rc -eq 0 -a ! -s err
run mc-predict --allow-other-levels --model w.model -o p.tsv file.tar
is_rc 0 '--allow-other-levels'
is_err '... with a word' <<'END'
mc-predict: file.tar: images predicted whose grey levels are made by window:file, not by window:40,400, as those of the training: 2
END
# --- Features ---
for t in file w; do
	mc-embed -q --backbone resnet18 --weights random -o $t.features.tar $t.tar
done
run mc-predict --model w.model -o no.tsv file.features.tar
ok 'features of another window' grep -q \
    '^mc-predict: file.features.tar: id "i2": its grey levels are made by window:file, those of the training by window:40,400: ' err
is_rc 1 '... are refused'
run mc-predict --model w.model -o p.tsv w.features.tar
ok 'of the same, silent' test $rc -eq 0 -a ! -s err
run mc-train -q --regime frozen --select last --epochs 1 -o x.model w.features.tar
how x.model >said
is_file said 'a model of features says it, too' <<'END'
window:40,400
END

# --- Images and models that do not say it ---
mkdir png
tar -C png -xf file.tar
# shellcheck disable=SC2046
rows i $(ls png/i*.png) >png.tsv
mc-pack -q -o png.tar png.tsv
train png.model png.tar
ok 'ordinary PNG: nothing is recorded' test -z "$(how png.model)"
run mc-predict --model png.model -o p.tsv png.tar
ok '... and nothing said' test $rc -eq 0 -a ! -s err
run mc-predict --model w.model -o p.tsv png.tar
is_rc 0 'a tar that does not say it'
is_err '... is a warning' <<'END'
mc-predict: png.tar: images predicted that do not say how their grey levels are made: 2; those of the training are made by window:40,400
END
run mc-predict --model png.model -o p.tsv w.tar
is_rc 0 'a model that does not say it'
is_err '... is a warning' <<'END'
mc-predict: w.tar: images predicted whose grey levels are made by window:40,400: 2; the model does not say how those of the training are
END
awk -F '\t' 'BEGIN { OFS = "\t" }
	{ print $0, NR == 1 ? "grey_levels" : "window:40.0,+400." }' png.tsv |
    mc-pack -q -o spelled.tar
run mc-predict --model w.model -o p.tsv spelled.tar
ok 'PNG made elsewhere: 40.0 is 40' test $rc -eq 0 -a ! -s err
awk -F '\t' 'BEGIN { OFS = "\t" }
	{ print $0, NR == 1 ? "grey_levels" : NR + 1 }' png.tsv | mc-pack -q -o own.tar
train own.model own.tar
run mc-predict --model own.model -o p.tsv own.tar
ok 'a column grey_levels for something else is passed through' test \
    $rc -eq 0 -a ! -s err -a -z "$(how own.model)"

# --- Several tars, and several ways in one ---
sed 's/^i\([0-9]\)/j\1/' m.tsv | mc-pack -q --window=-600,1500 -o j.tar
sed 's/^i\([0-9]\)/k\1/' m.tsv | mc-pack -q --window 40,400 -o k.tar
train x.model w.tar k.tar
is_rc 0 'tars of one window'
for program in 'mc-train --backbone resnet18 --weights random --regime frozen' \
    'mc-embed --backbone resnet18 --weights random' mc-pack \
    'mc-predict --model png.model'; do
	name=${program%% *}
	rm -f x.out
	# shellcheck disable=SC2086
	run $program -o x.out w.tar j.tar
	is_rc 1 "$name: tars of two windows"
	grep '^mc.* id "' err >said
	is_file said '... are refused' <<-END
	$name: j.tar: id "j0": its grey levels are made by window:-600,1500, those of a tar before it by window:40,400: pack this tar with mc-pack --window=40,400, or give --allow-other-levels
	END
	ok '... and nothing is written' test ! -e x.out
	case $name in mc-train) program="$program --select last --epochs 1" ;; esac
	# shellcheck disable=SC2086
	run $program --allow-other-levels -o x.out w.tar j.tar
	is_rc 0 "$name --allow-other-levels"
	case $name in mc-train)
		ok '... says so' grep -q \
		    '^mc-train: the grey levels of the images are made in several ways: window:-600,1500, window:40,400$' err
		mv x.out two.model ;;
	mc-pack) mv x.out two.tar ;;
	esac
done
train both.model two.tar
for m in two both; do
	how $m.model >said
	is_file said "$m.model: a set" <<-'END'
	window:-600,1500
	window:40,400
	END
	for t in two w j; do
		run mc-predict --split all --skip-seen --model $m.model \
		    --allow-other-levels -o p.tsv $t.tar
		ok "... which has those of $t.tar" sh -c \
		    "[ $rc -eq 0 ] && ! grep 'grey levels' err"
	done
done
run mc-predict --model both.model -o p.tsv file.tar
ok 'and not the window of the files' grep -q \
    ' made by window:file, those of the training by window:-600,1500, window:40,400: pack ' err
# shellcheck disable=SC2086
rows i $only 'v/two.nii#slice=axial:1' 'v/two.nii#slice=axial:2' made/rgb.dcm |
    mc-pack -q --window 40,400 --shards 2 -o 'set-%d.tar'
train x.model set-0.tar set-1.tar set-2.tar set-3.tar set-4.tar
is_rc 0 'shards with DICOM, NIfTI and colours'
how x.model >said
is_file said 'all are recorded' <<'END'
percentiles:1,99
window:40,400
END
run mc-predict --model x.model -o p.tsv w.tar
ok 'DICOM alone is one of them' test $rc -eq 0 -a ! -s err
run mc-predict --model w.model --split all --skip-seen -o no.tsv set-3.tar
fails 1 'mc-predict: set-3.tar: id "i6": its grey levels are made by percentiles:1,99, those of the training by window:40,400: give --allow-other-levels to predict them as they are' \
    'NIfTI and a model of DICOM'

# --- Real files ---
if have_real dicom 'real DICOM'; then
	(cd "$real/dicom" && ls -d "$PWD"/MR_small.dcm "$PWD"/CT_small.dcm \
	    "$PWD"/JPEG2000.dcm "$PWD"/MR_small_RLE.dcm "$PWD"/693_J2KI.dcm \
	    "$PWD"/MR_small_expb.dcm) >files
	# shellcheck disable=SC2046
	rows i $(cat files) >real.tsv
	mc-pack -q --window 40,400 -o r.tar real.tsv
	mc-pack -q -o rf.tar real.tsv
	train r.model r.tar
	run mc-predict --model r.model -o p.tsv r.tar
	is_rc 0 'real DICOM, one window'
	run mc-predict --model r.model -o no.tsv rf.tar
	ok 'real DICOM, another window' grep -q \
	    '^mc-predict: rf.tar: id "i2": its grey levels are made by window:file, ' err
fi
done_testing
