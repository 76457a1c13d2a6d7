#!/bin/sh
# mctools-env - print the variables by which a shell finds mctools in this folder:
#
#	eval "$(.../bin/mctools-env)"
#
# The dictionary of DICOM, the font, and make, gnuplot and pkg-config are those here
# only where the machine has none.
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
quoted=\'$(printf '%s\n' "$top" | sed "s/'/'\\\\''/g")\'

needed=@GLIBC@
found=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/.* //')
if [ "$(printf '%s\n' "$needed" "${found:-0}" | sort -V | head -n 1)" != "$needed" ]; then
	echo "mctools-env: these programs need version $needed of the GNU C library, or" \
	    "a later one, and this machine has ${found:-none}: build mctools here" >&2
	echo false
	exit 1
fi
echo "export PATH=$quoted/bin:\$PATH:$quoted/spare"
echo "export MANPATH=$quoted/share/man:\${MANPATH-}"
echo "export PKG_CONFIG_PATH=$quoted/share/pkgconfig:\${PKG_CONFIG_PATH-}"
[ -n "${DCMDICTPATH-}" ] || [ ! -e "$top/share/dicom.dic" ] ||
	echo "export DCMDICTPATH=$quoted/share/dicom.dic:$quoted/share/private.dic"
[ -e /etc/fonts/fonts.conf ] || [ ! -e "$top/share/fonts/fonts.conf" ] ||
	echo "export FONTCONFIG_FILE=$quoted/share/fonts/fonts.conf"
