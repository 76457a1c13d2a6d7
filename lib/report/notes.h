/*
 * notes.h - say below a figure how its numbers were made, and what the notes of
 * its table remark.
 */
#ifndef MC_NOTES_H
#define MC_NOTES_H

#include "report/facts.h"
#include "report/plot.h"

struct mc_notes;

struct mc_notes	*mc_notes_alloc(void);
void		 mc_notes_free(struct mc_notes *n);

/* Add a sentence, with its full stop, unless it is there. */
void		 mc_notes_say(struct mc_notes *n, const char *fmt, ...)
		    MC_PRINTF(2, 3);

/* Add the sentences of F. */
void		 mc_notes_facts(struct mc_notes *n, const struct mc_facts *f);

/*
 * Add the remarks of a row, joined by "; " ("": none).  Those that differ in
 * nothing but numbers are one: "in 29 to 297 of 4999 replicates (3 of 40 numbers)".
 */
void		 mc_notes_remark(struct mc_notes *n, const char *note);

/*
 * The same of the first point of a curve, whose note also has the remarks on the
 * whole curve: those are said with the number of their curves.
 */
void		 mc_notes_remark_curve(struct mc_notes *n, const char *note);

/* Leave out the remarks about intervals, which are not drawn, or only those about
   bands, where bars are: call it before any remark is added. */
void		 mc_notes_without_intervals(struct mc_notes *n);
void		 mc_notes_without_bands(struct mc_notes *n);

/* Add what the user who draws should know, and no reader: what is not drawn for
   want of room.  Without a full stop; it is no part of mc_notes_text. */
void		 mc_notes_advise(struct mc_notes *n, const char *what);

/* The advice, a line for each; "" where there is none. */
const char	*mc_notes_advice(const struct mc_notes *n);

/* Say what a row is in print: "point".  It must outlive N. */
void		 mc_notes_rows_are(struct mc_notes *n, const char *row);

/* Sentence I, from 0, to be freed; NULL: there are not so many. */
char		*mc_notes_sentence(const struct mc_notes *n, size_t i);

/* Append all of them as one paragraph. */
void		 mc_notes_text(const struct mc_notes *n, struct mc_buf *text);

#endif
