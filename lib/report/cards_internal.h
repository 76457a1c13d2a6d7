/*
 * cards_internal.h - what the files of cards.h share: a card and its models.
 *
 * cards.c sorts models into cards; cards_facts.c prints what they record,
 * cards_results.c how well they did.
 */
#ifndef MC_CARDS_INTERNAL_H
#define MC_CARDS_INTERNAL_H

#include <stdbool.h>

#include "report/cards.h"

struct model {
	char *name;		/* isolated (base/bidi.h) */
	char *task, *arm;	/* in print, isolated */
	char *sha256;
	struct mc_keyvalue *about;
};

struct mc_cards {
	struct mc_printed *names;
	struct model *model;
	size_t n, cap;
};

/* The models of one task and arm, and where they are printed. */
struct card {
	const struct model **m;
	size_t n, number;
	struct mc_printed *names;
	const struct mc_rows *metrics, *printed;
	const struct mc_table_style *style;
	struct mc_page *p;
};

/* --- Models (cards.c) -------------------------------------------------------- */

/* The value of KEY in M, or "". */
const char	*card_text(const struct model *m, const char *key);

/*
 * All values that M has of KEY, isolated and joined by ", ", to be freed; "" where
 * it has none.  Those that are names of COLUMN, unless that is NULL, are as they
 * are in print, with what M records in parentheses where it is another text.
 */
char		*card_values(const struct model *m, const char *key,
		    const char *column, struct mc_printed *names);

/* Whether a model of C has KEY; whether its models differ in KEY. */
bool		 card_has(const struct card *c, const char *key);
bool		 card_varies(const struct card *c, const char *key);

/* What tells arms apart, but not their runs. */
bool		 card_is_of_arm(enum mc_key key);

/* Call EACH for every arm of CARDS, sorted, with its models in C, and ARG. */
void		 cards_walk(const struct mc_cards *cards, struct card *c,
		    void (*each)(const struct card *c, void *arg), void *arg);

/* --- What they record (cards_facts.c) ---------------------------------------- */

/* Append what all models of C have in common, and a table of what differs, which a
   card of one model has not. */
void		 card_put_facts(const struct card *c);
void		 card_put_runs(const struct card *c);

/* --- How well they did (cards_results.c) ------------------------------------- */

/*
 * Append the metrics of C's arm as a table: estimate, interval, what was counted,
 * the notes of the rows, and how the intervals were made.  A sentence where there
 * are none.
 */
void		 card_put_results(const struct card *c);

/* Append what must be known of C's arm beside its metrics: weights and seeds. */
void		 card_put_limits(const struct card *c);

#endif
