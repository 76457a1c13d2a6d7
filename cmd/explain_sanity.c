/* explain_sanity.c - compare maps with those of models with random weights. */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_statistics_double.h>

#include "base/mem.h"
#include "base/records.h"
#include "explain.h"
#include "learn/sanity.h"
#include "network.h"
#include "table/schemas.h"

/* The images, and their maps by the model as it was trained. */
struct kept {
	struct mc_records *pixels, *maps;
	size_t *class, n, cap;	/* images x slots */
	size_t images, slots, cells;
};

static enum mc_status
keep_batch(struct explain_job *job, const struct explain_batch *b, void *arg,
    struct mc_err *err)
{
	struct kept *k = arg;
	enum mc_status status = MC_OK;
	size_t i;

	if (b->cells < 2)
		return mc_err_set(err, MC_EUSAGE, "--sanity-check: for images "
		    "of %d pixels the maps have a single value, so there are "
		    "no ranks to correlate: use --method occlusion", job->trained.preprocess.crop);
	if (k->maps == NULL) {
		k->slots = b->slots;
		k->cells = b->cells;
		k->pixels = mc_records_alloc(
		    mc_preprocess_size(&job->trained.preprocess), err);
		k->maps = k->pixels == NULL ? NULL : mc_records_alloc(
		    k->slots * k->cells * sizeof(*b->map), err);
		if (k->maps == NULL)
			return MC_EIO;
	}
	for (i = 0; i < b->n * b->slots; i++) {
		k->class = mc_xgrow(k->class, k->n, &k->cap,
		    sizeof(*k->class));
		k->class[k->n++] = b->class[i];
	}
	for (i = 0; i < b->n && status == MC_OK; i++)
		status = mc_records_add(k->pixels, mc_feed_pixels(b->feed, i),
		    1, err);
	if (status == MC_OK)
		status = mc_records_add(k->maps, b->map, b->n, err);
	k->images += b->n;
	return status;
}

/* Set R to the correlations of the maps of JOB's present weights with K's. */
static enum mc_status
correlate(struct explain_job *job, const struct kept *k, double *r,
    struct mc_err *err)
{
	const struct mc_kept pixels = { .form = MC_KEEP_PIXELS,
	    .records = k->pixels };
	const struct mc_feed_options fo = {
	    .preprocess = &job->trained.preprocess,
	    .batch = (size_t)job->o->batch,
	    .threads = (int)job->o->threads,
	    .ahead = network_ahead(job->t) };
	struct mc_feed *feed = mc_feed_kept(&pixels, &fo);
	size_t *index = mc_xcalloc(k->images, sizeof(*index)), i, done = 0;
	enum mc_status status = MC_OK;

	for (i = 0; i < k->images; i++)
		index[i] = i;
	mc_feed_start(feed, index, k->images, NULL);
	while (status == MC_OK &&
	    (status = mc_feed_next(feed, err)) == MC_OK) {
		struct explain_batch b = { .feed = feed };

		status = explain_batch(job, &b, k->class + done * k->slots,
		    err);
		for (i = 0; i < b.n * k->slots && status == MC_OK; i++)
			r[done * k->slots + i] = mc_rank_correlation(
			    (const float *)mc_records_at(k->maps, done +
			    i / k->slots) + i % k->slots * k->cells,
			    b.map + i * k->cells, k->cells);
		done += b.n;
		explain_batch_clear(&b);
	}
	free(index);
	mc_explainer_forget(job->explainer);
	mc_feed_free(feed);
	return status == MC_END ? MC_OK : status;
}

/* Write the row of STEP, whose N correlations are R, which is changed. */
static void
write_row(const struct explain_job *job, int step, double *r, size_t n,
    FILE *f)
{
	struct mc_sanity_row row = {
		.method = mc_explain_methods[job->o->method],
		.random = mc_sanity_names[step],
		.blocks = mc_sanity_blocks(&job->trained, step),
		.of = mc_backbone_blocks(job->trained.backbone),
		.spearman = NAN, .sd = NAN, .seed = job->o->seed
	};
	size_t i, defined = 0;

	for (i = 0; i < n; i++)
		if (!isnan(r[i]))
			r[defined++] = r[i];
	row.maps = (int64_t)defined;
	row.undefined = (int64_t)(n - defined);
	if (defined > 0)
		row.spearman = gsl_stats_mean(r, 1, defined);
	if (defined > 1)
		row.sd = gsl_stats_sd(r, 1, defined);
	mc_rows_write(f, &mc_sanity_schema, &row);
}

enum mc_status
explain_sanity(FILE *f, void *arg, struct mc_err *err)
{
	struct explain_job *job = arg;
	struct kept k = { 0 };
	enum mc_status status = explain_walk(job, keep_batch, &k, err);
	double *r = mc_xcalloc(k.n + 1, sizeof(*r));
	int step;

	if (status == MC_OK)
		status = mc_records_map(k.pixels, err);
	if (status == MC_OK)
		status = mc_records_map(k.maps, err);
	if (status == MC_OK)
		mc_rows_write_header(f, &mc_sanity_schema);
	for (step = 0; step < MC_SANITY_STEPS && status == MC_OK; step++) {
		status = mc_sanity_randomise(&job->trained, step,
		    (uint64_t)job->o->seed, err);
		if (status == MC_OK)
			status = correlate(job, &k, r, err);
		if (status == MC_OK)
			write_row(job, step, r, k.n, f);
		tool_progress("random weights", step + 1, MC_SANITY_STEPS);
	}
	free(r);
	free(k.class);
	mc_records_free(k.maps);
	mc_records_free(k.pixels);
	return status;
}
