/*
 * variable.h - take a column of a population as values of images or of groups.
 *
 * The age of a patient counts once, however many images there are: where, in
 * each group, all images that have a value have the same one, it is a value of
 * the group, and else one of the image.
 */
#ifndef MC_VARIABLE_H
#define MC_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "table/population.h"

struct mc_variable {
	bool by_group;
	struct mc_names *texts;	/* in byte order; NULL: the values are numbers */
	double *value;		/* of each image or group: the number, or that
				   of the text; NAN: missing */
	size_t first_text;	/* first image whose value is not a number */
	size_t first_number;	/* ... is one; MC_NO_NAME: there is none */
	size_t torn, other;	/* two images of one group that differ in value;
				   MC_NO_NAME: there are none */
};

/*
 * Make V of a further column of P.  A value is missing where it is empty or in
 * MISSING (NULL: none), where -1 is also -1.0.  The others are numbers if each of them is one and
 * AS_TEXT is false; where there are none, the column is one of numbers too.
 * End it with mc_variable_clear.
 */
void		 mc_variable_make(struct mc_variable *v,
		    const struct mc_population *p, size_t column, bool as_text,
		    const struct mc_names *missing);
void		 mc_variable_clear(struct mc_variable *v);

#endif
