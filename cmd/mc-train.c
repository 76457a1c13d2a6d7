/*
 * mc-train.c - from an image tar or a features tar to a model tar.
 *
 * The images are read once and kept: as features of a frozen backbone, or as
 * the pixels or files that a fine-tuned one is to see.  The epochs walk
 * through those.  A features tar makes the first unnecessary.
 */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/caught.h"
#include "base/out.h"
#include "base/usage.h"
#include "learn/embedding.h"
#include "learn/meter.h"
#include "learn/remarks.h"
#include "learn/save.h"
#include "network.h"

struct opts {
	struct mc_common common;
	struct network_opts net;
	struct network_opts given;	/* net, before its defaults */
	const char *arm, *checkpoint, *classes, *head, *log, *task, *timing;
	int optimizer;		/* enum mc_optim_kind */
	int regime;		/* enum mc_regime */
	int select;		/* enum mc_select */
	int keep;		/* of images to fine-tune on: an index */
	int64_t batch, epochs, fold, seed, threads, val_fold;
	const char *device;
	double checkpoint_every, lr, momentum, weight_decay;
	bool skip_bad;
	const char *const *images;	/* the operands */
	size_t n_images;
	bool counted;		/* threads are those of the machine */
};

static const struct mc_opt options[] = {
	{ "arm", 0, "NAME", "name of this arm in the results "
	    "(default: backbone/regime)", MC_STRING,
	    offsetof(struct opts, arm), 0, 0, NULL },
	NETWORK_BACKBONE(struct opts, net),
	{ "batch", 0, "N", "number of images per step (default: 32)",
	    MC_INTEGER,
	    offsetof(struct opts, batch), 1, 65536, NULL },
	{ "checkpoint", 0, "FILE", "keep the state in FILE after each epoch, "
	    "on SIGTERM and SIGUSR1, and go on from it", MC_OUTPUT,
	    offsetof(struct opts, checkpoint), 0, 0, NULL },
	{ "checkpoint-every", 0, "MINUTES", "with --checkpoint: also within an "
	    "epoch, every MINUTES", MC_REAL,
	    offsetof(struct opts, checkpoint_every), 0, 1e6, NULL },
	{ "classes", 0, "LIST", "classes and their order, separated by commas "
	    "(default: the labels in byte order)", MC_STRING,
	    offsetof(struct opts, classes), 0, 0, NULL },
	NETWORK_CROP(struct opts, net),
	NETWORK_DEVICE(struct opts, device),
	{ "epochs", 0, "N", "number of passes through the training images "
	    "(default: 100)",
	    MC_INTEGER, offsetof(struct opts, epochs), 1, 1e6, NULL },
	NETWORK_FEATURES(struct opts, net),
	NETWORK_FILTER(struct opts, net),
	{ "fold", 0, "N", "leave fold N out, to be predicted; train on the "
	    "other folds",
	    MC_INTEGER, offsetof(struct opts, fold), 1, 1e6, NULL },
	{ "head", 0, "HEAD", "linear, or mlp:N with N hidden units "
	    "(default: linear)", MC_STRING, offsetof(struct opts, head),
	    0, 0, NULL },
	NETWORK_INIT_SEED(struct opts, net),
	{ "keep", 0, NULL, "how finetune keeps images between epochs: decoded, "
	    "or as their files, which needs less room on the disk and more "
	    "time (default: pixels)", MC_CHOICE, offsetof(struct opts, keep),
	    0, 0, MC_WORDS("pixels", "files") },
	{ "log", 0, "FILE", "also write the training log to FILE", MC_OUTPUT,
	    offsetof(struct opts, log), 0, 0, NULL },
	{ "lr", 0, "X", "learning rate (default: 0.0001)", MC_REAL,
	    offsetof(struct opts, lr), 0, 1e38, NULL },
	{ "momentum", 0, "X", "momentum of sgd (default: 0.9)", MC_REAL,
	    offsetof(struct opts, momentum), 0, 1, NULL },
	{ "optimizer", 0, NULL, "optimizer (default: adam)", MC_CHOICE,
	    offsetof(struct opts, optimizer), 0, 0, mc_optim_names },
	{ "regime", 0, NULL, "train only the head, or the whole network",
	    MC_CHOICE, offsetof(struct opts, regime), 0, 0, mc_regime_names },
	NETWORK_RESIZE(struct opts, net),
	{ "seed", 0, "N", "seed of the head, the order of the images and "
	    "dropout (default: 1)", MC_INTEGER, offsetof(struct opts, seed),
	    0, 9e15, NULL },
	{ "select", 0, NULL, "keep the epoch with the highest validation "
	    "accuracy, the lowest loss, or the last (default: accuracy; last "
	    "with --fold and no --val-fold)",
	    MC_CHOICE, offsetof(struct opts, select), 0, 0, mc_select_names },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct opts, skip_bad), 0, 0, NULL },
	{ "task", 0, "NAME", "name of the task in the results", MC_STRING,
	    offsetof(struct opts, task), 0, 0, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct opts, threads), 1, 1024, NULL },
	{ "timing", 0, "FILE", "write the seconds of each stage to FILE",
	    MC_OUTPUT, offsetof(struct opts, timing), 0, 0, NULL },
	{ "val-fold", 0, "N", "with --fold: validate on fold N, train on the "
	    "other folds", MC_INTEGER,
	    offsetof(struct opts, val_fold), 1, 1e6, NULL },
	{ "weight-decay", 0, "X", "weight decay (default: 0; adamw: 0.01)",
	    MC_REAL, offsetof(struct opts, weight_decay), 0, 1e6, NULL },
	NETWORK_WEIGHTS(struct opts, net),
	{ 0 }
};

