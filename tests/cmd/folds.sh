#!/bin/sh
# The folds of mc-split against scikit-learn's StratifiedGroupKFold.
. "$abs_srcdir/tests/tap.sh"

peer=$abs_srcdir/tests/stats/folds.py
if "$PYTHON3" -c 'import sklearn' 2>/dev/null; then
	compared "a hundred generated tables" "$PYTHON3" "$peer" generated 100
	if have_real ham10000 "HAM10000 by lesion"; then
		compared "HAM10000 by lesion" "$PYTHON3" "$peer" csv \
		    "$real/ham10000/HAM10000_metadata.csv" lesion_id dx
	fi
else
	skip "folds against scikit-learn's" "no sklearn for $PYTHON3"
fi

# One site with 1000 of 1030 images: the others share what is left as asked.
awk 'BEGIN { print "id\tlabel\tgroup"
	for (i = 0; i < 1030; i++)
		print i "\tx\t" (i < 1000 ? "site" : "p" i) }' >huge.tsv
run mc-split --ratio train=70,val=10,test=20 huge.tsv
sed 1d out | cut -f 4 | sort | uniq -c | sed 's/^ *//' >got
is_file got "beside a huge group, parts lack in proportion to their shares" <<'END'
20 test
1000 train
10 val
END
run mc-split --folds 5 huge.tsv
ok "and folds have equal numbers" awk -F '\t' '
	NR > 1 && $3 != "site" { n[$4]++; }
	END { for (k in n) { parts++; if (n[k] < 7 || n[k] > 8) exit 1 }
	exit parts != 4 }' out

done_testing
