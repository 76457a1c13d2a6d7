/* explain_maps.c - map the images of a tar, and write the maps as a tar. */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/softmax.h"
#include "explain.h"
#include "image/encode.h"
#include "image/overlay.h"
#include "network.h"
#include "stream/maps.h"

/* --- Batches -------------------------------------------------------------- */

/* Set the classes of B that JOB says. */
static void
choose_classes(const struct explain_job *job, struct explain_batch *b)
{
	size_t classes = job->trained.n_classes, i, s;

	for (i = 0; i < b->n; i++)
		for (s = 0; s < b->slots; s++)
			b->class[i * b->slots + s] = job->n_classes > 0 ?
			    job->class[s] :
			    mc_argmax(b->p + i * classes, classes);
}

/* Make the maps of slot S of B. */
static enum mc_status
make_maps(struct explain_job *job, struct explain_batch *b, size_t s,
    struct mc_err *err)
{
	float *map = mc_xreallocarray(NULL, b->n * b->cells, sizeof(*map));
	size_t *class = mc_xcalloc(b->n, sizeof(*class)), i;
	enum mc_status status;

	for (i = 0; i < b->n; i++)
		class[i] = b->class[i * b->slots + s];
	status = mc_explainer_map(job->explainer, class, map, err);
	for (i = 0; i < b->n; i++)
		memcpy(b->map + (i * b->slots + s) * b->cells,
		    map + i * b->cells, b->cells * sizeof(*map));
	free(class);
	free(map);
	return status;
}

enum mc_status
explain_batch(struct explain_job *job, struct explain_batch *b,
    const size_t *class, struct mc_err *err)
{
	struct mc_explainer *e = job->explainer;
	enum mc_status status;
	size_t bad, s;

	b->n = mc_feed_count(b->feed);
	b->slots = job->n_classes > 0 ? job->n_classes : 1;
	b->p = mc_xcalloc(b->n * job->trained.n_classes, sizeof(*b->p));
	mc_scope_open(job->t);
	status = mc_explainer_take(e, mc_feed_tensor(b->feed, job->t), b->p,
	    &bad, err);
	mc_scope_close(job->t, NULL);
	if (status != MC_OK)
		return bad < b->n ? mc_feed_not_finite(b->feed, bad, err) :
		    status;
	b->cells = (size_t)mc_explainer_rows(e) *
	    (size_t)mc_explainer_columns(e);
	b->class = mc_xcalloc(b->n * b->slots, sizeof(*b->class));
	b->map = mc_xcalloc(b->n * b->slots * b->cells, sizeof(*b->map));
	if (class != NULL)
		memcpy(b->class, class, b->n * b->slots * sizeof(*class));
	else
		choose_classes(job, b);
	for (s = 0; s < b->slots && status == MC_OK; s++)
		status = make_maps(job, b, s, err);
	return status;
}

void
explain_batch_clear(struct explain_batch *b)
{
	free(b->p);
	free(b->class);
	free(b->map);
}

/* Whether the row on which IM stands is wanted: for mc_feed_options.want. */
static enum mc_status
want(const struct mc_images *im, bool *wanted, void *arg, struct mc_err *err)
{
	struct explain_job *job = arg;
	size_t id;

	if (job->ids != NULL) {
		id = mc_names_find(job->ids, mc_images_get(im,
		    (size_t)job->rows.id));
		if (id == MC_NO_NAME) {
			*wanted = false;
			return MC_OK;
		}
		job->found[id] = true;
	}
	return mc_selection_want(im, wanted, &job->rows, err);
}

/* MC_EDATA: an image of --id or --list is missing. */
static enum mc_status
check_ids(const struct explain_job *job, struct mc_err *err)
{
	size_t i;

	for (i = 0; job->ids != NULL && i < mc_names_count(job->ids); i++) {
		if (!job->found[i])
			return mc_err_set(err, MC_EDATA, "%s: %s: there is no "
			    "image \"%s\"", mc_images_name(job->images),
			    job->o->list != NULL ? job->o->list : "--id",
			    mc_names_at(job->ids, i));
	}
	return MC_OK;
}

static void
say(const char *line)
{
	tool_warn("%s", line);
}

/* Check that FEED, which has come to its end, had the images asked for. */
static enum mc_status
end_walk(struct explain_job *job, const struct mc_feed *feed, int64_t n,
    struct mc_err *err)
{
	enum mc_status status = check_ids(job, err);

	/* A model without mistakes has a list without images. */
	if (status == MC_OK && job->o->list != NULL && n == 0 &&
	    mc_feed_bad(feed) == 0 && !job->o->sanity_check)
		tool_warn("%s: none of its images is to be explained: there are "
		    "no maps", job->o->list);
	else if (status == MC_OK)
		status = mc_selection_end(&job->rows, job->images, n,
		    mc_feed_bad(feed), err);
	if (status != MC_OK)
		return status;
	tool_say("explained %lld image%s; the network was applied %zu time%s to "
	    "each", (long long)n, MC_PLURAL(n),
	    mc_explainer_cost(job->explainer),
	    MC_PLURAL(mc_explainer_cost(job->explainer)));
	network_warn_left_out(mc_feed_bad(feed) +
	    mc_images_skipped(job->images), 0);
	mc_selection_remark(&job->rows, job->images, say);
	return MC_OK;
}

