#!/bin/sh
# What all programs do with their files: an output is never an input, nor
# another output; descriptors 0 to 2 that are closed harm nothing; what a
# terminal is shown.
. "$abs_srcdir/tests/tap.sh"

programs=$(for p in $MC_PROGRAMS; do echo "${p#cmd/}"; done)

# --- Options --------------------------------------------------------------------
for p in $programs; do
	run "$p" -o ''
	fails 2 "$p: --output: the name of a file cannot be empty (see $p --help)" \
	    "$p: -o ''"
done
run mc-bootstrap ''
fails 2 'mc-bootstrap: the name of a file cannot be empty (see mc-bootstrap --help)' \
    'an operand that is empty'

# Whatever takes a file says so in its option table: no file may be overwritten
# by what is made of it.
echo precious >keep
ln -s keep soft
ln keep hard
for p in $programs; do
	files=$("$p" --help | awk '$1 ~ /^-/ {
		i = $1 ~ /,$/ ? 2 : 1
		if ($(i + 1) == "FILE" || $(i + 1) == "MODEL") print $i }' |
	    grep -v -e --output)
	for opt in $files; do
		run "$p" "$opt" keep -o hard
		case "$p $opt" in
		*\ --augment-preview | *\ --checkpoint | *\ --log | *\ --timing | "mc-index --left-out" | "mc-pack --left-out" | "mc-montage --list") why='each output needs its own' first="$opt keep and --output hard" ;;
		*) why='the output would overwrite the input' first="--output hard and $opt keep" ;;
		esac
		fails 2 "$p: $first are the same file: $why (see $p --help)" \
		    "$p $opt X -o X"
	done
	case $p in mc-phantom | mc-index) continue ;; esac
	run "$p" -o ./keep soft
	fails 2 "$p: --output ./keep and soft are the same file: the output would overwrite the input (see $p --help)" \
	    "$p -o X X"
	# These read no standard input.
	if [ "$p" != mc-weights ] && [ "$p" != mc-report ]; then
		run "$p" -o soft <keep
		fails 2 "$p: --output soft and standard input are the same file: the output would overwrite the input (see $p --help)" \
		    "$p -o X <X"
	fi
	"$p" keep >>hard 2>err
	rc=$?
	: >out
	fails 2 "$p: standard output and keep are the same file: the output would overwrite the input (see $p --help)" \
	    "$p X >>X"
done
# A file that is read twice would count twice.
for p in $programs; do
	case $p in mc-phantom | mc-index) continue ;; esac
	run "$p" keep other ./soft
	fails 2 "$p: ./soft is given twice: give each input once (see $p --help)" \
	    "$p X other X"
done
run mc-bootstrap - keep -
fails 2 'mc-bootstrap: standard input is given twice: give each input once (see mc-bootstrap --help)' \
    'standard input twice'
run mc-tex - keep <keep
fails 2 'mc-tex: keep is given twice: give each input once (see mc-tex --help)' \
    'a file that is also standard input'
ok 'the file is as it was' test "$(cat keep)" = precious
# --- Real work ------------------------------------------------------------------
# Nothing here looks behind the first bytes of an image.
mkdir images
for n in 1 2 3; do printf '\211PNG\r\n\032\n%s' $n >images/$n.png; done
image=images/2.png
cp "$image" kept.png
# Of an option that is given again the last one counts, which is said.
run mc-index --group '[0-9]' --group . -o first.tsv -o last.tsv images
ok 'the last output is written, and no other' test -s last.tsv -a ! -e first.tsv
grep again err >got
is_file got 'an output that is given again is a warning' <<'END'
mc-index: --output is given again: the last one counts
END
run mc-split -v --ratio train=1,test=1 --seed 1 --seed 2 last.tsv
cp out again.tsv
grep again err >got
is_file got 'another option, with -v' <<'END'
mc-split: --seed is given again: the last one counts
END
run mc-split --ratio train=1,test=1 --seed 2 last.tsv
ok 'and the last one counts' cmp out again.tsv
run mc-split --ratio train=1,test=1 --seed 1 --seed 2 last.tsv
ok 'without -v nothing is said' sh -c '! grep again err'
run mc-index -v --exclude '*3*' --exclude '*2*' images
ok 'a list is none' sh -c '! grep again err'
run mc-index -q -o "$image" images
fails 2 "mc-index: --output $image and $image are the same file: the output would overwrite the input (see mc-index --help)" \
    'an image in the folder is an input'
