/*
 * latex_text.h - print text and numbers as LaTeX.
 */
#ifndef MC_LATEX_TEXT_H
#define MC_LATEX_TEXT_H

#include "base/mem.h"

/*
 * Append S, which is valid UTF-8, so that pdflatex prints it as it is: special
 * characters are escaped, European letters, Greek and common signs are kept,
 * straight double quotes become curved ones, and a character that pdflatex's own
 * fonts lack is shown as [U+4E2D], never an error.
 */
void	latex_text(const char *s, struct mc_buf *text);

/* The same of a number, which may have a sign or "<" before it. */
void	latex_number(const char *s, struct mc_buf *text);

#endif
