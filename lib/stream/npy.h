/*
 * npy.h - write and read the header of a NumPy file of float32 rows.
 *
 * NumPy's format 1.0 (numpy/lib/format.py): the bytes \x93NUMPY 1 0, the length
 * of the text that follows in 16 bits, and the text, a Python dictionary.  The
 * values follow, row by row in C order, little-endian.  Formats 2.0 and 3.0 have
 * the length in 32 bits; they are read also.
 */
#ifndef MC_NPY_H
#define MC_NPY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What mctools writes, and numpy.save also for such an array. */
#define MC_NPY_HEADER	128

/* The bytes before the text, in format 1.0. */
#define MC_NPY_START	10

/* Make the header of ROWS x DIM values, at most 2^40 of each. */
void		mc_npy_header(unsigned char header[MC_NPY_HEADER],
		    int64_t rows, int64_t dim);

/*
 * Read the first bytes of a file into how many follow before the values, LENGTH,
 * and how many of those come before the text.  MC_EDATA: it is not a NumPy file,
 * or of another format.
 */
enum mc_status	mc_npy_start(const unsigned char start[MC_NPY_START],
		    size_t *before, size_t *length, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Read TEXT into the shape.  MC_EDATA: the values are not float32,
 * little-endian, in C order and with two dimensions, or there is no column.
 */
enum mc_status	mc_npy_shape(const char *text, int64_t *rows, int64_t *dim,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
