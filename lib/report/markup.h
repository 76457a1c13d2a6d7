/*
 * markup.h - write texts into HTML.
 */
#ifndef MC_MARKUP_H
#define MC_MARKUP_H

#include "base/mem.h"

/*
 * Append S to TEXT with &, <, > and " escaped, so that it can be the content of an
 * element or the value of an attribute in double quotes.  A control character,
 * which HTML does not allow, becomes a blank.
 */
void	mc_markup_text(const char *s, struct mc_buf *text);

/* Append the letters MARKS of a note, raised, and AFTER; nothing for NULL. */
void	mc_markup_marks(const char *marks, const char *after,
	    struct mc_buf *text);

#endif
