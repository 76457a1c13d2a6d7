/* train_options.c - read and check the options of mc-train. */
#include "config.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "backbone/torchscript.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/usage.h"
#include "learn/experiment.h"
#include "limit.h"
#include "operands.h"
#include "train_options.h"

const struct mc_opt train_options[] = {
	{ "C", 0, "LIST", "for --head logistic: inverse penalties to try, "
	    "separated by commas (default: 45 from 1e-6 to 1e5)", MC_STRING,
	    offsetof(struct train_opts, C), 0, 0, NULL },
	{ "accumulate", 0, "N", "add the gradients of N batches before each "
	    "step (default: 1)", MC_INTEGER,
	    offsetof(struct train_opts, recipe.accumulate), 1, 65536, NULL },
	EXCERPT_ALLOW_EXTRA(struct train_opts, net.from.excerpt),
	{ "allow-nondeterministic", 0, NULL, "on a GPU, use the fastest "
	    "algorithms, even if each run gives another model", MC_FLAG,
	    offsetof(struct train_opts, nondeterministic), 0, 0, NULL },
	OPERANDS_ALLOW_LEVELS(struct train_opts, allow_levels),
	{ "arm", 0, "NAME", "name of this arm in the results "
	    "(default: backbone/regime)", MC_STRING,
	    offsetof(struct train_opts, arm), 0, 0, NULL },
	{ "augment", 0, "LIST", "change the images of finetune at random: "
	    "crop:A-B, flip, vflip, rotate:X, trivial, jitter:X, erase:P, "
	    "separated by commas (default: none)", MC_STRING,
	    offsetof(struct train_opts, augment), 0, 0, NULL },
	{ "augment-preview", 0, "FILE", "with --augment: first write some "
	    "training images and what becomes of them to FILE, an image tar", MC_OUTPUT,
	    offsetof(struct train_opts, preview), 0, 0, NULL },
	NETWORK_BACKBONE(struct train_opts, net),
	{ "batch", 0, "N", "number of images per batch (default: 32)",
	    MC_INTEGER,
	    offsetof(struct train_opts, recipe.batch), 1, 65536, NULL },
	{ "checkpoint", 0, "FILE", "save the training in FILE after each "
	    "epoch and on SIGTERM, SIGINT and SIGUSR1; go on from it if it is "
	    "there", MC_OUTPUT,
	    offsetof(struct train_opts, checkpoint), 0, 0, NULL },
	{ "checkpoint-every", 0, "MINUTES", "with --checkpoint: also within an "
	    "epoch, every MINUTES", MC_REAL,
	    offsetof(struct train_opts, checkpoint_every), 0, 1e6, NULL },
	{ "class-weights", 0, "FILE", "weigh the loss of each class: inverse, "
	    "effective[:BETA], or a TSV of class and weight", MC_INPUT,
	    offsetof(struct train_opts, recipe.loss.class_weights), 0, 0,
	    MC_WORDS("inverse", "effective") },
	{ "classes", 0, "LIST", "classes and their order, separated by commas "
	    "(default: the labels in byte order)", MC_STRING,
	    offsetof(struct train_opts, classes), 0, 0, NULL },
	{ "clip", 0, "X", "scale a gradient whose norm is larger than X "
	    "down to X (default: 0: none)", MC_REAL,
	    offsetof(struct train_opts, recipe.clip),
	    0, 1e38, NULL },
	NETWORK_CROP(struct train_opts, net),
	{ "cutmix", 0, "ALPHA", "replace a box of each image of finetune by that of "
	    "another of its batch (default: 0, none)", MC_REAL,
	    offsetof(struct train_opts, recipe.mixing.cutmix), 0, 1000, NULL },
	{ "decay", 0, NULL, "let --weight-decay apply to all parameters, or to "
	    "weights alone: not to biases, norms and tokens (default: all)",
	    MC_CHOICE, offsetof(struct train_opts, decay), 0, 0,
	    MC_WORDS("all", "weights") },
	NETWORK_DEVICE(struct train_opts, device),
	{ "drop-path", 0, "P", "leave out residual branches of a ViT, "
	    "Swin or ConvNeXt in training, with a probability from 0 in the "
	    "first block to P in the last (default: torchvision's for its "
	    "Swin and ConvNeXt, else 0)", MC_REAL,
	    offsetof(struct train_opts, recipe.drop_path), 0, 1, NULL },
	{ "ema", 0, "DECAY", "validate and keep a moving average of the "
	    "parameters: DECAY times the average plus 1 - DECAY times the "
	    "new values at each step (default: 0, none)", MC_REAL,
	    offsetof(struct train_opts, recipe.ema), 0, 1, NULL },
	{ "epochs", 0, "N", "number of passes through the training images "
	    "(default: 100)",
	    MC_INTEGER, offsetof(struct train_opts, recipe.epochs), 1, 1e6,
	    NULL },
	NETWORK_FEATURES(struct train_opts, net),
	NETWORK_FILTER(struct train_opts, net),
	{ "focal", 0, "GAMMA", "weigh each image's loss by (1 - p)^GAMMA, "
	    "where p is the probability of its class (default: 0)", MC_REAL,
	    offsetof(struct train_opts, recipe.loss.focal), 0, 1000, NULL },
	{ "fold", 0, "N", "leave fold N out, to be predicted; train on the "
	    "other folds",
	    MC_INTEGER, offsetof(struct train_opts, fold), 1, 1e6, NULL },
	EXCERPT_FROM(struct train_opts, net.from.excerpt),
	{ "head", 0, "HEAD", "linear, mlp:N with N hidden units, logistic, or "
	    "knn (default: linear)", MC_STRING,
	    offsetof(struct train_opts, head), 0, 0, NULL },
	NETWORK_INIT_SEED(struct train_opts, net),
	{ "k", 0, "LIST", "for --head knn: numbers of neighbours to try, "
	    "separated by commas (default: 10,20,100,200)", MC_STRING,
	    offsetof(struct train_opts, k), 0, 0, NULL },
	{ "keep", 0, NULL, "how finetune keeps images between epochs: decoded, "
	    "or as their files, which needs less room on the disk and more "
	    "time (default: pixels)", MC_CHOICE,
	    offsetof(struct train_opts, keep), 0, 0,
	    MC_WORDS("pixels", "files") },
	{ "label-smoothing", 0, "X", "share X of each label among all classes "
	    "(default: 0)", MC_REAL,
	    offsetof(struct train_opts, recipe.loss.smoothing), 0, 1, NULL },
	{ "launch", 0, NULL, "with finetune: share the batches of each step among the "
	    "processes that mpirun has started (default: one process)",
	    MC_CHOICE, offsetof(struct train_opts, launch), 0, 0,
	    MC_WORDS("mpi") },
	{ "layer-decay", 0, "X", "multiply the learning rate of a block of a ViT, "
	    "Swin or ConvNeXt by X for each layer behind it (default: 1)", MC_REAL,
	    offsetof(struct train_opts, recipe.tuning.layer_decay), 0, 1,
	    NULL },
	{ "log", 0, "FILE", "also write the training log to FILE", MC_OUTPUT,
	    offsetof(struct train_opts, log), 0, 0, NULL },
	{ "lora", 0, "RANK", "fine-tune the head, and matrices of this rank "
	    "that are added to those of a ViT's attention; RANK:ALPHA scales "
	    "them by ALPHA / RANK (default: ALPHA is RANK)", MC_STRING,
	    offsetof(struct train_opts, lora), 0, 0, NULL },
	{ "lora-apart", 0, NULL, "store the matrices of --lora in the model, "
	    "without the backbone", MC_FLAG,
	    offsetof(struct train_opts, recipe.tuning.lora_apart), 0, 0,
	    NULL },
	{ "lr", 0, "LIST", "learning rate, or, for frozen, several to try, "
	    "separated by commas (default: 0.0001)", MC_STRING,
	    offsetof(struct train_opts, lr), 0, 0, NULL },
	OPERANDS_MANIFEST(struct train_opts, manifest),
	LIMIT_PIXELS(struct train_opts, max_pixels),
	NETWORK_MEAN(struct train_opts, net),
	{ "mixup", 0, "ALPHA", "mix each image of finetune with another of its "
	    "batch (default: 0, none)", MC_REAL,
	    offsetof(struct train_opts, recipe.mixing.mixup), 0, 1000, NULL },
	{ "momentum", 0, "X", "momentum of sgd (default: 0.9)", MC_REAL,
	    offsetof(struct train_opts, recipe.optim.momentum), 0, 1, NULL },
	{ "multilabel", 0, NULL, "labels hold several findings joined by |: "
	    "train one sigmoid per finding", MC_FLAG,
	    offsetof(struct train_opts, multilabel.on), 0, 0, NULL },
	{ "no-finding", 0, "NAME", "with --multilabel: the word in labels for "
	    "no finding (default: " MC_NO_FINDING ")", MC_STRING,
	    offsetof(struct train_opts, multilabel.no_finding), 0, 0, NULL },
	{ "optimizer", 0, NULL, "optimizer (default: adam)", MC_CHOICE,
	    offsetof(struct train_opts, optimizer), 0, 0, mc_optim_names },
	{ "patience", 0, "N", "end after N epochs without a better one (default: "
	    "never)", MC_INTEGER,
	    offsetof(struct train_opts, recipe.patience), 1, 1e6, NULL },
	NETWORK_PRECISION(struct train_opts, net),
	EXCERPT_PREFIX(struct train_opts, net.from.excerpt),
	{ "regime", 0, NULL, "train only the head, or the whole network",
	    MC_CHOICE, offsetof(struct train_opts, regime), 0, 0,
	    mc_regime_names },
	NETWORK_RESIZE(struct train_opts, net),
	{ "sample", 0, NULL, "which images an epoch has: each once, or as many "
	    "of each class (default: all)", MC_CHOICE,
	    offsetof(struct train_opts, sample), 0, 0,
	    MC_WORDS("all", "balanced") },
	{ "schedule", 0, "NAME", "learning rate over time: constant, cosine, "
	    "step[:EPOCHS[:FACTOR]] or one-cycle (default: constant)",
	    MC_STRING, offsetof(struct train_opts, schedule), 0, 0, NULL },
	{ "seed", 0, "N", "seed of the head, the order of the images, "
	    "augmentation and dropout (default: 1)", MC_INTEGER,
	    offsetof(struct train_opts, seed), 0, 9e15, NULL },
	{ "select", 0, "METRIC", "keep the epoch whose validation is best by a "
	    "metric of mc-bootstrap, or by loss, or the last (default: "
	    "accuracy; loss with --multilabel; last with --fold and no "
	    "--val-fold)", MC_STRING,
	    offsetof(struct train_opts, select), 0, 0, NULL },
	{ "share", 0, "X", "train on X percent of the training images: one "
	    "of the shares of mc-split --shares", MC_REAL,
	    offsetof(struct train_opts, share), DBL_MIN, 100, NULL },
	{ "skip-bad", 0, NULL, "leave out images that cannot be decoded",
	    MC_FLAG, offsetof(struct train_opts, skip_bad), 0, 0, NULL },
	NETWORK_STD(struct train_opts, net),
	{ "task", 0, "NAME", "name of the task in the results", MC_STRING,
	    offsetof(struct train_opts, task), 0, 0, NULL },
	{ "temperature", 0, "T", "for --head knn: weigh votes by "
	    "exp(similarity / T) (default: 0.07)", MC_REAL,
	    offsetof(struct train_opts, recipe.temperature), 1e-6, 1e6, NULL },
	{ "threads", 0, "N", "number of threads (default: all CPUs)",
	    MC_INTEGER, offsetof(struct train_opts, threads), 1, 1024, NULL },
	{ "timing", 0, "FILE", "write the seconds of each stage to FILE",
	    MC_OUTPUT, offsetof(struct train_opts, timing), 0, 0, NULL },
	{ "uncertain", 0, NULL, "with --multilabel: leave uncertain findings "
	    "out of the loss, or count them as absent or as present (default: "
	    "ignore)", MC_CHOICE, offsetof(struct train_opts, uncertain), 0, 0,
	    mc_uncertain_names },
	{ "unfreeze", 0, "N", "fine-tune only the last N blocks and what is "
	    "behind them (default: the whole network)", MC_INTEGER,
	    offsetof(struct train_opts, recipe.tuning.unfreeze), 1, 1000,
	    NULL },
	{ "val-fold", 0, "N", "with --fold: validate on fold N, train on the "
	    "other folds", MC_INTEGER,
	    offsetof(struct train_opts, val_fold), 1, 1e6, NULL },
	{ "warmup", 0, "EPOCHS", "let the learning rate grow to --lr in the "
	    "first EPOCHS (default: 0)", MC_REAL,
	    offsetof(struct train_opts, recipe.schedule.warmup), 0, 1e6,
	    NULL },
	{ "weight-decay", 0, "X", "weight decay (default: 0; adamw: 0.01)",
	    MC_REAL, offsetof(struct train_opts, recipe.optim.weight_decay),
	    0, 1e6, NULL },
	NETWORK_WEIGHTS(struct train_opts, net),
	{ 0 }
};

