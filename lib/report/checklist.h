/*
 * checklist.h - say which items of a reporting guideline a report answers, and
 * which the author must write.
 *
 * The numbers of the items are those of the guidelines; the words are ours.
 */
#ifndef MC_CHECKLIST_H
#define MC_CHECKLIST_H

#include "report/page.h"

/* What a report shows: bits, of which an item needs all that it names. */
enum mc_evidence_kind {
	MC_SHOWS_QUESTION = 1 << 0,
	MC_SHOWS_DIVISION = 1 << 1,	/* the audit of a split */
	MC_SHOWS_GROUPS = 1 << 2,	/* of patients kept whole */
	MC_SHOWS_FLOW = 1 << 3,		/* what was left out */
	MC_SHOWS_POPULATION = 1 << 4,	/* counts by split and label */
	MC_SHOWS_VARIABLES = 1 << 5,	/* age, sex, ... */
	MC_SHOWS_MODELS = 1 << 6,
	MC_SHOWS_METRICS = 1 << 7,
	MC_SHOWS_INTERVALS = 1 << 8,
	MC_SHOWS_SUBGROUPS = 1 << 9,
	MC_SHOWS_DIFFERENCES = 1 << 10,
	MC_SHOWS_FIGURES = 1 << 11,
	MC_SHOWS_MISTAKES = 1 << 12,
	MC_SHOWS_EXPLANATIONS = 1 << 13,
	MC_SHOWS_COMMANDS = 1 << 14,
	MC_SHOWS_LIMITATIONS = 1 << 15
};

struct mc_checklist_item {
	const char *number;	/* "12a" */
	const char *topic;
	unsigned needs;		/* an or of the bits above; 0: no file can
				   answer it */
	const char *section;	/* where it is shown: the ID of a section */
	const char *write;	/* what the author writes even so; "": nothing */
};

struct mc_checklist {
	const char *id, *name, *reference;
	const struct mc_checklist_item *items;
	size_t n;
};

/* CLAIM, update 2024: 44 items.  TRIPOD+AI, 2024: 27 items in 52 parts. */
extern const struct mc_checklist mc_checklist_claim, mc_checklist_tripod;

/*
 * Append LIST as a table to P: for each item whether the report, which shows
 * SHOWN, answers it, where, and what is left to write.
 */
void	mc_checklist_print(const struct mc_checklist *list, unsigned shown,
	    struct mc_page *p);

#endif
