/* mc-explain.c - from images and a model to maps of what the model relies on. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "learn/embedding.h"
#include "learn/pretrained.h"
#include "learn/sanity.h"
#include "limit.h"
#include "network.h"
#include "operands.h"
#include "table/tsv.h"

static const struct mc_opt options[] = {
	{ "allow-other-levels", 0, NULL, "explain images even if their grey "
	    "levels were made in another way than in training", MC_FLAG,
	    offsetof(struct explain_opts, allow_levels), 0, 0, NULL },
	{ "batch", 0, "N", "number of images computed together (default: 16)",
	    MC_INTEGER, offsetof(struct explain_opts, batch), 1, 4096, NULL },
	{ "class", 0, "NAME", "explain this class or finding; may be repeated "
	    "(default: the one with the largest probability)", MC_STRINGS,
	    offsetof(struct explain_opts, classes), 0, 0, NULL },
	NETWORK_DEVICE(struct explain_opts, device),
	{ "fold", 0, "N", "explain the rows of this fold", MC_INTEGER,
	    offsetof(struct explain_opts, fold), 1, 1e6, NULL },
	{ "id", 0, "ID", "explain this image, of any split; may be repeated",
	    MC_STRINGS, offsetof(struct explain_opts, ids), 0, 0, NULL },
	{ "list", 0, "FILE", "explain the images in FILE, such as the list of "
	    "mc-montage, of any split", MC_INPUT,
	    offsetof(struct explain_opts, list), 0, 0, NULL },
	OPERANDS_MANIFEST(struct explain_opts, manifest),
	LIMIT_PIXELS(struct explain_opts, max_pixels),
	{ "method", 0, NULL, "how maps are made (default: gradcam)", MC_CHOICE,
	    offsetof(struct explain_opts, method), 0, 0, mc_explain_methods },
	{ "model", 0, "MODEL", "model tar of mc-train",
	    MC_INPUT, offsetof(struct explain_opts, model), 0, 0, NULL },
	{ "patch", 0, "N", "with occlusion: side of the squares in pixels "
	    "(default: a seventh of the image's)", MC_INTEGER,
	    offsetof(struct explain_opts, patch), 1, 65536, NULL },
	{ "precision", 0, NULL, "compute convolutions and matrix products in "
	    "this type (default: the one that the model was trained with)",
	    MC_CHOICE, offsetof(struct explain_opts, precision), 0, 0,
	    mc_precision_names },
	{ "sanity-check", 0, NULL, "write how well the maps correlate with "
	    "those of the model with random weights", MC_FLAG,
	    offsetof(struct explain_opts, sanity_check), 0, 0, NULL },
	{ "seed", 0, "N", "with --sanity-check: seed of the random weights "
	    "(default: 1)", MC_INTEGER, offsetof(struct explain_opts, seed), 0,
	    9e15, NULL },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct explain_opts, skip_bad), 0, 0, NULL },
	{ "split", 0, "NAME", "explain the rows of this split, or of all "
	    "(default: test)",
	    MC_STRING, offsetof(struct explain_opts, split), 0, 0, NULL },
	{ "stride", 0, "N", "with occlusion: step between squares in pixels "
	    "(default: half their side)", MC_INTEGER,
	    offsetof(struct explain_opts, stride), 1, 65536, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct explain_opts, threads), 1, 1024, NULL },
	{ "weights", 0, "FILE", "pretrained weights of a backbone that the "
	    "model does not hold (default: PyTorch's cache)", MC_INPUT,
	    offsetof(struct explain_opts, weights), 0, 0, NULL },
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-explain", "--model MODEL [OPTION]... [IMAGES]...",
	"Map the parts of each image that a model relies on.",
	options, true
};

/* For mc_selection.refused: nothing is. */
static void
ignore(const char *id, enum mc_role role)
{
	(void)id;
	(void)role;
}

/* --- What is explained ---------------------------------------------------- */

/* Refuse the class NAME, which the model of JOB does not have. */
static enum mc_status
refuse_class(const struct explain_job *job, const char *name,
    struct mc_err *err)
{
	const struct mc_trained *tr = &job->trained;
	struct mc_buf all = { 0 };
	enum mc_status status;
	size_t i;

	for (i = 0; i < tr->n_classes; i++)
		mc_buf_printf(&all, "%s%s", i > 0 ? ", " : "", tr->classes[i]);
	status = mc_err_set(err, MC_EUSAGE, "--class \"%s\": the model's %s are "
	    "%s", name, tr->multilabel.on ? "findings" : "classes", all.data);
	mc_buf_free(&all);
	return status;
}

