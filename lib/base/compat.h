/*
 * compat.h - stand in for extensions of the GNU C library that a system lacks.
 *
 * config.h includes this file, so that no other has to.  The stand-ins are built
 * and tested everywhere; they are used where configure does not find the
 * function.
 */
#ifndef MC_COMPAT_H
#define MC_COMPAT_H

#include <stdlib.h>
#include <string.h>

/* Sort like qsort; COMPARE is also passed ARG, last. */
void	mc_qsort_r(void *base, size_t n, size_t size,
	    int (*compare)(const void *, const void *, void *), void *arg);

/*
 * Compare two strings as strverscmp(3) does: by bytes, but a number within them
 * by its value, and one with leading zeros as the decimals of a fraction.
 */
int	mc_strverscmp(const char *a, const char *b);

#ifndef HAVE_GNU_QSORT_R
#define qsort_r mc_qsort_r
#endif
#ifndef HAVE_STRVERSCMP
#define strverscmp mc_strverscmp
#endif

#endif