ok 'it is as it was' cmp "$image" kept.png

combinations='0|1|2|0 1|0 2|1 2|0 1 2'
IFS='|'
for p in $(echo "$programs" | tr '\n' '|'); do
	wrong=
	for c in $combinations; do
		with "$c" "$p" --help >out 2>err
		case "$? $c" in
		"0 0" | "0 2" | "0 0 2" | 1\ *1*) ;;
		*) wrong="$wrong, $c" ;;
		esac
	done
	ok "$p --help fails where standard output is closed, and there alone" \
	    test -z "$wrong"
done
cat >p.tsv <<'END'
id	label	predicted	p:a	p:b
1	a	a	0.9	0.1
2	b	b	0.2	0.8
3	b	a	0.6	0.4
END
mc-index images >want.tsv 2>/dev/null
mc-bootstrap --replicates 399 -o want-b.tsv p.tsv
for c in $combinations; do
	with "$c" mc-index -o got images >out 2>err
	ok "mc-index without descriptors $c" cmp want.tsv got
	with "$c" mc-bootstrap --progress --replicates 399 -o got p.tsv >out 2>err
	ok "mc-bootstrap without descriptors $c" cmp want-b.tsv got
done
unset IFS

mc-bootstrap --replicates 399 -o /dev/stdout p.tsv | cat >got
ok '-o /dev/stdout into a pipe' cmp want-b.tsv got

# Standard output is whole or empty, also where the second of two tasks fails.
cat >two.tsv <<'END'
task	id	label	predicted
a	1	x	x
a	2	y	y
b	1	x	x
b	2	z	z
END
run mc-confusion --wide two.tsv
fails 2 'mc-confusion: --wide: task "b" does not have the classes of task "a" in the same order: give one task at a time' \
    'half a table does not reach standard output'
mkfifo pipe
timeout 60 cat pipe >got &
mc-confusion --wide -o pipe two.tsv 2>err
wait
ok 'nor a pipe' cmp /dev/null got
echo before >half.tsv
run mc-confusion --wide -o half.tsv two.tsv
is_rc 2 'nor a file'
ok 'which is as it was' sh -c 'test "$(cat half.tsv)" = before'
ok 'and alone' test -z "$(find . -name '.half*')"
run env TMPDIR=/no/such mc-confusion two.tsv
fails 1 'mc-confusion: /no/such: no temporary file: No such file or directory' \
    'a TMPDIR that is not there is an error'

# --- What a terminal is shown -----------------------------------------------------
mkdir -p esc/a esc/b
name=$(printf 'red\033[31m\302\233\303\266')
cp "$image" "esc/a/$name.png"
cp "$image" esc/b/other.png
run mc-index esc
ok 'a warning is printed' grep -q 'red\\x1B\[31m\\xC2\\x9B' err
if LC_ALL=C grep -q "$(printf '[\001-\011\013-\037\177]\\|\302[\200-\237]')" err
then fail 'without a control character' err
else pass 'without a control character'; fi
ok 'and letters as they are' grep -q "$(printf '\303\266')" err
run mc-weights "$name"
is_rc 2 'a usage error'
printf 'mc-weights: red\\x1B[31m\\xC2\\x9B\303\266: unknown command: give list, fetch, path, show, verify or convert (see mc-weights --help)\n' >want
ok 'is escaped as well' cmp want err

ok 'nothing is left' test -z "$(find . -name '.*.mc-*')"
done_testing
