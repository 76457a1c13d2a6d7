/* experiment.c - train a model, from images or features to a model tar. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/usage.h"
#include "image/decode.h"
#include "learn/embedding.h"
#include "learn/experiment.h"
#include "learn/identity.h"
#include "learn/preview.h"
#include "learn/probe.h"
#include "learn/rates.h"
#include "learn/remarks.h"
#include "learn/save.h"

/* Note that the stage WHAT, which ran since the last, has ended. */
static void
end_stage(struct mc_experiment *e, const char *what)
{
	double now = mc_seconds();

	if (e->timing.len == 0)
		mc_buf_puts(&e->timing, "stage\tseconds\n");
	mc_buf_printf(&e->timing, "%s\t%.3f\n", what, now - e->last);
	e->last = now;
}

/* --- Reading --------------------------------------------------------------- */

/* What has been done with the images that are read. */
static const char *
reading(const struct mc_experiment *e)
{
	return e->regime == MC_FINETUNE ? "decoded" :
	    e->backbone != NULL ? "embedded" : "read";
}

static void
on_row(int64_t done, int64_t total, void *arg)
{
	const struct mc_experiment *e = arg;

	if (e->progress != NULL)
		e->progress(reading(e), done, total);
}

enum mc_status
mc_experiment_open(struct mc_experiment *e, const char *const *paths, size_t n,
    struct mc_err *err)
{
	enum mc_status status;
	const char *name;

	e->last = mc_seconds();
	e->about = mc_keyvalue_alloc();
	status = mc_images_open_all(&e->images, paths, n, err);
	if (status == MC_OK && e->manifest != NULL)
		status = mc_images_give(e->images, e->manifest, err);
	if (status != MC_OK)
		return status;
	name = mc_images_name(e->images);
	if (mc_images_about(e->images) == NULL)
		return e->from.backbone != NULL ? mc_image_init(err) :
		    mc_err_set(err, MC_EUSAGE, "%s: has images: --backbone is "
		    "needed", name);
	if (e->regime == MC_FINETUNE)
		return mc_err_set(err, MC_EUSAGE, "%s: has features, which "
		    "cannot be fine-tuned: give the image tar", name);
	return mc_embedding_read(e->images, e->about, &e->preprocess, err);
}

/* Whether the training is to end, for which there is nothing to keep yet. */
static bool
is_stopped(void *arg)
{
	const struct mc_training *g = &((struct mc_experiment *)arg)->training;

	return g->checkpoint != NULL && g->asked != NULL &&
	    g->asked(arg) == MC_STOP;
}

static enum mc_status
read_dataset(struct mc_experiment *e, struct mc_err *err)
{
	bool finetune = e->regime == MC_FINETUNE;
	bool crops = mc_augment_crops(&e->training.recipe.augment);
	const struct mc_dataset_options o = {
	    .preprocess = &e->preprocess, .t = e->training.t,
	    .keep = !finetune ? MC_KEEP_FEATURES :
		crops && e->keep == MC_KEEP_PIXELS ? MC_KEEP_RESIZED : e->keep,
	    .resized = crops,
	    .backbone = finetune ? NULL : e->backbone,
	    .classes = e->classes, .multilabel = e->multilabel,
	    .fold = e->fold, .val_fold = e->val_fold,
	    .share = e->share,
	    .threads = e->training.threads, .ahead = e->training.ahead,
	    .bad = e->bad, .progress = on_row, .stop = is_stopped,
	    .arg = e };

	return mc_dataset_read(&e->data, e->images, &o, err);
}

static enum mc_status
no_validation(const struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_recipe *r = &e->training.recipe;
	const char *what = "the epoch", *remedy = "--select last";

	if (r->fit == MC_FIT_LOGISTIC) {
		what = "C";
		remedy = "one value with --C";
	} else if (r->fit == MC_FIT_KNN) {
		what = "k";
		remedy = "one value with --k";
	} else if (r->tried.n > 1) {
		what = "the learning rate";
		remedy = "--select last and one value with --lr";
	}
	return mc_err_set(err, MC_EDATA, "%s: no validation image to select "
	    "%s by: make some with mc-split, or give %s",
	    mc_images_name(e->images), what, remedy);
}

/* Whether the backbone has a parameter. */
static bool
has_parameter(const struct mc_backbone *b)
{
	size_t i;

	for (i = 0; i < mc_backbone_count(b); i++) {
		if (!mc_backbone_param(b, i)->buffer)
			return true;
	}
	return false;
}

