#!/bin/sh
# relocatable.sh - pack the programs with the libraries that they need, for people
# without root: unpack the tar anywhere and put its bin into PATH.
#
# usage: relocatable.sh ROOT PREFIX OUTPUT
#
# ROOT is a folder in which `make install DESTDIR=ROOT` has put PREFIX.  Programs and
# libraries find each other by their places (RPATH $ORIGIN).  Not in the tar are the
# C library, so that the other machine's must be as new as this one's, and what
# programs run: gnuplot, LaTeX, make.  DCMTK's dictionary and a font, which the
# libraries look for elsewhere, are named by bin/mctools-env.  The licences of the
# packages are in share/licenses.  Equal files give equal bytes.  Needs patchelf, GNU
# tar and xz.
set -eu

root=$1 prefix=$2 output=$3
name=$(basename "$output" .tar.xz)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
top=$tmp/$name

mkdir -p "$top/lib" "$top/share/licenses"
cp -R "$root$prefix/bin" "$top/"
cp -R "$root$prefix/share/." "$top/share/"

# Libraries of ours and theirs, without those of the C library.
for program in "$top"/bin/*; do
	ldd "$program" 2>/dev/null || :
done | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }' | sort -u |
    grep -v -E '^(ld-linux|lib(c|m|dl|pthread|rt|resolv|util|nsl|anl)\.so)' \
    >"$tmp/libraries"
while read -r soname file; do
	cp -L "$file" "$top/lib/$soname"
	chmod 644 "$top/lib/$soname"
done <"$tmp/libraries"
if grep -q 'not found' "$tmp/libraries"; then
	echo "relocatable: a library is missing here" >&2
	exit 1
fi
for file in "$top"/lib/*; do
	patchelf --force-rpath --set-rpath '$ORIGIN' "$file"
done
for file in "$top"/bin/*; do
	if ldd "$file" >/dev/null 2>&1; then
		strip "$file"
		patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$file"
	fi
done

# What libraries read, from where Debian has it.
here=$(dirname "$0")
sed "s/@[V]ERSION@/$name/" "$here/mctools-env.sh" >"$top/bin/mctools-env"
chmod +x "$top/bin/mctools-env"
mkdir -p "$top/share/fonts"
for file in /usr/share/libdcmtk*/dicom.dic /usr/share/libdcmtk*/private.dic; do
	[ ! -e "$file" ] || cp -L "$file" "$top/share/"
done
font=/usr/share/fonts/truetype/dejavu
if [ -d "$font" ]; then
	cp -L "$font"/DejaVuSans*.ttf "$top/share/fonts/"
	cat >"$top/share/fonts/fonts.conf" <<-END
	<?xml version="1.0"?>
	<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
	<fontconfig>
	<dir prefix="relative">.</dir>
	<cachedir prefix="xdg">fontconfig</cachedir>
	</fontconfig>
	END
fi

# Each library's package, by Debian's list of files.
if command -v dpkg-query >/dev/null; then
	cut -d ' ' -f 2 "$tmp/libraries" | while read -r file; do
		real=$(readlink -f "$file")
		dpkg-query -S "$real" "${real#/usr}" 2>/dev/null || :
	done | sed 's/:.*//; $a fonts-dejavu-core' | sort -u | while read -r package; do
		[ ! -e "/usr/share/doc/$package/copyright" ] ||
			cp -L "/usr/share/doc/$package/copyright" \
			    "$top/share/licenses/$package"
	done
fi

(cd "$tmp" && find "$name" ! -type d | LC_ALL=C sort |
    tar -cf - --format=ustar --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw \
	--mtime=@0 -T - | xz -T 0 -3) >"$output.part"
mv "$output.part" "$output"
