#!/bin/sh
# ViT, Swin and ConvNeXt in the names of other projects: the features of
# torchvision.
. "$abs_srcdir/tests/tap.sh"

if ! "$PYTHON3" -c 'import torchvision' 2>/dev/null; then
	skip 'foreign names' 'no torchvision'
	done_testing
	exit
fi
compared 'torchvision has compared' "$PYTHON3" "$abs_srcdir/tests/cmd/foreign_peer.py"
done_testing
