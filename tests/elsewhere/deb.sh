#!/bin/sh
# deb.sh - build Debian's packages in a Debian 12 of its own, ask lintian, install them
# in another that has nothing else, and run debian/tests/pipeline there as an ordinary
# user.  The packages are then in OUTPUT.
#
# usage: deb.sh mctools-VERSION.tar.gz ROOT OUTPUT
#
# ROOT is the folder of the first Debian, which is kept for the next time.  With
# MC_TWICE=yes the packages are built twice, in folders of different names, and must
# have equal bytes.  Needs root and debootstrap.
set -eu

tar=$1 root=$2 output=$3
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
bare=$work/bare
trap 'rm -rf "$work"' EXIT
unset MC_REAL

sh "$here/../../packages/debian.sh" "$tar" "$work/source"
cp "$here/deb-build.sh" "$work/source"
sh "$here/debian.sh" bookworm "$root" "$work/source" "MC_TWICE=${MC_TWICE-} sh deb-build.sh"

rm -rf "$output"
mkdir -p "$output" "$work/packages"
find "$root/src" -maxdepth 1 -type f ! -name '*.sh' -exec cp {} "$output" \;
cp "$output"/*.deb "$work/packages"
cp "$here/deb-install.sh" "$work/packages"
cp -R "$work/source/"mctools-*/ "$work/packages/source"
sh "$here/debian.sh" bookworm "$bare" "$work/packages" 'sh deb-install.sh'
ls -l "$output"
