#!/bin/sh
# The packages are about the same programs and libraries: those of Debian, setup, and
# the containers.
. "$abs_srcdir/tests/tap.sh"

packages=$abs_srcdir/packages
debian=$packages/debian

# Each program, with its page and its completion, is in one package, and those that
# link libtorch are in mctools-torch.
cat "$debian"/*.install >all.install
for program in $(cd "$abs_srcdir/man" && ls mc-*.1); do
	program=${program%.1}
	case $(grep "^cmd_$(echo "$program" | tr - _)_LDADD = " \
	    "$abs_srcdir/Makefile.am") in
	*NETWORK_LIBS*) package=mctools-torch ;;
	*) package=mctools ;;
	esac
	printf 'usr/%s\n' "bin/$program" "share/bash-completion/completions/$program" \
	    "share/man/man1/$program.1" >wanted
	grep -x -F -f wanted "$debian/$package.install" | sort >found
	ok "$program is in $package" diff wanted found
	grep -x -F -f wanted all.install | sort >found
	ok 'and in no other package' diff wanted found
done
for program in $MC_PROGRAMS $MC_SCRIPTS; do
	ok "${program#cmd/} is in a package" \
	    grep -q -x "usr/bin/${program#cmd/}" all.install
done
sed -n 's,^usr/bin/,,p' all.install | sort >listed
(cd "$abs_srcdir/man" && ls mc-*.1) | sed 's/\.1$//' | sort >pages
ok 'and no package has a program that is not there' diff pages listed

# words: the words of a list, a line each, sorted.
words() {
	tr -s ' \t\n,' '\n\n\n\n' | grep . | sort
}
# field PACKAGE FIELD: the packages of a field of debian/control; the first
# paragraph is that of the source.
field() {
	awk -v RS= -v package="$1" -v field="$2:" '
	index($0 "\n", ": " package "\n") {
		n = split($0, line, "\n")
		for (i = 1; i <= n; i++) {
			if (line[i] !~ /^ /)
				of = index(line[i], field) == 1
			if (of) {
				gsub(/^[^ ]*:|\([^)]*\)|<[^>]*>|\$\{[^}]*\}/, "", line[i])
				print line[i]
			}
		}
		exit
	}' "$debian/control" | words
}

# What ./setup installs is what the packages are built with, but for the compilers and
# the autotools, which debhelper and build-essential bring, mandoc for tests, and MPI,
# which a module of its own needs.
(
	eval "$(sed -n '/^tables=/,/^downloads=/p' "$abs_srcdir/setup")"
	# shellcheck disable=SC2154
	echo "$tables $images $dicom $volumes $networks $downloads"
) | words | grep -v -x -e autoconf -e automake -e gcc -e g++ -e make >wanted
field mctools Build-Depends | grep -v -x -e debhelper-compat \
    -e libopenmpi-dev -e mandoc >found
ok "Build-Depends of Debian's packages are those of setup" diff wanted found
ok 'there are some' test "$(grep -c . found)" -gt 10
# A static library brings the libraries that it needs.
sed -n 's/^Requires: //p' "$abs_srcdir/doc/libmc.pc.in" | words |
    sed 's/^lib//; s/^zlib$/zlib1g/' | { cat; echo csv; } | sort >wanted
field libmc-dev Depends | sed 's/^lib//; s/-dev$//' | sort >found
ok 'libmc-dev depends on the libraries of libmc.pc' diff wanted found

# Both containers install the same: what it takes to build, and what mctools recommends.
{ echo build-essential; sed -n '/^Package: mctools$/,/^Suggests/p' "$debian/control" |
    sed -n '/^Recommends:/,/^Suggests/p' | sed '$d; s/^Recommends://' | words |
    grep -v -x mctools-torch; } | sort >wanted
for file in Containerfile apptainer.def; do
	sed -e ':a' -e '/\\$/N; s/\\\n//; ta' "$packages/$file" | sed 's/&&/\n/g' |
	    sed -n 's/.*apt-get install//p' | words | grep -v '^-\|/' >found
	ok "$file installs what mctools recommends" diff wanted found
done
ok 'the version is that of the sources' test \
    "$(sed -n '1s/^mctools (\(.*\)-[0-9]*) .*/\1/p' "$debian/changelog")" = \
    "$(sed -n 's/^AC_INIT(\[mctools\], \[\(.*\)\])/\1/p' "$abs_srcdir/configure.ac")"
# What finds the programs of the relocatable tar, in a folder with an odd name.
mkdir -p "it's one/bin" "it's one/share"
touch "it's one/share/dicom.dic"
for version in 2.1 999.1; do
	sed "s/@GLIBC@/$version/" "$packages/mctools-env.sh" >"it's one/bin/env$version"
done
if getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
	run env -u DCMDICTPATH sh "it's one/bin/env2.1"
	is_rc 0 'mctools-env: a C library that is new enough'
	PATH=/bin DCMDICTPATH='' sh -c 'eval "$(cat out)"; echo "$PATH $DCMDICTPATH"' >said
	is_file said 'its programs come first, make and gnuplot last' <<-END
	$PWD/it's one/bin:/bin:$PWD/it's one/spare $PWD/it's one/share/dicom.dic:$PWD/it's one/share/private.dic
	END
else
	skip 'mctools-env: a C library that is new enough' 'no GNU C library'
fi
run sh "it's one/bin/env999.1"
is_rc 1 'one that is too old'
ok 'is named in one line' test "$(grep -c 'need version 999.1 of the GNU C library' err)" -eq 1
ok 'and eval fails' test "$(cat out)" = false

for file in "$packages"/*.sh "$debian/tests/pipeline" "$abs_srcdir"/tests/elsewhere/*.sh
do
	ok "$(basename "$file") is a shell script" sh -n "$file"
done

done_testing
