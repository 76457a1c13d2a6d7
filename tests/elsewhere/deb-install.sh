#!/bin/sh
# deb-install.sh - install the packages in this folder and run debian/tests/pipeline.
# Runs as root in a Debian without anything else; deb.sh calls it.
set -eu
export DEBIAN_FRONTEND=noninteractive
cd "$(dirname "$0")"

apt-get update -q
# One package needs no libtorch.
apt-get install -y -q --no-install-recommends man-db ./mctools_*.deb
mc-split --version
if command -v mc-train; then exit 1; fi
depends=$(sed -n 's/^Depends: @, //p' source/debian/tests/control | tr -d ,)
# shellcheck disable=SC2086
apt-get install -y -q --no-install-recommends $depends \
    ./mctools_*.deb ./mctools-torch_*.deb ./libmc-dev_*.deb
useradd --create-home user
su user -c 'cd source && exec debian/tests/pipeline'
apt-get purge -y -q mctools mctools-torch libmc-dev
test -z "$(find /usr -name 'mc-*' -path '*bin*' -o -path '*/include/mc/*' -o \
    -name 'mctools*')"
echo "deb: the packages were built, installed, run and removed"
