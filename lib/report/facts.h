/*
 * facts.h - say how the numbers of a table were made: "Replicates: 4999."
 */
#ifndef MC_FACTS_H
#define MC_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/columns.h"
#include "report/grid.h"
#include "report/layout.h"
#include "table/schema.h"

/* The order of the lines of results. */
enum mc_line_order {
	MC_ORDER_NAME,		/* of the names, key by key */
	MC_ORDER_GIVEN,		/* in which they first come in the tables */
	MC_ORDER_ESTIMATE,	/* the best of the first column first, among
				   lines that compete */
	MC_ORDER_NAMES		/* of the keys of --names, then of the names */
};

/* What a user says about a table. */
struct mc_table_style {
	const char *metrics;	/* which: "accuracy,f1:macro,..."; NULL: see
				   mc_columns_choose */
	const char *caption;	/* NULL: none */
	const char *label;	/* NULL: none */
	bool bold;		/* mark the best estimates */
	int percent;		/* decimals of percentages; others have one
				   more; or MC_BY_WIDTH */
	const char *unit, *units;	/* what a group of images is, one and
				   many: "patient", "patients"; NULL: "group",
				   "groups" */
	struct mc_rows *differences;	/* that results are marked by; NULL: none */
	double alpha;			/* where p is at most that */
	const struct mc_layout *layout;	/* of results; NULL: the default */
	enum mc_line_order order;
	const struct mc_printed *names;	/* that are in the table; needed for
					   MC_ORDER_NAMES */
};

/* What one number was made from; a missing member is NAN, "", NULL or -1. */
struct mc_evidence {
	double level;
	const char *method;	/* of the interval */
	int64_t replicates, resample_seed;
	const char *of[3];	/* task, split, subgroup: whose size it is */
	const char *unit;	/* "group" or "image" */
	int64_t n_images, n_units;
	int64_t seeds;		/* training seeds */
	const char *weights;	/* "random", others, or "" */
};

struct mc_facts;

struct mc_facts	*mc_facts_alloc(void);
void		 mc_facts_free(struct mc_facts *f);

/*
 * Add VALUE under HEADING, which is not copied, as VALUE is.  Headings keep the
 * order in which they first came, and so do the distinct values of each; "" is
 * no value.
 */
void		 mc_facts_add(struct mc_facts *f, const char *heading,
		    const char *value);

/*
 * Add how the intervals of N numbers were made, and what was resampled where it
 * is the same for all of them.
 */
void		 mc_facts_add_intervals(struct mc_facts *f,
		    const struct mc_table_style *style,
		    const struct mc_evidence *from, size_t n);

/*
 * Add what the N numbers were measured on: "chest 624 images of 301 patients",
 * in the words of STYLE, "chest (test, sex=F) 300 images of 150 patients" or
 * "derma 90 images, 85 distinct"; over how many training seeds, under the
 * heading SEEDS; and that weights were random, if those of any number were.
 */
void		 mc_facts_add_sizes(struct mc_facts *f,
		    const struct mc_table_style *style,
		    const struct mc_evidence *from, size_t n,
		    const char *seeds);

/*
 * Add the range of the N numbers at SD, of column I of the N_COLUMNS: "AUROC
 * 0.31 to 1.20", as the standard deviation over training seeds; nothing where
 * all are NAN.
 */
void		 mc_facts_add_seed_sds(struct mc_facts *f,
		    const struct mc_column *columns, size_t n_columns,
		    size_t i, const double *sd, size_t n, int percent);

/* Say "HEADING: VALUE, VALUE." below G for each heading that has a value. */
void		 mc_facts_say(const struct mc_facts *f, struct mc_grid *g);

/* A method, test or adjustment as a paper spells it: "mcnemar", "McNemar". */
const char	*mc_facts_spelling(const char *name);

#endif
