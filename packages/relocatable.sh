#!/bin/sh
# relocatable.sh - pack the programs with the libraries that they need, for people
# without root: unpack the tar anywhere and put its bin into PATH.
#
# usage: relocatable.sh ROOT PREFIX OUTPUT
#
# ROOT is a folder in which `make install DESTDIR=ROOT` has put PREFIX.  Programs and
# libraries find each other by their places (RPATH $ORIGIN).  The folder spare has make,
# gnuplot and pkg-config, for machines without them: with a shell, an awk and GNU's
# utilities they are all that a study needs, but for its table.pdf, which takes LaTeX.
# Nor is the C library in the tar: the other machine's must be as new as the newest
# symbol that is used, which bin/mctools-env checks.  It also names DCMTK's dictionary
# and a font, which the libraries look for elsewhere; so does a module file.  The
# licences of the packages are in share/licenses.  Equal files give equal bytes.  Needs
# binutils, patchelf, GNU tar and xz.
set -eu

root=$1 prefix=$2 output=$3
name=$(basename "$output" .tar.xz)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
top=$tmp/$name

mkdir -p "$top/lib" "$top/share/licenses" "$top/spare"
cp -R "$root$prefix/bin" "$top/"
cp -R "$root$prefix/share/." "$top/share/"
for program in gnuplot make pkg-config; do
	file=$(command -v "$program") || {
		echo "relocatable: $program is missing here: install it" \
		    "(gnuplot-nox, make, pkg-config)" >&2
		exit 1
	}
	readlink -f "$file" >>"$tmp/spare"
	cp -L "$file" "$top/spare/$program"
done
# study.mk is where mctools.pc is, not where it was configured for.
sed 's,^prefix=.*,prefix=${pcfiledir}/../..,' "$root$prefix/share/pkgconfig/mctools.pc" \
    >"$top/share/pkgconfig/mctools.pc"

# Libraries of ours and theirs, without those of the C library.
for program in "$top"/bin/* "$top"/spare/*; do
	ldd "$program" 2>/dev/null || :
done | awk '$2 == "=>" && $3 ~ /^\// { print $1, $3 }' | sort -u |
    grep -v -E '^(ld-linux|lib(c|m|mvec|dl|pthread|rt|resolv|util|nsl|anl)\.so)' \
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
for file in "$top"/bin/* "$top"/spare/*; do
	if ldd "$file" >/dev/null 2>&1; then
		strip "$file"
		patchelf --force-rpath --set-rpath '$ORIGIN/../lib' "$file"
	fi
done

# What libraries read, from where Debian has it.
here=$(dirname "$0")
glibc=$(objdump -T "$top"/bin/* "$top"/lib/* "$top"/spare/* 2>/dev/null |
    sed -n 's/.*GLIBC_\([0-9][0-9.]*\).*/\1/p' | sort -u -V | tail -n 1)
sed "s/@[G]LIBC@/$glibc/" "$here/mctools-env.sh" >"$top/bin/mctools-env"
chmod +x "$top/bin/mctools-env"
version=${name#mctools-}
mkdir -p "$top/share/modulefiles/mctools"
cp "$here/modulefile" "$top/share/modulefiles/mctools/${version%-*}"
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
	cut -d ' ' -f 2 "$tmp/libraries" | cat - "$tmp/spare" | while read -r file; do
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
echo "$output: needs version $glibc of the GNU C library, or a later one"
