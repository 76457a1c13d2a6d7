/* mc-embed.c - compute the features of the images of an image tar. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "limit.h"
#include "network.h"
#include "operands.h"
#include "stream/features.h"

struct opts {
	struct mc_common common;
	struct network_opts net;
	const char *shard, *split;
	int64_t batch, max_pixels, threads;
	const char *device;
	int format;		/* enum format */
	bool allow_levels, list, skip_bad;
	const char *const *images;	/* the operands */
	size_t n_images;
};

enum format { FORMAT_TAR, FORMAT_TSV };

static const struct mc_opt options[] = {
	EXCERPT_ALLOW_EXTRA(struct opts, net.from.excerpt),
	OPERANDS_ALLOW_LEVELS(struct opts, allow_levels),
	NETWORK_BACKBONE(struct opts, net),
	{ "batch", 0, "N", "number of images computed together (default: 16)",
	    MC_INTEGER, offsetof(struct opts, batch), 1, 4096, NULL },
	NETWORK_CROP(struct opts, net),
	NETWORK_DEVICE(struct opts, device),
	NETWORK_FEATURES(struct opts, net),
	NETWORK_FILTER(struct opts, net),
	{ "format", 0, NULL, "write a features tar or a TSV (default: tar if "
	    "the output's name ends in .tar)", MC_CHOICE,
	    offsetof(struct opts, format), 0, 0, MC_WORDS("tar", "tsv") },
	EXCERPT_FROM(struct opts, net.from.excerpt),
	NETWORK_INIT_SEED(struct opts, net),
	{ "list", 0, NULL, "print a table of the backbones and exit", MC_FLAG,
	    offsetof(struct opts, list), 0, 0, NULL },
	LIMIT_PIXELS(struct opts, max_pixels),
	NETWORK_MEAN(struct opts, net),
	NETWORK_PRECISION(struct opts, net),
	EXCERPT_PREFIX(struct opts, net.from.excerpt),
	NETWORK_RESIZE(struct opts, net),
	OPERANDS_SHARD(struct opts, shard),
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "split", 0, "NAME", "read only the rows of this split (default: "
	    "all)",
	    MC_STRING, offsetof(struct opts, split), 0, 0, NULL },
	NETWORK_STD(struct opts, net),
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	NETWORK_WEIGHTS(struct opts, net),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-embed",
	"--backbone NAME [OPTION]... [IMAGES]...\n"
	"--list [-o FILE]",
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
	struct mc_keyvalue *about;	/* of the network; then of the run */
	const char **fields;		/* of a row: room for all columns */
	struct mc_features_writer *tar;	/* NULL: a TSV */
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

/* --- A TSV ----------------------------------------------------------------- */

static enum mc_status
write_header(const struct mc_images *im, size_t dim, FILE *f,
    struct mc_err *err)
{
	size_t c, i;

