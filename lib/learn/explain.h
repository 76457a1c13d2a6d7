/*
 * explain.h - map the parts of an image that a trained model relies on.
 *
 *	gradcam		Grad-CAM (gradcam.h)
 *	attention	the attention of the last block (attention.h)
 *	rollout		attention rollout, through all blocks (attention.h)
 *	occlusion	the probability of the class for the image minus that for
 *			the image with a square hidden (occlusion.h); hidden
 *			pixels are 0 after normalisation, which is the mean of
 *			the preprocessing
 *
 * A map has one value per place of the network's grid, or per square, and is not
 * normalised.
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
 * Make an explainer of TR in T; TR must not be sealed and outlives it.
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
 * maps, and set P, N x classes, to their probabilities (each finding has its
 * own).  If *BAD is not N after an error, the network's output for image *BAD is
 * not finite.
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
 * Set MAP, N x rows x columns, to the maps of the images taken; that of image I
 * is for class CLASS[I].
 */
enum mc_status	 mc_explainer_map(struct mc_explainer *e, const size_t *class,
		    float *map, struct mc_err *err) MC_MUST_CHECK;

/* Set PIXEL, crop x crop, to MAP enlarged to the size of the image. */
void		 mc_explainer_spread(const struct mc_explainer *e,
		    const float *map, float *pixel);

#endif
