/*
 * seen.h - record the images that a model has seen, by the SHA-256 of their
 * bytes.
 *
 * A model tar holds the list as images.tsv, with the columns sha256 and role
 * (train, or val: an image that the epoch was chosen by), in the order of the
 * digests.  An image with the bytes of a training image and of a validation
 * image has the role train.
 */
#ifndef MC_SEEN_H
#define MC_SEEN_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

struct mc_seen;

enum mc_role { MC_UNSEEN, MC_VALIDATED, MC_TRAINED };

struct mc_seen	*mc_seen_alloc(void);
/* S may be NULL. */
void		 mc_seen_free(struct mc_seen *s);

/* Add an image with the digest SHA256, 64 hexadecimal digits, copied. */
void		 mc_seen_add(struct mc_seen *s, const char *sha256,
		    enum mc_role role);

/* No more comes: make the list ready for the functions below. */
void		 mc_seen_sort(struct mc_seen *s);

/* What the image with the digest SHA256 was used for. */
enum mc_role	 mc_seen_find(const struct mc_seen *s, const char *sha256);

/* How many digests A and B, both ready, have in common. */
size_t		 mc_seen_common(const struct mc_seen *a,
		    const struct mc_seen *b);

/* Append the list as images.tsv to TEXT. */
void		 mc_seen_print(const struct mc_seen *s, struct mc_buf *text);

/* Read such a list, ready, from TEXT; NAME is for messages. */
enum mc_status	 mc_seen_read(struct mc_seen **s, const struct mc_buf *text,
		    const char *name, struct mc_err *err) MC_MUST_CHECK;

#endif
