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

done_testing