static void
check_schedule(struct train_opts *o)
{
	struct mc_schedule *s = &o->recipe.schedule;
	struct mc_err err;

	if (mc_schedule_parse(s, o->schedule, &err) != MC_OK)
		tool_usage("--schedule: %s", err.text);
	if (s->kind == MC_ONE_CYCLE && s->warmup > 0)
		tool_usage("--warmup: the schedule one-cycle has its own");
	if (s->warmup >= (double)o->recipe.epochs)
		tool_usage("--warmup %g: must be less than --epochs %lld",
		    s->warmup, (long long)o->recipe.epochs);
}

static void
check_loss(const struct mc_loss_options *l)
{
	if (l->smoothing >= 1)
		tool_usage("--label-smoothing %g: must be less than 1",
		    l->smoothing);
}

/* Whether the last epoch is asked for. */
static bool
asks_last(const struct train_opts *o)
{
	return o->select != NULL && strcmp(o->select, "last") == 0;
}

/* Which epoch, or which value tried, is kept. */
static void
check_select(struct train_opts *o)
{
	bool unseen = o->fold > 0 && o->val_fold == 0;
	struct mc_recipe *r = &o->recipe;
	struct mc_err err;

	if (o->select == NULL)
		o->select = unseen || (r->fit != MC_FIT_STEPS &&
		    r->tried.n == 1) ? "last" :
		    o->multilabel.on ? "loss" : "accuracy";
	if (mc_criterion_parse(&r->select, o->select,
	    (struct mc_criterion_classes){ .ordered = o->classes != NULL,
	    .findings = o->multilabel.on }, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (unseen && !asks_last(o))
		tool_usage("--select %s would choose the epoch on fold %lld, "
		    "which is to be predicted: choose it on another with "
		    "--val-fold, or give --select last", o->select,
		    (long long)o->fold);
	if (r->patience > 0 && asks_last(o))
		tool_usage("--patience: with --select last no epoch is "
		    "better than another");
}

/* How it is trained. */
static void
check_recipe(struct train_opts *o)
{
	struct mc_recipe *r = &o->recipe;
	double largest = r->tried.n > 0 ? r->tried.value[r->tried.n - 1] :
	    r->optim.rate;

	check_select(o);
	r->seed = (uint64_t)o->seed;
	r->optim.kind = (enum mc_optim_kind)o->optimizer;
	if (r->optim.kind != MC_SGD && r->optim.momentum >= 0)
		tool_usage("--momentum is for --optimizer sgd");
	if (r->optim.momentum < 0)
		r->optim.momentum = 0.9;
	if (r->optim.weight_decay < 0)
		r->optim.weight_decay = r->optim.kind == MC_ADAMW ? 0.01 : 0;
	r->balanced = o->sample == 1;
	if (o->regime == MC_FROZEN && mc_mixing_any(&r->mixing))
		tool_usage("--mixup and --cutmix are for --regime finetune: a "
		    "frozen backbone's features are computed once");
	if (r->ema >= 1)
		tool_usage("--ema %g: must be less than 1", r->ema);
	r->tuning.decay_weights = o->decay == 1;
	if (r->tuning.decay_weights && r->optim.weight_decay == 0)
		tool_usage("--decay weights needs a --weight-decay above 0");
	/* A first step of Adam is ten times as long, as a float. */
	if (r->optim.kind != MC_SGD && largest > 1e37)
		tool_usage("--lr %g: must be at most 1e+37", largest);
	check_schedule(o);
	check_loss(&r->loss);
}

static void
check_augment(struct train_opts *o)
{
	struct mc_err err;

	if (o->augment == NULL && o->preview != NULL)
		tool_usage("--augment-preview needs --augment");
	if (o->augment == NULL)
		return;
	if (o->regime == MC_FROZEN)
		tool_usage("--augment is for --regime finetune: a frozen "
		    "backbone's features are computed once");
	if (mc_augment_parse(&o->recipe.augment, o->augment, &err) != MC_OK)
		tool_usage("--augment: %s", err.text);
}

/* Set the rank and the alpha of LoRA. */
static void
check_lora(struct train_opts *o)
{
	struct mc_tuning *how = &o->recipe.tuning;
	const char *colon;
	struct mc_err err;
	char *rank;
	bool ok;

	if (o->lora == NULL && how->lora_apart)
		tool_usage("--lora-apart needs --lora");
	if (o->lora == NULL)
		return;
	if (how->unfreeze > 0 || how->layer_decay != 1)
		tool_usage("--%s: --lora trains no block itself: give one of "
		    "them", how->unfreeze > 0 ? "unfreeze" : "layer-decay");
	colon = strchr(o->lora, ':');
	rank = mc_xstrndup(o->lora, strcspn(o->lora, ":"));
	ok = mc_parse_i64(rank, 1, 1024, &how->lora_rank, &err) == MC_OK;
	free(rank);
	how->lora_alpha = (double)how->lora_rank;
	if (ok && colon != NULL)
		ok = mc_parse_f64(colon + 1, 0, 1e6, &how->lora_alpha, &err) ==
		    MC_OK && how->lora_alpha > 0;
	if (!ok)
		tool_usage("--lora: \"%s\" is not RANK or RANK:ALPHA (RANK from "
		    "1 to 1024, ALPHA above 0)", o->lora);
}

/* Which of the network is trained, and how its parts differ. */
static void
check_tuning(const struct train_opts *o)
{
	const struct mc_tuning *how = &o->recipe.tuning;
	/*
	 * Each option, whether it is given, and whether it is for ViTs alone or
	 * for networks of residual blocks.
	 */
	const struct {
		const char *name;
		bool given, vit, residual;
	} all[] = {
		{ "drop-path", o->recipe.drop_path != MC_NOT_GIVEN, false,
		    true },
		{ "layer-decay", how->layer_decay != 1, false, true },
		{ "lora", o->lora != NULL, true, false },
		{ "unfreeze", how->unfreeze > 0, false, false },
	};
	const char *backbone = o->net.from.backbone;
	const struct mc_backbone_info *info;
	struct mc_err err;
	size_t i;

	if (o->recipe.drop_path == 1)
		tool_usage("--drop-path 1: must be less than 1");
	if (how->layer_decay == 0)
		tool_usage("--layer-decay 0: must be above 0");
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!all[i].given)
			continue;
		if (o->regime == MC_FROZEN)
			tool_usage("--%s is for --regime finetune: a frozen "
			    "backbone does not change", all[i].name);
		if (mc_torchscript_names(backbone))
			tool_usage("--%s: what the blocks of the TorchScript "
			    "module %s are is not known: leave the option out",
			    all[i].name, backbone);
		info = mc_backbone_find(backbone, &err);
		if (info == NULL)
			continue;
		if (all[i].vit && !info->family->transformer)
			tool_usage("--%s is for ViTs, such as dinov2_vits14: "
			    "%s is not one", all[i].name, backbone);
		if (all[i].residual && !info->family->residual)
			tool_usage("--%s is for ViTs, Swin and ConvNeXt, such "
			    "as dinov2_vits14: %s is none of them",
			    all[i].name, backbone);
	}
}

