/*
 * recipe.h - say how a model is trained: the steps, or the values tried, and
 * which is kept.
 */
#ifndef MC_RECIPE_H
#define MC_RECIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "image/augment.h"
#include "learn/criterion.h"
#include "learn/grid.h"
#include "learn/head.h"
#include "learn/loss.h"
#include "learn/mixing.h"
#include "learn/params.h"
#include "learn/schedule.h"
#include "table/keyvalue.h"
#include "torch/shim.h"

/* The names of enum mc_optim_kind; NULL ends the list. */
extern const char *const mc_optim_names[];

/* The defaults of mc-train are the protocol of the original study. */
struct mc_recipe {
	struct mc_optim_options optim;	/* its rate is the largest */
	struct mc_tuning tuning;
	double drop_path;	/* mc_backbone_drop_path, if not below 0 */
	struct mc_schedule schedule;
	struct mc_augment augment;	/* of an image to fine-tune on */
	struct mc_mixing mixing;	/* of batches to fine-tune on */
	struct mc_loss_options loss;
	bool balanced;		/* mc_balanced_order */
	int64_t batch;		/* images per forward and backward */
	int64_t accumulate;	/* batches per step */
	double clip;		/* the largest norm of a gradient; 0: any */
	double ema;		/* decay of the average that is kept; 0: none */
	int64_t epochs;
	int64_t patience;	/* end after so many epochs that are not better
				   than the best; 0: never */
	struct mc_criterion select;	/* which epoch is kept */
	uint64_t seed;
	/* For a head that is not fitted by steps, only these and the last two. */
	enum mc_head_fit fit;
	double temperature;	/* MC_FIT_KNN */
	/* Of what mc_recipe_parameter names; learning rates only if several. */
	struct mc_grid tried;
};

/* The parameter of which several values are tried: "C", "k", "lr". */
const char *mc_recipe_parameter(const struct mc_recipe *r);

/* Add the keys of R to KV, which a model tar records. */
void	mc_recipe_record(const struct mc_recipe *r, struct mc_keyvalue *kv);

#endif
