/*
 * part.h - divide a list among several runs of a program: part I of N.
 */
#ifndef MC_PART_H
#define MC_PART_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Read TEXT, "I/N", whose parts are numbered from 1 to N.  MC_EDATA: it is
 * something else, or I is not one of them.
 */
enum mc_status	mc_part_parse(const char *text, int64_t *i, int64_t *n,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Part I of N, 1 <= I <= N <= ITEMS, of ITEMS things: the *COUNT of them from
 * number *FIRST on.  The parts follow one another and differ by one thing at most.
 */
void		mc_part_range(int64_t i, int64_t n, size_t items,
		    size_t *first, size_t *count);

#endif