/* The learning rates of --lr, of which one is the recipe's. */
static void
check_rates(struct train_opts *o)
{
	struct mc_recipe *r = &o->recipe;
	struct mc_err err;

	if (o->lr == NULL)
		return;
	if (mc_grid_parse(&r->tried, o->lr, 0, 1e38, &err) != MC_OK)
		tool_usage("--lr: %s", err.text);
	r->optim.rate = r->tried.value[0];
	if (r->tried.n == 1)
		return;
	if (o->regime != MC_FROZEN)
		tool_usage("--lr: several learning rates are for --regime "
		    "frozen");
	if (o->checkpoint != NULL)
		tool_usage("--checkpoint is for one learning rate: give one "
		    "with --lr");
	if (asks_last(o))
		tool_usage("--select last does not choose among learning "
		    "rates: give one with --lr");
	if (o->fold > 0 && o->val_fold == 0)
		tool_usage("--fold %lld is to be predicted: choose the "
		    "learning rate on another fold with --val-fold, or give "
		    "one with --lr", (long long)o->fold);
}

/* The options for heads that are not fitted by steps; all others are refused. */
static const char *const probe_options[] = {
	"C", "allow-extra", "allow-nondeterministic", "allow-other-levels",
	"arm", "backbone", "classes", "crop", "device", "features", "filter",
	"fold", "from", "head", "init-seed", "k", "log", "manifest", "mean",
	"precision", "prefix", "regime", "resize", "seed", "select", "share", "skip-bad",
	"std", "task", "temperature", "threads", "timing", "val-fold",
	"weights", NULL
};