/*
 * Check that the backbone has parameters, and the blocks or the rank, to be
 * trained.
 */
static enum mc_status
check_tuning(const struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_tuning *how = &e->training.recipe.tuning;
	int blocks = mc_backbone_blocks(e->backbone);
	int64_t most = mc_backbone_lora_most(e->backbone);

	if (e->regime == MC_FINETUNE && !has_parameter(e->backbone))
		return mc_err_set(err, MC_EDATA, "%s: has no parameters to "
		    "train: give --regime frozen, or save it without "
		    "torch.jit.freeze", e->from.backbone);
	if (how->unfreeze > blocks)
		return mc_err_set(err, MC_EUSAGE, "--unfreeze %lld: %s has %d "
		    "blocks: give at most that, or leave it out to train all",
		    (long long)how->unfreeze, e->from.backbone, blocks);
	if (how->lora_rank > most)
		return mc_err_set(err, MC_EUSAGE, "--lora %lld: the matrices "
		    "of attention of %s have no rank above %lld: give at most "
		    "that", (long long)how->lora_rank, e->from.backbone,
		    (long long)most);
	return MC_OK;
}

/* Check C by the validation images whose label K counts, if there are any. */
static enum mc_status
check_criterion(const struct mc_criterion *c, const struct mc_dataset *d,
    size_t k, struct mc_err *err)
{
	int *label = mc_xcalloc(d->n_val, sizeof(*label));
	enum mc_status status;
	size_t n = 0, i;

	for (i = 0; i < d->n_val; i++) {
		label[n] = d->label[d->val[i] * d->labels + k];
		n += label[n] != MC_NOT_COUNTED;
	}
	status = n == 0 ? mc_err_set(err, MC_EDATA, "every validation image "
	    "is uncertain") : mc_criterion_check(c, label, n,
	    d->multilabel.on ? mc_label_names : d->classes,
	    d->multilabel.on ? 2 : d->n_classes, err);
	free(label);
	return status;
}

/* Check that C has a value for one finding at least. */
static enum mc_status
check_findings(const struct mc_criterion *c, const struct mc_dataset *d,
    struct mc_err *err)
{
	struct mc_buf name = { 0 };
	enum mc_status status = MC_EDATA;
	size_t k;

	for (k = 0; k < d->labels && status != MC_OK; k++)
		status = check_criterion(c, d, k, err);
	if (status == MC_OK)
		return MC_OK;
	if (c->kind == MC_SELECT_LOSS)
		return mc_err_set(err, MC_EDATA, "--select loss has no value: "
		    "every finding of the validation images is uncertain: "
		    "give --uncertain zero, --uncertain one or --select last");
	mc_criterion_name(c, &name);
	status = mc_err_set(err, MC_EDATA, "--select %s has no value: no "
	    "finding has validation images with it and without it: make some "
	    "with mc-split, or give --select loss", name.data);
	mc_buf_free(&name);
	return status;
}

/* Check that the validation images can select what is kept. */
static enum mc_status
check_validation(const struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_criterion *c = &e->training.recipe.select;
	const struct mc_dataset *d = &e->data;

	if (c->kind == MC_SELECT_LAST)
		return MC_OK;
	if (d->n_val == 0)
		return no_validation(e, err);
	return d->multilabel.on ? check_findings(c, d, err) :
	    check_criterion(c, d, 0, err);
}

/* Leave out the values of k that are more than the neighbours of an image. */
static enum mc_status
limit_neighbours(struct mc_experiment *e, struct mc_err *err)
{
	struct mc_grid *tried = &e->training.recipe.tried;
	size_t most = e->data.n_train - 1, n = tried->n;

	while (n > 0 && tried->value[n - 1] > (double)most)
		n--;
	if (n == 0)
		return mc_err_set(err, MC_EDATA, "%s: %zu training images: "
		    "each has %zu others: give at most that as --k",
		    mc_images_name(e->images), e->data.n_train, most);
	if (n < tried->n)
		mc_say(e->say, "%zu of the %zu candidates of k %s left out: each "
		    "of the %zu training images has %zu others, and the "
		    "largest k tried is %g", tried->n - n, tried->n,
		    tried->n - n == 1 ? "is" : "are", e->data.n_train, most,
		    tried->value[n - 1]);
	tried->n = n;
	return MC_OK;
}

