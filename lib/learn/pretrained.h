/*
 * pretrained.h - open a backbone with its weights, wherever they come from.
 */
#ifndef MC_PRETRAINED_H
#define MC_PRETRAINED_H

#include <stdint.h>

#include "backbone/backbone.h"
#include "base/err.h"
#include "table/keyvalue.h"
#include "weights/parts.h"

struct mc_pretrained {
	const char *backbone;
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
};

/* The names of these two; NULL ends the list. */
extern const char *const mc_precision_names[];

/*
 * Make the backbone in T and fill it.  The keys that a model must record of it
 * are added to RECORD, unless that is NULL: backbone, features, precision,
 * weights (the file's name without its folder, or "random"), and weights_sha256
 * or init_seed; weights_from, weights_prefix and weights_allow_extra, where the
 * excerpt has them; for the features "lc" lc_weights and lc_weights_sha256,
 * the ImageNet head.  A file that bears a published name and has another
 * digest is refused.
 */
enum mc_status	mc_pretrained_open(struct mc_backbone **b, struct mc_torch *t,
		    const struct mc_pretrained *from,
		    struct mc_keyvalue *record, struct mc_err *err)
		    MC_MUST_CHECK;

/*
 * The excerpt that a model or a features tar ABOUT records, which owns its
 * strings.
 */
struct mc_excerpt mc_pretrained_excerpt(const struct mc_keyvalue *about);

#endif