static const struct mc_prog prog = {
	"mc-train", "--regime REGIME [--backbone NAME] [OPTION]... [IMAGES]...",
	"Train a classifier on a backbone's features, or fine-tune them.",
	options, true
};

/* What a run writes. */
struct outputs {
	struct mc_out *model, *log, *timing;	/* NULL: not asked for */
};

/* All that a run holds. */
struct job {
	const struct opts *o;
	bool finetune;
	struct mc_images *images;
	struct mc_preprocess pre;
	struct mc_backbone *backbone;	/* NULL: IMAGES are features */
	struct mc_dataset data;
	struct mc_training training;
	struct mc_checkpoint *checkpoint;	/* to go on from, or NULL */
	struct mc_best kept;
	struct mc_keyvalue *about;	/* what the model records */
	struct mc_buf log, timing, identity;
	struct mc_meter meter;
	double last;			/* when the last stage ended */
};

/* Note that the stage WHAT, which ran since the last, has ended. */
static void
end_stage(struct job *job, const char *what)
{
	double now = mc_seconds();

	if (job->timing.len == 0)
		mc_buf_puts(&job->timing, "stage\tseconds\n");
	mc_buf_printf(&job->timing, "%s\t%.3f\n", what, now - job->last);
	job->last = now;
}

/* --- Training -------------------------------------------------------------- */

static void
on_start(int64_t epoch, const struct mc_walk *train, void *arg)
{
	struct job *job = arg;

	mc_meter_start(&job->meter, epoch, train);
	if (job->checkpoint != NULL)
		tool_warn("going on from %s: epoch %lld, image %zu",
		    job->o->checkpoint, (long long)epoch, train->n);
}

static void
on_step(int64_t epoch, const struct mc_walk *train, void *arg)
{
	const struct job *job = arg;

	mc_meter_step(&job->meter, epoch, train);
}

static void
on_epoch(const struct mc_walk *train, const struct mc_best *val, void *arg)
{
	struct job *job = arg;
	char what[32];

	snprintf(what, sizeof(what), "epoch %lld", (long long)val->epoch);
	end_stage(job, what);
	mc_meter_epoch(&job->meter, train, val);
}

static enum mc_ask
asked(void *arg)
{
	(void)arg;
	switch (mc_caught()) {
	case SIGTERM:
		return MC_STOP;
	case SIGUSR1:
		return MC_SAVE;
	default:
		return MC_GO_ON;
	}
}

/* The record of the training in JOB. */
static struct mc_training_record
record(const struct job *job)
{
	const struct opts *o = job->o;

	return (struct mc_training_record){ job->about, &job->log, o->arm,
	    o->task, o->head, mc_images_manifest_sha256(job->images),
	    mc_images_about(job->images), o->fold, o->val_fold, o->threads };
}

