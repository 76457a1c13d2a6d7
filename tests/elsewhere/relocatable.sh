#!/bin/sh
# relocatable.sh - run what `make relocatable` made in a Debian that has none of its
# libraries, neither make nor gnuplot, as a user who is not root, in a folder with a
# blank in its name: a pipeline, and the demo of README.md by study.mk.
#
# usage: relocatable.sh TAR [RELEASE]		Debian 12 unless another is named
#
# Then the module file, with the Environment Modules and the Lmod of that Debian.
# Needs root, and debootstrap, which takes packages from $MC_DEBIAN_MIRROR, by default
# from where it always does.
set -eu

tar=$1 release=${2:-bookworm}
here=$(dirname "$0")
root=$(mktemp -d)
trap 'umount "$root/proc" 2>/dev/null || :; rm -rf "$root"' EXIT
# shellcheck disable=SC2086
debootstrap --variant=minbase "$release" "$root" ${MC_DEBIAN_MIRROR-} >/dev/null
chmod 755 "$root"
mount -t proc proc "$root/proc"
home="$root/home/a user"
mkdir -p "$home/work"
tar -xJf "$tar" -C "$home" --no-same-owner
cp "$here/pipeline.sh" "$home/work"
cat >"$home/try" <<'END'
set -eu
cd "/home/a user/work"
for program in gnuplot make pdflatex pkg-config; do
	! command -v $program || { echo "not bare: $program"; exit 1; }
done
eval "$(../mctools-*/bin/mctools-env)"
sh pipeline.sh
# make takes no blanks in the name of the folder of study.mk.
ln -s "/home/a user"/mctools-* /tmp/mctools
export PKG_CONFIG_PATH=/tmp/mctools/share/pkgconfig
test -e "$(pkg-config --variable=study mctools)"
mkdir demo
cd demo
make -j 2 -f /tmp/mctools/share/mctools/examples/phantom/Makefile >log 2>&1 || {
	tail -n 30 log
	exit 1
}
grep '^no table.pdf: pdflatex is not installed' log
tail -n 5 log
ls -l table.tex figures/*.pdf report.html study.tar
sha256sum --quiet -c SHA256SUMS
END
cat >"$home/modules" <<'END'
# modules INIT: load the module, in a shell in which INIT has defined `module`.
set +eu
. "$1"
set -e
cd /
module use /tmp/mctools/share/modulefiles
module load mctools
mc-train --version
# Lmod writes no blank before the name.
module list 2>&1 | grep -o 'mctools/[0-9.]*'
test "$(command -v make)" = "/home/a user"/mctools-*/spare/make
test -e "$(echo "$DCMDICTPATH" | sed 's/:.*//')"
module unload mctools
test -z "${DCMDICTPATH-}"
! command -v mc-train
END
chown -R 1000:1000 "$home"
inside() {
	chroot --userspec=1000:1000 "$root" env -i LC_ALL=C HOME="/home/a user" \
	    PATH=/usr/bin:/bin "$@"
}
inside sh "/home/a user/try"
chroot "$root" apt-get update -q >/dev/null
for modules in environment-modules:/etc/profile.d/modules.sh lmod:/etc/profile.d/lmod.sh; do
	chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
	    --no-install-recommends "${modules%%:*}" >/dev/null
	inside bash "/home/a user/modules" "${modules#*:}"
	chroot "$root" apt-get purge -y -q "${modules%%:*}" >/dev/null
done
echo "relocatable: all of it ran"
