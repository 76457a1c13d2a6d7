/*
 * sizes.h - tell which network a file of weights fills, without making one.
 *
 * lib/backbone declares the parameters of each network, and a program that uses
 * it links libtorch.  Here a network is known by the number of its arrays and
 * elements, and by a digest of their names and shapes: one row per backbone
 * (sizes.c), which tests/lib/test_networks compares with what is declared.
 *
 * Counted is what all kinds of features need.  Heads and other parts (parts.h),
 * last norms, pools, what a network computes anew, and the position embedding,
 * whose grid depends on the file, are not.
 */
#ifndef MC_WEIGHTS_SIZES_H
#define MC_WEIGHTS_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "weights/dict.h"

#define MC_LAYOUT_HEX 17	/* 16 hexadecimal digits and the NUL */

struct mc_size {
	size_t arrays, elements;
	char layout[MC_LAYOUT_HEX];	/* begins the digest */
};

/* The size of BACKBONE; NULL: there is no row of that name. */
const struct mc_size *mc_size_of(const char *backbone);

/* Whether the array NAME, which the reference calls so, is counted. */
bool		 mc_size_counts(const char *name);

/*
 * The size of the N ARRAYS, of which only name, ndim, shape and n are read; the
 * layout begins the SHA-256 of a line "NAME DIM ... DIM" for each array that is
 * counted, in the order of the names.
 */
struct mc_size	 mc_size_sum(const struct mc_array *arrays, size_t n);

/*
 * Check whether SD, with the names of its file, fills BACKBONE as a program
 * that loads it would see it: under the reference's names, without the arrays
 * that match ALLOW, a pattern of fnmatch(3) or NULL.  MC_EDATA: it does not,
 * and ERR says what it has, and which networks it fills.  A file of which
 * nothing is counted, such as a head alone, is not compared, and neither is any
 * where BACKBONE has no row.  SD stays as it is.
 */
enum mc_status	 mc_size_check(const struct mc_statedict *sd,
		    const char *backbone, const char *allow,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Add the networks that SD, with the names of its file, fills without the
 * arrays that match ALLOW to TEXT: "deit_base_patch16_224, phikon".  Returns
 * false, and adds nothing, where there is none.
 */
bool		 mc_size_like(const struct mc_statedict *sd, const char *allow,
		    struct mc_buf *text);

#endif
