/*
 * latex.h - text for LaTeX.
 */
#ifndef MC_LATEX_H
#define MC_LATEX_H

#include "base/mem.h"

/*
 * Append TEXT, which is UTF-8, so that pdflatex prints it as it is: special
 * characters are escaped, European letters, Greek and common signs are kept,
 * straight double quotes become curved ones, and a character that pdflatex's
 * own fonts lack is shown as [U+4E2D], never an error.
 */
void	mc_latex_escape(struct mc_buf *buf, const char *text);

/* Append V with that many decimals; what rounds to zero has no sign. */
void	mc_latex_number(struct mc_buf *buf, double v, int decimals);

#endif
