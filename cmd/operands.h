/*
 * operands.h - read the operands of programs that take several tars.
 */
#ifndef MC_OPERANDS_H
#define MC_OPERANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "stream/images.h"

/*
 * Expand the *N OPERANDS, tars or patterns such as set-{000..127}.tar, and
 * return the paths, *N of them, which live until the program ends.  The program
 * is ended with a usage error where a pattern cannot be expanded or a path is an
 * output.  An operand that names a file is not a pattern.
 */
const char *const *operands_tars(char *const *operands, size_t *n);

/*
 * The entry of an option table for the flag MEMBER of the struct O, for which the
 * program calls mc_images_mix.
 */
#define OPERANDS_ALLOW_LEVELS(o, member) \
	{ "allow-other-levels", 0, NULL, "read several tars whose grey levels " \
	    "were not made in one way", MC_FLAG, offsetof(o, member), 0, 0, \
	    NULL }

/*
 * --manifest of S's MEMBER, for mc_images_give, in an option table; and its
 * check: MANIFEST, which may be NULL, and a tar cannot both be standard input.
 */
#define OPERANDS_MANIFEST(s, member) \
	{ "manifest", 0, "FILE", "take splits, folds, labels and all other " \
	    "columns from this manifest, not from that of the tar", MC_INPUT, \
	    offsetof(s, member), 0, 0, NULL }
void		 operands_check_manifest(const char *manifest,
		    const char *const *tars, size_t n);

/*
 * --shard of S's MEMBER, a part of the tars, in an option table; and its check:
 * TARS, of which there are N, can be divided so.  operands_narrow, called before
 * the first row of IM, reads no more than that part; SHARD may be NULL for both.
 */
#define OPERANDS_SHARD(s, member) \
	{ "shard", 0, "I/N", "read only part I of N of the tars, which are " \
	    "divided in their order", MC_STRING, offsetof(s, member), 0, 0, NULL }
void		 operands_check_shard(const char *shard,
		    const char *const *tars, size_t n);
void		 operands_narrow(const char *shard, size_t n,
		    struct mc_images *im);

/*
 * Warn of the shards that are missing from the sets that IM has read, of images of
 * shards whose label is not read, of features computed on several machines, and of
 * the ids of --manifest that were in no tar;
 * say how many images it left out.
 */
void		 operands_warn_missing(struct mc_images *im);

/* Return whether one of the N TARS, standard input where N is 0, is that. */
bool		 operands_standard_input(const char *const *tars, size_t n);

#endif