enum mc_status
mc_experiment_load(struct mc_experiment *e, struct mc_err *err)
{
	enum mc_status status = MC_OK;

	if (mc_images_about(e->images) == NULL) {
		e->from.say = e->say;
		if (e->regime == MC_FINETUNE)
			e->from.module = &e->module;
		status = mc_pretrained_open(&e->backbone, e->training.t,
		    &e->from, e->about, err);
		end_stage(e, "load the backbone");
		if (status == MC_OK)
			status = check_tuning(e, err);
		if (status == MC_OK && e->regime == MC_FROZEN)
			mc_backbone_seal(e->backbone);
	}
	if (status == MC_OK && is_stopped(e))
		status = MC_END;
	if (status == MC_OK) {
		status = read_dataset(e, err);
		end_stage(e, e->regime == MC_FINETUNE ? "decode" :
		    e->backbone != NULL ? "embed" : "read");
	}
	if (status == MC_END)
		mc_say(e->say, "stopped before the first step: %s %s",
		    e->training.checkpoint, e->training.resume != NULL ?
		    "stays as it was" : "is not written");
	if (status == MC_OK)
		status = check_validation(e, err);
	if (status == MC_OK)
		mc_remark_data(&e->data, e->fold, e->share, e->say);
	if (status == MC_OK && e->training.recipe.fit == MC_FIT_KNN)
		status = limit_neighbours(e, err);
	return status;
}

enum mc_status
mc_experiment_preview(const struct mc_experiment *e, FILE *f,
    const char *name, struct mc_err *err)
{
	return mc_preview_write(&e->data, &e->preprocess,
	    &e->training.recipe, e->training.threads, f, name, err);
}

/* --- Training -------------------------------------------------------------- */

static void
on_start(int64_t epoch, const struct mc_walk *train, void *arg)
{
	struct mc_experiment *e = arg;

	mc_meter_start(&e->meter, epoch, train);
	if (e->training.resume != NULL)
		mc_say(e->say, "going on from %s: epoch %lld, image %zu",
		    e->training.checkpoint, (long long)epoch, train->n);
}

static void
on_step(int64_t epoch, const struct mc_walk *train, void *arg)
{
	const struct mc_experiment *e = arg;

	mc_meter_step(&e->meter, epoch, train);
}

static void
on_epoch(const struct mc_walk *train, const struct mc_best *val, void *arg)
{
	struct mc_experiment *e = arg;
	char what[32];

	snprintf(what, sizeof(what), "epoch %lld", (long long)val->epoch);
	end_stage(e, what);
	mc_meter_epoch(&e->meter, train, val);
}

static void
on_fit(size_t i, bool converged, void *arg)
{
	const struct mc_experiment *e = arg;
	const struct mc_grid *tried = &e->training.recipe.tried;

	if (e->progress != NULL)
		e->progress("fitted", (int64_t)i + 1, (int64_t)tried->n);
	if (!converged)
		mc_say(e->say, "C %g: L-BFGS has not converged: probabilities "
		    "may be wrong in the sixth digit", tried->value[i]);
}

static void
on_compared(size_t done, size_t total, void *arg)
{
	const struct mc_experiment *e = arg;

	if (e->progress != NULL)
		e->progress("compared", (int64_t)done, (int64_t)total);
}

/* What the model of E records. */
static struct mc_training_record
record(const struct mc_experiment *e)
{
	return (struct mc_training_record){ e->about, &e->log, e->arm, e->task,
	    e->head, mc_images_manifest_sha256(e->images),
	    mc_images_about(e->images), e->fold, e->val_fold,
	    e->share, e->training.threads, e->module };
}

/* Make the loss, which may depend on the number of images per class. */
static enum mc_status
make_loss(struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_dataset *d = &e->data;
	size_t *with = mc_xcalloc(2 * d->n_classes, sizeof(*with));
	const struct mc_loss_classes classes = { .names = d->classes,
	    .n = d->n_classes, .with = with, .without = with + d->n_classes,
	    .multilabel = d->multilabel.on };
	enum mc_status status;

	mc_dataset_count(d, d->train, d->n_train, with, with + d->n_classes);
	status = mc_loss_make(&e->loss, &e->training.recipe.loss, &classes,
	    err);
	free(with);
	return status;
}

