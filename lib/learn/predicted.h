/*
 * predicted.h - write what a model predicts as a predictions table.
 *
 * The rows wait in a temporary file until the last image has been seen: only
 * then is it known whether log odds are needed beside the probabilities.
 *
 * A model of multi-label data makes a row per image and finding, whose task is
 * TASK:FINDING, or FINDING where the model has no task, and whose classes are no
 * and yes.  An uncertain finding is what it was in training: one that is ignored
 * has no row.
 */
#ifndef MC_PREDICTED_H
#define MC_PREDICTED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "base/mem.h"
#include "learn/feed.h"
#include "learn/trained.h"
#include "stream/images.h"
#include "table/keyvalue.h"

struct mc_predicted;

/*
 * Begin the table of the images IMAGES and the model TR, whose __model__ is
 * ABOUT; all are borrowed.  The arm is ARM, or the model's where that is NULL.
 * NULL on error.  Free with the second; P may be
 * NULL.
 */
struct mc_predicted *mc_predicted_alloc(const struct mc_images *images,
		    const struct mc_trained *tr,
		    const struct mc_keyvalue *about, const char *arm,
		    struct mc_err *err);
void		 mc_predicted_free(struct mc_predicted *p);

/*
 * Append to NAMES, separated by commas, the columns of IMAGES that are left
 * out, since the table has columns of its own under their names.
 */
void		 mc_predicted_left_out(const struct mc_images *images,
		    struct mc_buf *names);

/*
 * Add the row of image I of FEED's batch, or its rows, by its LOGITS, one per
 * class or finding, which may be changed.  They may be -INFINITY: a probability
 * of 0, which has no log odds, so that the table then has none.
 */
enum mc_status	 mc_predicted_add(struct mc_predicted *p,
		    const struct mc_feed *feed, size_t i, double *logits,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * The number of findings of images that have no row, since they are uncertain
 * and the model ignores such.
 */
int64_t		 mc_predicted_uncertain(const struct mc_predicted *p);

/*
 * Write the table, all of whose rows have been added, to F.  Once.  A PART of
 * several tables has log odds whether or not its own rows need them, except from
 * votes of neighbours, so that the columns of all parts are the same.
 */
enum mc_status	 mc_predicted_write(struct mc_predicted *p, bool part, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
