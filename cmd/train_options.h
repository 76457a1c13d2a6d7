/*
 * train_options.h - read and check the options of mc-train.
 */
#ifndef MC_TRAIN_OPTIONS_H
#define MC_TRAIN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/preprocess.h"
#include "learn/multilabel.h"
#include "learn/recipe.h"
#include "network.h"

struct train_opts {
	struct mc_common common;
	struct network_opts net;
	struct network_opts given;	/* net, before its defaults */
	struct mc_recipe recipe;
	int optimizer;		/* of the recipe; set there by train_check */
	int64_t seed;		/* likewise */
	int sample;		/* likewise; 1: balanced */
	int decay;		/* likewise; 1: weights */
	struct mc_multilabel multilabel;
	int uncertain;		/* of multilabel, likewise */
	const char *preview;		/* --augment-preview */
	const char *arm, *augment, *C, *checkpoint, *classes, *head, *k, *log,
	    *lora, *lr, *manifest, *schedule, *select, *task, *timing;
	int regime;		/* enum mc_regime */
	int launch;		/* MC_NOT_GIVEN: one process */
	int keep;		/* of images to fine-tune on: an index */
	int64_t fold, max_pixels, threads, val_fold;
	double share;
	const char *device;
	double checkpoint_every;
	bool allow_levels, nondeterministic, skip_bad;
	const char *const *images;	/* the operands */
	size_t n_images;
	bool counted;		/* threads are those of the machine */
};

/* The protocol of the original study, and what is not given. */
#define TRAIN_DEFAULTS { .net = NETWORK_DEFAULTS, \
	.recipe = { .optim = { .rate = 1e-4, .momentum = MC_NOT_GIVEN, \
	.weight_decay = MC_NOT_GIVEN }, .batch = 32, .accumulate = 1, \
	.epochs = 100, .drop_path = MC_NOT_GIVEN, \
	.tuning = { .layer_decay = 1 } }, \
	.optimizer = MC_ADAM, .seed = 1, \
	.head = "linear", .keep = MC_NOT_GIVEN, .launch = MC_NOT_GIVEN, \
	.regime = MC_NOT_GIVEN, \
	.schedule = "constant", .task = "", .uncertain = MC_NOT_GIVEN }

extern const struct mc_opt train_options[];

/*
 * Check the options together, set those that were not given, and make *PRE of
 * them; what cannot be ends the program as a usage error.
 */
void	train_check(struct train_opts *o, struct mc_preprocess *pre);

/* The same of what depends on the operands, which are set, and on how many RANKS. */
void	train_check_ranks(const struct train_opts *o, int ranks);

#endif
