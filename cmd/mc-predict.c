/*
 * mc-predict.c - from an image tar and a model tar to predictions.
 *
 * The model knows the images that it was trained and selected on.  They are
 * refused, so that no number is better than it would be on new images, unless
 * their split is asked for by its name, or left out where that is asked for.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/num.h"
#include "base/out.h"
#include "base/records.h"
#include "base/softmax.h"
#include "learn/trained.h"
#include "network.h"
#include "table/probability.h"
#include "table/schemas.h"

struct opts {
	struct mc_common common;
	const char *model, *split, *weights;
	int64_t batch, fold, threads;
	const char *device;
	bool skip_bad, skip_seen;
};

static const struct mc_opt options[] = {
	{ "batch", 0, "N", "number of images computed together (default: 16)",
	    MC_INTEGER, offsetof(struct opts, batch), 1, 4096, NULL },
	NETWORK_DEVICE(struct opts, device),
	{ "fold", 0, "N", "predict the rows of the fold that training left "
	    "out",
	    MC_INTEGER, offsetof(struct opts, fold), 1, 1e6, NULL },
	{ "model", 0, "MODEL", "model tar of mc-train",
	    MC_INPUT, offsetof(struct opts, model), 0, 0, NULL },
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
	{ "weights", 0, "FILE", "pretrained weights of a frozen backbone "
	    "(default: PyTorch's cache)", MC_INPUT,
	    offsetof(struct opts, weights), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-predict", "--model MODEL [OPTION]... [IMAGES]",
	"Predict the class of each image of an image tar.",
	options, true
};

struct job {
	const struct opts *o;
	struct mc_images *images;
	struct mc_torch *t;
	const struct mc_model *model;
	struct mc_trained trained;
	struct mc_names *classes;
	int id, label, group, split, fold;	/* columns */
	bool *passes;		/* whether a manifest's column passes through */
	const char *wanted;	/* the split; NULL: any */
	int64_t written, skipped;
	int64_t refused;	/* rows */
	char *refused_id;	/* of the first */
	/* All rows, and their scores: whether log odds are needed beside the
	 * probabilities is known when the last image has been seen. */
	FILE *rows;
	struct mc_records *p, *odds;
};

/* A label that is not among the model's classes cannot be scored. */
static enum mc_status
check_label(const struct job *job, const struct mc_images *im,
    struct mc_err *err)
{
	const char *label = job->label < 0 ? "" :
	    mc_images_get(im, (size_t)job->label);

	if (*label == '\0' || mc_names_find(job->classes, label) != MC_NO_NAME)
		return MC_OK;
	return mc_err_set(err, MC_EDATA, "%s: id \"%s\": the label \"%s\" is "
	    "not one of the %zu classes that the model was trained on",
	    mc_images_name(im), mc_images_get(im, (size_t)job->id), label,
	    job->trained.n_classes);
}

/* Whether the row's split or fold is the one asked for. */
static bool
is_asked_for(const struct job *job, const struct mc_images *im)
{
	const char *split = job->split < 0 ? "" :
	    mc_images_get(im, (size_t)job->split);
	char fold[MC_NUM_SIZE];

	if (job->o->fold == 0)
		return job->wanted == NULL || strcmp(job->wanted, split) == 0;
	snprintf(fold, sizeof(fold), "%lld", (long long)job->o->fold);
	return strcmp(split, "test") != 0 &&
	    strcmp(fold, mc_images_get(im, (size_t)job->fold)) == 0;
}

/* Whether images that were used for ROLE were asked for by that name. */
static bool
is_named(const struct job *job, enum mc_role role)
{
	return job->wanted != NULL && strcmp(job->wanted,
	    role == MC_TRAINED ? "train" : "val") == 0;
}

/* What the model was shown of the image on which IM stands. */
static enum mc_role
role_of(const struct job *job, const struct mc_images *im)
{
	char hex[MC_SHA256_HEX];
	size_t n;
	const void *bytes = mc_images_bytes(im, &n);

	mc_sha256_bytes(bytes, n, hex);
	return mc_seen_find(job->trained.seen, hex);
}

/* Note a row that is refused; the others are no longer computed. */
static void
refuse(struct job *job, const struct mc_images *im, enum mc_role role)
{
	const char *id = mc_images_get(im, (size_t)job->id);

	tool_say("id \"%s\": %s", id, role == MC_TRAINED ? "trained on" :
	    "used to choose the epoch");
	if (job->refused++ == 0)
		job->refused_id = mc_xstrdup(id);
}

