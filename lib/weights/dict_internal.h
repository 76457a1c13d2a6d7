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
#include "base/mem.h"
#include "weights/facts.h"
#include "weights/dict.h"

/* What an array that is left out belongs to; parts.c has the names. */
enum mc_part {
	MC_PART_HEAD, MC_PART_PROJECTOR, MC_PART_STUDENT, MC_PART_MOMENTUM,
	MC_PART_QUEUE, MC_PART_LOSS, MC_PART_DECODER, MC_PART_TEXT,
	MC_PART_POSITIONS, MC_PART_AVERAGE, MC_PART_ALLOWED, MC_PART_OUTSIDE,
	MC_PART_UNNAMED, MC_PARTS
};

struct mc_statedict {
	struct mc_array *arrays;
	size_t n, cap;
	struct mc_array **by_name;	/* the same, sorted */
	const char *name, *format;	/* name: in messages */
	char sha256[MC_SHA256_HEX];
	unsigned char *file;
	size_t size;
	bool mapped;			/* file is a map, else from malloc */
	void **rooms;			/* mc_statedict_room, _keep */
	size_t nrooms, rooms_cap;
	struct mc_statedict **shards;	/* that arrays lie in (shards.c) */
	size_t n_shards, shards_cap;
	/* What was left out: arrays by their kind (parts.c), and entries. */
	size_t left[MC_PARTS];
	struct mc_facts facts;
	size_t left_entries;		/* the arrays in other entries */
	struct mc_buf entries;		/* , 3 in "optimizer" */
	uint64_t conventions;		/* bit I: mc_conventions[I] was used */
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

/* Let ROOM, from malloc, live as long as SD. */
void		 mc_statedict_keep(struct mc_statedict *sd, void *room);

/* Append a copy of A and of its name. */
void		 mc_statedict_add(struct mc_statedict *sd,
		    const struct mc_array *a);

/*
 * Sort the names once all arrays are there, and again after a change of names.
 * Refuses equal and unprintable names and a dictionary without arrays.
 */
enum mc_status	 mc_statedict_index(struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

/* The part that NAME is known to be of; MC_PARTS: none. */
enum mc_part	 mc_part_of(const char *name);

/*
 * The arrays of SD, which must outlive the result and stays as it is when they
 * are renamed there; without its digest and facts.
 */
struct mc_statedict *mc_statedict_alias(const struct mc_statedict *sd);

/* What mc_statedict_rename does to the names alone, without any data. */
enum mc_status	 mc_statedict_rename_arrays(struct mc_statedict *sd,
		    const char *backbone, struct mc_err *err) MC_MUST_CHECK;

/* Leave ARRAY out: count it as PART and take its name. */
void		 mc_statedict_leave(struct mc_statedict *sd,
		    struct mc_array *array, enum mc_part part);

/* Close the gaps of the arrays that were left out, and index again. */
enum mc_status	 mc_statedict_compact(struct mc_statedict *sd,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
