/*
 * params.h - remember, restore and write the parameters of a backbone and a
 * head.
 */
#ifndef MC_PARAMS_H
#define MC_PARAMS_H

#include <stdio.h>

#include "backbone/backbone.h"
#include "learn/head.h"

struct mc_params;

/* Those of B and of H, either of which may be NULL; both are borrowed. */
struct mc_params *mc_params_alloc(struct mc_torch *t, struct mc_backbone *b,
		    struct mc_head *h);
void		 mc_params_free(struct mc_params *p);

/*
 * Remember the present values; put the remembered ones back, with which the
 * backbone computes from then on.
 */
enum mc_status	 mc_params_remember(struct mc_params *p, struct mc_err *err)
		    MC_MUST_CHECK;
enum mc_status	 mc_params_restore(struct mc_params *p, struct mc_err *err)
		    MC_MUST_CHECK;

/* The first whose remembered values are not all finite, or NULL. */
const char	*mc_params_not_finite(const struct mc_params *p);

/* An optimiser over those that have gradients; see mc_optim_alloc. */
struct mc_optim	*mc_params_optim(const struct mc_params *p,
		    const struct mc_optim_options *options);

/* The present values as float32 safetensors to F. */
enum mc_status	 mc_params_write(const struct mc_params *p, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

#endif