static enum mc_status
want(const struct mc_images *im, bool *wanted, void *arg, struct mc_err *err)
{
	struct job *job = arg;
	enum mc_role role;

	*wanted = is_asked_for(job, im);
	if (!*wanted)
		return MC_OK;
	role = role_of(job, im);
	if (role != MC_UNSEEN && !is_named(job, role)) {
		*wanted = false;
		if (job->o->skip_seen)
			job->skipped++;
		else
			refuse(job, im, role);
	}
	*wanted = *wanted && job->refused == 0;
	return *wanted ? check_label(job, im, err) : MC_OK;
}

/* The rows that the model has seen, as an error. */
static enum mc_status
refusal(const struct job *job, struct mc_err *err)
{
	return mc_err_set(err, MC_EDATA, "%s: the model was trained or "
	    "selected on %lld of the images asked for, first on id \"%s\": "
	    "--skip-seen leaves them out; --split train and --split val "
	    "predict them explicitly", mc_images_name(job->images),
	    (long long)job->refused, job->refused_id);
}

/* Whether the fold asked for is the one that the model has not seen. */
static enum mc_status
check_fold(const struct job *job, struct mc_err *err)
{
	int64_t asked = job->o->fold, left = job->trained.fold;

	if (asked == 0 || asked == left)
		return MC_OK;
	if (left == 0)
		return mc_err_set(err, MC_EUSAGE, "--fold: the model was "
		    "trained without --fold, on rows of every fold: train one "
		    "with mc-train --fold %lld", (long long)asked);
	return mc_err_set(err, MC_EUSAGE, "--fold %lld: the model was trained "
	    "on all folds but %lld", (long long)asked,
	    (long long)left);
}

/* Which rows are asked for, once the columns are known. */
static enum mc_status
choose_rows(struct job *job, struct mc_err *err)
{
	const struct mc_images *im = job->images;
	const char *split = job->o->split;

	if (job->o->fold > 0 && job->fold < 0)
		return mc_err_set(err, MC_EDATA, "%s: --fold, but the manifest "
		    "has no column \"fold\" (mc-split --folds makes it)",
		    mc_images_name(im));
	job->wanted = split != NULL ? split : "test";
	if (strcmp(job->wanted, "all") == 0)
		job->wanted = NULL;
	if (job->o->fold > 0 || job->wanted == NULL ||
	    (job->split >= 0 && !mc_images_empty(im, (size_t)job->split)))
		return MC_OK;
	if (split != NULL)
		return mc_err_set(err, MC_EDATA, "%s: --split %s, but no image "
		    "has a split (mc-split makes them)", mc_images_name(im),
		    split);
	job->wanted = NULL;
	tool_warn("%s: no image has a split: predicting them all",
	    mc_images_name(im));
	return MC_OK;
}

/* Name the columns of the manifest that the table has for itself. */
static void
warn_of_names(const struct job *job)
{
	const struct mc_images *im = job->images;
	struct mc_buf names = { 0 };
	int column;
	size_t c;

	for (c = 0; c < mc_images_columns(im); c++) {
		column = (int)c;
		if (job->passes[c] || column == job->id ||
		    column == job->label || column == job->group ||
		    column == job->split || column == job->fold)
			continue;
		mc_buf_printf(&names, "%s%s", names.len > 0 ? ", " : "",
		    mc_images_column(im, c));
	}
	if (names.len > 0)
		tool_warn("%s: left out, since predictions have such columns "
		    "of their own: %s: rename them in the manifest to keep "
		    "them", mc_images_name(im), names.data);
	mc_buf_free(&names);
}

static void
bind_columns(struct job *job)
{
	const struct mc_images *im = job->images;
	size_t c;

	job->id = mc_images_find(im, "id");
	job->label = mc_images_find(im, "label");
	job->group = mc_images_find(im, "group");
	job->split = mc_images_find(im, "split");
	job->fold = mc_images_find(im, "fold");
	job->passes = mc_xcalloc(mc_images_columns(im), sizeof(bool));
	for (c = 0; c < mc_images_columns(im); c++)
		job->passes[c] = !mc_schema_has(&mc_predictions_schema,
		    mc_images_column(im, c));
	warn_of_names(job);
}

static void
write_header(const struct job *job, bool odds, FILE *f)
{
	size_t i;

	mc_rows_begin_header(f, &mc_predictions_schema);
	for (i = 0; i < job->trained.n_classes; i++)
		fprintf(f, "\tp:%s", job->trained.classes[i]);
	for (i = 0; i < mc_images_columns(job->images); i++) {
		if (job->passes[i])
			fprintf(f, "\t%s", mc_images_column(job->images, i));
	}
	for (i = MC_LEADING_KEYS; i < MC_KEYS; i++)
		fprintf(f, "\t%s", mc_key_names[i]);
	for (i = 0; i < job->trained.n_classes && odds; i++)
		fprintf(f, "\to:%s", job->trained.classes[i]);
	putc('\n', f);
}

