/*
 * params.h - hold what is trained: a table with one row per tensor.
 *
 * A row is a parameter or a buffer of the backbone or the head; a column holds
 * one tensor per row: "values", the tensors that the network computes with,
 * "average", if one is kept, and, once there is an optimiser, its slots under
 * libtorch's names (step, exp_avg, exp_avg_sq, momentum_buffer).  Buffers and
 * rows that are not trainable have no slots.
 *
 * Once a network is made, the table alone writes to its tensors, but for the
 * running statistics, which forward moves.  A column is written and read as
 * safetensors, tensor by tensor, without a second copy in memory.
 */
#ifndef MC_PARAMS_H
#define MC_PARAMS_H

#include <stdbool.h>
#include <stdio.h>

#include "backbone/backbone.h"
#include "learn/head.h"
#include "weights/statedict.h"

/* The column that the network computes with. */
#define MC_VALUES "values"
/* Their moving average, if one is kept. */
#define MC_AVERAGE "average"

struct mc_row {
	const struct mc_param *param;	/* name, shape, buffer, tensor */
	int depth;			/* distance from the input; head last */
	/* The caller may change these until mc_params_optimise. */
	bool trainable;			/* at first all but buffers are */
	double weight_decay;		/* at first that of the options */
	double rate_scale;		/* of the learning rate; at first 1 */
};

struct mc_params;

/* Which rows a training changes, and how. */
struct mc_tuning {
	/*
	 * Let only weights of linear layers and convolutions decay, not biases,
	 * norms, LayerScale, and the tokens and the position embedding of a
	 * ViT: timm's param_groups_weight_decay with its no_weight_decay.
	 */
	bool decay_weights;
	/*
	 * Above 0, at most 1: multiply the learning rate of a row by
	 * this^(layers - layer), where the stem is layer 0, the block i, counted
	 * from 1, layer i, and what is behind the blocks the last: BEiT's, and
	 * MAE's util/lr_decay.py.
	 */
	double layer_decay;
	/*
	 * Train only so many of the last blocks and what is behind them, and
	 * freeze the others; 0: train all.
	 */
	int64_t unfreeze;
	/*
	 * mc_backbone_lora, which mc_train calls: the rank, and alpha.  Above 0,
	 * train its matrices and the head alone.
	 */
	int64_t lora_rank;
	double lora_alpha;
	bool lora_apart;	/* they stay apart: they are not merged */
};

/*
 * The rows of B, then those of H, either of which may be NULL; both are
 * borrowed.  The weight decay of each is OPTIONS's.
 */
struct mc_params *mc_params_alloc(struct mc_torch *t, struct mc_backbone *b,
		    struct mc_head *h, const struct mc_optim_options *options);
void		 mc_params_free(struct mc_params *p);

/*
 * Set the rows of P as HOW says, before mc_params_optimise, and freeze the
 * backbone's blocks that are not trained.
 */
void		 mc_params_tune(struct mc_params *p,
		    const struct mc_tuning *how);

size_t		 mc_params_count(const struct mc_params *p);
struct mc_row	*mc_params_row(struct mc_params *p, size_t i);

/*
 * Keep the moving average of DECAY (ema.h) of the rows that steps change, as a
 * column.  Before mc_params_optimise, after which it is made.
 */
void		 mc_params_average(struct mc_params *p, double decay);

/*
 * Let the network compute with the average (ON), which is then in the column of
 * the values, as these are in that of the average, or with the values again;
 * return what it was.  Nothing changes where no average is kept, or before the
 * first step.
 */
bool		 mc_params_use_average(struct mc_params *p, bool on);

/*
 * Make the optimiser of the trainable rows, with the options given to
 * mc_params_alloc, and want gradients of these rows alone.  Once.
 */
enum mc_status	 mc_params_optimise(struct mc_params *p, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Add the gradient of LOSS, one element, to that of the trainable rows.  Errors
 * of this and of the next two stick to the context.
 */
void		 mc_params_gradient(struct mc_params *p,
		    const struct mc_tensor *loss);

/*
 * Add the gradient to SUM, and forget it; make it what SUM holds.  The form is
 * that of mc_optim_take, of so many numbers.
 */
size_t		 mc_params_gradients(const struct mc_params *p);
void		 mc_params_take(struct mc_params *p, double *sum);
void		 mc_params_put(struct mc_params *p, const double *sum);

/*
 * Whether forward moves row I in training: it is a buffer, and not before the
 * first trainable row.
 */
bool		 mc_params_moves(const struct mc_params *p, size_t i);

/*
 * Scale the gradient, all rows together, so that its L2 norm is at most MOST.
 */
void		 mc_params_clip(struct mc_params *p, double most);

/*
 * Change the trainable rows by one step of the learning rate RATE, times each
 * row's scale, along their gradient, which is then forgotten.
 */
void		 mc_params_step(struct mc_params *p, double rate);

/* The name of column K, "values" first; NULL: there is no such column. */
const char	*mc_params_column(const struct mc_params *p, size_t k);

/*
 * Write COLUMN to F as safetensors: the rows that have it, under their names
 * and with the type of their elements.
 */
enum mc_status	 mc_params_write(const struct mc_params *p,
		    const char *column, FILE *f, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * Overwrite COLUMN by what mc_params_write has written.  The network computes
 * with values that are read, and the optimiser goes on from slots.  MC_EDATA,
 * and nothing is changed: SD has not exactly the tensors of the column.
 */
enum mc_status	 mc_params_read(struct mc_params *p, const char *column,
		    const struct mc_statedict *sd, struct mc_err *err)
		    MC_MUST_CHECK;

/* The name of the first row whose values are not all finite, or NULL. */
const char	*mc_params_not_finite(const struct mc_params *p);

#endif
