/*
 * axis.h - put results into lines, or into columns, by some of their keys.
 */
#ifndef MC_AXIS_H
#define MC_AXIS_H

#include <stddef.h>

#include "report/result_set.h"

struct mc_axis {
	struct mc_result_set *set;
	bool is_columns;
	struct mc_axis_keys keys;
	size_t n;		/* lines, or columns */
	size_t *first;		/* [n]: a result of each, by its number */
};

/*
 * Sort the results of S by KEYS into lines, or columns, in the order of their
 * names, and set their places.  Free with mc_axis_clear.
 */
void	mc_axis_init(struct mc_axis *a, struct mc_result_set *s,
	    const struct mc_axis_keys *keys, bool is_columns);
void	mc_axis_clear(struct mc_axis *a);

/* The text of key I of line or column AT. */
const char *mc_axis_text(const struct mc_axis *a, size_t at, size_t i);

/*
 * Put the lines, or columns, into the order of the style of S, and set their
 * places.  The metrics keep their order, and so do columns where the order is
 * that of estimates; lines need the columns in their last order.
 */
void	mc_axis_order(struct mc_axis *a);

#endif
