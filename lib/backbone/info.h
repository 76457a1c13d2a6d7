/*
 * info.h - describe a backbone: its features and its parameters.
 */
#ifndef MC_BACKBONE_INFO_H
#define MC_BACKBONE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "torch/shim.h"

/* A kind of features: its name for --features, and values per image. */
struct mc_features {
	const char *name;
	int dim;
};

#define MC_MAX_FEATURES 4

struct mc_backbone_info {
	const char *name;
	const char *family;	/* "VGG", "ResNet", "DenseNet", "DINOv2" */
	const char *reference;	/* what the features agree with */
	int input;		/* pixels a side at which it is used */
	int multiple;		/* a side must be a multiple of this, */
	int smallest;		/* and no smaller */
	/* The default first; those after the last have a NULL name. */
	struct mc_features features[MC_MAX_FEATURES];
};

struct mc_backbone;

/*
 * A parameter, or a buffer: a running statistic of a batch norm, which has no
 * gradient.  All belong to the backbone.
 */
struct mc_param {
	const char *name;	/* as in the reference's state dict */
	int ndim;
	int64_t shape[4];
	size_t n;		/* elements */
	bool buffer;
	struct mc_tensor *tensor;	/* change it by mc_backbone_set alone */
};

#endif
