/*
 * info.h - describe a backbone: its network, its features and its parameters.
 */
#ifndef MC_BACKBONE_INFO_H
#define MC_BACKBONE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "image/preprocess.h"
#include "torch/shim.h"

struct mc_backbone;

/* A kind of features: its name for --features, and values per image. */
struct mc_features {
	const char *name;
	int dim;
};

#define MC_MAX_FEATURES 4

/* Networks that differ in their configuration alone: one source file. */
struct mc_family {
	const char *name;	/* "ResNet" */
	bool transformer;
	/*
	 * Declare the layers of B as info->config says (net.h); B->model is
	 * freed with free(), after B->clear.
	 */
	void (*build)(struct mc_backbone *b);
	/* Apply them to N x 3 x H x W. */
	struct mc_tensor *(*forward)(struct mc_backbone *b,
	    struct mc_tensor *x);
	/* Whether forward applies to maps only what mc_blocked allows. */
	bool blocked;
	/*
	 * Whether its blocks are residual branches, which training may leave
	 * out as mc_backbone_drop_path says.
	 */
	bool residual;
	/*
	 * What forward shows as its last map (watch.h), by the reference's
	 * name; NULL: it shows none.
	 */
	const char *map;
	/* Whether each block attends from all tokens to all, and shows it. */
	bool attention;
};

/* A network: a row of the registry (registry.c). */
struct mc_backbone_info {
	const char *name;
	const char *reference;	/* what the features agree with */
	const struct mc_family *family;
	const void *config;	/* of the family's own type (families.h) */
	/*
	 * As the reference evaluates it with its published weights.  The crop
	 * share of other authors is crop / resize.
	 */
	struct mc_preprocess preprocess;
	int multiple;		/* a side must be a multiple of this, */
	int smallest;		/* and no smaller */
	/* The default first; those after the last have a NULL name. */
	struct mc_features features[MC_MAX_FEATURES];
};

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
	/*
	 * Of a running statistic of a batch norm: the share of the way that a
	 * batch moves it to its own statistic; 0: it is none, or how it moves
	 * is not known.
	 */
	double momentum;
	/* Of a linear layer or a convolution, and not its bias. */
	bool weight;
	/* A matrix of LoRA (mc_backbone_lora), which no reference has. */
	bool adapter;
	/* The distance from the input: 0 the stem, then block by block. */
	int depth;
	struct mc_tensor *tensor;
};

/*
 * What forward does besides computing features.  A backbone starts with none
 * of them, and a frozen one stays so: nothing is recorded, nothing moves.
 */
enum mc_mode {
	/*
	 * Record the gradients of what is trainable (mc_set_trainable).  For
	 * what the caller puts on top, mc_torch_grad must be on.
	 */
	MC_RECORD = 1,
	/* Normalise by the batch, and move the running statistics. */
	MC_BATCH_STATISTICS = 2,
	MC_DROPOUT = 4,
	MC_TRAINING = MC_RECORD | MC_BATCH_STATISTICS | MC_DROPOUT
};

#endif
