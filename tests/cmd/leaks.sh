#!/bin/sh
# mc-split --check on real images: how many leak if images are divided, not
# patients.
. "$abs_srcdir/tests/tap.sh"

# leak OPTION...: the percentages of seeds 1 to 5, and their mean at the end.
leak() {
	for seed in 1 2 3 4 5; do
		mc-split -q --ratio train=80,test=20 --seed $seed "$@" |
		    mc-split -v --check - 2>&1 >/dev/null |
		    sed -n 's/.* of split "test" (\(.*\) %) share a group .*/\1/p'
	done | awk '{ print; sum += $1 } END { print sum / NR }'
}
# near FILE FIGURE: whether each seed and, more closely, the mean is about FIGURE.
near() {
	awk -v wanted="$2" '{ d = $1 - wanted; d = d < 0 ? -d : d }
		d > (NR < 6 ? 3 : 1.2) { exit 1 }
		END { if (NR != 6) exit 1 }' "$1" || { cat "$1"; return 1; }
}

name="chest X-rays, divided by image: 39.6 % share a patient"
if have_real chest_xray "$name"; then
	mc-index --group 'person[0-9]+_(virus|bacteria)|(NORMAL2-)?IM-[0-9]+' \
	    -o chest.tsv "$real/chest_xray"
	leak --group id chest.tsv >figures
	ok "$name" near figures 39.6
	leak chest.tsv | tail -n 1 >mean
	ok "divided by patient, none" test "$(cat mean)" = 0
fi
name="HAM10000, divided by image: 38.6 % share a lesion"
if have_real ham10000 "$name"; then
	awk -F , 'BEGIN { OFS = "\t"; print "id", "label", "group" }
		NR > 1 { print $2, $3, $1 }' \
	    "$real/ham10000/HAM10000_metadata.csv" >ham.tsv
	leak --group id ham.tsv >figures
	ok "$name" near figures 38.6
	leak ham.tsv | tail -n 1 >mean
	ok "divided by lesion, none" test "$(cat mean)" = 0
	mc-split -q --group id --folds 5 ham.tsv |
	    mc-split --check - >out 2>err
	ok "folds of images too" grep -q \
	    '^mc-split: standard input: [0-9]* of 10015 images of the folds (3[0-9].[0-9] %) share a group with another fold$' err
fi

# Two splits without train, and rows that have none.
printf 'id\tlabel\tgroup\tsplit\n%b%b%b%b' 'a\tx\tp\tone\n' 'b\tx\tp\ttwo\n' \
    'c\tx\tq\ttwo\n' 'd\tx\tq\t\n' >two.tsv
mc-split --check two.tsv 2>&1 >/dev/null | head -n 2 >got
is_file got "without a split train, any other split counts" <<'END'
mc-split: two.tsv: 1 of 1 images of split "one" (100.0 %) share a group with another split
mc-split: two.tsv: 1 of 2 images of split "two" (50.0 %) share a group with another split
END


# --- all cases ------------------------------------------------------------------
printf 'id\tlabel\tgroup\tsite\tsha256\n%b%b%b%b%b%b' 'a\tx\tp\tA\t1\n' \
    'b\ty\tq\tA\t2\n' 'c\tx\tp\tB\t3\n' 'd\ty\tq\tB\t4\n' 'e\tx\tr\tA\t5\n' \
    'f\ty\ts\tB\t5\n' >sites.tsv
run mc-split -v --leave-out site sites.tsv
tail -n 3 err >got
is_file got "-v lists all groups with two sites, and then the first" <<'END'
mc-split: sites.tsv:4: group "p" is in site "B", but in "A" in line 2
mc-split: sites.tsv:5: group "q" is in site "B", but in "A" in line 3
mc-split: sites.tsv:4: group "p" is in site "B", but in "A" in line 2 (2 such cases): one of them would be trained on and tested on: remove the rows of one side
END
sed '2d; 3d' sites.tsv >copies.tsv
run mc-split -v --leave-out site copies.tsv
tail -n 2 err >got
is_file got "and all images with the same bytes" <<'END'
mc-split: copies.tsv:5: image "f" is in site "B", but the same bytes ("e") in "A" in line 4
mc-split: copies.tsv:5: image "f" is in site "B", but the same bytes ("e", line 4) in "A" (1 such case): one of them would be trained on and tested on: remove the rows of one side
END

# Numbers are one value however they are spelled; other spellings are a warning.
printf 'id\tlabel\tgroup\tsite\n%b%b%b%b' 'a\tx\tp\t1\n' 'b\ty\tq\t1.0\n' \
    'c\tx\tr\tRome\n' 'd\ty\ts\trome\n' >spelled.tsv