static void
say(const char *line)
{
	tool_warn("%s", line);
}

/*
 * Run the training.  With --checkpoint, SIGTERM ends the program when the state
 * is written.
 */
static enum mc_status
run_training(struct job *job, struct mc_err *err)
{
	const struct mc_training_record r = record(job);
	struct mc_training *g = &job->training;
	enum mc_status status;

	job->meter = (struct mc_meter){ .epochs = g->epochs,
	    .n_train = g->data->n_train, .n_val = g->data->n_val,
	    .draw = tool_draws() ? tool_line : NULL, .say = say };
	mc_training_describe(g, &r, &job->identity);
	if (g->checkpoint != NULL)
		mc_catch();
	status = mc_train(g, &job->log, &job->kept, err);
	if (g->checkpoint != NULL)
		mc_uncatch();
	if (status == MC_OK)
		mc_remark_kept(g, &job->kept, say);
	return status;
}

static enum mc_status
train(struct job *job, struct mc_err *err)
{
	const struct opts *o = job->o;
	struct mc_training *g = &job->training;
	int64_t dim = job->finetune ? mc_backbone_features(job->backbone)->dim :
	    (int64_t)job->data.kept.dim;
	enum mc_status status;

	g->data = &job->data;
	g->backbone = job->finetune ? job->backbone : NULL;
	g->threads = (int)o->threads;
	g->ahead = network_ahead(g->t);
	g->batch = o->batch;
	g->epochs = o->epochs;
	g->seed = (uint64_t)o->seed;
	g->select = (enum mc_select)o->select;
	g->optim = (struct mc_optim_options){
	    (enum mc_optim_kind)o->optimizer, o->lr, o->weight_decay,
	    o->momentum };
	g->checkpoint = o->checkpoint;
	g->every = 60 * o->checkpoint_every;
	g->identity = &job->identity;
	g->resume = job->checkpoint;
	g->on_start = on_start;
	g->on_step = on_step;
	g->asked = asked;
	g->on_epoch = on_epoch;
	g->arg = job;
	tool_say("seed %lld", (long long)o->seed);
	status = mc_head_alloc(&g->head, g->t, o->head, dim,
	    (int64_t)job->data.n_classes, g->seed, err);
	return status != MC_OK ? status : run_training(job, err);
}

/* --- Writing --------------------------------------------------------------- */

static enum mc_status
write_model(const struct job *job, struct mc_out *out, struct mc_err *err)
{
	const struct mc_training_record r = record(job);

	return mc_training_save(&job->training, &r, job->kept.epoch,
	    mc_out_file(out), mc_out_name(out), err);
}

/* Open the checkpoint, and see whether it can be written. */
static enum mc_status
open_checkpoint(struct job *job, struct mc_err *err)
{
	const char *path = job->o->checkpoint;
	enum mc_status status = MC_OK;
	struct mc_out *out;

	if (path == NULL)
		return MC_OK;
	status = mc_out_open(&out, path, err);
	if (status != MC_OK)
		return status;
	if (mc_out_is_direct(out))
		status = mc_err_set(err, MC_EUSAGE,
		    "--checkpoint %s: not a regular file", path);
	mc_out_abandon(out);
	return status != MC_OK ? status :
	    mc_checkpoint_open(&job->checkpoint, path, err);
}

/* Open what is asked for, -o always. */
static enum mc_status
open_outputs(struct outputs *out, const struct opts *o, struct mc_err *err)
{
	enum mc_status status = mc_out_open(&out->model, o->common.output, err);

	if (status == MC_OK && o->log != NULL)
		status = mc_out_open(&out->log, o->log, err);
	if (status == MC_OK && o->timing != NULL)
		status = mc_out_open(&out->timing, o->timing, err);
	return status;
}

/* Write the texts, then put all in place, the model last. */
static enum mc_status
commit_outputs(struct outputs *out, const struct job *job, struct mc_err *err)
{
	struct mc_out *all[] = { out->log, out->timing, out->model };

	if (out->log != NULL)
		fwrite(job->log.data, 1, job->log.len, mc_out_file(out->log));
	if (out->timing != NULL)
		fwrite(job->timing.data, 1, job->timing.len,
		    mc_out_file(out->timing));
	memset(out, 0, sizeof(*out));
	return mc_out_commit_all(all, 3, err);
}

