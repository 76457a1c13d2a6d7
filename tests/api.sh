#!/bin/sh
# The programs of examples/api print what mc-bootstrap prints.
. "$abs_srcdir/tests/tap.sh"

api=$abs_builddir/examples/api

# The numbers of the array NAME of intervals.c, one per line.
array() {
	sed -n "/ $1\[/,/;/p" "$abs_srcdir/examples/api/intervals.c" |
	    tr -d '\n\t' | sed 's/.*{//; s/}.*//' | tr -d ' ' | tr ',' '\n'
}
array label >label
array p_sick >p_sick
ok 'the arrays have an element per image' \
    test "$(grep -c . label) $(grep -c . p_sick)" = '24 24'
{
	printf 'task\tarm\tid\tgroup\tlabel\tp:well\tp:sick\n'
	paste label p_sick | awk '{ OFS = "\t"; i = NR - 1
		print "chest", "a", "i" 100 + i, "g" 100 + int(i / 2),
		    ($1 ? "sick" : "well"), 1 - $2, $2 }'
} >p.tsv

# Rows of mc-bootstrap as the programs print them, behind the columns FIRST.
estimates() {
	awk -F'\t' -v first="$1" 'NR > 1 {
		n = split(first, column, ",")
		for (i = 1; i <= n; i++)
			printf "%s\t", $column[i]
		printf $14 == "" ? "%.9f\t%s\n" : \
		    "%.9f\t%.9f\t%.9f\n", $13, $14 == "" ? $26 : $14, $15
	}'
}

run "$api/intervals"
is_rc 0 'intervals succeeds'
mc-bootstrap --metrics accuracy,auroc,ece --positive sick p.tsv |
    estimates 10 >wanted
is_out 'intervals prints what mc-bootstrap prints' <wanted
ok 'two of its metrics have an interval' \
    test "$(awk -F'\t' 'NF == 4' out | wc -l)" -eq 2

# Two seeds of an arm, with unequal patients.
for seed in 1 2; do
	awk -v seed=$seed 'BEGIN {
		OFS = "\t"
		print "task", "arm", "id", "group", "label", "p:well", "p:sick",
		    "train_seed"
		for (i = 0; i < 101; i++) {
			p = (i * (36 + seed) % 101) / 101
			print "chest", "b", "i" 100 + i, "g" int(sqrt(20 * i)),
			    (i % 3 ? "well" : "sick"), 1 - p, p, seed
		}
	}' >b$seed.tsv
done
run "$api/predictions" p.tsv b1.tsv b2.tsv
is_rc 0 'predictions succeeds'
mc-bootstrap --metrics accuracy p.tsv b1.tsv b2.tsv | estimates 2,6 >wanted
is_out 'predictions prints what mc-bootstrap prints' <wanted
ok 'predictions prints every run' test "$(grep -c . out)" -eq 3
run "$api/predictions" <b1.tsv
ok 'predictions reads standard input' test "$(grep -c . out)" -eq 1
run "$api/predictions" absent.tsv
fails 1 'predictions: absent.tsv: No such file or directory' \
    'predictions: a file that is absent'
for program in intervals predictions; do
	"$api/$program" p.tsv >/dev/full 2>err
	rc=$?
	is_rc 1 "$program: a full disk is an error"
done

done_testing
