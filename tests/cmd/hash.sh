#!/bin/sh
# mc-split --hash: groups whole, shares as chance has them, no other row matters.
. "$abs_srcdir/tests/tap.sh"

see='(see mc-split --help)'
awk 'BEGIN { print "id\tlabel\tgroup"
	for (g = 0; g < 20000; g++) for (k = 0; k <= g % 3; k++)
		print "i" g "_" k "\tx\tp" g }' >m.tsv

run mc-split --hash --ratio train=70,val=10,test=20 --folds 4 m.tsv
is_rc 0 "divides"
ok "no message" test ! -s err
cp out s.tsv
cut -f 1-3 out >rows
ok "the rows are those of the input, in its order" cmp rows m.tsv
ok "no group is torn" awk -F '\t' 'NR > 1 { at = $4 FS $5
	if (($3 in seen) && seen[$3] != at) exit 1; seen[$3] = at }' s.tsv
# Five standard deviations of a binomial number of groups.
ok "splits and folds have their shares of the groups, and are independent" awk \
    -F '\t' 'NR > 1 && !($3 in seen) { seen[$3]; n[$4]++; n[$5]++; n[$4, $5]++ }
	function far(got, p) { d = got - 20000 * p
		return d * d > 25 * 20000 * p * (1 - p) }
	END { split("train val test", name, " "); p["train"] = 0.7
	p["val"] = 0.1; p["test"] = 0.2
	for (i = 1; i <= 3; i++) { s = name[i]
		if (far(n[s], p[s])) exit 1
		for (k = 1; k <= 4; k++) if (far(n[s, k], p[s] / 4)) exit 1 }
	for (k = 1; k <= 4; k++) if (far(n[k], 0.25)) exit 1 }' s.tsv
awk 'NR == 1 || NR % 7 == 0' m.tsv | sort -r |
    mc-split --hash --ratio train=7,val=1,test=2 --folds 4 | sort >a
awk 'NR == 1 || NR % 7 == 0' s.tsv | sort >b
ok "other rows and their order do not matter" sh -c '
    grep -v "^id" a >c; grep -v "^id" b | cmp - c'
run mc-split --hash --ratio train=70,val=10,test=20 --folds 4 --seed 2 s.tsv
ok "another seed divides otherwise, in the same columns" sh -c '
    ! cmp -s out s.tsv && test "$(head -n 1 out)" = "$(head -n 1 s.tsv)"'

printf 'id\tgroup\tunit\tsite\n' >u.tsv
for i in 1 2 3 4 5 6 7 8 9; do
	printf 'i%d\tg%d\tu%d\ts%d\nj%d\tg%d\t\ts%d\n' $i $i $((i % 2)) \
	    $((i % 6)) $i $i $((i % 6))
done >>u.tsv
if have_python 'the hash'; then
	peer="$PYTHON3 $abs_srcdir/tests/cmd/hash_peer.py"
	compared 'the peer has come to its end' $peer s.tsv 1 4 train=70 val=10 test=20
	mc-split --hash --seed 9 --ratio a=1,b=3 --folds 3 -o v.tsv u.tsv
	compared 'the peer has come to its end, with units' $peer v.tsv 9 3 a=1 b=3
fi
run mc-split --hash --folds 2 u.tsv
ok "units are kept together" test \
    "$(awk -F '\t' '$3 != "" && NR > 1 { print $3, $5 }' out | sort -u |
    wc -l)" -eq 2
run mc-split --hash --folds 2 --group site u.tsv
ok "--group keeps together" test \
    "$(awk -F '\t' 'NR > 1 { print $4, $5 }' out | sort -u | wc -l)" -eq 6
run mc-split -v --hash --ratio a=1,b=1 - <<'END'
id	group
a	p
b	
c	
d	
e	
f	
END
ok "-v prints the sizes" grep -Eq \
    '^mc-split: split a: (1 image|[2-5] images) \(.*%\)$' err
ok "a warning counts images without a group" grep -q \
    '^mc-split: standard input: 5 of 6 images have no group: each is treated as a group of its own$' err
printf 'id\tgroup\na\tp\nb\tq\nc\tr\nd\t\n' >lone.tsv
run mc-split --hash --folds 2 lone.tsv
is_err "a single image without a group" <<'END'
mc-split: lone.tsv: 1 of 4 images have no group: each is treated as a group of its own
END
run mc-split -v --hash --ratio a=1,b=1 --folds 2 m.tsv
ok "also of folds" test "$(sed -n 's/^mc-split: fold 2: \([0-9]*\) images.*/\1/p' err)" = \
    "$(awk -F '\t' '$5 == 2' out | wc -l)"

printf 'id\tgroup\na\tp\n' >one.tsv
mc-split -q --hash --ratio train=7,test=3 s.tsv | cut -f 1,4 | sort >a
mc-split -q --hash --ratio test=3,train=7 s.tsv | cut -f 1,4 | sort >b
ok "the order of --ratio counts" sh -c '! cmp -s a b && test -s a'
printf 'id\tgroup\na\tp\nb\tq\n' >pair.tsv
run mc-split -v --hash --seed 2 --ratio a=1,b=1 pair.tsv
is_err "one image is not plural" <<'END'
mc-split: split a: 1 image (50.00 %)
mc-split: split b: 1 image (50.00 %)
END
run mc-split --hash --ratio a=1,b=1e-6 one.tsv
fails 1 'mc-split: one.tsv: --hash: no image is in split b: there are too few groups; divide without --hash' \
    "an empty split"
printf 'id\tgroup\na\tp\n\tq\n' >noid.tsv
run mc-split --hash --folds 2 -o none noid.tsv
fails 1 'mc-split: noid.tsv:3: column "id": empty' "an empty id"
ok "and no output is left" test ! -e none
printf 'group\np\n' >none.tsv
run mc-split --hash --folds 2 none.tsv
fails 1 'mc-split: none.tsv:1: no column "id"' "no ids"
run mc-split --hash --folds 2 --group x noid.tsv
fails 1 'mc-split: noid.tsv:1: no column "x"' "no such column"
for options in '--check' '--counts a,b=1' '--folds 2 --keep a' \
    '--folds 2 --stratify label' '--folds 2 --shares 10' '--leave-out site'; do
	run mc-split --hash $options m.tsv
	fails 2 "mc-split: --hash takes --ratio, --folds, --group and --seed alone, and needs one of the first two $see" \
	    "--hash $options"
done

# 400,000 rows in 64 MiB of address space, where the usual mode finds no room.
awk 'BEGIN { print "id\tgroup"; for (i = 0; i < 400000; i++)
	print "i" i "\tp" i }' >large.tsv
run sh -c 'ulimit -v 65536; mc-split --hash --folds 2 -o large.out large.tsv'
if sh -c 'ulimit -v 65536; mc-split --version' >/dev/null 2>&1; then
	ok "memory is bounded" test "$rc" -eq 0
else
	skip "memory is bounded" "no program fits into 64 MiB here"
fi

done_testing
