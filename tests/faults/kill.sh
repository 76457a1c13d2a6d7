#!/bin/sh
# kill.sh SECONDS - studies that are killed, of the programs built here.
"$PYTHON3" "$abs_srcdir/tests/faults/kill.py" \
    "$abs_srcdir/examples/study.mk" "$1"
