#!/bin/sh
# Every program while system calls and allocations fail: a short, fixed sweep.
# make check-faults sweeps wider (--long).
"$PYTHON3" "$abs_srcdir/tests/faults/sweep.py" \
    "$abs_builddir/tests/faults/inject" "$abs_builddir/tests/faults/nomem.so" "$@"
