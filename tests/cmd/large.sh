#!/bin/sh
# A table whose text is larger than the memory that there is: it lies in a
# temporary file, and the result is the same.
. "$abs_srcdir/tests/tap.sh"

# 240 MB of text; 150 MB of memory, of which a program takes 60 to begin with.
awk 'BEGIN {
	for (note = "x"; length(note) < 700; note = note note)
		;
	print "id\tlabel\tgroup\tnote"
	for (i = 0; i < 240000; i++)
		printf "i%d\t%s\tp%d\t%s%d\n", i, (i % 7 < 2 ? "yes" : "no"),
		    i / 3, note, i
}' >large.tsv
limited() { # limited COMMAND...
	run sh -c 'ulimit -d 150000 && exec "$@"' sh "$@"
}
limited mc-split --version
if [ "$rc" -ne 0 ]; then
	skip 'a table larger than memory' 'no program fits into 150 MB here'
	done_testing
	exit
fi

mc-split -q --ratio train=70,val=10,test=20 -o want.tsv large.tsv
limited mc-split -q --ratio train=70,val=10,test=20 -o got.tsv large.tsv
is_rc 0 'mc-split has room'
ok 'and divides as it does without a limit' cmp want.tsv got.tsv
limited mc-split --check -o audit.tsv want.tsv
is_rc 0 'mc-split --check has room'
limited mc-describe -o population.tsv want.tsv
is_rc 0 'mc-describe also'
limited env TMPDIR=/nowhere mc-split -q --folds 2 -o none.tsv large.tsv
ok 'without a temporary file, the table is in memory, of which there is too little' \
    test "$rc" -ne 0 -a ! -e none.tsv
TMPDIR=/nowhere mc-split -q --ratio train=70,val=10,test=20 -o got.tsv large.tsv
ok 'or enough' cmp want.tsv got.tsv
done_testing
