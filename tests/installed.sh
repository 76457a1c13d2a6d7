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
if command -v pkg-config >/dev/null; then
	export PKG_CONFIG_PATH="$top/share/pkgconfig"
	study=$(pkg-config --variable=study mctools)
	ok 'pkg-config names study.mk' test -f "root$study"
	ok 'and the version' \
	    test "$(pkg-config --modversion mctools)" = \
	    "$(mc-split --version | sed 's/.* //')"
else
	skip 'pkg-config names study.mk' 'no pkg-config'
fi
ok 'make uninstall' env MAKEFLAGS= MAKELEVEL= "${MAKE:-make}" -s \
    -C "$abs_builddir" uninstall DESTDIR="$PWD/root"
find root ! -type d >left
ok 'leaves nothing' test ! -s left

done_testing
