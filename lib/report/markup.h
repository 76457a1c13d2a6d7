/*
 * markup.h - write texts into HTML.
 */
#ifndef MC_MARKUP_H
#define MC_MARKUP_H

#include "base/mem.h"
#include "report/grid.h"

/*
 * Append S to TEXT as the content of an element, with &, <, > and " escaped.  A
 * control character, which HTML does not allow or does not show, becomes a blank.
 * What bidi.h has isolated becomes an element bdi.
 */
void	mc_markup_text(const char *s, struct mc_buf *text);

/*
 * The same as the value of an attribute in double quotes, or the content of a
 * title, which hold no elements: isolates stay the characters that they are.
 */
void	mc_markup_value(const char *s, struct mc_buf *text);

/* Append the letters MARKS of a note, raised, and AFTER; nothing for NULL. */
void	mc_markup_marks(const char *marks, const char *after,
	    struct mc_buf *text);

/*
 * Append the sentences below G as the content of an element p.  Each that has a
 * mark begins another one.
 */
void	mc_markup_sentences(const struct mc_grid *g, struct mc_buf *text);

#endif