static const char *
about(const struct job *job, const char *key)
{
	const char *value = mc_keyvalue_get(job->model->about, key, 0);

	return value != NULL ? value : "";
}

/* The row of image I of the batch, whose probabilities are P. */
static void
write_row(const struct job *job, const struct mc_loader *l, size_t i,
    const double *p)
{
	const struct mc_trained *tr = &job->trained;
	size_t best = mc_argmax(p, tr->n_classes), k;
	char number[MC_NUM_SIZE];
	FILE *f = job->rows;
	struct mc_predictions_row row = {
		.id = mc_loader_get(l, i, job->id),
		.group = mc_loader_get(l, i, job->group),
		.label = mc_loader_get(l, i, job->label),
		.predicted = tr->classes[best]
	};

	for (k = 0; k < MC_KEYS; k++)
		row.key[k] = mc_keys[k].entry != NULL ?
		    about(job, mc_keys[k].entry) : mc_loader_get(l, i,
		    mc_images_find(job->images, mc_keys[k].name));
	mc_rows_begin(f, &mc_predictions_schema, &row);
	for (k = 0; k < tr->n_classes; k++)
		fprintf(f, "\t%s", mc_format_f64(number, p[k]));
	for (k = 0; k < mc_images_columns(job->images); k++) {
		if (job->passes[k])
			fprintf(f, "\t%s", mc_loader_get(l, i, (int)k));
	}
	for (k = MC_LEADING_KEYS; k < MC_KEYS; k++)
		fprintf(f, "\t%s", row.key[k]);
	putc('\n', f);
}

/* Hold back the row of image I of the batch, whose LOGITS become p. */
static enum mc_status
hold_row(struct job *job, const struct mc_loader *l, size_t i, double *logits,
    struct mc_err *err)
{
	size_t k = job->trained.n_classes;
	double *o = mc_xcalloc(k, sizeof(*o));
	enum mc_status status;

	mc_log_odds(logits, k, o);
	mc_softmax_f64(logits, k);
	write_row(job, l, i, logits);
	status = mc_records_add(job->p, logits, 1, err);
	if (status == MC_OK)
		status = mc_records_add(job->odds, o, 1, err);
	free(o);
	return status;
}

/* Write the table, all of whose rows are there. */
static enum mc_status
release_rows(struct job *job, FILE *f, struct mc_err *err)
{
	size_t k = job->trained.n_classes, row, i;
	char number[MC_NUM_SIZE], *line = NULL;
	const double *o = NULL;
	enum mc_status status;
	size_t cap = 0;
	ssize_t len;

	status = mc_records_map(job->p, err);
	if (status == MC_OK)
		status = mc_records_map(job->odds, err);
	if (status == MC_OK)
		status = mc_spool_rewind(job->rows, err);
	if (status != MC_OK)
		return status;
	if (mc_ties_hide_order(mc_records_at(job->p, 0),
	    mc_records_at(job->odds, 0), mc_records_count(job->p), k))
		o = mc_records_at(job->odds, 0);
	write_header(job, o != NULL, f);
	for (row = 0; (len = getline(&line, &cap, job->rows)) > 0; row++) {
		fwrite(line, 1, (size_t)len - 1, f);
		for (i = 0; i < k && o != NULL; i++)
			fprintf(f, "\t%s", mc_format_f64(number,
			    o[row * k + i]));
		putc('\n', f);
	}
	free(line);
	return ferror(job->rows) ? mc_err_errno(err, "temporary file") : MC_OK;
}

static enum mc_status
predict_batch(struct job *job, struct mc_loader *l, struct mc_err *err)
{
	struct mc_torch *t = job->t;
	size_t n = mc_loader_count(l), classes = job->trained.n_classes, i, k;
	double *logits = mc_xreallocarray(NULL, n * classes, sizeof(*logits));
	enum mc_status status;

	mc_scope_open(t);
	mc_to_f64(t, mc_head_forward(job->trained.head, mc_backbone_forward(
	    job->trained.backbone, mc_loader_tensor(l, t))), logits,
	    n * classes);
	mc_scope_close(t, NULL);
	status = mc_torch_check(t, err);
	for (i = 0; i < n && status == MC_OK; i++) {
		for (k = 0; k < classes && status == MC_OK; k++) {
			if (!isfinite(logits[i * classes + k]))
				status = mc_loader_not_finite(l, i, err);
		}
		if (status == MC_OK)
			status = hold_row(job, l, i, logits + i * classes,
			    err);
	}
	job->written += (int64_t)n;
	free(logits);
	return status;
}

