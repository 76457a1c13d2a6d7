#!/bin/sh
# The columns o: of predictions: what they order, in all that reads them.
. "$abs_srcdir/tests/tap.sh"

if "$PYTHON3" -c 'import scipy, sklearn' 2>/dev/null; then
	ok 'AUROCs and permutations by log odds' \
	    "$PYTHON3" "$abs_srcdir/tests/stats/sklearn_odds.py"
else
	skip 'AUROCs and permutations by log odds' 'no scikit-learn for $PYTHON3'
fi
done_testing
