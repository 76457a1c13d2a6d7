#!/bin/sh
# deb-build.sh - build the source package in this folder, and ask lintian.  Runs as
# root in a Debian that may change; deb.sh calls it.
set -eu
export DEBIAN_FRONTEND=noninteractive
cd "$(dirname "$0")"

apt-get update -q
apt-get install -y -q --no-install-recommends build-essential lintian
# apt-get build-dep reads debian/control.
apt-get build-dep -y -q --no-install-recommends "./$(echo mctools-*)"
# As another user, since there are tests of what a user may not do.
id builder >/dev/null 2>&1 || useradd --create-home builder
chown -R builder .

build() {
	su builder -c "cd '$1' && DEB_BUILD_OPTIONS='parallel=$(nproc) $2' \
	    dpkg-buildpackage -us -uc"
}
source=$(echo mctools-*)
if [ "${MC_TWICE-}" = yes ]; then
	mkdir -p twice/elsewhere
	cp ./*.orig.tar.gz twice/elsewhere
	cp -R "$source" twice/elsewhere/
	chown -R builder twice
fi
build "$source" ''
su builder -c 'lintian --version && lintian -i -I --pedantic \
    --fail-on error,warning,info,pedantic *.changes'

if [ "${MC_TWICE-}" = yes ]; then
	build "twice/elsewhere/$source" nocheck
	for package in *.deb; do
		cmp "$package" "twice/elsewhere/$package"
	done
	echo "deb: the packages of two builds have equal bytes"
fi
