#!/bin/sh
# Every program has a page, every page is clean mdoc, and the options of each
# page are those of --help.  $MC_PROGRAMS and $MC_SCRIPTS are the makefile's lists.
. "$abs_srcdir/tests/tap.sh"

# The long options of a page: .It lines with "Fl -name".
page_options() {
	awk '/^\.It / { for (i = 2; i < NF; i++)
		if ($i == "Fl" && $(i + 1) ~ /^-[A-Za-z]/)
			print substr($(i + 1), 2) }' "$1" | sort -u
}

# The options with a choice, "name a|b|c" per line.
page_choices() {
	awk '/^\.It .*\|/ { name = words = ""
		for (i = 2; i <= NF; i++)
			if ($i == "Fl") { name = substr($++i, 2); words = "" }
			else if ($i !~ /^(Ar|Cm|Ns)$/) words = words $i
		print name, words }' "$1" | sort -u
}
help_choices() {
	"$1" --help | sed -n \
	    's/^  \(-.,\|   \) --\([A-Za-z-]*\) \([a-z0-9-]*|[^ ]*\).*/\2 \3/p' |
	    sort -u
}

help_options() {
	"$1" --help | sed -n 's/^  \(-.,\|   \) --\([A-Za-z0-9-]*\).*/\2/p' | sort -u
}

MC_PROGRAMS=$(echo "$MC_PROGRAMS $MC_SCRIPTS" | sed "s,cmd/,,g")

for program in $MC_PROGRAMS; do
	page=$abs_srcdir/man/$program.1
	ok "$program has a page" test -e "$page"
	ok "$program: apropos mctools finds it" grep -q '^\.Nd .*mctools' "$page"
	page_options "$page" >page
	help_options "$program" >help
	ok "$program: the options of --help are those of the page" \
	    diff -u help page
	ok "$program: some options were compared" test -s help
	page_choices "$page" >page
	help_choices "$program" >help
	ok "$program: an option has the same choices in both" diff -u help page
	"$program" --help | sed -n '/ --help /q
		s/^  \(-.,\|   \) --\([A-Za-z0-9-]*\).*/\2/p' >own
	ok "$program: its own are sorted by name" sort -c own
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES \
	    'SEE ALSO'; do
		ok "$program: a section $section" grep -q "^\.Sh $section" "$page"
	done
done

for page in "$abs_srcdir"/man/*.[1-9]; do
	name=$(basename "$page")
	"$MANDOC" -T lint -W warning "$page" >lint 2>&1
	if [ $? -eq 0 ]; then pass "$name is clean"
	else fail "$name is clean" lint; fi
	if command -v man >/dev/null && command -v groff >/dev/null; then
		MANWIDTH=65 man --warnings -l "$page" 2>lint >/dev/null
		for device in ascii utf8; do
			groff -ww -mandoc -T$device "$page" 2>&1 >/dev/null
		done >>lint
		ok "$name: nor does troff warn" test ! -s lint
	else
		skip "$name: nor does troff warn" "no man or groff"
	fi
	case $name in
	*.1) ok "$name belongs to a program" \
		test -e "$abs_srcdir/cmd/${name%.1}.c" -o \
		-e "$abs_srcdir/cmd/${name%.1}.sh" ;;
	esac
done

# names SECTION: what the lists of a section of mc-bootstrap(1) define.
names() {
	awk -v title="$1" '/^\.S[sh] / { on = $0 == ".Ss " title }
	    on && sub(/^\.It Sy /, "")' "$abs_srcdir/man/mc-bootstrap.1" |
	    tr -d ' ' | tr ',' '\n' | sort
}
mc-bootstrap --list-metrics | sed 1d | cut -f 1 | sort >rows
names Metrics | grep -v '^:' >named
ok 'mc-bootstrap(1) has every metric' diff -u rows named
interval_methods | tr ' ' '\n' | sort >rows
names Intervals >named
ok 'mc-bootstrap(1) has every interval method' diff -u rows named

done_testing
