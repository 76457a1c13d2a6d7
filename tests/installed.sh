#!/bin/sh
# What `make install` installs: the programs find no other files, but people do.
. "$abs_srcdir/tests/tap.sh"

prefix=$(sed -n 's/^prefix = //p' "$abs_builddir/Makefile")
ok 'make install' env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" -s -C "$abs_builddir" \
    install DESTDIR="$PWD/root"
top=root$prefix
for program in $MC_PROGRAMS $MC_SCRIPTS; do
	program=${program#cmd/}
	ok "$program is installed" test -x "$top/bin/$program"
	ok "with its page" test -f "$top/share/man/man1/$program.1"
	ok "and its completion" \
	    test -f "$top/share/bash-completion/completions/$program"
done
for program in "$abs_srcdir"/examples/launchers/mc-*; do
	program=${program##*/}
	ok "$program can be run" test -x "$top/share/mctools/examples/launchers/$program"
done
if command -v pkg-config >/dev/null; then
	export PKG_CONFIG_PATH="$top/share/pkgconfig"
	study=$(pkg-config --variable=study mctools)
	ok 'pkg-config names study.mk' test -f "root$study"
	ok 'and the version' \
	    test "$(pkg-config --modversion mctools)" = \
	    "$(mc-split --version | sed 's/.* //')"

	# A program of somebody else, and a file that includes every header.
	mkdir pc
	find root -name libmc.pc -exec sed 's,^\(prefix\|libdir\|includedir\)=/,\1=root/,' \
	    {} \; >pc/libmc.pc
	PKG_CONFIG_PATH=$PWD/pc
	export PKG_CONFIG_PATH
	compiler=$(sed -n 's/^CC = //p' "$abs_builddir/Makefile")
	sanitize=$(sed -n 's/^MC_SANITIZE = //p' "$abs_builddir/Makefile")
	flags=$(pkg-config --cflags libmc) libs=$(pkg-config --libs libmc)
	for program in intervals predictions; do
		# shellcheck disable=SC2086
		ok "$program.c is compiled with the installed library" $compiler \
		    $sanitize $flags "$abs_srcdir/examples/api/$program.c" $libs \
		    -o $program
	done
	printf 'task\tarm\tid\tgroup\tlabel\tpredicted\tp:n\tp:y\n' >p.tsv
	for i in 1 2 3 4 5 6 7 8; do
		printf 'c\ta\ti%d\tg%d\t%s\tn\t0.75\t0.25\n' $i $i \
		    "$([ $i -gt 6 ] && echo y || echo n)"
	done >>p.tsv
	./predictions p.tsv >accuracy
	ok 'and reads a table' grep -q '^a	[^	]*	0.750000000' accuracy
	(cd "$(pkg-config --cflags-only-I libmc | sed 's/^-I\([^ ]*\).*/\1/')" && echo */*.h) | tr ' ' '\n' >headers
	ok 'there are headers' test "$(grep -c . headers)" -gt 100
	ok 'none of which is internal' sh -c '! grep _internal headers'
	sed 's/.*/#include "&"/' headers >all.c
	# shellcheck disable=SC2086
	ok 'and which need no other file' $compiler $flags -Wall -Werror \
	    -fsyntax-only all.c
else
	skip 'pkg-config names study.mk' 'no pkg-config'
fi
ok 'make uninstall' env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" -s \
    -C "$abs_builddir" uninstall DESTDIR="$PWD/root"
find root ! -type d >left
ok 'leaves nothing' test ! -s left

done_testing