/* Why there is nothing to predict. */
static enum mc_status
nothing(const struct job *job, int64_t bad, struct mc_err *err)
{
	const char *name = mc_images_name(job->images);
	int64_t left = job->trained.fold;
	char hint[64] = "";

	if (bad > 0)
		return mc_err_set(err, MC_EDATA, "%s: none of the %lld images "
		    "wanted can be decoded", name, (long long)bad);
	if (job->skipped > 0)
		return mc_err_set(err, MC_EDATA, "%s: no image to predict: the "
		    "model has seen each of the %lld asked for", name,
		    (long long)job->skipped);
	if (job->o->fold > 0)
		return mc_err_set(err, MC_EDATA, "%s: no image to predict: "
		    "none outside the test split has fold %lld", name,
		    (long long)job->o->fold);
	if (job->wanted == NULL)
		return mc_err_set(err, MC_EDATA, "%s: no image to predict",
		    name);
	if (left > 0)
		snprintf(hint, sizeof(hint), "--fold %lld predicts the fold "
		    "left out, ", (long long)left);
	return mc_err_set(err, MC_EDATA, "%s: no image to predict: none has "
	    "split \"%s\" (%s--split all%s every image)", name, job->wanted,
	    hint, left > 0 ? "" : " predicts");
}

static enum mc_status
predict(FILE *f, void *arg, struct mc_err *err)
{
	struct job *job = arg;
	const struct opts *o = job->o;
	const struct mc_loader_options lo = {
	    .preprocess = &job->trained.preprocess,
	    .batch = (size_t)o->batch, .threads = (int)o->threads,
	    .want = want, .bad = o->skip_bad ? network_bad_image : NULL,
	    .arg = job };
	struct mc_loader *l = mc_loader_alloc(job->images, &lo);
	enum mc_status status = MC_OK;

	job->rows = mc_spool_open(err);
	job->p = job->rows == NULL ? NULL : mc_records_alloc(
	    job->trained.n_classes * sizeof(double), err);
	job->odds = job->p == NULL ? NULL : mc_records_alloc(
	    job->trained.n_classes * sizeof(double), err);
	if (job->odds == NULL)
		status = MC_EIO;
	while (status == MC_OK &&
	    (status = mc_loader_next(l, err)) == MC_OK) {
		status = predict_batch(job, l, err);
		tool_progress("predicted", mc_loader_taken(l),
		    mc_images_rows(job->images));
	}
	if (status == MC_END && job->refused > 0)
		status = refusal(job, err);
	else if (status == MC_END && job->written == 0)
		status = nothing(job, mc_loader_bad(l), err);
	else if (status == MC_END)
		tool_say("predicted %lld images, skipped %lld of other splits, "
		    "%lld bad, %lld seen", (long long)job->written,
		    (long long)(mc_loader_unwanted(l) - job->skipped),
		    (long long)mc_loader_bad(l), (long long)job->skipped);
	mc_loader_free(l);
	return status == MC_END ? release_rows(job, f, err) : status;
}

static enum mc_status
run(const struct opts *o, const char *path, struct mc_err *err)
{
	struct mc_model model = { 0 };
	struct job job = { .o = o, .model = &model };
	enum mc_status status;
	size_t i;

	status = mc_model_read(&model, o->model, err);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = mc_images_open(&job.images, path, err);
	if (status == MC_OK)
		bind_columns(&job);
	if (status == MC_OK)
		status = choose_rows(&job, err);
	if (status == MC_OK)
		status = network_start(&job.t, o->device, o->threads, 0, err);
	if (status == MC_OK)
		status = mc_trained_open(&job.trained, job.t, &model,
		    o->weights, err);
	if (status == MC_OK)
		status = check_fold(&job, err);
	/* The tensors have it; the texts of the model are still needed. */
	mc_buf_free(&model.backbone);
	job.classes = mc_names_alloc();
	for (i = 0; i < job.trained.n_classes; i++)
		mc_names_add(job.classes, job.trained.classes[i]);
	if (status == MC_OK)
		status = tool_write(o->common.output, predict, &job, err);
	if (job.rows != NULL)
		fclose(job.rows);
	mc_records_free(job.p);
	mc_records_free(job.odds);
	mc_names_free(job.classes);
	free(job.passes);
	free(job.refused_id);
	mc_trained_clear(&job.trained);
	mc_torch_free(job.t);
	mc_images_close(job.images);
	mc_model_clear(&model);
	return status;
}

int
main(int argc, char **argv)
{
	struct opts o = { .batch = 16, .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_err err;

	if (o.model == NULL)
		tool_usage("--model is needed");
	network_reads_cache();
	if (o.fold > 0 && o.split != NULL)
		tool_usage("--fold and --split choose different rows: give "
		    "one");
	if (argc - first > 1)
		tool_usage("one image tar at a time");
	if (strcmp(o.model, "-") == 0 &&
	    (argv[first] == NULL || strcmp(argv[first], "-") == 0))
		tool_usage("--model and the images cannot both be standard "
		    "input");
	return tool_end(run(&o, argv[first], &err), &err);
}
