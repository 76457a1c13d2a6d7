/*
 * trained.h - load a model tar, ready to predict with.
 */
#ifndef MC_TRAINED_H
#define MC_TRAINED_H

#include <stddef.h>
#include <stdint.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "image/preprocess.h"
#include "learn/head.h"
#include "learn/multilabel.h"
#include "learn/seen.h"
#include "stream/model.h"
#include "table/grey_levels.h"

struct mc_trained {
	struct mc_backbone *backbone;	/* NULL: features will be given */
	struct mc_head *head;
	struct mc_preprocess preprocess;
	/* Texts of the model, in order: its classes, or its findings. */
	const char **classes;
	size_t n_classes;
	struct mc_multilabel multilabel;	/* on: they are findings */
	struct mc_seen *seen;	/* the images that it was trained on */
	struct mc_grey grey;	/* how their grey levels were made */
	int64_t fold;		/* that was left out; 0: none */
	enum mc_elem precision;	/* in which the backbone computes */
};

/*
 * Make M's backbone and head in T.  What of __model__ goes into predictions
 * (task, arm, regime, seed, share, images_train, classes) is checked.  A
 * pretrained backbone that M does not hold, since it was frozen or LoRA is
 * apart from it, is read from the file WEIGHTS, or from PyTorch's cache where
 * that is NULL, and must have the digest that M records; a TorchScript module
 * has no other place than WEIGHTS; WEIGHTS is refused where M needs none.  It
 * computes in PRECISION, or in that of the training where it is NULL.  With DIM
 * above 0 no backbone is made: the head is for that many features, which the
 * caller has (mc_embedding_check).  The caller may seal the backbone.  M's
 * __model__ must outlive TR, which mc_trained_clear ends.
 */
enum mc_status	mc_trained_open(struct mc_trained *tr, struct mc_torch *t,
		    const struct mc_model *m, const char *weights,
		    const char *precision, size_t dim, struct mc_err *err)
		    MC_MUST_CHECK;
void		mc_trained_clear(struct mc_trained *tr);

#endif
