/* mc-predict.c - from an image tar, or features, and a model to predictions. */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learn/embedding.h"
#include "learn/predicted.h"
#include "learn/selection.h"
#include "learn/tta.h"
#include "limit.h"
#include "network.h"
#include "operands.h"

struct opts {
	struct mc_common common;
	const char *arm, *manifest, *model, *shard, *split, *tta, *weights;
	int64_t batch, fold, max_pixels, threads, tta_seed, tta_views;
	struct mc_tta views;		/* of --tta */
	const char *device;
	int precision;		/* enum mc_elem */
	bool allow_levels, skip_bad, skip_seen;
	const char *const *images;	/* the operands */
	size_t n_images;
};

static const struct mc_opt options[] = {
	{ "allow-other-levels", 0, NULL, "predict images whose grey levels were "
	    "made in another way than those of the training", MC_FLAG,
	    offsetof(struct opts, allow_levels), 0, 0, NULL },
	{ "arm", 0, "NAME", "name of this arm in the results (default: the "
	    "model's, followed by what --tta does)", MC_STRING,
	    offsetof(struct opts, arm), 0, 0, NULL },
	{ "batch", 0, "N", "number of images computed together (default: 16)",
	    MC_INTEGER, offsetof(struct opts, batch), 1, 4096, NULL },
	NETWORK_DEVICE(struct opts, device),
	{ "fold", 0, "N", "predict the rows of the fold that training left "
	    "out",
	    MC_INTEGER, offsetof(struct opts, fold), 1, 1e6, NULL },
	OPERANDS_MANIFEST(struct opts, manifest),
	LIMIT_PIXELS(struct opts, max_pixels),
	{ "model", 0, "MODEL", "model tar of mc-train",
	    MC_INPUT, offsetof(struct opts, model), 0, 0, NULL },
	{ "precision", 0, NULL, "compute convolutions and matrix products in "
	    "this type (default: the one that the model was trained with)",
	    MC_CHOICE, offsetof(struct opts, precision), 0, 0,
	    mc_precision_names },
	OPERANDS_SHARD(struct opts, shard),
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "skip-seen", 0, NULL, "leave out images used to train or select the "
	    "model", MC_FLAG, offsetof(struct opts, skip_seen),
	    0, 0, NULL },
	{ "split", 0, "NAME", "predict the rows of this split, or of all "
	    "(default: test)",
	    MC_STRING, offsetof(struct opts, split), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	{ "tta", 0, "LIST", "average the probabilities over views of each "
	    "image: flip, vflip, or other words of mc-train --augment, "
	    "separated by commas", MC_STRING, offsetof(struct opts, tta), 0, 0,
	    NULL },
	{ "tta-seed", 0, "N", "with --tta: seed of what is drawn (default: 1)",
	    MC_INTEGER, offsetof(struct opts, tta_seed), 0, 9e15, NULL },
	{ "tta-views", 0, "N", "with --tta: number of views where a word is "
	    "drawn (default: 8)", MC_INTEGER,
	    offsetof(struct opts, tta_views), 2, 1000, NULL },
	{ "weights", 0, "FILE", "pretrained weights of a backbone that the "
	    "model does not hold (default: PyTorch's cache)", MC_INPUT,
	    offsetof(struct opts, weights), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-predict", "--model MODEL [OPTION]... [IMAGES]...",
	"Predict the class of each image of an image tar.",
	options, true
};

struct job {
	const struct opts *o;
	struct mc_images *images;
	struct mc_torch *t;
	const struct mc_model *model;
	struct mc_trained trained;
	struct mc_selection rows;
	struct mc_predicted *table;
	int64_t written;
};

static void
say_refused(const char *id, enum mc_role role)
{
	tool_say("id \"%s\": %s", id, role == MC_TRAINED ? "trained on" :
	    "used to choose the epoch");
}

static void
say(const char *line)
{
	tool_warn("%s", line);
}

/* Name the columns of the manifest that the table has for itself. */
static void
warn_of_names(const struct mc_images *images)
{
	struct mc_buf names = { 0 };

	mc_predicted_left_out(images, &names);
	if (names.len > 0)
		tool_warn("%s: left out, since predictions have such columns "
		    "of their own: %s: rename them in the manifest to keep "
		    "them", mc_images_name(images), names.data);
	mc_buf_free(&names);
}

static enum mc_status
bind_columns(struct job *job, struct mc_err *err)
{
	enum mc_status status = mc_selection_bind(&job->rows, job->images,
	    err);

	warn_of_names(job->images);
	if (status == MC_OK && job->rows.split == NULL &&
	    job->rows.wanted == NULL && mc_images_rows(job->images) != 0)
		tool_warn("%s: no image has a split: predicting them all",
		    mc_images_manifest_name(job->images));
	return status;
}

/* Whether LOGITS give probabilities; of votes they may be -INFINITY. */
static bool
is_prediction(const struct job *job, const double *logits)
{
	bool votes = mc_head_images(job->trained.head) != NULL;
	size_t k;

	for (k = 0; k < job->trained.n_classes; k++) {
		if (!isfinite(logits[k]) && !(votes && logits[k] == -INFINITY))
			return false;
	}
	return true;
}

/* The LOGITS of view V of the batch. */
static void
predict_view(const struct job *job, const struct mc_feed *feed, size_t v,
    double *logits)
{
	struct mc_tensor *x;

	mc_scope_open(job->t);
	x = mc_feed_view(feed, job->t, v);
	if (job->trained.backbone != NULL)
		x = mc_backbone_forward(job->trained.backbone, x);
	mc_head_predict(job->trained.head, x, logits);
	mc_scope_close(job->t, NULL);
}

static enum mc_status
predict_batch(struct job *job, struct mc_feed *feed, struct mc_err *err)
{
	struct mc_torch *t = job->t;
	size_t n = mc_feed_count(feed), classes = job->trained.n_classes;
	size_t views = job->o->tta != NULL ? (size_t)job->o->views.views : 1;
	size_t each = n * classes, i, v;
	double *logits = mc_xreallocarray(NULL, each * views, sizeof(*logits));
	enum mc_status status;

	for (v = 0; v < views; v++)
		predict_view(job, feed, v, logits + v * each);
	status = mc_torch_check(t, err);
	for (i = 0; i < n * views && status == MC_OK; i++) {
		if (!is_prediction(job, logits + i * classes))
			status = mc_feed_not_finite(feed, i % n, err);
	}
	if (status == MC_OK && views > 1 && job->trained.multilabel.on)
		mc_tta_average_findings(logits, views, n, classes);
	else if (status == MC_OK && views > 1)
		mc_tta_average(logits, views, n, classes);
	for (i = 0; i < n && status == MC_OK; i++)
		status = mc_predicted_add(job->table, feed, i,
		    logits + i * classes, err);
	job->written += (int64_t)n;
	free(logits);
	return status;
}

/* The name of the arm, to be freed; NULL: the model's. */
static char *
arm_name(const struct job *job)
{
	struct mc_buf name = { 0 };

	if (job->o->arm != NULL)
		return mc_xstrdup(job->o->arm);
	if (job->o->tta == NULL)
		return NULL;
	mc_buf_printf(&name, "%s+tta:", mc_keyvalue_get(job->model->about,
	    "arm", 0));
	mc_tta_format(&job->o->views, &name);
	return name.data;
}

static enum mc_status
predict(FILE *f, void *arg, struct mc_err *err)
{
	struct job *job = arg;
	const struct opts *o = job->o;
	const struct mc_feed_options lo = {
	    .preprocess = &job->trained.preprocess,
	    .batch = (size_t)o->batch, .threads = (int)o->threads,
	    .ahead = network_ahead(job->t),
	    .tta = o->tta != NULL ? &o->views : NULL,
	    .want = mc_selection_want, .arg = &job->rows,
	    .bad = o->skip_bad ? network_bad_image : NULL };
	struct mc_feed *feed = mc_feed_images(job->images, &lo);
	enum mc_status status = MC_OK;
	char *arm = arm_name(job);

	job->table = mc_predicted_alloc(job->images, &job->trained,
	    job->model->about, arm, err);
	if (job->table == NULL)
		status = MC_EIO;
	while (status == MC_OK &&
	    (status = mc_feed_next(feed, err)) == MC_OK) {
		status = predict_batch(job, feed, err);
		tool_progress("predicted", mc_feed_taken(feed),
		    mc_images_rows(job->images));
	}
	if (status == MC_END)
		status = mc_selection_end(&job->rows, job->images,
		    job->written, mc_feed_bad(feed), err);
	if (status == MC_OK)
		tool_say("predicted %lld image%s; left out: %lld of other "
		    "splits, %lld that cannot be decoded, %lld that the model "
		    "has seen", (long long)job->written, MC_PLURAL(job->written),
		    (long long)(mc_feed_unwanted(feed) - job->rows.n_skipped),
		    (long long)mc_feed_bad(feed),
		    (long long)job->rows.n_skipped);
	if (status == MC_OK && job->written == 0)
		tool_warn("--shard %s: no image to predict: this part has a "
		    "header, and no row", o->shard);
	if (status == MC_OK)
		network_warn_left_out(mc_feed_bad(feed) +
		    mc_images_skipped(job->images), job->rows.n_skipped);
	mc_feed_free(feed);
	if (status == MC_OK)
		mc_selection_remark(&job->rows, job->images, say);
	if (status == MC_OK && mc_predicted_uncertain(job->table) > 0)
		tool_warn("uncertain findings without a row: %lld: the model "
		    "was trained with --uncertain ignore", (long long)
		    mc_predicted_uncertain(job->table));
	if (status == MC_OK)
		status = mc_predicted_write(job->table, o->shard != NULL, f,
		    err);
	free(arm);
	return status;
}

/* --precision; NULL: not given. */
static const char *
precision_given(const struct opts *o)
{
	return o->precision == MC_NOT_GIVEN ? NULL :
	    mc_precision_names[o->precision];
}

static void
warn_of_precision(const struct job *job)
{
	const char *given = precision_given(job->o);
	const char *own = mc_embedding_precision(job->model->about);

	if (given != NULL && strcmp(given, own) != 0)
		tool_warn("--precision %s: the model was trained with %s: "
		    "probabilities will differ slightly", given, own);
}

/* Features must be those that the model was trained on. */
static enum mc_status
check_features(const struct job *job, struct mc_err *err)
{
	struct mc_buf warning = { 0 };
	enum mc_status status;

	if (mc_images_about(job->images) == NULL)
		return mc_image_init(err);
	if (job->o->tta != NULL)
		return mc_err_set(err, MC_EUSAGE, "%s: has features: --tta "
		    "needs the image tar", mc_images_name(job->images));
	status = mc_embedding_check(job->images, job->model->about,
	    precision_given(job->o), err);
	if (status == MC_OK)
		status = network_weights_agree(job->o->weights,
		    job->images, err);
	if (status == MC_OK && mc_embedding_differs(job->images,
	    job->model->about, &warning))
		tool_warn("%s", warning.data);
	mc_buf_free(&warning);
	return status;
}

static enum mc_status
run(const struct opts *o, struct mc_err *err)
{
	struct mc_model model = { 0 };
	struct job job = { .o = o, .model = &model, .rows = {
	    .split = o->split, .fold = o->fold, .skip_seen = o->skip_seen,
	    .any_levels = o->allow_levels, .part = o->shard != NULL,
	    .refused = say_refused } };
	enum mc_status status;

	status = mc_model_read(&model, o->model, err);
	if (status == MC_OK)
		status = mc_images_open_all(&job.images, o->images,
		    o->n_images, err);
	if (status == MC_OK)
		operands_narrow(o->shard, o->n_images, job.images);
	if (status == MC_OK && o->allow_levels)
		mc_images_mix(job.images);
	if (status == MC_OK && o->manifest != NULL)
		status = mc_images_give(job.images, o->manifest, err);
	if (status == MC_OK)
		status = check_features(&job, err);
	if (status == MC_OK)
		status = bind_columns(&job, err);
	if (status == MC_OK)
		status = network_start(&job.t, o->device, o->threads, 0, err);
	if (status == MC_OK)
		status = mc_trained_open(&job.trained, job.t, &model,
		    o->weights, precision_given(o), mc_images_dim(job.images),
		    err);
	if (status == MC_OK && job.trained.backbone != NULL)
		mc_backbone_seal(job.trained.backbone);
	if (status == MC_OK)
		warn_of_precision(&job);
	if (status == MC_OK && job.trained.backbone != NULL)
		network_say_precision(job.t, job.trained.precision);
	if (status == MC_OK)
		status = mc_selection_begin(&job.rows, &job.trained, err);
	if (status == MC_OK)
		status = tool_write(o->common.output, predict, &job, err);
	if (status == MC_OK)
		operands_warn_missing(job.images);
	mc_predicted_free(job.table);
	mc_selection_clear(&job.rows);
	mc_trained_clear(&job.trained);
	mc_torch_free(job.t);
	mc_images_close(job.images);
	mc_model_clear(&model);
	return status;
}

static void
check_views(struct opts *o)
{
	struct mc_err err;

	if (o->tta == NULL && (o->tta_views > 0 || o->tta_seed >= 0))
		tool_usage("--tta-%s needs --tta", o->tta_views > 0 ? "views" :
		    "seed");
	if (o->tta != NULL && mc_tta_parse(&o->views, o->tta,
	    (int)o->tta_views, o->tta_seed < 0 ? 1 : (uint64_t)o->tta_seed,
	    &err) != MC_OK)
		tool_usage("--tta: %s", err.text);
	if (o->arm != NULL && (*o->arm == '\0' || !network_is_name(o->arm)))
		tool_usage("--arm: a name must be UTF-8 without control bytes, "
		    "and not empty");
}

int
main(int argc, char **argv)
{
	struct opts o = { .batch = 16, .precision = MC_NOT_GIVEN,
	    .threads = mc_cpus(), .tta_seed = -1 };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_err err;

	mc_max_pixels_set(o.max_pixels);
	if (o.model == NULL)
		tool_usage("--model is needed");
	network_reads_weights(o.weights);
	check_views(&o);
	if (o.fold > 0 && o.split != NULL)
		tool_usage("--fold and --split choose different rows: give "
		    "one");
	o.n_images = (size_t)(argc - first);
	o.images = operands_tars(argv + first, &o.n_images);
	operands_check_shard(o.shard, o.images, o.n_images);
	operands_check_manifest(o.manifest, o.images, o.n_images);
	if (strcmp(o.model, "-") == 0 &&
	    operands_standard_input(o.images, o.n_images))
		tool_usage("--model and the images cannot both be standard "
		    "input");
	if (o.manifest != NULL && strcmp(o.manifest, "-") == 0 &&
	    strcmp(o.model, "-") == 0)
		tool_usage("--manifest and --model cannot both be standard "
		    "input");
	return tool_end(run(&o, &err), &err);
}