/* The model is in place: the checkpoint has done its work. */
static void
remove_checkpoint(const char *path)
{
	if (path != NULL && unlink(path) != 0)
		tool_warn("%s: cannot remove it: delete it before another "
		    "training", path);
}

/* --- The program ----------------------------------------------------------- */

static void
on_row(int64_t done, int64_t total, void *arg)
{
	const struct job *job = arg;

	tool_progress(job->finetune ? "decoded" : job->backbone != NULL ?
	    "embedded" : "read", done, total);
}

/* Open the images; of features, take what made them for what is not given. */
static enum mc_status
open_images(struct job *job, struct mc_err *err)
{
	const struct opts *o = job->o;
	enum mc_status status = mc_images_open_all(&job->images, o->images,
	    o->n_images, err);
	const char *name;

	if (status != MC_OK)
		return status;
	name = mc_images_name(job->images);
	if (mc_images_about(job->images) == NULL)
		return o->net.from.backbone != NULL ? mc_image_init(err) :
		    mc_err_set(err, MC_EUSAGE, "%s: has images: --backbone is "
		    "needed", name);
	if (job->finetune)
		return mc_err_set(err, MC_EUSAGE, "%s: has features, which "
		    "cannot be fine-tuned: give the image tar", name);
	status = mc_embedding_read(job->images, job->about, &job->pre, err);
	return status != MC_OK ? status :
	    network_agrees(&o->given, job->images, &job->pre, err);
}

/* Open the backbone, unless features are there already. */
static enum mc_status
open_backbone(struct job *job, struct mc_err *err)
{
	const struct opts *o = job->o;
	enum mc_status status = network_start(&job->training.t, o->device,
	    o->threads, (uint64_t)o->seed, err);

	if (status != MC_OK || mc_images_about(job->images) != NULL)
		return status;
	if (job->finetune && o->counted &&
	    !mc_torch_any_threads(job->training.t))
		tool_warn("fine-tuning on %lld threads; with this libtorch "
		    "another number gives another model: give --threads %lld "
		    "to get the same elsewhere",
		    (long long)o->threads, (long long)o->threads);
	tool_say("init seed %lld", (long long)o->net.from.init_seed);
	status = mc_pretrained_open(&job->backbone, job->training.t,
	    &o->net.from, job->about, err);
	end_stage(job, "load the backbone");
	return status;
}

/* Open all, and read the images. */
static enum mc_status
load(struct job *job, struct mc_err *err)
{
	const struct opts *o = job->o;
	struct mc_dataset_options d = { .preprocess = &job->pre,
	    .classes = o->classes, .fold = o->fold, .val_fold = o->val_fold,
	    .threads = (int)o->threads, .progress = on_row, .arg = job,
	    .bad = o->skip_bad ? network_bad_image : NULL };
	enum mc_status status = open_images(job, err);

	if (status == MC_OK)
		status = open_backbone(job, err);
	if (status != MC_OK)
		return status;
	d.t = job->training.t;
	d.ahead = network_ahead(d.t);
	d.keep = !job->finetune ? MC_KEEP_FEATURES :
	    o->keep == 0 ? MC_KEEP_PIXELS : MC_KEEP_ENCODED;
	d.backbone = job->finetune ? NULL : job->backbone;
	status = mc_dataset_read(&job->data, job->images, &d, err);
	end_stage(job, job->finetune ? "decode" : job->backbone != NULL ?
	    "embed" : "read");
	if (status == MC_OK && job->data.n_val == 0 &&
	    o->select != MC_SELECT_LAST)
		status = mc_err_set(err, MC_EDATA, "%s: no validation image to "
		    "select the epoch by: make some with mc-split, or give "
		    "--select last", mc_images_name(job->images));
	if (status == MC_OK)
		mc_remark_data(&job->data, o->fold, say);
	return status;
}