/* The values that --head logistic or knn tries. */
static void
set_tried(struct train_opts *o)
{
	struct mc_recipe *r = &o->recipe;
	bool knn = r->fit == MC_FIT_KNN;
	const char *list = knn ? o->k : o->C;
	struct mc_err err;

	if (r->temperature == 0)
		r->temperature = MC_KNN_TEMPERATURE;
	if (list == NULL && knn)
		mc_grid_knn(&r->tried);
	else if (list == NULL)
		mc_grid_logistic(&r->tried);
	else if (mc_grid_parse(&r->tried, list, knn ? 1 : DBL_MIN,
	    knn ? 1e6 : 1e15, &err) != MC_OK || (knn &&
	    mc_grid_check_whole(&r->tried, &err) != MC_OK))
		tool_usage("--%s: %s", mc_recipe_parameter(r), err.text);
}

/* What a head that is not fitted by steps tries, and the options it takes. */
static void
check_probe(struct train_opts *o)
{
	struct mc_recipe *r = &o->recipe;
	const char *what;
	size_t i;

	r->fit = mc_head_fit(o->head);
	if (o->C != NULL && r->fit != MC_FIT_LOGISTIC)
		tool_usage("--C is for --head logistic");
	if (r->fit != MC_FIT_KNN && (o->k != NULL || r->temperature > 0))
		tool_usage("--%s is for --head knn", o->k != NULL ? "k" :
		    "temperature");
	if (r->fit == MC_FIT_STEPS)
		return;
	what = mc_recipe_parameter(r);
	if (o->regime != MC_FROZEN)
		tool_usage("--head %s is for --regime frozen", o->head);
	for (i = 0; train_options[i].name != NULL; i++) {
		if (mc_opt_given(&o->common, i) && mc_opt_choice(probe_options,
		    train_options[i].name) == MC_NOT_GIVEN)
			tool_usage("--%s is not for --head %s, which is not "
			    "trained by steps", train_options[i].name,
			    o->head);
	}
	set_tried(o);
	if (r->tried.n > 1 && asks_last(o))
		tool_usage("--select last needs one value of %s: give --%s",
		    what, what);
	if (o->fold > 0 && o->val_fold == 0 && r->tried.n > 1)
		tool_usage("--fold %lld is to be predicted: choose %s on "
		    "another fold with --val-fold, or give one value with --%s",
		    (long long)o->fold, what, what);
}