run mc-split --leave-out site spelled.tsv
cut -f 4,5 out | sed 1d | tr '\t\n' '- ' >got
ok "numbers are one site" test "$(cat got)" = '1-1 1.0-1 Rome-2 rome-3 '
ok "two spellings of a site" grep -q '^mc-split: spelled.tsv: column "site": "Rome" and "rome" are two spellings of one value, and two folds: write one of them$' err

# --- two manifests --------------------------------------------------------------
against() { run mc-split --check --against train.tsv "$@"; }
printf 'id\tlabel\tgroup\tsha256\n%b%b%b%b' 'a\tx\tp\t1\n' 'b\tx\tq\t2\n' \
    'c\ty\t\t3\n' 'd\ty\t\t\n' >train.tsv
printf 'id\tlabel\tgroup\tsha256\n%b%b%b' 'a\tx\tr\t7\n' 'b\ty\ts\t8\n' \
    'e\tx\t\t\n' >external.tsv
against external.tsv
is_rc 0 "ids alone do not make an image where both have digests"
ok "and the audit is written" grep -q images out
{ cat external.tsv; printf 'x\tx\tq\t9\ny\tx\tq\t10\nz\ty\tp\t11\n'; } >groups.tsv
against -v groups.tsv
grep also err >got
is_file got "groups in both" <<'END'
mc-split: groups.tsv:5: group "q" is also in train.tsv:3
mc-split: groups.tsv:7: group "p" is also in train.tsv:2
mc-split: groups.tsv:5: group "q" is also in train.tsv:3 (2 such cases): remove it from one of the two
END
against -q groups.tsv
fails 1 'mc-split: groups.tsv:5: group "q" is also in train.tsv:3 (2 such cases): remove it from one of the two' \
    "without -v only the first"
{ cat external.tsv; printf 'x\tx\tt\t3\n'; } >bytes.tsv
against -q bytes.tsv
fails 1 'mc-split: bytes.tsv:5: image with the bytes of "x" is also in train.tsv:4 (1 such case): remove it from one of the two' \
    "the same bytes under another id"
{ cat external.tsv; printf 'd\tx\t\t\n'; } >nodigest.tsv
against -q nodigest.tsv
fails 1 'mc-split: nodigest.tsv:5: image "d" is also in train.tsv:5 (1 such case): remove it from one of the two' \
    "ids, where an image has no digest"
# A tar's manifest has the digest of a converted image in source_sha256.
printf 'id\tlabel\tgroup\tsha256\tsource_sha256\n%b%b' 'x\tx\tt\t\tAB\n' \
    'y\tx\tt\t\t9\n' >packed.tsv
printf 'id\tlabel\tgroup\tsha256\n%b%b' 'a\tx\t1\tab\n' 'b\tx\t2\t8\n' >plain.tsv
run mc-split -q --check --against plain.tsv packed.tsv
fails 1 'mc-split: packed.tsv:2: image with the bytes of "x" is also in plain.tsv:2 (1 such case): remove it from one of the two' \
    "the file that a converted image was made of, in capital letters"
run mc-split -q --check --against packed.tsv plain.tsv
fails 1 'mc-split: plain.tsv:2: image with the bytes of "a" is also in packed.tsv:2 (1 such case): remove it from one of the two' \
    "and with the sides exchanged"
printf 'id\tlabel\tgroup\tsha256\nz\tx\t2.0\t7\n' >pandas.tsv
run mc-split -q --check --against plain.tsv pandas.tsv
fails 1 'mc-split: pandas.tsv:2: group "2.0" is also in plain.tsv:3 (1 such case): remove it from one of the two' \
    "a patient whose number is spelled otherwise"
cut -f 1,2 external.tsv >ids.tsv
against ids.tsv
grep -v 'treated as' err >got
is_file got "ids, where one has no digests" <<'END'
mc-split: ids.tsv: no column "group": only images are compared, not patients
mc-split: ids.tsv:2: image "a" is also in train.tsv:2 (2 such cases): remove it from one of the two
END
run mc-split -q --check --group label --against train.tsv external.tsv
fails 1 'mc-split: external.tsv:2: label "x" is also in train.tsv:2 (2 such cases): remove it from one of the two' \
    "--group names the column in both"
cut -f 1,3 train.tsv >unlabelled.tsv
run mc-split -q --check --group label --against unlabelled.tsv external.tsv
fails 1 'mc-split: unlabelled.tsv:1: no column "label"; columns are: id, group' \
    "a column that the other lacks"
see='(see mc-split --help)'
run mc-split --ratio train=1,test=1 --against train.tsv external.tsv
fails 2 "mc-split: --against is for --check, which is not given $see" "without --check"
run mc-split --check --against - <train.tsv
fails 2 "mc-split: standard input can be MANIFEST or --against, not both $see" \
    "standard input twice"
against -q train.tsv
fails 1 'mc-split: train.tsv:2: group "p" is also in train.tsv:2 (2 such cases): remove it from one of the two' \
    "a manifest against itself"

done_testing
