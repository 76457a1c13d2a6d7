/*
 * dict_internal.h - fill a state dict; for lib/weights alone.
 *
 * A reader finds the whole file in sd->file and adds arrays, whose data lie
 * in the file or in memory from mc_statedict_room.
 */
#ifndef MC_DICT_INTERNAL_H
#define MC_DICT_INTERNAL_H

#include <stdbool.h>

#include "base/hash.h"
#include "weights/dict.h"

struct mc_statedict {
	struct mc_array *arrays;
	size_t n, cap;
	struct mc_array **by_name;	/* the same, sorted */
	const char *name, *format;	/* name: in messages */
	char sha256[MC_SHA256_HEX];
	unsigned char *file;
	size_t size;
	bool mapped;			/* file is a map, else from malloc */
	void **rooms;			/* what mc_statedict_room gave */
	size_t nrooms, rooms_cap;
};

/* Give back the whole pages of a mapped file in the N bytes at P. */
void		 mc_statedict_unload(const struct mc_statedict *sd,
		    const void *p, size_t n);

/* Unsigned little-endian integer of N <= 8 bytes. */
uint64_t	 mc_le(const unsigned char *p, int n);

/*
 * The elements of a shape into *N.  False where the dimensions are negative
 * or the bytes, at SIZE an element, do not fit half the address space.
 */
bool		 mc_shape_count(const int64_t *shape, int ndim, size_t size,
		    size_t *n);

/* N bytes that live as long as SD. */
void		*mc_statedict_room(struct mc_statedict *sd, size_t n);

/* Append a copy of A and of its name. */
void		 mc_statedict_add(struct mc_statedict *sd,
		    const struct mc_array *a);

/*
 * Sort the names once all arrays are there, and again after a change of names.
 * Refuses equal and unprintable names and a dictionary without arrays.
 */
enum mc_status	 mc_statedict_index(struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
