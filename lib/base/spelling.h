/*
 * spelling.h - find values that are one though spelled in several ways, and tell
 * how far apart two spellings are.
 *
 * A column of whole numbers in which one was missing comes out of pandas as
 * 55.0, 56.0: compared as bytes these are other values than 55 and 56.
 */
#ifndef MC_SPELLING_H
#define MC_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/num.h"

/*
 * The number TEXT without zeros at the end of its decimals, without a point
 * that nothing follows and without a plus sign: 55 for 55.0, 55. and +55.  TEXT
 * itself where it is no such number, 007 and 1e3 among others.  BUF is where
 * the result may lie.
 */
const char	*mc_plain_number(const char *text, char buf[MC_NUM_SIZE]);

/*
 * The same of a column whose texts are numbers and no names, such as the fold:
 * also without blanks around it and zeros in front, 1 for 01, " 1" and 01.0.
 */
const char	*mc_key_number(const char *text, char buf[MC_NUM_SIZE]);

/*
 * What spellings of one class have in common: blanks at the ends do not count,
 * nor does the case of ASCII letters; equal numbers are one class, and true and
 * false are 1 and 0.  The caller frees it.
 */
char		*mc_spelling_key(const char *text);

/* The first of NAMES that is another spelling of TEXT, or NULL. */
const char	*mc_spelling_like(const struct mc_names *names,
		    const char *text);

/*
 * Whether two of the N distinct texts at TEXT are spellings of one class: the
 * first such pair, *A < *B.
 */
bool		 mc_two_spellings(const char *const *text, size_t n, size_t *a,
		    size_t *b);

/*
 * How many characters must be left out, put in, changed, or exchanged with their
 * neighbours, to make B of A (optimal string alignment).
 */
size_t		 mc_spelling_distance(const char *a, const char *b);

#endif
