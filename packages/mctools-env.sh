#!/bin/sh
# mctools-env - print the variables by which a shell finds mctools in this folder:
#
#	eval "$(.../bin/mctools-env)"
#
# The dictionary of DICOM and the font are those here only where the machine has none.
top=$(cd "$(dirname "$0")/.." && pwd) || exit 1
quoted=\'$(printf '%s\n' "$top" | sed "s/'/'\\\\''/g")\'

echo "export PATH=$quoted/bin:\$PATH"
echo "export MANPATH=$quoted/share/man:\${MANPATH-}"
echo "export PKG_CONFIG_PATH=$quoted/share/pkgconfig:\${PKG_CONFIG_PATH-}"
[ -n "${DCMDICTPATH-}" ] || [ ! -e "$top/share/dicom.dic" ] ||
	echo "export DCMDICTPATH=$quoted/share/dicom.dic:$quoted/share/private.dic"
[ -e /etc/fonts/fonts.conf ] || [ ! -e "$top/share/fonts/fonts.conf" ] ||
	echo "export FONTCONFIG_FILE=$quoted/share/fonts/fonts.conf"