enum mc_status
explain_walk(struct explain_job *job, enum mc_status (*each)(
    struct explain_job *job, const struct explain_batch *b, void *arg,
    struct mc_err *err), void *arg, struct mc_err *err)
{
	const struct explain_opts *o = job->o;
	const struct mc_feed_options fo = {
	    .preprocess = &job->trained.preprocess,
	    .batch = (size_t)o->batch, .threads = (int)o->threads,
	    .ahead = network_ahead(job->t), .want = want, .arg = job,
	    .bad = o->skip_bad ? network_bad_image : NULL };
	struct mc_feed *feed = mc_feed_images(job->images, &fo);
	enum mc_status status = MC_OK;
	int64_t n = 0;

	while (status == MC_OK &&
	    (status = mc_feed_next(feed, err)) == MC_OK) {
		struct explain_batch b = { .feed = feed };

		status = explain_batch(job, &b, NULL, err);
		if (status == MC_OK)
			status = mc_feed_check_finite(feed, b.map, b.slots *
			    b.cells, err);
		if (status == MC_OK)
			status = each(job, &b, arg, err);
		n += (int64_t)b.n;
		explain_batch_clear(&b);
		tool_progress("explained", mc_feed_taken(feed),
		    mc_images_rows(job->images));
	}
	if (status == MC_END)
		status = end_walk(job, feed, n, err);
	mc_explainer_forget(job->explainer);
	mc_feed_free(feed);
	return status;
}

/* --- The tar -------------------------------------------------------------- */

/* Encode image I of B under its map MAP, from LO to HI, as *N bytes, *PNG. */
static enum mc_status
encode_overlay(const struct explain_job *job, const struct explain_batch *b,
    size_t i, const float *map, unsigned char **png, size_t *n,
    struct mc_err *err)
{
	int side = job->trained.preprocess.crop;
	size_t pixels = (size_t)side * (size_t)side, k;
	float *value = mc_xreallocarray(NULL, pixels, sizeof(*value));
	struct mc_image image = { side, side, mc_xmalloc(3 * pixels) };
	enum mc_status status;
	float lo = map[0], hi = map[0];

	for (k = 1; k < b->cells; k++) {
		lo = fminf(lo, map[k]);
		hi = fmaxf(hi, map[k]);
	}
	mc_explainer_spread(job->explainer, map, value);
	mc_overlay(mc_feed_pixels(b->feed, i), value, pixels, lo, hi,
	    image.rgb);
	status = mc_image_encode_png(&image, png, n, err);
	mc_image_free(&image);
	free(value);
	return status;
}

/* Add the map of slot S of image I. */
static enum mc_status
add_map(const struct explain_job *job, const struct explain_batch *b, size_t i,
    size_t s, struct mc_maps_writer *w, struct mc_err *err)
{
	const struct mc_trained *tr = &job->trained;
	const float *map = b->map + (i * b->slots + s) * b->cells;
	const double *p = b->p + i * tr->n_classes;
	size_t class = b->class[i * b->slots + s], n;
	bool named = mc_explain_has_class(
	    (enum mc_explain_method)job->o->method);
	bool squares = mc_explainer_patch(job->explainer) > 0;
	struct mc_maps_row row = {
		.id = mc_feed_get(b->feed, i, job->rows.id),
		.label = mc_feed_get(b->feed, i, job->rows.label),
		.method = mc_explain_methods[job->o->method],
		.class_name = named ? tr->classes[class] : "",
		.p = named ? p[class] : NAN,
		.predicted = tr->classes[mc_argmax(p, tr->n_classes)],
		.rows = mc_explainer_rows(job->explainer),
		.columns = mc_explainer_columns(job->explainer),
		.patch = squares ? mc_explainer_patch(job->explainer) : -1,
		.stride = squares ? mc_explainer_stride(job->explainer) : -1
	};
	unsigned char *png = NULL;
	enum mc_status status;

	status = encode_overlay(job, b, i, map, &png, &n, err);
	if (status == MC_OK)
		status = mc_maps_add(w, &row, map, png, n, err);
	free(png);
	return status;
}

static enum mc_status
add_batch(struct explain_job *job, const struct explain_batch *b, void *arg,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, s;

	for (i = 0; i < b->n; i++)
		for (s = 0; s < b->slots && status == MC_OK; s++)
			status = add_map(job, b, i, s, arg, err);
	return status;
}

enum mc_status
explain_maps(FILE *f, void *arg, struct mc_err *err)
{
	struct explain_job *job = arg;
	const char *output = job->o->common.output;
	struct mc_maps_writer *w;
	enum mc_status status;

	status = mc_maps_create(&w, f, output != NULL ? output :
	    "standard output", err);
	if (status != MC_OK)
		return status;
	status = explain_walk(job, add_batch, w, err);
	if (status == MC_OK)
		return mc_maps_finish(w, err);
	mc_maps_abandon(w);
	return status;
}
