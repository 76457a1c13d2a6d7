/* mc-train.c - from an image tar or a features tar to a model tar. */
#include "config.h"

#include <sys/stat.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/caught.h"
#include "base/out.h"
#include "base/usage.h"
#include "base/limits.h"
#include "learn/experiment.h"
#include "operands.h"
#include "train_options.h"

static const struct mc_prog prog = {
	"mc-train", "--regime REGIME [--backbone NAME] [OPTION]... [IMAGES]...",
	"Train a classifier on a backbone's features, or fine-tune them.",
	train_options, true
};

/* What a run writes. */
struct outputs {
	/* NULL: not asked for */
	struct mc_out *model, *log, *preview, *timing;
};

/* The processes that train together; NULL: this one alone. */
static struct mc_ranks *ranks;

/* --- Several processes ----------------------------------------------------- */

static void
leave_ranks(void)
{
	mc_ranks_leave(ranks);
	ranks = NULL;
}

/* The program ends before the ranks have done so together: tell the others. */
static void
desert_ranks(void)
{
	struct mc_err err;

	mc_err_set(&err, MC_EUSAGE, "it ends before the training: run the "
	    "command there without --launch to see why");
	if (ranks != NULL &&
	    mc_ranks_agree(ranks, MC_EUSAGE, NULL, &err) != MC_OK)
		leave_ranks();
}

/* Join the other processes, of which rank 0 speaks for all. */
static void
join_ranks(const struct train_opts *o)
{
	struct mc_err err;

	if (o->launch == MC_NOT_GIVEN)
		return;
	if (mc_ranks_join(&ranks, &err) != MC_OK)
		exit(tool_end(err.status, &err));
	atexit(desert_ranks);
	if (mc_ranks_own(ranks) > 0)
		tool_mute();
	if (mc_ranks_count(ranks) == 1)
		tool_warn("--launch mpi: one process: mpirun -n N %s starts N "
		    "of them", prog.name);
}

/* See whether all ranks go on. */
static enum mc_status
together(enum mc_status status, struct mc_err *err)
{
	return mc_ranks_agree(ranks, status, NULL, err);
}

/* Rank 0 writes. */
static bool
is_writer(void)
{
	return mc_ranks_own(ranks) == 0;
}

/* --- Writing --------------------------------------------------------------- */

/* Open the checkpoint, and see whether it can be written. */
static enum mc_status
open_checkpoint(struct mc_checkpoint **checkpoint, const char *path,
    struct mc_err *err)
{
	enum mc_status status;
	struct mc_out *out;
	struct stat st;

