/*
 * population_parts.h - divide a population by split and label.
 *
 * A part is the images of one split and one label, or of all of either.  Splits
 * and labels are numbered as in the population; the number behind the last
 * stands for all of them.  An image of several findings is in the part of each,
 * and once in that of all.
 */
#ifndef MC_POPULATION_PARTS_H
#define MC_POPULATION_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "table/population.h"

struct mc_parts {
	size_t splits, labels;		/* how many there are */
	size_t split, label;		/* the part at hand: */
	size_t *images, n_images;	/* its images */
	size_t *groups, n_groups;	/* and their groups, each once */
	const struct mc_population *p;
	size_t *order;			/* images by split and label */
	size_t *first;			/* of each pair in ORDER, and the end */
	bool *seen;			/* each group; all false */
};

/*
 * Divide P, which must outlive PARTS; the part at hand is all of it.  Refused:
 * more than a million pairs of split and label.  End it with mc_parts_clear,
 * which also takes { 0 }.
 */
enum mc_status	 mc_parts_make(struct mc_parts *parts,
		    const struct mc_population *p, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_parts_clear(struct mc_parts *parts);

/* Make this the part at hand, in the time that its images take. */
void		 mc_parts_go_to(struct mc_parts *parts, size_t split,
		    size_t label);

#endif
