/*
 * explain.h - map the parts of an image that a trained model relies on.
 *
 *	gradcam		Grad-CAM (Selvaraju et al. 2017): of the last map A
 *			(backbone/watch.h), relu(sum over channels k of w_k A_k),
 *			where w_k is the mean over the places of the gradient of
 *			the class's logit with respect to A_k
 *	attention	what the features are read from (enum mc_readout) in the
 *			last block attends to, the mean over its heads
 *	rollout		the same through all blocks (rollout.h)
 *	occlusion	the probability of the class, less that with a square of
 *			the image hidden (occlusion.h): a normalised pixel of 0,
 *			which is the mean of the preprocessing
 *
 * A map has as many values as the grid has places; it is not normalised.  Those
 * of attention leave out the columns of class and register tokens, and so add
 * up to less than 1.
 */
#ifndef MC_EXPLAIN_H
#define MC_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "learn/trained.h"
#include "torch/shim.h"

enum mc_explain_method { MC_ATTENTION, MC_GRADCAM, MC_OCCLUSION, MC_ROLLOUT };

/* The names of enum mc_explain_method; NULL ends them. */
extern const char *const mc_explain_methods[];

struct mc_explain_options {
	enum mc_explain_method method;
	int patch, stride;	/* of MC_OCCLUSION, pixels; 0: the default */
	size_t batch;		/* occluded images computed together */
};

struct mc_explainer;

/*
 * Explain TR, which must not be sealed and outlives the explainer, in T.
 * MC_EUSAGE: the method does not suit its network or head, or the squares do
 * not suit its crop.  *E is NULL on error; free it with the second, which takes
 * NULL.
 */
enum mc_status	 mc_explainer_alloc(struct mc_explainer **e,
		    struct mc_torch *t, const struct mc_trained *tr,
		    const struct mc_explain_options *o, struct mc_err *err)
		    MC_MUST_CHECK;
void		 mc_explainer_free(struct mc_explainer *e);

/* Whether the maps of METHOD are of one class. */
bool		 mc_explain_has_class(enum mc_explain_method method);

/* The squares of MC_OCCLUSION: their sides and steps; 0 for another method. */
int		 mc_explainer_patch(const struct mc_explainer *e);
int		 mc_explainer_stride(const struct mc_explainer *e);

/* How many times the network is applied to each image. */
size_t		 mc_explainer_cost(const struct mc_explainer *e);

/*
 * Take N images X, N x 3 x crop x crop, of which mc_explainer_map then makes
 * maps, and set P, N x classes, to their probabilities (of findings: each on
 * its own).  If *BAD is not N after an error, it is that the network's output
 * for image *BAD is not finite.
 */
enum mc_status	 mc_explainer_take(struct mc_explainer *e,
		    const struct mc_tensor *x, double *p, size_t *bad,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Forget the images taken.  libtorch needs memory to free what it has recorded of
 * them, so this is done before an output is in place.
 */
void		 mc_explainer_forget(struct mc_explainer *e);

/* The rows and columns of a map of the images taken. */
int		 mc_explainer_rows(const struct mc_explainer *e);
int		 mc_explainer_columns(const struct mc_explainer *e);

/*
 * Set MAP, N x rows x columns, to the maps of the images taken, of image I that
 * for class CLASS[I].
 */
enum mc_status	 mc_explainer_map(struct mc_explainer *e, const size_t *class,
		    float *map, struct mc_err *err) MC_MUST_CHECK;

/* Set PIXEL, crop x crop, to MAP as large as the image. */
void		 mc_explainer_spread(const struct mc_explainer *e,
		    const float *map, float *pixel);

#endif