	for (c = 0; c < mc_images_columns(im); c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "", mc_images_column(im, c));
	for (i = 0; i < dim; i++) {
		char name[24];

		snprintf(name, sizeof(name), "f%zu", i);
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
write_row(const struct job *job, const float *features, size_t dim, FILE *f)
{
	char number[MC_NUM_SIZE];
	size_t c, i;

	for (c = 0; c < mc_images_columns(job->images); c++)
		fprintf(f, "%s%s", c > 0 ? "\t" : "", job->fields[c]);
	for (i = 0; i < dim; i++)
		fprintf(f, "\t%s", mc_format_f32(number, features[i]));
	putc('\n', f);
}

/* --- A features tar -------------------------------------------------------- */

static enum mc_status
start_tar(struct job *job, size_t dim, struct mc_err *err)
{
	struct mc_err why;
	size_t c;

	for (c = 0; c < mc_images_columns(job->images); c++)
		job->fields[c] = mc_images_column(job->images, c);
	if (mc_features_create(&job->tar, job->fields, c, dim, &why) == MC_OK)
		return MC_OK;
	return mc_err_set(err, why.status, "%s: %s",
	    mc_images_name(job->images), why.text);
}

/* Write the tar, all of whose rows are there. */
static enum mc_status
end_tar(struct job *job, const struct mc_feed *feed, FILE *f,
    struct mc_err *err)
{
	struct mc_features_writer *tar = job->tar;
	const struct opts *o = job->o;
	struct mc_buf pre = { 0 };

	mc_preprocess_format(job->pre, &pre);
	mc_keyvalue_add(job->about, "preprocess", "%s", pre.data);
	mc_buf_free(&pre);
	mc_keyvalue_add_integer(job->about, "batch", o->batch);
	mc_keyvalue_add_integer(job->about, "threads", o->threads);
	mc_keyvalue_add(job->about, "device", "%s", mc_torch_device(job->t));
	mc_keyvalue_add(job->about, "libraries", "%s",
	    mc_torch_version(job->t));
	mc_keyvalue_add(job->about, "version", "%s", PACKAGE_VERSION);
	if (o->split != NULL)
		mc_keyvalue_add(job->about, "split", "%s", o->split);
	if (o->shard != NULL)
		mc_keyvalue_add(job->about, "shard", "%s", o->shard);
	mc_keyvalue_add_integer(job->about, "images_bad",
	    (mc_feed_bad(feed) + mc_images_skipped(job->images)));
	mc_keyvalue_add(job->about, "manifest_sha256", "%s",
	    mc_images_manifest_sha256(job->images));
	job->tar = NULL;
	return mc_features_finish(tar, f, o->common.output != NULL ?
	    o->common.output : "standard output", job->about, err);
}

/* --- The images ------------------------------------------------------------ */

/* Add the rows of the present batch. */
static enum mc_status
add_batch(struct job *job, const struct mc_feed *feed, const float *features,
    size_t dim, FILE *f, struct mc_err *err)
{
	enum mc_status status = MC_OK;
	size_t i, c;

	for (i = 0; i < mc_feed_count(feed) && status == MC_OK; i++) {
		for (c = 0; c < mc_images_columns(job->images); c++)
			job->fields[c] = mc_feed_get(feed, i, (int)c);
		if (job->tar == NULL) {
			write_row(job, features + i * dim, dim, f);
			continue;
		}
		status = mc_features_add(job->tar, job->fields,
		    mc_feed_sha256(feed, i), features + i * dim, err);
	}
	return status;
}

/* Embed all images.  What cannot be written is the commit's to say. */
static enum mc_status
embed(struct job *job, struct mc_feed *feed, FILE *f, struct mc_err *err)
{
	struct mc_torch *t = job->t;
	size_t dim = (size_t)mc_backbone_features(job->backbone)->dim;
	float *features = mc_xreallocarray(NULL,
	    (size_t)job->o->batch * dim, sizeof(*features));
	enum mc_status status = MC_OK;

	while (status == MC_OK && !ferror(f) &&
	    (status = mc_feed_next(feed, err)) == MC_OK) {
		mc_scope_open(t);
		mc_to_f32(t, mc_backbone_forward(job->backbone,
		    mc_feed_tensor(feed, t)), features,
		    mc_feed_count(feed) * dim);
		mc_scope_close(t, NULL);
		status = mc_torch_check(t, err);
		if (status == MC_OK)
			status = mc_feed_check_finite(feed, features, dim, err);
		if (status == MC_OK)
			status = add_batch(job, feed, features, dim, f, err);
		tool_progress("embedded", mc_feed_taken(feed),
		    mc_images_rows(job->images));
	}
	free(features);
	return status == MC_END ? MC_OK : status;
}

/* MC_EDATA where no image was embedded; a part may have none. */
static enum mc_status
check_some(const struct job *job, const struct mc_feed *feed,
    struct mc_err *err)
{
	const char *split = job->o->split;

	if (mc_feed_taken(feed) - mc_feed_bad(feed) > mc_feed_unwanted(feed))
		return MC_OK;
	if (job->o->shard != NULL) {
		tool_warn("--shard %s: no image: this part has no row",
		    job->o->shard);
		return MC_OK;
	}
	return mc_err_set(err, MC_EDATA, "%s: no image%s%s%s",
	    mc_images_name(job->images), split != NULL ? " with split \"" :
	    "", split != NULL ? split : "", split != NULL ? "\"" : "");
}

static enum mc_status
write_output(FILE *f, void *arg, struct mc_err *err)
{
	struct job *job = arg;
	const struct opts *o = job->o;
	const struct mc_feed_options fo = { .preprocess = job->pre,
	    .batch = (size_t)o->batch, .threads = (int)o->threads,
	    .ahead = network_ahead(job->t),
	    .digests = o->format == FORMAT_TAR,
	    .want = want, .bad = o->skip_bad ? network_bad_image : NULL,
	    .arg = job };
	struct mc_feed *feed = mc_feed_images(job->images, &fo);
	size_t dim = (size_t)mc_backbone_features(job->backbone)->dim;
	enum mc_status status = o->format == FORMAT_TAR ?
	    start_tar(job, dim, err) :
	    write_header(job->images, dim, f, err);

	if (status == MC_OK)
		status = embed(job, feed, f, err);
	if (status == MC_OK)
		status = check_some(job, feed, err);
	if (status == MC_OK && job->tar != NULL)
		status = end_tar(job, feed, f, err);
	if (status == MC_OK)
		network_warn_left_out(mc_feed_bad(feed) +
		    mc_images_skipped(job->images), 0);
	mc_features_abandon(job->tar);
	mc_feed_free(feed);
	return status;
}

/* --- The program ----------------------------------------------------------- */

static enum mc_status
open_images(struct job *job, struct mc_err *err)
{
	enum mc_status status = mc_images_open_all(&job->images,
	    job->o->images, job->o->n_images, err);

	if (status != MC_OK)
		return status;
	operands_narrow(job->o->shard, job->o->n_images, job->images);
	if (job->o->allow_levels)
		mc_images_mix(job->images);
	if (mc_images_about(job->images) != NULL)
		return mc_err_set(err, MC_EDATA, "%s: has %zu features per "
		    "image, and no images: give the image tar",
		    mc_images_name(job->images), mc_images_dim(job->images));
	job->split = mc_images_find(job->images, "split");
	if (job->o->split != NULL && job->split < 0)
		return mc_err_set(err, MC_EDATA, "%s: --split, but the manifest "
		    "has no column \"split\"", mc_images_name(job->images));
	job->fields = mc_xcalloc(mc_images_columns(job->images),
	    sizeof(*job->fields));
	return MC_OK;
}

static void
say(const char *line)
{
	tool_warn("%s", line);
}

static enum mc_status
run(const struct opts *o, const struct mc_preprocess *pre, struct mc_err *err)
{
	struct job job = { .o = o, .pre = pre, .about = mc_keyvalue_alloc() };
	enum mc_status status;

	status = mc_image_init(err);
	if (status == MC_OK)
		status = open_images(&job, err);
	if (status == MC_OK)
		status = network_start(&job.t, o->device, o->threads, 0, err);
	if (status == MC_OK)
		network_say_precision(job.t, o->net.from.precision);
	if (status == MC_OK)
		status = mc_pretrained_open(&job.backbone, job.t, &o->net.from,
		    job.about, err);
	if (status == MC_OK) {
		mc_backbone_seal(job.backbone);
		status = tool_write(o->common.output, write_output, &job, err);
	}
	if (status == MC_OK)
		operands_warn_missing(job.images);
	mc_backbone_free(job.backbone);
	mc_torch_free(job.t);
	mc_images_close(job.images);
	mc_keyvalue_free(job.about);
	free(job.fields);
	return status;
}

static enum mc_status
write_list(FILE *f, void *arg, struct mc_err *err)
{
	(void)arg;
	(void)err;
	mc_backbone_list(f);
	return MC_OK;
}

/* Whether PATH ends in ".tar". */
static bool
names_tar(const char *path)
{
	size_t n = path != NULL ? strlen(path) : 0;

	return n > 4 && strcmp(path + n - 4, ".tar") == 0;
}

int
main(int argc, char **argv)
{
	struct opts o = { .net = NETWORK_DEFAULTS, .batch = 16,
	    .format = MC_NOT_GIVEN, .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_preprocess pre;
	struct mc_err err;

	mc_max_pixels_set(o.max_pixels);
	if (o.list && first < argc)
		tool_usage("--list takes no images");
	if (o.list)
		return tool_end(tool_write(o.common.output, write_list, NULL,
		    &err), &err);
	network_check(&o.net, &pre);
	o.net.from.say = say;
	if (o.format == MC_NOT_GIVEN)
		o.format = names_tar(o.common.output) ? FORMAT_TAR :
		    FORMAT_TSV;
	if (o.format == FORMAT_TAR)
		tool_writes_archive(o.common.output);
	o.n_images = (size_t)(argc - first);
	o.images = operands_tars(argv + first, &o.n_images);
	operands_check_shard(o.shard, o.images, o.n_images);
	return tool_end(run(&o, &pre, &err), &err);
}
