/*
 * autosave.h - write the checkpoint of a training while it runs, and go on from
 * one.
 *
 * Where the training has no checkpoint nothing is written, and nobody is asked.
 * Of several ranks rank 0 writes; what one of them is asked for, all do.
 */
#ifndef MC_AUTOSAVE_H
#define MC_AUTOSAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "learn/training.h"

struct mc_autosave {
	const struct mc_training *g;	/* borrowed */
	double saved;			/* when it was written: mc_seconds */
	char stamp[MC_STAMP_SIZE];	/* of the file, as we left it */
	bool stop;			/* the training is to end: all is saved */
};

void		mc_autosave_init(struct mc_autosave *a,
		    const struct mc_training *g);

/*
 * Set S to the state in the training's RESUME, and append its log to LOG:
 * mc_checkpoint_restore.  A step is of PER_STEP images.  MC_EDATA: it is of
 * another training, or does not fit together.
 */
enum mc_status	mc_autosave_resume(const struct mc_autosave *a,
		    struct mc_state *s, size_t per_step, struct mc_buf *log,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Between two steps: write the state S, whose log is LOG, if somebody asks for
 * it or it is due.  MC_EDATA: another program has written the file since.
 */
enum mc_status	mc_autosave_step(struct mc_autosave *a, struct mc_state *s,
		    const struct mc_buf *log, struct mc_err *err)
		    MC_MUST_CHECK;

/* After an epoch: write it. */
enum mc_status	mc_autosave_epoch(struct mc_autosave *a, struct mc_state *s,
		    const struct mc_buf *log, struct mc_err *err)
		    MC_MUST_CHECK;

#endif
