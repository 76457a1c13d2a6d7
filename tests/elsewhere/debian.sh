#!/bin/sh
# debian.sh RELEASE DIR SOURCE COMMAND - run COMMAND in a copy of the folder
# SOURCE, inside a Debian RELEASE of its own.
#
# debootstrap makes that Debian in the folder DIR, which is used again where it
# is there already.  Packages come from $MC_DEBIAN_MIRROR, by default from where
# this system's come.  The real images of $MC_REAL are copied as well.  Needs
# root, for chroot.
set -eu
release=$1 dir=$2 source=$3 command=$4

[ "$(id -u)" -eq 0 ] || { echo "debian.sh: only root can chroot" >&2; exit 1; }
command -v debootstrap >/dev/null || {
	echo "debian.sh: install debootstrap" >&2
	exit 1
}
if [ ! -e "$dir/etc/debian_version" ]; then
	mirror=${MC_DEBIAN_MIRROR:-$(apt-get indextargets \
	    --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' |
	    head -n 1)}
	rm -rf "$dir"
	# Nothing in it outlives the tests, so dpkg need not wait for the disk.
	debootstrap --variant=minbase "$release" "$dir.part" "$mirror"
	echo force-unsafe-io >"$dir.part/etc/dpkg/dpkg.cfg.d/unsafe-io"
	mv "$dir.part" "$dir"
fi
rm -rf "$dir/src" "$dir/real"
cp -R "$source" "$dir/src"
[ ! -d "${MC_REAL:-}" ] || cp -R "$MC_REAL" "$dir/real"
mkdir -p "$dir/proc" "$dir/sys" "$dir/dev/pts"
unshare --mount --pid --fork sh -c '
	mount -t proc proc "$1/proc"
	mount -t devpts devpts "$1/dev/pts"
	mount --rbind /sys "$1/sys"
	exec env -i LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    MC_REAL=/real HOME=/root chroot "$1" sh -c "cd /src && $2"' \
    sh "$dir" "$command"