/* Find the classes of --class. */
static enum mc_status
find_classes(struct explain_job *job, struct mc_err *err)
{
	const struct mc_trained *tr = &job->trained;
	const char **name = job->o->classes;
	size_t i, k, cap = 0;

	for (; name != NULL && *name != NULL; name++) {
		for (i = 0; i < tr->n_classes &&
		    strcmp(*name, tr->classes[i]) != 0; i++)
			;
		if (i == tr->n_classes)
			return refuse_class(job, *name, err);
		for (k = 0; k < job->n_classes; k++) {
			if (job->class[k] == i)
				return mc_err_set(err, MC_EUSAGE, "--class "
				    "\"%s\" is given twice", *name);
		}
		job->class = mc_xgrow(job->class, job->n_classes, &cap,
		    sizeof(*job->class));
		job->class[job->n_classes++] = i;
	}
	return MC_OK;
}

/* Take the ids of --list, each once. */
static enum mc_status
take_list(struct explain_job *job, struct mc_err *err)
{
	struct mc_tsv *t = NULL;
	enum mc_status status = mc_tsv_open(&t, job->o->list, err);
	int id = status == MC_OK ? mc_tsv_find(t, "id") : -1;

	if (status == MC_OK && id < 0)
		status = mc_err_at(err, MC_EDATA, job->o->list, 1, "--list: has "
		    "no column \"id\": give a table of images, such as the "
		    "list of mc-montage");
	while (status == MC_OK &&
	    (status = mc_tsv_next(t, err)) == MC_OK) {
		if (*mc_tsv_get(t, (size_t)id) == '\0')
			status = mc_err_at(err, MC_EDATA, job->o->list,
			    mc_tsv_line(t), "--list: a row without an id");
		else
			mc_names_copy(job->ids, mc_tsv_get(t, (size_t)id));
	}
	mc_tsv_close(t);
	return status == MC_END ? MC_OK : status;
}

/* Take the ids of --id and --list. */
static enum mc_status
take_ids(struct explain_job *job, struct mc_err *err)
{
	const char **id = job->o->ids;
	enum mc_status status = MC_OK;
	size_t n;

	if (id == NULL && job->o->list == NULL)
		return MC_OK;
	job->ids = mc_names_alloc();
	for (n = 0; id != NULL && id[n] != NULL; n++) {
		if (mc_names_add(job->ids, id[n]) != n)
			return mc_err_set(err, MC_EUSAGE, "--id \"%s\" is "
			    "given twice", id[n]);
	}
	if (job->o->list != NULL)
		status = take_list(job, err);
	n = mc_names_count(job->ids);
	job->found = mc_xcalloc(n > 0 ? n : 1, sizeof(*job->found));
	return status;
}

static enum mc_status
open_images(struct explain_job *job, struct mc_err *err)
{
	const struct explain_opts *o = job->o;
	enum mc_status status = mc_images_open_all(&job->images, o->images,
	    o->n_images, err);

	if (status == MC_OK && o->allow_levels)
		mc_images_mix(job->images);
	if (status == MC_OK && o->manifest != NULL)
		status = mc_images_give(job->images, o->manifest, err);
	if (status == MC_OK && mc_images_about(job->images) != NULL)
		return mc_err_set(err, MC_EDATA, "%s: has %zu features per "
		    "image, and no images: give the image tar",
		    mc_images_name(job->images), mc_images_dim(job->images));
	if (status == MC_OK)
		status = mc_selection_bind(&job->rows, job->images, err);
	if (status == MC_OK && job->rows.split == NULL &&
	    job->rows.wanted == NULL && mc_images_rows(job->images) != 0)
		tool_warn("%s: no image has a split: explaining them all",
		    mc_images_manifest_name(job->images));
	return status;
}

/* --- The program ---------------------------------------------------------- */

static enum mc_status
open_model(struct explain_job *job, const struct mc_model *model,
    struct mc_err *err)
{
	const struct explain_opts *o = job->o;
	const struct mc_explain_options eo = {
	    .method = (enum mc_explain_method)o->method, .patch = (int)o->patch,
	    .stride = (int)o->stride, .batch = (size_t)o->batch };
	enum mc_status status;

