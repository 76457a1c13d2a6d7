/*
 * train.h - train a head, or a head and its backbone.
 *
 * The recipe says how, and loss.h which loss.  Each epoch walks once through
 * the training images, augmented, then once through the validation images, as
 * they are and out of training mode; the parameters of the best epoch are kept.
 * With a moving average, validation is by the average, which is what is kept,
 * and the steps go on from the values.
 * The training images come in the order of mc_epoch_order, where the key is the
 * FNV-1a hash of the image's id, by which it is also augmented (feed.h);
 * batches are mixed as mixing.h says; the masks of dropout and drop path of a
 * batch, counted from 1 in its epoch, come from a generator seeded with
 * mc_stream_hash(seed, "dropout", epoch, batch).  So no generator runs from one
 * step to the next, and a training that is resumed between two steps ends as
 * one that was never interrupted.
 * Several ranks share the batches of each step and of the validation (joint.h),
 * and call mc_train together: all end with the same status and parameters.
 * Everything is a function of the members, the machine's libraries and the
 * numbers of threads and ranks.
 */
#ifndef MC_TRAIN_H
#define MC_TRAIN_H

#include "learn/training.h"

/* Whether the head alone is trained, or the backbone with it. */
enum mc_regime { MC_FROZEN, MC_FINETUNE };

/* The names of enum mc_regime; NULL ends the list. */
extern const char *const mc_regime_names[];

/* How long a training with this recipe and data is. */
struct mc_length mc_train_length(const struct mc_training *training);

/*
 * Train.  Without validation images only MC_SELECT_LAST has a meaning.
 * Afterwards head and backbone hold the parameters of the epoch KEPT, and LOG
 * has the training log (a TSV).  MC_END: the training was asked to stop, and
 * its state is kept.  MC_EDATA: a loss or a parameter that is not finite; a
 * batch of one image that the backbone's batch norms cannot train on, which is
 * found before the first step; RESUME is of another training; the checkpoint was
 * written by another program also.
 */
enum mc_status	mc_train(const struct mc_training *training,
		    struct mc_buf *log, struct mc_best *kept,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
