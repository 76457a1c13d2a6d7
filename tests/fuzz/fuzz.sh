#!/bin/sh
# fuzz.sh [SECONDS] - libFuzzer over each parser, from tests/fuzz/corpus.  Without
# SECONDS, which are shared by all targets, each tries a fixed number of inputs,
# most of them the same in each run of one build: a run prints their CRC.
. "$abs_srcdir/tests/tap.sh"

build=$abs_builddir/tests/fuzz/build
corpus=$abs_srcdir/tests/fuzz/corpus
found=$abs_builddir/tests/fuzz/found
grown=$abs_builddir/tests/fuzz/grown
limits='-timeout=60 -rss_limit_mb=1024 -max_len=4096'

# DCMTK allocates what an element claims to have, up to 4 GiB, before it sees how
# much of it there is.  Without this memory it says that the file is damaged.
ASAN_OPTIONS=max_allocation_size_mb=256:allocator_may_return_null=1
export ASAN_OPTIONS

# Nearly the same inputs: libFuzzer takes words from what the target compares, among
# which are addresses, and from time to time reads the folder of its inputs again.
same='-seed=1 -use_cmp=0 -reload=0'

# How many inputs take some two seconds.
runs() {
	case $1 in
	braces) echo 700 ;;
	index | presets) echo 4000 ;;
	headers | nesting | zip) echo 100000 ;;
	npy | pickle | safetensors) echo 40000 ;;
	images | model) echo 15000 ;;
	checkpoint | given | nifti | part | recipe | series) echo 8000 ;;
	dicom) echo 2500 ;;
	pictures) echo 6000 ;;
	json | tar) echo 15000 ;;
	*) echo 25000 ;;
	esac
}

# The target $1 with the options that follow, from its corpus in the order of the
# names, which that of the folder may not be.
fuzz() {
	target=$1
	shift
	mkdir -p "$target"
	find "$corpus/$target" -type f | LC_ALL=C sort | paste -s -d , |
	    tr -d '\n' >seeds
	# shellcheck disable=SC2086
	"$build/$target" $limits "$@" -seed_inputs=@seeds "$target" >log 2>&1
	rc=$?
	inputs=$(sed -n 's/^tried: //p' log)
	if [ $rc -eq 0 ]; then
		pass "$target: $inputs"
		return
	fi
	grep -E 'ERROR|SUMMARY|runtime error|^ +#[0-9]+ .*(lib|tests)/' log |
	    head -n 20 >why
	mkdir -p "$found"
	for input in crash-* leak-* timeout-* oom-*; do
		[ -e "$input" ] || continue
		mv "$input" "$found/$target-$input"
		echo "again: tests/fuzz/build/$target $limits" \
		    "$found/$target-$input" >>why
		echo "the input in base64: $(base64 -w 0 \
		    <"$found/$target-$input" | head -c 3000)" >>why
	done
	fail "$target: an input ends the parser (exit status $rc)" why
}

if ! command -v clang >/dev/null; then
	skip "the parsers are fuzzed" "clang is not installed"
	done_testing
fi
# A fault is seen: the test fails, and the input is kept.
mkdir -p selfcheck/corpus/selfcheck selfcheck/run
printf boom >selfcheck/corpus/selfcheck/input
(
	cd selfcheck/run || exit 1
	corpus=../corpus found=../found
	fuzz selfcheck -runs=10
) >said 2>&1
ok "a fault fails the test" grep -q '^not ok .*selfcheck: an input ends' said
ok "with the sanitizer's words" grep -q 'AddressSanitizer: heap-buffer-overflow' said
ok "and its input is kept" grep -qx boom selfcheck/found/selfcheck-crash-*

# real_files TARGET FOLDER NAME: each file of $real/FOLDER, once.
real_files() {
	[ -x "$build/$1" ] && have_real "$2" "$3" || return 0
	find "$real/$2" -type f >files
	xargs "$build/$1" -timeout=60 -rss_limit_mb=2048 <files >log 2>&1
	rc=$?
	n=$(grep -c '^Executed ' log)
	grep -E 'ERROR|SUMMARY|runtime error|^Running' log | tail -n 8 >why
	if [ $rc -eq 0 ] && [ "$n" -eq "$(wc -l <files)" ]; then
		pass "$3 ($n files)"
	else
		fail "$3 ($n files, exit status $rc)" why
	fi
}
real_files pictures torture "hard images are decoded"
real_files dicom dicom "real DICOM files are decoded"
real_files nifti nifti "real volumes are read"

set -- "${1:-}" "$abs_srcdir"/tests/fuzz/*.c
seconds=$1
shift
share=$((${seconds:-0} / ($# - 2)))
for source; do
	target=$(basename "$source" .c)
	case $target in support | selfcheck) continue ;; esac
	[ -x "$build/$target" ] || continue
	if [ -z "$seconds" ]; then
		# shellcheck disable=SC2086
		fuzz "$target" $same -runs="$(runs "$target")"
	else
		mkdir -p "$grown/$target"
		fuzz "$target" -seed=0 -max_total_time=$((share + 1)) \
		    "$grown/$target"
	fi
done
done_testing