/* Set what of the training depends on what has been read. */
static enum mc_status
set_training(struct mc_experiment *e, struct mc_err *err)
{
	bool finetune = e->regime == MC_FINETUNE;
	struct mc_training *g = &e->training;
	enum mc_status status;

	g->data = &e->data;
	g->preprocess = &e->preprocess;
	g->backbone = finetune ? e->backbone : NULL;
	g->identity = &e->identity;
	g->on_start = on_start;
	g->on_step = on_step;
	g->on_epoch = on_epoch;
	g->arg = e;
	if (mc_criterion_has_column(&g->recipe.select))
		mc_criterion_name(&g->recipe.select, &e->metric);
	e->meter = (struct mc_meter){ .epochs = g->recipe.epochs,
	    .n_train = e->data.n_train, .n_val = e->data.n_val,
	    .draw = e->draw, .say = e->say, .metric = e->metric.data };
	g->loss = &e->loss;
	status = make_loss(e, err);
	return status != MC_OK ? status : mc_head_alloc(&g->head, g->t, e->head,
	    finetune ?
	    mc_backbone_features(e->backbone)->dim : (int64_t)e->data.kept.dim,
	    (int64_t)e->data.n_classes, g->recipe.seed, err);
}

/* Fit the head without steps, and record the value that is kept. */
static enum mc_status
fit(struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_training *g = &e->training;
	const struct mc_probe_listener listener = { on_compared, on_fit, e };
	enum mc_status status = mc_probe_fit(g, &listener, &e->log, &e->kept,
	    err);

	end_stage(e, "fit");
	if (status == MC_OK)
		mc_keyvalue_add_real(e->about, mc_recipe_parameter(&g->recipe),
		    g->recipe.tried.value[e->kept.epoch - 1]);
	return status;
}

/* Train at several learning rates, and record the one that is kept. */
static enum mc_status
try_rates(struct mc_experiment *e, struct mc_err *err)
{
	enum mc_status status = mc_train_rates(&e->training, e->say, &e->log,
	    &e->kept, err);

	if (status == MC_OK)
		mc_keyvalue_add_real(e->about, "lr",
		    e->training.recipe.optim.rate);
	return status;
}

/* All ranks must do the same training, on the same libraries. */
static enum mc_status
check_ranks(struct mc_experiment *e, struct mc_err *err)
{
	struct mc_buf first = { 0 }, what = { 0 };
	enum mc_status status = MC_OK;

	mc_ranks_first(e->training.ranks, &e->identity, &first);
	if (mc_identity_differs(&e->identity, &first, &what))
		status = mc_err_set(err, MC_EDATA, "this is another training "
		    "than that of rank 0, whose %s: give all ranks the same "
		    "options, images and kind of machine", what.data);
	mc_buf_free(&first);
	mc_buf_free(&what);
	return mc_ranks_agree(e->training.ranks, status, NULL, err);
}

enum mc_status
mc_experiment_train(struct mc_experiment *e, struct mc_err *err)
{
	const struct mc_training_record r = record(e);
	enum mc_status status = mc_ranks_agree(e->training.ranks,
	    set_training(e, err), NULL, err);

	if (status != MC_OK)
		return status;
	mc_remark_features(&e->data, e->say);
	mc_remark_average(&e->training, e->say);
	mc_training_describe(&e->training, &r, &e->identity);
	status = check_ranks(e, err);
	if (status != MC_OK)
		return status;
	if (e->training.recipe.fit != MC_FIT_STEPS)
		status = fit(e, err);
	else if (e->training.recipe.tried.n > 1)
		status = try_rates(e, err);
	else
		status = mc_train(&e->training, &e->log, &e->kept, err);
	if (status == MC_END)
		mc_say(e->say, "stopped: %s has the state: the same command "
		    "goes on from it", e->training.checkpoint);
	if (status == MC_OK)
		mc_remark_kept(&e->training, &e->kept, e->task,
		    mc_keyvalue_get(e->about, "arm", 0), e->say);
	return status;
}

enum mc_status
mc_experiment_save(const struct mc_experiment *e, FILE *f, const char *name,
    struct mc_err *err)
{
	const struct mc_training_record r = record(e);

	return mc_training_save(&e->training, &r, e->kept.epoch, f, name, err);
}

void
mc_experiment_clear(struct mc_experiment *e)
{
	mc_keyvalue_free(e->about);
	mc_dataset_clear(&e->data);
	mc_loss_clear(&e->loss);
	mc_head_free(e->training.head);
	mc_backbone_free(e->backbone);
	if (e->module != NULL)
		fclose(e->module);
	mc_images_close(e->images);
	mc_buf_free(&e->log);
	mc_buf_free(&e->timing);
	mc_buf_free(&e->identity);
	mc_buf_free(&e->metric);
	memset(e, 0, sizeof(*e));
}
