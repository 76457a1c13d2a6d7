#!/bin/sh
# The floors of the house: includes and symbols point down, or sideways within a
# folder; no circle among modules; no export that nothing uses.
#
# A module is x.h with x.c and x_internal.h.  A source without a header of its
# own belongs to the module whose header declares what it exports, or which alone
# uses it.  An arrow is
# an include, or a symbol that one object needs of another (nm).
. "$abs_srcdir/tests/tap.sh"

# From the ground up.  A folder may use the floors below its own, and itself.
cat >floors <<'END'
base
scan
torch table image weights phantom
stream backbone stats fetch
learn report study
cmd
END

# Exports that nothing in lib and cmd uses, and why they stay.
cat >kept <<'END'
mc_feed_index		for tests: the order of images
mc_images_open		for tests: one tar
mc_interval_methods	for tests: each row
mc_metric_called	for tests: each name
mc_meter_print		for tests: the line of given numbers
mc_mpi_join		for dlsym
mc_preprocess_image	for tests: Pillow's pixels
mc_qsort_r		where the system has none
mc_ranks_alloc		for tests: another transport
mc_size_counts		for tests: what networks declare
mc_size_of		for tests: each row
mc_size_sum		for tests: what networks declare
mc_statedict_from_bytes	for tests: arrays from memory
mc_strverscmp		where the system has none
mc_torch_temporaries	for tests of leaks
mc_viridis		for tests: each colour
mc_wilson		for tests: published values
END

(cd "$abs_srcdir" && ls lib/*/*.[ch] lib/*/*.cpp cmd/*.[ch]) >files

# FILE HEADER, for each of our own includes
(cd "$abs_srcdir" && grep -H '^#include "' $(cat "$OLDPWD/files")) |
    sed 's/:#include "/ /; s/".*//' |
    awk '$2 != "config.h" { print $1, ($2 ~ "/" ? "lib/" : "cmd/") $2 }' >includes

# FILE T|U SYMBOL, of the newest object of each source
missing=
while read -r f; do
	case $f in *.h) continue ;; esac
	stem=${f%.*}
	base=${stem##*/}
	o=$(cd "$abs_builddir" && ls -t "$stem.o" "${stem%/*}"/*[_a-z]-"$base.o" \
	    2>/dev/null | head -n 1)
	if [ -z "$o" ]; then missing="$missing $f"; continue; fi
	nm -P -g "$abs_builddir/$o" | awk -v f="$f" '$1 !~ /^_[_Z]/ {
		print f, $2 == "U" ? "U" : "D", $1 }'
done <files >symbols

# SOURCE HEADER, for each source without a header of its own
grep 'c$' files | while read -r f; do
	[ ! -e "$abs_srcdir/${f%.c}.h" ] || continue
	symbol=$(awk -v f="$f" '$1 == f && $2 == "D" { print $3; exit }' symbols)
	[ -n "$symbol" ] || continue
	owner=$(cd "$abs_srcdir" && grep -lw "$symbol" "${f%/*}"/*.h |
	    head -n 1)
	[ -n "$owner" ] || owner=$(awk -v s="$symbol" '$2 == "U" && $3 == s {
		print $1; exit }' symbols)
	echo "$f $owner"
done | awk 'NF == 2' >homeless

# MODULE MODULE EVIDENCE, between different modules
awk '
function module(f) {
	if (f in header)
		f = header[f]
	sub(/\.[a-z]+$/, "", f)
	sub(/_internal$/, "", f)
	return f
}
FILENAME == "homeless" { header[$1] = $2 }
FILENAME == "includes" { say($1, $2, $1 " includes " $2) }
FILENAME == "symbols" && $2 == "D" { home[$3] = $1 }
FILENAME == "symbols" && $2 == "U" && $3 in home {
	say($1, home[$3], $1 " uses " $3 " of " home[$3]) }
function say(a, b, why) {
	a = module(a)
	b = module(b)
	if (a != b && !seen[a, b]++)
		print a, b, why
}' homeless includes symbols symbols >arrows

awk '
function folder(m) {
	sub(/^lib\//, "", m)
	sub(/\/.*/, "", m)
	return m
}
FILENAME == "floors" { for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
{
	a = folder($1)
	b = folder($2)
	for (i = 1; i <= 2; i++) {
		f = folder($i)
		if (!(f in floor) && !said[f]++)
			print "lib/" f " has no floor: give it one in tests/floors.sh"
	}
	if (a == b || floor[a] > floor[b])
		next
	sub(/^[^ ]* [^ ]* /, "")
	print $0 ": " a " does not stand above " b ": move what both need " \
	    "to a floor below, or the user to one above"
}' floors arrows >upward
ok 'no arrow points up' test ! -s upward
cat upward | sed 's/^/# /'

# Take away whatever uses nothing that is left; what remains leads to a circle.
awk '
{ use[$1, ++n[$1]] = $2; from[$1, n[$1]] = $0; node[$1]; node[$2] }
END {
	do {
		gone = 0
		for (m in node) {
			for (i = 1; i <= n[m] && !(use[m, i] in node); i++)
				;
			if (i > n[m]) {
				delete node[m]
				gone++
			}
		}
	} while (gone > 0)
	for (m in node)
		break
	if (m == "" || !(m in node))
		exit
	for (; !(m in at); m = use[m, i]) {
		for (i = 1; !(use[m, i] in node); i++)
			;
		at[m] = ++len
		path[len] = from[m, i]
	}
	for (i = at[m]; i <= len; i++) {
		sub(/^[^ ]* [^ ]* /, "", path[i])
		text = text path[i] "; "
	}
	print text "a circle: put what they share into a module below them"
}' arrows >circle
ok 'no circle among modules' test ! -s circle
cat circle | sed 's/^/# /'

# Only lib/fetch/transfer.c uses the network, and only mc-weights has it.
awk '$2 == "U" && $3 ~ /^(curl_.*|socket|connect|accept|bind|getaddrinfo)$/ &&
    $1 != "lib/fetch/transfer.c" { print $1 " uses " $3 }' symbols >online
for program in $MC_PROGRAMS; do
	[ "$program" = cmd/mc-weights ] ||
	    nm -P -u "$abs_builddir/$program" | grep '^curl_' |
	    sed "s,^,$program uses ,"
done >>online
ok 'no program but mc-weights uses the network' test ! -s online
cat online | sed 's/^/# /'

# An export must be used by another object of the library or of a program.
if [ -n "$missing" ]; then
	skip 'no export that nothing uses' "not built:$missing"
else
	awk '
	FILENAME == "kept" { kept[$1] = 1; next }
	$2 == "U" { used[$3] = 1; next }
	$3 ~ /^mc_/ { home[$3] = $1 }
	END {
		for (s in home) {
			if (!(s in used) && !(s in kept))
				print home[s] ": nothing uses " s ": make it static or take it out"
			if (s in used && s in kept)
				print s " has a user: take it off the list in tests/floors.sh"
		}
		for (s in kept)
			if (!(s in home))
				print s " is gone: take it off the list in tests/floors.sh"
	}' kept symbols | sort >unused
	ok 'no export that nothing uses' test ! -s unused
	cat unused | sed 's/^/# /'
fi
done_testing