static void
end_job(struct job *job)
{
	mc_keyvalue_free(job->about);
	mc_dataset_clear(&job->data);
	mc_head_free(job->training.head);
	mc_backbone_free(job->backbone);
	mc_torch_free(job->training.t);
	mc_images_close(job->images);
	mc_buf_free(&job->log);
	mc_buf_free(&job->timing);
	mc_buf_free(&job->identity);
	mc_checkpoint_close(job->checkpoint);
}

static enum mc_status
run(const struct opts *o, const struct mc_preprocess *pre, struct mc_err *err)
{
	struct job job = { .o = o, .finetune = o->regime == MC_FINETUNE,
	    .pre = *pre, .about = mc_keyvalue_alloc(),
	    .last = mc_seconds() };
	struct outputs out = { 0 };
	enum mc_status status;

	job.training.preprocess = &job.pre;
	/* Before hours of work: can the results be written at all? */
	status = open_outputs(&out, o, err);
	if (status == MC_OK)
		status = open_checkpoint(&job, err);
	if (status == MC_OK)
		status = load(&job, err);
	if (status == MC_OK)
		status = train(&job, err);
	if (status == MC_OK)
		status = write_model(&job, out.model, err);
	if (status == MC_OK)
		status = commit_outputs(&out, &job, err);
	if (status == MC_OK)
		remove_checkpoint(o->checkpoint);
	mc_out_abandon(out.model);
	mc_out_abandon(out.log);
	mc_out_abandon(out.timing);
	end_job(&job);
	return status;
}

/* Whether S can stand in a table and on a terminal. */
static bool
is_name(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	while (*c >= ' ' && *c != 0x7F)
		c++;
	return *c == '\0' && mc_tsv_field_ok(s);
}

static void
check_args(struct opts *o, struct mc_preprocess *pre)
{
	struct mc_err err;

	o->given = o->net;
	/* Features say of which backbone they are. */
	if (o->regime != MC_FROZEN || o->net.from.backbone != NULL)
		network_check(&o->net, pre);
	network_reads_cache();
	if (o->regime == MC_NOT_GIVEN)
		tool_usage("--regime is needed: frozen or finetune");
	if (mc_head_check(o->head, &err) != MC_OK)
		tool_usage("--head: %s", err.text);
	if ((o->arm != NULL && (*o->arm == '\0' || !is_name(o->arm))) ||
	    !is_name(o->task))
		tool_usage("--arm, --task: names must be UTF-8 without control "
		    "bytes, and the arm not empty");
	if (o->checkpoint_every > 0 && o->checkpoint == NULL)
		tool_usage("--checkpoint-every needs --checkpoint");
	if (o->val_fold > 0 && o->fold == 0)
		tool_usage("--val-fold needs --fold");
	if (o->val_fold > 0 && o->val_fold == o->fold)
		tool_usage("--val-fold: fold %lld is left out by --fold",
		    (long long)o->fold);
	if (o->select == MC_NOT_GIVEN)
		o->select = o->fold > 0 && o->val_fold == 0 ?
		    MC_SELECT_LAST : MC_SELECT_ACCURACY;
	if (o->fold > 0 && o->val_fold == 0 && o->select != MC_SELECT_LAST)
		tool_usage("--select %s would choose the epoch on fold %lld, "
		    "which is to be predicted: choose it on another with "
		    "--val-fold, or give --select last",
		    mc_select_names[o->select], (long long)o->fold);
	if (o->threads == 0) {
		o->threads = mc_cpus();
		o->counted = true;
	}
	if (o->weight_decay < 0)
		o->weight_decay = o->optimizer == MC_ADAMW ? 0.01 : 0;
}

int
main(int argc, char **argv)
{
	struct opts o = { .net = NETWORK_DEFAULTS, .batch = 32, .epochs = 100,
	    .head = "linear", .lr = 1e-4, .momentum = 0.9,
	    .optimizer = MC_ADAM, .regime = MC_NOT_GIVEN, .seed = 1,
	    .select = MC_NOT_GIVEN, .task = "", .weight_decay = -1 };
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_preprocess pre = mc_preprocess_imagenet;
	struct mc_err err;

	check_args(&o, &pre);
	o.images = (const char *const *)argv + first;
	o.n_images = (size_t)(argc - first);
	return tool_end(run(&o, &pre, &err), &err);
}
