/*
 * bidi.h - put names, which may be Hebrew or Arabic, into sentences.
 *
 * Names are written from right to left where their letters are, and so would be
 * the numbers and marks beside them (Unicode Standard Annex 9): "X, 12 images"
 * becomes "12 ,X images".  An isolate ends the effect with the name.  Pango and
 * browsers know its characters; report/markup.h makes an element of them.
 */
#ifndef MC_BIDI_H
#define MC_BIDI_H

#include "base/mem.h"

#define MC_ISOLATE	"\xe2\x81\xa8"	/* U+2068, first strong isolate */
#define MC_ISOLATE_FILE	"\xe2\x81\xa6"	/* U+2066, left-to-right isolate */
#define MC_ISOLATE_END	"\xe2\x81\xa9"	/* U+2069, pop directional isolate */

/*
 * Append NAME to TEXT so that it changes the direction of nothing but itself:
 * between MC_ISOLATE and MC_ISOLATE_END where it has a letter or digit of a script
 * written from right to left.  Characters of NAME that would act on what is behind
 * it, such as U+2069, U+202E or U+2029, become blanks.  Any other NAME is appended
 * as it is.
 */
void	mc_bidi_put(struct mc_buf *text, const char *name);

/* The same as a text of its own, to be freed. */
char	*mc_bidi_isolate(const char *name);

/*
 * The same of NAME, a file's, which is read from left to right whatever letter it
 * begins with, so that its ending is at its end: between MC_ISOLATE_FILE and
 * MC_ISOLATE_END.
 */
void	mc_bidi_put_file(struct mc_buf *text, const char *name);
char	*mc_bidi_isolate_file(const char *name);

/* NAME with such characters as blanks, but never isolated; to be freed. */
char	*mc_bidi_plain(const char *name);

#endif