	if (path == NULL)
		return MC_OK;
	/* First: to open a FIFO would wait for a reader. */
	if (strcmp(path, "-") == 0 ||
	    (stat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		return mc_err_set(err, MC_EUSAGE,
		    "--checkpoint %s: not a regular file", path);
	status = mc_out_open(&out, path, err);
	if (status != MC_OK)
		return status;
	mc_out_abandon(out);
	return mc_checkpoint_open(checkpoint, path, err);
}

/* Open what is asked for, -o always. */
static enum mc_status
open_outputs(struct outputs *out, const struct train_opts *o,
    struct mc_err *err)
{
	enum mc_status status = MC_OK;

	if (!is_writer())
		return MC_OK;
	status = mc_out_open(&out->model, o->common.output, err);
	if (status == MC_OK && o->log != NULL)
		status = mc_out_open(&out->log, o->log, err);
	if (status == MC_OK && o->preview != NULL)
		status = mc_out_open(&out->preview, o->preview, err);
	if (status == MC_OK && o->timing != NULL)
		status = mc_out_open(&out->timing, o->timing, err);
	return status;
}

static enum mc_status
write_text(struct mc_out *out, const struct mc_buf *text, struct mc_err *err)
{
	if (out != NULL && fwrite(text->data, 1, text->len,
	    mc_out_file(out)) != text->len)
		return mc_err_errno(err, "%s", mc_out_name(out));
	return MC_OK;
}

/* Write what augmentation does, at once: it can be looked at meanwhile. */
static enum mc_status
write_preview(struct outputs *out, const struct mc_experiment *e,
    struct mc_err *err)
{
	struct mc_out *preview = out->preview;
	enum mc_status status;

	if (preview == NULL)
		return MC_OK;
	status = mc_experiment_preview(e, mc_out_file(preview),
	    mc_out_name(preview), err);
	if (status != MC_OK)
		return status;
	out->preview = NULL;
	return mc_out_commit(preview, err);
}

/* Write all that E has made, then put all in place, the model last. */
static enum mc_status
write_outputs(struct outputs *out, const struct mc_experiment *e,
    struct mc_err *err)
{
	struct mc_out *all[] = { out->log, out->timing, out->model };
	enum mc_status status;

	if (!is_writer())
		return MC_OK;
	status = mc_experiment_save(e, mc_out_file(out->model),
	    mc_out_name(out->model), err);

	if (status == MC_OK)
		status = write_text(out->log, &e->log, err);
	if (status == MC_OK)
		status = write_text(out->timing, &e->timing, err);
	if (status != MC_OK)
		return status;
	memset(out, 0, sizeof(*out));
	return mc_out_commit_all(all, 3, err);
}

/* The model is in place: the checkpoint has done its work. */
static void
remove_checkpoint(const char *path)
{
	if (path != NULL && is_writer() && unlink(path) != 0)
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
make_experiment(const struct train_opts *o, const struct mc_preprocess *pre)
{
	struct mc_experiment e = {
		.arm = o->arm, .task = o->task, .head = o->head,
		.manifest = o->manifest,
		.classes = o->classes, .multilabel = o->multilabel,
		.regime = (enum mc_regime)o->regime,
		.from = o->net.from, .preprocess = *pre,
		.keep = o->keep == 1 ? MC_KEEP_ENCODED : MC_KEEP_PIXELS,
		.fold = o->fold, .val_fold = o->val_fold,
		.share = o->share,
		.training = { .threads = (int)o->threads,
		    .ranks = mc_ranks_count(ranks) > 1 ? ranks : NULL,
		    .recipe = o->recipe, .checkpoint = o->checkpoint,
		    .every = 60 * o->checkpoint_every, .asked = asked },
		.say = say, .progress = tool_progress,
		.draw = tool_draws() ? tool_line : NULL,
		.bad = o->skip_bad ? network_bad_image : NULL
	};

	return e;
}

/* Whether another number of threads may give E another model. */
static bool
depends_on_threads(const struct mc_experiment *e)
{
	const struct mc_torch *t = e->training.t;

	return !mc_torch_any_threads(t) || (e->from.torchscript &&
	    strcmp(mc_torch_device(t), "cpu") == 0);
}

/* Open the images, then start libtorch. */
static enum mc_status
start(struct mc_experiment *e, const struct train_opts *o, struct mc_err *err)
{
	enum mc_status status = mc_experiment_open(e, o->images, o->n_images,
	    err);
	bool features = status == MC_OK && mc_images_about(e->images) != NULL;

	if (status == MC_OK && o->allow_levels)
		mc_images_mix(e->images);
	/* From here on, SIGTERM and SIGINT wait until the state is written. */
	if (o->checkpoint != NULL)
		mc_catch_stop();
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
	if (e->regime == MC_FINETUNE && o->counted && depends_on_threads(e))
		tool_warn("fine-tuning on %lld threads; with this %s "
		    "another number gives another model: give --threads %lld "
		    "to get the same elsewhere", (long long)o->threads,
		    e->from.torchscript ? "TorchScript module" : "libtorch",
		    (long long)o->threads);
	if (!features) {
		network_say_precision(e->training.t, o->net.from.precision);
		tool_say("init seed %lld", (long long)o->net.from.init_seed);
	}
	tool_say("seed %lld", (long long)o->seed);
	return MC_OK;
}

static enum mc_status
run(const struct train_opts *o, const struct mc_preprocess *pre,
    struct mc_err *err)
{
	struct mc_experiment e = make_experiment(o, pre);
	struct mc_checkpoint *checkpoint = NULL;
	struct outputs out = { 0 };
	enum mc_status status;
	struct mc_torch *t;

	if (o->checkpoint != NULL)
		mc_catch_save();
	/* Before hours of work: can all be read and written? */
	status = mc_loss_check(o->recipe.loss.class_weights, err);
	if (status == MC_OK)
		status = open_outputs(&out, o, err);
	if (status == MC_OK)
		status = open_checkpoint(&checkpoint, o->checkpoint, err);
	e.training.resume = checkpoint;
	if (status == MC_OK)
		status = start(&e, o, err);
	if (status == MC_OK)
		status = mc_experiment_load(&e, err);
	status = together(status, err);
	if (status == MC_OK) {
		operands_warn_missing(e.images);
		tool_say("groups (patients): training on %lld, validating on "
		    "%lld", (long long)e.data.n_units_train,
		    (long long)e.data.n_units_validate);
	}
	if (status == MC_OK)
		status = write_preview(&out, &e, err);
	if (status == MC_OK)
		status = mc_experiment_train(&e, err);
	/* All were asked to stop: each ends by itself. */
	if (status == MC_END)
		leave_ranks();
	/* If SIGTERM or SIGINT has come, it ends the program now. */
	mc_uncatch_stop();
	if (status == MC_OK)
		status = write_outputs(&out, &e, err);
	status = together(status, err);
	if (status == MC_OK)
		remove_checkpoint(o->checkpoint);
	mc_out_abandon(out.model);
	mc_out_abandon(out.log);
	mc_out_abandon(out.preview);
	mc_out_abandon(out.timing);
	mc_checkpoint_close(checkpoint);
	t = e.training.t;
	mc_experiment_clear(&e);
	mc_torch_free(t);
	return status;
}

/* --- The program ----------------------------------------------------------- */

int
main(int argc, char **argv)
{
	struct train_opts o = TRAIN_DEFAULTS;
	int first = tool_start(&prog, argc, argv, &o);
	struct mc_preprocess pre = mc_preprocess_imagenet;
	struct mc_err err;
	enum mc_status status;

	join_ranks(&o);
	mc_max_pixels_set(o.max_pixels);
	train_check(&o, &pre);
	o.n_images = (size_t)(argc - first);
	o.images = operands_tars(argv + first, &o.n_images);
	operands_check_manifest(o.manifest, o.images, o.n_images);
	tool_writes_archive(o.common.output);
	train_check_ranks(&o, mc_ranks_count(ranks));
	status = run(&o, &pre, &err);
	leave_ranks();
	return tool_end(status, &err);
}
