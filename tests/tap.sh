# tap.sh - the Test Anything Protocol for the tests of the programs.
#
# A test sources this file, runs programs with `run`, and says with the is_*
# functions what is wanted of ./out, ./err and $rc, which `run` leaves.
# `done_testing` prints the plan.  MC_REGENERATE=1 rewrites the golden files
# instead of comparing with them; review the change as a diff.

tap_count=0
tap_failed=0
stem=$(basename "$0" .sh)
golden=$abs_srcdir/tests/golden/$stem
real=${MC_REAL:-$abs_srcdir/../shared/real}

pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

# fail NAME [FILE...]: FILEs are shown as diagnostics.
fail() {
	tap_count=$((tap_count + 1))
	tap_failed=1
	echo "not ok $tap_count - $1"
	shift
	[ $# -eq 0 ] || cat "$@" | head -n 40 | sed 's/^/# /'
}

# skip NAME WHY
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

# ok NAME COMMAND...: the command must succeed.
ok() {
	tap_name=$1
	shift
	if "$@" >tap.log 2>&1; then pass "$tap_name"
	else fail "$tap_name" tap.log; fi
}

# verdicts FILE [PREFIX]: what a peer has printed: "ok", "not ok" or "skip", a TAB
# and what was compared, in each line.  Each is a test; FILE.err has its errors.
verdicts() {
	while IFS='	' read -r tap_verdict tap_name; do
		case $tap_verdict in
		ok) pass "${2:-}$tap_name" ;;
		skip) skip "$tap_name" "$tap_name" ;;
		*) fail "${2:-}$tap_name" "$1" "$1.err" ;;
		esac
	done <"$1"
}

# compared NAME COMMAND...: the verdicts of COMMAND, a peer, and the test NAME, that
# it has come to its end.
compared() {
	tap_compared=$1
	shift
	"$@" >peer 2>peer.err
	tap_rc=$?
	verdicts peer
	ok "$tap_compared" test -s peer -a $tap_rc -eq 0
}

# run COMMAND...: standard input is empty unless redirected.
run() {
	if [ -t 0 ]; then "$@" >out 2>err </dev/null
	else "$@" >out 2>err; fi
	rc=$?
}

# is_rc STATUS NAME
is_rc() {
	if [ "$rc" -eq "$1" ]; then pass "$2"
	else
		echo "exit status $rc, wanted $1" >tap.log
		fail "$2" tap.log err
	fi
}

# is_file FILE NAME <WANTED; is_out NAME <WANTED; is_err NAME <WANTED
is_file() {
	cat >tap.wanted
	if diff -u tap.wanted "$1" >tap.log 2>&1; then pass "$2"
	else fail "$2" tap.log; fi
}
is_out() { is_file out "$1"; }
is_err() { is_file err "$1"; }

# fails STATUS MESSAGE NAME: `run` ended with STATUS, exactly the line MESSAGE
# on standard error and nothing on standard output.  MESSAGE begins with the
# program's name; that of a usage error may leave out where it ends: in
# "(see PROGRAM --help)".
fails() {
	case $1,$2 in
	2,*' --help)') printf '%s\n' "$2" ;;
	2,*) printf '%s (see %s --help)\n' "$2" "${2%%:*}" ;;
	*) printf '%s\n' "$2" ;;
	esac >tap.wanted
	if [ "$rc" -eq "$1" ] && cmp -s tap.wanted err && [ ! -s out ]; then
		pass "$3"
	else
		{ echo "exit status $rc, wanted $1"; diff -u tap.wanted err
		  echo "standard output:"; head -n 3 out; } >tap.log
		fail "$3" tap.log
	fi
}

# is_golden FILE CASE NAME: FILE is tests/golden/STEM/CASE.
is_golden() {
	if [ -n "${MC_REGENERATE:-}" ]; then
		mkdir -p "$golden" && cp "$1" "$golden/$2"
	fi
	if diff -u "$golden/$2" "$1" >tap.log 2>&1; then pass "$3"
	else fail "$3" tap.log; fi
}

# have_real FOLDER NAME: whether the real images are here; else NAME is skipped.
have_real() {
	[ -d "$real/$1" ] && return 0
	skip "$2" "no $1 in $real (set MC_REAL)"
	return 1
}

