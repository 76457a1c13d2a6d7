/*
 * training.h - say what is trained, on what and how, and who is told.
 */
#ifndef MC_TRAINING_H
#define MC_TRAINING_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/backbone.h"
#include "base/mem.h"
#include "base/ranks.h"
#include "image/preprocess.h"
#include "learn/checkpoint.h"
#include "learn/dataset.h"
#include "learn/head.h"
#include "learn/recipe.h"
#include "learn/walk.h"

/* What is wanted of a training, between two steps. */
enum mc_ask {
	MC_GO_ON,
	MC_SAVE,		/* write the checkpoint now */
	MC_STOP			/* write it, and end */
};

struct mc_training {
	struct mc_torch *t;
	struct mc_head *head;
	/* Fine-tuned with the head; NULL: features are what is kept. */
	struct mc_backbone *backbone;
	const struct mc_preprocess *preprocess;

	const struct mc_dataset *data;
	int threads;			/* that decode images */
	size_t ahead;			/* batches; see mc_feed_options */

	/*
	 * The ranks that train together (joint.h), borrowed, with two or more;
	 * NULL: this process alone.
	 */
	struct mc_ranks *ranks;

	struct mc_recipe recipe;
	const struct mc_loss *loss;	/* mc_loss_make of its options */

	/*
	 * Where the state is kept until the training has ended, after each
	 * epoch and, if that is not 0, every EVERY seconds (checkpoint.h); NULL:
	 * nowhere.  IDENTITY is what the result depends on; RESUME is what was
	 * kept there, to go on from, or NULL.
	 */
	const char *checkpoint;
	double every;
	const struct mc_buf *identity;
	struct mc_checkpoint *resume;

	/*
	 * Called, if not NULL: before the first step, in EPOCH, of which the
	 * images in TRAIN are done; after each step; between two steps, to see
	 * what is wanted; and after each epoch, where VAL is its validation.
	 */
	void (*on_start)(int64_t epoch, const struct mc_walk *train, void *arg);
	void (*on_step)(int64_t epoch, const struct mc_walk *train, void *arg);
	enum mc_ask (*asked)(void *arg);
	void (*on_epoch)(const struct mc_walk *train,
	    const struct mc_best *val, void *arg);
	void *arg;
};

#endif
