#!/bin/sh
# arm64.sh - cross-compile what needs no tensors for 64-bit Arm and run its unit
# tests under qemu.  Runs in the source folder, as root, on an amd64 Debian.
set -eu
export DEBIAN_FRONTEND=noninteractive

dpkg --add-architecture arm64
apt-get update -q
apt-get install -y -q --no-install-recommends autoconf automake \
    crossbuild-essential-arm64 make pkg-config qemu-user libarchive-dev:arm64 \
    libcsv-dev:arm64 libgsl-dev:arm64 libjansson-dev:arm64 nettle-dev:arm64 \
    zlib1g-dev:arm64
# The packages for arm64 and not those for amd64.
export PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig
./configure --host=aarch64-linux-gnu --without-vips --enable-werror
make -j "$(nproc)"
make check TESTS='$(check_PROGRAMS)' MC_EMULATOR=/usr/bin/qemu-aarch64