# on_terminal COMMAND ARGUMENT...: whether it refuses to write its archive to a
# terminal.
on_terminal() {
	script -qec "$*" /dev/null </dev/null | tr -d '\r' >terminal
	echo "$1: standard output is a terminal, and the output an archive: give --output FILE (see $1 --help)" >wanted
	ok "$1: no archive is written to a terminal" cmp wanted terminal
}

# have_python NAME: whether there is a Python; else NAME is skipped.
have_python() {
	command -v "$PYTHON3" >/dev/null && return 0
	skip "$1" "no $PYTHON3"
	return 1
}

# await COMMAND...: until it succeeds, for a minute at most.
await() {
	tap_tries=0
	until "$@" 2>/dev/null; do
		tap_tries=$((tap_tries + 1))
		[ $tap_tries -lt 1200 ] || return 1
		sleep 0.05
	done
}

# built PROGRAM: whether this build has it (configure --without-libtorch).
built() {
	case " $MC_PROGRAMS " in
	*" cmd/$1 "*) return 0 ;;
	esac
	return 1
}

# choices PROGRAM OPTION: the words that --OPTION takes.
choices() {
	"$1" --help | sed -n "s/^  .* --$2 \([a-z0-9|-]*\).*/\1/p" | tr '|' ' '
}

# interval_methods: their names, as mc-bootstrap lists them.
interval_methods() {
	mc-bootstrap --method '?' 2>&1 |
	    sed 's/.* is not one of //; s/ (see.*//; s/,//g'
}

# closed_pipe COMMAND...: standard output is a pipe that nobody reads.
closed_pipe() {
	perl -e 'pipe R, W; close R; open STDOUT, ">&W"; $SIG{PIPE} = "DEFAULT";
	    exec @ARGV' "$@" 2>err
	rc=$?
	: >out
	is_rc 141 "$1: a closed pipe ends it by SIGPIPE"
	ok "$1: without a word" test ! -s err
	perl -e 'pipe R, W; close R; open STDOUT, ">&W"; $SIG{PIPE} = "IGNORE";
	    exec @ARGV' "$@" 2>err
	rc=$?
	fails 1 "$1: standard output: cannot write: Broken pipe" \
	    "$1: where SIGPIPE is ignored it is an error"
}

# with DESCRIPTORS COMMAND...: COMMAND starts without them ('0 2').
with() {
	perl -e 'use POSIX; my @closed = split / /, shift;
	    POSIX::close($_) for @closed; exec @ARGV or exit 97' "$@"
}

# common_behaviour PROGRAM: --help, --version, an unknown option, a full disk, a
# closed pipe.
common_behaviour() {
	run "$1" --help
	is_rc 0 "$1 --help succeeds"
	ok "$1 --help names the program" grep -q "^Usage: $1" out
	run "$1" --version
	is_rc 0 "$1 --version succeeds"
	run "$1" --no-such-option
	fails 2 "$1: --no-such-option: unknown option (see $1 --help)" \
	    "$1: an unknown option is a usage error"
	"$1" --help >/dev/full 2>err
	rc=$?
	: >out
	fails 1 "$1: standard output: cannot write: No space left on device" \
	    "$1: a full disk is an error"
	closed_pipe "$1" --help
}

# interrupted COMMAND...: a command that writes into ./outdir and takes a while
# is interrupted as soon as something is there; nothing may be left.  (sh starts
# background commands with SIGINT ignored, which they respect; hence perl.)
interrupted() {
	mkdir outdir
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$@" >/dev/null 2>&1 &
	tap_pid=$!
	tap_n=0
	while [ -z "$(ls -A outdir)" ] && [ $tap_n -lt 3000 ]; do
		sleep 0.01
		tap_n=$((tap_n + 1))
	done
	kill -INT $tap_pid 2>/dev/null
	wait $tap_pid
	rc=$?
	ok "$1: an interrupt ends it by the signal" test $rc -eq 130
	ok "$1: an interrupt leaves nothing" test -z "$(ls -A outdir)"
	rm -rf outdir
}

done_testing() {
	echo "1..$tap_count"
	exit "$tap_failed"
}
