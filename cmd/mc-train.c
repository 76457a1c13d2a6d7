/* mc-train.c - from an image tar or a features tar to a model tar. */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/caught.h"
#include "base/out.h"
#include "base/usage.h"
#include "learn/experiment.h"
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
	bool nondeterministic, skip_bad;
	const char *const *images;	/* the operands */
	size_t n_images;
	bool counted;		/* threads are those of the machine */
};

static const struct mc_opt options[] = {
	{ "allow-nondeterministic", 0, NULL, "on a GPU, use the fastest "
	    "algorithms, even if each run gives another model", MC_FLAG,
	    offsetof(struct opts, nondeterministic), 0, 0, NULL },
	{ "arm", 0, "NAME", "name of this arm in the results "
	    "(default: backbone/regime)", MC_STRING,
	    offsetof(struct opts, arm), 0, 0, NULL },
	NETWORK_BACKBONE(struct opts, net),
	{ "batch", 0, "N", "number of images per step (default: 32)",
	    MC_INTEGER,
	    offsetof(struct opts, batch), 1, 65536, NULL },
	{ "checkpoint", 0, "FILE", "keep the state in FILE after each epoch, "
	    "on SIGTERM, SIGINT and SIGUSR1, and go on from it", MC_OUTPUT,
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
	NETWORK_PRECISION(struct opts, net),
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

/* --- Writing --------------------------------------------------------------- */

/* Open the checkpoint, and see whether it can be written. */
static enum mc_status
open_checkpoint(struct mc_checkpoint **checkpoint, const char *path,
    struct mc_err *err)
{
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
	    mc_checkpoint_open(checkpoint, path, err);
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

static void
write_text(struct mc_out *out, const struct mc_buf *text)
{
	if (out != NULL)
		fwrite(text->data, 1, text->len, mc_out_file(out));
}

/* Write all that E has made, then put all in place, the model last. */
static enum mc_status
write_outputs(struct outputs *out, const struct mc_experiment *e,
    struct mc_err *err)
{
	struct mc_out *all[] = { out->log, out->timing, out->model };
	enum mc_status status = mc_experiment_save(e, mc_out_file(out->model),
	    mc_out_name(out->model), err);

	if (status != MC_OK)
		return status;
	write_text(out->log, &e->log);
	write_text(out->timing, &e->timing);
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

/* --- The experiment -------------------------------------------------------- */

static void
say(const char *line)
{
	tool_warn("%s", line);
}

static enum mc_ask
asked(void *arg)
{
	(void)arg;
	switch (mc_caught()) {
	case SIGTERM:
	case SIGINT:
		return MC_STOP;
	case SIGUSR1:
		return MC_SAVE;
	default:
		return MC_GO_ON;
	}
}

/* The experiment that O asks for. */
static struct mc_experiment
make_experiment(const struct opts *o, const struct mc_preprocess *pre)
{
	struct mc_experiment e = {
		.arm = o->arm, .task = o->task, .head = o->head,
		.classes = o->classes, .regime = (enum mc_regime)o->regime,
		.from = o->net.from, .preprocess = *pre,
		.keep = o->keep == 1 ? MC_KEEP_ENCODED : MC_KEEP_PIXELS,
		.fold = o->fold, .val_fold = o->val_fold,
		.training = { .threads = (int)o->threads, .optim = {
		    (enum mc_optim_kind)o->optimizer, o->lr, o->weight_decay,
		    o->momentum }, .batch = o->batch, .epochs = o->epochs,
		    .select = (enum mc_select)o->select,
		    .seed = (uint64_t)o->seed, .checkpoint = o->checkpoint,
		    .every = 60 * o->checkpoint_every, .asked = asked },
		.say = say, .progress = tool_progress,
		.draw = tool_draws() ? tool_line : NULL,
		.bad = o->skip_bad ? network_bad_image : NULL
	};

	return e;
}

/* Open the images, then start libtorch. */
static enum mc_status
start(struct mc_experiment *e, const struct opts *o, struct mc_err *err)
{
	enum mc_status status = mc_experiment_open(e, o->images, o->n_images,
	    err);
	bool features = status == MC_OK && mc_images_about(e->images) != NULL;

	/* From here on, SIGTERM and SIGINT wait until the state is written. */
	if (o->checkpoint != NULL)
		mc_catch();
	if (features)
		status = network_agrees(&o->given, e->images, &e->preprocess,
		    err);
	if (status == MC_OK)
		status = network_start(&e->training.t, o->device, o->threads,
		    (uint64_t)o->seed, err);
	if (status != MC_OK)
		return status;
	if (o->nondeterministic)
		mc_torch_allow_nondeterministic(e->training.t);
	e->training.ahead = network_ahead(e->training.t);
	if (e->regime == MC_FINETUNE && o->counted &&
	    !mc_torch_any_threads(e->training.t))
		tool_warn("fine-tuning on %lld threads; with this libtorch "
		    "another number gives another model: give --threads %lld "
		    "to get the same elsewhere",
		    (long long)o->threads, (long long)o->threads);
	if (!features) {
		network_say_precision(e->training.t, o->net.from.precision);
		tool_say("init seed %lld", (long long)o->net.from.init_seed);
	}
	tool_say("seed %lld", (long long)o->seed);
	return MC_OK;
}

static enum mc_status
run(const struct opts *o, const struct mc_preprocess *pre, struct mc_err *err)
{
	struct mc_experiment e = make_experiment(o, pre);
	struct mc_checkpoint *checkpoint = NULL;
	struct outputs out = { 0 };
	enum mc_status status;
	struct mc_torch *t;

	/* Before hours of work: can the results be written at all? */
	status = open_outputs(&out, o, err);
	if (status == MC_OK)
		status = open_checkpoint(&checkpoint, o->checkpoint, err);
	e.training.resume = checkpoint;
	if (status == MC_OK)
		status = start(&e, o, err);
	if (status == MC_OK)
		status = mc_experiment_load(&e, err);
	if (status == MC_OK)
		status = mc_experiment_train(&e, err);
	/* If SIGTERM or SIGINT has come, it ends the program now. */
	mc_uncatch();
	if (status == MC_OK)
		status = write_outputs(&out, &e, err);
	if (status == MC_OK)
		remove_checkpoint(o->checkpoint);
	mc_out_abandon(out.model);
	mc_out_abandon(out.log);
	mc_out_abandon(out.timing);
	mc_checkpoint_close(checkpoint);
	t = e.training.t;
	mc_experiment_clear(&e);
	mc_torch_free(t);
	return status;
}

/* --- The program ----------------------------------------------------------- */

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
	if (o->regime == MC_FROZEN && o->keep != MC_NOT_GIVEN)
		tool_usage("--keep is for --regime finetune: a frozen "
		    "backbone's features are kept");
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
	    .head = "linear", .keep = MC_NOT_GIVEN, .lr = 1e-4, .momentum = 0.9,
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
