/*
 * pretrained.h - open a backbone with its weights, wherever they come from.
 */
#ifndef MC_PRETRAINED_H
#define MC_PRETRAINED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "table/keyvalue.h"
#include "weights/parts.h"

struct mc_pretrained {
	const char *backbone;	/* of the registry; or a file: */
	bool torchscript;	/* that of a TorchScript module */
	const char *features;	/* NULL: the backbone's default */
	/*
	 * A file of weights; "random": drawn with init_seed; NULL: the known
	 * file of this backbone in PyTorch's cache.
	 */
	const char *weights;
	struct mc_excerpt excerpt;	/* of the file's arrays */
	int64_t init_seed;
	enum mc_elem precision;	/* MC_FLOAT32 or MC_BFLOAT16 */
	/* Told which arrays are left out; may be NULL. */
	void (*say)(const char *line);
	/* For a TorchScript module: the side of its images in pixels, and */
	int crop;
	/* where to put a copy of its file, a spool (out.h); may be NULL. */
	FILE **module;
};

/* The family that is recorded of a TorchScript module; of others none is. */
#define MC_TORCHSCRIPT "TorchScript"

/* The names of these two; NULL ends the list. */
extern const char *const mc_precision_names[];

/*
 * Make the backbone in T and fill it.  The keys that a model must record of it
 * are added to RECORD, unless that is NULL: backbone, features, precision,
 * weights (the file's name without its folder; of a model in a folder that was
 * given, the folder's last part also, "rad-dino/model.safetensors"; or
 * "random"), and weights_sha256 or init_seed; weights_from, weights_prefix and
 * weights_allow_extra, where the excerpt has them; for the features "lc"
 * lc_weights and lc_weights_sha256, the ImageNet head.  A file that bears a
 * published name and has another digest is refused.
 *
 * Of a TorchScript module backbone and weights are the file's name without its
 * folder, features is forward, and the key family is MC_TORCHSCRIPT.  The other
 * members are not used: it has its own weights and precision.
 */
enum mc_status	mc_pretrained_open(struct mc_backbone **b, struct mc_torch *t,
		    const struct mc_pretrained *from,
		    struct mc_keyvalue *record, struct mc_err *err)
		    MC_MUST_CHECK;

/* Whether a model or a features tar ABOUT has a TorchScript module. */
bool		mc_pretrained_is_torchscript(const struct mc_keyvalue *about);

/*
 * The excerpt that a model or a features tar ABOUT records, which owns its
 * strings.
 */
struct mc_excerpt mc_pretrained_excerpt(const struct mc_keyvalue *about);

#endif
