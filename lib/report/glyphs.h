/*
 * glyphs.h - look whether a font is installed that has a character.
 *
 * Where none has it, Pango draws a box with the character's number.  Within
 * gnuplot's scale (5.4) that box covers the figure, and what follows is drawn
 * many times too large, without a word.
 */
#ifndef MC_GLYPHS_H
#define MC_GLYPHS_H

#include "base/err.h"
#include "base/mem.h"

/*
 * Check that some font has each character of TEXT that is not ASCII.  fc-list,
 * of fontconfig, which Pango itself asks, is looked for in $PATH; without it
 * nothing is checked.
 *
 * Returns MC_EDATA with the first character that no font has.
 */
enum mc_status	mc_glyphs_check(const struct mc_buf *text, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
