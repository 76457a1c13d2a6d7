/*
 * typeset.h - measure texts before they are drawn, break them into lines, and
 * quote them for gnuplot.
 *
 * Who lays a figure out must know how wide a label is, and the font that will
 * draw it is known to gnuplot alone.  So widths are estimates: those of
 * Helvetica, and an eighth more, which is what DejaVu Sans takes where a
 * machine has no Helvetica.
 */
#ifndef MC_TYPESET_H
#define MC_TYPESET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* The width of TEXT in ems, that is, for a font of size 1. */
double	mc_text_ems(const char *text);

/* The code of the character that TEXT begins with, which is mc_printable. */
unsigned mc_text_code(const char *text);

/* Whether CODE is drawn by no font: joiners, and marks of the writing direction. */
bool	mc_text_is_unseen(unsigned code);

/* The columns that TEXT takes on a terminal. */
size_t	mc_text_columns(const char *text);

/*
 * Append TEXT as a string of gnuplot, in which nothing is substituted or
 * interpreted: in single quotes, each of its own doubled, and those it begins with
 * joined in front.  A byte that is not mc_printable becomes a blank.
 */
void	mc_text_quote(const char *text, struct mc_buf *script);

/* TEXT without the characters that are mc_text_is_unseen, to be freed. */
char	*mc_text_seen(const char *text);

/*
 * Return how many bytes of TEXT, which is not empty, are its first line, where
 * a line may be as wide as WIDTH in the unit of MEASURE: up to a blank.  A word
 * that alone is wider is broken behind one of "_-/.,:;+=)", so that
 * long_model_names_v2 keeps its v2, or else within.  At least one character.
 */
size_t	mc_text_break(const char *text, double width,
	    double (*measure)(const char *text, void *arg), void *arg);

#endif
