#!/bin/sh
# configure --with-libtorch=DIR: upstream's layout (include, lib), laid out here
# from Debian's files; what is wrong with a DIR is said.
. "$abs_srcdir/tests/tap.sh"

if [ ! -e /usr/include/torch/csrc/api/include/torch/types.h ]; then
	skip 'an upstream libtorch' "no Debian libtorch to lay it out from"
	done_testing
fi
libs=$(dirname "$(ldd "$abs_builddir/cmd/mc-embed" |
    sed -n 's/.*libtorch_cpu[^ ]* => \([^ ]*\) .*/\1/p')")

# lay_out DIR
lay_out() {
	mkdir -p "$1/include" "$1/lib"
	for d in torch ATen c10 caffe2; do
		ln -s /usr/include/$d "$1/include/$d"
	done
	for f in "$libs"/libtorch.so* "$libs"/libtorch_cpu.so* "$libs"/libc10.so*
	do ln -s "$f" "$1/lib/"; done
}
lay_out up/libtorch
lay_out 'up/lib torch'
mkdir up/none
cp -r up/libtorch up/headers
rm up/headers/lib/*
cp -r up/headers up/broken
echo "no library" >up/broken/lib/libtorch.so

# The source folder may be configured itself, which bars it to others.
mkdir src
(cd "$abs_srcdir" && cp -p --parents configure configure.ac aclocal.m4 \
    Makefile.am Makefile.in config.h.in build-aux/* cmd/tool.c \
    lib/base/compat.h lib/base/err.h lib/torch/*.cpp lib/torch/*.h "$OLDPWD/src")
mkdir build
cd build || exit 99
# try DIR [VARIABLE]...: configure for the libtorch in DIR.
try() {
	dir=$1
	shift
	run sh ../src/configure -C "--with-libtorch=$dir" "$@"
}
# says TEXT NAME: configure fails and says TEXT.
says() {
	if [ "$rc" -ne 0 ] && grep -q "^configure: error: .*$1" err; then pass "$2"
	else fail "$2" err; fi
}

try ../up/libtorch
is_rc 0 'upstream'\''s layout, by a relative path'
top=$(cd .. && pwd)
ok 'its rpath is absolute' grep -q "^TORCH_LDFLAGS = .*-rpath,$top/up/libtorch/lib$" \
    Makefile
ok 'no other BLAS is linked' grep -q '^BLAS_LIBS = $' Makefile
ok 'nor is OpenMP' grep -q '^OPENMP_CXXFLAGS = $' Makefile
ok 'which is said' grep -q "$top/up/libtorch runs on the BLAS and the OpenMP" out
ok 'the shim compiles' env MAKEFLAGS= make lib/torch/libmctorch_a-shim.o
ok 'and starts no threads of its own' sh -c '
    nm lib/torch/libmctorch_a-shim.o >names && ! grep -q GOMP_ names'

try ../up/nowhere
says 'no such folder' 'a folder that is not there'
try ../up/none
says 'does not contain include/torch' 'one without libtorch'
try "../up/lib torch"
says 'contains a space' 'one with a space'
try ../up/headers
says 'headers/lib does not contain libtorch.so' 'one without libraries'
try ../up/broken
says 'headers of libtorch compile, but no program can be linked' \
    'one whose libraries cannot be linked'
run sh ../src/configure -C --without-vips --with-libtorch
says 'without-vips needs --without-libtorch' 'networks without images'
rm config.cache
try ../up/libtorch CXXFLAGS=-std=gnu++98
says 'headers of libtorch are missing or do not compile' 'an old standard'

done_testing