/* Labels of several findings. */
static void
check_findings(struct train_opts *o)
{
	struct mc_multilabel *m = &o->multilabel;
	struct mc_err err;

	if (!m->on && m->no_finding != NULL)
		tool_usage("--no-finding needs --multilabel");
	if (!m->on && o->uncertain != MC_NOT_GIVEN)
		tool_usage("--uncertain needs --multilabel");
	if (m->on && mc_head_fit(o->head) != MC_FIT_STEPS)
		tool_usage("--head %s is for one class per image: with "
		    "--multilabel give linear or mlp:N", o->head);
	if (m->on && o->sample == 1)
		tool_usage("--sample balanced is for one class per image: "
		    "with --multilabel give --class-weights inverse");
	if (m->no_finding != NULL &&
	    mc_findings_check_none(m->no_finding, &err) != MC_OK)
		tool_usage("%s", err.text);
	if (o->uncertain != MC_NOT_GIVEN)
		m->uncertain = (enum mc_uncertain)o->uncertain;
}

/* What the model is called, and which folds it sees. */
static void
check_names(const struct train_opts *o)
{
	if ((o->arm != NULL && (*o->arm == '\0' || !network_is_name(o->arm))) ||
	    !network_is_name(o->task))
		tool_usage("--arm, --task: names must be UTF-8 without control "
		    "bytes, and the arm not empty");
	if (o->val_fold > 0 && o->fold == 0)
		tool_usage("--val-fold needs --fold");
	if (o->val_fold > 0 && o->val_fold == o->fold)
		tool_usage("--val-fold: fold %lld is left out by --fold",
		    (long long)o->fold);
}

