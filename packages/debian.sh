#!/bin/sh
# debian.sh - make a Debian source package of the sources that `make dist` packs.
#
# usage: debian.sh mctools-VERSION.tar.gz FOLDER
#
# FOLDER then has mctools_VERSION.orig.tar.gz, and mctools-VERSION with packages/debian
# as its folder debian, in which dpkg-buildpackage runs.  The sources have no folder
# debian of their own, since a distribution's takes its place.
set -eu

tar=$1 folder=$2
name=$(basename "$tar" .tar.gz)
mkdir -p "$folder"
rm -rf "${folder:?}/$name"
cp "$tar" "$folder/mctools_${name#mctools-}.orig.tar.gz"
tar -xzf "$tar" -C "$folder"
cp -R "$folder/$name/packages/debian" "$folder/$name/debian"
