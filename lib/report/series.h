/*
 * series.h - tell the panels of a figure apart, and the lines within them, by
 * the keys of the rows that are plotted.
 */
#ifndef MC_SERIES_H
#define MC_SERIES_H

#include <stdbool.h>
#include <stddef.h>

struct mc_series_key {
	const char *heading;	/* before a value that does not speak for
				   itself: "fold 2"; NULL: it does */
	bool of_line;		/* tells lines apart, not panels */
	bool if_alone;		/* tells lines apart where nothing else does */
};

/* Fill the first MC_KEYS of KEYS, those of the key columns (table/keys.h).  OF_LINE
   says which tell lines apart; NULL: none. */
void	mc_series_keys(struct mc_series_key *keys, bool (*of_line)(size_t k));

/* Whether the key column K tells the arms, seeds and folds of a figure apart. */
bool	mc_series_is_of_arm(size_t k);

struct mc_series {
	size_t n_panels, n_lines;
	char **panels, **lines;		/* their names; "" where there is but
					   one and it has none */
	size_t *panel, *line;		/* [row] */
};

/*
 * Fill S, freed with mc_series_clear, for N rows; TEXT returns what ROW has under
 * KEY, one of the N_KEYS.  Panels and lines keep the order in which they come.  A name has those keys that tell it apart, the first ones where others
 * would do too.
 */
void	mc_series_make(struct mc_series *s, const struct mc_series_key *keys,
	    size_t n_keys, size_t n, const char *(*text)(const void *arg,
	    size_t row, size_t key), const void *arg);
void	mc_series_clear(struct mc_series *s);

#endif