/* What several processes can do together. */
static void
check_launch(const struct train_opts *o)
{
	if (o->launch == MC_NOT_GIVEN)
		return;
	if (o->regime == MC_FROZEN)
		tool_usage("--launch is for --regime finetune: a frozen "
		    "backbone's features are computed once");
	if (o->device != NULL && strcmp(o->device, "cpu") != 0)
		tool_usage("--launch mpi is for the CPU: leave --device out");
	if (o->threads == 0)
		tool_usage("--launch mpi needs --threads, the number of "
		    "threads of each process");
	if (o->common.output == NULL || strcmp(o->common.output, "-") == 0)
		tool_usage("--launch mpi needs --output FILE: what mpirun "
		    "passes on is not for archives");
}

void
train_check_ranks(const struct train_opts *o, int ranks)
{
	if (o->launch != MC_NOT_GIVEN &&
	    (operands_standard_input(o->images, o->n_images) ||
	    (o->manifest != NULL && strcmp(o->manifest, "-") == 0)))
		tool_usage("--launch mpi: every process reads the images: "
		    "give them as files, not on standard input");
	if (o->recipe.accumulate < ranks)
		tool_usage("--accumulate %lld: %d processes share the batches of "
		    "a step: give --accumulate %d or a multiple of it, and a "
		    "smaller --batch", (long long)o->recipe.accumulate, ranks,
		    ranks);
}

