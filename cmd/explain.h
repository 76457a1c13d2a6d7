/*
 * explain.h - what the parts of mc-explain share: the images that are
 * explained, one batch after another.
 */
#ifndef MC_CMD_EXPLAIN_H
#define MC_CMD_EXPLAIN_H

#include "base/names.h"
#include "learn/explain.h"
#include "learn/feed.h"
#include "learn/selection.h"
#include "tool.h"

struct explain_opts {
	struct mc_common common;
	const char **classes, **ids;
	const char *device, *list, *manifest, *model, *split, *weights;
	int64_t batch, fold, max_pixels, patch, seed, stride, threads;
	int method;		/* enum mc_explain_method */
	int precision;		/* enum mc_elem */
	bool allow_levels, sanity_check, skip_bad;
	const char *const *images;	/* the operands */
	size_t n_images;
};

struct explain_job {
	const struct explain_opts *o;
	struct mc_images *images;
	struct mc_torch *t;
	struct mc_trained trained;
	struct mc_explainer *explainer;
	struct mc_selection rows;
	struct mc_names *ids;	/* of --id or --list; NULL: not given */
	bool *found;		/* which of them are in the images */
	/* Classes for which each image gets a map; none: the predicted one. */
	size_t *class, n_classes;
};

/* The maps of a batch of images. */
struct explain_batch {
	const struct mc_feed *feed;
	size_t n;		/* images */
	size_t slots;		/* maps of each */
	size_t cells;		/* values of each map */
	double *p;		/* n x the classes of the model */
	size_t *class;		/* n x slots */
	float *map;		/* n x slots x cells */
};

/*
 * Set P, CLASS and MAP of B, whose FEED is at a batch, to be freed with the
 * second.  CLASS: the classes of these images, n x slots; NULL: those that JOB
 * says.
 */
enum mc_status	explain_batch(struct explain_job *job, struct explain_batch *b,
		    const size_t *class, struct mc_err *err) MC_MUST_CHECK;
void		explain_batch_clear(struct explain_batch *b);

/* Call EACH with ARG for each batch of the images that are wanted. */
enum mc_status	explain_walk(struct explain_job *job, enum mc_status (*each)(
		    struct explain_job *job, const struct explain_batch *b,
		    void *arg, struct mc_err *err), void *arg,
		    struct mc_err *err) MC_MUST_CHECK;

/* Write the maps tar, or the sanity table: for tool_write; ARG is the job. */
enum mc_status	explain_maps(FILE *f, void *arg, struct mc_err *err);
enum mc_status	explain_sanity(FILE *f, void *arg, struct mc_err *err);

#endif
