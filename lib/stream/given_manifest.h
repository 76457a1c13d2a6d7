/*
 * given_manifest.h - read a manifest that takes the place of a tar's own.
 *
 * One tar then serves many divisions of its images: repeats, folds, inner folds.
 * Its columns are those that the tar would have if it were packed again with
 * this manifest: all columns of the manifest, and of the tar's those that say
 * how an image was packed (sha256, source_sha256, bits, grey_levels, value_slope,
 * value_intercept), which replace the manifest's.
 */
#ifndef MC_GIVEN_MANIFEST_H
#define MC_GIVEN_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct mc_given;

/*
 * Read the manifest PATH (NULL or "-": standard input) for a tar whose own
 * columns are the N_OWN texts OWN.  The errors are those of mc_manifest_read.
 * *G is NULL on error; mc_given_close ends it, and takes NULL.
 */
enum mc_status	 mc_given_open(struct mc_given **g, const char *path,
		    const char *const *own, size_t n_own, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_given_close(struct mc_given *g);

/*
 * The columns: how many, their names, and which of the tar's a column is; -1:
 * the manifest's.  Whether one of the manifest's is empty in all its rows.
 */
size_t		 mc_given_columns(const struct mc_given *g);
const char	*mc_given_column(const struct mc_given *g, size_t column);
int		 mc_given_own(const struct mc_given *g, size_t column);
bool		 mc_given_empty(const struct mc_given *g, size_t column);

/* Go to the row of ID.  False: there is none; the present row stays. */
bool		 mc_given_find(struct mc_given *g, const char *id);

/* The present row's field in a column of the manifest's; its own sha256, or "". */
const char	*mc_given_get(const struct mc_given *g, size_t column);
const char	*mc_given_sha256(const struct mc_given *g);

/* The file's name for messages, and the SHA-256 of its bytes. */
const char	*mc_given_name(const struct mc_given *g);
const char	*mc_given_digest(const struct mc_given *g);

/*
 * Return how many rows were not gone to, and in *ID the id of the first of
 * these; how many rows there are.
 */
size_t		 mc_given_missing(const struct mc_given *g, const char **id);
size_t		 mc_given_rows(const struct mc_given *g);

#endif
