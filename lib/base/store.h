/*
 * store.h - keep items of bytes, of which many take no memory.
 *
 * Items lie in chunks of 64 MiB.  A chunk that is full goes to an unlinked
 * temporary file in $TMPDIR and is mapped from there, so that its pages are the
 * file's: the system keeps as many of them as it has room for.  Less than a chunk
 * touches no file.  Where no temporary file can be written, chunks stay in memory.
 */
#ifndef MC_STORE_H
#define MC_STORE_H

#include <stddef.h>
#include <stdint.h>

struct mc_store;

struct mc_store	*mc_store_alloc(void);
void		 mc_store_free(struct mc_store *s);

/* Copy the item of N BYTES; returns its place. */
uint64_t	 mc_store_add(struct mc_store *s, const void *bytes, size_t n);

/*
 * The item at PLACE, aligned for numbers of 32 bits, which may be changed.  It
 * stays where it is until the next mc_store_add.
 */
void		*mc_store_at(const struct mc_store *s, uint64_t place);

#endif
