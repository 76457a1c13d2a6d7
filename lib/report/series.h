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

/* The key column K (table/keys.h) of a table. */
struct mc_series_key mc_series_key_of(size_t k, bool of_line);

struct mc_series {
	size_t n_panels, n_lines;
	char **panels, **lines;		/* their names; "" where there is but
					   one and it has none */
	size_t *panel, *line;		/* [row] */
};

/*
 * Fill S, freed with mc_series_clear, for N rows whose N_KEYS texts are at
 * TEXTS[row * n_keys + key].  Panels and lines keep the order in which they
 * come.  A name has those keys that tell it apart, the first ones where others
 * would do too.
 */
void	mc_series_make(struct mc_series *s, const struct mc_series_key *keys,
	    size_t n_keys, const char *const *texts, size_t n);
void	mc_series_clear(struct mc_series *s);

#endif