	status = network_start(&job->t, o->device, o->threads, 0, err);
	if (status == MC_OK)
		status = mc_trained_open(&job->trained, job->t, model,
		    o->weights, o->precision == MC_NOT_GIVEN ? NULL :
		    mc_precision_names[o->precision], 0, err);
	if (status == MC_OK)
		network_say_precision(job->t, job->trained.precision);
	if (status == MC_OK)
		status = find_classes(job, err);
	if (status == MC_OK && o->sanity_check)
		status = mc_sanity_check(&job->trained, err);
	if (status == MC_OK)
		status = mc_explainer_alloc(&job->explainer, job->t,
		    &job->trained, &eo, err);
	if (status == MC_OK)
		status = mc_selection_begin(&job->rows, &job->trained, err);
	return status;
}

static enum mc_status
run(const struct explain_opts *o, struct mc_err *err)
{
	struct mc_model model = { 0 };
	struct explain_job job = { .o = o, .rows = { .fold = o->fold,
	    .split = (o->ids != NULL || o->list != NULL) && o->split == NULL ?
	    "all" : o->split,
	    .any_levels = o->allow_levels, .explains = true,
	    .refused = ignore } };
	enum mc_status status;

	status = take_ids(&job, err);
	if (status == MC_OK)
		status = mc_image_init(err);
	if (status == MC_OK)
		status = mc_model_read(&model, o->model, err);
	if (status == MC_OK)
		status = open_images(&job, err);
	if (status == MC_OK)
		status = open_model(&job, &model, err);
	if (status == MC_OK)
		status = tool_write(o->common.output, o->sanity_check ?
		    explain_sanity : explain_maps, &job, err);
	if (status == MC_OK)
		operands_warn_missing(job.images);
	mc_explainer_free(job.explainer);
	mc_selection_clear(&job.rows);
	mc_trained_clear(&job.trained);
	mc_torch_free(job.t);
	mc_images_close(job.images);
	mc_model_clear(&model);
	mc_names_free(job.ids);
	free(job.found);
	free(job.class);
	return status;
}

/* Check the options that belong to others. */
static void
check_method(struct explain_opts *o)
{
	const char *name = mc_explain_methods[o->method];

	if (o->method != MC_OCCLUSION && (o->patch > 0 || o->stride > 0))
		tool_usage("--%s needs --method occlusion", o->patch > 0 ?
		    "patch" : "stride");
	if (o->classes != NULL &&
	    !mc_explain_has_class((enum mc_explain_method)o->method))
		tool_usage("--class: the maps of %s are the same for every "
		    "class: give --method gradcam or occlusion", name);
	if (o->seed >= 0 && !o->sanity_check)
		tool_usage("--seed needs --sanity-check");
	if (o->seed < 0)
		o->seed = 1;
	if (o->fold > 0 && o->split != NULL)
		tool_usage("--fold and --split choose different rows: give "
		    "one");
}

/* Check where the images and the model come from. */
static void
check_inputs(const struct explain_opts *o)
{
	operands_check_manifest(o->manifest, o->images, o->n_images);
	if (strcmp(o->model, "-") == 0 &&
	    operands_standard_input(o->images, o->n_images))
		tool_usage("--model and the images cannot both be standard "
		    "input");
	if (o->list != NULL && strcmp(o->list, "-") == 0)
		tool_usage("--list: give a file: standard input is for the model "
		    "and the images");
	if (o->list != NULL && o->ids != NULL)
		tool_usage("--list and --id both name images: give one");
	if (o->manifest != NULL && strcmp(o->manifest, "-") == 0 &&
	    strcmp(o->model, "-") == 0)
		tool_usage("--manifest and --model cannot both be standard "
		    "input");
}

int
main(int argc, char **argv)
{
	struct explain_opts o = { .batch = 16, .method = MC_GRADCAM,
	    .precision = MC_NOT_GIVEN, .seed = -1, .threads = mc_cpus() };
	int first = tool_start(&prog, argc, argv, &o), rc;
	struct mc_err err;

	mc_max_pixels_set(o.max_pixels);
	if (o.model == NULL)
		tool_usage("--model is needed");
	check_method(&o);
	network_reads_weights(o.weights);
	if (!o.sanity_check)
		tool_writes_archive(o.common.output);
	o.n_images = (size_t)(argc - first);
	o.images = operands_tars(argv + first, &o.n_images);
	check_inputs(&o);
	rc = tool_end(run(&o, &err), &err);
	free(o.classes);
	free(o.ids);
	return rc;
}
