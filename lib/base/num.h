/*
 * num.h - convert numbers to and from text, the same in every locale.
 */
#ifndef MC_NUM_H
#define MC_NUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Parse the whole of S as a decimal integer in [MIN, MAX].  On failure *V is
 * untouched and err says why, quoting S: `"abc" is not a whole number`.
 */
enum mc_status	mc_parse_i64(const char *s, int64_t min, int64_t max,
		    int64_t *v, struct mc_err *err) MC_MUST_CHECK;

/*
 * Parse the whole of S as a decimal real number in [MIN, MAX], in fixed or
 * exponent notation.  Hexadecimal, infinity and NaN are refused.  A MIN of
 * DBL_MIN is "above 0" in the message.
 */
enum mc_status	mc_parse_f64(const char *s, double min, double max, double *v,
		    struct mc_err *err) MC_MUST_CHECK;

/* Room for the longest text that the two functions below write. */
#define MC_NUM_SIZE 32

/*
 * The shortest decimal text that reads back as V, or as the same float32 for
 * the second.  V is finite.  Returns BUF.
 */
char	*mc_format_f64(char buf[MC_NUM_SIZE], double v);
char	*mc_format_f32(char buf[MC_NUM_SIZE], float v);

/*
 * Split LIST at each C, or at its commas, into *ITEMS, a NULL-terminated array
 * that the caller frees with one free() (the texts lie behind the pointers).
 * Returns the number of items; an empty item stays an empty text, and an empty
 * LIST is one empty item.
 */
size_t	 mc_split_at(const char *list, char c, char ***items);
size_t	 mc_split_commas(const char *list, char ***items);

#endif
