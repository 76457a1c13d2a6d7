/* mc-embed.c - compute the features of the images of an image tar. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "network.h"

struct opts {
	struct mc_common common;
	struct network_opts net;
	const char *split;
	int64_t batch, threads;
	const char *device;
	bool skip_bad;
};

static const struct mc_opt options[] = {
	NETWORK_BACKBONE(struct opts, net),
	{ "batch", 0, "N", "number of images computed together (default: 16)",
	    MC_INTEGER, offsetof(struct opts, batch), 1, 4096, NULL },
	NETWORK_CROP(struct opts, net),
	NETWORK_DEVICE(struct opts, device),
	NETWORK_FEATURES(struct opts, net),
	NETWORK_FILTER(struct opts, net),
	NETWORK_INIT_SEED(struct opts, net),
	NETWORK_RESIZE(struct opts, net),
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "split", 0, "NAME", "read only the rows of this split (default: "
	    "all)",
	    MC_STRING, offsetof(struct opts, split), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	NETWORK_WEIGHTS(struct opts, net),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-embed", "--backbone NAME [OPTION]... [IMAGES]",
	"Compute features of the images of a tar with a frozen backbone.",
	options, true
};

/* What the callbacks need. */
struct job {
	const struct opts *o;
	const struct mc_preprocess *pre;
	int split;		/* the column */
	struct mc_images *images;
	struct mc_torch *t;
	struct mc_backbone *backbone;
};

static enum mc_status
want(const struct mc_images *im, bool *wanted, void *arg, struct mc_err *err)
{
	const struct job *job = arg;

	(void)err;
	*wanted = job->o->split == NULL || strcmp(job->o->split,
	    mc_images_get(im, (size_t)job->split)) == 0;
	return MC_OK;
}

static enum mc_status
write_header(const struct mc_images *im, int dim, FILE *f, struct mc_err *err)
{
	size_t c;
	int i;

	for (c = 0; c < mc_images_columns(im); c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "", mc_images_column(im, c));
	for (i = 0; i < dim; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%d", i);
		if (mc_images_find(im, name) >= 0)
			return mc_err_set(err, MC_EDATA, "%s: the manifest has "
			    "a column \"%s\" already", mc_images_name(im),
			    name);
		fprintf(f, "\t%s", name);
	}
	putc('\n', f);
	return MC_OK;
}

static void
write_batch(const struct mc_feed *feed, size_t columns, const float *features,
    int dim, FILE *f)
{
	char number[MC_NUM_SIZE];
	size_t i, c;
	int k;

	for (i = 0; i < mc_feed_count(feed); i++) {
		for (c = 0; c < columns; c++)
			fprintf(f, "%s%s", c > 0 ? "\t" : "",
			    mc_feed_get(feed, i, (int)c));
		for (k = 0; k < dim; k++)
			fprintf(f, "\t%s", mc_format_f32(number,
			    features[i * (size_t)dim + (size_t)k]));
		putc('\n', f);
	}
}

static enum mc_status
embed(const struct job *job, struct mc_feed *feed, FILE *f, struct mc_err *err)
{
	const struct opts *o = job->o;
	const struct mc_images *im = job->images;
	struct mc_torch *t = job->t;
	int dim = mc_backbone_features(job->backbone)->dim;
	float *features = mc_xreallocarray(NULL,
	    (size_t)o->batch * (size_t)dim, sizeof(*features));
	enum mc_status status;

	status = write_header(im, dim, f, err);
	/* What cannot be written is the commit's to say. */
	while (status == MC_OK && !ferror(f) &&
	    (status = mc_feed_next(feed, err)) == MC_OK) {
		size_t n = mc_feed_count(feed);

		mc_scope_open(t);
		mc_to_f32(t, mc_backbone_forward(job->backbone,
		    mc_feed_tensor(feed, t)), features, n * (size_t)dim);
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
		if (status == MC_OK)
			status = mc_feed_check_finite(feed, features,
			    (size_t)dim, err);
		if (status == MC_OK)
			write_batch(feed, mc_images_columns(im), features, dim,
			    f);
		tool_progress("embedded", mc_feed_taken(feed),
		    mc_images_rows(im));
	}
	free(features);
	if (status == MC_END && mc_feed_taken(feed) - mc_feed_bad(feed) ==
	    mc_feed_unwanted(feed))
		status = mc_err_set(err, MC_EDATA, "%s: no image%s%s%s",
		    mc_images_name(im), o->split != NULL ? " with split \"" :
		    "", o->split != NULL ? o->split : "",
		    o->split != NULL ? "\"" : "");
	return status == MC_END ? MC_OK : status;
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	struct job *job = arg;
	const struct opts *o = job->o;
	const struct mc_feed_options lo = { .preprocess = job->pre,
	    .batch = (size_t)o->batch, .threads = (int)o->threads,
	    .ahead = network_ahead(job->t),
	    .want = want, .bad = o->skip_bad ? network_bad_image : NULL,
	    .arg = job };
	struct mc_feed *feed = mc_feed_images(job->images, &lo);
	enum mc_status status = embed(job, feed, f, err);

	mc_feed_free(feed);
	return status;
}

static enum mc_status
run(const struct opts *o, const struct mc_preprocess *pre, const char *path,
    struct mc_err *err)
{
	struct job job = { .o = o, .pre = pre };
	enum mc_status status;

	status = mc_image_init(err);
	if (status == MC_OK)
		status = mc_images_open(&job.images, path, err);
	if (status == MC_OK) {
		job.split = mc_images_find(job.images, "split");
		if (o->split != NULL && job.split < 0)
			status = mc_err_set(err, MC_EDATA, "%s: --split, but "
			    "the manifest has no column \"split\"",
			    mc_images_name(job.images));
	}
	if (status == MC_OK)
		status = network_start(&job.t, o->device, o->threads, 0, err);
	if (status == MC_OK)
		status = mc_pretrained_open(&job.backbone, job.t, &o->net.from,
		    NULL, err);
	if (status == MC_OK)
		status = tool_write(o->common.output, write_output, &job, err);
	mc_backbone_free(job.backbone);
	mc_torch_free(job.t);
	mc_images_close(job.images);
	return status;
}

int
main(int argc, char **argv)
{
	struct opts o = { .net = NETWORK_DEFAULTS, .batch = 16,
	    .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_preprocess pre;
	struct mc_err err;

	network_check(&o.net, &pre);
	if (argc - first > 1)
		tool_usage("one image tar at a time");
	return tool_end(run(&o, &pre, argv[first], &err), &err);
}
