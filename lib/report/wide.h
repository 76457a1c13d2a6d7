/*
 * wide.h - look at a population table as a wide one: a column per split or per
 * label.
 */
#ifndef MC_WIDE_H
#define MC_WIDE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/names.h"
#include "table/schemas.h"

/* What the columns of the table are. */
enum mc_across {
	MC_ACROSS_DEFAULT,	/* the splits; the labels where there are no
				   splits, or where labels are compared */
	MC_ACROSS_SPLIT,
	MC_ACROSS_LABEL
};

/* The members are for reading. */
struct mc_wide {
	struct mc_rows *pop;
	struct mc_names *keys;	/* of the rows, by their numbers */
	const char *total;	/* the name of all splits and of all labels */
	bool by_label;		/* the columns are the labels */
	bool has_groups;
	struct mc_names *parts;	/* the columns, without the total */
	size_t *order;		/* of these; n_parts numbers */
	size_t n_parts;
	bool *compared;		/* [part]: it has standardized differences */
};

/*
 * Read POP, which must outlive W; end W with mc_wide_clear, also after an
 * error.  For what is refused see mc_characteristics_grid.
 */
enum mc_status	mc_wide_read(struct mc_wide *w, struct mc_rows *pop,
		    enum mc_across across, struct mc_err *err) MC_MUST_CHECK;
void		mc_wide_clear(struct mc_wide *w);

const struct mc_population_row *mc_wide_row(const struct mc_wide *w, size_t i);
/* Column I, in the order of print; the total is behind the last part. */
const char	*mc_wide_part(const struct mc_wide *w, size_t i);
/*
 * Where a part of this name stands in print: what mc-split and mc-train call
 * parts comes first.  MC_USUAL_PARTS: it is none of these.
 */
#define MC_USUAL_PARTS	3
size_t		mc_wide_rank(const char *part);

/*
 * The column that ROW is of, and what divides it further: split and label, or
 * the reverse.
 */
const char	*mc_wide_own(const struct mc_wide *w,
		    const struct mc_population_row *row);
const char	*mc_wide_other(const struct mc_wide *w,
		    const struct mc_population_row *row);
bool		mc_wide_is_total(const struct mc_wide *w, const char *name);
/* Whether ROW is of the total. */
bool		mc_wide_is_whole(const struct mc_wide *w,
		    const struct mc_population_row *row);

/* The row that says of PART what LINE says of the total, or NULL. */
const struct mc_population_row *mc_wide_find(const struct mc_wide *w,
		    const char *part, const struct mc_population_row *line);

/*
 * The standardized difference of ROW from the same row of another column; NAN:
 * none, or it is from another row of its own column.
 */
double		mc_wide_smd(const struct mc_wide *w,
		    const struct mc_population_row *row);

#endif
