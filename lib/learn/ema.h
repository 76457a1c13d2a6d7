/*
 * ema.h - keep the exponential moving average of tensors that are trained.
 *
 * After the first step the average is the tensor; after each further one it is
 * DECAY average + (1 - DECAY) tensor: torch.optim.swa_utils.AveragedModel with
 * that avg_fn and use_buffers.
 */
#ifndef MC_EMA_H
#define MC_EMA_H

#include <stdbool.h>
#include <stddef.h>

#include "torch/shim.h"

struct mc_ema;

/*
 * The average of the N tensors X, float32, which are borrowed, and of which
 * those that are NULL are left out.  Errors stick to T.
 */
struct mc_ema	*mc_ema_alloc(struct mc_torch *t, struct mc_tensor *const *x,
		    size_t n, double decay);
void		 mc_ema_free(struct mc_ema *e);

/* A step has been taken: average it in. */
void		 mc_ema_step(struct mc_ema *e);

/*
 * The average of tensor I, which belongs to E; NULL if it is left out.  Where it
 * has been written to, mc_ema_continue says that steps have been taken.
 */
struct mc_tensor *mc_ema_average(struct mc_ema *e, size_t i);
void		 mc_ema_continue(struct mc_ema *e);

/*
 * Let the tensors hold their averages (ON), while these hold their values, or
 * their values again; return what it was.  Before the first step nothing
 * changes.  They hold their values in the functions above.
 */
bool		 mc_ema_use(struct mc_ema *e, bool on);

#endif
