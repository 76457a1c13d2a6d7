#!/bin/sh
# Repeated and nested cross-validations, as mc-split(1) shows them.
. "$abs_srcdir/tests/tap.sh"
. "$abs_srcdir/tests/fixture.sh"

peer=$abs_srcdir/tests/stats/repeated.py
make_images 30
mc-index --group 'patient[0-9]+' images -o manifest.tsv
awk '/^\.Ss / { on = $0 ~ /Repeated and nested/ } !on { next }
	/^\.Bd / { literal = 1; n++; next } /^\.Ed/ { literal = 0 }
	literal { gsub(/\\e/, "\\"); print >("recipe" n) }' \
    "$abs_srcdir/man/mc-split.1"
for n in 1 2 3; do
	sed 's/--backbone resnet18/-q & --weights random --resize 48 --crop 42/
		s/mc-train/mc-train -q --epochs 20/' recipe$n >recipe$n.sh
	run sh -e recipe$n.sh
	is_rc 0 "recipe $n"
	cp out metrics$n.tsv
done
ok "five random splits" grep -q 'mean over 5 test sets, corrected' metrics2.tsv
ok "three repeats" grep -q '; mean over 3 training seeds' metrics1.tsv
mc-bootstrap -q --folds pool --train-seeds mean --metrics accuracy,auroc \
    [123]-[12345].tsv >repeated.tsv
if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
	compared "means and deviations over repeats" "$PYTHON3" "$peer" \
	    repeated.tsv [123]-[12345].tsv
else
	skip "repeats against scikit-learn" "no sklearn for $PYTHON3"
fi
sed 1d repeat1.tsv | cut -f 1 | sort >all
for files in '1-[12345].tsv' '2-[12345].tsv' 'outer-[123].tsv'; do
	awk -F '\t' 'FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "id") c = i
		next } { print $c }' $files | sort >got
	ok "$files: each image is predicted once" cmp all got
done
ok "repeats have other folds" sh -c '! cmp -s repeat1.tsv repeat2.tsv'
ok "one arm is left of the nested one" test "$(sed 1d metrics3.tsv |
    cut -f 2 | sort -u)" = nested

done_testing
