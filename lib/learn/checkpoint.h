/*
 * checkpoint.h - keep an unfinished training in a file, and go on from it.
 *
 * The file is a tar:
 *
 *	__checkpoint__		keys and values: how far the training has come
 *	training.tsv		keys and values: what its result depends on
 *	log.tsv			the training log up to the present epoch
 *	walk.tsv		the class predicted for each image of this epoch,
 *				or for each finding of each
 *	COLUMN.safetensors	each column of the table (params.h)
 *	best.safetensors	the values of the best epoch, if they are kept
 *	__end__			format, and the SHA-256 of all before
 */
#ifndef MC_CHECKPOINT_H
#define MC_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "learn/criterion.h"
#include "learn/params.h"
#include "learn/walk.h"

/* Where a training stands, between two steps. */
struct mc_state {
	int64_t epoch;		/* the present one, from 1 */
	int64_t step;		/* steps of it that are done */
	struct mc_walk train;	/* the images of these steps */
	struct mc_best best;	/* so far */
	FILE *best_values;	/* a spool; NULL: not kept */
	struct mc_params *params;
};

/*
 * Write the state S to PATH, whole or not at all.  TRAINING is what the result
 * depends on, as mc_keyvalue_print prints it, and LOG the log up to the present
 * epoch.
 */
enum mc_status	mc_checkpoint_write(const char *path, const struct mc_state *s,
		    const struct mc_buf *training, const struct mc_buf *log,
		    struct mc_err *err) MC_MUST_CHECK;

struct mc_checkpoint;

/* The state of a file as text: another one after it has been replaced. */
#define MC_STAMP_SIZE 64

/* Stamp the file PATH; "" if there is none. */
void		mc_checkpoint_stamp(const char *path, char stamp[MC_STAMP_SIZE]);

/*
 * Open PATH and check that it is whole.  *C is NULL on error, and also if
 * there is no such file, which is MC_OK.
 */
enum mc_status	mc_checkpoint_open(struct mc_checkpoint **c, const char *path,
		    struct mc_err *err) MC_MUST_CHECK;
/* The stamp of the file when C was opened; "" for NULL. */
const char	*mc_checkpoint_stamped(const struct mc_checkpoint *c);
/* C may be NULL. */
void		mc_checkpoint_close(struct mc_checkpoint *c);

/*
 * Check that C is of the training TRAINING.  MC_EDATA: another one, with the
 * first thing that differs.
 */
enum mc_status	mc_checkpoint_check(const struct mc_checkpoint *c,
		    const struct mc_buf *training, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Set S to the state in C and append the log to LOG.  The caller has made the
 * table and its optimiser, and the walk, with room for N images; its labels are
 * not set.
 */
enum mc_status	mc_checkpoint_restore(struct mc_checkpoint *c,
		    struct mc_state *s, size_t n, struct mc_buf *log,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