void
train_check(struct train_opts *o, struct mc_preprocess *pre)
{
	struct mc_err err;

	if (o->regime == MC_NOT_GIVEN)
		tool_usage("--regime is needed: frozen or finetune");
	o->given = o->net;
	if (o->regime == MC_FINETUNE && o->net.from.backbone == NULL)
		tool_usage("--regime finetune needs --backbone and an image "
		    "tar: features cannot be fine-tuned");
	/* Features say of which backbone they are. */
	if (o->regime != MC_FROZEN || o->net.from.backbone != NULL)
		network_check(&o->net, pre);
	network_reads_weights(o->net.from.weights);
	if (o->regime == MC_FROZEN && o->keep != MC_NOT_GIVEN)
		tool_usage("--keep is for --regime finetune: a frozen "
		    "backbone's features are kept");
	check_augment(o);
	check_tuning(o);
	check_lora(o);
	if (mc_head_check(o->head, &err) != MC_OK)
		tool_usage("--head: %s", err.text);
	check_names(o);
	check_findings(o);
	if (o->checkpoint_every > 0 && o->checkpoint == NULL)
		tool_usage("--checkpoint-every needs --checkpoint");
	if (mc_head_fit(o->head) == MC_FIT_STEPS)
		check_rates(o);
	check_probe(o);
	check_recipe(o);
	check_launch(o);
	if (o->threads == 0) {
		o->threads = mc_cpus();
		o->counted = true;
	}
}
