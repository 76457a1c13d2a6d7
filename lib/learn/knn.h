/*
 * knn.h - classify an image by the training images whose features are nearest.
 *
 * The k training images with the largest cosine similarity to the image vote
 * for their classes, each with the weight exp(similarity / temperature).  The
 * probability of a class is its share of the votes, exactly 0 for a class
 * without one: the k-NN evaluation of DINO and DINOv2 (Wu et al. 2018; Caron et
 * al. 2021; dinov2's eval/knn.py).
 *
 * Of training images that are equally similar the first is the nearest.
 * Features that are all 0 have the similarity 0 to all others.  Similarities
 * are computed in double, with sums in a fixed order, each by itself, so that
 * they depend on the two images alone.
 */
#ifndef MC_KNN_H
#define MC_KNN_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"
#include "weights/dict.h"

/* The temperature of DINO's and DINOv2's evaluation. */
#define MC_KNN_TEMPERATURE 0.07

struct mc_knn;

/*
 * The N >= 1 training images X, each DIM finite features, and their class
 * indices LABEL, of CLASSES.  The features are borrowed; the pointers to them,
 * and the labels, are copied.
 */
struct mc_knn	*mc_knn_alloc(const float *const *x, const int *label, size_t n,
		    size_t dim, size_t classes);
void		 mc_knn_free(struct mc_knn *m);	/* M may be NULL */

size_t		 mc_knn_count(const struct mc_knn *m);	/* N */

/*
 * Write the training images to F as safetensors: head.features, N x DIM
 * float32, and head.labels, N int64.
 */
enum mc_status	 mc_knn_write(const struct mc_knn *m, FILE *f,
		    struct mc_err *err) MC_MUST_CHECK;

/*
 * Read such a file, SD, which must have DIM features and labels below CLASSES.
 * MC_EDATA: it has something else.
 */
enum mc_status	 mc_knn_read(struct mc_knn **m, const struct mc_statedict *sd,
		    size_t dim, size_t classes, struct mc_err *err)
		    MC_MUST_CHECK;

struct mc_neighbour {
	double similarity;	/* in [-1, 1], but for rounding */
	size_t image;		/* of training */
};

/*
 * Find the K nearest training images of each of the N images X, the nearest
 * first: NEAR is N x K.  Unless SELF is NULL, SELF[i] is the training image that
 * X[i] is, and is left out, or MC_NOT_ITSELF.  K is at most the number of
 * training images, with SELF at most one less.  Up to THREADS threads compute.
 */
#define MC_NOT_ITSELF	((size_t)-1)
void		 mc_knn_find(const struct mc_knn *m, const float *const *x,
		    const size_t *self, size_t n, size_t k, int threads,
		    struct mc_neighbour *near);

/*
 * Let the K images NEAR of an image, the nearest first, vote: set LOGITS to the
 * logarithm of each class's probability, -INFINITY for a class without a vote.
 * After a feature that is not finite all are NAN.
 */
void		 mc_knn_vote(const struct mc_knn *m,
		    const struct mc_neighbour *near, size_t k,
		    double temperature, double *logits);

#endif
