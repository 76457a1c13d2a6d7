#!/bin/sh
# The intervals of mc-bootstrap are scipy's, pROC's and the papers'.
. "$abs_srcdir/tests/tap.sh"

inside=$abs_builddir/tests/stats/inside

# same NAME COMMAND...: 77 says that something is not installed.
same() {
	name=$1
	shift
	"$@" >log 2>&1
	rc=$?
	case $rc in
	0) pass "$name ($(tail -n 1 log))" ;;
	77) skip "$name" "$(tail -n 1 log)" ;;
	*) fail "$name" log ;;
	esac
}
check() {
	same "$1" "$PYTHON3" "$abs_srcdir/tests/stats/intervals.py" \
	    "$inside" "$2"
}

check "on the same resamples, scipy's and numpy's limits" draws
check "AUROCs of clustered images: Obuchowski's variance" obuchowski

# delong NAME N STEPS: three arms of N independent images, made without chance,
# with probabilities in so many steps.
delong() {
	awk -v n="$2" -v steps="$3" 'BEGIN {
		OFS = "\t"
		print "arm", "id", "label", "p:neg", "p:pos"
		for (arm = 0; arm < 3; arm++)
			for (i = 0; i < n; i++) {
				pos = i % 7 < 3
				p = (i * i * (31 + 4 * arm) % 1009) / 1009
				p = pos ? 1 - 0.7 * p * p : 0.8 * p
				p = int(p * steps) / steps
				printf "a%d\ti%05d\t%s\t%.9g\t%.9g\n", arm, i,
				    pos ? "pos" : "neg", 1 - p, p
			}
	}' >delong.tsv
	mc-bootstrap --method delong --metrics auroc --positive pos \
	    delong.tsv >metrics.tsv && "$inside" covariance 1 \
	    delong.tsv >covariance.tsv || fail "$1: no table"
	same "$1" Rscript --vanilla "$abs_srcdir/tests/stats/delong.R" \
	    delong.tsv metrics.tsv covariance.tsv
}
if command -v Rscript >/dev/null; then
	delong "DeLong without ties is pROC's" 300 1e7
	delong "DeLong with ties is pROC's" 300 20
	delong "DeLong of few images is pROC's" 20 20
else
	skip "DeLong is pROC's" 'no Rscript'
fi

done_testing
