/*
 * bidi.h - put names, which may be Hebrew or Arabic, into sentences.
 *
 * Names are written from right to left where their letters are, and so would be
 * the numbers and marks beside them (Unicode Standard Annex 9).
 */
#ifndef MC_BIDI_H
#define MC_BIDI_H

#include "base/mem.h"

/*
 * Append NAME to TEXT so that it changes the direction of nothing but itself:
 * between U+2068 (first strong isolate) and U+2069.  Characters of NAME that
 * would end that, such as U+2069, U+202E or U+2029, become blanks.  A NAME in
 * ASCII is appended as it is.
 */
void	mc_bidi_put(struct mc_buf *text, const char *name);

/* The same as a text of its own, to be freed. */
char	*mc_bidi_isolate(const char *name);

#endif
