#!/bin/sh
# lib/stats tests hypotheses as scipy, statsmodels, R and the papers do.
. "$abs_srcdir/tests/tap.sh"

# same NAME CHECK
same() {
	"$PYTHON3" "$abs_srcdir/tests/stats/hypotheses.py" \
	    "$abs_builddir/tests/stats/evaluate" "$2" >log 2>&1
	rc=$?
	case $rc in
	0) pass "$1 ($(tail -n 1 log))" ;;
	77) skip "$1" "$(tail -n 1 log)" ;;
	*) fail "$1" log ;;
	esac
}

same "Clopper-Pearson and Wilson are statsmodels'" proportion
same "proportions over units are Korn and Graubard's" ratio
same "exact McNemar is statsmodels'" mcnemar
same "Tango's interval is the score test's" tango
same "Holm and Benjamini-Hochberg are statsmodels'" adjust
same "max-T is Westfall and Young's" max_t
same "Friedman's test is scipy's" friedman
same "Nemenyi's test has scipy's studentised range" nemenyi
same "a difference over seeds is Welch's, with the patients" seeds
same "a difference over splits is Nadeau and Bengio's" resampled
same "the bootstrap's p agrees with numpy's interval" bootstrap
done_testing
